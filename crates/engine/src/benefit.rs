//! What the member pays: the price of choosing a brand, the deductible, the tier's share, held to
//! the out-of-pocket maximum, and never more than the price.

use openpbm_book::{Exemption, Limit, Share, ShareKind};
use openpbm_core::{
    Account, Accumulator, Cents, Finding, Overflow, Paid, ProductKind, RejectCode, Source, Stage,
};

use crate::case::Case;
use crate::dur::is_pregnant;
use crate::eligibility::Covered;
use crate::formulary::{self, Placed};
use crate::pharmacy::Dispensing;
use crate::pricing::{self, Priced};
use crate::product::{self, Dispensed};

/// Everything that a share depends on.
pub(crate) struct Terms<'t, 'a> {
    pub(crate) covered: &'t Covered<'a>,
    pub(crate) dispensed: &'t Dispensed<'a>,
    pub(crate) placed: &'t Placed<'a>,
    pub(crate) dispensing: &'t Dispensing<'a>,
    /// As how many copays the supply counts.
    pub(crate) copays: u8,
    pub(crate) price: Priced,
}

/// What a limit has left, and whose it is.
#[derive(Clone, Copy)]
struct Left {
    amount: Cents,
    family: bool,
}

/// The person's and the family's balances of a plan year, before this claim.
struct Balances {
    person: Accumulator,
    family_deductible: Cents,
    family_out_of_pocket: Cents,
    /// True if more than one person is covered in the group on the day.
    several: bool,
}

pub(crate) fn share(case: &mut Case<'_>, terms: &Terms<'_, '_>) -> Result<Option<Paid>, Overflow> {
    let balances = balances(case, terms.covered)?;
    let exemption = exemption(case, terms.covered);
    if let Some((finding, source)) = exemption {
        case.note(Stage::Benefit, finding, source);
    } else {
        product_selection(case, terms)?;
        deductible(case, terms, &balances)?;
        let row = terms.covered.plan.shares.iter().find(|row| {
            let channel = terms.dispensing.pharmacy.channel;
            row.fits(terms.placed.tier, channel, terms.dispensed.product.kind)
        });
        let Some(row) = row else {
            // The book's check finds such a gap, so this is a book that was not checked.
            let message = "the plan names no member's share for this tier and channel";
            let code = RejectCode::HostProcessingError;
            case.refuse(Stage::Benefit, code, message, terms.covered.plan.source);
            return Ok(None);
        };
        tier_share(case, terms, row)?;
        hold_to_maximum(case, terms, &balances)?;
    }
    outcome(case, terms, &balances).map(Some)
}

fn balances(case: &Case<'_>, covered: &Covered<'_>) -> Result<Balances, Overflow> {
    let (group, plan_year) = (covered.group.id, covered.plan_year);
    let mut balances = Balances {
        person: Accumulator {
            person: covered.person(),
            group,
            plan_year,
            deductible: Cents::ZERO,
            out_of_pocket: Cents::ZERO,
        },
        family_deductible: Cents::ZERO,
        family_out_of_pocket: Cents::ZERO,
        several: covered_persons(case, covered) > 1,
    };
    for accumulator in case.family.accumulators_in(group, plan_year) {
        if accumulator.person == covered.person() {
            balances.person = *accumulator;
        }
        balances.family_deductible = balances.family_deductible.plus(accumulator.deductible)?;
        balances.family_out_of_pocket =
            balances.family_out_of_pocket.plus(accumulator.out_of_pocket)?;
    }
    Ok(balances)
}

/// How many persons the family has in the group on the day.
fn covered_persons(case: &Case<'_>, covered: &Covered<'_>) -> usize {
    let date = case.date();
    let is_covered = |m: &&openpbm_core::Member| {
        m.coverage.iter().any(|c| c.group == covered.group.id && c.holds(date))
    };
    case.family.members.iter().filter(is_covered).count()
}

/// What is left of a limit: embedded, the smaller of the person's and the family's; aggregate,
/// the family's alone as soon as it is a family.
fn left_of(limit: &Limit, person: Cents, family: Cents, several: bool) -> Left {
    let of_person = Left { amount: person.left_of(limit.person), family: false };
    let of_family = limit.family.map(|f| Left { amount: family.left_of(f), family: true });
    match of_family {
        Some(of_family) if !limit.embedded && several => of_family,
        Some(of_family) if limit.embedded && of_family.amount < of_person.amount => of_family,
        _ => of_person,
    }
}

