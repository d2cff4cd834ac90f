//! How many days at once, and as how many copays they count.

pub(crate) const TABLE: &str = "
# PPO, retail: 34 days at one copay, 60 at two, 90 at three. Mycophenolate is tier 1, $10:
# 0.26977 x 136 = 36.69, x 140 = 37.77, x 240 = 64.74, x 244 = 65.82, x 360 = 97.12; + 1.50.
34 days | Ana | 01-10 | Harborview | mycophenolate 500 | 136 | 34 | 0 | |
  -> paid | 38.19 | 10.00 | | 10.00 | | | copay of $10.00 x 1
35 days | Ana | 01-10 | Harborview | mycophenolate 500 | 140 | 35 | 0 | |
  -> paid | 39.27 | 20.00 | | 20.00 | | | copay of $10.00 x 2
60 days | Ana | 01-10 | Harborview | mycophenolate 500 | 240 | 60 | 0 | |
  -> paid | 66.24 | 20.00 | | 20.00
61 days | Ana | 01-10 | Harborview | mycophenolate 500 | 244 | 61 | 0 | |
  -> paid | 67.32 | 30.00 | | 30.00
90 days | Ana | 01-10 | Harborview | mycophenolate 500 | 360 | 90 | 0 | |
  -> paid | 98.62 | 30.00 | | 30.00 | | | copay of $10.00 x 3
91 days | Ana | 01-10 | Harborview | mycophenolate 500 | 364 | 91 | 0 | |
  -> reject | 7X | at most 90 days

# Mail: up to 90 days at one mail share, however few they are. x 0.98 x 120 = 31.72.
mail 30 | Ana | 01-10 | mail | mycophenolate 500 | 120 | 30 | 0 | |
  -> paid | 31.72 | 25.00 | | 25.00
mail 90 | Ana | 01-10 | mail | mycophenolate 500 | 360 | 90 | 0 | |
  -> paid | 95.17 | 25.00 | | 25.00
mail 91 | Ana | 01-10 | mail | mycophenolate 500 | 364 | 91 | 0 | | -> reject | 7X | at most 90 days

# The cap of a coinsurance counts as often as a copay would: 250.00, 500.00, 750.00.
met | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
# 1309.36 + 1.50; 40% = 524.34.
cap twice | Ana | 01-10 | Harborview | Effexor XR 150 | 60 | 60 | 0 | | met
  -> paid | 1310.86 | 500.00 | | | 500.00
# 1964.04 + 1.50; 40% = 786.22.
cap three times | Ana | 01-10 | Harborview | Effexor XR 150 | 90 | 90 | 0 | | met
  -> paid | 1965.54 | 750.00 | | | 750.00

# Specialty: 30 days, at any pharmacy. 975.44 at NADAC; 250.00, then 25% of 725.44 = 181.36.
specialty 30 | Ana | 01-10 | Summit | Trulicity 0.75 | 2 | 30 | 0 | |
  -> paid | 975.44 | 431.36 | 250.00 | | 181.36
specialty 31 | Ana | 01-10 | Harborview | Trulicity 0.75 | 2 | 31 | 0 | |
  -> reject | 7X | at most 30 days
# Longer than the drug and the pharmacy allow is still one mistake, told once.
specialty 35 | Ana | 01-10 | Summit | Trulicity 0.75 | 2.5 | 35 | 0 | |
  -> reject | 7X | at most 30 days
specialty 91 | Ana | 01-10 | Harborview | Trulicity 0.75 | 6.5 | 91 | 0 | |
  -> reject | 7X | at most 30 days

# Medicaid: 34 days. 0.01873 x 34 = 0.64 + 10.50.
medicaid 34 | Dana | 01-10 | Harborview | lisinopril 10 | 34 | 34 | 0 | |
  -> paid | 11.14 | 1.00 | | 1.00
medicaid 35 | Dana | 01-10 | Harborview | lisinopril 10 | 35 | 35 | 0 | |
  -> reject | 7X | at most 34 days
";

#[test]
fn a_supply_counts_as_copays_up_to_its_limit() {
    crate::play::check(TABLE);
}
