//! What a deductible and a maximum apply to: drug lists, channels, one person of a family; and for
//! whom a drug is preventive care.

use super::Design;

const HDHP: &str = "plans/hdhp.toml";
const PPO: &str = "plans/ppo.toml";
const FORMULARY: &str = "formularies/cascade.toml";
const PREVENTIVE: &str =
    "tiers = [1, 2, 3, 4, 5]       # all but the preventive list, which is tier 0";

pub(crate) const BOOKS: &[Design] = &[
    // Part of the list of IRS Notice 2019-45 goes round the deductible.
    (
        "preventive-list",
        &[
            (HDHP, PREVENTIVE, "except = \"preventive\""),
            (
                HDHP,
                "[refill]",
                "[[drug_list]]\nname = \"preventive\"\nwhere = [{ class = [\"insulin\", \"ace \
                 inhibitor\"] }, { class = \"statin\", kind = \"generic\" }]\n\n[refill]",
            ),
        ],
    ),
    // The family's maximum is aggregate, but no person pays beyond 4,100.00.
    (
        "embedded-person",
        &[(
            HDHP,
            "family = \"8000.00\"\nkind = \"embedded\"",
            "family = \"8000.00\"\nkind = \"aggregate\"\nembedded_person = \"4100.00\"",
        )],
    ),
    // Home delivery is free of the deductible.
    (
        "no-mail-deductible",
        &[(PPO, "tiers = [3, 4, 5]", "tiers = [3, 4, 5]\nchannels = [\"retail\", \"specialty\"]")],
    ),
    // Contraceptives for women, vitamin D in pregnancy, PrEP for those at risk.
    (
        "preventive-for",
        &[
            (
                FORMULARY,
                "where = { kind = \"generic\", class = \"contraceptive\" }\ntier = 0",
                "where = { kind = \"generic\", class = \"contraceptive\" }\ntier = 1\n\
                 preventive = { tier = 0, sex = \"female\", ages = [12, 50] }",
            ),
            (
                FORMULARY,
                "where = { ingredient = [\"folic acid\"] }\ntier = 0",
                "where = { ingredient = [\"ergocalciferol\"] }\ntier = 1\n\
                 preventive = { tier = 0, pregnant = true }",
            ),
            (
                FORMULARY,
                "tenofovir disoproxil fumarate\"] }\ntier = 0",
                "tenofovir disoproxil fumarate\"] }\ntier = 2\n\
                 preventive = { tier = 0, diagnoses = [\"Z206\", \"Z7252\"] }",
            ),
        ],
    ),
];

pub(crate) const TABLE: &str = "
# On the list: 20% at once, of 62.20 + 1.50 and of 2.06.
insulin | Wei | 01-05 | Harborview | Lantus | 10 | 28 | 0 | book=preventive-list |
  -> paid | 63.70 | 12.74 | | | 12.74 | | not apply to the drugs of list preventive
ace | Wei | 01-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | book=preventive-list |
  -> paid | 2.06 | 0.41 | | | 0.41
# A statin's brand is not: 580.14 + 1.50.
statin brand | Wei | 02-01 | Harborview | Lipitor 20 | 30 | 30 | 0 | book=preventive-list |
  -> paid | 581.64 | 581.64 | 581.64 | | | | deductible left 2818.36

# 2109.14; 1290.86 + 20% of 674.68 = 134.936; 348.382: 3883.32 of the family's 8,000.00.
wei | Wei | 01-05 | Harborview | CellCept 500 | 120 | 30 | 0 | book=embedded-person |
  -> paid | 2109.14 | 2109.14 | 2109.14
second | Wei | 01-05 | Harborview | Effexor XR 150 | 90 | 90 | 0 | book=embedded-person | wei
  -> paid | 1965.54 | 1425.80 | 1290.86 | | 134.94 | | out of pocket left 565.06
third | Wei | 01-05 | Harborview | Lipitor 20 | 90 | 90 | 0 | book=embedded-person | second
  -> paid | 1741.91 | 348.38 | | | 348.38 | | out of pocket left 216.68
# 20% of 1425.42 = 285.084, held to the 216.68 that one person has left.
fourth | Wei | 01-05 | Harborview | Celebrex 200 | 90 | 90 | 0 | book=embedded-person | third
  -> paid | 1425.42 | 216.68 | | | 216.68 | | out of pocket so far 4100.00; out of pocket left 0.00
# The family has 3,900.00 left, and so has his wife: 3900.00 - 215.94.
his wife | Lin | 01-06 | Harborview | Norvasc 10 | 90 | 90 | 0 | book=embedded-person | fourth
  -> paid | 1079.71 | 215.94 | | | 215.94 | | out of pocket left 3684.06

# 11.19625 x 0.99 x 90 = 997.59.
by mail | Ana | 01-05 | mail | Jardiance 10 | 90 | 90 | 0 | book=no-mail-deductible |
  -> paid | 997.59 | 112.50 | | 112.50 | | | not apply to the mail channel
at retail | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=no-mail-deductible |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00

# 0.12601 x 28 = 3.53 + 1.50; 0.11845 x 4 = 0.47 + 1.50; 0.45329 x 30 = 13.60 + 1.50.
woman | Ana | 02-01 | Harborview | Sprintec | 28 | 28 | 0 | book=preventive-for |
  -> paid | 5.03 | 0.00 | | | | | tier 0; preventive care for females of ages 12 to 50
man | Luis | 02-01 | Harborview | Sprintec | 28 | 28 | 0 | book=preventive-for |
  -> paid | 5.03 | 5.03 | | 5.03 | | | tier 1
pregnant | Ana | 02-01 | Harborview | vitamin D2 | 4 | 28 | 0 | pregnant book=preventive-for |
  -> paid | 1.97 | 0.00 | | | | | tier 0; preventive care for pregnant members
not pregnant | Ana | 02-01 | Harborview | vitamin D2 | 4 | 28 | 0 | book=preventive-for |
  -> paid | 1.97 | 1.97 | | 1.97 | | | tier 1
at risk | Luis | 02-01 | Harborview | PrEP | 30 | 30 | 0 | diagnosis=Z206 book=preventive-for |
  -> paid | 15.10 | 0.00 | | | | | tier 0; preventive care for members with diagnosis Z206
not at risk | Luis | 02-01 | Harborview | PrEP | 30 | 30 | 0 | book=preventive-for |
  -> paid | 15.10 | 15.10 | | 15.10 | | | tier 2
";

#[test]
fn a_rule_is_about_what_its_scope_says() {
    crate::play::check(TABLE);
}
