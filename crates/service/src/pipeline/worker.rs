//! Decides the requests of its families, one after the other.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

use openpbm_core::{Family, FamilyId};
use openpbm_engine::ledger;
use openpbm_engine::transaction::{Answer, Stamp, decide};
use openpbm_store::{Item, Unit};
use rustc_hash::FxHashMap;

use super::cache::Cache;
use super::committer::Commit;
use super::job::{Job, Outcome};
use crate::families;
use crate::shared::Shared;

/// What comes into a worker.
pub(crate) enum Message {
    /// A transmission to decide.
    Job(Job),
    /// What the job changed is durable; its answer has left.
    Committed(Unit),
    /// A family had been moved on by another process: decide again.
    Conflict(Job),
    /// It could not be made durable.
    Failed(Job),
    /// Finish and end.
    Stop,
}

impl Message {
    /// The job of a message that could not be sent; an empty one for a message without.
    pub(super) fn into_empty_job(self) -> Job {
        match self {
            Self::Job(job) | Self::Conflict(job) | Self::Failed(job) => job,
            Self::Committed(_) | Self::Stop => Job::new(Vec::new()).0,
        }
    }
}

/// Deciding again and again on moving ground ends here; the pharmacy sends again.
const MOST_CONFLICTS: u32 = 20;

/// One thread's share of the families.
pub(super) struct Worker {
    shared: Arc<Shared>,
    cache: Cache,
    /// Families with a unit on its way to the journal, and the jobs that wait for it.
    busy: FxHashMap<FamilyId, VecDeque<Job>>,
    myself: Sender<Message>,
    commit: Sender<Commit>,
    stopping: bool,
}

impl Worker {
    pub(super) fn new(
        shared: Arc<Shared>,
        myself: Sender<Message>,
        commit: Sender<Commit>,
    ) -> Self {
        let cache = Cache::new(shared.options.cached_families);
        Self { shared, cache, busy: FxHashMap::default(), myself, commit, stopping: false }
    }

    /// Works until it is told to stop and nothing is under way.
    pub(super) fn run(mut self, inbox: &Receiver<Message>) {
        while !(self.stopping && self.busy.is_empty()) {
            let Ok(message) = inbox.recv() else { return };
            match message {
                Message::Job(job) => self.take(job),
                Message::Committed(unit) => self.committed(unit),
                Message::Conflict(job) => self.conflict(job),
                Message::Failed(job) => {
                    let families = job.families();
                    job.answer(Outcome::Unavailable);
                    self.release(&families);
                }
                Message::Stop => self.stopping = true,
            }
        }
    }

    /// Decides a job, or lets it wait behind one of its families.
    fn take(&mut self, job: Job) {
        let busy = job.families().into_iter().find(|family| self.busy.contains_key(family));
        match busy.and_then(|family| self.busy.get_mut(&family)) {
            Some(waiting) => waiting.push_back(job),
            None => self.decide(job),
        }
    }

    fn decide(&mut self, job: Job) {
        match self.decided(&job) {
            Ok((answers, items)) if items.is_empty() => job.answer(Outcome::Answered(answers)),
            Ok((answers, items)) => {
                for item in &items {
                    self.busy.insert(item.family, VecDeque::new());
                }
                let commit =
                    Commit { unit: Unit::from(items), job, answers, worker: self.myself.clone() };
                if let Err(unsent) = self.commit.send(commit) {
                    let families = unsent.0.job.families();
                    unsent.0.job.answer(Outcome::Unavailable);
                    self.release(&families);
                }
            }
            Err(error) => {
                tracing::error!(%error, "a family could not be read");
                self.shared.metrics.store_failed();
                job.answer(Outcome::Unavailable);
            }
        }
    }

    /// The answers, and what makes them true. A later request of the transmission sees what an
    /// earlier one changed.
    fn decided(&mut self, job: &Job) -> Result<(Vec<Answer>, Vec<Item>), families::FamilyError> {
        let book = self.shared.book();
        let recorded = self.shared.clock.now();
        let (mut answers, mut items) = (Vec::new(), Vec::new());
        let mut changed: Vec<Family> = Vec::new();
        for (id, request) in &job.requests {
            let clock = &self.shared.clock;
            let stamp = Stamp { recorded, id: clock.next_id(), second: clock.next_id() };
            let place = changed.iter().position(|family| family.id == *id);
            let family = match place.and_then(|place| changed.get(place)) {
                Some(family) => family,
                None => self.family(*id)?,
            };
            let decision = decide(&book, family, request, stamp);
            if !decision.entries.is_empty() {
                let last = job.requests.len() == answers.len() + 1;
                let mut next = (!last).then(|| family.clone());
                for (expected_version, entry) in (family.version..).zip(decision.entries) {
                    if let Some(next) = &mut next {
                        ledger::apply(next, &entry)?;
                    }
                    items.push(Item { family: *id, expected_version, entry });
                }
                if let Some(next) = next {
                    changed.retain(|family| family.id != *id);
                    changed.push(next);
                }
            }
            answers.push(decision.answer);
        }
        Ok((answers, items))
    }

    /// The family as the journal has it.
    fn family(&mut self, id: FamilyId) -> Result<&Family, families::FamilyError> {
        if self.cache.get_mut(id).is_none() {
            let family = families::read(&*self.shared.reader, id)?;
            self.cache.insert(family);
        }
        match self.cache.get_mut(id) {
            Some(family) => Ok(family),
            None => Err(families::FamilyError::NotCached),
        }
    }

    /// Takes the cached families to where the journal is now.
    fn committed(&mut self, unit: Unit) {
        let mut families = Vec::new();
        for item in unit.items {
            families.push(item.family);
            let Some(family) = self.cache.get_mut(item.family) else { continue };
            let applied = family.version == item.expected_version
                && ledger::apply(family, &item.entry).is_ok();
            if !applied {
                self.cache.forget(item.family);
            }
        }
        self.release(&families);
    }

    fn conflict(&mut self, mut job: Job) {
        let families = job.families();
        for &family in &families {
            self.cache.forget(family);
        }
        job.conflicts += 1;
        // The job goes first again: whatever waits behind it came later.
        let waiting: Vec<_> = families.iter().filter_map(|f| self.busy.remove(f)).collect();
        if job.conflicts > MOST_CONFLICTS {
            job.answer(Outcome::Unavailable);
        } else {
            self.decide(job);
        }
        waiting.into_iter().flatten().for_each(|job| self.take(job));
    }

    /// Lets the jobs go on that waited for these families.
    fn release(&mut self, families: &[FamilyId]) {
        let waiting: Vec<_> = families.iter().filter_map(|f| self.busy.remove(f)).collect();
        waiting.into_iter().flatten().for_each(|job| self.take(job));
    }
}
