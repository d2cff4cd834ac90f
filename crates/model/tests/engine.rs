//! The engine as the differential test drives it: documents compiled to a book, events decided as
//! transactions, entries folded into the family.

use openpbm_book::{Book, InMemory};
use openpbm_core::{Claim, ClaimId, Family, FamilyId, Member, Outcome, Timestamp};
use openpbm_engine::ledger;
use openpbm_engine::transaction::{self, Decision, Request, Stamp, decide};
use openpbm_model::{Answer, Documents, Event, Implementation, Observation, Unreadable};

/// Another way to decide, for tests that ask whether a mistake would be noticed.
pub(crate) type Twist = fn(&Book, &Family, &Request, Stamp) -> Decision;

/// The engine. With a twist it shows the twist's answers, but goes on from its own.
#[derive(Clone, Copy, Default)]
pub(crate) struct Engine {
    pub(crate) twist: Option<Twist>,
}

impl Implementation for Engine {
    type Book = Book;

    fn read(&self, documents: &Documents) -> Result<Book, Unreadable> {
        let in_memory: InMemory = documents.iter().collect();
        Book::from_documents(&in_memory).map_err(|mistakes| Unreadable::new("the book", mistakes))
    }

    fn play(&self, book: &Book, members: &[Member], events: &[Event]) -> Vec<Observation> {
        let Some(card) = card(events) else { return Vec::new() };
        let mut family = Family::unknown(card);
        family.members = members.to_vec();
        let mut seen = Vec::new();
        for (event, stamp) in events.iter().zip((1..).map(stamp)) {
            let request = request(event);
            let decision = decide(book, &family, &request, stamp);
            let shown = self.twist.map(|twist| twist(book, &family, &request, stamp).answer);
            for entry in &decision.entries {
                if ledger::apply(&mut family, entry).is_err() {
                    // Fewer observations than events are a disagreement.
                    return seen;
                }
            }
            seen.push(Observation {
                answer: answer(shown.unwrap_or(decision.answer)),
                accumulators: family.accumulators.clone(),
                fills: family.fills.len(),
            });
        }
        seen
    }
}

/// The card that the claims name; without a claim any card will do.
fn card(events: &[Event]) -> Option<FamilyId> {
    let named = events.iter().find_map(|event| match event {
        Event::Bill(claim) | Event::Rebill(claim) => Some(claim.cardholder),
        Event::Reverse(_) | Event::Enroll(_) => None,
    });
    named.or_else(|| "CSC900001".parse().ok())
}

fn request(event: &Event) -> Request {
    let boxed = |claim: &Claim| Box::new(claim.clone());
    match event {
        Event::Bill(claim) => Request::Billing(boxed(claim)),
        Event::Rebill(claim) => Request::Rebill(boxed(claim)),
        Event::Reverse(reversal) => Request::Reversal(reversal.clone()),
        Event::Enroll(members) => Request::Enrollment(members.clone()),
    }
}

/// Ids and an instant of their own for each event.
fn stamp(event: u64) -> Stamp {
    Stamp {
        recorded: Timestamp::from_millis(event),
        id: ClaimId::new(event, 1),
        second: ClaimId::new(event, 2),
    }
}

/// What the pharmacy sees of the engine's answer.
fn answer(answer: transaction::Answer) -> Answer {
    match answer {
        transaction::Answer::Decided { adjudication, .. } => {
            let seen = match adjudication.outcome {
                Outcome::Paid(paid) => Answer::paid(paid),
                Outcome::Rejected(codes) => Answer::rejected(codes),
            };
            Answer { next_fill: adjudication.next_fill, alerts: adjudication.alerts, ..seen }
        }
        transaction::Answer::Duplicate(fill) => Answer::duplicate(fill.paid),
        transaction::Answer::Refused { reasons, .. } => {
            Answer::rejected(reasons.into_iter().map(|reason| reason.code).collect())
        }
        transaction::Answer::Reversed { .. }
        | transaction::Answer::Covered { .. }
        | transaction::Answer::Enrolled { .. } => Answer::accepted(),
    }
}
