//! What is paid, and by whom: price, deductible, share, maximum, choice of brand.

use openpbm_core::{
    Beside, Brought, Cents, Channel, ClaimId, Coordination, CoordinationMethod, Date, Design,
    MedicalTotal, Paid, PartD, Period, PersonCode, PriceBasis, ProductKind, RejectCode,
};

use crate::beside::{asked_beside, beside};
use crate::coordination;
use crate::decide::{Refusals, Situation};
use crate::decimal::{WHOLE, half_up};
use crate::household::{Fill, cents, deductible, gross, out_of_pocket};
use crate::part_d::{divide, insulin_most};
use crate::placement::{generics, place};
use crate::rules::{
    Accumulates, BenefitPeriod, Beyond, Counts, Drug, Limit, LimitKind, Network, Rules, Share,
    TaxPayer, Whichever, Written, within,
};

/// What a contract says that a product costs.
struct ContractPrice {
    basis: PriceBasis,
    ingredients: i128,
    fee: i128,
}

/// What a patient pays, by kind.
#[derive(Default)]
pub(crate) struct Portions {
    pub(crate) deductible: i128,
    pub(crate) copay: i128,
    pub(crate) coinsurance: i128,
    pub(crate) selection: i128,
    /// What of the selection counts toward the deductible.
    pub(crate) toward_deductible: i128,
}

impl Portions {
    /// Deductible and share.
    pub(crate) const fn sum(&self) -> i128 {
        self.deductible + self.copay + self.coinsurance
    }

    const fn total(&self) -> i128 {
        self.sum() + self.selection
    }

    /// Stops at what is left of a maximum: the share gives way first, then the deductible.
    pub(crate) fn hold_share(&mut self, left: i128) {
        self.deductible = self.deductible.min(left);
        let left = left - self.deductible;
        self.copay = self.copay.min(left);
        self.coinsurance = self.coinsurance.min(left - self.copay);
    }

    /// The same, and last the price of a choice that counts.
    fn hold(&mut self, left: i128, selection_counts: bool) {
        let mut left = left;
        if selection_counts {
            self.selection = self.selection.min(left);
            left -= self.selection;
        }
        self.hold_share(left);
    }
}

/// A product chosen over a cheaper one.
struct Choice {
    /// What it costs.
    pub(crate) selection: i128,
    /// What of that is above a reference price.
    above: i128,
    counts: Counts,
    /// Tier and kind whose share applies.
    tier: u8,
    kind: ProductKind,
}

/// The amounts of a claim; refused if nothing says what to pay.
pub(crate) fn pay(
    s: &Situation<'_>,
    refusals: &mut Refusals,
) -> Option<(Paid, Option<Box<PartD>>)> {
    let (network, tier) = (s.network?, s.placement.tier_for(s)?);
    if i128::from(s.claim.gross_amount_due.get()) <= asked_beside(s) {
        refusals.add(RejectCode::InvalidGrossAmount);
        return None;
    }
    let Some(contract) = by_contract(s, network) else {
        refusals.add(RejectCode::ProductNotCovered);
        return None;
    };
    let (basis, ingredients, fee, beside) = to_pharmacy(s, network, &contract, refusals)?;
    let whole = ingredients + fee + i128::from(beside.total().ok()?.get());
    // Others cover the tax last.
    let (tax, all_of_others) = (tax_of_plan(s, &beside)?, coordination::others(s, whole));
    let price = whole - tax;
    let others = all_of_others.min(price);
    let (choice, mut portions) = shared(s, network, &contract, tier, (price, others))?;
    let mut part_d = None;
    if let Some(law) = &s.covered.plan.part_d {
        let (pays, parts) = divide(s, law, price, portions)?;
        (portions, part_d) = (pays, Some(Box::new(parts)));
    }
    let plan_pays = price - others - portions.total();
    let over = over_maximums(s, choice.tier, plan_pays, refusals)?;
    let counted = if choice.counts == Counts::Nothing { 0 } else { portions.selection };
    let design = Design {
        channel: s.channel.filter(|channel| *channel != Channel::Retail),
        selection_toward_deductible: cents(portions.toward_deductible),
        selection_toward_maximum: cents(counted),
        over_benefit_maximum: cents(over),
        clarification: refusals.clarification,
        plan_tax: cents(tax - (all_of_others - others)),
    };
    let mut paid = Paid {
        person: s.covered.member.person_code,
        group: s.covered.coverage.group,
        plan_year: period(s)?,
        tier: choice.tier,
        kind: s.drug.kind,
        basis,
        ingredient_cost: cents(ingredients),
        dispensing_fee: cents(fee),
        deductible: cents(portions.deductible),
        copay: cents(portions.copay),
        coinsurance: cents(portions.coinsurance),
        product_selection: cents(portions.selection),
        accumulated_deductible: cents(0),
        remaining_deductible: None,
        accumulated_out_of_pocket: cents(0),
        remaining_out_of_pocket: None,
        beside,
        compound: s.claim.compound.then_some(s.claim.drug),
        bought_340b: is_340b(s),
        design,
        emergency_supply: s.emergency,
        coordination: Coordination {
            other_payers: cents(all_of_others),
            recover: s.recover,
            to_member: s.claim.details.member_submitted,
            ..coupon(s, &portions, counted)
        },
        brought: brought(s),
    };
    let fill = Fill { id: ClaimId::new(0, 0), claim: s.claim.clone(), paid, part_d, first: paid };
    accumulate(s, &mut paid, &fill);
    Some((paid, fill.part_d))
}

