//! Medicaid: nominal copays, nothing for those whom the law exempts, no deductible, no maximum
//! but a part of the household's income.

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
# American Indians always, in hospice care from 03-01 to 04-15.
american indian | Ash | 01-10 | Harborview | Eliquis 5 | 60 | 30 | 0 | |
  -> paid | 342.09 | 0.00 | | | | | no share for American Indians
before hospice | Hope | 02-28 | Harborview | Eliquis 5 | 60 | 30 | 0 | |
  -> paid | 342.09 | 3.00 | | 3.00
hospice begins | Hope | 03-01 | Harborview | Eliquis 5 | 60 | 30 | 0 | |
  -> paid | 342.09 | 0.00 | | | | | no share for hospice care
hospice ends | Hope | 04-15 | Harborview | Eliquis 5 | 60 | 30 | 0 | | -> paid | 342.09 | 0.00
after hospice | Hope | 04-16 | Harborview | Eliquis 5 | 60 | 30 | 0 | |
  -> paid | 342.09 | 3.00 | | 3.00
";

pub(crate) const INCOME: &str = "
# Cal and Cass have $40.00 a month until June: 5% of a quarter's 120.00 is 6.00 for both.
cal 1 | Cal | 01-10 | Harborview | Eliquis 5 | 60 | 30 | 0 | | -> paid | 342.09 | 3.00 | | 3.00
cal 2 | Cal | 01-11 | Harborview | lisinopril 10 | 30 | 30 | 0 | | cal 1
  -> paid | 11.06 | 1.00 | | 1.00
# 6.00 - 3.00 - 1.00.
cass 1 | Cass | 03-31 | Harborview | Eliquis 5 | 60 | 30 | 0 | | cal 2
  -> paid | 342.09 | 2.00 | | 2.00 | | | 5% of the household's income in the quarter had $2.00 left
cass 2 | Cass | 03-31 | Harborview | lisinopril 10 | 30 | 30 | 0 | | cass 1
  -> paid | 11.06 | 0.00 | | | | | income in the quarter had $0.00 left
# The next quarter begins anew, and does not fill the one before when a claim comes in late.
april | Cass | 04-01 | Harborview | lisinopril 10 | 30 | 30 | 0 | | cass 1
  -> paid | 11.06 | 1.00 | | 1.00
late | Cal | 03-20 | Harborview | Norvasc 10 | 30 | 30 | 0 | received=04-02 | april
  -> paid | 366.35 | 0.00
# What is taken back no longer counts: 6.00 - 1.00 - 2.00 leave the 3.00.
back | reverse cal 1 | cass 1 -> reversed
after it | Cass | 03-31 | Harborview | Norvasc 10 | 30 | 30 | 0 | | back
  -> paid | 366.35 | 3.00 | | 3.00
full | Cass | 03-31 | Harborview | lisinopril 10 | 30 | 30 | 0 | | after it -> paid | 11.06 | 0.00
# From July on 5% of 3,000.00 is more than they come to.
july 1 | Cal | 07-01 | Harborview | Eliquis 5 | 60 | 30 | 0 | | -> paid | 342.09 | 3.00 | | 3.00
july 2 | Cass | 07-01 | Harborview | Eliquis 5 | 60 | 30 | 0 | | july 1
  -> paid | 342.09 | 3.00 | | 3.00
july 3 | Cal | 07-02 | Harborview | Norvasc 10 | 30 | 30 | 0 | | july 2
  -> paid | 366.35 | 3.00 | | 3.00
";

#[test]
fn medicaid_costs_a_dollar_or_three_or_nothing() {
    crate::play::check(TABLE);
}

pub(crate) const EMERGENCY: &str = "
# Farxiga needs metformin first, but not for 3 days in an emergency: 12.07753 x 3 = 36.23 + 10.50.
in an emergency | Dana | 03-01 | Harborview | Farxiga 10 | 3 | 3 | 0 | level=3 |
  -> paid | 46.73 | 3.00 | | 3.00 | | | emergency supply of up to 3 days, once in 30 days
not said | Dana | 03-01 | Harborview | Farxiga 10 | 3 | 3 | 0 | |
  -> reject | 608 | in an emergency (418-DI 3) 3 days need none
in-home service | Dana | 03-01 | Harborview | Farxiga 10 | 3 | 3 | 0 | level=6 | -> reject | 608
4 days | Dana | 03-01 | Harborview | Farxiga 10 | 4 | 4 | 0 | level=3 | -> reject | 608
# Once in 30 days, also before one that was filled later.
day 29 | Dana | 03-30 | Harborview | Farxiga 10 | 3 | 3 | 0 | level=3 | in an emergency
  -> reject | 608
