//! What is paid, and by whom: price, deductible, share, maximum, choice of brand.

use openpbm_core::{Date, Paid, PriceBasis, ProductKind, RejectCode};

use crate::decide::{Refusals, Situation};
use crate::decimal::{WHOLE, half_up};
use crate::household::{cents, deductible, out_of_pocket};
use crate::placement::generics;
use crate::rules::{BrandChoice, Drug, Limit, LimitKind, Network, Rules, Share, within};

/// What a contract says that a product costs.
struct ContractPrice {
    basis: PriceBasis,
    ingredients: i128,
    fee: i128,
}

/// What a patient pays, by kind.
#[derive(Default)]
struct Portions {
    deductible: i128,
    copay: i128,
    coinsurance: i128,
}

/// The amounts of a claim; refused if nothing says what to pay.
pub(crate) fn pay(s: &Situation<'_>, refusals: &mut Refusals) -> Option<Paid> {
    let (network, tier) = (s.network?, s.placement.tier_at(s.age)?);
    let Some(contract) = contract_price(s, network, s.drug) else {
        refusals.add(RejectCode::ProductNotCovered);
        return None;
    };
    let (basis, ingredients, fee) = lowest(s, &contract);
    let price = ingredients + fee;
    let selection = brand_choice(s, network, &contract).min(price);
    let portions = portions(s, tier, price, selection)?;
    let mut paid = Paid {
        person: s.covered.member.person_code,
        group: s.covered.coverage.group,
        plan_year: plan_year(&s.covered.plan.year_starts, s.day)?,
        tier,
        kind: s.drug.kind,
        basis,
        ingredient_cost: cents(ingredients),
        dispensing_fee: cents(fee),
        deductible: cents(portions.deductible),
        copay: cents(portions.copay),
        coinsurance: cents(portions.coinsurance),
        product_selection: cents(selection),
        accumulated_deductible: cents(0),
        remaining_deductible: None,
        accumulated_out_of_pocket: cents(0),
        remaining_out_of_pocket: None,
    };
    accumulate(s, &mut paid);
    Some(paid)
}

/// Adds what the claim comes to with everything before it.
fn accumulate(s: &Situation<'_>, paid: &mut Paid) {
    let (year, group, person) = (paid.plan_year, paid.group, Some(paid.person));
    let plan = s.covered.plan;
    let (toward, kept) = (deductible(paid), out_of_pocket(paid));
    paid.accumulated_deductible =
        cents(s.household.spent(group, year, person, deductible) + toward);
    paid.accumulated_out_of_pocket =
        cents(s.household.spent(group, year, person, out_of_pocket) + kept);
    let left = |limit: &Limit, amount: fn(&Paid) -> i128, this: i128| {
        cents((left_of(s, limit, year, amount) - this).max(0))
    };
    paid.remaining_deductible = plan.deductible.as_ref().map(|l| left(l, deductible, toward));
    paid.remaining_out_of_pocket =
        plan.out_of_pocket_maximum.as_ref().map(|l| left(l, out_of_pocket, kept));
}

/// The first day of the plan year that holds a day.
fn plan_year(starts: &str, day: Date) -> Option<Date> {
    let (month, of_month) = starts.split_once('-')?;
    let (month, of_month) = (month.parse().ok()?, of_month.parse().ok()?);
    let (year, ..) = day.ymd();
    let this = Date::new(year, month, of_month)?;
    if this <= day { Some(this) } else { Date::new(year - 1, month, of_month) }
}

/// Unit price x rate x quantity by the first list that has the product, and the fee.
fn contract_price(s: &Situation<'_>, network: &Network, drug: &Drug) -> Option<ContractPrice> {
    let terms = match drug.kind {
        ProductKind::Brand => &network.brand,
        ProductKind::Generic => &network.generic,
    };
    terms.iter().find_map(|terms| {
        let unit_price = s.rules.price(&terms.list, drug.ndc, s.day)?;
        let quantity = i128::from(s.claim.drug.quantity.thousandths());
        // Decimals: 5 of the price, 3 of the quantity; a rate is in parts of a whole.
        let exact = unit_price.0 * terms.rate.0 * quantity;
        let list = s.rules.lists.iter().find(|list| list.id == terms.list)?;
        Some(ContractPrice {
            basis: list.basis,
            ingredients: half_up(exact, WHOLE * 1_000_000),
            fee: network.dispensing_fee.0,
        })
    })
}

/// The lowest of contract price, usual and customary charge and gross amount due. A lower charge
/// pays for everything.
fn lowest(s: &Situation<'_>, contract: &ContractPrice) -> (PriceBasis, i128, i128) {
    let mut lowest = (contract.basis, contract.ingredients, contract.fee);
    let usual = s.claim.usual_and_customary.map(|usual| (PriceBasis::UsualAndCustomary, usual));
    let gross = Some((PriceBasis::GrossAmountDue, s.claim.gross_amount_due));
    for (basis, charge) in usual.into_iter().chain(gross) {
        let charge = i128::from(charge.get());
        if charge < lowest.1 + lowest.2 {
            lowest = (basis, charge, 0);
        }
    }
    lowest
}