/// True if the pharmacy says that it bought the product at a 340B price.
fn is_340b(s: &Situation<'_>) -> bool {
    let details = &s.claim.details;
    details.clarifications.contains(&20) || details.charges.cost_basis == Some(8)
}

/// What the claim costs by contract. What was dispensed has had its price, whether or not a list
/// has it now.
fn by_contract(s: &Situation<'_>, network: &Network) -> Option<ContractPrice> {
    let as_paid = |fill: &Fill| ContractPrice {
        basis: fill.first.basis,
        ingredients: fill.first.ingredient_cost.get().into(),
        fee: s.fee(network),
    };
    let single = contract_price(s, network, s.drug).or_else(|| s.dispensed.map(as_paid))?;
    Some(if s.claim.compound { compound_price(s, network, single) } else { single })
}

/// Sales tax that the plan pays alone.
fn tax_of_plan(s: &Situation<'_>, beside: &Beside) -> Option<i128> {
    let tax = beside.flat_tax.plus(beside.percentage_tax).ok()?.get().into();
    Some(if s.covered.plan.sales_tax == TaxPayer::Plan { tax } else { 0 })
}

/// What the pharmacy gets for the product, for dispensing it, and beside both; `None` if what it
/// asks for beside them is refused.
fn to_pharmacy(
    s: &Situation<'_>,
    network: &Network,
    contract: &ContractPrice,
    refusals: &mut Refusals,
) -> Option<(PriceBasis, i128, i128, Beside)> {
    let paid = match s.dispensed {
        // What the pharmacy was paid stays.
        Some(fill) => {
            let Paid { basis, ingredient_cost, dispensing_fee, beside, .. } = fill.first;
            (basis, ingredient_cost.get().into(), dispensing_fee.get().into(), beside)
        }
        None => {
            let (basis, ingredients, fee) = lowest(s, contract);
            (basis, ingredients, fee, beside(s, network, ingredients, fee, refusals))
        }
    };
    refusals.codes.is_empty().then_some(paid)
}

/// The choice of product and the member's portions of a price, once others cover theirs of it.
fn shared(
    s: &Situation<'_>,
    network: &Network,
    contract: &ContractPrice,
    tier: u8,
    (price, others): (i128, i128),
) -> Option<(Choice, Portions)> {
    let method = coordination::method(s);
    let benefit_of = match method {
        CoordinationMethod::MaintenanceOfBenefits => price - others,
        _ => price,
    };
    let choice = choice(s, network, contract, tier, benefit_of);
    let mut portions = portions(s, &choice, benefit_of)?;
    let after = match method {
        CoordinationMethod::Standard => (portions.total() - others).max(0),
        _ => portions.total().min(price - others),
    };
    // The share gives way first, then the deductible, then the choice.
    portions.hold(after, true);
    portions.toward_deductible = portions.toward_deductible.min(portions.selection);
    Some((choice, portions))
}

