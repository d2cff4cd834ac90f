//! Other coverage (308-C8): the plan pays as primary.

pub(crate) const TABLE: &str = "
# 0.01873 x 30 = 0.56 + 1.50.
not specified | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | other=0 |
  -> paid | 2.06 | 2.06 | | 2.06
none | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | other=1 |
  -> paid | 2.06 | 2.06 | | 2.06
paid by other | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | other=2 |
  -> reject | 13 | as primary only
refused by other | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | other=3 |
  -> reject | 13
copay only | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | other=8 | -> reject | 13
# Told together with what else is wrong, so that the claim is not refused a second time.
with others | Ana | 01-10 | Harborview | cetirizine OTC | 30 | 30 | 0 | other=3 |
  -> reject | 13 MR
";

#[test]
fn another_payer_is_not_ignored() {
    crate::play::check(TABLE);
}
