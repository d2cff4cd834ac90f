//! Makes decisions durable, many at a time.

use std::sync::Arc;
use std::time::Duration;

use openpbm_core::Family;
use openpbm_engine::transaction::Answer;
use openpbm_store::{Appended, Journal, Unit};

use super::job::{Job, Outcome};
use super::worker::{Done, Message};
use crate::shared::Shared;
use crate::trace::Moment;

/// What a worker hands on.
pub(crate) enum Order {
    /// Decisions to be made durable, in order.
    Commit(Vec<Commit>),
    /// A state to be kept.
    Remember(Box<Family>),
}

/// A decided transmission on its way to the journal.
pub(crate) struct Commit {
    pub(super) unit: Unit,
    pub(super) job: Job,
    pub(super) answers: Vec<Answer>,
    /// The number of the worker that decided it.
    pub(super) worker: usize,
    /// When it was decided.
    pub(super) decided: Duration,
}

/// More than this in one batch gains nothing and makes the first wait for the last.
const MOST_IN_BATCH: usize = 1024;
/// A store that was away for a moment is asked again after so long, then after twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Owns the journal's writing side.
pub(crate) struct Committer {
    shared: Arc<Shared>,
    journal: Box<dyn Journal>,
}

/// Units that are appended together, and what waits for them.
pub(crate) struct Batch {
    units: Vec<Unit>,
    waiting: Vec<Waiting>,
    /// How long to wait before it is tried again, and how long it was waited for already.
    pause: Duration,
    waited: Duration,
}

struct Waiting {
    job: Job,
    answers: Vec<Answer>,
    worker: usize,
}

/// What became of a batch.
pub(crate) enum Progress {
    /// Its workers and pharmacies know.
    Over,
    /// The store was away for a moment: try again after this pause. Nothing is appended twice
    /// that way; see [`Journal::append`].
    Again(Batch, Duration),
}

impl Batch {
    /// As many as fit one batch, in order; the rest stays.
    pub(crate) fn take(commits: &mut Vec<Commit>, shared: &Shared) -> Self {
        let rest = commits.split_off(commits.len().min(MOST_IN_BATCH));
        let taken = std::mem::replace(commits, rest);
        let now = shared.clock.elapsed();
        let (mut units, mut waiting) = (Vec::new(), Vec::new());
        for Commit { unit, job, answers, worker, decided } in taken {
            shared.metrics.queued(now.saturating_sub(decided));
            job.note(Moment::Queued, now);
            units.push(unit);
            waiting.push(Waiting { job, answers, worker });
        }
        shared.metrics.batch(units.len());
        Self { units, waiting, pause: FIRST_PAUSE, waited: Duration::ZERO }
    }
}

impl Committer {
    pub(crate) fn new(shared: Arc<Shared>, journal: Box<dyn Journal>) -> Self {
        Self { shared, journal }
    }

    /// What the whole service shares.
    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Appends a batch. `tell` brings a message to the worker of that number; it is called
    /// before any pharmacy is answered, so that its next request finds the worker informed.
    pub(crate) fn append(
        &mut self,
        mut batch: Batch,
        tell: &mut dyn FnMut(usize, Message),
    ) -> Progress {
        let began = self.shared.clock.elapsed();
        let appended = self.journal.append(&batch.units);
        let now = self.shared.clock.elapsed();
        self.shared.metrics.appended(now.saturating_sub(began));
        batch.waiting.iter().for_each(|waiting| waiting.job.note(Moment::Appended, now));
        match appended {
            Ok(appended) => self.finish(batch, appended, tell),
            Err(error) => {
                self.shared.metrics.store_failed();
                let left = self.shared.options.answer_within.saturating_sub(batch.waited);
                if error.is_transient() && batch.pause <= left {
                    tracing::warn!(%error, "a batch is tried again");
                    let pause = batch.pause;
                    batch.waited = batch.waited.saturating_add(pause);
                    batch.pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
                    return Progress::Again(batch, pause);
                }
                tracing::error!(%error, "a batch could not be made durable");
                give_up(batch, tell);
            }
        }
        Progress::Over
    }

    /// Lets the journal keep a state. Nothing depends on it.
    pub(crate) fn remember(&mut self, family: &Family) {
        if let Err(error) = self.journal.remember(family) {
            tracing::warn!(%error, "a family's state could not be kept");
        }
    }

    fn finish(&self, batch: Batch, appended: Vec<Appended>, tell: &mut dyn FnMut(usize, Message)) {
        let mut done: Vec<(usize, Vec<Done>)> = Vec::new();
        let mut answers = Vec::with_capacity(batch.waiting.len());
        for ((unit, waiting), appended) in batch.units.into_iter().zip(batch.waiting).zip(appended)
        {
            let Waiting { job, answers: answer, worker } = waiting;
            match appended {
                Appended::Committed => {
                    push(&mut done, worker, Done::Committed(unit));
                    answers.push((job, answer));
                }
                Appended::Conflict { .. } => {
                    self.shared.metrics.conflict();
                    push(&mut done, worker, Done::Conflict(job));
                }
            }
        }
        done.into_iter().for_each(|(worker, done)| tell(worker, Message::Done(done)));
        for (job, answer) in answers {
            job.answer(Outcome::Answered(answer));
        }
    }
}

/// Nobody can say whether the batch is in the journal: its families are read again.
fn give_up(batch: Batch, tell: &mut dyn FnMut(usize, Message)) {
    let mut done: Vec<(usize, Vec<Done>)> = Vec::new();
    for waiting in batch.waiting {
        push(&mut done, waiting.worker, Done::Failed(waiting.job));
    }
    done.into_iter().for_each(|(worker, done)| tell(worker, Message::Done(done)));
}

/// Adds to the list of that worker; there are few workers.
fn push(lists: &mut Vec<(usize, Vec<Done>)>, worker: usize, done: Done) {
    match lists.iter_mut().find(|(number, _)| *number == worker) {
        Some((_, list)) => list.push(done),
        None => lists.push((worker, vec![done])),
    }
}
