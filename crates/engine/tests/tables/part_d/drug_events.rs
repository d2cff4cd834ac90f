//! What CMS is told of a claim of Part D, field by field. Prices are those of the years beside:
//! at Harborview, with its fee of 1.50, Eliquis costs 231.00 + 1.50 and is a selected drug,
//! Celebrex 474.64 + 1.50 and Lantus 186.60 + 1.50, both applicable, metformin 0.84 + 1.50.

pub(crate) const TABLE: &str = "\
# All in the deductible: the member pays it, and what is left of it is left.
event E1 | Grace | 01-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | |
  -> d | 232.50 | 232.50 | 232.50 | | | | | | | | 232.50 | 232.50
   | PDE D to D; ingredient 231.00; fee 1.50; GDCB 232.50; patient 232.50
# 615.00 - 232.50 = 382.50 in the deductible, then 25% of 93.64 = 23.41; maker 10% = 9.36. The plan
# paid 476.14 - 382.50 - 23.41 - 9.36 = 60.87. The accumulators are those before the claim.
event C1 | Grace | 01-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | | event E1
  -> d | 476.14 | 405.91 | 382.50 | 93.64 | | | 9.36 | | 60.87 | | 638.41 | 708.64
   | PDE D to N; GDCB 476.14; patient 405.91; CPP 60.87; discount 9.36; TGCDCA 232.50
   | TrOOP 232.50
# Insulin passes the deductible by, so it begins in initial coverage: 35.00, and no discount before
# the deductible is met. The plan paid 188.10 - 35.00 = 153.10.
event L1 | Grace | 01-05 | Harborview | Lantus | 30 | 30 | 0 | |
  -> d | 188.10 | 35.00 | | 188.10 | | | | | 153.10 | | 35.00 | 188.10
   | PDE N to N; ingredient 186.60; patient 35.00; CPP 153.10
# A selected drug: 25% of 232.50 = 58.13. The plan paid the rest, 232.50 - 58.13 = 174.37, of which
# CMS gives back 23.25 as selected drug subsidy.
event E2 | Grace | 02-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | carried=700.00 |
  -> d | 232.50 | 58.13 | | 232.50 | | | | 23.25 | 151.12 | | 758.13 | 232.50
   | PDE N to N; ingredient; CPP 174.37; TrOOP 700.00
# 2,041.87 + 58.13 = 2,100.00: the attachment point is met, and nothing lies above it.
event E3 | Grace | 02-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | carried=2041.87 |
  -> d | 232.50 | 58.13 | | 232.50 | | | | 23.25 | 151.12 | | 2100.00 | 232.50
   | PDE N to C A; ingredient; GDCB 232.50; patient; TrOOP 2041.87
# Level 1, 91.31 left: 91.31 / 25% = 365.24 below, 110.90 above. A copay of 12.65 and LICS 78.66.
# Maker 36.52 + 22.18 = 58.70. The plan paid 476.14 - 91.31 - 58.70 = 326.13, of which CMS gives
# back 20% of 110.90 = 22.18.
event C2 | Peter | 08-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | carried=2008.69 |
  -> d | 476.14 | 12.65 | | 365.24 | 110.90 | 78.66 | 58.70 | 22.18 | 303.95 | | 2100.00 | 476.14
   | PDE N to C A; GDCB 365.24; GDCA 110.90; patient 12.65; LICS 78.66; CPP 326.13
   | discount 58.70
# Above: maker 20% = 95.23; the plan paid 476.14 - 95.23 = 380.91, of which CMS gives back 95.23.
event C3 | Peter | 09-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | carried=2100.00 |
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2100.00 | 476.14
   | PDE C to C C; GDCA 476.14; CPP 380.91; discount 95.23
# The subsidy pays the deductible of 232.50 but for 12.65: it is in the deductible all the same.
event E4 | Peter | 01-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | |
  -> d | 232.50 | 12.65 | 232.50 | | | 219.85 | | | | | 232.50 | 232.50
   | PDE D to D; patient 12.65; LICS 219.85
# Enhanced, with a deductible of 200.00 of its own: 200.00 and 32.50 of a copay of 47.00 end it.
event E5 | Grace | 01-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=enhanced |
  -> d | 232.50 | 232.50 | 232.50 | | | | | | | | 232.50 | 232.50
   | PDE D to N; patient 232.50
# The plan's deductible is met; the standard's has 382.50 left. The standard share is 382.50 + 25%
# of 93.64 = 405.91, the plan's 40% = 190.46: the plan pays 215.45 beside its 60.87.
event C4 | Grace | 01-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=enhanced | event E5
  -> d | 476.14 | 190.46 | 382.50 | 93.64 | | | 9.36 | | 60.87 | 215.45 | 638.41 | 708.64
   | PDE N to N; patient 190.46; CPP 60.87; NPP 215.45; discount 9.36
# The plan's copay of 5.00, held to 2.34, is above the standard's 0.59: NPP is 0.59 - 2.34 = -1.75.
event M1 | Grace | 01-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=enhanced | event C4
  -> d | 2.34 | 2.34 | | 2.34 | | | | | 1.75 | -1.75 | 640.75 | 710.98
   | PDE N to N; CPP 1.75; NPP -1.75
";

#[test]
fn what_cms_is_told() {
    crate::play::check(TABLE);
}
