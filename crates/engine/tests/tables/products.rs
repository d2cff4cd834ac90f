//! What is dispensed: known, sold, covered.

pub(crate) const TABLE: &str = "
unknown | Ana | 01-10 | Harborview | an unknown NDC | 30 | 30 | 0 | |
  -> reject | 54 | 99999-9999-99
# The maker's last day is 03-31. 0.02587 x 30 = 0.78 + 1.50.
last day | Ana | 03-31 | Harborview | lisinopril 20 | 30 | 30 | 0 | book=stopped |
  -> paid | 2.28 | 2.28 | | 2.28
day after | Ana | 04-01 | Harborview | lisinopril 20 | 30 | 30 | 0 | book=stopped |
  -> reject | 77 | 2026-03-31
cosmetic | Ana | 01-10 | Harborview | Latisse | 5 | 30 | 0 | | -> reject | 70 | cosmetic use
weight loss | Ana | 01-10 | Harborview | Saxenda | 15 | 30 | 0 | | -> reject | 70 | weight-loss
infertility | Ana | 01-10 | Harborview | clomiphene 50 | 5 | 5 | 0 | | -> reject | 70 | infertility
compound | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | compound |
  -> reject | 70 | compounds
without prescription | Ana | 01-10 | Harborview | cetirizine OTC | 30 | 30 | 0 | |
  -> reject | MR | does not list

# D.0 has room for five. Nitroglycerin (3.53 + 1.50) makes a sixth reason for sildenafil.
nitrate | Ana | 01-05 | Harborview | nitroglycerin 0.4 | 25 | 30 | 0 | |
  -> paid | 5.03 | 5.03 | | 5.03
five | Ana | 01-10 | Faraway | sildenafil 100 | 7 | 30 | 0 | by=nobody received=01-09 | nitrate
  -> reject | 40 56 82 61 9G
";

#[test]
fn products_must_be_known_sold_and_covered() {
    crate::play::check(TABLE);
}
