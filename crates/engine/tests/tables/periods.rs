//! What amounts add up in: the plan year, the calendar year, its quarters, or twelve months from
//! the family's first day covered; and what goes on or begins anew in between.

use super::Design;

const PPO: &str = "plans/ppo.toml";
const GROUPS: &str = "groups.toml";
const PPO_GROUP: &str = "plan = \"ppo\"\nfrom";
const PPO_CONTRACT: &str = "plan = \"ppo\"\nfrom = 2026-01-01";

/// The PPO's contract ends with June, and another begins.
macro_rules! FIRST_HALF {
    () => {
        "plan = \"ppo\"\nfrom = 2026-01-01\nto = 2026-06-30\n\n[[group]]\nid = \"CSCPPO\"\n\
         name = \"Cascade Health PPO\"\nsponsor = \"Cascade Health\"\nline = \"commercial\"\n\
         plan = \"ppo\"\n"
    };
}

const YEAR: &str = "year_starts = \"01-01\"";

pub(crate) const BOOKS: &[Design] = &[
    ("july", &[(PPO, YEAR, "year_starts = \"07-01\"")]),
    ("calendar-year", &[(PPO, YEAR, "year_starts = \"07-01\"\naccumulates = \"calendar-year\"")]),
    ("quarterly", &[(PPO, YEAR, "year_starts = \"01-01\"\naccumulates = \"calendar-quarter\"")]),
    (
        "carry-over",
        &[
            (PPO, YEAR, "year_starts = \"07-01\""),
            (PPO, "tiers = [3, 4, 5]\n\n", "tiers = [3, 4, 5]\ncarry_over_months = 3\n\n"),
        ],
    ),
    ("continues", &[(GROUPS, PPO_GROUP, "plan = \"ppo\"\ncontinues = [\"CSCHDHP\"]\nfrom")]),
    ("renewed", &[(GROUPS, PPO_CONTRACT, concat!(FIRST_HALF!(), "from = 2026-07-01"))]),
    (
        "reset",
        &[(GROUPS, PPO_CONTRACT, concat!(FIRST_HALF!(), "from = 2026-07-01\nresets = true"))],
    ),
    ("rolling", &[(PPO, YEAR, "year_starts = \"01-01\"\naccumulates = \"rolling\"")]),
];

pub(crate) const TABLE: &str = "
# Jardiance costs 340.75, Januvia 321.30: 250.00 of it the deductible, and a copay of 45.00.
june | Ana | 06-30 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=july |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
# The plan year begins on the first of July; where amounts add up by calendar year, they go on.
july | Ana | 07-01 | Harborview | Januvia 100 | 30 | 30 | 0 | book=july | june
  -> paid | 321.30 | 295.00 | 250.00 | 45.00 | | | out of pocket so far 295.00
goes on | Ana | 07-01 | Harborview | Januvia 100 | 30 | 30 | 0 | book=calendar-year | june calendar
  -> paid | 321.30 | 45.00 | | 45.00 | | | out of pocket so far 340.00
june calendar | Ana | 06-30 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=calendar-year |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00

# Each quarter anew.
january | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=quarterly |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
march | Ana | 03-31 | Harborview | Januvia 100 | 30 | 30 | 0 | book=quarterly | january
  -> paid | 321.30 | 45.00 | | 45.00 | | | out of pocket so far 340.00
april | Ana | 04-01 | Harborview | Januvia 100 | 30 | 30 | 0 | book=quarterly | january
  -> paid | 321.30 | 295.00 | 250.00 | 45.00 | | | out of pocket so far 295.00

# What counts toward the deductible in the last three months of a plan year counts in the next one,
# and nothing toward its maximum.
may | Ana | 05-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=carry-over |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
carried | Ana | 07-01 | Harborview | Januvia 100 | 30 | 30 | 0 | book=carry-over | may
  -> paid | 321.30 | 45.00 | | 45.00 | | | deductible so far 250.00; deductible left 0.00; \
out of pocket so far 45.00; since 2026-04-01, $250.00 of the person's and $250.00 of the family's
# Her husband has his own to meet, and the family has 250.00 left.
husband | Luis | 07-02 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=carry-over | carried
  -> paid | 340.75 | 295.00 | 250.00 | 45.00 | | | deductible left 0.00
daughter | Mia | 07-03 | Harborview | Januvia 100 | 30 | 30 | 0 | book=carry-over | husband
  -> paid | 321.30 | 45.00 | | 45.00 | | | deductible so far 0.00; deductible left 0.00
