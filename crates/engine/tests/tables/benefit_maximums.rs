//! Benefit maximums: what the plan covers at most of some drugs, in dollars, fills or units.

use super::Design;

const PPO: &str = "plans/ppo.toml";

pub(crate) const BOOKS: &[Design] = &[
    (
        "most",
        &[(
            PPO,
            "[refill]",
            "[[benefit_maximum]]\nname = \"sglt2 inhibitors\"\n\
             where = { class = \"sglt2 inhibitor\" }\nplan_pays = \"300.00\"\n\
             per = \"plan-year\"\n\n\
             [[benefit_maximum]]\nname = \"triptans\"\nwhere = { class = \"triptan\" }\nfills = 1\n\
             per = \"calendar-quarter\"\nbeyond = \"reject\"\n\n\
             [[benefit_maximum]]\nname = \"topiramate\"\nwhere = { ingredient = \"topiramate\" }\n\
             units = \"45\"\nper = \"rolling-year\"\n\n[refill]",
        )],
    ),
    (
        "lifetime",
        &[(
            PPO,
            "[refill]",
            "[[benefit_maximum]]\nname = \"sglt2 inhibitors\"\n\
             where = { class = \"sglt2 inhibitor\" }\nplan_pays = \"0.00\"\nper = \"lifetime\"\n\n\
             [refill]",
        )],
    ),
];

pub(crate) const TABLE: &str = "
# Of 340.75 the plan pays 45.75 after 250.00 and 45.00, then 254.25 of its 295.75.
first | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=most |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00 | | | over the maximum 0.00; had $300.00 left
second | Ana | 02-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=most | first
  -> paid | 340.75 | 86.50 | | 45.00 | | | over the maximum 41.50; had $254.25 left; \
out of pocket so far 340.00
# Nothing is left: the member pays all, of which the copay alone counts: 340.00 + 45.00.
third | Ana | 03-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=most | second
  -> paid | 340.75 | 340.75 | | 45.00 | | | over the maximum 295.75; out of pocket so far 385.00
# Another person has a maximum of their own; so has another plan year, and other drugs have none.
luis | Luis | 03-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=most | second
  -> paid | 340.75 | 295.00 | 250.00 | 45.00 | | | over the maximum 0.00
other | Ana | 03-05 | Harborview | Januvia 100 | 30 | 30 | 0 | book=most | second
  -> paid | 321.30 | 45.00 | | 45.00
# What is taken back no longer counts.
back | reverse first | first, second
  -> reversed
again | Ana | 03-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=most | back
  -> paid | 340.75 | 295.00 | 250.00 | 45.00 | | | over the maximum 0.00; had $45.75 left

# One fill a quarter, of 0.33593 x 9 = 3.02 + 1.50.
triptan | Ana | 02-10 | Harborview | sumatriptan 50 | 9 | 30 | 0 | usual=12.00 book=most |
  -> paid | 4.52 | 4.52 | | 4.52
many | Ana | 03-20 | Harborview | sumatriptan 50 | 9 | 30 | 0 | usual=12.00 book=most | triptan
  -> reject | 76 | maximum for triptans is reached
next | Ana | 04-20 | Harborview | sumatriptan 50 | 9 | 30 | 0 | usual=12.00 book=most | triptan
  -> paid | 4.52 | 4.52 | | 4.52

# 45 units in 365 days: of the second 30, half is covered: 159.17 x 15/30 = 79.585.
units | Ana | 01-05 | Harborview | topiramate ER 50 | 30 | 30 | 0 | book=most |
  -> paid | 179.17 | 20.00 | | 20.00
half | Ana | 02-05 | Harborview | topiramate ER 50 | 30 | 30 | 0 | book=most | units
  -> paid | 179.17 | 99.58 | | 20.00 | | | over the maximum 79.58; had 15 units left

never | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=lifetime |
  -> paid | 340.75 | 340.75 | 250.00 | 45.00 | | | over the maximum 45.75
";

#[test]
fn beyond_the_maximum_the_member_pays_or_the_claim_is_refused() {
    crate::play::check(TABLE);
}
