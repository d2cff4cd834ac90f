//! Limits that the medical side of the benefit shares: what it has come to by a day counts for
//! claims of later days.

use super::Design;

const PPO: &str = "plans/ppo.toml";
const DEDUCTIBLE: &str = "tiers = [3, 4, 5]\n\n[out_of_pocket_maximum]";

pub(crate) const BOOKS: &[Design] = &[
    (
        "shared-limits",
        &[(
            PPO,
            DEDUCTIBLE,
            "tiers = [3, 4, 5]\nwith_medical = true\n\n[out_of_pocket_maximum]\n\
                 with_medical = true",
        )],
    ),
    // The deductible is the pharmacy's own.
    (
        "shared-maximum",
        &[(PPO, DEDUCTIBLE, "tiers = [3, 4, 5]\n\n[out_of_pocket_maximum]\nwith_medical = true")],
    ),
];

pub(crate) const TABLE: &str = "
# Jardiance costs 340.75, Januvia 321.30; both are of tier 3, 45.00 each.
# A hospital stay has taken 180.00 of the deductible of 250.00: 70.00 are left.
stay | medical Ana 01-31 deductible=180.00 maximum=600.00 | -> stated
after | Ana | 02-01 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=shared-limits | stay
  -> paid | 340.75 | 115.00 | 70.00 | 45.00 | | | deductible so far 250.00; deductible left 0.00; \
out of pocket so far 715.00; out of pocket left 2285.00; \
medical costs count: $180.00 toward the deductible, $600.00 toward the maximum
# By the end of the day: a claim of the day itself is before it, and one of an earlier day, too.
that day | Ana | 01-31 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=shared-limits | stay
  -> paid | 340.75 | 295.00 | 250.00 | 45.00 | | | deductible so far 250.00
# Another plan year begins anew.
last year | medical Ana 2025-12-31 deductible=250.00 maximum=600.00 year=2025-01-01 | -> stated
new year | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=shared-limits | last year
  -> paid | 340.75 | 295.00 | 250.00 | 45.00

# A later total takes the place of an earlier one, also a lower one, and in whatever order they
# come in. A line of the same day that comes in later corrects it.
more | medical Ana 02-10 deductible=200.00 maximum=700.00 | stay -> stated
later | Ana | 02-11 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=shared-limits | more
  -> paid | 340.75 | 95.00 | 50.00 | 45.00 | | | out of pocket so far 795.00
late | medical Ana 01-15 deductible=250.00 maximum=1000.00 | more -> stated
unmoved | Ana | 02-11 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=shared-limits | late
  -> paid | 340.75 | 95.00 | 50.00 | 45.00 | | | out of pocket so far 795.00
corrected | medical Ana 02-10 deductible=100.00 maximum=100.00 | late -> stated
lower | Ana | 02-11 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=shared-limits | corrected
  -> paid | 340.75 | 195.00 | 150.00 | 45.00 | | | out of pocket so far 295.00
# The same line again is the same as once, wherever it comes.
again | medical Ana 02-10 id=more deductible=200.00 maximum=700.00 | corrected -> stated
same | Ana | 02-11 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=shared-limits | again
  -> paid | 340.75 | 195.00 | 150.00 | 45.00 | | | out of pocket so far 295.00

# What the pharmacy side has come to is beside it: 180.00 and 70.00, then nothing is left.
second | Ana | 02-02 | Harborview | Januvia 100 | 30 | 30 | 0 | book=shared-limits | after
  -> paid | 321.30 | 45.00 | | 45.00 | | | deductible so far 250.00; out of pocket so far 760.00
# A reversal takes back what the claim came to, and nothing of the medical side.
back | reverse after | after -> reversed
anew | Ana | 02-02 | Harborview | Januvia 100 | 30 | 30 | 0 | book=shared-limits | back
  -> paid | 321.30 | 115.00 | 70.00 | 45.00 | | | out of pocket so far 715.00

# The family's 500.00 are shared: 250.00 of Ana's and 200.00 of Luis's leave 50.00 for Mia.
ana's | medical Ana 01-10 deductible=250.00 maximum=250.00 | -> stated
luis's | medical Luis 01-10 deductible=200.00 maximum=200.00 | ana's -> stated
mia | Mia | 01-11 | Harborview | Januvia 100 | 30 | 30 | 0 | book=shared-limits | luis's
  -> paid | 321.30 | 95.00 | 50.00 | 45.00 | | | deductible so far 50.00; deductible left 0.00; \
of the family $450.00 toward the deductible

# The maximum of 3000.00: 30.00 are left for a copay of 45.00.
near | medical Ana 01-10 deductible=250.00 maximum=2970.00 | -> stated
held | Ana | 01-11 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=shared-limits | near
  -> paid | 340.75 | 30.00 | | 30.00 | | | out of pocket left 0.00
# Beyond it nothing is left, and nothing is owed back.
beyond | medical Ana 01-10 deductible=250.00 maximum=3210.00 | -> stated
nothing | Ana | 01-11 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=shared-limits | beyond
  -> paid | 340.75 | 0.00 | | | | | out of pocket so far 3210.00; out of pocket left 0.00

# Where the maximum alone is shared, the deductible is the pharmacy's own.
own | Ana | 02-01 | Harborview | Jardiance 10 | 30 | 30 | 0 | book=shared-maximum | stay
  -> paid | 340.75 | 295.00 | 250.00 | 45.00 | | | deductible so far 250.00; \
out of pocket so far 895.00
# And where neither is, nothing counts.
neither | Ana | 02-01 | Harborview | Jardiance 10 | 30 | 30 | 0 | | stay
  -> paid | 340.75 | 295.00 | 250.00 | 45.00 | | | out of pocket so far 295.00
";

#[test]
fn what_the_medical_side_has_come_to_counts_from_the_next_day_on() {
    crate::play::check(TABLE);
}
