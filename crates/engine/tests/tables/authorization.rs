//! Prior authorization and step therapy, and what is covered instead.

pub(crate) const TABLE: &str = "
# Ozempic is for type 2 diabetes. 331.99298 x 1.01 x 3 = 1005.94 + 1.50; 250.00 + 45.00.
no diagnosis | Ana | 01-05 | Harborview | Ozempic 1 | 3 | 28 | 0 | |
  -> reject | 75 | prior authorization required; E11
on the claim | Ana | 01-05 | Harborview | Ozempic 1 | 3 | 28 | 0 | diagnosis=E119 |
  -> paid | 1007.44 | 295.00 | 250.00 | 45.00 | | | met by diagnosis E119
on file | Eve | 01-05 | Harborview | Ozempic 1 | 3 | 28 | 0 | |
  -> paid | 1007.44 | 295.00 | 250.00 | 45.00 | | | met by diagnosis E119
type 1 | Ana | 01-05 | Harborview | Ozempic 1 | 3 | 28 | 0 | diagnosis=E109 | -> reject | 75
# Mounjaro is also specialty by its cost: 1088.26 + 1.50; 250.00 + 25% of 839.76 = 209.94.
mounjaro | Ana | 01-05 | Harborview | Mounjaro 5 | 2 | 28 | 0 | diagnosis=E1165 |
  -> paid | 1089.76 | 459.94 | 250.00 | | 209.94 | | tier 5
mounjaro no | Ana | 01-05 | Harborview | Mounjaro 5 | 2 | 28 | 0 | | -> reject | 75
# No diagnosis replaces a review of these.
isotretinoin | Ana | 01-05 | Harborview | Claravis 40 | 60 | 30 | 0 | diagnosis=L700 |
  -> reject | 75 | prescriber must ask the plan
isotretinoin long | Ana | 01-05 | Harborview | Claravis 40 | 62 | 31 | 0 | |
  -> reject | 75 7X | at most 30 days
# Adalimumab: a review, the specialty pharmacy, 30 days.
humira | Ana | 01-05 | Summit | Humira 40 | 2 | 28 | 0 | diagnosis=M069 by=Keller | -> reject | 75
humira retail | Ana | 01-05 | Harborview | Humira 40 | 2 | 28 | 0 | |
  -> reject | 40 75 | specialty pharmacy of the plan only
humira long | Ana | 01-05 | Summit | Humira 40 | 3 | 31 | 0 | |
  -> reject | 75 7X | at most 30 days

# Farxiga after 30 days of metformin within 180. 12.07753 x 1.01 x 30 = 365.95 + 1.50.
# What is covered instead is Jardiance, at 250.00 + 45.00 today.
no metformin | Ana | 07-01 | Harborview | Farxiga 10 | 30 | 30 | 0 | |
  -> reject | 608 | metformin first: 30 days; Jardiance 10 mg tablet (patient pays $295.00)
# 0.01394 x 60 = 0.84 + 1.50.
metformin | Ana | 01-02 | Harborview | metformin 500 | 60 | 30 | 0 | |
  -> paid | 2.34 | 2.34 | | 2.34
# 01-02 + 180 = 07-01.
day 180 | Ana | 07-01 | Harborview | Farxiga 10 | 30 | 30 | 0 | | metformin
  -> paid | 367.45 | 295.00 | 250.00 | 45.00 | | | step therapy is met
day 181 | Ana | 07-02 | Harborview | Farxiga 10 | 30 | 30 | 0 | | metformin -> reject | 608
# 0.01394 x 58 = 0.81 + 1.50.
29 days | Ana | 01-02 | Harborview | metformin 500 | 58 | 29 | 0 | |
  -> paid | 2.31 | 2.31 | | 2.31
after 29 days | Ana | 02-02 | Harborview | Farxiga 10 | 30 | 30 | 0 | | 29 days
  -> reject | 608 | found 29 days
# Two fills of 15 days are 30. 0.01394 x 30 = 0.42 + 1.50.
fifteen | Ana | 01-02 | Harborview | metformin 500 | 30 | 15 | 0 | |
  -> paid | 1.92 | 1.92 | | 1.92
fifteen more | Ana | 01-17 | Harborview | metformin 500 | 30 | 15 | 0 | | fifteen
  -> paid | 1.92 | 1.92 | | 1.92
after both | Ana | 02-02 | Harborview | Farxiga 10 | 30 | 30 | 0 | | fifteen more
  -> paid | 367.45 | 295.00 | 250.00 | 45.00
not his | Luis | 02-02 | Harborview | Farxiga 10 | 30 | 30 | 0 | | metformin -> reject | 608
given back | reverse metformin | metformin -> reversed
after reversal | Ana | 02-02 | Harborview | Farxiga 10 | 30 | 30 | 0 | | given back -> reject | 608
";

#[test]
fn what_must_come_first_comes_first() {
    crate::play::check(TABLE);
}
