//! Who dispenses and who prescribes.

pub(crate) const TABLE: &str = "
# 0.01873 x 30 = 0.56 + 1.50.
known | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | by=Keller |
  -> paid | 2.06 | 2.06 | | 2.06
out of network | Ana | 01-10 | Faraway | lisinopril 10 | 30 | 30 | 0 | |
  -> reject | 40 | out of network
for medicaid too | Dana | 01-10 | Faraway | lisinopril 10 | 30 | 30 | 0 | | -> reject | 40
no pharmacy | Ana | 01-10 | an unknown pharmacy | lisinopril 10 | 30 | 30 | 0 | |
  -> reject | 50 | 1999000064
sanctioned | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | by=Vance |
  -> reject | 71 | another prescriber
no prescriber | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | by=nobody |
  -> reject | 56 | 1999000148
# All that is wrong is told at once, what must be mended first comes first.
both | Ana | 01-10 | Faraway | lisinopril 10 | 30 | 30 | 0 | by=Vance | -> reject | 40 71
all | Ana | 01-10 | an unknown pharmacy | cetirizine OTC | 30 | 30 | 0 | by=nobody |
  -> reject | 50 56 MR
# Who is not covered hears of the pharmacy and the product, too.
not covered | Raj | 07-01 | an unknown pharmacy | an unknown NDC | 30 | 30 | 0 | |
  -> reject | 69 50 54
";

#[test]
fn providers_must_be_known_and_in_good_standing() {
    crate::play::check(TABLE);
}
