//! Dispense as written (408-D8): who chose the brand, and what the choice costs.

pub(crate) const TABLE: &str = "
met | Ana | 01-05 | Harborview | Jardiance 10 | 30 | 30 | 0 | |
  -> paid | 340.75 | 295.00 | 250.00 | 45.00

# Nobody chose, or the prescriber did: 40% of 228.40 (22.02481 x 1.01 x 10.2 = 226.90 + 1.50).
daw 0 | Ana | 01-10 | Harborview | Symbicort 160 | 10.2 | 30 | 0 | | met
  -> paid | 228.40 | 91.36 | | | 91.36
daw 1 | Ana | 01-10 | Harborview | Symbicort 160 | 10.2 | 30 | 1 | | met
  -> paid | 228.40 | 91.36 | | | 91.36 | | prescriber asked for the brand
# The patient chose: 91.36 + the difference to the generic, which is 19.41248 x 10.2 = 198.01
# + 1.50 = 199.51 here, so 28.89. Of 120.25, 91.36 count: 295.00 + 91.36.
daw 2 | Ana | 01-10 | Harborview | Symbicort 160 | 10.2 | 30 | 2 | | met
  -> paid | 228.40 | 120.25 | | | 91.36 | 28.89 | out of pocket so far 386.36
# At Pine Street: 231.39 + 1.00 = 232.39, 40% = 92.956; generic 201.97 + 1.00 = 202.97.
daw 2 elsewhere | Ana | 01-10 | Pine Street | Symbicort 160 | 10.2 | 30 | 2 | | met
  -> paid | 232.39 | 122.38 | | | 92.96 | 29.42
# By mail for 90 days: 667.22, 40% = 266.888; generic 582.14.
daw 2 by mail | Ana | 01-10 | mail | Symbicort 160 | 30.6 | 90 | 2 | | met
  -> paid | 667.22 | 351.97 | | | 266.89 | 85.08
# The difference is of contract prices even where a lower charge is paid: 40% of 150.00.
daw 2 lower charge | Ana | 01-10 | Harborview | Symbicort 160 | 10.2 | 30 | 2 | usual=150.00 | met
  -> paid | 150.00 | 88.89 | | | 60.00 | 28.89
# 360.90 - 1.96 = 358.94 counts toward nothing, so 40% of 360.90 = 144.36 is held to the 1.96
# that are left: 295.00 + 1.96.
daw 2 held | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 2 | | met
  -> paid | 360.90 | 360.90 | | | 1.96 | 358.94 | out of pocket so far 296.96
# A coinsurance at its cap, 250.00, beside 656.18 - 5.18 = 651.00: held to 5.18.
daw 2 cap held | Ana | 01-10 | Harborview | Effexor XR 150 | 30 | 30 | 2 | | met
  -> paid | 656.18 | 656.18 | | | 5.18 | 651.00
# With the deductible open, only the 1.96 beside the difference count toward it.
daw 2 crossing | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 2 | |
  -> paid | 360.90 | 360.90 | 1.96 | | | 358.94 | deductible so far 1.96
# 3.78 + 1.50 = 5.28, 40% = 2.112; 3.60 + 1.50 = 5.10.
daw 2 small | Ana | 01-10 | Harborview | Pacerone 200 | 30 | 30 | 2 | | met
  -> paid | 5.28 | 2.29 | | | 2.11 | 0.18

# A brand without a generic, and a generic: there is nothing to choose.
no generic | Ana | 01-10 | Harborview | Januvia 100 | 30 | 30 | 2 | | met
  -> paid | 321.30 | 45.00 | | 45.00
a generic | Ana | 01-10 | Harborview | budesonide-formoterol 160 | 10.2 | 30 | 2 | | met
  -> paid | 199.51 | 20.00 | | 20.00
# Nor is there once the only generic is no longer sold: nobody can choose it.
until march | Ana | 03-31 | Harborview | Symbicort 160 | 10.2 | 30 | 2 | book=no-generic | met
  -> paid | 228.40 | 120.25 | | | 91.36 | 28.89
from april | Ana | 04-01 | Harborview | Symbicort 160 | 10.2 | 30 | 2 | book=no-generic | met
  -> paid | 228.40 | 91.36 | | | 91.36
# Other codes have no price: the pharmacy substituted nothing for reasons of its own.
daw 5 | Ana | 01-10 | Harborview | Symbicort 160 | 10.2 | 30 | 5 | | met
  -> paid | 228.40 | 91.36 | | | 91.36
";

#[test]
fn who_chooses_the_brand_pays_the_difference() {
    crate::play::check(TABLE);
}