fn exemption(case: &Case<'_>, covered: &Covered<'_>) -> Option<(Finding, Source)> {
    let age = case.date().age_on(covered.member.birth);
    covered.plan.exemptions.iter().find_map(|rule| match rule.value {
        Exemption::UnderAge(limit) if age < i32::from(limit) => {
            Some((Finding::Exempt { under_age: Some(limit) }, rule.source))
        }
        Exemption::Pregnant if is_pregnant(case, covered) => {
            Some((Finding::Exempt { under_age: None }, rule.source))
        }
        _ => None,
    })
}

/// What is left of the price when the price of choosing a brand is taken off: that one counts
/// toward nothing, so nothing that counts may be taken of it.
fn benefit_price(case: &Case<'_>, terms: &Terms<'_, '_>) -> Result<Cents, Overflow> {
    terms.price.price.minus(case.balance(Account::ProductSelection))
}

/// The deductible's rest comes first.
fn deductible(
    case: &mut Case<'_>,
    terms: &Terms<'_, '_>,
    balances: &Balances,
) -> Result<(), Overflow> {
    let Some(limit) = &terms.covered.plan.deductible else { return Ok(()) };
    let tier = terms.placed.tier;
    if !limit.tiers.is_empty() && !limit.tiers.contains(&tier) {
        case.note(Stage::Benefit, Finding::DeductibleWaived { tier }, limit.source);
        return Ok(());
    }
    let so_far = (balances.person.deductible, balances.family_deductible);
    let left = left_of(limit, so_far.0, so_far.1, balances.several);
    let pays = left.amount.min(benefit_price(case, terms)?);
    let finding = Finding::Deductible { left: left.amount, family: left.family };
    case.post(Stage::Benefit, finding, limit.source, Account::Deductible, pays);
    Ok(())
}

/// The tier's share of what the deductible leaves of the price, and never more than is left.
fn tier_share(case: &mut Case<'_>, terms: &Terms<'_, '_>, row: &Share) -> Result<(), Overflow> {
    let deductible = case.balance(Account::Deductible);
    let after_deductible = terms.price.price.minus(deductible)?;
    let most = benefit_price(case, terms)?.minus(deductible)?;
    let copays = u32::from(terms.copays);
    let bound = |amount: Option<Cents>| amount.map(|a| a.times(copays)).transpose();
    let (account, finding, pays) = match row.share {
        ShareKind::Copay(each) => {
            let finding = Finding::Copay { each, copays: terms.copays };
            (Account::Copay, finding, each.times(copays)?)
        }
        ShareKind::Coinsurance { rate, at_least, at_most } => {
            let (at_least, at_most) = (bound(at_least)?, bound(at_most)?);
            let part = after_deductible.percent(rate)?.max(at_least.unwrap_or_default());
            let finding = Finding::Coinsurance { rate, at_least, at_most };
            (Account::Coinsurance, finding, at_most.map_or(part, |most| part.min(most)))
        }
    };
    case.post(Stage::Benefit, finding, row.source, account, pays);
    if pays > most {
        let price = terms.price.price;
        case.post(Stage::Benefit, Finding::HeldToPrice { price }, None, account, most);
    }
    Ok(())
}

/// What counts toward the maximum stops at the maximum: the share gives way first.
fn hold_to_maximum(
    case: &mut Case<'_>,
    terms: &Terms<'_, '_>,
    balances: &Balances,
) -> Result<(), Overflow> {
    let Some(limit) = &terms.covered.plan.out_of_pocket else { return Ok(()) };
    if !limit.tiers.is_empty() && !limit.tiers.contains(&terms.placed.tier) {
        return Ok(());
    }
    let so_far = (balances.person.out_of_pocket, balances.family_out_of_pocket);
    let left = left_of(limit, so_far.0, so_far.1, balances.several);
    let counted = [Account::Copay, Account::Coinsurance, Account::Deductible];
    let pays = Cents::sum(counted.map(|account| case.balance(account)))?;
    let mut excess = left.amount.left_of(pays);
    for account in counted {
        let balance = case.balance(account);
        let cut = balance.min(excess);
        if cut > Cents::ZERO {
            let finding = Finding::HeldToMaximum { left: left.amount, family: left.family };
            case.post(Stage::Benefit, finding, limit.source, account, balance.minus(cut)?);
            excess = excess.minus(cut)?;
        }
    }
    Ok(())
}

