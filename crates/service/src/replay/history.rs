//! What a family was asked, from what a file or a journal tells of it.

use std::sync::Arc;

use openpbm_core::{Adjudication, Adjustment, BookVersion, ClaimId, Entry, Family, Timestamp};
use openpbm_engine::transaction::{Request, Stamp};

use super::event::Event;

/// One thing that happened to a family.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// It was asked something.
    Asked(Asked),
    /// All entries before this one are retired; this is what they had led to.
    Carried(Box<Family>),
    /// A claim that was paid was decided again.
    Adjusted(Adjusted),
}

/// An adjustment, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Adjusted {
    /// The place in the journal.
    pub(super) place: u64,
    pub(super) id: ClaimId,
    pub(super) recorded: Timestamp,
    pub(super) adjustment: Box<Adjustment>,
}

/// A question, and what is known of its answer.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// The line of the file or the place in the journal.
    pub(super) place: u64,
    pub(super) request: Request,
    pub(super) stamp: Stamp,
    /// The book that answered.
    pub(super) book: Option<BookVersion>,
    pub(super) answer: Answer,
}

/// The answer that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    Unknown,
    /// Its fingerprint alone.
    Fingerprint(u64),
    Known(Arc<Adjudication>),
}

/// The questions that led to events, in order. A journal tells of a rebill in two entries; of a
/// claim that was sent again it tells nothing, for the answer was given before.
pub(super) fn steps(events: impl IntoIterator<Item = (u64, Event)>) -> Vec<Step> {
    let mut steps = Vec::new();
    // The last entry, if it was a reversal: perhaps the first half of a rebill.
    let mut reversed = None;
    for (place, event) in events {
        match event {
            Event::Sent { id, request, answer } => {
                steps.push(Step::Asked(sent(place, id, request, answer)));
            }
            Event::Entry(entry) => entry_steps(place, entry, &mut reversed, &mut steps),
        }
    }
    steps.extend(reversed);
    steps
}

/// Ids that a claims file does not tell are made of the line.
fn sent(place: u64, id: Option<ClaimId>, request: Request, answer: Option<u64>) -> Asked {
    let stamp = Stamp {
        recorded: Timestamp::from_millis(place),
        id: id.unwrap_or(ClaimId::new(place, 1)),
        second: ClaimId::new(place, 2),
    };
    let answer = answer.map_or(Answer::Unknown, Answer::Fingerprint);
    Asked { place, request, stamp, book: None, answer }
}

fn entry_steps(place: u64, entry: Entry, reversed: &mut Option<Step>, steps: &mut Vec<Step>) {
    use openpbm_core::Event as Kept;
    let mut stamp = Stamp { recorded: entry.recorded, id: entry.id, second: entry.id };
    let earlier = reversed.take();
    let (request, book, answer) = match entry.event {
        Kept::Decided { claim, book, rebills: Some(_), adjudication } => {
            match earlier {
                // A rebill that is paid has taken the claim back just before.
                Some(Step::Asked(half)) if adjudication.paid().is_some() => {
                    stamp.second = half.stamp.id;
                }
                earlier => steps.extend(earlier),
            }
            (Request::Rebill(claim), Some(book), Answer::Known(adjudication))
        }
        event => {
            steps.extend(earlier);
            match event {
                Kept::Decided { claim, book, adjudication, .. } => {
                    (Request::Billing(claim), Some(book), Answer::Known(adjudication))
                }
                Kept::Enrolled { members } => (Request::Enrollment(members), None, Answer::Unknown),
                Kept::Medical { totals } => (Request::Medical(totals), None, Answer::Unknown),
                Kept::Reversed { reversal, .. } => {
                    let request = Request::Reversal(reversal);
                    let asked =
                        Asked { place, request, stamp, book: None, answer: Answer::Unknown };
                    *reversed = Some(Step::Asked(asked));
                    return;
                }
                Kept::Adjusted(adjustment) => {
                    let Stamp { id, recorded, .. } = stamp;
                    return steps.push(Step::Adjusted(Adjusted {
                        place,
                        id,
                        recorded,
                        adjustment,
                    }));
                }
                Kept::Carried { family } => return steps.push(Step::Carried(family)),
                // Neither has led to anything, nor would it under another book.
                Kept::Refused(_) | Kept::Retired => return,
            }
        }
    };
    steps.push(Step::Asked(Asked { place, request, stamp, book, answer }));
}
