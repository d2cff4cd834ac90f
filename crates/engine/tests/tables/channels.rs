//! Mandatory mail after some fills at retail.

use super::Design;

pub(crate) const BOOKS: &[Design] = &[(
    "mail",
    &[(
        "plans/ppo.toml",
        "[refill]",
        "[[mandatory_channel]]\nwhere = { class = [\"ace inhibitor\", \"sglt2 inhibitor\"] }\n\
         fill_at = \"mail\"\nafter = 2\nwithin = 180\nopt_out = \"20260001\"\n\n[refill]",
    )],
)];

pub(crate) const TABLE: &str = "
# 0.01873 x 1.02 x 30 = 0.57 + 1.00 at Pine Street.
first | Ana | 01-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | book=mail |
  -> paid | 2.06 | 2.06 | | 2.06 | | | fill 1 of the 2 that are allowed before mail is mandatory
second | Ana | 02-05 | Pine Street | lisinopril B | 30 | 30 | 0 | book=mail | first
  -> paid | 1.57 | 1.57 | | 1.57 | | | fill 2 of the 2
third | Ana | 03-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | book=mail | second
  -> reject | 76 | covered at mail pharmacies alone
by mail | Ana | 03-05 | mail | lisinopril 10 | 30 | 30 | 0 | usual=2.00 book=mail | second
  -> paid | 0.55 | 0.55 | | 0.55
# Another strength is another drug, and another drug is not on the list.
strength | Ana | 03-05 | Harborview | lisinopril 20 | 30 | 30 | 0 | usual=2.00 book=mail | second
  -> paid | 2.00 | 2.00 | | 2.00
other drug | Ana | 03-05 | Harborview | amlodipine 10 | 30 | 30 | 0 | book=mail | second
  -> paid | 1.96 | 1.96 | | 1.96
# Who opted out claims by the plan's number (462-EV under 461-EU 8).
opted | Ana | 03-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | auth=8/20260001 book=mail | second
  -> paid | 2.06 | 2.06 | | 2.06
no opt | Ana | 03-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | auth=8/20260002 book=mail | second
  -> reject | 76
# Fills more than 180 days back are forgotten: 01-05 on 07-05 is 181 days ago.
later | Ana | 07-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | book=mail | second
  -> paid | 2.06 | 2.06 | | 2.06
";

#[test]
fn after_two_fills_the_mail_fills() {
    crate::play::check(TABLE);
}