/// DAW 2: who chooses a brand over its generic pays the difference of their contract prices,
/// where the plan says so; it counts toward nothing. DAW 1: the prescriber chose, nobody is
/// penalised.
fn product_selection(case: &mut Case<'_>, terms: &Terms<'_, '_>) -> Result<(), Overflow> {
    let Some(source) = terms.covered.plan.patient_choice_pays_difference else { return Ok(()) };
    if terms.dispensed.product.kind != ProductKind::Brand {
        return Ok(());
    }
    match case.claim.daw {
        1 => case.note(Stage::Benefit, Finding::PrescriberChoseBrand, source),
        2 => {
            let Some((generic, generic_price)) = cheapest_generic(case, terms)? else {
                return Ok(());
            };
            let difference = generic_price.left_of(terms.price.contract);
            let generic = generic.drug.ndc;
            let finding = Finding::ProductSelection { generic, generic_price };
            let account = Account::ProductSelection;
            case.post(Stage::Benefit, finding, source, account, difference);
            let price = terms.price.price;
            if difference > price {
                let finding = Finding::HeldToPrice { price };
                case.post(Stage::Benefit, finding, None, account, price);
            }
        }
        _ => {}
    }
    Ok(())
}

/// The generic of the same ingredient, strength and form that has the lowest contract price at
/// this pharmacy, is on the plan's formulary and is still sold.
fn cheapest_generic<'a>(
    case: &Case<'a>,
    terms: &Terms<'_, 'a>,
) -> Result<Option<(Dispensed<'a>, Cents)>, Overflow> {
    let Some(formulary) = formulary::of(case, terms.covered) else { return Ok(None) };
    let mut cheapest: Option<(Dispensed<'a>, Cents)> = None;
    let drugs = case.book.drugs();
    for &id in drugs.equivalents(terms.dispensed.product.equivalence) {
        let covered = formulary
            .placement(id)
            .is_some_and(|placement| placement.tier.is_some() && placement.excluded.is_none());
        let Some(other) = drugs.drug(id).and_then(|drug| product::find(case, drug.ndc)) else {
            continue;
        };
        let is_sold = other.drug.discontinued.is_none_or(|last| case.date() <= last);
        if other.product.kind != ProductKind::Generic || !covered || !is_sold {
            continue;
        }
        if let Some(price) = pricing::contract_price(case, terms.dispensing, &other)?
            && cheapest.as_ref().is_none_or(|(_, lowest)| price < *lowest)
        {
            cheapest = Some((other, price));
        }
    }
    Ok(cheapest)
}

/// The balances after the claim.
fn outcome(case: &Case<'_>, terms: &Terms<'_, '_>, balances: &Balances) -> Result<Paid, Overflow> {
    let plan = terms.covered.plan;
    let mut paid = Paid {
        person: terms.covered.person(),
        group: terms.covered.group.id,
        plan_year: terms.covered.plan_year,
        tier: terms.placed.tier,
        kind: terms.dispensed.product.kind,
        basis: terms.price.basis,
        ingredient_cost: case.balance(Account::IngredientCost),
        dispensing_fee: case.balance(Account::DispensingFee),
        deductible: case.balance(Account::Deductible),
        copay: case.balance(Account::Copay),
        coinsurance: case.balance(Account::Coinsurance),
        product_selection: case.balance(Account::ProductSelection),
        accumulated_deductible: balances.person.deductible,
        remaining_deductible: None,
        accumulated_out_of_pocket: balances.person.out_of_pocket,
        remaining_out_of_pocket: None,
    };
    let counted = paid.out_of_pocket()?;
    paid.accumulated_deductible = paid.accumulated_deductible.plus(paid.deductible)?;
    paid.accumulated_out_of_pocket = paid.accumulated_out_of_pocket.plus(counted)?;
    let family_deductible = balances.family_deductible.plus(paid.deductible)?;
    let family_out_of_pocket = balances.family_out_of_pocket.plus(counted)?;
    paid.remaining_deductible = plan.deductible.as_ref().map(|limit| {
        left_of(limit, paid.accumulated_deductible, family_deductible, balances.several).amount
    });
    paid.remaining_out_of_pocket = plan.out_of_pocket.as_ref().map(|limit| {
        let person = paid.accumulated_out_of_pocket;
        left_of(limit, person, family_out_of_pocket, balances.several).amount
    });
    Ok(paid)
}