/// What a coupon pays: the share first, then the deductible, last the choice of brand; and what
/// of it does not count.
fn coupon(s: &Situation<'_>, portions: &Portions, counted: i128) -> Coordination {
    let share = portions.copay + portions.coinsurance;
    let toward_deductible = portions.deductible + portions.toward_deductible;
    let pays = coordination::coupon(s, portions.total());
    let rule = s.covered.plan.coupon.as_ref();
    let has_generic = || {
        let generics = generics(s.rules, s.formulary, s.drug, s.day);
        let mut priced =
            generics.filter_map(|generic| contract_price(s, s.network?, generic)).peekable();
        s.drug.kind == ProductKind::Brand && s.claim.daw != 1 && priced.peek().is_some()
    };
    let counts = rule.is_none_or(|rule| match rule.counts.as_str() {
        "always" => true,
        "never" => false,
        _ => !has_generic(),
    });
    let deductible = counts && rule.and_then(|rule| rule.toward_deductible) != Some(false);
    let unless = |counts: bool, amount: i128| cents(if counts { 0 } else { amount });
    Coordination {
        coupon: cents(pays),
        uncounted_deductible: unless(deductible, (pays - share).clamp(0, toward_deductible)),
        uncounted_out_of_pocket: unless(counts, pays.min(portions.sum() + counted)),
        ..Coordination::default()
    }
}

/// Adds what the claim comes to with everything before it.
fn accumulate(s: &Situation<'_>, paid: &mut Paid, fill: &Fill) {
    let (year, group, person) = (paid.plan_year, paid.group, Some(paid.person));
    let plan = s.covered.plan;
    let (toward, kept) = (deductible(fill), out_of_pocket(fill));
    let other = |amount: Cents| i128::from(amount.get());
    let Brought { deductible: of_year, out_of_pocket: most_of_year, .. } = paid.brought;
    let spent = s.household.spent(group, year, person, deductible) + other(of_year);
    paid.accumulated_deductible = cents(spent + toward);
    let spent = s.household.spent(group, year, person, out_of_pocket) + other(most_of_year);
    paid.accumulated_out_of_pocket = cents(spent + kept);
    let left =
        |limit: &Limit, sum: &Sum, this: i128| cents((left_of(s, limit, year, sum) - this).max(0));
    paid.remaining_deductible = plan.deductible.as_ref().map(|l| left(l, &DEDUCTIBLE, toward));
    paid.remaining_out_of_pocket =
        plan.out_of_pocket_maximum.as_ref().map(|l| left(l, &OUT_OF_POCKET, kept));
    if let Some(law) = &plan.part_d {
        let so_far = i128::from(paid.accumulated_out_of_pocket.get());
        paid.remaining_out_of_pocket = Some(cents((law.threshold.0 - so_far).max(0)));
    }
}

/// What counts toward a limit.
struct Sum {
    /// Of a claim.
    fills: fn(&Fill) -> i128,
    /// Of what the medical side has come to, where it shares the limit.
    medical: fn(&MedicalTotal) -> Cents,
}

const DEDUCTIBLE: Sum = Sum { fills: deductible, medical: |total| total.deductible };
const OUT_OF_POCKET: Sum = Sum { fills: out_of_pocket, medical: |total| total.out_of_pocket };

