//! An employer's wrap that asks 10.00 of each claim, around the standard benefit of 2026.

use super::super::Design;

const PDP: &str = "plans/pdp.toml";

pub(crate) const BOOKS: &[Design] = &[(
    "employer",
    &[
        (PDP, "[deductible]\nperson = \"615.00\"\n", ""),
        (PDP, "[[share]]\ncoinsurance = \"25%\"\n", "[[share]]\ncopay = \"10.00\"\n"),
        (PDP, "supplement = \"plan\"", "supplement = \"employer\""),
    ],
)];

pub(crate) const TABLE: &str = "\
# 232.50 lie in the standard deductible: the employer pays 222.50 of it, and all of it counts.
wrap E1 | Grace | 01-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=employer |
  -> d | 232.50 | 10.00 | 232.50 | | | | | | | | 232.50 | 232.50
   | PDE N to N; patient 10.00; other TrOOP 222.50
# 382.50 in the deductible and 25% of 93.64 = 23.41: Part D leaves 405.91, the employer pays 395.91.
# Maker 10% of 93.64 = 9.36, as without a wrap; the plan 93.64 - 23.41 - 9.36 = 60.87.
wrap C1 | Grace | 01-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=employer | wrap E1
  -> d | 476.14 | 10.00 | 382.50 | 93.64 | | | 9.36 | | 60.87 | | 638.41 | 708.64
   | other TrOOP 395.91; CPP 60.87; discount 9.36
# 25% of 2.34 = 0.59 is less than the wrap's 10.00, so it stays 0.59.
wrap M1 | Grace | 01-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=employer | wrap C1
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 639.00 | 710.98
   | an employer's wrap only lowers the $0.59; PDE N to N; patient 0.59, CPP 1.75
# Insulin: Part D leaves 35.00, of which the employer pays 25.00; the deductible is met, so the
# maker pays 10% of 188.10 = 18.81; the plan 188.10 - 35.00 - 18.81 = 134.29.
wrap L1 | Grace | 01-25 | Harborview | Lantus | 30 | 30 | 0 | book=employer | wrap M1
  -> d | 188.10 | 10.00 | | 188.10 | | | 18.81 | | 134.29 | | 674.00 | 899.08
   | other TrOOP 25.00
# Level 1: CMS pays 232.50 - 12.65 = 219.85 first; of the copay of 12.65 the employer pays 2.65.
wrap E2 | Peter | 01-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=employer |
  -> d | 232.50 | 10.00 | 232.50 | | | 219.85 | | | | | 232.50 | 232.50
   | patient 10.00; other TrOOP 2.65; LICS 219.85
# Level 2: a copay of 4.90 is less than the wrap's 10.00. CMS pays 227.60.
wrap E3 | Saul | 01-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=employer |
  -> d | 232.50 | 4.90 | 232.50 | | | 227.60 | | | | | 232.50 | 232.50 | patient 4.90; LICS 227.60
# 91.31 left to the threshold: 91.31 / 25% = 365.24 below it. The employer pays 81.31. Maker 36.52 +
# 22.18 = 58.70, CMS 22.18, the plan 476.14 - 91.31 - 58.70 - 22.18 = 303.95.
wrap C2 | Grace | 08-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=employer carried=2008.69 |
  -> d | 476.14 | 10.00 | | 365.24 | 110.90 | | 58.70 | 22.18 | 303.95 | | 2100.00 | 476.14
   | PDE N to C A; other TrOOP 81.31
# Above the threshold nobody asks anything.
wrap C3 | Grace | 09-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=employer carried=2100.00 |
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2100.00 | 476.14
";

#[test]
fn a_wrap_pays_after_part_d() {
    crate::play::check(TABLE);
}
