//! The engine as the differential test drives it: documents compiled to a book, events decided as
//! transactions, entries folded into the family.

use std::collections::BTreeMap;
use std::sync::Arc;

use openpbm_book::{Book, InMemory};
use openpbm_core::Event::Decided;
use openpbm_core::{Claim, ClaimId, Entry, Family, FamilyId, Member, Outcome, Timestamp};
use openpbm_engine::ledger;
use openpbm_engine::reprocessing::{Origin, Stamps, reprocess};
use openpbm_engine::transaction::{self, Decision, Request, Stamp, decide};
use openpbm_model::{Answer, Documents, Event, Implementation, Observation, Unreadable};

/// The claims that were decided, by their decisions.
type Paid = BTreeMap<ClaimId, Arc<Claim>>;

/// Another way to decide, for tests that ask whether a mistake would be noticed.
pub(crate) type Twist = fn(&Book, &Family, &Request, Stamp) -> Decision;

/// The engine. With a twist it shows the twist's answers, but goes on from its own.
#[derive(Clone, Copy, Default)]
pub(crate) struct Engine {
    pub(crate) twist: Option<Twist>,
}

impl Implementation for Engine {
    type Book = Arc<Book>;

    fn read(&self, documents: &Documents) -> Result<Arc<Book>, Unreadable> {
        let in_memory: InMemory = documents.iter().collect();
        let book = Book::from_documents(&in_memory);
        book.map(Arc::new).map_err(|mistakes| Unreadable::new("the book", mistakes))
    }

    fn play(&self, book: &Arc<Book>, members: &[Member], events: &[Event]) -> Vec<Observation> {
        let Some(card) = card(events) else { return Vec::new() };
        let mut family = Family::unknown(card);
        family.members = members.to_vec();
        let mut seen = Vec::new();
        let mut paid = Paid::new();
        for (event, stamp) in events.iter().zip((1..).map(stamp)) {
            let (mut given, entries) = match request(event) {
                Some(request) => {
                    let decision = decide(book, &family, &request, stamp);
                    let shown = self.twist.map(|twist| twist(book, &family, &request, stamp));
                    let given = shown.map_or(decision.answer, |shown| shown.answer);
                    (answer(given), decision.entries)
                }
                None => match again(book, &family, &paid, stamp) {
                    Some(entries) => (Answer::accepted(), entries),
                    None => return seen,
                },
            };
            for entry in &entries {
                if let Decided { claim, .. } = &entry.event {
                    paid.insert(entry.id, claim.clone());
                }
                if ledger::apply(&mut family, entry).is_err() {
                    // Fewer observations than events are a disagreement.
                    return seen;
                }
            }
            if *event == Event::Reprocess {
                given.fills = family.fills.iter().map(|fill| fill.paid).collect();
            }
            seen.push(Observation {
                answer: given,
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
        Event::Reverse(_) | Event::Enroll(_) | Event::Medical(_) | Event::Reprocess => None,
    });
    named.or_else(|| "CSC900001".parse().ok())
}

/// What an event asks; `None` for reprocessing, which nobody asks for.
fn request(event: &Event) -> Option<Request> {
    let shared = |claim: &Claim| Arc::new(claim.clone());
    match event {
        Event::Bill(claim) => Some(Request::Billing(shared(claim))),
        Event::Rebill(claim) => Some(Request::Rebill(shared(claim))),
        Event::Reverse(reversal) => Some(Request::Reversal(reversal.clone())),
        Event::Enroll(members) => Some(Request::Enrollment(members.clone())),
        Event::Medical(totals) => Some(Request::Medical(totals.clone())),
        Event::Reprocess => None,
    }
}

/// Decides again what was paid, each claim as it was billed.
fn again(book: &Arc<Book>, family: &Family, paid: &Paid, stamp: Stamp) -> Option<Vec<Entry>> {
    let origin = |id: ClaimId| {
        let claim = paid.get(&id)?.clone();
        Some(Origin { claim, book: book.clone() })
    };
    let mut count = 1;
    let next_id = &mut || {
        count += 1;
        ClaimId::new(stamp.recorded.millis(), count)
    };
    let mut stamps = Stamps { recorded: stamp.recorded, next_id, because: None };
    reprocess(family, &origin, &mut stamps).ok()
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
            let seen = match &adjudication.outcome {
                Outcome::Paid(paid) => Answer::paid(*paid, adjudication.part_d.clone()),
                Outcome::Rejected(codes) => Answer::rejected(codes.clone()),
            };
            Answer {
                next_fill: adjudication.next_fill,
                alerts: adjudication.alerts.clone(),
                ..seen
            }
        }
        transaction::Answer::Duplicate(fill) => Answer::duplicate(fill.paid, fill.part_d.clone()),
        transaction::Answer::Refused { reasons, .. } => {
            Answer::rejected(reasons.into_iter().map(|reason| reason.code).collect())
        }
        transaction::Answer::Reversed { .. }
        | transaction::Answer::Reprocessed { .. }
        | transaction::Answer::Medical { .. }
        | transaction::Answer::Covered { .. }
        | transaction::Answer::Enrolled { .. } => Answer::accepted(),
    }
}
