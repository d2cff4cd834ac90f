//! A year of an enhanced alternative: a deductible of 200.00 on tiers 3 to 5, then 5.00 in tier 1,
//! 47.00 in tier 3 and 40% in tier 4. Who pays what is measured against the standard benefit.

pub(crate) const TABLE: &str = "\
# Prices at Harborview, with its fee of 1.50: Eliquis 3.85 x 60 = 231.00, its maximum fair price,
# against 5.52654 x 1.01 x 60 = 334.91; Celebrex 15.66469 x 1.01 x 30 = 474.64; Lantus, 30 mL,
# 6.15842 x 1.01 x 30 = 186.60; metformin 0.01394 x 60 = 0.84. Eliquis is a selected drug,
# Celebrex and Lantus are applicable drugs, metformin is neither.
# All in the deductible, which had 615.00 left. The plan's own: 200.00 in its deductible and
# 47.00, of which 32.50 is left to pay.
Jan E | Grace | 01-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=enhanced |
  -> d | 232.50 | 232.50 | 232.50 | | | | | | | | 232.50 | 232.50
# 382.50 in the deductible, then 25% of 93.64 = 23.41. The plan's own: 40% of 476.14 = 190.46.
# Supplemental 405.91 - 190.46 = 215.45. Maker 10% of 93.64 = 9.36.
Jan C | Grace | 01-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=enhanced | Jan E
  -> d | 476.14 | 190.46 | 382.50 | 93.64 | | | 9.36 | | 60.87 | 215.45 | 638.41 | 708.64
# Insulin, no deductible: 35.00 or 25% = 47.025, the less. The plan's own: 47.00, held to 35.00.
# Maker 10% of 188.10 = 18.81.
Jan L | Grace | 01-15 | Harborview | Lantus | 30 | 30 | 0 | book=enhanced | Jan C
  -> d | 188.10 | 35.00 | | 188.10 | | | 18.81 | | 134.29 | | 673.41 | 896.74
# 25% of 2.34 = 0.585. The plan's own: 5.00, of which 2.34 is left to pay. Supplemental 0.59 -
# 2.34 = -1.75.
Jan M | Grace | 01-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=enhanced | Jan L
  -> d | 2.34 | 2.34 | | 2.34 | | | | | 1.75 | -1.75 | 675.75 | 899.08
# 25% of 232.50 = 58.125. The plan's own: 47.00. Supplemental 58.13 - 47.00 = 11.13. CMS 10% of
# 232.50 = 23.25.
Feb E | Grace | 02-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=enhanced | Jan M
  -> d | 232.50 | 47.00 | | 232.50 | | | | 23.25 | 151.12 | 11.13 | 733.88 | 1131.58
# 25% of 476.14 = 119.035. The plan's own: 40% of 476.14 = 190.46. Supplemental 119.04 - 190.46 =
# -71.42. Maker 10% of 476.14 = 47.61.
Feb C | Grace | 02-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=enhanced | Feb E
  -> d | 476.14 | 190.46 | | 476.14 | | | 47.61 | | 309.49 | -71.42 | 924.34 | 1607.72
# Insulin, no deductible: 35.00 or 25% = 47.025, the less. The plan's own: 47.00, held to 35.00.
# Maker 10% of 188.10 = 18.81.
Feb L | Grace | 02-15 | Harborview | Lantus | 30 | 30 | 0 | book=enhanced | Feb C
  -> d | 188.10 | 35.00 | | 188.10 | | | 18.81 | | 134.29 | | 959.34 | 1795.82
# 25% of 2.34 = 0.585. The plan's own: 5.00, of which 2.34 is left to pay. Supplemental 0.59 -
# 2.34 = -1.75.
Feb M | Grace | 02-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=enhanced | Feb L
  -> d | 2.34 | 2.34 | | 2.34 | | | | | 1.75 | -1.75 | 961.68 | 1798.16
# 25% of 232.50 = 58.125. The plan's own: 47.00. Supplemental 58.13 - 47.00 = 11.13. CMS 10% of
# 232.50 = 23.25.
Mar E | Grace | 03-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=enhanced | Feb M
  -> d | 232.50 | 47.00 | | 232.50 | | | | 23.25 | 151.12 | 11.13 | 1019.81 | 2030.66
# 25% of 476.14 = 119.035. The plan's own: 40% of 476.14 = 190.46. Supplemental 119.04 - 190.46 =
# -71.42. Maker 10% of 476.14 = 47.61.
Mar C | Grace | 03-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=enhanced | Mar E
  -> d | 476.14 | 190.46 | | 476.14 | | | 47.61 | | 309.49 | -71.42 | 1210.27 | 2506.80
