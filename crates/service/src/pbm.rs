//! A running PBM: the one handle that listeners, pages and commands hold.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use openpbm_book::Book;
use openpbm_core::{BookVersion, ClaimId, Date, Event, FamilyId};
use openpbm_engine::transaction::Request;
use openpbm_store::{Filter, Journal, Kind, StoreError};
use tokio::sync::oneshot;

use crate::benefit_check::{self, BenefitAnswer, BenefitCheck, CheckError};
use crate::clock::Clock;
use crate::decision::{DecisionPage, DecisionRow};
use crate::front::{self, Pending};
use crate::metrics::Sight;
use crate::pipeline::{Job, Outcome, Pipeline};
use crate::projection::days::{Calendar, Days};
use crate::projection::late::{Late, PutRight};
use crate::projection::{Followers, Projection, Runner, Snapshot, View};
use crate::reprocessing::Reprocess;
use crate::shared::Shared;
use crate::trace::Tracer;

/// How the service runs.
#[derive(Debug, Clone)]
pub struct Options {
    /// Threads that decide; each holds its share of the families.
    pub workers: usize,
    /// About as many bytes as the families that are kept at hand may take, over all workers.
    /// Whoever is not among them is read from the journal.
    pub family_memory: usize,
    /// Transmissions under way at once; what comes beyond them is answered with reject 92.
    pub most_in_flight: usize,
    /// After so long an answer is given up and 92 is sent. What is stored by then is found
    /// when the pharmacy sends again.
    pub answer_within: Duration,
    /// Where projections are kept between two runs; without it they begin anew each time.
    pub projections: Option<PathBuf>,
    /// Looks at some transmissions closely.
    pub tracer: Option<Arc<dyn Tracer>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            workers: 1,
            family_memory: 768 << 20,
            most_in_flight: 10_000,
            answer_within: Duration::from_secs(5),
            projections: None,
            tracer: None,
        }
    }
}

/// A service that could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The operating system gave no thread.
    #[error("a thread could not be started: {0}")]
    Thread(#[from] std::io::Error),
}

/// Finds the version of the book that made an old decision.
pub type Library = dyn Fn(BookVersion) -> Option<Arc<Book>> + Send + Sync;

/// A running PBM. Cheap to clone; the threads end with [`Pbm::shut_down`].
#[derive(Clone)]
pub struct Pbm {
    shared: Arc<Shared>,
    pipeline: Arc<RwLock<Pipeline>>,
    followers: Arc<Followers>,
    days: Arc<OnceLock<View<Calendar>>>,
    put_right: Arc<OnceLock<View<PutRight>>>,
}

impl Pbm {
    /// Starts a PBM on a book and a journal.
    ///
    /// # Errors
    ///
    /// [`StartError::Thread`] if the operating system gives no thread.
    pub fn start(
        book: Arc<Book>,
        journal: Box<dyn Journal>,
        clock: Arc<dyn Clock>,
        options: Options,
    ) -> Result<Self, StartError> {
        let shared = Arc::new(Shared::new(book, clock, &*journal, options));
        let pipeline = Pipeline::start(&shared, journal)?;
        Ok(Self {
            shared,
            pipeline: Arc::new(RwLock::new(pipeline)),
            followers: Arc::default(),
            days: Arc::default(),
            put_right: Arc::default(),
        })
    }

    /// Lets old decisions be explained, and made again, by the versions of the book that made
    /// them.
    #[must_use]
    pub fn with_library(
        self,
        library: impl Fn(BookVersion) -> Option<Arc<Book>> + Send + Sync + 'static,
    ) -> Self {
        self.shared.give(Arc::new(library));
        self
    }

    /// Takes a transmission in. The answer is ready once everything it states is durable.
    pub fn submit(&self, transmission: Vec<u8>) -> Pending {
        let (job, pending) = front::receive(&self.shared, transmission);
        self.take(job);
        pending
    }

    /// Refuses what was received of a transmission that could not be cut out of its stream, for
    /// a reason that the pharmacy is told. It is kept on record like every other refusal.
    pub fn refuse(&self, received: Vec<u8>, why: &str) -> Pending {
        let (job, pending) = front::refuse(&self.shared, received, why);
        self.take(job);
        pending
    }

    /// Hands something to a family that no pharmacy asks; see [`crate::under_way`].
    pub(crate) fn hand(&self, family: FamilyId, request: Request) -> oneshot::Receiver<Outcome> {
        let (job, outcome) = front::hand(&self.shared, family, request);
        self.take(job);
        outcome
    }

    /// Hands a family's claims back to be decided again; see [`crate::reprocessing`].
    pub(crate) fn reprocess(
        &self,
        family: FamilyId,
        reprocess: Reprocess,
    ) -> oneshot::Receiver<Outcome> {
        let (job, outcome) = front::reprocess(&self.shared, family, reprocess);
        self.take(job);
        outcome
    }

    pub(crate) const fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    fn take(&self, job: Job) {
        // A job that is not taken is dropped, and its receiver sees that no answer will come.
        let _ = self.pipeline.read().unwrap_or_else(PoisonError::into_inner).submit(job);
    }

    /// How long an answer may take; see [`Options::answer_within`].
    pub fn answer_within(&self) -> Duration {
        self.shared.options.answer_within
    }

