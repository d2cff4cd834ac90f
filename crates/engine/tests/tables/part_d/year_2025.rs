//! A year of the defined standard benefit of 2025: 590.00 in full, 25% until 2,000.00, then
//! nothing; no drug has a negotiated price yet. Then three months with the subsidy of level 1, at
//! 4.90 and 12.15.

pub(crate) const TABLE: &str = "\
# Prices at Harborview, with its fee of 1.50: Eliquis 5.52654 x 1.01 x 60 = 334.91; Celebrex
# 15.66469 x 1.01 x 30 = 474.64; Lantus, 30 mL, 6.15842 x 1.01 x 30 = 186.60; metformin
# 0.01394 x 60 = 0.84. All but metformin are applicable drugs.
# All in the deductible, which had 590.00 left.
Jan E | Paul | 2025-01-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 |
  -> d | 336.41 | 336.41 | 336.41 | | | | | | | | 336.41 | 336.41
# 253.59 in the deductible, then 25% of 222.55 = 55.6375. Maker 10% of 222.55 = 22.26.
Jan C | Paul | 2025-01-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | Jan E
  -> d | 476.14 | 309.23 | 253.59 | 222.55 | | | 22.26 | | 144.65 | | 645.64 | 812.55
# Insulin, no deductible: 25% = 47.025, but at most 35.00. Maker 10% of 188.10 = 18.81.
Jan L | Paul | 2025-01-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | Jan C
  -> d | 188.10 | 35.00 | | 188.10 | | | 18.81 | | 134.29 | | 680.64 | 1000.65
# 25% of 2.34 = 0.585.
Jan M | Paul | 2025-01-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | Jan L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 681.23 | 1002.99
# 25% of 336.41 = 84.1025. Maker 10% of 336.41 = 33.64.
Feb E | Paul | 2025-02-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 | Jan M
  -> d | 336.41 | 84.10 | | 336.41 | | | 33.64 | | 218.67 | | 765.33 | 1339.40
# 25% of 476.14 = 119.035. Maker 10% of 476.14 = 47.61.
Feb C | Paul | 2025-02-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | Feb E
  -> d | 476.14 | 119.04 | | 476.14 | | | 47.61 | | 309.49 | | 884.37 | 1815.54
# Insulin, no deductible: 25% = 47.025, but at most 35.00. Maker 10% of 188.10 = 18.81.
Feb L | Paul | 2025-02-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | Feb C
  -> d | 188.10 | 35.00 | | 188.10 | | | 18.81 | | 134.29 | | 919.37 | 2003.64
# 25% of 2.34 = 0.585.
Feb M | Paul | 2025-02-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | Feb L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 919.96 | 2005.98
# 25% of 336.41 = 84.1025. Maker 10% of 336.41 = 33.64.
Mar E | Paul | 2025-03-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 | Feb M
  -> d | 336.41 | 84.10 | | 336.41 | | | 33.64 | | 218.67 | | 1004.06 | 2342.39
# 25% of 476.14 = 119.035. Maker 10% of 476.14 = 47.61.
Mar C | Paul | 2025-03-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | Mar E
  -> d | 476.14 | 119.04 | | 476.14 | | | 47.61 | | 309.49 | | 1123.10 | 2818.53
# Insulin, no deductible: 25% = 47.025, but at most 35.00. Maker 10% of 188.10 = 18.81.
Mar L | Paul | 2025-03-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | Mar C
  -> d | 188.10 | 35.00 | | 188.10 | | | 18.81 | | 134.29 | | 1158.10 | 3006.63
# 25% of 2.34 = 0.585.
Mar M | Paul | 2025-03-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | Mar L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 1158.69 | 3008.97
# 25% of 336.41 = 84.1025. Maker 10% of 336.41 = 33.64.
Apr E | Paul | 2025-04-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 | Mar M
  -> d | 336.41 | 84.10 | | 336.41 | | | 33.64 | | 218.67 | | 1242.79 | 3345.38
# 25% of 476.14 = 119.035. Maker 10% of 476.14 = 47.61.
Apr C | Paul | 2025-04-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | Apr E
  -> d | 476.14 | 119.04 | | 476.14 | | | 47.61 | | 309.49 | | 1361.83 | 3821.52
# Insulin, no deductible: 25% = 47.025, but at most 35.00. Maker 10% of 188.10 = 18.81.
Apr L | Paul | 2025-04-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | Apr C
  -> d | 188.10 | 35.00 | | 188.10 | | | 18.81 | | 134.29 | | 1396.83 | 4009.62
# 25% of 2.34 = 0.585.
Apr M | Paul | 2025-04-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | Apr L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 1397.42 | 4011.96
# 25% of 336.41 = 84.1025. Maker 10% of 336.41 = 33.64.
May E | Paul | 2025-05-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 | Apr M
  -> d | 336.41 | 84.10 | | 336.41 | | | 33.64 | | 218.67 | | 1481.52 | 4348.37