# The last day of March is too early, the first of April is not.
too early | Ana | 03-31 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=carry-over |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
anew | Ana | 07-01 | Harborview | Januvia 100 | 30 | 30 | 0 | book=carry-over | too early
  -> paid | 321.30 | 295.00 | 250.00 | 45.00
in time | Ana | 04-01 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=carry-over |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
met | Ana | 07-01 | Harborview | Januvia 100 | 30 | 30 | 0 | book=carry-over | in time
  -> paid | 321.30 | 45.00 | | 45.00
# Carried once, not twice: what carried over to July is not what counts from July on. And what is
# taken back is not carried.
back | reverse in time | in time -> reversed
open | Ana | 07-01 | Harborview | Januvia 100 | 30 | 30 | 0 | book=carry-over | back
  -> paid | 321.30 | 295.00 | 250.00 | 45.00

# Gil and Bea leave the high-deductible group for the PPO in July. Under the one, all of the price
# comes under the deductible.
gil | Gil | 06-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=continues |
  -> paid | 340.75 | 340.75 | 340.75
# The PPO carries it on: his 250.00 are met, and of the family's 500.00 there are 159.25 left.
gil goes on | Gil | 07-01 | Harborview | Januvia 100 | 30 | 30 | 0 | book=continues group=CSCPPO \
| gil -> paid | 321.30 | 45.00 | | 45.00 | | | deductible so far 340.75; out of pocket so far 385.75; \
an earlier group's balances go on: $340.75 toward the deductible, $340.75 toward the maximum
bea | Bea | 07-01 | Harborview | Januvia 100 | 30 | 30 | 0 | book=continues group=CSCPPO | gil
  -> paid | 321.30 | 204.25 | 159.25 | 45.00 | | | deductible left 0.00; out of pocket so far 204.25
# A PPO that does not begins at nothing.
gil sample | Gil | 06-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | |
  -> paid | 340.75 | 340.75 | 340.75
gil begins | Gil | 07-01 | Harborview | Januvia 100 | 30 | 30 | 0 | group=CSCPPO | gil sample
  -> paid | 321.30 | 295.00 | 250.00 | 45.00 | | | out of pocket so far 295.00

# A contract that is renewed in the middle of the year goes on; with `resets` all begins anew.
first half | Ana | 06-30 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=renewed |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
second half | Ana | 07-01 | Harborview | Januvia 100 | 30 | 30 | 0 | book=renewed | first half
  -> paid | 321.30 | 45.00 | | 45.00
reset | Ana | 07-01 | Harborview | Januvia 100 | 30 | 30 | 0 | book=reset | first half
  -> paid | 321.30 | 295.00 | 250.00 | 45.00 | | | out of pocket so far 295.00
# What comes in late is of the first half.
late | Ana | 06-30 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=reset received=07-02 \
| reset alone -> paid | 340.75 | 295.00 | 250.00 | 45.00 | | | out of pocket so far 295.00
reset alone | Ana | 07-01 | Harborview | Januvia 100 | 30 | 30 | 0 | book=reset |
  -> paid | 321.30 | 295.00 | 250.00 | 45.00

# Kim is covered since 10 April 2025, her son since February: both begin anew on 10 April.
kim | Kim | 04-09 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=rolling |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
kim still | Kim | 04-09 | Harborview | Januvia 100 | 30 | 30 | 0 | book=rolling | kim
  -> paid | 321.30 | 45.00 | | 45.00
kim anew | Kim | 04-10 | Harborview | Januvia 100 | 30 | 30 | 0 | book=rolling | kim
  -> paid | 321.30 | 295.00 | 250.00 | 45.00 | | | out of pocket so far 295.00
kai | Kai | 04-09 | Harborview | Januvia 100 | 30 | 30 | 0 | book=rolling | kim
  -> paid | 321.30 | 295.00 | 250.00 | 45.00 | | | deductible left 0.00
# The share of 25% of 1859.14 is held to 350.00.
kai anew | Kai | 04-10 | Harborview | CellCept 500 | 120 | 30 | 0 | book=rolling | kai
  -> paid | 2109.14 | 600.00 | 250.00 | | 350.00 | | deductible so far 250.00; \
out of pocket so far 600.00
";

#[test]
fn amounts_add_up_in_the_period_of_the_plan() {
    crate::play::check(TABLE);
}
