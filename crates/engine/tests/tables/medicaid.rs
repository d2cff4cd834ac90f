//! Medicaid: nominal copays, nothing under 21 or in pregnancy, no deductible, no maximum.

pub(crate) const TABLE: &str = "
# 0.01873 x 30 = 0.56 + 10.50; generic $1.
generic | Dana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> paid | 11.06 | 1.00 | | 1.00 | | | deductible left none; out of pocket left none
# 5.52654 x 60 = 331.59 + 10.50; brand $3. Every pharmacy has the same terms.
brand | Dana | 01-10 | Harborview | Eliquis 5 | 60 | 30 | 0 | | -> paid | 342.09 | 3.00 | | 3.00
at pine street | Dana | 01-10 | Pine Street | Eliquis 5 | 60 | 30 | 0 | |
  -> paid | 342.09 | 3.00 | | 3.00
held to price | Dana | 01-10 | Harborview | Eliquis 5 | 60 | 30 | 0 | usual=0.50 |
  -> paid | 0.50 | 0.50 | | 0.50
# Finn turns 21 on 06-15.
at 20 | Finn | 06-14 | Harborview | Eliquis 5 | 60 | 30 | 0 | |
  -> paid | 342.09 | 0.00 | | | | | no share under age 21
at 21 | Finn | 06-15 | Harborview | Eliquis 5 | 60 | 30 | 0 | | -> paid | 342.09 | 3.00 | | 3.00
# Pregnant on the claim, and on file until 06-30.
pregnant | Dana | 01-10 | Harborview | Eliquis 5 | 60 | 30 | 0 | pregnant |
  -> paid | 342.09 | 0.00 | | | | | no share while pregnant
on file | Rosa | 06-30 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> paid | 11.06 | 0.00
after it | Rosa | 07-01 | Harborview | lisinopril 10 | 30 | 30 | 0 | |
  -> paid | 11.06 | 1.00 | | 1.00
# No home delivery.
mail | Dana | 01-10 | mail | lisinopril 10 | 30 | 30 | 0 | | -> reject | 40 | does not cover mail
# The copay is $1 or $3 whoever chose the brand, and nothing is nothing: the price of choosing a
# brand belongs to the PPO's tiers. 11.86150 x 30 = 355.85 (355.845) + 10.50.
daw 2 | Dana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 2 | |
  -> paid | 366.35 | 3.00 | | 3.00
daw 2 at 20 | Finn | 06-14 | Harborview | Norvasc 10 | 30 | 30 | 2 | | -> paid | 366.35 | 0.00
daw 2 pregnant | Dana | 01-10 | Harborview | Norvasc 10 | 30 | 30 | 2 | pregnant |
  -> paid | 366.35 | 0.00
";

#[test]
fn medicaid_costs_a_dollar_or_three_or_nothing() {
    crate::play::check(TABLE);
}
