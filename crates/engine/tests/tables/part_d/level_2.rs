//! A year with the low-income subsidy of level 2: at most 1.60 for a generic and 4.90 for
//! another drug.

pub(crate) const TABLE: &str = "\
# Prices at Harborview, with its fee of 1.50: Eliquis 3.85 x 60 = 231.00, its maximum fair price,
# against 5.52654 x 1.01 x 60 = 334.91; Celebrex 15.66469 x 1.01 x 30 = 474.64; Lantus, 30 mL,
# 6.15842 x 1.01 x 30 = 186.60; metformin 0.01394 x 60 = 0.84. Eliquis is a selected drug,
# Celebrex and Lantus are applicable drugs, metformin is neither.
# All in the deductible, which had 615.00 left. A copay of 4.90, LICS 227.60.
Jan E | Saul | 01-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | |
  -> d | 232.50 | 4.90 | 232.50 | | | 227.60 | | | | | 232.50 | 232.50
# 382.50 in the deductible, then 25% of 93.64 = 23.41. A copay of 4.90, LICS 401.01. Maker 10% of
# 93.64 = 9.36.
Jan C | Saul | 01-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | | Jan E
  -> d | 476.14 | 4.90 | 382.50 | 93.64 | | 401.01 | 9.36 | | 60.87 | | 638.41 | 708.64
# Insulin, no deductible: 35.00 or 25% = 47.025, the less. A copay of 4.90, LICS 30.10. Maker 10%
# of 188.10 = 18.81.
Jan L | Saul | 01-15 | Harborview | Lantus | 30 | 30 | 0 | | Jan C
  -> d | 188.10 | 4.90 | | 188.10 | | 30.10 | 18.81 | | 134.29 | | 673.41 | 896.74
# 25% of 2.34 = 0.585. A copay of 1.60 is no less.
Jan M | Saul | 01-20 | Harborview | metformin 500 | 60 | 30 | 0 | | Jan L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 674.00 | 899.08
# 25% of 232.50 = 58.125. A copay of 4.90, LICS 53.23. CMS 10% of 232.50 = 23.25.
Feb E | Saul | 02-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | | Jan M
  -> d | 232.50 | 4.90 | | 232.50 | | 53.23 | | 23.25 | 151.12 | | 732.13 | 1131.58
# 25% of 476.14 = 119.035. A copay of 4.90, LICS 114.14. Maker 10% of 476.14 = 47.61.
Feb C | Saul | 02-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | | Feb E
  -> d | 476.14 | 4.90 | | 476.14 | | 114.14 | 47.61 | | 309.49 | | 851.17 | 1607.72
# Insulin, no deductible: 35.00 or 25% = 47.025, the less. A copay of 4.90, LICS 30.10. Maker 10%
# of 188.10 = 18.81.
Feb L | Saul | 02-15 | Harborview | Lantus | 30 | 30 | 0 | | Feb C
  -> d | 188.10 | 4.90 | | 188.10 | | 30.10 | 18.81 | | 134.29 | | 886.17 | 1795.82
# 25% of 2.34 = 0.585. A copay of 1.60 is no less.
Feb M | Saul | 02-20 | Harborview | metformin 500 | 60 | 30 | 0 | | Feb L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 886.76 | 1798.16
# 25% of 232.50 = 58.125. A copay of 4.90, LICS 53.23. CMS 10% of 232.50 = 23.25.
Mar E | Saul | 03-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | | Feb M
  -> d | 232.50 | 4.90 | | 232.50 | | 53.23 | | 23.25 | 151.12 | | 944.89 | 2030.66
# 25% of 476.14 = 119.035. A copay of 4.90, LICS 114.14. Maker 10% of 476.14 = 47.61.
Mar C | Saul | 03-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | | Mar E
  -> d | 476.14 | 4.90 | | 476.14 | | 114.14 | 47.61 | | 309.49 | | 1063.93 | 2506.80
# Insulin, no deductible: 35.00 or 25% = 47.025, the less. A copay of 4.90, LICS 30.10. Maker 10%
# of 188.10 = 18.81.
Mar L | Saul | 03-15 | Harborview | Lantus | 30 | 30 | 0 | | Mar C
  -> d | 188.10 | 4.90 | | 188.10 | | 30.10 | 18.81 | | 134.29 | | 1098.93 | 2694.90