/// What counts toward a limit beside the claims of its period under its group: what was paid under
/// a group that is carried on, what the medical side has come to, what counted shortly before.
fn beside_claims(
    s: &Situation<'_>,
    limit: Option<&Limit>,
    sum: &Sum,
    person: Option<PersonCode>,
) -> Option<i128> {
    let begins = period(s)?;
    let counts = |group| s.covered.counts(group);
    // True out-of-pocket cost goes on with a person of Part D, toward the deductible, too.
    let worth = if s.covered.plan.part_d.is_some() { out_of_pocket } else { sum.fills };
    let continued = continued(s, person, worth)?;
    let Some(limit) = limit else { return Some(continued) };
    let medical = match limit.with_medical {
        true => s.household.medical((&counts, begins), s.day, person, sum.medical),
        false => 0,
    };
    let is_reset = s.covered.group.resets && s.covered.group.from.0 == begins;
    let before = limit.carry_over_months.filter(|_| !is_reset).map_or(0, |months| {
        let since = months_before(begins, months);
        let fills = s.household.fills.iter().filter(|fill| fill.part_d.is_none());
        let fills = fills.filter(|fill| person.is_none_or(|person| fill.paid.person == person));
        let late = fills.filter(|fill| since <= Some(fill.date()) && fill.date() < begins);
        late.filter(|fill| counts(fill.paid.group)).map(sum.fills).sum()
    });
    Some(continued + medical + before)
}

/// What an amount of claims comes to that were paid in the period under a group that is carried
/// on. What Part D paid goes on in Part D alone, and nothing else does there.
fn continued(
    s: &Situation<'_>,
    person: Option<PersonCode>,
    amount: fn(&Fill) -> i128,
) -> Option<i128> {
    let (own, begins) = (s.covered.coverage.group, period(s)?);
    let is_part_d = s.covered.plan.part_d.is_some();
    let fills = s.household.fills.iter().filter(|fill| {
        fill.paid.group != own
            && s.covered.counts(fill.paid.group)
            && fill.part_d.is_some() == is_part_d
            && person.is_none_or(|person| fill.paid.person == person)
            && period_of(s, fill.date()) == Some(begins)
    });
    Some(fills.map(amount).sum())
}

/// The same day of an earlier month; where it has none, the first day after it.
fn months_before(day: Date, months: i32) -> Option<Date> {
    let (year, month, of_month) = day.ymd();
    let (mut year, mut month) = (year, i32::from(month) - months);
    if month < 1 {
        (year, month) = (year - 1, month + 12);
    }
    let month = u8::try_from(month).ok()?;
    Date::new(year, month, of_month).or_else(|| Date::new(year, month + 1, 1))
}

/// That of the person, toward either limit.
pub(crate) fn brought(s: &Situation<'_>) -> Brought {
    let (plan, person) = (s.covered.plan, Some(s.covered.member.person_code));
    let maximum = plan.out_of_pocket_maximum.as_ref();
    Brought {
        deductible: cents(
            beside_claims(s, plan.deductible.as_ref(), &DEDUCTIBLE, person).unwrap_or(0),
        ),
        out_of_pocket: cents(beside_claims(s, maximum, &OUT_OF_POCKET, person).unwrap_or(0)),
        gross: cents(continued(s, person, gross).unwrap_or(0)),
    }
}

/// The first day of what deductible and maximum are for, that holds the claim's day.
pub(crate) fn period(s: &Situation<'_>) -> Option<Date> {
    period_of(s, s.day)
}

/// The first day of the one that holds a day, or the day in it on which all begins anew.
fn period_of(s: &Situation<'_>, held: Date) -> Option<Date> {
    let begins = usual_period(s, held)?;
    let reset = s.covered.group.from.0;
    Some(if s.covered.group.resets && reset <= held { begins.max(reset) } else { begins })
}

fn usual_period(s: &Situation<'_>, held: Date) -> Option<Date> {
    let (year, month, _) = held.ymd();
    match s.covered.plan.accumulates {
        Accumulates::PlanYear => plan_year(&s.covered.plan.year_starts, held),
        Accumulates::CalendarYear => Date::new(year, 1, 1),
        Accumulates::CalendarQuarter => Date::new(year, (month - 1) / 3 * 3 + 1, 1),
        Accumulates::Rolling => {
            let spans = s.household.members.iter().flat_map(|member| &member.coverage);
            let of_group = spans.filter(|span| s.covered.counts(span.group));
            let (_, month, day) = of_group.map(|span| span.from).min()?.ymd();
            // Who began on a leap day begins again on the first of March.
            let begins = |year| Date::new(year, month, day).or(Date::new(year, 3, 1));
            begins(year).filter(|begins| *begins <= held).or(begins(year - 1))
        }
    }
}

