//! A member who moves in July from one group of Medicare to another, which carries on what the
//! year has come to: true out-of-pocket and gross covered drug cost follow the member.

use super::super::Design;

const PDP: &str = "plans/pdp.toml";
const GROUPS: &str = "groups.toml";
const PDP_GROUP: &str = "plan = \"pdp\"\nfrom = 2026-01-01\n";

macro_rules! SECOND_GROUP {
    () => {
        "plan = \"pdp\"\nfrom = 2026-01-01\n\n[[group]]\nid = \"CSCEGW\"\nname = \"Retirees\"\n\
         sponsor = \"Cascade Health\"\nline = \"medicare\"\nplan = \"pdp\"\nfrom = 2026-01-01\n"
    };
}

const CONTINUES: &str = concat!(SECOND_GROUP!(), "continues = [\"CSCPDP\", \"CSCPPO\"]\n");

pub(crate) const BOOKS: &[Design] = &[
    ("moved", &[(GROUPS, PDP_GROUP, CONTINUES)]),
    ("apart", &[(GROUPS, PDP_GROUP, SECOND_GROUP!())]),
    (
        "no-deductible",
        &[(GROUPS, PDP_GROUP, CONTINUES), (PDP, "[deductible]\nperson = \"615.00\"\n", "")],
    ),
];

pub(crate) const TABLE: &str = "\
# Eliquis 232.50, all of it in the deductible, which has 382.50 left in July: 382.50, then 25% of
# 93.64 = 23.41, maker 10% of 93.64 = 9.36, as if she had not moved.
before E | Nina | 01-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=moved |
  -> d | 232.50 | 232.50 | 232.50 | | | | | | | | 232.50 | 232.50
moved C | Nina | 07-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=moved group=CSCEGW \
| before E
  -> d | 476.14 | 405.91 | 382.50 | 93.64 | | | 9.36 | | 60.87 | | 638.41 | 708.64
   | PDE D to N; TGCDCA 232.50; TrOOP 232.50; an earlier group's balances \
go on: $232.50 of true out-of-pocket cost, $232.50 of gross drug cost
# Insulin once the deductible is met: 35.00, maker 18.81.
moved L | Nina | 07-15 | Harborview | Lantus | 30 | 30 | 0 | book=moved group=CSCEGW | moved C
  -> d | 188.10 | 35.00 | | 188.10 | | | 18.81 | | 134.29 | | 673.41 | 896.74
# A group that does not carry it on begins at nothing.
apart E | Nina | 01-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=apart |
  -> d | 232.50 | 232.50 | 232.50 | | | | | | | | 232.50 | 232.50
apart C | Nina | 07-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=apart group=CSCEGW | apart E
  -> d | 476.14 | 476.14 | 476.14 | | | | | | | | 476.14 | 476.14
# What is taken back is not carried on.
back E | reverse before E | before E -> reversed
anew C | Nina | 07-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=moved group=CSCEGW | back E
  -> d | 476.14 | 476.14 | 476.14 | | | | | | | | 476.14 | 476.14

# Celebrex, 300 capsules: 15.66469 x 1.01 x 300 = 4746.40 + 1.50 = 4747.90. 615.00 and 25% of
# 4132.90 = 1033.23; maker 413.29; the plan 4132.90 - 1033.23 - 413.29 = 2686.38.
before D | Nina | 01-10 | Harborview | Celebrex 200 | 300 | 90 | 0 | book=moved |
  -> d | 4747.90 | 1648.23 | 615.00 | 4132.90 | | | 413.29 | | 2686.38 | | 1648.23 | 4747.90
# 2100.00 - 1648.23 = 451.77 left: 451.77 / 25% = 1807.08 below the threshold, 2940.82 above. Maker
# 180.71 + 588.16 = 768.87; CMS 588.16; the plan 4747.90 - 451.77 - 768.87 - 588.16 = 2939.10.
moved D | Nina | 07-10 | Harborview | Celebrex 200 | 300 | 90 | 0 | book=moved group=CSCEGW \
| before D
  -> d | 4747.90 | 451.77 | | 1807.08 | 2940.82 | | 768.87 | 588.16 | 2939.10 | | 2100.00 | 9495.80
   | PDE N to C A; TGCDCA 4747.90; TrOOP 1648.23
# Above: CMS 40% of 2.34 = 0.94.
moved M | Nina | 08-01 | Harborview | metformin 500 | 60 | 30 | 0 | book=moved group=CSCEGW \
| moved D -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2100.00 | 9498.14

# The first group's plan has no deductible: 25% of 4747.90 = 1186.98; the standard's 1648.23 count,
# and the plan's supplement is 461.25. They meet the deductible of the second group's plan: 25% of
# 476.14 = 119.04, maker 47.61, the plan 476.14 - 119.04 - 47.61 = 309.49.
open D | Nina | 01-10 | Harborview | Celebrex 200 | 300 | 90 | 0 | book=no-deductible |
  -> d | 4747.90 | 1186.98 | 615.00 | 4132.90 | | | 413.29 | | 2686.38 | 461.25 | 1648.23 | 4747.90
met C | Nina | 07-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=moved group=CSCEGW | open D
  -> d | 476.14 | 119.04 | | 476.14 | | | 47.61 | | 309.49 | | 1767.27 | 5224.04

# What a commercial group paid for is no cost of Part D.
owen | Owen | 06-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=moved |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
owen C | Owen | 07-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=moved group=CSCEGW | owen
  -> d | 476.14 | 476.14 | 476.14 | | | | | | | | 476.14 | 476.14
";

#[test]
fn the_year_of_part_d_follows_the_member() {
    crate::play::check(TABLE);
}
