//! Preventive care: statins at $0 from the 40th birthday to the day before the 76th.

pub(crate) const TABLE: &str = "
# 0.02872 x 30 = 0.86 + 1.50. Ida turns 40 on 06-15, Otto 76.
at 39 | Ida | 06-14 | Harborview | atorvastatin 20 | 30 | 30 | 0 | |
  -> paid | 2.36 | 2.36 | | 2.36 | | | tier 1
at 40 | Ida | 06-15 | Harborview | atorvastatin 20 | 30 | 30 | 0 | |
  -> paid | 2.36 | 0.00 | | | | | tier 0; preventive care for ages 40 to 75
at 75 | Otto | 06-14 | Harborview | atorvastatin 20 | 30 | 30 | 0 | |
  -> paid | 2.36 | 0.00 | | | | | tier 0
at 76 | Otto | 06-15 | Harborview | atorvastatin 20 | 30 | 30 | 0 | |
  -> paid | 2.36 | 2.36 | | 2.36 | | | tier 1
# Pravastatin likewise: 0.08439 x 30 = 2.53 + 1.50.
pravastatin | Luis | 02-01 | Harborview | pravastatin 40 | 30 | 30 | 0 | |
  -> paid | 4.03 | 0.00 | | | | | tier 0
# Simvastatin from 20 mg on: 0.03002 x 30 = 0.90 + 1.50, 0.02802 x 30 = 0.84 + 1.50.
simvastatin 20 | Luis | 02-01 | Harborview | simvastatin 20 | 30 | 30 | 0 | |
  -> paid | 2.40 | 0.00 | | | | | tier 0
simvastatin 10 | Luis | 02-01 | Harborview | simvastatin 10 | 30 | 30 | 0 | |
  -> paid | 2.34 | 2.34 | | 2.34 | | | tier 1
# The brand is no preventive drug: 580.14 + 1.50; 250.00 + 40% of 331.64 = 132.656.
brand | Luis | 02-01 | Harborview | Lipitor 20 | 30 | 30 | 0 | |
  -> paid | 581.64 | 382.66 | 250.00 | | 132.66 | | tier 4
# At a high-deductible plan preventive drugs alone come before the deductible.
high deductible | Wei | 02-01 | Harborview | atorvastatin 20 | 30 | 30 | 0 | |
  -> paid | 2.36 | 0.00 | | | | | deductible left 3400.00
not preventive there | Wei | 02-01 | Harborview | simvastatin 10 | 30 | 30 | 0 | |
  -> paid | 2.34 | 2.34 | 2.34 | | | | deductible left 3397.66
";

#[test]
fn preventive_drugs_cost_nothing_at_their_ages() {
    crate::play::check(TABLE);
}
