//! The high-deductible plan: $1,700 alone, $3,400 as a family in aggregate, then 20%; at most
//! $4,000 a person and $8,000 a family, embedded.

pub(crate) const TABLE: &str = "
# Everything but preventive drugs comes under the deductible, generics too.
generic | Wei | 01-05 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> paid | 2.06 | 2.06 | 2.06 | | | | deductible left 3397.94
# Aggregate: one person may carry more than 1,700.00 of a family's deductible.
# 17.38977 x 1.01 x 120 = 2107.64 + 1.50.
wei | Wei | 01-05 | Harborview | CellCept 500 | 120 | 30 | 0 | |
  -> paid | 2109.14 | 2109.14 | 2109.14 | | | | deductible left 1290.86
# His wife meets the rest: 818.28 are left of the price, 20% = 163.656.
lin | Lin | 01-06 | Harborview | CellCept 500 | 120 | 30 | 0 | | wei
  -> paid | 2109.14 | 1454.52 | 1290.86 | | 163.66 | | deductible left 0.00
wei again | Wei | 01-07 | Harborview | Januvia 100 | 30 | 30 | 0 | | lin
  -> paid | 321.30 | 64.26 | | | 64.26 | | out of pocket so far 2173.40
# Alone it is 1,700.00: 409.14 are left, 20% = 81.828.
alone | Hal | 01-05 | Harborview | CellCept 500 | 120 | 30 | 0 | |
  -> paid | 2109.14 | 1781.83 | 1700.00 | | 81.83 | | deductible left 0.00

# The maximum is each person's own. 1965.54: 1290.86 + 20% of 674.68 = 134.936.
second | Wei | 01-05 | Harborview | Effexor XR 150 | 90 | 90 | 0 | | wei
  -> paid | 1965.54 | 1425.80 | 1290.86 | | 134.94 | | out of pocket left 465.06
# 20% of 1741.91 = 348.382.
third | Wei | 01-05 | Harborview | Lipitor 20 | 90 | 90 | 0 | | second
  -> paid | 1741.91 | 348.38 | | | 348.38 | | out of pocket left 116.68
# 20% of 1425.42 = 285.08, held to 116.68.
fourth | Wei | 01-05 | Harborview | Celebrex 200 | 90 | 90 | 0 | | third
  -> paid | 1425.42 | 116.68 | | | 116.68 | | out of pocket so far 4000.00
# His wife still pays 20%: of 1079.71 = 215.942.
his wife | Lin | 01-06 | Harborview | Norvasc 10 | 90 | 90 | 0 | | fourth
  -> paid | 1079.71 | 215.94 | | | 215.94 | | out of pocket left 3784.06
";

#[test]
fn the_high_deductible_is_the_familys() {
    crate::play::check(TABLE);
}
