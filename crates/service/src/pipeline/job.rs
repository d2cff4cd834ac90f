//! What is under way: the requests of one transmission.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use openpbm_core::FamilyId;
use openpbm_engine::transaction::{Answer, Request};
use tokio::sync::oneshot;

/// How a transmission ended.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Everything that it changed is durable.
    Answered(Vec<Answer>),
    /// It could not be made durable; nothing of it is stored.
    Unavailable,
}

/// The requests of one transmission, each with the family that it is about.
pub(crate) struct Job {
    pub(crate) requests: Vec<(FamilyId, Request)>,
    /// How often it was decided on a state that another process had moved on from.
    pub(crate) conflicts: u32,
    reply: Option<oneshot::Sender<Outcome>>,
    counted: Option<Arc<AtomicUsize>>,
}

impl Job {
    pub(crate) fn new(requests: Vec<(FamilyId, Request)>) -> (Self, oneshot::Receiver<Outcome>) {
        let (reply, receiver) = oneshot::channel();
        (Self { requests, conflicts: 0, reply: Some(reply), counted: None }, receiver)
    }

    /// Counts the job as under way until it is answered or dropped.
    pub(super) fn count(&mut self, in_flight: Arc<AtomicUsize>) {
        self.counted = Some(in_flight);
    }

    /// The family whose worker decides the job. The requests of a transmission are about one
    /// family, but for reversals that name no cardholder.
    pub(super) fn first_family(&self) -> FamilyId {
        // A job is made with at least one request; an empty one may go to any worker.
        self.requests.first().map_or_else(crate::keys::nobody, |(family, _)| *family)
    }

    /// The families of the job, each once.
    pub(super) fn families(&self) -> Vec<FamilyId> {
        let mut families: Vec<_> = self.requests.iter().map(|(family, _)| *family).collect();
        families.sort_unstable();
        families.dedup();
        families
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