/// The first day of the plan year that holds a day.
pub(crate) fn plan_year(starts: &str, day: Date) -> Option<Date> {
    let (month, of_month) = starts.split_once('-')?;
    let (month, of_month) = (month.parse().ok()?, of_month.parse().ok()?);
    let (year, ..) = day.ymd();
    let this = Date::new(year, month, of_month)?;
    if this <= day { Some(this) } else { Date::new(year - 1, month, of_month) }
}

/// Unit price x rate x quantity by the first list that has the product, and the fee.
fn contract_price(s: &Situation<'_>, network: &Network, drug: &Drug) -> Option<ContractPrice> {
    let units = s.claim.drug.quantity.thousandths();
    let (basis, listed) = listed(s.rules, network, drug, units, s.day)?;
    let ingredients = fair_price(s, drug).map_or(listed, |fair| listed.min(fair));
    Some(ContractPrice { basis, ingredients, fee: s.fee(network) })
}

/// That price without the fee, and its basis.
pub(crate) fn listed(
    rules: &Rules,
    network: &Network,
    drug: &Drug,
    thousandths: u64,
    day: Date,
) -> Option<(PriceBasis, i128)> {
    let terms = match drug.kind {
        ProductKind::Brand => &network.brand,
        ProductKind::Generic => &network.generic,
    };
    terms.iter().find_map(|terms| {
        let unit_price = rules.price(&terms.list, drug.ndc, day)?;
        // Decimals: 5 of the price, 3 of the quantity; a rate is in parts of a whole.
        let exact = unit_price.0 * terms.rate.0 * i128::from(thousandths);
        let list = rules.lists.iter().find(|list| list.id == terms.list)?;
        Some((list.basis, half_up(exact, WHOLE * 1_000_000)))
    })
}

/// What a compound costs by contract: all its ingredients, and a fee by the level of effort.
fn compound_price(s: &Situation<'_>, network: &Network, deciding: ContractPrice) -> ContractPrice {
    let costs = s.mixture.iter().filter_map(|(drug, units)| {
        listed(s.rules, network, drug, *units, s.day).map(|(_, cost)| cost)
    });
    let level = s.claim.details.level_of_effort.and_then(|level| level.checked_sub(11));
    let effort = level.and_then(|level| network.effort_fees.as_ref()?.get(usize::from(level)));
    let fee = network.dispensing_fee.0 + effort.map_or(0, |fee| fee.0);
    ContractPrice { ingredients: costs.sum(), fee, ..deciding }
}

/// The maximum fair price of a selected drug in this quantity, where the plan is of Part D; of a
/// compound there is none.
pub(crate) fn fair_price(s: &Situation<'_>, drug: &Drug) -> Option<i128> {
    if !s.mixture.is_empty() {
        return None;
    }
    let list = &s.covered.plan.part_d.as_ref()?.selected.as_ref()?.list;
    let unit = s.rules.price(list, drug.ndc, s.day)?;
    Some(half_up(unit.0 * i128::from(s.claim.drug.quantity.thousandths()), 1_000_000))
}

/// The lowest of contract price, usual and customary charge and gross amount due. A lower charge
/// pays for everything.
fn lowest(s: &Situation<'_>, contract: &ContractPrice) -> (PriceBasis, i128, i128) {
    let mut lowest = (contract.basis, contract.ingredients, contract.fee);
    let usual = s.claim.usual_and_customary.map(|usual| (PriceBasis::UsualAndCustomary, usual));
    let usual = usual.map(|(basis, charge)| (basis, i128::from(charge.get())));
    // What is asked for beside the product is in the one, and not in the other.
    let gross = i128::from(s.claim.gross_amount_due.get()) - asked_beside(s);
    for (basis, charge) in usual.into_iter().chain([(PriceBasis::GrossAmountDue, gross)]) {
        if charge < lowest.1 + lowest.2 {
            lowest = (basis, charge, 0);
        }
    }
    lowest
}

