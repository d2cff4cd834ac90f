//! Insulin at most 35.00 for each month of supply, and from 2026 on at most 25% of its price
//! (42 CFR 423.120(h)). Nobody here has met the deductible, so no maker pays.

use super::super::Design;

const PDP: &str = "plans/pdp.toml";
const RETAIL: &str =
    "retail = [{ days = 34, copays = 1 }, { days = 60, copays = 2 }, { days = 90, copays = 3 }]";
const COINSURANCE: &str = "[[share]]\ncoinsurance = \"25%\"";
const COPAY: &str = "[[share]]\ncopay = \"40.00\"";

pub(crate) const BOOKS: &[Design] = &[
    ("one-copay", &[(PDP, RETAIL, "retail = [{ days = 90, copays = 1 }]")]),
    ("copay-40", &[(PDP, COINSURANCE, COPAY)]),
    ("copay-40-flat", &[(PDP, COINSURANCE, COPAY), (PDP, ", of_price = \"25%\"", "")]),
];

pub(crate) const TABLE: &str = "\
# Lantus, 90 mL, 6.15842 x 1.01 x 90 = 559.80 + 1.50 = 561.30, of which 25% = 140.33. Up to 34 days
# are one month, up to 60 two, up to 90 three. The plan pays the rest.
d34 | Grace | 01-05 | Harborview | Lantus | 90 | 34 | 0 | |
  -> d | 561.30 | 35.00 | | 561.30 | | | | | 526.30 | | 35.00 | 561.30
d35 | Grace | 01-05 | Harborview | Lantus | 90 | 35 | 0 | |
  -> d | 561.30 | 70.00 | | 561.30 | | | | | 491.30 | | 70.00 | 561.30
d60 | Grace | 01-05 | Harborview | Lantus | 90 | 60 | 0 | |
  -> d | 561.30 | 70.00 | | 561.30 | | | | | 491.30 | | 70.00 | 561.30
d61 | Grace | 01-05 | Harborview | Lantus | 90 | 61 | 0 | |
  -> d | 561.30 | 105.00 | | 561.30 | | | | | 456.30 | | 105.00 | 561.30
d90 | Grace | 01-05 | Harborview | Lantus | 90 | 90 | 0 | |
  -> d | 561.30 | 105.00 | | 561.30 | | | | | 456.30 | | 105.00 | 561.30
# Where any supply is one copay, months are counted all the same.
one copay 34 | Grace | 01-05 | Harborview | Lantus | 90 | 34 | 0 | book=one-copay |
  -> d | 561.30 | 35.00 | | 561.30 | | | | | 526.30 | | 35.00 | 561.30
one copay 90 | Grace | 01-05 | Harborview | Lantus | 90 | 90 | 0 | book=one-copay |
  -> d | 561.30 | 105.00 | | 561.30 | | | | | 456.30 | | 105.00 | 561.30

# Rezvoglar, 15 mL, 5.91929 x 1.01 x 15 = 89.68 + 1.50 = 91.18, of which 25% = 22.80: the standard
# share, in 2025 as well.
standard | Grace | 01-05 | Harborview | Rezvoglar pen | 15 | 30 | 0 | |
  -> d | 91.18 | 22.80 | | 91.18 | | | | | 68.38 | | 22.80 | 91.18
standard 2025 | Paul | 2025-01-05 | Harborview | Rezvoglar pen | 15 | 30 | 0 | book=2025 |
  -> d | 91.18 | 22.80 | | 91.18 | | | | | 68.38 | | 22.80 | 91.18
# A plan that asks 40.00: no more than 22.80, or, with 35.00 as the only limit, 35.00. That is 12.20
# above the standard share, which the supplemental amount is below zero, and all of it counts.
asks 40 | Grace | 01-05 | Harborview | Rezvoglar pen | 15 | 30 | 0 | book=copay-40 |
  -> d | 91.18 | 22.80 | | 91.18 | | | | | 68.38 | | 22.80 | 91.18
asks 40 flat | Grace | 01-05 | Harborview | Rezvoglar pen | 15 | 30 | 0 | book=copay-40-flat |
  -> d | 91.18 | 35.00 | | 91.18 | | | | | 68.38 | -12.20 | 35.00 | 91.18
# 561.30: 25% is more than 35.00 either way.
dear | Grace | 01-05 | Harborview | Lantus | 90 | 34 | 0 | book=copay-40 |
  -> d | 561.30 | 35.00 | | 561.30 | | | | | 526.30 | | 35.00 | 561.30
dear flat | Grace | 01-05 | Harborview | Lantus | 90 | 34 | 0 | book=copay-40-flat |
  -> d | 561.30 | 35.00 | | 561.30 | | | | | 526.30 | | 35.00 | 561.30
";

#[test]
fn insulin_is_limited_by_the_month_and_by_its_price() {
    crate::play::check(TABLE);
}
