//! Decides the requests of its families, one after the other.
//!
//! A worker is a state machine: it is handed messages and says what follows from them. Threads
//! and channels are its surroundings' business, so that a simulation can do without.

use std::collections::VecDeque;
use std::sync::Arc;

use openpbm_core::{Family, FamilyId};
use openpbm_engine::ledger;
use openpbm_engine::transaction::{Answer, Stamp, decide};
use openpbm_store::{Item, Unit};
use rustc_hash::FxHashMap;

use super::cache::Cache;
use super::committer::Commit;
use super::job::{Job, Outcome, Task};
use crate::families::{self, FamilyError, Found};
use crate::shared::Shared;
use crate::trace::Moment;

/// What comes into a worker.
pub(crate) enum Message {
    /// A transmission to decide.
    Job(Job),
    /// What became of units that were to be appended, in their order.
    Done(Vec<Done>),
    /// Finish and end.
    Stop,
}

/// What became of a unit.
pub(crate) enum Done {
    /// It is durable. The answer leaves when the worker has been told.
    Committed(Unit),
    /// Another node had moved a family on: decide again.
    Conflict(Job),
    /// It could not be made durable, or nobody knows whether it was.
    Failed(Job),
}

/// What follows from a message.
pub(crate) enum Effect {
    /// A decision to be made durable.
    Commit(Commit),
    /// A job for whichever worker has the family that was found for it.
    Route(Job),
    /// The state of a family that took long to read.
    Remember(Box<Family>),
}

/// Deciding again and again on moving ground ends here; the pharmacy sends again.
const MOST_CONFLICTS: u32 = 20;

/// The share of the families that one thread has.
pub(crate) struct Worker {
    shared: Arc<Shared>,
    number: usize,
    cache: Cache,
    /// Families with a unit on its way to the journal, and the jobs that wait for it.
    busy: FxHashMap<FamilyId, VecDeque<Job>>,
}

impl Worker {
    pub(crate) fn new(shared: Arc<Shared>, number: usize) -> Self {
        let options = &shared.options;
        let cache = Cache::new(options.family_memory / options.workers.max(1));
        Self { shared, number, cache, busy: FxHashMap::default() }
    }

    /// True if nothing waits for the journal.
    pub(crate) fn is_idle(&self) -> bool {
        self.busy.is_empty()
    }

    /// Reads the families that these messages will ask for and that are not at hand, all with
    /// one question to the store.
    pub(crate) fn prefetch(&mut self, messages: &[Message], effects: &mut Vec<Effect>) {
        let jobs = messages.iter().filter_map(|message| match message {
            Message::Job(job) => Some(job),
            Message::Done(_) | Message::Stop => None,
        });
        let mut missing: Vec<_> = jobs.flat_map(Job::families).collect();
        missing.retain(|family| self.cache.get_mut(*family).is_none());
        missing.sort_unstable();
        missing.dedup();
        // One alone is read when its turn comes, and so is whatever cannot be read together.
        if missing.len() > 1
            && let Ok(found) = families::read_all(&*self.shared.reader, &missing)
        {
            found.into_iter().for_each(|found| self.keep(found, effects));
        }
    }

    /// Does what a message asks for.
    pub(crate) fn handle(&mut self, message: Message, effects: &mut Vec<Effect>) {
        match message {
            Message::Job(job) => self.take(job, effects),
            Message::Done(done) => {
                for done in done {
                    match done {
                        Done::Committed(unit) => self.committed(unit, effects),
                        Done::Conflict(job) => self.conflict(job, effects),
                        Done::Failed(job) => self.failed(job, effects),
                    }
                }
            }
            Message::Stop => {}
        }
    }

    /// Decides a job, or lets it wait behind one of its families.
    fn take(&mut self, job: Job, effects: &mut Vec<Effect>) {
        if job.asked.iter().any(|asked| asked.family.is_none()) {
            return self.look_up(job, effects);
        }
        let busy = job.families().into_iter().find(|family| self.busy.contains_key(family));
        match busy.and_then(|family| self.busy.get_mut(&family)) {
            Some(waiting) => waiting.push_back(job),
            None => self.decide(job, effects),
        }
    }

    /// Finds the families of reversals that name no cardholder, and hands the job on.
    fn look_up(&mut self, mut job: Job, effects: &mut Vec<Effect>) {
        for asked in job.asked.iter_mut().filter(|asked| asked.family.is_none()) {
            let Task::Decide(request) = &asked.task else { continue };
            match families::of_request(&self.shared, request) {
                Ok(family) => asked.family = Some(family),
                Err(error) => {
                    tracing::error!(%error, "a prescription could not be looked up");
                    self.shared.metrics.store_failed();
                    return job.answer(Outcome::Unavailable);
                }
            }
        }
        effects.push(Effect::Route(job));
    }

