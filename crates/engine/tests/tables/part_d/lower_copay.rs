//! Drugs beside generics that cost subsidized members as little as a generic (42 CFR
//! 423.782(a)(2)(iii)): biosimilars, in the sample; a brand of several sources, in another book.

use super::super::Design;

const PDP: &str = "plans/pdp.toml";

/// Where the sample names its biosimilars.
const BIOSIMILARS: &str = r#"lower_copay.where.brand = [
    "adalimumab-aacf", "adalimumab-aaty", "adalimumab-adaz", "adalimumab-adbm", "Simlandi",
    "Rezvoglar",
]
"#;

pub(crate) const BOOKS: &[Design] = &[
    ("generics-alone", &[(PDP, BIOSIMILARS, "")]),
    (
        "several-sources",
        &[(PDP, BIOSIMILARS, "lower_copay = { where = { brand = \"Celebrex\" } }\n")],
    ),
];

pub(crate) const TABLE: &str = "\
# Rezvoglar, 15 mL, 5.91929 x 1.01 x 15 = 89.68 + 1.50 = 91.18; insulin, so no deductible: 25% =
# 22.80, less than 35.00. A biosimilar: a copay of 5.10, LICS 17.70. The plan 91.18 - 22.80 = 68.38.
biosimilar 1 | Peter | 01-05 | Harborview | Rezvoglar pen | 15 | 30 | 0 | |
  -> d | 91.18 | 5.10 | | 91.18 | | 17.70 | | | 68.38 | | 22.80 | 91.18
# Level 2: a copay of 1.60, LICS 21.20. Level 3: nothing, LICS 22.80.
biosimilar 2 | Saul | 01-05 | Harborview | Rezvoglar pen | 15 | 30 | 0 | |
  -> d | 91.18 | 1.60 | | 91.18 | | 21.20 | | | 68.38 | | 22.80 | 91.18
biosimilar 3 | Vera | 01-05 | Harborview | Rezvoglar pen | 15 | 30 | 0 | |
  -> d | 91.18 | 0.00 | | 91.18 | | 22.80 | | | 68.38 | | 22.80 | 91.18
# Its reference product is any other drug: 35.00, of which 12.65 are the member's.
reference | Peter | 01-05 | Harborview | Lantus | 30 | 30 | 0 | |
  -> d | 188.10 | 12.65 | | 188.10 | | 22.35 | | | 153.10 | | 35.00 | 188.10
# Who has no subsidy pays no copay of it.
no subsidy | Grace | 01-05 | Harborview | Rezvoglar pen | 15 | 30 | 0 | |
  -> d | 91.18 | 22.80 | | 91.18 | | | | | 68.38 | | 22.80 | 91.18

# A plan that names none: generics alone.
none named | Peter | 01-05 | Harborview | Rezvoglar pen | 15 | 30 | 0 | book=generics-alone |
  -> d | 91.18 | 12.65 | | 91.18 | | 10.15 | | | 68.38 | | 22.80 | 91.18

# A preferred brand of several sources, all of it in the deductible: 476.14 - 5.10 = 471.04.
# Generics cost what they did: 2.34 in the deductible is less than 5.10. Lantus is not named.
several | Peter | 01-05 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=several-sources |
  -> d | 476.14 | 5.10 | 476.14 | | | 471.04 | | | | | 476.14 | 476.14
generic | Peter | 01-05 | Harborview | metformin 500 | 60 | 30 | 0 | book=several-sources |
  -> d | 2.34 | 2.34 | 2.34 | | | | | | | | 2.34 | 2.34
other | Peter | 01-05 | Harborview | Lantus | 30 | 30 | 0 | book=several-sources |
  -> d | 188.10 | 12.65 | | 188.10 | | 22.35 | | | 153.10 | | 35.00 | 188.10
";

#[test]
fn biosimilars_cost_as_little_as_generics() {
    crate::play::check(TABLE);
}
