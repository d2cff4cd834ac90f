//! The choice of a product over a cheaper one, and what it costs whom.

use openpbm_book::{Counts, DispenseAsWritten, Reference, ReferencePrice, Written};
use openpbm_core::{
    Account, Cents, Finding, Overflow, Percent, PlanFinding, ProductKind, Source, Stage,
};

use super::Terms;
use crate::case::Case;
use crate::product::{self, Dispensed};
use crate::{formulary, pricing, written};

/// What was chosen over a cheaper product.
#[derive(Clone, Copy)]
pub(super) struct Choice {
    /// What its price counts toward.
    pub(super) counts: Counts,
    /// What of the price is above a reference price.
    pub(super) above_reference: Cents,
}

impl Choice {
    pub(super) const NONE: Self = Self { counts: Counts::Nothing, above_reference: Cents::ZERO };

    /// Notes what of the choice counts, once the maximum has held it.
    pub(super) fn count(self, case: &mut Case<'_>, terms: &Terms<'_, '_>) {
        let selection = case.balance(Account::ProductSelection);
        if self.counts == Counts::Nothing || selection == Cents::ZERO {
            case.design.selection_toward_deductible = Cents::ZERO;
            return;
        }
        let deductible = case.design.selection_toward_deductible.min(selection);
        case.design.selection_toward_deductible = deductible;
        case.design.selection_toward_maximum = selection;
        let finding = PlanFinding::SelectionCounts { deductible, maximum: selection };
        case.note(Stage::Benefit, Finding::Plan(finding), terms.covered.plan.source);
    }
}

/// Posts what the choice costs: a brand dispensed as written, or else what is above the plan's
/// reference price.
pub(super) fn choose<'a>(
    case: &mut Case<'a>,
    terms: &mut Terms<'_, 'a>,
) -> Result<Choice, Overflow> {
    // A compound has no generic to choose.
    if case.claim.compound {
        return Ok(Choice::NONE);
    }
    let choice = as_written(case, terms)?;
    if case.balance(Account::ProductSelection) > Cents::ZERO {
        return Ok(choice);
    }
    reference_price(case, terms)
}

/// What the plan's row for the code (408-D8) makes of a brand. DAW 1: the prescriber chose,
/// nobody is penalised unless a row says so.
fn as_written<'a>(case: &mut Case<'a>, terms: &mut Terms<'_, 'a>) -> Result<Choice, Overflow> {
    let plan = terms.covered.plan;
    if terms.dispensed.product.kind != ProductKind::Brand {
        return Ok(Choice::NONE);
    }
    let Some(row) = written::row(plan, case.claim.daw, &terms.supplied) else {
        if let (written::BY_PRESCRIBER, Some(first)) =
            (case.claim.daw, plan.dispense_as_written.first())
        {
            case.note(Stage::Benefit, Finding::PrescriberChoseBrand, first.source);
        }
        return Ok(Choice::NONE);
    };
    match row.pays {
        Written::Share | Written::Refused => Ok(Choice::NONE),
        Written::Difference(counts) => {
            if let Some((generic, generic_price)) = cheapest_generic(case, terms)? {
                let generic = generic.drug.ndc;
                let finding = Finding::ProductSelection { generic, generic_price };
                let difference = generic_price.left_of(terms.price.contract);
                post(case, terms, finding, row.source, difference);
            }
            Ok(Choice { counts, ..Choice::NONE })
        }
        Written::AsGeneric => {
            as_generic(case, terms, row)?;
            Ok(Choice::NONE)
        }
    }
}

/// Lets the brand stand as its cheapest generic, in the generic's tier.
fn as_generic<'a>(
    case: &mut Case<'a>,
    terms: &mut Terms<'_, 'a>,
    row: &DispenseAsWritten,
) -> Result<(), Overflow> {
    let Some((generic, _)) = cheapest_generic(case, terms)? else { return Ok(()) };
    let placement = formulary::of(case, terms.covered).and_then(|f| f.placement(generic.id));
    let placed = placement.and_then(|p| formulary::tier_for(case, terms.covered, p));
    let Some((tier, ..)) = placed else { return Ok(()) };
    terms.supplied.tier = tier;
    terms.supplied.kind = ProductKind::Generic;
    let (daw, generic) = (case.claim.daw, generic.drug.ndc);
    let finding = PlanFinding::TreatedAsGeneric { daw, generic, tier };
    case.note(Stage::Benefit, Finding::Plan(finding), row.source);
    Ok(())
}

/// The plan pays no more than the reference price; the member pays the rest.
fn reference_price<'a>(case: &mut Case<'a>, terms: &Terms<'_, 'a>) -> Result<Choice, Overflow> {
    let rows = &terms.covered.plan.reference_prices;
    let Some(row) = rows.iter().find(|row| row.scope.holds(&terms.supplied)) else {
        return Ok(Choice::NONE);
    };
    let Some((price, of)) = reference(case, terms, row)? else { return Ok(Choice::NONE) };
    let above = price.left_of(terms.price.price);
    if above > Cents::ZERO {
        let finding = Finding::Plan(PlanFinding::ReferencePrice { price, of });
        post(case, terms, finding, row.source, above);
    }
    Ok(Choice { counts: row.counts, above_reference: above })
}

/// The reference price of the claim's quantity here, and whose price it is.
fn reference<'a>(
    case: &Case<'a>,
    terms: &Terms<'_, 'a>,
    row: &ReferencePrice,
) -> Result<Option<(Cents, Option<openpbm_core::Ndc>)>, Overflow> {
    match row.of {
        Reference::Generic => {
            let cheapest = cheapest_generic(case, terms)?;
            Ok(cheapest.map(|(generic, price)| (price, Some(generic.drug.ndc))))
        }
        Reference::List(list) => {
            let ndc = terms.dispensed.drug.ndc;
            let Some(price) = case.book.price(list, ndc, case.date()) else { return Ok(None) };
            let product = price.unit.extend(Percent::WHOLE, case.drug.quantity)?;
            let fee = pricing::fee_borne(case, terms.dispensing.network)?;
            Ok(Some((product.plus(fee)?, None)))
        }
    }
}

/// Posts the price of a choice, which is never more than the price.
fn post(
    case: &mut Case<'_>,
    terms: &Terms<'_, '_>,
    finding: Finding,
    source: Source,
    amount: Cents,
) {
    let account = Account::ProductSelection;
    case.post(Stage::Benefit, finding, source, account, amount);
    let price = terms.price.price;
    if amount > price {
        case.post(Stage::Benefit, Finding::HeldToPrice { price }, None, account, price);
    }
}

/// The generic of the same ingredient, strength and form that has the lowest contract price at
/// this pharmacy, is on the plan's formulary and is still sold.
pub(super) fn cheapest_generic<'a>(
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
        let is_generic = other.product.kind == ProductKind::Generic && !other.product.otc;
        if !is_generic || !covered || !is_sold {
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
