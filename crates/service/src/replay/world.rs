//! A family under one book: what would have been if that book had decided everything.

use std::sync::Arc;

use openpbm_book::Book;
use openpbm_core::{
    Adjudication, Adjustment, ClaimId, Entry, Event, Family, FamilyId, Paid, RejectCode, Step,
};
use openpbm_engine::ledger;
use openpbm_engine::reprocessing::{self, Origin};
use openpbm_engine::transaction::{self, Answer as Given};
use serde::Serialize;

use super::ReplayError;
use super::history::{Adjusted, Answer, Asked};

/// What became of a claim in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is paid, and was not taken back.
    Paid(Box<Paid>),
    /// It was refused.
    Rejected(Vec<RejectCode>),
    /// Another claim had paid for it before.
    Duplicate,
    /// It was paid, and taken back by a reversal or a rebill.
    TakenBack,
}

impl Fate {
    pub(super) fn of(adjudication: &Adjudication) -> Self {
        match adjudication.paid() {
            Some(paid) => Self::Paid(Box::new(*paid)),
            None => Self::Rejected(adjudication.rejections().iter().map(|r| r.code).collect()),
        }
    }

    /// The amounts that count.
    pub const fn paid(&self) -> Option<&Paid> {
        match self {
            Self::Paid(paid) => Some(paid),
            _ => None,
        }
    }

    /// The reasons for refusal; none if it was not refused.
    pub fn codes(&self) -> &[RejectCode] {
        match self {
            Self::Rejected(codes) => codes,
            _ => &[],
        }
    }

    /// In a word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Paid(_) => "paid",
            Self::Rejected(_) => "rejected",
            Self::Duplicate => "duplicate",
            Self::TakenBack => "reversed",
        }
    }
}

/// An answer that is not the one that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The line of the file or the place in the journal.
    pub place: u64,
    /// The authorization number.
    pub id: ClaimId,
    /// The first step that differs, from 1; `None` if that is not known, or no step does.
    pub step: Option<usize>,
    /// What it says in the answer that was given.
    pub given: String,
    /// What it says now.
    pub again: String,
}

/// What one question came to in one world.
pub(super) struct Outcome {
    /// Of a claim: what became of it, for now.
    pub(super) fate: Option<Fate>,
    /// The claim that no longer counts.
    pub(super) took_back: Option<ClaimId>,
    pub(super) adjudication: Option<Arc<Adjudication>>,
}

/// A family under one book.
pub(super) struct World {
    pub(super) family: Family,
}

impl World {
    pub(super) const fn new(family: FamilyId) -> Self {
        Self { family: Family::unknown(family) }
    }

    /// Decides a question, and takes the family on.
    pub(super) fn ask(&mut self, book: &Book, asked: &Asked) -> Result<Outcome, ReplayError> {
        let decision = transaction::decide(book, &self.family, &asked.request, asked.stamp);
        let mut took_back = None;
        for entry in &decision.entries {
            ledger::apply(&mut self.family, entry)
                .map_err(|source| ReplayError::Ledger { place: asked.place, source })?;
            if let Event::Reversed { claim, .. } = &entry.event {
                took_back = Some(*claim);
            }
        }
        let (fate, adjudication) = match decision.answer {
            Given::Decided { adjudication, .. } => {
                (Some(Fate::of(&adjudication)), Some(adjudication))
            }
            Given::Duplicate(_) => (Some(Fate::Duplicate), None),
            Given::Refused { reasons, .. } => {
                (Some(Fate::Rejected(reasons.iter().map(|reason| reason.code).collect())), None)
            }
            Given::Reversed { .. }
            | Given::Covered { .. }
            | Given::Enrolled { .. }
            | Given::Medical { .. }
            | Given::Reprocessed { .. } => (None, None),
        };
        Ok(Outcome { fate, took_back, adjudication })
    }
}

impl World {
    /// Decides a claim again that the journal adjusts at this place, and takes the family on; what
    /// it comes to, if it is another thing than before.
    pub(super) fn adjust(
        &mut self,
        book: Arc<Book>,
        adjusted: &Adjusted,
    ) -> Result<Option<Adjustment>, ReplayError> {
        let Adjusted { place, id, recorded, adjustment } = adjusted;
        let failed = |source| ReplayError::Ledger { place: *place, source };
        let origin = Origin { claim: adjustment.claim.clone(), book };
        let (of, because) = (adjustment.of, adjustment.because);
        let again = reprocessing::adjustment(&self.family, of, &origin, because);
        let Some(again) = again.map_err(failed)? else { return Ok(None) };
        let event = Event::Adjusted(Box::new(again.clone()));
        let entry = Entry { id: *id, recorded: *recorded, event };
        ledger::apply(&mut self.family, &entry).map_err(failed)?;
        Ok(Some(again))
    }
}

/// Where an answer is not the one that was given; `None` if it is the same, bit for bit.
pub(super) fn difference(asked: &Asked, outcome: &Outcome) -> Option<Difference> {
    let again = outcome.adjudication.as_deref();
    let (step, given, again) = match (&asked.answer, again) {
        (Answer::Unknown, _) => return None,
        (Answer::Known(given), Some(again)) if **given == *again => return None,
        (Answer::Fingerprint(given), Some(again)) if *given == again.fingerprint() => return None,
        (Answer::Known(given), Some(again)) => first_step(given, again),
        (Answer::Fingerprint(given), Some(again)) => {
            let again = again.fingerprint();
            (None, format!("fingerprint {given:016x}"), format!("fingerprint {again:016x}"))
        }
        (_, None) => {
            let again = outcome.fate.as_ref().map_or("no decision", Fate::word);
            (None, "a decision".to_owned(), again.to_owned())
        }
    };
    Some(Difference { place: asked.place, id: asked.stamp.id, step, given, again })
}

/// Where an adjustment is not the one that was posted; `None` if it is the same, bit for bit.
pub(super) fn adjusted_otherwise(
    adjusted: &Adjusted,
    again: Option<&Adjustment>,
) -> Option<Difference> {
    let posted = &adjusted.adjustment;
    let (step, given, again) = match again {
        Some(again) if again == &**posted => return None,
        Some(again) => first_step(&posted.adjudication, &again.adjudication),
        None => (None, "an adjustment".to_owned(), "nothing to adjust".to_owned()),
    };
    Some(Difference { place: adjusted.place, id: adjusted.id, step, given, again })
}

fn first_step(given: &Adjudication, again: &Adjudication) -> (Option<usize>, String, String) {
    let longest = given.steps.len().max(again.steps.len());
    let differs = |place: &usize| given.steps.get(*place) != again.steps.get(*place);
    match (0..longest).find(differs) {
        Some(place) => {
            (Some(place + 1), words(given.steps.get(place)), words(again.steps.get(place)))
        }
        None => {
            let rest = "the same steps with another outcome, alert or alternative";
            (None, "an answer".to_owned(), rest.to_owned())
        }
    }
}

fn words(step: Option<&Step>) -> String {
    let Some(step) = step else { return "no such step".to_owned() };
    let mut text = format!("{}: {}", step.stage, step.finding);
    if let Some(change) = &step.amount {
        text.push_str(&format!(", {} {} -> {}", change.account, change.before, change.after));
    }
    if let Some(source) = &step.source {
        text.push_str(&format!(" (document {}, line {})", source.document, source.line));
    }
    text
}