# 25% of 476.14 = 119.035. Maker 10% of 476.14 = 47.61.
May C | Paul | 2025-05-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | May E
  -> d | 476.14 | 119.04 | | 476.14 | | | 47.61 | | 309.49 | | 1600.56 | 4824.51
# Insulin, no deductible: 25% = 47.025, but at most 35.00. Maker 10% of 188.10 = 18.81.
May L | Paul | 2025-05-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | May C
  -> d | 188.10 | 35.00 | | 188.10 | | | 18.81 | | 134.29 | | 1635.56 | 5012.61
# 25% of 2.34 = 0.585.
May M | Paul | 2025-05-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | May L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 1636.15 | 5014.95
# 25% of 336.41 = 84.1025. Maker 10% of 336.41 = 33.64.
Jun E | Paul | 2025-06-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 | May M
  -> d | 336.41 | 84.10 | | 336.41 | | | 33.64 | | 218.67 | | 1720.25 | 5351.36
# 25% of 476.14 = 119.035. Maker 10% of 476.14 = 47.61.
Jun C | Paul | 2025-06-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | Jun E
  -> d | 476.14 | 119.04 | | 476.14 | | | 47.61 | | 309.49 | | 1839.29 | 5827.50
# Insulin, no deductible: 25% = 47.025, but at most 35.00. Maker 10% of 188.10 = 18.81.
Jun L | Paul | 2025-06-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | Jun C
  -> d | 188.10 | 35.00 | | 188.10 | | | 18.81 | | 134.29 | | 1874.29 | 6015.60
# 25% of 2.34 = 0.585.
Jun M | Paul | 2025-06-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | Jun L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 1874.88 | 6017.94
# 25% of 336.41 = 84.1025. Maker 10% of 336.41 = 33.64.
Jul E | Paul | 2025-07-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 | Jun M
  -> d | 336.41 | 84.10 | | 336.41 | | | 33.64 | | 218.67 | | 1958.98 | 6354.35
# 25% of 476.14 = 119.035. 41.02 left to the threshold, so 41.02 / 25% = 164.08 below it. Maker
# 10% of 164.08 and 20% of 312.06 = 78.82. CMS 20% of 312.06 = 62.41.
Jul C | Paul | 2025-07-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | Jul E
  -> d | 476.14 | 41.02 | | 164.08 | 312.06 | | 78.82 | 62.41 | 293.89 | | 2000.00 | 6830.49
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Jul L | Paul | 2025-07-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | Jul C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2000.00 | 7018.59
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Jul M | Paul | 2025-07-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | Jul L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2000.00 | 7020.93
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 67.28.
Aug E | Paul | 2025-08-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 | Jul M
  -> d | 336.41 | 0.00 | | | 336.41 | | 67.28 | 67.28 | 201.85 | | 2000.00 | 7357.34
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Aug C | Paul | 2025-08-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | Aug E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2000.00 | 7833.48
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Aug L | Paul | 2025-08-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | Aug C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2000.00 | 8021.58
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Aug M | Paul | 2025-08-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | Aug L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2000.00 | 8023.92
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 67.28.
Sep E | Paul | 2025-09-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 | Aug M
  -> d | 336.41 | 0.00 | | | 336.41 | | 67.28 | 67.28 | 201.85 | | 2000.00 | 8360.33
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Sep C | Paul | 2025-09-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | Sep E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2000.00 | 8836.47
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Sep L | Paul | 2025-09-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | Sep C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2000.00 | 9024.57
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Sep M | Paul | 2025-09-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | Sep L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2000.00 | 9026.91
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 67.28.
Oct E | Paul | 2025-10-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 | Sep M
  -> d | 336.41 | 0.00 | | | 336.41 | | 67.28 | 67.28 | 201.85 | | 2000.00 | 9363.32
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Oct C | Paul | 2025-10-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | Oct E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2000.00 | 9839.46
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Oct L | Paul | 2025-10-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | Oct C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2000.00 | 10027.56
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Oct M | Paul | 2025-10-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | Oct L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2000.00 | 10029.90
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 67.28.
Nov E | Paul | 2025-11-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 | Oct M
  -> d | 336.41 | 0.00 | | | 336.41 | | 67.28 | 67.28 | 201.85 | | 2000.00 | 10366.31
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Nov C | Paul | 2025-11-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | Nov E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2000.00 | 10842.45
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Nov L | Paul | 2025-11-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | Nov C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2000.00 | 11030.55
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Nov M | Paul | 2025-11-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | Nov L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2000.00 | 11032.89
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 67.28.
Dec E | Paul | 2025-12-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 | Nov M
  -> d | 336.41 | 0.00 | | | 336.41 | | 67.28 | 67.28 | 201.85 | | 2000.00 | 11369.30
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 95.23.
Dec C | Paul | 2025-12-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | Dec E
  -> d | 476.14 | 0.00 | | | 476.14 | | 95.23 | 95.23 | 285.68 | | 2000.00 | 11845.44
