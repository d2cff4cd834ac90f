//! Transition supplies: 31 days of a drug in all, in the first 90 days of coverage, which for
//! Grace begins on January 1, or of the formulary of July 1, if filled 180 days before it.

pub(crate) const TABLE: &str = "\
# Celebrex at 474.64 + 1.50 is not listed; all of it lies in the deductible.
unlisted | Grace | 01-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=transition |
  -> d | 476.14 | 476.14 | 476.14 | | | | | | | | 476.14 | 476.14 | tier 4
   | MR would refuse it: paid as a transition supply of 30 days; three business days
# 31 - 30 = 1 day is left.
unlisted again | Grace | 02-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=transition
  | unlisted -> reject | MR | does not list this product; as a transition supply 1 day is covered
# Day 89 after the first is the last of 90.
last day | Grace | 03-31 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=transition |
  -> d | 476.14 | 476.14 | 476.14 | | | | | | | | 476.14 | 476.14
day after | Grace | 04-01 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=transition |
  -> reject | MR
too long | Grace | 01-10 | Harborview | Celebrex 200 | 90 | 90 | 0 | book=transition |
  -> reject | MR | as a transition supply 31 days are covered now
# Over the counter is none of Part D.
no drug of D | Grace | 01-10 | Harborview | cetirizine OTC | 30 | 30 | 0 | book=transition |
  -> reject | MR
# Ozempic at 1005.94 + 1.50 needs an authorization. 615.00 in the deductible, 25% of 392.44 = 98.11;
# maker 10% = 39.24; the plan 392.44 - 98.11 - 39.24 = 255.09.
no authorization | Grace | 01-10 | Harborview | Ozempic 1 | 3 | 28 | 0 | book=transition |
  -> d | 1007.44 | 713.11 | 615.00 | 392.44 | | | 39.24 | | 255.09 | | 713.11 | 1007.44
   | 75 would refuse it; transition supply of 28 days
# Without the rule it stays refused.
no such plan | Grace | 01-10 | Harborview | Ozempic 1 | 3 | 28 | 0 | | -> reject | 75
# From July on Eliquis needs an authorization: Grace, who filled it in June, is supplied once more.
june | Grace | 06-20 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=transition |
  -> d | 232.50 | 232.50 | 232.50 | | | | | | | | 232.50 | 232.50
july | Grace | 07-20 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=transition | june
  -> d | 232.50 | 232.50 | 232.50 | | | | | | | | 465.00 | 465.00 | 75 would refuse it
august | Grace | 08-20 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=transition | july
  -> reject | 75
# Who did not take it before has nothing to change.
new in july | Grace | 07-20 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=transition |
  -> reject | 75
# September 28 is day 89 of the formulary, September 29 is past it.
september | Grace | 09-28 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=transition | june
  -> d | 232.50 | 232.50 | 232.50 | | | | | | | | 465.00 | 465.00
too late | Grace | 09-29 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=transition | june
  -> reject | 75
# What was restricted before is not new in July.
not new | Grace | 07-20 | Harborview | Ozempic 1 | 3 | 28 | 0 | book=transition | with diagnosis
  -> reject | 75
with diagnosis | Grace | 06-20 | Harborview | Ozempic 1 | 3 | 28 | 0
  | book=transition diagnosis=E119 |
  -> d | 1007.44 | 713.11 | 615.00 | 392.44 | | | 39.24 | | 255.09 | | 713.11 | 1007.44
";

#[test]
fn a_month_is_supplied_once() {
    crate::play::check(TABLE);
}
