//! The out-of-pocket maximum of the PPO: $3,000 a person, $6,000 a family, embedded.

pub(crate) const TABLE: &str = "
# Six brands for 90 days each. A 90-day supply counts as three copays, so tier 4 is 40%, at
# most 750.00.
# 1964.04 + 1.50; 250.00, then 40% of 1715.54 = 686.22 (686.216).
ana 1 | Ana | 01-05 | Harborview | Effexor XR 150 | 90 | 90 | 0 | |
  -> paid | 1965.54 | 936.22 | 250.00 | | 686.22 | | out of pocket so far 936.22
# 1740.41 + 1.50; 40% = 696.764.
ana 2 | Ana | 01-05 | Harborview | Lipitor 20 | 90 | 90 | 0 | | ana 1
  -> paid | 1741.91 | 696.76 | | | 696.76 | | out of pocket so far 1632.98
# 1423.92 + 1.50; 40% = 570.168.
ana 3 | Ana | 01-05 | Harborview | Celebrex 200 | 90 | 90 | 0 | | ana 2
  -> paid | 1425.42 | 570.17 | | | 570.17 | | out of pocket so far 2203.15
# 1078.21 + 1.50; 40% = 431.884.
ana 4 | Ana | 01-05 | Harborview | Norvasc 10 | 90 | 90 | 0 | | ana 3
  -> paid | 1079.71 | 431.88 | | | 431.88 | | out of pocket so far 2635.03
# 819.74 + 1.50; 40% = 328.496.
ana 5 | Ana | 01-05 | Harborview | Celexa 20 | 90 | 90 | 0 | | ana 4
  -> paid | 821.24 | 328.50 | | | 328.50 | | out of pocket left 36.47
# 959.40 + 1.50; three copays of 45.00 are held to the 36.47 that are left.
ana 6 | Ana | 01-05 | Harborview | Januvia 100 | 90 | 90 | 0 | | ana 5
  -> paid | 960.90 | 36.47 | | 36.47 | | | out of pocket left 0.00; maximum had $36.47 left
# From here on nothing: 179.17 is the plan's alone.
ana 7 | Ana | 01-06 | Harborview | topiramate ER 50 | 30 | 30 | 0 | | ana 6
  -> paid | 179.17 | 0.00 | | | | | out of pocket so far 3000.00
# But the price of choosing a brand counts toward nothing, so the maximum does not stop it:
# 31.84 + 1.50 against 0.95 + 1.50.
ana 8 | Ana | 01-06 | Harborview | Lasix 40 | 30 | 30 | 2 | | ana 6
  -> paid | 33.34 | 30.89 | | | | 30.89 | out of pocket so far 3000.00
# The father has a maximum of his own.
luis 1 | Luis | 01-05 | Harborview | Effexor XR 150 | 90 | 90 | 0 | | ana 6
  -> paid | 1965.54 | 936.22 | 250.00 | | 686.22 | | out of pocket left 2063.78

# Two at 2963.53 each leave 72.94 of the family's 6,000.00.
l1 | Luis | 01-05 | Harborview | Effexor XR 150 | 90 | 90 | 0 | | ana 5
  -> paid | 1965.54 | 936.22 | 250.00 | | 686.22
l2 | Luis | 01-05 | Harborview | Lipitor 20 | 90 | 90 | 0 | | l1
  -> paid | 1741.91 | 696.76 | | | 696.76
l3 | Luis | 01-05 | Harborview | Celebrex 200 | 90 | 90 | 0 | | l2
  -> paid | 1425.42 | 570.17 | | | 570.17
l4 | Luis | 01-05 | Harborview | Norvasc 10 | 90 | 90 | 0 | | l3
  -> paid | 1079.71 | 431.88 | | | 431.88
l5 | Luis | 01-05 | Harborview | Celexa 20 | 90 | 90 | 0 | | l4
  -> paid | 821.24 | 328.50 | | | 328.50 | | out of pocket left 36.47
# The family's deductible is met by the two.
m1 | Mia | 01-06 | Harborview | Januvia 100 | 30 | 30 | 0 | | l5
  -> paid | 321.30 | 45.00 | | 45.00 | | | out of pocket left 27.94
m2 | Mia | 01-06 | Harborview | topiramate ER 50 | 30 | 30 | 0 | | m1
  -> paid | 179.17 | 20.00 | | 20.00 | | | out of pocket left 7.94
m3 | Mia | 01-06 | Harborview | mycophenolate 500 | 120 | 30 | 0 | | m2
  -> paid | 33.87 | 7.94 | | 7.94 | | | family's out-of-pocket maximum had $7.94 left
# The father has 36.47 of his own left, the family nothing.
l6 | Luis | 01-06 | Harborview | topiramate ER 50 | 30 | 30 | 0 | | m3
  -> paid | 179.17 | 0.00 | | | | | out of pocket left 0.00
";

#[test]
fn nobody_pays_beyond_the_maximum() {
    crate::play::check(TABLE);
}