/// True for those who pay nothing.
fn is_exempt(s: &Situation<'_>) -> bool {
    s.covered.plan.exempt.iter().any(|row| {
        let groups = &s.covered.member.circumstances.exempt;
        row.under_age.is_some_and(|age| s.age < age)
            || row.pregnant == Some(true) && s.pregnant
            || row.member.is_some_and(|of| groups.iter().any(|g| g.what == of && g.holds(s.day)))
    })
}

/// The patient's deductible and share of a price, held to the out-of-pocket maximum.
fn portions(s: &Situation<'_>, choice: &Choice, price: i128) -> Option<Portions> {
    let (plan, tier) = (s.covered.plan, choice.tier);
    if is_exempt(s) {
        return Some(Portions::default());
    }
    let year = period(s)?;
    let applies = |limit: &&Limit| limit.scope.holds(s, tier);
    let insulin = plan.part_d.as_ref().and_then(|law| insulin_most(s, law, price));
    if insulin == Some(0) {
        return Some(Portions::default());
    }
    let mut portions = Portions { selection: choice.selection, ..Portions::default() };
    let most = price - choice.selection;
    if let Some(limit) = plan.deductible.as_ref().filter(applies).filter(|_| insulin.is_none()) {
        let mut left = left_of(s, limit, year, &DEDUCTIBLE);
        if choice.counts == Counts::Both {
            portions.toward_deductible = choice.selection.min(left);
            left -= portions.toward_deductible;
        }
        portions.deductible = left.min(most);
    }
    let row = plan
        .share
        .iter()
        .find(|row| row.scope.holds(s, tier) && row.kind.is_none_or(|kind| kind == choice.kind))?;
    let of = price - choice.above - portions.deductible;
    share(s, row, of, most - portions.deductible, &mut portions)?;
    if let Some(limit) = plan.out_of_pocket_maximum.as_ref().filter(applies) {
        let counts = choice.counts != Counts::Nothing;
        portions.hold(left_of(s, limit, year, &OUT_OF_POCKET), counts);
    }
    if let Some(left) = left_of_income(s) {
        portions.hold(left, choice.counts != Counts::Nothing);
    }
    portions.hold_share(insulin.unwrap_or(i128::MAX));
    portions.toward_deductible = portions.toward_deductible.min(portions.selection);
    Some(portions)
}

/// A row's share of the price less the deductible, and never more than what is left.
fn share(s: &Situation<'_>, row: &Share, of: i128, most: i128, to: &mut Portions) -> Option<()> {
    let copays = s.copays()?;
    let copay = row.copay.map(|copay| s.once(copay.0 * copays));
    let part = row.coinsurance.map(|rate| {
        let floor = row.at_least.map_or(0, |floor| s.once(floor.0 * copays));
        let part = half_up(of * rate.0, WHOLE).max(floor);
        row.at_most.map_or(part, |cap| part.min(s.once(cap.0 * copays)))
    });
    let is_copay = match (copay, part, row.whichever) {
        (Some(copay), Some(part), Some(Whichever::Greater)) => copay >= part,
        (Some(copay), Some(part), _) => copay <= part,
        (copay, ..) => copay.is_some(),
    };
    if is_copay {
        to.copay = copay?.min(most);
    } else {
        to.coinsurance = part?.min(most);
    }
    Some(())
}