# Insulin, no deductible: 35.00 or 25% = 47.025, the less. The plan's own: 47.00, held to 35.00.
# Maker 10% of 188.10 = 18.81.
Mar L | Grace | 03-15 | Harborview | Lantus | 30 | 30 | 0 | book=enhanced | Mar C
  -> d | 188.10 | 35.00 | | 188.10 | | | 18.81 | | 134.29 | | 1245.27 | 2694.90
# 25% of 2.34 = 0.585. The plan's own: 5.00, of which 2.34 is left to pay. Supplemental 0.59 -
# 2.34 = -1.75.
Mar M | Grace | 03-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=enhanced | Mar L
  -> d | 2.34 | 2.34 | | 2.34 | | | | | 1.75 | -1.75 | 1247.61 | 2697.24
# 25% of 232.50 = 58.125. The plan's own: 47.00. Supplemental 58.13 - 47.00 = 11.13. CMS 10% of
# 232.50 = 23.25.
Apr E | Grace | 04-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=enhanced | Mar M
  -> d | 232.50 | 47.00 | | 232.50 | | | | 23.25 | 151.12 | 11.13 | 1305.74 | 2929.74
# 25% of 476.14 = 119.035. The plan's own: 40% of 476.14 = 190.46. Supplemental 119.04 - 190.46 =
# -71.42. Maker 10% of 476.14 = 47.61.
Apr C | Grace | 04-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=enhanced | Apr E
  -> d | 476.14 | 190.46 | | 476.14 | | | 47.61 | | 309.49 | -71.42 | 1496.20 | 3405.88
# Insulin, no deductible: 35.00 or 25% = 47.025, the less. The plan's own: 47.00, held to 35.00.
# Maker 10% of 188.10 = 18.81.
Apr L | Grace | 04-15 | Harborview | Lantus | 30 | 30 | 0 | book=enhanced | Apr C
  -> d | 188.10 | 35.00 | | 188.10 | | | 18.81 | | 134.29 | | 1531.20 | 3593.98
# 25% of 2.34 = 0.585. The plan's own: 5.00, of which 2.34 is left to pay. Supplemental 0.59 -
# 2.34 = -1.75.
Apr M | Grace | 04-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=enhanced | Apr L
  -> d | 2.34 | 2.34 | | 2.34 | | | | | 1.75 | -1.75 | 1533.54 | 3596.32
# 25% of 232.50 = 58.125. The plan's own: 47.00. Supplemental 58.13 - 47.00 = 11.13. CMS 10% of
# 232.50 = 23.25.
May E | Grace | 05-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=enhanced | Apr M
  -> d | 232.50 | 47.00 | | 232.50 | | | | 23.25 | 151.12 | 11.13 | 1591.67 | 3828.82
# 25% of 476.14 = 119.035. The plan's own: 40% of 476.14 = 190.46. Supplemental 119.04 - 190.46 =
# -71.42. Maker 10% of 476.14 = 47.61.
May C | Grace | 05-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=enhanced | May E
  -> d | 476.14 | 190.46 | | 476.14 | | | 47.61 | | 309.49 | -71.42 | 1782.13 | 4304.96
# Insulin, no deductible: 35.00 or 25% = 47.025, the less. The plan's own: 47.00, held to 35.00.
# Maker 10% of 188.10 = 18.81.
May L | Grace | 05-15 | Harborview | Lantus | 30 | 30 | 0 | book=enhanced | May C
  -> d | 188.10 | 35.00 | | 188.10 | | | 18.81 | | 134.29 | | 1817.13 | 4493.06
# 25% of 2.34 = 0.585. The plan's own: 5.00, of which 2.34 is left to pay. Supplemental 0.59 -
# 2.34 = -1.75.
May M | Grace | 05-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=enhanced | May L
  -> d | 2.34 | 2.34 | | 2.34 | | | | | 1.75 | -1.75 | 1819.47 | 4495.40
# 25% of 232.50 = 58.125. The plan's own: 47.00. Supplemental 58.13 - 47.00 = 11.13. CMS 10% of
# 232.50 = 23.25.
Jun E | Grace | 06-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=enhanced | May M
  -> d | 232.50 | 47.00 | | 232.50 | | | | 23.25 | 151.12 | 11.13 | 1877.60 | 4727.90
# 25% of 476.14 = 119.035. The plan's own: 40% of 476.14 = 190.46. Supplemental 119.04 - 190.46 =
# -71.42. Maker 10% of 476.14 = 47.61.
Jun C | Grace | 06-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=enhanced | Jun E
  -> d | 476.14 | 190.46 | | 476.14 | | | 47.61 | | 309.49 | -71.42 | 2068.06 | 5204.04
