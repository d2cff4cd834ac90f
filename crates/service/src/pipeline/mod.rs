//! From requests to durable answers: family workers decide, one committer makes durable.
//!
//! A family belongs to one worker, which decides its requests one after the other and holds its
//! state as the journal has it: a request waits while an earlier one of its family is being
//! made durable. So a cached state is always a committed one, and nothing ever has to be undone.
//! Should another node have moved a family on, the journal's compare-and-swap says so, and the
//! request is decided again on the new state. Where other nodes may write, an answer that
//! changes nothing is checked in the same way: it too rests on a state.
//!
//! The committer appends whatever came while it made the last batch durable: batches form by
//! themselves. An answer leaves only after its commit.
//!
//! [`Worker`] and [`Committer`] know nothing of threads. Here they get theirs; in a simulation
//! one thread steps them all.

mod cache;
mod committer;
mod job;
mod queue;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;

use openpbm_core::FamilyId;
use openpbm_store::Journal;

pub(crate) use committer::{Batch, Commit, Committer, Order, Progress};
pub(crate) use job::{Asked, Job, Outcome, Task};
pub(crate) use worker::{Effect, Message, Worker};

use crate::shared::Shared;
use queue::{Receiver, Sender};

/// So many messages a worker takes at once; more would let the committer wait.
const MOST_AT_ONCE: usize = 256;

/// Running threads, and the way into them.
pub(crate) struct Pipeline {
    workers: Vec<Sender<Message>>,
    threads: Vec<JoinHandle<()>>,
    in_flight: Arc<AtomicUsize>,
    most_in_flight: usize,
}

impl Pipeline {
    /// Starts the committer and the workers.
    pub(crate) fn start(shared: &Arc<Shared>, journal: Box<dyn Journal>) -> std::io::Result<Self> {
        let (commit, commits) = mpsc::channel();
        let inboxes = shared.metrics.inboxes();
        let channels: Vec<_> =
            (0..shared.options.workers.max(1)).map(|_| queue::channel(inboxes.clone())).collect();
        let workers: Vec<Sender<Message>> =
            channels.iter().map(|(sender, _)| sender.clone()).collect();
        let mut threads = Vec::new();
        let committer = Committer::new(shared.clone(), journal);
        let tell = workers.clone();
        threads.push(spawn("committer", move || make_durable(committer, &commits, &tell))?);
        for (number, (_, inbox)) in channels.into_iter().enumerate() {
            let worker = Worker::new(shared.clone(), number);
            let (commit, route) = (commit.clone(), workers.clone());
            let name = format!("family-{number}");
            threads.push(spawn(&name, move || work(worker, &inbox, &commit, &route))?);
        }
        let most_in_flight = shared.options.most_in_flight;
        Ok(Self { workers, threads, in_flight: Arc::default(), most_in_flight })
    }

    /// Takes a job in; gives it back if there are too many under way or the house is closed.
    pub(crate) fn submit(&self, mut job: Job) -> Result<(), Job> {
        let before = self.in_flight.fetch_add(1, Ordering::AcqRel);
        job.count(self.in_flight.clone());
        if before >= self.most_in_flight {
            return Err(job);
        }
        route(job, &self.workers)
    }

    /// Jobs taken in and not yet answered.
    pub(crate) const fn in_flight(&self) -> &Arc<AtomicUsize> {
        &self.in_flight
    }

    /// Finishes what was taken in, then ends the threads.
    pub(crate) fn stop(&mut self) {
        for worker in self.workers.drain(..) {
            // A worker that is gone already has nothing to finish.
            let _ = worker.send(Message::Stop);
        }
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the pipeline had panicked");
            }
        }
    }
}

/// Which of so many workers has a family.
pub(crate) fn worker_of(family: FamilyId, workers: usize) -> usize {
    use std::hash::BuildHasher;
    let hash = rustc_hash::FxBuildHasher.hash_one(family);
    let count = u64::try_from(workers).unwrap_or(1).max(1);
    usize::try_from(hash.checked_rem(count).unwrap_or(0)).unwrap_or(0)
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.to_owned()).spawn(run)
}

/// Hands a job to the worker that has its family; gives it back if that one is gone.
fn route(job: Job, workers: &[Sender<Message>]) -> Result<(), Job> {
    let Some(worker) = workers.get(worker_of(job.place(), workers.len())) else { return Err(job) };
    worker.send(Message::Job(job)).map_err(|unsent| match unsent.0 {
        Message::Job(job) => job,
        Message::Done(_) | Message::Stop => Job::new(Vec::new(), std::time::Duration::ZERO).0,
    })
}

/// A worker's thread: until it is told to stop and nothing is under way.
fn work(
    mut worker: Worker,
    inbox: &Receiver<Message>,
    commit: &mpsc::Sender<Order>,
    workers: &[Sender<Message>],
) {
    let mut stopping = false;
    let mut effects = Vec::new();
    while !(stopping && worker.is_idle()) {
        let Ok(first) = inbox.recv() else { return };
        // What has come meanwhile goes on to the committer together, and wakes it once.
        let messages: Vec<_> =
            std::iter::once(first).chain(inbox.try_iter().take(MOST_AT_ONCE)).collect();
        worker.prefetch(&messages, &mut effects);
        for message in messages {
            stopping |= matches!(message, Message::Stop);
            worker.handle(message, &mut effects);
        }
        let mut commits = Vec::new();
        for effect in effects.drain(..) {
            match effect {
                Effect::Commit(decided) => commits.push(decided),
                Effect::Remember(family) => {
                    // Nothing depends on it.
                    let _ = commit.send(Order::Remember(family));
                }
                Effect::Route(job) => {
                    // Its worker is gone: the house closes, and the pharmacy is told 92.
                    let _ = route(job, workers);
                }
            }
        }
        if !commits.is_empty() && commit.send(Order::Commit(commits)).is_err() {
            return;
        }
    }
}

/// The committer's thread: until every worker is gone.
fn make_durable(
    mut committer: Committer,
    inbox: &mpsc::Receiver<Order>,
    workers: &[Sender<Message>],
) {
    let mut tell = |worker: usize, message| {
        if let Some(worker) = workers.get(worker) {
            // A worker that is gone drops the job, whose caller then sees no answer.
            let _ = worker.send(message);
        }
    };
    let mut commits = Vec::new();
    loop {
        if commits.is_empty() {
            let Ok(order) = inbox.recv() else { return };
            accept(order, &mut commits, &mut committer);
        }
        inbox.try_iter().for_each(|order| accept(order, &mut commits, &mut committer));
        if commits.is_empty() {
            continue;
        }
        let mut batch = Batch::take(&mut commits, committer.shared());
        while let Progress::Again(again, pause) = committer.append(batch, &mut tell) {
            std::thread::sleep(pause);
            batch = again;
        }
    }
}

fn accept(order: Order, commits: &mut Vec<Commit>, committer: &mut Committer) {
    match order {
        Order::Commit(decided) => commits.extend(decided),
        Order::Remember(family) => committer.remember(&family),
    }
}