# 25% of 2.34 = 0.585. A copay of 1.60 is no less.
Mar M | Saul | 03-20 | Harborview | metformin 500 | 60 | 30 | 0 | | Mar L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 1099.52 | 2697.24
# 25% of 232.50 = 58.125. A copay of 4.90, LICS 53.23. CMS 10% of 232.50 = 23.25.
Apr E | Saul | 04-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | | Mar M
  -> d | 232.50 | 4.90 | | 232.50 | | 53.23 | | 23.25 | 151.12 | | 1157.65 | 2929.74
# 25% of 476.14 = 119.035. A copay of 4.90, LICS 114.14. Maker 10% of 476.14 = 47.61.
Apr C | Saul | 04-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | | Apr E
  -> d | 476.14 | 4.90 | | 476.14 | | 114.14 | 47.61 | | 309.49 | | 1276.69 | 3405.88
# Insulin, no deductible: 35.00 or 25% = 47.025, the less. A copay of 4.90, LICS 30.10. Maker 10%
# of 188.10 = 18.81.
Apr L | Saul | 04-15 | Harborview | Lantus | 30 | 30 | 0 | | Apr C
  -> d | 188.10 | 4.90 | | 188.10 | | 30.10 | 18.81 | | 134.29 | | 1311.69 | 3593.98
# 25% of 2.34 = 0.585. A copay of 1.60 is no less.
Apr M | Saul | 04-20 | Harborview | metformin 500 | 60 | 30 | 0 | | Apr L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 1312.28 | 3596.32
# 25% of 232.50 = 58.125. A copay of 4.90, LICS 53.23. CMS 10% of 232.50 = 23.25.
May E | Saul | 05-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | | Apr M
  -> d | 232.50 | 4.90 | | 232.50 | | 53.23 | | 23.25 | 151.12 | | 1370.41 | 3828.82
# 25% of 476.14 = 119.035. A copay of 4.90, LICS 114.14. Maker 10% of 476.14 = 47.61.
May C | Saul | 05-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | | May E
  -> d | 476.14 | 4.90 | | 476.14 | | 114.14 | 47.61 | | 309.49 | | 1489.45 | 4304.96
# Insulin, no deductible: 35.00 or 25% = 47.025, the less. A copay of 4.90, LICS 30.10. Maker 10%
# of 188.10 = 18.81.
May L | Saul | 05-15 | Harborview | Lantus | 30 | 30 | 0 | | May C
  -> d | 188.10 | 4.90 | | 188.10 | | 30.10 | 18.81 | | 134.29 | | 1524.45 | 4493.06
# 25% of 2.34 = 0.585. A copay of 1.60 is no less.
May M | Saul | 05-20 | Harborview | metformin 500 | 60 | 30 | 0 | | May L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 1525.04 | 4495.40
# 25% of 232.50 = 58.125. A copay of 4.90, LICS 53.23. CMS 10% of 232.50 = 23.25.
Jun E | Saul | 06-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | | May M
  -> d | 232.50 | 4.90 | | 232.50 | | 53.23 | | 23.25 | 151.12 | | 1583.17 | 4727.90
# 25% of 476.14 = 119.035. A copay of 4.90, LICS 114.14. Maker 10% of 476.14 = 47.61.
Jun C | Saul | 06-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | | Jun E
  -> d | 476.14 | 4.90 | | 476.14 | | 114.14 | 47.61 | | 309.49 | | 1702.21 | 5204.04
# Insulin, no deductible: 35.00 or 25% = 47.025, the less. A copay of 4.90, LICS 30.10. Maker 10%
# of 188.10 = 18.81.
Jun L | Saul | 06-15 | Harborview | Lantus | 30 | 30 | 0 | | Jun C
  -> d | 188.10 | 4.90 | | 188.10 | | 30.10 | 18.81 | | 134.29 | | 1737.21 | 5392.14
# 25% of 2.34 = 0.585. A copay of 1.60 is no less.
Jun M | Saul | 06-20 | Harborview | metformin 500 | 60 | 30 | 0 | | Jun L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 1737.80 | 5394.48
# 25% of 232.50 = 58.125. A copay of 4.90, LICS 53.23. CMS 10% of 232.50 = 23.25.
Jul E | Saul | 07-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | | Jun M
  -> d | 232.50 | 4.90 | | 232.50 | | 53.23 | | 23.25 | 151.12 | | 1795.93 | 5626.98
# 25% of 476.14 = 119.035. A copay of 4.90, LICS 114.14. Maker 10% of 476.14 = 47.61.
Jul C | Saul | 07-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | | Jul E
  -> d | 476.14 | 4.90 | | 476.14 | | 114.14 | 47.61 | | 309.49 | | 1914.97 | 6103.12
