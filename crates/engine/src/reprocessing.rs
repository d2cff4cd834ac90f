//! Decides again what was paid, when something comes late: an enrollment that changes days gone
//! by, a reversal of an early claim, an early claim after later ones.
//!
//! All that a family was paid for is decided once more in the order of the days of service, each
//! claim by the book that first decided it, on the members as they are known now and on what the
//! claims before it come to. What comes to other amounts is posted as an adjustment. So when
//! nothing is left to post, accumulators and amounts are those of a history in which everything
//! had been right from the start.
//!
//! The drug is dispensed and the pharmacy is paid: its price stays, and what is asked before a
//! drug is dispensed is not asked again. Rejected claims stay rejected: the pharmacy has not
//! dispensed, or the patient has paid and asks for it.

use std::sync::Arc;

use openpbm_book::Book;
use openpbm_core::{
    Adjudication, Adjustment, Claim, ClaimId, Entry, Event, Family, Fill, Finding, Stage, Step,
    Timestamp,
};

use crate::case::Case;
use crate::ledger::{self, LedgerError};

/// What a claim is decided again from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The claim that was paid.
    pub claim: Arc<Claim>,
    /// The book that first decided it.
    pub book: Arc<Book>,
}

/// What an adjustment is stamped with.
pub struct Stamps<'a> {
    /// The instant.
    pub recorded: Timestamp,
    /// An id for each.
    pub next_id: &'a mut dyn FnMut() -> ClaimId,
    /// The entry that came late, where it is known.
    pub because: Option<ClaimId>,
}

/// The adjustments of a family, in the order of the days of service; none if everything is right
/// already. A claim whose origin is not known (it is past its retention, or its book is not at
/// hand) stays as it is.
///
/// # Errors
///
/// [`LedgerError::Overflow`] if an amount does not fit.
pub fn reprocess(
    family: &Family,
    origin: &dyn Fn(ClaimId) -> Option<Origin>,
    stamps: &mut Stamps<'_>,
) -> Result<Vec<Entry>, LedgerError> {
    let mut family = family.clone();
    let mut turns: Vec<_> = family.dispensed().map(Fill::order).collect();
    turns.sort_unstable();
    let mut entries = Vec::new();
    for (_, of) in turns {
        let Some(origin) = origin(of) else { continue };
        let Some(adjustment) = adjustment(&family, of, &origin, stamps.because)? else { continue };
        let event = Event::Adjusted(Box::new(adjustment));
        let entry = Entry { id: (stamps.next_id)(), recorded: stamps.recorded, event };
        ledger::apply(&mut family, &entry)?;
        entries.push(entry);
    }
    Ok(entries)
}

/// What adjusts one claim of a family; `None` if it comes to the same, or the family has not paid
/// it.
///
/// # Errors
///
/// [`LedgerError::Overflow`] if an amount does not fit.
pub fn adjustment(
    family: &Family,
    of: ClaimId,
    origin: &Origin,
    because: Option<ClaimId>,
) -> Result<Option<Adjustment>, LedgerError> {
    let Some(fill) = family.dispensed().find(|fill| fill.id == of) else { return Ok(None) };
    let Origin { claim, book } = origin;
    let adjudication = Arc::new(decide_again(book, family, claim, fill)?);
    let is_covered = family.covers(of);
    let before = is_covered.then_some(fill.paid);
    let is_right = match (&before, adjudication.paid()) {
        (Some(before), Some(after)) => after.comes_to(before) && divides_alike(&adjudication, fill),
        (before, after) => before.is_none() && after.is_none(),
    };
    let (claim, book, answered) = (claim.clone(), book.version(), *fill.answered());
    let adjustment = Adjustment { of, claim, book, because, before, adjudication, answered };
    Ok((!is_right).then_some(adjustment))
}

/// True if a claim of Part D divides among its payers as it did.
fn divides_alike(adjudication: &Adjudication, fill: &Fill) -> bool {
    match (&adjudication.part_d, &fill.part_d) {
        (Some(now), Some(before)) => now.comes_to(before),
        (now, before) => now.is_none() && before.is_none(),
    }
}

/// Decides the claim of a fill again, on its family as it is known now without what comes after
/// it: what an adjustment says at its place in the journal, and a verification finds again.
///
/// # Errors
///
/// [`LedgerError::Overflow`] if an amount does not fit.
pub fn decide_again(
    book: &Book,
    family: &Family,
    claim: &Claim,
    fill: &Fill,
) -> Result<Adjudication, LedgerError> {
    let earlier = ledger::before(family, fill.order())?;
    let mut case = Case::new(book, &earlier, claim);
    case.dispensed = Some(fill);
    let finding = Finding::DecidedAgain { id: fill.id };
    case.steps.push(Step { stage: Stage::Eligibility, finding, source: None, amount: None });
    Ok(crate::finish(case))
}
