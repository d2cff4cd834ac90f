//! Submission clarifications (420-DK) that let refusals pass: vacation 3, lost 4, therapy change 5.

use super::Design;

pub(crate) const BOOKS: &[Design] = &[(
    "scc",
    &[(
        "plans/ppo.toml",
        "[refill]",
        "[[override]]\ncode = 3\nallows = [\"79\"]\ntimes = 1\nper_days = 365\n\n\
         [[override]]\ncode = 4\nallows = [\"79\", \"76\"]\ntimes = 1\nper_days = 365\n\n\
         [[override]]\ncode = 5\nallows = [\"79\"]\ntimes = 2\nper_days = 180\n\n[refill]",
    )],
)];

pub(crate) const TABLE: &str = "
first | Ana | 01-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | book=scc |
  -> paid | 2.06 | 2.06 | | 2.06
too soon | Ana | 01-15 | Harborview | lisinopril 10 | 30 | 30 | 0 | book=scc | first
  -> reject | 79 | next fill 01-28
vacation | Ana | 01-15 | Harborview | lisinopril 10 | 30 | 30 | 0 | scc=3 book=scc | first
  -> paid | 2.06 | 2.06 | | 2.06 | | | clarification 3 lets reject 79 pass, for the 1st of 1
# Once in 365 days; but another reason is another count.
twice | Ana | 01-20 | Harborview | lisinopril 10 | 30 | 30 | 0 | scc=3 book=scc | vacation
  -> reject | 79 | override 3 was used 1 time in 365 days
lost | Ana | 01-20 | Harborview | lisinopril 10 | 30 | 30 | 0 | scc=4 book=scc | vacation
  -> paid | 2.06 | 2.06 | | 2.06 | | | clarification 4 lets reject 79 pass
# A clarification that was not needed is not used up.
not needed | Ana | 02-20 | Harborview | lisinopril 10 | 30 | 30 | 0 | scc=3 book=scc | first
  -> paid | 2.06 | 2.06 | | 2.06
then needed | Ana | 02-25 | Harborview | lisinopril 10 | 30 | 30 | 0 | scc=3 book=scc | not needed
  -> paid | 2.06 | 2.06 | | 2.06
# For another drug it is another count, for another person as well.
other drug | Ana | 01-15 | Harborview | amlodipine 10 | 30 | 30 | 0 | book=scc | vacation
  -> paid | 1.96 | 1.96 | | 1.96
other | Ana | 01-20 | Harborview | amlodipine 10 | 30 | 30 | 0 | scc=3 book=scc | other drug
  -> paid | 1.96 | 1.96 | | 1.96
# A vacation opens no quantity limit, a loss does: 30 tablets of zolpidem in 30 days,
# each 0.03854: 1.16 + 1.50.
zolpidem | Ana | 01-05 | Harborview | zolpidem 10 | 30 | 30 | 0 | usual=3.00 book=scc |
  -> paid | 2.66 | 2.66 | | 2.66
z. away | Ana | 01-15 | Harborview | zolpidem 10 | 30 | 30 | 0 | scc=3 book=scc | zolpidem
  -> reject | 76
lost z. | Ana | 01-15 | Harborview | zolpidem 10 | 30 | 30 | 0 | scc=4 book=scc | zolpidem
  -> paid | 2.66 | 2.66 | | 2.66
# A code that the plan does not know opens nothing.
unknown | Ana | 01-15 | Harborview | lisinopril 10 | 30 | 30 | 0 | scc=7 book=scc | first
  -> reject | 79
";

#[test]
fn a_clarification_opens_what_the_plan_lets_it() {
    crate::play::check(TABLE);
}
