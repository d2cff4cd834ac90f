//! The deductible of the PPO: $250 a person, $500 a family, embedded, tiers 3 to 5 only.

pub(crate) const TABLE: &str = "
# The whole claim within the deductible: 6.15842 x 1.01 x 10 = 62.20 + 1.50.
within | Ana | 01-05 | Harborview | Lantus | 10 | 28 | 0 | |
  -> paid | 63.70 | 63.70 | 63.70 | | | | deductible so far 63.70; deductible left 186.30
# Crossing: 340.75 = 250.00 + 90.75, of which the copay is 45.00.
crossing | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00 | | | deductible so far 250.00; deductible left 0.00
# The rest of 186.30, then 45.00 of 154.45.
rest | Ana | 01-20 | Harborview | Jardiance 10 | 30 | 30 | 0 | | within
  -> paid | 340.75 | 231.30 | 186.30 | 45.00 | | | out of pocket so far 295.00
# What is left of 190.00 after 186.30 is 3.70, and the copay is never more.
little left | Ana | 01-20 | Harborview | Jardiance 10 | 30 | 30 | 0 | usual=190.00 | within
  -> paid | 190.00 | 190.00 | 186.30 | 3.70
# One cent over, and exactly the deductible.
a cent over | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | usual=250.01 |
  -> paid | 250.01 | 250.01 | 250.00 | 0.01
exactly | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | usual=250.00 |
  -> paid | 250.00 | 250.00 | 250.00 | | | | deductible left 0.00
# Coinsurance of what is left: 360.90 - 250.00 = 110.90, 40% = 44.36.
tier 4 crossing | Ana | 01-05 | Harborview | Norvasc 10 | 30 | 30 | 0 | |
  -> paid | 360.90 | 294.36 | 250.00 | | 44.36
# 986.69 - 250.00 = 736.69, 25% = 184.1725.
tier 5 crossing | Ana | 01-05 | Harborview | Trulicity 0.75 | 2 | 28 | 0 | |
  -> paid | 986.69 | 434.17 | 250.00 | | 184.17
# 340.00 - 250.00 = 90.00, below the floor of 100.00, which is held to it.
floor held | Ana | 01-05 | Harborview | Trulicity 0.75 | 2 | 28 | 0 | usual=340.00 |
  -> paid | 340.00 | 340.00 | 250.00 | | 90.00
# A 90-day supply is three copays after the deductible: 1017.74 + 1.50.
three copays | Ana | 01-05 | Harborview | Jardiance 10 | 90 | 90 | 0 | |
  -> paid | 1019.24 | 385.00 | 250.00 | 135.00
# By mail 11.19625 x 0.99 x 90 = 997.59.
by mail | Ana | 01-05 | mail | Jardiance 10 | 90 | 90 | 0 | |
  -> paid | 997.59 | 362.50 | 250.00 | 112.50

# The family's 500.00: each person gives at most 250.00 to it.
father | Luis | 01-06 | Harborview | Jardiance 10 | 30 | 30 | 0 | | crossing
  -> paid | 340.75 | 295.00 | 250.00 | 45.00 | | | deductible so far 250.00
# So it is met, and the child pays a copay at once: 319.80 + 1.50.
child | Mia | 01-07 | Harborview | Januvia 100 | 30 | 30 | 0 | | father
  -> paid | 321.30 | 45.00 | | 45.00 | | | deductible so far 0.00; deductible left 0.00
# 200.00 of the father's, so 50.00 are left for the family, less than the child's own 250.00.
father partly | Luis | 01-06 | Harborview | Jardiance 10 | 30 | 30 | 0 | usual=200.00 | crossing
  -> paid | 200.00 | 200.00 | 200.00 | | | | deductible left 50.00
child crossing | Mia | 01-07 | Harborview | Januvia 100 | 30 | 30 | 0 | | father partly
  -> paid | 321.30 | 95.00 | 50.00 | 45.00 | | | family's deductible had $50.00 left
# The father has 50.00 of his own left, but the family has none: 124.40 + 1.50.
father again | Luis | 01-20 | Harborview | Lantus | 20 | 28 | 0 | | child crossing
  -> paid | 125.90 | 45.00 | | 45.00 | | | deductible so far 200.00; deductible left 0.00
# Another family is another deductible.
others | Sam | 01-20 | Harborview | Jardiance 10 | 30 | 30 | 0 | |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00
";

#[test]
fn the_deductible_comes_first_and_only_once() {
    crate::play::check(TABLE);
}