# Insulin, no deductible: 35.00 or 25% = 47.025, the less. The plan's own: 47.00, held to 35.00.
# 31.94 of 35.00 left to the threshold: 171.65 of the price lie below it. Maker 10% of 171.65 and
# 20% of 16.45 = 20.46. CMS 20% of 16.45 = 3.29.
Jun L | Grace | 06-15 | Harborview | Lantus | 30 | 30 | 0 | book=enhanced | Jun C
  -> d | 188.10 | 31.94 | | 171.65 | 16.45 | | 20.46 | 3.29 | 132.41 | | 2100.00 | 5392.14
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Jun M | Grace | 06-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=enhanced | Jun L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2100.00 | 5394.48
# Above the threshold nobody pays but plan 60%, CMS 40% = 93.00.
Jul E | Grace | 07-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=enhanced | Jun M
  -> d | 232.50 | 0.00 | | | 232.50 | | | 93.00 | 139.50 | | 2100.00 | 5626.98
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Jul C | Grace | 07-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=enhanced | Jul E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2100.00 | 6103.12
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Jul L | Grace | 07-15 | Harborview | Lantus | 30 | 30 | 0 | book=enhanced | Jul C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2100.00 | 6291.22
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Jul M | Grace | 07-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=enhanced | Jul L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2100.00 | 6293.56
# Above the threshold nobody pays but plan 60%, CMS 40% = 93.00.
Aug E | Grace | 08-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=enhanced | Jul M
  -> d | 232.50 | 0.00 | | | 232.50 | | | 93.00 | 139.50 | | 2100.00 | 6526.06
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Aug C | Grace | 08-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=enhanced | Aug E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2100.00 | 7002.20
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Aug L | Grace | 08-15 | Harborview | Lantus | 30 | 30 | 0 | book=enhanced | Aug C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2100.00 | 7190.30
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Aug M | Grace | 08-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=enhanced | Aug L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2100.00 | 7192.64
# Above the threshold nobody pays but plan 60%, CMS 40% = 93.00.
Sep E | Grace | 09-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=enhanced | Aug M
  -> d | 232.50 | 0.00 | | | 232.50 | | | 93.00 | 139.50 | | 2100.00 | 7425.14
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Sep C | Grace | 09-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=enhanced | Sep E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2100.00 | 7901.28
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Sep L | Grace | 09-15 | Harborview | Lantus | 30 | 30 | 0 | book=enhanced | Sep C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2100.00 | 8089.38
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Sep M | Grace | 09-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=enhanced | Sep L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2100.00 | 8091.72
# Above the threshold nobody pays but plan 60%, CMS 40% = 93.00.
Oct E | Grace | 10-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=enhanced | Sep M
  -> d | 232.50 | 0.00 | | | 232.50 | | | 93.00 | 139.50 | | 2100.00 | 8324.22
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Oct C | Grace | 10-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=enhanced | Oct E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2100.00 | 8800.36
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Oct L | Grace | 10-15 | Harborview | Lantus | 30 | 30 | 0 | book=enhanced | Oct C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2100.00 | 8988.46
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Oct M | Grace | 10-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=enhanced | Oct L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2100.00 | 8990.80
# Above the threshold nobody pays but plan 60%, CMS 40% = 93.00.
Nov E | Grace | 11-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=enhanced | Oct M
  -> d | 232.50 | 0.00 | | | 232.50 | | | 93.00 | 139.50 | | 2100.00 | 9223.30
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Nov C | Grace | 11-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=enhanced | Nov E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2100.00 | 9699.44
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Nov L | Grace | 11-15 | Harborview | Lantus | 30 | 30 | 0 | book=enhanced | Nov C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2100.00 | 9887.54
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Nov M | Grace | 11-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=enhanced | Nov L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2100.00 | 9889.88
# Above the threshold nobody pays but plan 60%, CMS 40% = 93.00.
Dec E | Grace | 12-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=enhanced | Nov M
  -> d | 232.50 | 0.00 | | | 232.50 | | | 93.00 | 139.50 | | 2100.00 | 10122.38
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Dec C | Grace | 12-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=enhanced | Dec E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2100.00 | 10598.52
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Dec L | Grace | 12-15 | Harborview | Lantus | 30 | 30 | 0 | book=enhanced | Dec C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2100.00 | 10786.62
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Dec M | Grace | 12-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=enhanced | Dec L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2100.00 | 10788.96
";

#[test]
fn a_year_of_an_enhanced_alternative() {
    crate::play::check(TABLE);
}