day 30 | Dana | 03-31 | Harborview | Farxiga 10 | 3 | 3 | 0 | level=3 | in an emergency
  -> paid | 46.73 | 3.00 | | 3.00
before | Dana | 02-20 | Harborview | Farxiga 10 | 3 | 3 | 0 | level=3 | in an emergency
  -> reject | 608
# Another drug has its own. 331.99298 x 3 = 995.98 (995.97894) + 10.50.
another drug | Dana | 03-02 | Harborview | Ozempic 1 | 3 | 3 | 0 | level=3 | in an emergency
  -> paid | 1006.48 | 3.00 | | 3.00
# An emergency does not help where nothing is lacking, so it is not used up by it: metformin is
# 0.01394 x 60 = 0.84 + 10.50.
metformin | Dana | 03-01 | Harborview | metformin 500 | 60 | 30 | 0 | level=3 |
  -> paid | 11.34 | 1.00 | | 1.00
with metformin | Dana | 03-02 | Harborview | Farxiga 10 | 3 | 3 | 0 | level=3 | metformin
  -> paid | 46.73 | 3.00 | | 3.00 | | | step therapy is met
# Not against other refusals, and not in a plan that has no such supply.
too soon | Dana | 04-02 | Harborview | Farxiga 10 | 3 | 3 | 0 | level=3 | day 30 -> reject | 608 79
ppo | Ana | 03-01 | Harborview | Farxiga 10 | 3 | 3 | 0 | level=3 | -> reject | 608

# Ash has an authorization from February to July. 12.07753 x 30 = 362.33 (362.3259) + 10.50.
authorized | Ash | 02-01 | Harborview | Farxiga 10 | 30 | 30 | 0 | |
  -> paid | 372.83 | 0.00 | | | | | an authorization of 00310-6210-30 is on file
before it | Ash | 01-31 | Harborview | Farxiga 10 | 30 | 30 | 0 | | -> reject | 608
after it | Ash | 08-01 | Harborview | Farxiga 10 | 30 | 30 | 0 | | -> reject | 608
another | Ash | 02-01 | Harborview | Ozempic 1 | 3 | 28 | 0 | | -> reject | 75
";

pub(crate) const PREFERRED: &str = "
# A preferred drug list: generics, Eliquis and Jardiance at 1.00; other brands at 4.00 with an
# authorization; contraceptives, for family planning, at nothing.
generic | Dana | 01-10 | Harborview | lisinopril 10 | 30 | 30 | 0 | book=pdl |
  -> paid | 11.06 | 1.00 | | 1.00
preferred | Dana | 01-10 | Harborview | Eliquis 5 | 60 | 30 | 0 | book=pdl |
  -> paid | 342.09 | 1.00 | | 1.00
not preferred | Dana | 01-10 | Harborview | Farxiga 10 | 30 | 30 | 0 | book=pdl |
  -> reject | 75 | not preferred; Jardiance 10 mg tablet (patient pays $1.00)
authorized | Ash | 02-01 | Harborview | Farxiga 10 | 30 | 30 | 0 | book=pdl |
  -> paid | 372.83 | 0.00
in an emergency | Dana | 01-10 | Harborview | Farxiga 10 | 3 | 3 | 0 | book=pdl level=3 |
  -> paid | 46.73 | 4.00 | | 4.00
by type | Dana | 01-10 | Harborview | Farxiga 10 | 3 | 3 | 0 | book=pdl auth=8/0 |
  -> paid | 46.73 | 4.00 | | 4.00
another type | Dana | 01-10 | Harborview | Farxiga 10 | 3 | 3 | 0 | book=pdl auth=1/12345 |
  -> reject | 75
# 0.12601 x 28 = 3.53 (3.52828) + 10.50.
family planning | Dana | 01-10 | Harborview | Sprintec | 28 | 28 | 0 | book=pdl |
  -> paid | 14.03 | 0.00 | | | | | tier 0
";

#[test]
fn an_emergency_supply_is_short_and_once() {
    crate::play::check(EMERGENCY);
}

#[test]
fn what_is_not_preferred_needs_an_authorization() {
    crate::play::check(PREFERRED);
}

#[test]
fn a_household_pays_no_more_than_a_part_of_its_income() {
    crate::play::check(INCOME);
}
