//! Where a drug is placed, and what each tier costs at each channel.

pub(crate) const TABLE: &str = "
# Ana's deductible is met: Jardiance is 11.19625 x 1.01 x 30 = 339.25 + 1.50 = 340.75;
# deductible 250.00, copay 45.00 of the 90.75 that are left.
met | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00 | | | tier 3; deductible left 0.00

# Tier 0: contraceptives, and the generic for HIV prevention. 0.12601 x 28 = 3.53 + 1.50.
contraceptive | Ana | 01-10 | Harborview | Sprintec | 28 | 28 | 0 | |
  -> paid | 5.03 | 0.00 | | | | | tier 0; deductible left 250.00; out of pocket so far 0.00
# 0.45329 x 30 = 13.60 + 1.50.
prep | Luis | 01-10 | Harborview | PrEP | 30 | 30 | 0 | |
  -> paid | 15.10 | 0.00 | | | | | tier 0
# The brand of it is $1,791 for 30 days: specialty. 59.71253 x 1.01 x 30 = 1809.29 + 1.50;
# deductible 250.00, 25% of 1560.79 = 390.20 and at most 350.00.
brand of prep | Luis | 01-10 | Harborview | Truvada | 30 | 30 | 0 | |
  -> paid | 1810.79 | 600.00 | 250.00 | | 350.00 | | tier 5

# Tier 1: $10, and never more than the price. 0.26977 x 120 = 32.37 + 1.50.
tier 1 | Ana | 01-10 | Harborview | mycophenolate 500 | 120 | 30 | 0 | |
  -> paid | 33.87 | 10.00 | | 10.00 | | | tier 1; basis NADAC; deductible does not apply to tier 1
# 0.04013 x 30 = 1.20 + 1.50.
held to price | Ana | 01-10 | Harborview | escitalopram 10 | 30 | 30 | 0 | |
  -> paid | 2.70 | 2.70 | | 2.70 | | | tier 1; never pays more than the price
# Mail: 0.26977 x 0.98 x 360 = 95.17, no fee, $25.
tier 1 mail | Ana | 01-10 | mail | mycophenolate 500 | 360 | 90 | 0 | |
  -> paid | 95.17 | 25.00 | | 25.00 | | | tier 1

# Tier 2: generics over $50 for 30 days. Topiramate ER is 177.67. 5.92218 x 30 = 177.67 + 1.50.
tier 2 | Ana | 01-10 | Harborview | topiramate ER 50 | 30 | 30 | 0 | |
  -> paid | 179.17 | 20.00 | | 20.00 | | | tier 2; deductible left 250.00
# 5.92218 x 0.98 x 90 = 522.34.
tier 2 mail | Ana | 01-10 | mail | topiramate ER 50 | 90 | 90 | 0 | |
  -> paid | 522.34 | 50.00 | | 50.00 | | | tier 2
# 19.41248 x 10.2 = 198.01 + 1.50.
tier 2 by the gram | Ana | 01-10 | Harborview | budesonide-formoterol 160 | 10.2 | 30 | 0 | |
  -> paid | 199.51 | 20.00 | | 20.00 | | | tier 2

# Tier 3: 10.55442 x 1.01 x 30 = 319.80 + 1.50.
tier 3 | Ana | 01-10 | Harborview | Januvia 100 | 30 | 30 | 0 | | met
  -> paid | 321.30 | 45.00 | | 45.00 | | | tier 3; out of pocket so far 340.00
# 10.55442 x 0.99 x 90 = 940.40 (940.398822).
tier 3 mail | Ana | 01-10 | mail | Januvia 100 | 90 | 90 | 0 | | met
  -> paid | 940.40 | 112.50 | | 112.50 | | | tier 3
# Insulin without a prescription is covered; 4.26856 x 1.01 x 10 = 43.11 + 1.50.
insulin | Ana | 01-10 | Harborview | Humulin N OTC | 10 | 28 | 0 | | met
  -> paid | 44.61 | 44.61 | | 44.61 | | | tier 3
# Ozempic costs 995.98 for 30 days and is placed by name in tier 3, not by its cost in 5:
# 331.99298 x 1.01 x 3 = 1005.94 + 1.50.
by name | Ana | 01-10 | Harborview | Ozempic 1 | 3 | 28 | 0 | diagnosis=E119 | met
  -> paid | 1007.44 | 45.00 | | 45.00 | | | tier 3; met by diagnosis E119

# Tier 4: 40% of 360.90 (11.86150 x 1.01 x 30 = 359.40 + 1.50) = 144.36.
tier 4 | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0 | | met
  -> paid | 360.90 | 144.36 | | | 144.36 | | tier 4
# 21.60660 x 1.01 x 30 = 654.68 + 1.50; 40% = 262.47 and at most 250.00.
tier 4 cap | Ana | 01-10 | Harborview | Effexor XR 150 | 30 | 30 | 0 | | met
  -> paid | 656.18 | 250.00 | | | 250.00 | | tier 4
# 21.60660 x 0.99 x 90 = 1925.15; 40% = 770.06 and at most 500.00.
tier 4 mail cap | Ana | 01-10 | mail | Effexor XR 150 | 90 | 90 | 0 | | met
  -> paid | 1925.15 | 500.00 | | | 500.00 | | tier 4

# Tier 5: 487.71758 x 2 = 975.44 for 30 days, so specialty. x 1.01 = 985.19 + 1.50;
# 25% = 246.6725.
tier 5 | Ana | 01-10 | Harborview | Trulicity 0.75 | 2 | 28 | 0 | | met
  -> paid | 986.69 | 246.67 | | | 246.67 | | tier 5
# At Pine Street x 1.03 = 1004.70 + 1.00; 25% = 251.425, half a cent rounds up.
tier 5 half up | Ana | 01-10 | Pine Street | Trulicity 0.75 | 2 | 28 | 0 | | met
  -> paid | 1005.70 | 251.43 | | | 251.43 | | tier 5
# 17.38977 x 120 = 2086.77 at the specialty pharmacy, no fee; 25% = 521.69, at most 350.00.
tier 5 cap | Ana | 01-10 | Summit | CellCept 500 | 120 | 30 | 0 | | met
  -> paid | 2086.77 | 350.00 | | | 350.00 | | tier 5
# 25% of 300.00 is 75.00, but at least 100.00.
tier 5 floor | Ana | 01-10 | Harborview | Trulicity 0.75 | 2 | 28 | 0 | usual=300.00 | met
  -> paid | 300.00 | 100.00 | | | 100.00 | | tier 5; basis usual and customary charge
# And never more than the price, floor or not.
tier 5 floor held | Ana | 01-10 | Harborview | Trulicity 0.75 | 2 | 28 | 0 | usual=80.00 | met
  -> paid | 80.00 | 80.00 | | | 80.00 | | tier 5; never pays more than the price
";

#[test]
fn each_tier_costs_what_its_row_says() {
    crate::play::check(TABLE);
}
