//! When a refill is possible: 75% of the supply used (85% of a controlled drug's), in Medicaid
//! 85% and 90%.

pub(crate) const TABLE: &str = "
# 75% of 30 days is 22.5, so after 23 days: 01-05 + 23 = 01-28.
first | Ana | 01-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | | -> paid | 2.06 | 2.06 | | 2.06
day 22 | Ana | 01-27 | Harborview | lisinopril 10 | 30 | 30 | 0 | rx=first fill=1 | first
  -> reject | 79 | refill possible on 2026-01-28; next fill 01-28
day 23 | Ana | 01-28 | Harborview | lisinopril 10 | 30 | 30 | 0 | rx=first fill=1 | first
  -> paid | 2.06 | 2.06 | | 2.06
# Neither another pharmacy, nor another prescription, nor another maker makes it another drug.
elsewhere | Ana | 01-27 | Pine Street | lisinopril 10 | 30 | 30 | 0 | | first
  -> reject | 79 | next fill 01-28
other maker | Ana | 01-27 | Harborview | lisinopril 10 (other maker) | 30 | 30 | 0 | | first
  -> reject | 79 | next fill 01-28
# Another strength is another drug, and another person another patient.
other strength | Ana | 01-06 | Harborview | lisinopril 20 | 30 | 30 | 0 | | first
  -> paid | 2.28 | 2.28 | | 2.28
other person | Luis | 01-06 | Harborview | lisinopril 10 | 30 | 30 | 0 | | first
  -> paid | 2.06 | 2.06 | | 2.06
# A brand and its generic are the same drug.
brand | Ana | 01-05 | Harborview | Norvasc 10 | 30 | 30 | 0 | |
  -> paid | 360.90 | 294.36 | 250.00 | | 44.36
its generic | Ana | 01-27 | Harborview | amlodipine 10 | 30 | 30 | 0 | | brand
  -> reject | 79 | next fill 01-28
# The last fill counts: 01-28 + 23 = 02-20.
third early | Ana | 02-19 | Harborview | lisinopril 10 | 30 | 30 | 0 | | day 23
  -> reject | 79 | next fill 02-20
third | Ana | 02-20 | Harborview | lisinopril 10 | 30 | 30 | 0 | | day 23
  -> paid | 2.06 | 2.06 | | 2.06
# 75% of 90 days is 67.5, so 01-05 + 68 = 03-14. 1.69 + 1.50.
ninety | Ana | 01-05 | Harborview | lisinopril 10 | 90 | 90 | 0 | |
  -> paid | 3.19 | 3.19 | | 3.19
ninety early | Ana | 03-13 | Harborview | lisinopril 10 | 90 | 90 | 0 | | ninety
  -> reject | 79 | next fill 03-14
ninety in time | Ana | 03-14 | Harborview | lisinopril 10 | 90 | 90 | 0 | | ninety
  -> paid | 3.19 | 3.19 | | 3.19
# A fill that was taken back is no fill.
taken back | reverse first | first -> reversed
after reversal | Ana | 01-06 | Harborview | lisinopril 10 | 30 | 30 | 0 | | taken back
  -> paid | 2.06 | 2.06 | | 2.06
# Nor is the order in which claims come in: the supply of 01-02 would last beyond 01-05.
back dated | Ana | 01-02 | Harborview | lisinopril 10 | 30 | 30 | 0 | received=01-06 | first
  -> reject | 79

# Controlled: 85% of 30 days is 25.5, so 01-05 + 26 = 01-31. 0.02280 x 60 = 1.37 + 1.50.
controlled | Ana | 01-05 | Harborview | alprazolam 0.5 | 60 | 30 | 0 | |
  -> paid | 2.87 | 2.87 | | 2.87
controlled early | Ana | 01-30 | Harborview | alprazolam 0.5 | 60 | 30 | 0 | | controlled
  -> reject | 79 | 85% of the 30 days; next fill 01-31
controlled in time | Ana | 01-31 | Harborview | alprazolam 0.5 | 60 | 30 | 0 | | controlled
  -> paid | 2.87 | 2.87 | | 2.87

# Medicaid: 85% of 30 is 25.5, so 26 days; controlled 90%, so 27 days.
medicaid | Dana | 01-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> paid | 11.06 | 1.00 | | 1.00
medicaid early | Dana | 01-30 | Harborview | lisinopril 10 | 30 | 30 | 0 | | medicaid
  -> reject | 79 | next fill 01-31
medicaid in time | Dana | 01-31 | Harborview | lisinopril 10 | 30 | 30 | 0 | | medicaid
  -> paid | 11.06 | 1.00 | | 1.00
# 1.37 + 10.50.
medicaid c4 | Dana | 01-05 | Harborview | alprazolam 0.5 | 60 | 30 | 0 | |
  -> paid | 11.87 | 1.00 | | 1.00
medicaid c4 early | Dana | 01-31 | Harborview | alprazolam 0.5 | 60 | 30 | 0 | | medicaid c4
  -> reject | 79 | 90% of the 30 days; next fill 02-01
medicaid c4 in time | Dana | 02-01 | Harborview | alprazolam 0.5 | 60 | 30 | 0 | | medicaid c4
  -> paid | 11.87 | 1.00 | | 1.00
";

#[test]
fn a_refill_waits_for_its_day() {
    crate::play::check(TABLE);
}
