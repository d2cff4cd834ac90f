//! The engine: [`adjudicate`] decides a claim; [`ledger`] folds decisions into a family.
//!
//! A decision is a pure function of the book, the family and the claim. The modules below are
//! the story of a claim, in the order in which it meets them. Each stage takes the claim so far
//! and returns it decided a little further, or refuses it; a refusal is a value with a reject
//! code, never an error, and the claim goes on as far as it can, so that the pharmacist hears
//! of everything at once.

mod alternatives;
mod case;
pub mod ledger;
pub mod transaction;

mod eligibility;
mod pharmacy;
mod prescriber;
mod product;

mod duplicate;
mod formulary;
mod utilization;

mod dur;

mod authorization;

mod pricing;

mod benefit;

mod coordination;

mod response;

use openpbm_book::Book;
use openpbm_core::{Adjudication, Claim, Family, Overflow, Paid};

use case::Case;

/// Decides a claim of a family under a book.
///
/// No clock, no I/O, no randomness, no float: the same arguments give the same answer, today
/// and when an auditor asks. The steps of the answer sum to its outcome
/// ([`Adjudication::check_sums`]).
pub fn adjudicate(book: &Book, family: &Family, claim: &Claim) -> Adjudication {
    let mut case = Case::new(book, family, claim);
    let paid = decide(&mut case).unwrap_or_else(|overflow| {
        case.refuse_overflow(overflow);
        None
    });
    if case.is_refused() {
        alternatives::find(&mut case);
    }
    response::answer(case, paid)
}

/// Takes the claim through the stages; the amounts, if nothing refused it.
fn decide(case: &mut Case<'_>) -> Result<Option<Paid>, Overflow> {
    let paid = check_and_price(case)?;
    coordination::check(case);
    Ok(paid)
}

/// All stages up to the benefit. A price is found only for a claim that nothing has refused.
fn check_and_price(case: &mut Case<'_>) -> Result<Option<Paid>, Overflow> {
    let covered = eligibility::check(case);
    let dispensing = pharmacy::check(case, covered.as_ref());
    prescriber::check(case, covered.as_ref());
    let dispensed = product::check(case);
    let (Some(covered), Some(dispensed)) = (covered, dispensed) else {
        return Ok(None);
    };
    duplicate::check(case, &covered, &dispensed);
    let placed = formulary::check(case, &covered, &dispensed, dispensing.as_ref());
    let placement = placed.as_ref().map(|placed| placed.placement);
    let copays = utilization::check(case, &covered, &dispensed, placement, dispensing.as_ref());
    dur::check(case, &covered, &dispensed);
    authorization::check(case, &covered, &dispensed, placement);
    let (Some(placed), Some(dispensing), Some(copays)) = (placed, dispensing, copays) else {
        return Ok(None);
    };
    if case.is_refused() {
        return Ok(None);
    }
    let Some(price) = pricing::price(case, &dispensing, &dispensed)? else {
        return Ok(None);
    };
    let terms = benefit::Terms {
        covered: &covered,
        dispensed: &dispensed,
        placed: &placed,
        dispensing: &dispensing,
        copays,
        price,
    };
    benefit::share(case, &terms)
}
