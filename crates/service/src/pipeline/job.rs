//! What is under way: the requests of one transmission.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use openpbm_core::FamilyId;
use openpbm_engine::transaction::{Answer, Request};
use tokio::sync::oneshot;

use crate::reprocessing::Reprocess;
use crate::trace::{Moment, Notes};

/// How a transmission ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Everything that it changed is durable.
    Answered(Vec<Answer>),
    /// Nobody can say that it was made durable.
    Unavailable,
}

/// What is to be done for a family.
#[derive(Debug)]
pub(crate) enum Task {
    /// Decide what somebody asks.
    Decide(Request),
    /// Decide again what was paid.
    Reprocess(Box<Reprocess>),
}

/// One thing to do, and the family that it is about.
#[derive(Debug)]
pub(crate) struct Asked {
    /// `None` until a reversal that names no cardholder has been looked up.
    pub(crate) family: Option<FamilyId>,
    pub(crate) task: Task,
}

/// The requests of one transmission.
pub(crate) struct Job {
    pub(crate) asked: Vec<Asked>,
    /// When it came in, by the clock's [`elapsed`](crate::Clock::elapsed).
    pub(crate) began: Duration,
    /// How often it was decided on a state that another node had moved on from.
    pub(super) conflicts: u32,
    /// What is noted of it, if it was picked to be traced.
    pub(crate) notes: Option<Arc<Notes>>,
    reply: Option<oneshot::Sender<Outcome>>,
    counted: Option<Arc<AtomicUsize>>,
}

impl Job {
    pub(crate) fn new(asked: Vec<Asked>, began: Duration) -> (Self, oneshot::Receiver<Outcome>) {
        let (reply, receiver) = oneshot::channel();
        (
            Self { asked, began, conflicts: 0, notes: None, reply: Some(reply), counted: None },
            receiver,
        )
    }

    /// Counts the job as under way until it is answered or dropped.
    pub(super) fn count(&mut self, in_flight: Arc<AtomicUsize>) {
        self.counted = Some(in_flight);
    }

    /// Notes a moment of its way, if it is traced.
    pub(super) fn note(&self, moment: Moment, at: Duration) {
        if let Some(notes) = &self.notes {
            notes.note(moment, at);
        }
    }

    /// What decides where the job goes: its first family, or a pseudo-family if that has to be
    /// looked up first. The requests of a transmission are about one family, but for reversals
    /// that name no cardholder.
    pub(crate) fn place(&self) -> FamilyId {
        self.asked.first().and_then(|asked| asked.family).unwrap_or_else(crate::keys::nobody)
    }

    /// The families of the job, each once.
    pub(super) fn families(&self) -> Vec<FamilyId> {
        let mut families: Vec<_> = self.asked.iter().filter_map(|asked| asked.family).collect();
        families.sort_unstable();
        families.dedup();
        families
    }

    /// True once nobody waits for the answer any more.
    pub(super) fn is_given_up(&self) -> bool {
        self.reply.as_ref().is_none_or(oneshot::Sender::is_closed)
    }

    /// Sends the outcome; a caller who has left does not mind.
    pub(super) fn answer(mut self, outcome: Outcome) {
        if let Some(reply) = self.reply.take() {
            let _ = reply.send(outcome);
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        if let Some(counter) = &self.counted {
            counter.fetch_sub(1, Ordering::AcqRel);
        }
    }
}
