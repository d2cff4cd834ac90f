//! Quantity limits: so many units in so many days, this fill and those before it.

pub(crate) const TABLE: &str = "
# Zolpidem: 30 tablets in 30 days. 0.03854 x 30 = 1.16 + 1.50.
thirty | Ana | 01-05 | Harborview | zolpidem 10 | 30 | 30 | 0 | |
  -> paid | 2.66 | 2.66 | | 2.66 | | | tier 1; 30 of at most 30 units in 30 days
thirty one | Ana | 01-05 | Harborview | zolpidem 10 | 31 | 30 | 0 | |
  -> reject | 9G | at most 30 units
# A refill after 26 days (85%) is in time, but 30 days are not over until 02-04.
day 26 | Ana | 01-31 | Harborview | zolpidem 10 | 30 | 30 | 0 | | thirty
  -> reject | 76 | at most 30 units in 30 days; possible on 2026-02-04; next fill 02-04
day 29 | Ana | 02-03 | Harborview | zolpidem 10 | 30 | 30 | 0 | | thirty
  -> reject | 76 | next fill 02-04
day 30 | Ana | 02-04 | Harborview | zolpidem 10 | 30 | 30 | 0 | | thirty
  -> paid | 2.66 | 2.66 | | 2.66
# Too soon and too much: both are told. The later day is the one that helps.
day 10 | Ana | 01-15 | Harborview | zolpidem 10 | 30 | 30 | 0 | | thirty
  -> reject | 79 76 | refill possible on 2026-01-31; next fill 02-04
# Two half fills: 0.03854 x 15 = 0.58 + 1.50. 85% of 15 days is 12.75, so 13 days.
half | Ana | 01-05 | Harborview | zolpidem 10 | 15 | 15 | 0 | | -> paid | 2.08 | 2.08 | | 2.08
other half | Ana | 01-18 | Harborview | zolpidem 10 | 15 | 15 | 0 | | half
  -> paid | 2.08 | 2.08 | | 2.08 | | | 30 of at most 30 units
# The first half leaves the 30 days on 02-04.
third half | Ana | 01-31 | Harborview | zolpidem 10 | 15 | 15 | 0 | | other half
  -> reject | 76 | next fill 02-04
# All strengths count together, and so do all forms of the tablet: the limit is zolpidem's.
other strength | Ana | 01-10 | Harborview | zolpidem 5 | 30 | 30 | 0 | | thirty
  -> reject | 76 | next fill 02-04
extended release | Ana | 01-10 | Harborview | zolpidem ER 12.5 | 30 | 30 | 0 | | thirty
  -> reject | 76 | next fill 02-04
# Whichever comes in first: 30 for 01-10 are paid when 30 more for 01-05 arrive.
back dated | Ana | 01-05 | Harborview | zolpidem 10 | 30 | 30 | 0 | received=01-12 | later
  -> reject | 79 76
later | Ana | 01-10 | Harborview | zolpidem 10 | 30 | 30 | 0 | | -> paid | 2.66 | 2.66 | | 2.66

# Sumatriptan tablets: 9 in 30 days; 0.43221 x 9 = 3.89 + 1.50.
nine | Ana | 01-05 | Harborview | sumatriptan 100 | 9 | 30 | 0 | |
  -> paid | 5.39 | 5.39 | | 5.39 | | | tier 1
ten | Ana | 01-05 | Harborview | sumatriptan 100 | 10 | 30 | 0 | | -> reject | 9G | at most 9 units
nine more | Ana | 01-10 | Harborview | sumatriptan 50 | 9 | 30 | 0 | | nine
  -> reject | 76 | possible on 2026-02-04; next fill 02-04
# 27 for 90 days are 9 for 30; three copays are held to the price: 11.67 + 1.50.
ninety days | Ana | 01-05 | Harborview | sumatriptan 100 | 27 | 90 | 0 | |
  -> paid | 13.17 | 13.17 | | 13.17
ninety days more | Ana | 01-05 | Harborview | sumatriptan 100 | 28 | 90 | 0 | |
  -> reject | 9G | at most 27 units for 90 days

# Sildenafil: 6 in 30 days, males only. 0.13333 x 6 = 0.80 + 1.50.
six | Luis | 01-05 | Harborview | sildenafil 100 | 6 | 30 | 0 | | -> paid | 2.30 | 2.30 | | 2.30
seven | Luis | 01-05 | Harborview | sildenafil 100 | 7 | 30 | 0 | | -> reject | 9G
six of 20 mg | Luis | 01-10 | Harborview | sildenafil 20 | 6 | 30 | 0 | | six -> reject | 76
not for her | Ana | 01-05 | Harborview | sildenafil 100 | 6 | 30 | 0 | |
  -> reject | 61 | male patients only
not and too many | Ana | 01-05 | Harborview | sildenafil 100 | 7 | 30 | 0 | | -> reject | 61 9G
# Another person's fills are another history.
her husband | Luis | 01-10 | Harborview | zolpidem 10 | 30 | 30 | 0 | | thirty
  -> paid | 2.66 | 2.66 | | 2.66
";

#[test]
fn quantities_stay_within_their_days() {
    crate::play::check(TABLE);
}
