//! The engine: [`adjudicate`] decides a claim; [`ledger`] folds decisions into a family;
//! [`quote`] says what a claim would cost; [`payment_plan`] bills a Part D member by the month;
//! [`drug_event`](mod@drug_event) is what CMS is told of a Part D claim; [`adherence`] is how much
//! of the time a member's fills last.
//!
//! A decision is a pure function of the book, the family and the claim. The modules below are
//! the story of a claim, in the order in which it meets them. Each stage takes the claim so far
//! and returns it decided a little further, or refuses it; a refusal is a value with a reject
//! code, never an error, and the claim goes on as far as it can, so that the pharmacist hears
//! of everything at once.

pub mod adherence;
mod alternatives;
mod case;
pub mod drug_event;
pub mod ledger;
pub mod payment_plan;
pub mod quote;
pub mod reprocessing;
pub mod transaction;

mod compound;
mod eligibility;
mod pharmacy;
mod prescriber;
mod product;

mod overrides;

mod part_b;
mod transition;

mod partial;

mod duplicate;
mod formulary;
mod utilization;

mod channel;
mod words;
mod written;

mod dur;

mod authorization;

mod pricing;

mod benefit;

mod coordination;

mod response;

use openpbm_book::{Book, Supplied};
use openpbm_core::{Adjudication, Claim, Family, Overflow, Paid};

pub use eligibility::plan_on;

use case::Case;

/// Decides a claim of a family under a book.
///
/// No clock, no I/O, no randomness, no float: the same arguments give the same answer, today
/// and when an auditor asks. The steps of the answer sum to its outcome
/// ([`Adjudication::check_sums`]).
pub fn adjudicate(book: &Book, family: &Family, claim: &Claim) -> Adjudication {
    finish(Case::new(book, family, claim))
}

/// Takes a case to its answer.
fn finish(mut case: Case<'_>) -> Adjudication {
    let paid = decide(&mut case).unwrap_or_else(|overflow| {
        case.refuse_overflow(overflow);
        None
    });
    if case.is_refused() && case.dispensed.is_none() {
        alternatives::find(&mut case);
    }
    response::answer(case, paid)
}

/// Takes the claim through the stages; the amounts, if nothing refused it. A price is found only
/// for a claim that nothing has refused. What is asked before a drug is dispensed (is it time, is
/// it safe, is it authorized) is not asked again of what was.
fn decide(case: &mut Case<'_>) -> Result<Option<Paid>, Overflow> {
    let covered = eligibility::check(case);
    let dispensing = pharmacy::check(case, covered.as_ref());
    prescriber::check(case, covered.as_ref());
    let dispensed = if case.claim.compound {
        compound::check(case, covered.as_ref(), dispensing.as_ref())?
    } else {
        product::check(case)
    };
    let Some(covered) = covered else { return Ok(None) };
    let Some(dispensed) = dispensed else {
        coordination::check(case, &covered, None);
        return Ok(None);
    };
    if !partial::check(case, &covered, &dispensed) {
        return Ok(None);
    }
    let is_new = case.is_new();
    overrides::find(case, &covered, &dispensed);
    transition::find(case, &covered, &dispensed);
    if case.dispensed.is_none() {
        duplicate::check(case, &covered, &dispensed);
    }
    let placed = formulary::check(case, &covered, &dispensed, dispensing.as_ref());
    let placement = placed.as_ref().and_then(|placed| placed.placement);
    let copays = utilization::check(case, &covered, &dispensed, placement, dispensing.as_ref());
    case.emergency = if is_new {
        dur::check_all(case, &covered, &dispensed);
        authorization::check(case, &covered, &dispensed, placement)
    } else {
        case.asked().is_some_and(|fill| fill.paid.emergency_supply)
    };
    case.coordination.recover = coordination::check(case, &covered, placed.as_ref());
    let (Some(placed), Some(dispensing), Some(copays)) = (placed, dispensing, copays) else {
        return Ok(None);
    };
    let supplied = supplied(case, &placed, &dispensing, &dispensed);
    if is_new {
        channel::check(case, &covered, &dispensed, &supplied);
        written::check(case, &covered, &supplied);
    }
    if case.is_refused() {
        return Ok(None);
    }
    let Some(price) = pricing::price(case, &covered, &dispensing, &dispensed)? else {
        return Ok(None);
    };
    let terms = benefit::Terms {
        covered: &covered,
        dispensed: &dispensed,
        dispensing: &dispensing,
        copays,
        price,
        supplied,
    };
    benefit::share(case, terms)
}

/// What the plan's rules look at in the claim.
fn supplied(
    case: &Case<'_>,
    placed: &formulary::Placed<'_>,
    dispensing: &pharmacy::Dispensing<'_>,
    dispensed: &product::Dispensed<'_>,
) -> Supplied {
    Supplied {
        tier: placed.tier,
        channel: dispensing.channel,
        kind: dispensed.product.kind,
        days: case.whole().days_supply,
        drug: dispensed.id,
    }
}