# Insulin, no deductible: 35.00 or 25% = 47.025, the less. A copay of 4.90, LICS 30.10. Maker 10%
# of 188.10 = 18.81.
Jul L | Saul | 07-15 | Harborview | Lantus | 30 | 30 | 0 | | Jul C
  -> d | 188.10 | 4.90 | | 188.10 | | 30.10 | 18.81 | | 134.29 | | 1949.97 | 6291.22
# 25% of 2.34 = 0.585. A copay of 1.60 is no less.
Jul M | Saul | 07-20 | Harborview | metformin 500 | 60 | 30 | 0 | | Jul L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 1950.56 | 6293.56
# 25% of 232.50 = 58.125. A copay of 4.90, LICS 53.23. CMS 10% of 232.50 = 23.25.
Aug E | Saul | 08-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | | Jul M
  -> d | 232.50 | 4.90 | | 232.50 | | 53.23 | | 23.25 | 151.12 | | 2008.69 | 6526.06
# 25% of 476.14 = 119.035. 91.31 left to the threshold, so 91.31 / 25% = 365.24 below it. A copay
# of 4.90, LICS 86.41. Maker 10% of 365.24 and 20% of 110.90 = 58.70. CMS 20% of 110.90 = 22.18.
Aug C | Saul | 08-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | | Aug E
  -> d | 476.14 | 4.90 | | 365.24 | 110.90 | 86.41 | 58.70 | 22.18 | 303.95 | | 2100.00 | 7002.20
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Aug L | Saul | 08-15 | Harborview | Lantus | 30 | 30 | 0 | | Aug C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2100.00 | 7190.30
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Aug M | Saul | 08-20 | Harborview | metformin 500 | 60 | 30 | 0 | | Aug L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2100.00 | 7192.64
# Above the threshold nobody pays but plan 60%, CMS 40% = 93.00.
Sep E | Saul | 09-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | | Aug M
  -> d | 232.50 | 0.00 | | | 232.50 | | | 93.00 | 139.50 | | 2100.00 | 7425.14
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Sep C | Saul | 09-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | | Sep E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2100.00 | 7901.28
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Sep L | Saul | 09-15 | Harborview | Lantus | 30 | 30 | 0 | | Sep C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2100.00 | 8089.38
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Sep M | Saul | 09-20 | Harborview | metformin 500 | 60 | 30 | 0 | | Sep L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2100.00 | 8091.72
# Above the threshold nobody pays but plan 60%, CMS 40% = 93.00.
Oct E | Saul | 10-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | | Sep M
  -> d | 232.50 | 0.00 | | | 232.50 | | | 93.00 | 139.50 | | 2100.00 | 8324.22
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Oct C | Saul | 10-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | | Oct E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2100.00 | 8800.36
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Oct L | Saul | 10-15 | Harborview | Lantus | 30 | 30 | 0 | | Oct C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2100.00 | 8988.46
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Oct M | Saul | 10-20 | Harborview | metformin 500 | 60 | 30 | 0 | | Oct L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2100.00 | 8990.80
# Above the threshold nobody pays but plan 60%, CMS 40% = 93.00.
Nov E | Saul | 11-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | | Oct M
  -> d | 232.50 | 0.00 | | | 232.50 | | | 93.00 | 139.50 | | 2100.00 | 9223.30
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Nov C | Saul | 11-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | | Nov E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2100.00 | 9699.44
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Nov L | Saul | 11-15 | Harborview | Lantus | 30 | 30 | 0 | | Nov C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2100.00 | 9887.54
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Nov M | Saul | 11-20 | Harborview | metformin 500 | 60 | 30 | 0 | | Nov L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2100.00 | 9889.88
# Above the threshold nobody pays but plan 60%, CMS 40% = 93.00.
Dec E | Saul | 12-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | | Nov M
  -> d | 232.50 | 0.00 | | | 232.50 | | | 93.00 | 139.50 | | 2100.00 | 10122.38
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Dec C | Saul | 12-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | | Dec E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2100.00 | 10598.52
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Dec L | Saul | 12-15 | Harborview | Lantus | 30 | 30 | 0 | | Dec C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2100.00 | 10786.62
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Dec M | Saul | 12-20 | Harborview | metformin 500 | 60 | 30 | 0 | | Dec L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2100.00 | 10788.96
";

#[test]
fn a_year_at_level_2() {
    crate::play::check(TABLE);
}
