//! Medicare Part B or Part D: Celebrex is B's with a transplant (Z94), Lantus at home (384-4X 1),
//! Eliquis always; folic acid is none of Part D's.

use super::super::Design;

pub(crate) const BOOKS: &[Design] = &[(
    "part-b",
    &[(
        "formularies/cascade.toml",
        "# By rule.\n",
        "[[place]]\nname = \"transplants\"\nwhere = { ingredient = \"celecoxib\" }\n\
         part_b = { diagnoses = [\"Z94\"] }\n\n\
         [[place]]\nname = \"pumps\"\nwhere = { ingredient = \"insulin glargine\" }\n\
         part_b = { residences = [1] }\n\n\
         [[place]]\nname = \"always\"\nwhere = { ingredient = \"apixaban\" }\npart_b = {}\n",
    )],
)];

pub(crate) const TABLE: &str = "\
unknown diagnosis | Grace | 01-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=part-b |
  -> reject | 75 | Part B or Part D: send the diagnosis (424-DO), or ask the plan
transplant | Grace | 01-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=part-b diagnosis=Z940 |
  -> reject | A6 | bill Part B
# Another diagnosis: Part D's, and all of it in the deductible.
arthritis | Grace | 01-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=part-b diagnosis=M069 |
  -> d | 476.14 | 476.14 | 476.14 | | | | | | | | 476.14 | 476.14 | Part B does not cover it here
unknown residence | Grace | 01-05 | Harborview | Lantus | 30 | 30 | 0 | book=part-b |
  -> reject | 75 | send the patient's residence (384-4X)
unsaid residence | Grace | 01-05 | Harborview | Lantus | 30 | 30 | 0 | book=part-b residence=0 |
  -> reject | 75
home | Grace | 01-05 | Harborview | Lantus | 30 | 30 | 0 | book=part-b residence=1 |
  -> reject | A6
# In a nursing facility it is Part D's insulin: 35.00, and no discount before the deductible is met.
nursing facility | Grace | 01-05 | Harborview | Lantus | 30 | 30 | 0 | book=part-b residence=3 |
  -> d | 188.10 | 35.00 | | 188.10 | | | | | 153.10 | | 35.00 | 188.10
always | Grace | 01-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=part-b | -> reject | A6
vitamin | Grace | 01-05 | Harborview | folic acid 1 | 30 | 30 | 0 | |
  -> reject | A5 | the law excludes this product
";

#[test]
fn part_b_or_part_d() {
    crate::play::check(TABLE);
}
