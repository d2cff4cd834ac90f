//! What the pharmacy gets: the lowest of contract price, usual and customary, gross amount due.

pub(crate) const TABLE: &str = "
# 0.01873 x 30 = 0.56 + 1.50 = 2.06 in the preferred network.
contract | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> paid | 2.06 | 2.06 | | 2.06 | | | basis NADAC
# x 1.02 = 0.57 + 1.00 in the standard one; x 1 and no fee at the specialty pharmacy.
standard | Ana | 01-10 | Pine Street | lisinopril 10 | 30 | 30 | 0 | |
  -> paid | 1.57 | 1.57 | | 1.57
specialty | Ana | 01-10 | Summit | lisinopril 10 | 30 | 30 | 0 | | -> paid | 0.56 | 0.56 | | 0.56
# Brands: x 1.03 = 366.52 + 1.00 = 367.52; 250.00 + 40% of 117.52 = 47.008.
standard brand | Ana | 01-10 | Pine Street | Norvasc 10 | 30 | 30 | 0 | |
  -> paid | 367.52 | 297.01 | 250.00 | | 47.01
# Exactly half a cent goes up: 0.01475 x 20 = 0.295.
half up | Ana | 01-10 | Harborview | lisinopril 5 | 20 | 20 | 0 | | -> paid | 1.80 | 1.80 | | 1.80

# The lowest counts, and equal is not lower.
usual lower | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | usual=1.00 |
  -> paid | 1.00 | 1.00 | | 1.00 | | | basis usual and customary charge; no fee is added
usual equal | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | usual=2.06 |
  -> paid | 2.06 | 2.06 | | 2.06 | | | basis NADAC
usual higher | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | usual=19.99 |
  -> paid | 2.06 | 2.06 | | 2.06 | | | basis NADAC
due lower | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | usual=5.00 due=1.23 |
  -> paid | 1.23 | 1.23 | | 1.23 | | | basis gross amount due
both lower | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | usual=1.10 due=1.20 |
  -> paid | 1.10 | 1.10 | | 1.10 | | | basis usual and customary charge

# MAC where listed: 0.04182 x 60 = 2.51, though NADAC says 12.52660. Tier 2 by its list price.
mac | Ana | 01-10 | Harborview | metformin 625 | 60 | 30 | 0 | |
  -> paid | 4.01 | 4.01 | | 4.01 | | | basis MAC; tier 2
mac standard | Ana | 01-10 | Pine Street | metformin 625 | 60 | 30 | 0 | |
  -> paid | 3.51 | 3.51 | | 3.51 | | | basis MAC
# Mail and Medicaid have no MAC: 12.52660 x 0.98 x 180 = 2209.69; x 60 = 751.60 + 10.50.
mail | Ana | 01-10 | mail | metformin 625 | 180 | 90 | 0 | |
  -> paid | 2209.69 | 50.00 | | 50.00 | | | basis NADAC
medicaid | Dana | 01-10 | Harborview | metformin 625 | 60 | 30 | 0 | |
  -> paid | 762.10 | 1.00 | | 1.00 | | | basis NADAC
# 0.02973 x 30 = 0.89 + 1.50 by MAC; by mail 0.09826 x 0.98 x 30 = 2.89.
mac low | Ana | 01-10 | Harborview | fluoxetine tablet 20 | 30 | 30 | 0 | |
  -> paid | 2.39 | 2.39 | | 2.39 | | | basis MAC
mail low | Ana | 01-10 | mail | fluoxetine tablet 20 | 30 | 30 | 0 | |
  -> paid | 2.89 | 2.89 | | 2.89 | | | basis NADAC

# A charge of nothing is a mistake, not a price.
no charge | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | due=0.00 |
  -> reject | DU | must be above zero
no usual charge | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | usual=0.00 |
  -> reject | DQ | must be above zero

# Folic acid is in tier 0, but no list has this product's price.
no price | Ana | 01-10 | Harborview | folic acid 1 | 30 | 30 | 0 | | -> reject | 70 | no price
# Amounts that cannot be added are refused, not wrapped. No book or journal leads to these.
too much | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | carried=92233720368547758.07 |
  -> reject | 99 | too large
";

#[test]
fn the_lowest_price_is_paid() {
    crate::play::check(TABLE);
}