/// What the household may still pay of its income in the month or quarter, where that is on file.
fn left_of_income(s: &Situation<'_>) -> Option<i128> {
    let cap = s.covered.plan.income_cap.as_ref()?;
    let incomes = &s.covered.member.circumstances.monthly_income;
    let income = incomes.iter().find(|income| income.holds(s.day))?.what;
    let months = match cap.period {
        Period::Month => 1,
        Period::Quarter => 3,
    };
    let place = |day: Date| (day.ymd().0, (day.ymd().1 - 1) / months);
    let most = half_up(i128::from(income.get()) * i128::from(months) * cap.rate.0, WHOLE);
    let group = s.covered.coverage.group;
    let fills =
        s.household.fills.iter().filter(|f| f.paid.group == group && f.key() != s.claim.key);
    let paid = fills.filter(|f| place(f.date()) == place(s.day)).map(out_of_pocket);
    Some((most - paid.sum::<i128>()).max(0))
}

/// What is left of a limit for the person, before this claim.
fn left_of(s: &Situation<'_>, limit: &Limit, year: Date, sum: &Sum) -> i128 {
    let group = s.covered.coverage.group;
    let person = s.covered.member.person_code;
    let so_far = |person| {
        let beside = beside_claims(s, Some(limit), sum, person).unwrap_or_default();
        s.household.spent(group, year, person, sum.fills) + beside
    };
    let of_person = limit.person.0 - so_far(Some(person));
    let Some(family) = limit.family else { return of_person.max(0) };
    let of_family = family.0 - so_far(None);
    let is_covered = |c: &openpbm_core::Coverage| c.group == group && within(c.from, c.to, s.day);
    let members = s.household.members.iter();
    let covered = members.filter(|member| member.coverage.iter().any(is_covered)).count();
    let left = match limit.kind {
        Some(LimitKind::Aggregate) if covered >= 2 => {
            let embedded = limit.embedded_person.map(|most| most.0 - limit.person.0 + of_person);
            embedded.map_or(of_family, |embedded| embedded.min(of_family))
        }
        Some(LimitKind::Aggregate) => of_person,
        _ => of_person.min(of_family),
    };
    left.max(0)
}

/// What the plan's row for the code of 408-D8 makes of a brand, or else what is above the plan's
/// reference price. Who is exempt pays nothing.
fn choice(
    s: &Situation<'_>,
    network: &Network,
    contract: &ContractPrice,
    tier: u8,
    price: i128,
) -> Choice {
    let counts = Counts::Nothing;
    let mut choice = Choice { selection: 0, above: 0, counts, tier, kind: s.drug.kind };
    if is_exempt(s) || s.claim.compound {
        return choice;
    }
    let generics = generics(s.rules, s.formulary, s.drug, s.day);
    let priced = generics.filter_map(|generic| {
        let price = contract_price(s, network, generic)?;
        Some((price.ingredients + price.fee, generic))
    });
    let cheapest = priced.min_by_key(|(price, _)| *price);
    let row = s.written(tier).filter(|_| s.drug.kind == ProductKind::Brand);
    if let (Some(row), Some((least, generic))) = (row, cheapest) {
        if row.pays == Written::Difference {
            let difference = (contract.ingredients + contract.fee - least).max(0).min(price);
            if difference > 0 {
                return Choice { selection: difference, counts: row.counts, ..choice };
            }
        }
        if row.pays == Written::AsGeneric
            && let Some(tier) = place(s.rules, s.formulary, generic).tier_for(s)
        {
            choice = Choice { tier, kind: ProductKind::Generic, ..choice };
        }
    }
    let mut rows = s.covered.plan.reference_price.iter();
    let Some(row) = rows.find(|row| row.scope.holds(s, choice.tier)) else { return choice };
    let reference = match &row.list {
        None => cheapest.map(|(price, _)| price),
        Some(list) => s.rules.price(list, s.drug.ndc, s.day).map(|unit| {
            let quantity = i128::from(s.claim.drug.quantity.thousandths());
            half_up(unit.0 * quantity, 1_000_000) + s.fee(network)
        }),
    };
    let Some(reference) = reference else { return choice };
    let above = (price - reference).max(0);
    Choice { selection: above, above, counts: row.counts, ..choice }
}