    fn decide(&mut self, job: Job, effects: &mut Vec<Effect>) {
        // Under more load than can be borne, work for those who have left delays those who wait.
        if job.is_given_up() {
            return self.shared.metrics.gave_up();
        }
        let began = self.shared.clock.elapsed();
        self.shared.metrics.waited(began.saturating_sub(job.began));
        job.note(Moment::Waited, began);
        match self.decided(&job, effects) {
            Ok((answers, unit)) if unit.items.is_empty() && unit.reads.is_empty() => {
                if job.notes.is_some() {
                    job.note(Moment::Decided, self.shared.clock.elapsed());
                }
                job.answer(Outcome::Answered(answers));
            }
            Ok((answers, unit)) => {
                let decided = self.shared.clock.elapsed();
                self.shared.metrics.decided(decided.saturating_sub(began));
                job.note(Moment::Decided, decided);
                for family in families_of(&unit) {
                    self.busy.insert(family, VecDeque::new());
                }
                let worker = self.number;
                effects.push(Effect::Commit(Commit { unit, job, answers, worker, decided }));
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
    fn decided(
        &mut self,
        job: &Job,
        effects: &mut Vec<Effect>,
    ) -> Result<(Vec<Answer>, Unit), FamilyError> {
        let shared = self.shared.clone();
        let (book, recorded) = (shared.book(), shared.clock.now());
        let mut answers = Vec::with_capacity(job.asked.len());
        let mut unit = Unit::default();
        let mut changed: Vec<Family> = Vec::new();
        for (asked, left) in job.asked.iter().zip((0..job.asked.len()).rev()) {
            let Some(id) = asked.family else { return Err(FamilyError::Unknown) };
            let clock = &shared.clock;
            let stamp = Stamp { recorded, id: clock.next_id(), second: clock.next_id() };
            let place = changed.iter().position(|family| family.id == id);
            let family = match place.and_then(|place| changed.get(place)) {
                Some(family) => family,
                None => self.family(id, effects)?,
            };
            let decision = match &asked.task {
                Task::Decide(request) => decide(&book, family, request, stamp),
                Task::Reprocess(reprocess) => reprocess.decide(&shared, family, recorded)?,
            };
            if decision.entries.is_empty() {
                if shared.many_writers && place.is_none() {
                    unit.reads.push((id, family.version));
                }
            } else {
                let mut next = (left > 0).then(|| family.clone());
                for (expected_version, entry) in (family.version..).zip(decision.entries) {
                    if let Some(next) = &mut next {
                        ledger::apply(next, &entry)?;
                    }
                    unit.items.push(Item::new(id, expected_version, entry));
                }
                if let Some(next) = next {
                    changed.retain(|family| family.id != id);
                    changed.push(next);
                }
            }
            answers.push(decision.answer);
        }
        Ok((answers, unit))
    }

    /// The family as the journal has it.
    fn family(&mut self, id: FamilyId, effects: &mut Vec<Effect>) -> Result<&Family, FamilyError> {
        if self.cache.get_mut(id).is_none() {
            let found = families::read(&*self.shared.reader, id)?;
            self.keep(found, effects);
        }
        match self.cache.get_mut(id) {
            Some(family) => Ok(family),
            None => Err(FamilyError::NotCached),
        }
    }

    fn keep(&mut self, found: Found, effects: &mut Vec<Effect>) {
        if found.is_long {
            effects.push(Effect::Remember(Box::new(found.family.clone())));
        }
        self.cache.insert(found.family);
    }

    /// Takes the cached families to where the journal is now.
    fn committed(&mut self, unit: Unit, effects: &mut Vec<Effect>) {
        for item in &unit.items {
            let Some(family) = self.cache.get_mut(item.family()) else { continue };
            let applied = family.version == item.expected_version()
                && ledger::apply(family, item.entry()).is_ok();
            if !applied {
                self.cache.forget(item.family());
            }
        }
        self.release(families_of(&unit), effects);
    }

    fn conflict(&mut self, mut job: Job, effects: &mut Vec<Effect>) {
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
            self.decide(job, effects);
        }
        waiting.into_iter().flatten().for_each(|job| self.take(job, effects));
    }

    /// Whether the unit is in the journal will be seen when its families are read again.
    fn failed(&mut self, job: Job, effects: &mut Vec<Effect>) {
        let families = job.families();
        for &family in &families {
            self.cache.forget(family);
        }
        job.answer(Outcome::Unavailable);
        self.release(families.into_iter(), effects);
    }

    /// Lets the jobs go on that waited for these families.
    fn release(&mut self, families: impl Iterator<Item = FamilyId>, effects: &mut Vec<Effect>) {
        let waiting: Vec<_> = families.filter_map(|family| self.busy.remove(&family)).collect();
        waiting.into_iter().flatten().for_each(|job| self.take(job, effects));
    }
}

/// The families whose state a unit rests on.
fn families_of(unit: &Unit) -> impl Iterator<Item = FamilyId> {
    let changed = unit.items.iter().map(Item::family);
    changed.chain(unit.reads.iter().map(|(family, _)| *family))
}
