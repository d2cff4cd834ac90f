//! What dispense-as-written codes cost (408-D8), where plans differ; and reference prices.

use super::Design;

const PPO: &str = "plans/ppo.toml";
const ROW: &str = "codes = [2]                   # the patient asked for the brand
pays = \"difference\"           # share | difference | as-generic | reject";

pub(crate) const BOOKS: &[Design] = &[
    (
        "counts-maximum",
        &[(PPO, ROW, "codes = [1, 2]\npays = \"difference\"\ncounts = \"maximum\"")],
    ),
    ("counts-both", &[(PPO, ROW, "codes = [2]\npays = \"difference\"\ncounts = \"both\"")]),
    // House generics (5) and brands that the plan prefers (9) cost what the generic would; codes
    // 3, 4 and 6 are not taken; a generic that is not to be had (8) is nobody's choice.
    (
        "codes",
        &[(
            PPO,
            ROW,
            "codes = [5, 9]\npays = \"as-generic\"\n\n[[dispense_as_written]]\ncodes = [3, 4, 6]\n\
             pays = \"reject\"\n\n[[dispense_as_written]]\ncodes = [8]\npays = \"share\"\n\n\
             [[dispense_as_written]]\ncodes = [0, 1, 2, 7]\npays = \"difference\"",
        )],
    ),
    // The plan pays for a calcium channel blocker's brand no more than for its generic.
    (
        "reference",
        &[(
            PPO,
            "[refill]",
            "[[reference_price]]\nwhere = { class = \"calcium channel blocker\" }\n\
             of = \"generic\"\n\n[[reference_price]]\nwhere = { class = \"sglt2 inhibitor\" }\n\
             list = \"mac\"\ncounts = \"maximum\"\n\n[refill]",
        )],
    ),
];

pub(crate) const TABLE: &str = "
met | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
# As in the sample, 91.36 + 28.89, but all 120.25 count: 295.00 + 120.25.
maximum | Ana | 01-10 | Harborview | Symbicort 160 | 10.2 | 30 | 2 | book=counts-maximum | met
  -> paid | 228.40 | 120.25 | | | 91.36 | 28.89 | out of pocket so far 415.25
by both | Ana | 01-10 | Harborview | Symbicort 160 | 10.2 | 30 | 1 | book=counts-maximum | met
  -> paid | 228.40 | 120.25 | | | 91.36 | 28.89
# 358.94 count toward the deductible: its 250.00 are met, so the generic's 1.96 are shared:
# 40% of 360.90 is held to 1.96.
both | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 2 | book=counts-both |
  -> paid | 360.90 | 360.90 | | | 1.96 | 358.94 | deductible so far 250.00; deductible left 0.00; \
out of pocket so far 360.90
# 28.89 toward the deductible leave 221.11 of it, and the price has 199.51 beside the choice.
both small | Ana | 01-10 | Harborview | Symbicort 160 | 10.2 | 30 | 2 | book=counts-both |
  -> paid | 228.40 | 228.40 | 199.51 | | | 28.89 | deductible so far 228.40; deductible left 21.60

# Amlodipine is in tier 1 at 10.00.
house generic | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 5 | book=codes |
  -> paid | 360.90 | 10.00 | | 10.00 | | | tier 1; DAW 5: shared as the generic
preferred brand | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 9 | book=codes |
  -> paid | 360.90 | 10.00 | | 10.00 | | | tier 1
no generic there | Ana | 01-10 | Harborview | Januvia 100 | 30 | 30 | 9 | book=codes | met
  -> paid | 321.30 | 45.00 | | 45.00 | | | tier 3
not taken | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 4 | book=codes | met
  -> reject | 22 | does not take dispense as written code 4
not available | Ana | 01-10 | Harborview | Symbicort 160 | 10.2 | 30 | 8 | book=codes | met
  -> paid | 228.40 | 91.36 | | | 91.36
by law | Ana | 01-10 | Harborview | Symbicort 160 | 10.2 | 30 | 7 | book=codes | met
  -> paid | 228.40 | 120.25 | | | 91.36 | 28.89

# The generic costs 1.96, so the plan's part is 60% of that, half up: 40% = 0.784.
reference | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0 | book=reference | met
  -> paid | 360.90 | 359.72 | | | 0.78 | 358.94 | pays no more than $1.96
the generic | Ana | 01-10 | Harborview | amlodipine 10 | 30 | 30 | 0 | book=reference | met
  -> paid | 1.96 | 1.96 | | 1.96
# No price of it is on the MAC list.
not listed | Ana | 01-10 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=reference |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
";

#[test]
fn what_is_written_costs_what_the_plan_says() {
    crate::play::check(TABLE);
}