/// True for those who pay nothing.
fn is_exempt(s: &Situation<'_>) -> bool {
    s.covered.plan.exempt.iter().any(|row| {
        row.under_age.is_some_and(|age| s.age < age) || row.pregnant == Some(true) && s.pregnant
    })
}

/// The patient's deductible and share of a price, held to the out-of-pocket maximum.
fn portions(s: &Situation<'_>, tier: u8, price: i128, selection: i128) -> Option<Portions> {
    let plan = s.covered.plan;
    if is_exempt(s) {
        return Some(Portions::default());
    }
    let year = plan_year(&plan.year_starts, s.day)?;
    let applies = |limit: &&Limit| limit.tiers.as_ref().is_none_or(|tiers| tiers.contains(&tier));
    let mut portions = Portions::default();
    if let Some(limit) = plan.deductible.as_ref().filter(applies) {
        portions.deductible = left_of(s, limit, year, deductible).min(price - selection);
    }
    let of = price - portions.deductible;
    let row = plan.share.iter().find(|row| {
        row.tiers.as_ref().is_none_or(|tiers| tiers.contains(&tier))
            && row.channels.as_ref().is_none_or(|c| s.channel.is_some_and(|s| c.contains(&s)))
            && row.kind.is_none_or(|kind| kind == s.drug.kind)
    })?;
    share(s, row, of, of - selection, &mut portions)?;
    if let Some(limit) = plan.out_of_pocket_maximum.as_ref().filter(applies) {
        hold(&mut portions, left_of(s, limit, year, out_of_pocket));
    }
    Some(portions)
}

/// A row's share of the price less the deductible, and never more than what is left.
fn share(s: &Situation<'_>, row: &Share, of: i128, most: i128, to: &mut Portions) -> Option<()> {
    let steps = s.covered.plan.supply.of(s.channel?)?;
    let copays = steps.iter().find(|step| s.claim.drug.days_supply <= step.days)?.copays;
    if let Some(copay) = row.copay {
        to.copay = (copay.0 * copays).min(most);
    }
    if let Some(rate) = row.coinsurance {
        let floor = row.at_least.map_or(0, |floor| floor.0 * copays);
        let cap = row.at_most.map_or(most, |cap| cap.0 * copays);
        to.coinsurance = half_up(of * rate.0, WHOLE).max(floor).min(cap).min(most);
    }
    Some(())
}

/// Stops at what is left of the maximum: the share gives way first, then the deductible.
fn hold(portions: &mut Portions, left: i128) {
    portions.deductible = portions.deductible.min(left);
    let left = left - portions.deductible;
    portions.copay = portions.copay.min(left);
    portions.coinsurance = portions.coinsurance.min(left - portions.copay);
}

/// What is left of a limit for the person, before this claim.
fn left_of(s: &Situation<'_>, limit: &Limit, year: Date, amount: fn(&Paid) -> i128) -> i128 {
    let group = s.covered.coverage.group;
    let person = s.covered.member.person_code;
    let of_person = limit.person.0 - s.household.spent(group, year, Some(person), amount);
    let Some(family) = limit.family else { return of_person.max(0) };
    let of_family = family.0 - s.household.spent(group, year, None, amount);
    let is_covered = |c: &openpbm_core::Coverage| c.group == group && within(c.from, c.to, s.day);
    let members = s.household.members.iter();
    let covered = members.filter(|member| member.coverage.iter().any(is_covered)).count();
    let left = match limit.kind {
        Some(LimitKind::Aggregate) if covered >= 2 => of_family,
        Some(LimitKind::Aggregate) => of_person,
        _ => of_person.min(of_family),
    };
    left.max(0)
}

/// DAW 2 on a brand with a generic on the formulary, where the plan says so: the difference of
/// their contract prices at this pharmacy, by the cheapest generic. Who is exempt pays nothing.
fn brand_choice(s: &Situation<'_>, network: &Network, brand: &ContractPrice) -> i128 {
    let plan = s.covered.plan.dispense_as_written.as_ref();
    let costs = plan.is_some_and(|plan| plan.patient == BrandChoice::Difference);
    if !costs || s.claim.daw != 2 || s.drug.kind != ProductKind::Brand || is_exempt(s) {
        return 0;
    }
    let prices = generics(s.rules, s.formulary, s.drug, s.day)
        .filter_map(|generic| contract_price(s, network, generic))
        .map(|price| price.ingredients + price.fee);
    let cheapest = prices.min();
    cheapest.map_or(0, |generic| (brand.ingredients + brand.fee - generic).max(0))
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
