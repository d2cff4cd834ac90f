//! What a network pays beside the product: a fee for giving it, other amounts, sales tax.
//!
//! In the book `beside` the preferred network pays at most $20.00 for giving lisinopril, $5.00 for
//! delivery (01) and $2.00 for preparing a compound (09), $0.10 of flat tax and 7% of sales tax.

pub(crate) const TABLE: &str = "
# Without such terms nothing of it is paid: 2.06, as without the charges.
not paid | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0
  | incentive=20.00 professional=MA flat-tax=0.10 tax=0.04 rate=2.00 tax-of=2 amounts=1:5.00 |
  -> paid | 2.06 | 2.06 | | 2.06

# For giving it: 2.06 + 15.00 = 17.06, of which the copay is 10.00. At most 20.00.
given | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0
  | book=beside incentive=15.00 professional=MA |
  -> paid | 17.06 | 10.00 | | 10.00 | | | at most $20.00
given for more | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0
  | book=beside incentive=25.00 professional=MA | -> paid | 22.06 | 10.00 | | 10.00
# Not without the service code, and not for another product: 2.06; Norvasc as in the sample.
not given | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0
  | book=beside incentive=15.00 | -> paid | 2.06 | 2.06 | | 2.06
# 11.86150 x 1.01 x 30 = 359.40 + 1.50 = 360.90; 250.00 + 40% of 110.90 = 44.36.
other product | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0
  | book=beside incentive=15.00 professional=MA | -> paid | 360.90 | 294.36 | 250.00 | | 44.36

# Delivery up to 5.00, preparation up to 2.00, nothing for what is not named: 2.06 + 4.00 + 2.00.
other amounts | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0
  | book=beside amounts=4:9.00,1:4.00,9:2.50 | -> paid | 8.06 | 8.06 | | 8.06 | | | other amount 09
# The same twice is one sum: 3.00 + 3.00, held to 5.00.
amount twice | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0
  | book=beside amounts=1:3.00,1:3.00 | -> paid | 7.06 | 7.06 | | 7.06

# Tax: 7% of 359.40 = 25.158, rounded; asked is more. The member shares it: the price is 386.06;
# 250.00 + 40% of 136.06 = 54.424.
tax | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0
  | book=beside tax=30.00 rate=8.00 tax-of=2 |
  -> paid | 386.06 | 304.42 | 250.00 | | 54.42 | | 7% of $359.40
# 5% of 360.90 = 18.045, which goes up; with 0.10 of the 0.25 flat: 360.90 + 18.05 + 0.10 = 379.05;
# 40% of 129.05 = 51.62.
tax of both | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0
  | book=beside tax=30.00 rate=5.00 tax-of=3 flat-tax=0.25 |
  -> paid | 379.05 | 301.62 | 250.00 | | 51.62
# Never more than is asked: 360.90 + 1.00; 40% of 111.90 = 44.76. Nothing on a service's fee.
tax asked | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0
  | book=beside tax=1.00 rate=7.00 tax-of=2 | -> paid | 361.90 | 294.76 | 250.00 | | 44.76
tax of a service | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0
  | book=beside tax=1.00 rate=7.00 tax-of=4 | -> paid | 360.90 | 294.36 | 250.00 | | 44.36
# The plan alone: the member's share is that of 360.90.
tax of the plan | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0
  | book=plan-tax tax=30.00 rate=7.00 tax-of=2 |
  -> paid | 386.06 | 294.36 | 250.00 | | 44.36 | | the plan pays the sales tax alone
# Other payers cover the price first. 100.00 come off the share; the plan pays 66.54 and the tax.
tax and others | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0
  | book=plan-tax-shared tax=30.00 rate=7.00 tax-of=2 other=2 payer=1;paid=7:100.00 |
  -> paid | 386.06 | 194.36 | 194.36 | | | | other payers 100.00; plan pays 91.70
# Then the tax: of 380.00 19.10 are left for it, so that 6.06 of 25.16 are left to the plan.
tax of others | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0
  | book=plan-tax-shared tax=30.00 rate=7.00 tax-of=2 other=2 payer=1;paid=7:380.00 |
  -> paid | 386.06 | 0.00 | | | | | other payers 380.00; plan pays 6.06
more than all | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0
  | book=plan-tax-shared tax=30.00 rate=7.00 tax-of=2 other=2 payer=1;paid=7:400.00 |
  -> paid | 386.06 | 0.00 | | | | | other payers 386.06; plan pays 0.00
# They leave 20.00 of the whole, tax included.
tax left | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0
  | book=plan-tax-shared tax=30.00 rate=7.00 tax-of=2 other=8 payer=1;left=6:20.00 |
  -> paid | 386.06 | 0.00 | | | | | other payers 366.06; plan pays 20.00
# A benefit maximum counts no tax: 360.90 - 294.36 = 66.54 of 100.00. Then 40% of 360.90 is 144.36,
# and the plan pays 33.46 of its 216.54, and 25.16 of tax.
tax and maximum | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0
  | book=plan-tax-most tax=30.00 rate=7.00 tax-of=2 |
  -> paid | 386.06 | 294.36 | 250.00 | | 44.36 | | plan pays 91.70
beyond it | Ana | 02-10 | Harborview | Norvasc 10 | 30 | 30 | 0
  | book=plan-tax-most tax=30.00 rate=7.00 tax-of=2 | tax and maximum
  -> paid | 386.06 | 327.44 | | | 144.36 | | had $33.46 left; over the maximum 183.08; \
plan pays 58.62
no rate | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0 | book=beside tax=1.00 tax-of=2 |
  -> reject | HE | 483-HE must be sent
no basis | Ana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 0 | book=beside tax=1.00 rate=7.00 |
  -> reject | JE | 484-JE must be sent

# The gross amount due has them in its sum: 20.50 less 19.00 leaves 1.50 for the product.
due | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0
  | book=beside incentive=19.00 professional=MA due=20.50 |
  -> paid | 20.50 | 10.00 | | 10.00 | | | basis gross amount due
# The usual charge has not: 1.00 + 19.00.
usual | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0
  | book=beside incentive=19.00 professional=MA due=50.00 usual=1.00 |
  -> paid | 20.00 | 10.00 | | 10.00 | | | basis usual and customary charge
nothing left | Ana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0
  | book=beside incentive=19.00 due=19.00 | -> reject | DU | beside the product
";

#[test]
fn what_the_network_names_is_paid_beside_the_product() {
    crate::play::check(TABLE);
}
