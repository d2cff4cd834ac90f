//! Makes decisions durable, many at a time.

use std::sync::mpsc::{Receiver, Sender};

use openpbm_engine::transaction::Answer;
use openpbm_store::{Appended, Journal, Unit};

use super::job::{Job, Outcome};
use super::worker::Message;
use crate::shared::Shared;

/// A decided transmission on its way to the journal.
pub(super) struct Commit {
    pub(super) unit: Unit,
    pub(super) job: Job,
    pub(super) answers: Vec<Answer>,
    pub(super) worker: Sender<Message>,
}

/// More than this in one batch gains nothing and makes the first wait for the last.
const MOST_IN_BATCH: usize = 1024;

/// Appends until every worker is gone.
pub(super) fn run(shared: &Shared, mut journal: Box<dyn Journal>, commits: &Receiver<Commit>) {
    while let Ok(first) = commits.recv() {
        let mut batch = vec![first];
        batch.extend(commits.try_iter().take(MOST_IN_BATCH - 1));
        let mut units = Vec::with_capacity(batch.len());
        let mut rest = Vec::with_capacity(batch.len());
        for commit in batch {
            units.push(commit.unit);
            rest.push((commit.job, commit.answers, commit.worker));
        }
        shared.metrics.batch(units.len());
        match journal.append(&units) {
            Ok(appended) => {
                for ((unit, (job, answers, worker)), appended) in
                    units.into_iter().zip(rest).zip(appended)
                {
                    finish(shared, unit, job, answers, &worker, appended);
                }
            }
            Err(error) => {
                tracing::error!(%error, "a batch could not be made durable");
                shared.metrics.store_failed();
                for (job, _, worker) in rest {
                    // A worker that is gone drops the job, whose caller then sees no answer.
                    let _ = worker.send(Message::Failed(job));
                }
            }
        }
    }
}

/// Tells the worker first and the pharmacy second, so that the pharmacy's next request finds the
/// worker informed.
fn finish(
    shared: &Shared,
    unit: Unit,
    job: Job,
    answers: Vec<Answer>,
    worker: &Sender<Message>,
    appended: Appended,
) {
    match appended {
        Appended::Committed => {
            shared.announce(&unit);
            let _ = worker.send(Message::Committed(unit));
            job.answer(Outcome::Answered(answers));
        }
        Appended::Conflict { .. } => {
            shared.metrics.conflict();
            let _ = worker.send(Message::Conflict(job));
        }
    }
}
