//! Compounds: paid by their ingredients, and decided by one of them.
//!
//! In the book `compounds` that is the most expensive one, in `compounds-by-tier` the one in the
//! highest tier. The preferred network adds 2.00 to 10.00 for levels of effort 11 to 15.

pub(crate) const TABLE: &str = "
# 0.01873 x 30 = 0.56 and 0.01394 x 60 = 0.84, with the fee of 1.50 2.90, and 6.00 for level 13.
mixed | Ana | 01-10 | Harborview | compound | 60 | 30 | 0
  | book=compounds mix=lisinopril_10*30,metformin_500*60 |
  -> paid | 2.90 | 2.90 | | 2.90 | | | tier 1; goes by its ingredient 65862-0008-01
effort | Ana | 01-10 | Harborview | compound | 60 | 30 | 0
  | book=compounds effort=13 mix=lisinopril_10*30,metformin_500*60 |
  -> paid | 8.90 | 8.90 | | 8.90 | | | level of effort 13
no effort | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | book=compounds effort=13 |
  -> paid | 2.06 | 2.06 | | 2.06
again | Ana | 01-10 | Harborview | compound | 60 | 30 | 0
  | book=compounds rx=mixed mix=lisinopril_10*30,metformin_500*60 | mixed
  -> duplicate | 2.90 | 2.90 | | 2.90
# Two compounds of the same quantity and days are told apart by what is in them.
another mix | Ana | 01-10 | Harborview | compound | 60 | 30 | 0
  | book=compounds rx=mixed mix=lisinopril_10*20,metformin_500*70 | mixed
  -> reject | 83 | reverse that claim first
# A brand decides: 11.86150 x 1.01 x 30 = 359.40 + 0.56 + 1.50 = 361.46; 40% of 111.46 = 44.584.
with a brand | Ana | 01-10 | Harborview | compound | 30 | 30 | 2
  | book=compounds mix=lisinopril_10*30,Norvasc_10*30 |
  -> paid | 361.46 | 294.58 | 250.00 | | 44.58 | | tier 4
# 0.26977 x 120 = 32.37 in tier 1, 5.92218 x 1 = 5.92 in tier 2, and 1.50.
by price | Ana | 01-10 | Harborview | compound | 30 | 30 | 0
  | book=compounds mix=topiramate_ER_50*1,mycophenolate_500*120 |
  -> paid | 39.79 | 10.00 | | 10.00 | | | tier 1
by tier | Ana | 01-10 | Harborview | compound | 30 | 30 | 0
  | book=compounds-by-tier mix=topiramate_ER_50*1,mycophenolate_500*120 |
  -> paid | 39.79 | 20.00 | | 20.00 | | | tier 2
due | Ana | 01-10 | Harborview | compound | 60 | 30 | 0
  | book=compounds due=2.00 mix=lisinopril_10*30,metformin_500*60 |
  -> paid | 2.00 | 2.00 | | 2.00 | | | basis gross amount due

# Latisse is excluded. Who takes payment for the others is paid for them.
excluded | Ana | 01-10 | Harborview | compound | 35 | 30 | 0
  | book=compounds mix=lisinopril_10*30,Latisse*5 |
  -> reject | 70 | not covered: 00023-3616-05; send 420-DK 8
approved | Ana | 01-10 | Harborview | compound | 35 | 30 | 0
  | book=compounds scc=8 mix=lisinopril_10*30,Latisse*5 |
  -> paid | 2.06 | 2.06 | | 2.06 | | | 00023-3616-05 is not covered and not paid
nothing approved | Ana | 01-10 | Harborview | compound | 5 | 30 | 0
  | book=compounds scc=8 mix=Latisse*5 | -> reject | 70 | not covered: 00023-3616-05
no ingredients | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | book=compounds compound |
  -> reject | 70 | needs its ingredients
not by this plan | Ana | 01-10 | Harborview | compound | 60 | 30 | 0
  | mix=lisinopril_10*30,metformin_500*60 | -> reject | 70 | does not cover compounds

# What decided counts for refills: metformin; 75% of 30 days is day 23, 02-02.
refill | Ana | 01-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=compounds | mixed
  -> reject | 79 | refill possible on 2026-02-02; next fill 02-02
other refill | Ana | 01-20 | Harborview | lisinopril 10 | 30 | 30 | 0 | book=compounds | mixed
  -> paid | 2.06 | 2.06 | | 2.06
# Every ingredient is reviewed, the small one, too: 0.08321 x 3.
allergy | Sam | 01-10 | Harborview | compound | 33 | 30 | 0
  | book=compounds mix=lisinopril_10*30,amoxicillin_500*3 | -> reject | 88 | allergy to penicillin

# Under Part D a compound has no maximum fair price, no maker's discount and no selected drug
# subsidy: Eliquis by contract, 5.52654 x 1.01 x 60 = 334.91, with 0.56 and 1.50 336.97, all of it
# in the deductible. Celebrex as in the year's tables, 474.64 + 0.56 + 1.50 = 476.70: 278.03 in
# the deductible and 25% of 198.67 = 49.67 of the rest, of which the plan pays 149.00.
no fair price | Grace | 01-05 | Harborview | compound | 90 | 30 | 0
  | book=compounds-part-d mix=lisinopril_10*30,Eliquis_5*60 |
  -> d | 336.97 | 336.97 | 336.97 | | | | | | | | 336.97 | 336.97
no discount | Grace | 01-10 | Harborview | compound | 60 | 30 | 0
  | book=compounds-part-d mix=lisinopril_10*30,Celebrex_200*30 | no fair price
  -> d | 476.70 | 327.70 | 278.03 | 198.67 | | | | | 149.00 | | 664.67 | 813.67

# Bought at a 340B price: the same amounts, and a mark.
clarified | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | scc=20 |
  -> paid | 2.06 | 2.06 | | 2.06 | | | bought it at a 340B price (420-DK 20); 340B yes
by its cost | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | cost-basis=8 |
  -> paid | 2.06 | 2.06 | | 2.06 | | | bought it at a 340B price (423-DN 08); 340B yes
neither | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | scc=5 cost-basis=1 |
  -> paid | 2.06 | 2.06 | | 2.06 | | | 340B no
";

#[test]
fn compounds_are_paid_by_their_ingredients() {
    crate::play::check(TABLE);
}