    /// The book that decides now.
    pub fn book(&self) -> Arc<Book> {
        self.shared.book()
    }

    /// Lets another book decide from the next claim on.
    pub fn publish(&self, book: Arc<Book>) {
        self.shared.publish(book);
    }

    /// Decisions, newest first, older than `before` if it is given.
    ///
    /// # Errors
    ///
    /// The store's, if it cannot be read.
    pub fn decisions(
        &self,
        before: Option<ClaimId>,
        limit: usize,
    ) -> Result<Vec<DecisionRow>, StoreError> {
        let filter = Filter { kinds: Kind::DECISIONS.to_vec(), before, ..Filter::default() };
        let book = self.book();
        let recorded = self.shared.reader.recent(&filter, limit)?;
        Ok(recorded.iter().filter_map(|r| DecisionRow::of(&r.entry, &book)).collect())
    }

    /// What drugs would cost a member now, and what is covered instead. Nothing is changed.
    ///
    /// # Errors
    ///
    /// If the question is wrong, nobody is known by it, or the family cannot be read.
    pub fn benefit_check(&self, asked: &BenefitCheck) -> Result<BenefitAnswer, CheckError> {
        benefit_check::answer(&self.shared, asked)
    }

    /// One decision with its steps; `None` if there is none of that id.
    ///
    /// # Errors
    ///
    /// The store's, if it cannot be read.
    pub fn decision(&self, id: ClaimId) -> Result<Option<DecisionPage>, StoreError> {
        let Some(recorded) = self.shared.reader.find_entry(id)? else { return Ok(None) };
        let current = self.book();
        let decided_by = match &recorded.entry.event {
            Event::Decided { book, .. } => self.shared.book_of(*book),
            Event::Adjusted(adjustment) => self.shared.book_of(adjustment.book),
            _ => None,
        };
        let mut page = DecisionPage::of(&recorded.entry, decided_by.as_deref(), &current);
        if let Some(adjusts) = page.as_mut().and_then(|page| page.adjusts.as_mut())
            && let Some(because) = adjusts.because
        {
            let late = self.shared.reader.find_entry(because)?;
            adjusts.because_of = late.map(|late| Kind::of(&late.entry.event).as_str());
        }
        Ok(page)
    }

    /// Starts the projections of the house, each on a thread of its own, once: for a program that
    /// serves, not for one that asks a question and ends.
    ///
    /// # Errors
    ///
    /// [`StartError::Thread`] if the operating system gives no thread.
    pub fn start_projections(&self) -> Result<(), StartError> {
        if self.days.get().is_none() {
            // Two that start at once start one too many, which harms nobody.
            let _ = self.days.set(self.follow(Days)?);
        }
        Ok(())
    }

    /// Lets what comes late be put right from now on, as soon as claims leave time for it.
    ///
    /// # Errors
    ///
    /// [`StartError::Thread`] if the operating system gives no thread.
    pub fn start_reprocessing(&self) -> Result<(), StartError> {
        if self.put_right.get().is_none() {
            let _ = self.put_right.set(self.follow(Late::new(self))?);
        }
        Ok(())
    }

    /// Lets a projection follow the journal on a thread of its own until the PBM is shut down.
    ///
    /// # Errors
    ///
    /// [`StartError::Thread`] if the operating system gives no thread.
    pub fn follow<P: Projection>(&self, projection: P) -> Result<View<P::State>, StartError> {
        let in_flight = self.in_flight();
        let folder = self.shared.options.projections.as_deref();
        let runner = Runner::new(projection, self.shared.clone(), in_flight, folder);
        Ok(self.followers.start(runner)?)
    }

    /// What was decided day by day, as far as the projection has read; `None` if the projections
    /// were not started.
    pub fn days(&self) -> Option<Arc<Snapshot<Calendar>>> {
        self.days.get().map(View::now)
    }

    /// What was put right since something came late; `None` if nobody looks for it.
    pub fn put_right(&self) -> Option<Arc<Snapshot<PutRight>>> {
        self.put_right.get().map(View::now)
    }

    /// The day by the service's clock, in UTC.
    pub fn today(&self) -> Date {
        self.shared.clock.now().date()
    }

    /// True if the store answers.
    pub fn is_ready(&self) -> bool {
        self.shared.reader.heads().is_ok()
    }

    /// Metrics as OpenMetrics text.
    pub fn metrics(&self) -> String {
        let in_flight = self.in_flight().load(Ordering::Relaxed);
        let (store_up, book) = (self.followers.store_up(), self.book());
        self.shared.metrics.text(&Sight { in_flight, store_up, book: &book })
    }

    fn in_flight(&self) -> Arc<AtomicUsize> {
        let pipeline = self.pipeline.read().unwrap_or_else(PoisonError::into_inner);
        pipeline.in_flight().clone()
    }

    /// Finishes what was taken in and ends the threads. What comes later is answered with 92.
    pub fn shut_down(&self) {
        self.pipeline.write().unwrap_or_else(PoisonError::into_inner).stop();
        self.followers.stop();
        if let Some(tracer) = &self.shared.options.tracer {
            tracer.close();
        }
    }
}