# Above the threshold nobody pays but plan 60%, maker 20%, CMS 20% = 37.62.
Dec L | Paul | 2025-12-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | Dec C
  -> d | 188.10 | 0.00 | | | 188.10 | | 37.62 | 37.62 | 112.86 | | 2000.00 | 12033.54
# Above the threshold nobody pays but plan 60%, CMS 40% = 0.94.
Dec M | Paul | 2025-12-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | Dec L
  -> d | 2.34 | 0.00 | | | 2.34 | | | 0.94 | 1.40 | | 2000.00 | 12035.88

# All in the deductible, which had 590.00 left. A copay of 12.15, LICS 324.26.
Low Jan E | Lena | 2025-01-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 |
  -> d | 336.41 | 12.15 | 336.41 | | | 324.26 | | | | | 336.41 | 336.41
# 253.59 in the deductible, then 25% of 222.55 = 55.6375. A copay of 12.15, LICS 297.08. Maker 10%
# of 222.55 = 22.26.
Low Jan C | Lena | 2025-01-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | Low Jan E
  -> d | 476.14 | 12.15 | 253.59 | 222.55 | | 297.08 | 22.26 | | 144.65 | | 645.64 | 812.55
# Insulin, no deductible: 25% = 47.025, but at most 35.00. A copay of 12.15, LICS 22.85. Maker 10%
# of 188.10 = 18.81.
Low Jan L | Lena | 2025-01-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | Low Jan C
  -> d | 188.10 | 12.15 | | 188.10 | | 22.85 | 18.81 | | 134.29 | | 680.64 | 1000.65
# 25% of 2.34 = 0.585. A copay of 4.90 is no less.
Low Jan M | Lena | 2025-01-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | Low Jan L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 681.23 | 1002.99
# 25% of 336.41 = 84.1025. A copay of 12.15, LICS 71.95. Maker 10% of 336.41 = 33.64.
Low Feb E | Lena | 2025-02-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 | Low Jan M
  -> d | 336.41 | 12.15 | | 336.41 | | 71.95 | 33.64 | | 218.67 | | 765.33 | 1339.40
# 25% of 476.14 = 119.035. A copay of 12.15, LICS 106.89. Maker 10% of 476.14 = 47.61.
Low Feb C | Lena | 2025-02-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | Low Feb E
  -> d | 476.14 | 12.15 | | 476.14 | | 106.89 | 47.61 | | 309.49 | | 884.37 | 1815.54
# Insulin, no deductible: 25% = 47.025, but at most 35.00. A copay of 12.15, LICS 22.85. Maker 10%
# of 188.10 = 18.81.
Low Feb L | Lena | 2025-02-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | Low Feb C
  -> d | 188.10 | 12.15 | | 188.10 | | 22.85 | 18.81 | | 134.29 | | 919.37 | 2003.64
# 25% of 2.34 = 0.585. A copay of 4.90 is no less.
Low Feb M | Lena | 2025-02-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | Low Feb L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 919.96 | 2005.98
# 25% of 336.41 = 84.1025. A copay of 12.15, LICS 71.95. Maker 10% of 336.41 = 33.64.
Low Mar E | Lena | 2025-03-05 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=2025 | Low Feb M
  -> d | 336.41 | 12.15 | | 336.41 | | 71.95 | 33.64 | | 218.67 | | 1004.06 | 2342.39
# 25% of 476.14 = 119.035. A copay of 12.15, LICS 106.89. Maker 10% of 476.14 = 47.61.
Low Mar C | Lena | 2025-03-10 | Harborview | Celebrex 200 | 30 | 30 | 0 | book=2025 | Low Mar E
  -> d | 476.14 | 12.15 | | 476.14 | | 106.89 | 47.61 | | 309.49 | | 1123.10 | 2818.53
# Insulin, no deductible: 25% = 47.025, but at most 35.00. A copay of 12.15, LICS 22.85. Maker 10%
# of 188.10 = 18.81.
Low Mar L | Lena | 2025-03-15 | Harborview | Lantus | 30 | 30 | 0 | book=2025 | Low Mar C
  -> d | 188.10 | 12.15 | | 188.10 | | 22.85 | 18.81 | | 134.29 | | 1158.10 | 3006.63
# 25% of 2.34 = 0.585. A copay of 4.90 is no less.
Low Mar M | Lena | 2025-03-20 | Harborview | metformin 500 | 60 | 30 | 0 | book=2025 | Low Mar L
  -> d | 2.34 | 0.59 | | 2.34 | | | | | 1.75 | | 1158.69 | 3008.97
";

#[test]
fn a_year_of_2025() {
    crate::play::check(TABLE);
}
