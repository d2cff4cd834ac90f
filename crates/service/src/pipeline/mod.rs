//! From requests to durable answers: family workers decide, one committer makes durable.
//!
//! A family belongs to one worker, which decides its requests one after the other and holds its
//! state as the journal has it: a request waits while an earlier one of its family is being
//! made durable. So a cached state is always a committed one, and nothing ever has to be undone.
//! Should another process have moved a family on, the journal's compare-and-swap says so, and
//! the request is decided again on the new state.
//!
//! The committer appends whatever came while it made the last batch durable: batches form by
//! themselves. An answer leaves only after its commit.

mod cache;
mod committer;
mod job;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;

use openpbm_core::FamilyId;
use openpbm_store::Journal;

pub(crate) use job::{Job, Outcome};

use crate::shared::Shared;

/// Running threads, and the way into them.
pub(crate) struct Pipeline {
    workers: Vec<Sender<worker::Message>>,
    threads: Vec<JoinHandle<()>>,
    in_flight: Arc<AtomicUsize>,
    most_in_flight: usize,
}

impl Pipeline {
    /// Starts the committer and the workers.
    pub(crate) fn start(
        shared: &Arc<Shared>,
        journal: Box<dyn Journal>,
        workers: usize,
        most_in_flight: usize,
    ) -> std::io::Result<Self> {
        let mut threads = Vec::new();
        let (commit, units) = mpsc::channel();
        let committer = shared.clone();
        threads.push(
            std::thread::Builder::new()
                .name("committer".to_owned())
                .spawn(move || committer::run(&committer, journal, &units))?,
        );
        let mut senders = Vec::new();
        for number in 0..workers.max(1) {
            let (sender, inbox) = mpsc::channel();
            let worker = worker::Worker::new(shared.clone(), sender.clone(), commit.clone());
            threads.push(
                std::thread::Builder::new()
                    .name(format!("family-{number}"))
                    .spawn(move || worker.run(&inbox))?,
            );
            senders.push(sender);
        }
        let in_flight = Arc::new(AtomicUsize::new(0));
        Ok(Self { workers: senders, threads, in_flight, most_in_flight })
    }

    /// Takes a job in; gives it back if there are too many under way or the house is closed.
    pub(crate) fn submit(&self, mut job: Job) -> Result<(), Job> {
        let before = self.in_flight.fetch_add(1, Ordering::AcqRel);
        job.count(self.in_flight.clone());
        if before >= self.most_in_flight {
            return Err(job);
        }
        let Some(worker) = self.worker_of(job.first_family()) else { return Err(job) };
        worker.send(worker::Message::Job(job)).map_err(|unsent| match unsent.0 {
            worker::Message::Job(job) => job,
            other => other.into_empty_job(),
        })
    }

    fn worker_of(&self, family: FamilyId) -> Option<&Sender<worker::Message>> {
        use std::hash::BuildHasher;
        let hash = rustc_hash::FxBuildHasher.hash_one(family);
        let count = u64::try_from(self.workers.len()).ok()?;
        let number = usize::try_from(hash.checked_rem(count)?).ok()?;
        self.workers.get(number)
    }

    /// Jobs taken in and not yet answered.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Acquire)
    }

    /// Finishes what was taken in, then ends the threads.
    pub(crate) fn stop(&mut self) {
        for worker in self.workers.drain(..) {
            // A worker that is gone already has nothing to finish.
            let _ = worker.send(worker::Message::Stop);
        }
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the pipeline had panicked");
            }
        }
    }
}