/// What the plan would pay beyond the most that it covers; refused where the plan says so.
fn over_maximums(
    s: &Situation<'_>,
    tier: u8,
    mut plan_pays: i128,
    refusals: &mut Refusals,
) -> Option<i128> {
    let plan = s.covered.plan;
    let mut over = 0;
    for rule in plan.benefit_maximum.iter().filter(|rule| rule.scope.holds(s, tier)) {
        let fills = s.fills().filter(|(fill, drug)| {
            rule.scope.held(plan, fill, drug) && counts_in(s, rule.per, fill)
        });
        let fills: Vec<_> = fills.map(|(fill, _)| fill).collect();
        let mut covered = plan_pays;
        if let Some(most) = rule.plan_pays {
            let paid = fills.iter().map(|fill| plan_part(&fill.paid)).sum::<i128>();
            covered = covered.min((most.0 - paid).max(0));
        }
        let mut is_reached = covered < plan_pays;
        if rule.fills.is_some_and(|most| filled(s, &fills) >= most) {
            (covered, is_reached) = (0, true);
        }
        if let Some(most) = rule.units {
            let units = |drug: openpbm_core::DrugUse| i128::from(drug.quantity.thousandths());
            let used = fills.iter().map(|fill| units(fill.drug())).sum::<i128>();
            let (left, wanted) = ((most.0 - used).max(0), units(s.claim.drug));
            if left < wanted {
                (covered, is_reached) = (half_up(plan_pays * left, wanted), true);
            }
        }
        if is_reached && rule.beyond == Some(Beyond::Reject) {
            if refusals.add(RejectCode::PlanLimitsExceeded) {
                return None;
            }
            continue;
        }
        over += plan_pays - covered;
        plan_pays = covered;
    }
    Some(over)
}

/// How many fills there are beside the claim's own: one in two parts is one.
fn filled(s: &Situation<'_>, fills: &[&Fill]) -> i64 {
    let own = s.first_part().map(|first| first.id);
    let others = fills.iter().filter(|fill| fill.completes().is_none() && Some(fill.id) != own);
    i64::try_from(others.count()).unwrap_or(i64::MAX)
}

/// True if an earlier fill counts in the period that holds the claim.
fn counts_in(s: &Situation<'_>, per: BenefitPeriod, fill: &Fill) -> bool {
    let quarter = |day: Date| (day.ymd().0, day.ymd().1.div_ceil(3));
    match per {
        BenefitPeriod::PlanYear => {
            let starts = &s.covered.plan.year_starts;
            let reset = s.covered.group.from.0;
            s.covered.counts(fill.paid.group)
                && plan_year(starts, fill.date()) == plan_year(starts, s.day)
                && (!s.covered.group.resets || reset > s.day || fill.date() >= reset)
        }
        BenefitPeriod::CalendarQuarter => quarter(fill.date()) == quarter(s.day),
        BenefitPeriod::RollingYear => {
            let days = s.day.days_since(fill.date());
            (0..365).contains(&days)
        }
        BenefitPeriod::Lifetime => true,
    }
}

/// What the plan paid of a fill by its benefit; sales tax that it pays alone is beside that.
fn plan_part(paid: &Paid) -> i128 {
    let got = paid.price().map_or(0, |price| i128::from(price.get()));
    let member = [paid.deductible, paid.copay, paid.coinsurance, paid.product_selection]
        .map(|amount| i128::from(amount.get()));
    let over = i128::from(paid.design.over_benefit_maximum.get());
    let beside = [paid.coordination.other_payers, paid.design.plan_tax];
    let beside = beside.iter().map(|amount| i128::from(amount.get())).sum::<i128>();
    got - member.iter().sum::<i128>() - over - beside
}

impl Rules {
    /// What a product costs at the first network's terms, for generators that look for the edge
    /// between a contract price and a charge.
    pub(crate) fn listed_cost(&self, drug: &Drug, thousandths: u64, day: Date) -> Option<i128> {
        let list = self.lists.first()?;
        let price = self.price(&list.id, drug.ndc, day)?;
        Some(half_up(price.0 * i128::from(thousandths), 1_000_000))
    }
}
