//! Opioids: a first fill of 7 days in 90, and 90 MME a day.

pub(crate) const TABLE: &str = "
# Oxycodone 5 mg is 7.5 MME: 4 a day are 30. 0.11777 x 28 = 3.30 + 1.50.
first | Ana | 01-05 | Harborview | oxycodone-APAP 5 | 28 | 7 | 0 | |
  -> paid | 4.80 | 4.80 | | 4.80 | | | tier 1; 30 MME a day is below the limit of 90
eight days | Ana | 01-05 | Harborview | oxycodone-APAP 5 | 32 | 8 | 0 | |
  -> reject | 925 | at most 7 days
# After it a month is possible: 85% of 7 days is 5.95, so from 01-11. 14.13 + 1.50.
second | Ana | 01-11 | Harborview | oxycodone-APAP 5 | 120 | 30 | 0 | | first
  -> paid | 15.63 | 10.00 | | 10.00
# The 90th day still remembers the first fill, the 91st does not: 01-05 + 90 = 04-05.
day 90 | Ana | 04-05 | Harborview | oxycodone-APAP 5 | 120 | 30 | 0 | | first
  -> paid | 15.63 | 10.00 | | 10.00
day 91 | Ana | 04-06 | Harborview | oxycodone-APAP 5 | 120 | 30 | 0 | | first -> reject | 925
# Any opioid is a first fill of opioids. 0.02408 x 60 = 1.44 + 1.50; 2 a day x 10 = 20 MME.
another | Ana | 01-20 | Harborview | tramadol 50 | 60 | 30 | 0 | | first
  -> paid | 2.94 | 2.94 | | 2.94
# Another person's is not. 0.02408 x 28 = 0.67 + 1.50.
husband 30 | Luis | 01-20 | Harborview | tramadol 50 | 60 | 30 | 0 | | first -> reject | 925
husband 7 | Luis | 01-20 | Harborview | tramadol 50 | 28 | 7 | 0 | | first
  -> paid | 2.17 | 2.17 | | 2.17

# Morphine 15 mg is 15 MME: 6 a day are 90, which needs an authorization; 41 in 7 days do not:
# 87.858. 0.23339 x 41 = 9.57 + 1.50.
ninety | Ana | 01-05 | Harborview | morphine 15 | 42 | 7 | 0 | | -> reject | 75 | 90 MME a day
below | Ana | 01-05 | Harborview | morphine 15 | 41 | 7 | 0 | | -> paid | 11.07 | 10.00 | | 10.00
# Oxycodone 10 mg is 15 MME: 4 a day are 60. 0.23315 x 28 = 6.53 + 1.50.
sixty | Ana | 01-05 | Harborview | oxycodone-APAP 10 | 28 | 7 | 0 | |
  -> paid | 8.03 | 8.03 | | 8.03
# Together with it 2 a day of morphine are 90, 13 in 7 days 87.858. 3.03 + 1.50.
together | Ana | 01-08 | Harborview | morphine 15 | 14 | 7 | 0 | | sixty -> reject | 75 | 90 MME
together less | Ana | 01-08 | Harborview | morphine 15 | 13 | 7 | 0 | | sixty
  -> paid | 4.53 | 4.53 | | 4.53
# The supply of 01-05 lasts through 01-11. 0.23339 x 14 = 3.27 + 1.50.
last day | Ana | 01-11 | Harborview | morphine 15 | 14 | 7 | 0 | | sixty -> reject | 75
used up | Ana | 01-12 | Harborview | morphine 15 | 14 | 7 | 0 | | sixty
  -> paid | 4.77 | 4.77 | | 4.77
# A refill follows the fill it refills; it does not stand beside it.
refill | Ana | 01-11 | Harborview | oxycodone-APAP 10 | 28 | 7 | 0 | | sixty
  -> paid | 8.03 | 8.03 | | 8.03 | | | 60 MME a day

# Tramadol has a boxed warning under 12: Mia is 12 on 06-30.
at 11 | Mia | 06-29 | Harborview | tramadol 50 | 28 | 7 | 0 | | -> reject | 60 | ages 12 to 120
at 12 | Mia | 06-30 | Harborview | tramadol 50 | 28 | 7 | 0 | | -> paid | 2.17 | 2.17 | | 2.17
";

#[test]
fn opioids_start_short_and_stay_low() {
    crate::play::check(TABLE);
}
