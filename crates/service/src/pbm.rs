//! A running PBM: the one handle that listeners, pages and commands hold.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use openpbm_book::Book;
use openpbm_core::{
    BookVersion, ClaimId, Event, FamilyId, Member, Npi, RejectCode, Reversal, Text,
};
use openpbm_engine::transaction::{Answer, Request};
use openpbm_store::{Filter, Journal, Kind, StoreError};
use tokio::sync::{broadcast, oneshot};

use crate::clock::Clock;
use crate::d0::{self, Reading, Reply};
use crate::decision::{DecisionPage, DecisionRow};
use crate::keys;
use crate::pipeline::{Job, Outcome, Pipeline};
use crate::shared::Shared;

/// How the service runs.
#[derive(Debug, Clone)]
pub struct Options {
    /// Threads that decide; each holds its share of the families.
    pub workers: usize,
    /// Families that each worker keeps at hand, in each of two generations.
    pub cached_families: usize,
    /// Transmissions under way at once; what comes beyond them is answered with reject 92.
    pub most_in_flight: usize,
    /// After so long an answer is given up and 92 is sent. What is stored by then is found
    /// when the pharmacy sends again.
    pub answer_within: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            workers: 1,
            cached_families: 50_000,
            most_in_flight: 10_000,
            answer_within: Duration::from_secs(5),
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
    library: Arc<Library>,
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
        let (workers, most) = (options.workers, options.most_in_flight);
        let shared = Arc::new(Shared::new(book, clock, journal.reader(), options));
        let pipeline = Pipeline::start(&shared, journal, workers, most)?;
        Ok(Self { shared, pipeline: Arc::new(RwLock::new(pipeline)), library: Arc::new(|_| None) })
    }

    /// Lets old decisions be explained by the versions of the book that made them.
    #[must_use]
    pub fn with_library(
        mut self,
        library: impl Fn(BookVersion) -> Option<Arc<Book>> + Send + Sync + 'static,
    ) -> Self {
        self.library = Arc::new(library);
        self
    }

    /// Takes a transmission in. The answer is ready once everything it states is durable.
    pub fn submit(&self, transmission: Vec<u8>) -> Pending {
        let started = Instant::now();
        self.shared.metrics.transmission();
        let book = self.shared.book();
        let received = self.shared.clock.now().date();
        let reading = d0::read(&transmission, received, book.bin(), book.pcn());
        let (requests, prescriptions, refused) = match reading {
            Reading::Transactions(transactions) => {
                let prescriptions = transactions.iter().map(|t| t.prescription).collect();
                let requests = transactions.into_iter().map(|t| t.request).collect();
                (requests, prescriptions, false)
            }
            Reading::Refused(refusal) => (vec![Request::Unreadable(refusal)], vec![None], true),
        };
        let outcome = self.take(requests);
        let shared = self.shared.clone();
        let question = Question { shared, transmission, prescriptions, refused, started };
        Pending { question, outcome }
    }

    /// Refuses what was received of a transmission that could not be cut out of its stream, for
    /// a reason that the pharmacy is told. It is kept on record like every other refusal.
    pub fn refuse(&self, received: Vec<u8>, why: &str) -> Pending {
        let started = Instant::now();
        self.shared.metrics.transmission();
        let refusal = d0::cut_short(&received, why);
        let outcome = self.take(vec![Request::Unreadable(refusal)]);
        let (shared, prescriptions) = (self.shared.clone(), vec![None]);
        let question =
            Question { shared, transmission: received, prescriptions, refused: true, started };
        Pending { question, outcome }
    }

    /// Hands the requests to the worker of their family.
    fn take(&self, requests: Vec<Request>) -> oneshot::Receiver<Outcome> {
        self.take_for(requests.into_iter().map(|r| (self.family_of(&r), r)).collect())
    }

    fn take_for(&self, requests: Vec<(FamilyId, Request)>) -> oneshot::Receiver<Outcome> {
        let (job, outcome) = Job::new(requests);
        // A job that is not taken is dropped, and its receiver sees that no answer will come.
        let _ = self.pipeline.read().unwrap_or_else(PoisonError::into_inner).submit(job);
        outcome
    }

    /// Whose state a request depends on.
    fn family_of(&self, request: &Request) -> FamilyId {
        match request {
            Request::Billing(claim) | Request::Rebill(claim) => claim.cardholder,
            Request::Eligibility(inquiry) => inquiry.cardholder,
            Request::Reversal(reversal) => reversal
                .cardholder
                .or_else(|| self.family_of_key(reversal))
                .unwrap_or_else(|| self.refusals_of(Some(reversal.pharmacy))),
            Request::Unreadable(refusal) => self.refusals_of(refusal.pharmacy),
            Request::Enrollment(_) => keys::nobody(),
        }
    }

    fn refusals_of(&self, pharmacy: Option<Npi>) -> FamilyId {
        keys::refusals_of(pharmacy, self.shared.clock.now().date())
    }

    /// The family that a reversal without a cardholder id means: of those that this prescription
    /// was ever decided for, the one that has it paid, or else the first.
    fn family_of_key(&self, reversal: &Reversal) -> Option<FamilyId> {
        let (pharmacy, number) = (reversal.pharmacy, reversal.prescription);
        let found = self.shared.reader.find_billing(pharmacy, number, reversal.date_of_service);
        let families = found
            .inspect_err(|error| tracing::error!(%error, "a prescription could not be looked up"))
            .ok()?;
        let has_it = |id: &&FamilyId| {
            crate::families::read(&*self.shared.reader, **id).is_ok_and(|family| {
                family.fills.iter().any(|fill| reversal.means(&fill.key, fill.drug.ndc))
            })
        };
        families.iter().find(has_it).or_else(|| families.first()).copied()
    }

    /// Hands members to their family; see [`crate::members`].
    pub(crate) fn enroll(
        &self,
        family: FamilyId,
        members: Vec<Member>,
    ) -> oneshot::Receiver<Outcome> {
        self.take_for(vec![(family, Request::Enrollment(members))])
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
        let filter = Filter { kinds: Kind::ANSWERS.to_vec(), before, ..Filter::default() };
        let book = self.book();
        let recorded = self.shared.reader.recent(&filter, limit)?;
        Ok(recorded.iter().filter_map(|r| DecisionRow::of(&r.entry, &book)).collect())
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
            Event::Decided { book, .. } => self.book_of(*book),
            _ => None,
        };
        Ok(DecisionPage::of(&recorded.entry, decided_by.as_deref(), &current))
    }

    /// A version of the book, if it is the current one or on the shelf.
    fn book_of(&self, version: BookVersion) -> Option<Arc<Book>> {
        let current = self.book();
        if current.version() == version {
            return Some(current);
        }
        (self.library)(version)
    }

    /// Follows decisions as they become durable.
    pub fn watch(&self) -> broadcast::Receiver<DecisionRow> {
        self.shared.watchers.subscribe()
    }

    /// True if the store answers.
    pub fn is_ready(&self) -> bool {
        self.shared.reader.heads().is_ok()
    }

    /// Metrics as OpenMetrics text.
    pub fn metrics(&self) -> String {
        let pipeline = self.pipeline.read().unwrap_or_else(PoisonError::into_inner);
        let in_flight = pipeline.in_flight();
        self.shared.metrics.text(in_flight)
    }

    /// Finishes what was taken in and ends the threads. What comes later is answered with 92.
    pub fn shut_down(&self) {
        self.pipeline.write().unwrap_or_else(PoisonError::into_inner).stop();
    }
}

/// An answer that is on its way.
pub struct Pending {
    question: Question,
    outcome: oneshot::Receiver<Outcome>,
}

/// What an answer needs of its question.
struct Question {
    shared: Arc<Shared>,
    transmission: Vec<u8>,
    prescriptions: Vec<Option<Text<12>>>,
    /// True if the transmission as a whole is refused.
    refused: bool,
    started: Instant,
}

impl Pending {
    /// Waits for the answer and encodes it. There is always one: what could not be made durable
    /// in time is answered with reject 92.
    pub async fn response(self) -> Vec<u8> {
        let within = self.question.shared.options.answer_within;
        let outcome = tokio::time::timeout(within, self.outcome).await;
        self.question.encode(outcome.ok().and_then(Result::ok))
    }

    /// The same for callers without an async runtime; it waits as long as it takes.
    pub fn wait(self) -> Vec<u8> {
        self.question.encode(self.outcome.blocking_recv().ok())
    }
}

impl Question {
    fn encode(self, outcome: Option<Outcome>) -> Vec<u8> {
        let mut response = Vec::with_capacity(512);
        let metrics = &self.shared.metrics;
        let Some(Outcome::Answered(answers)) = outcome else {
            metrics.rejected(std::iter::once(RejectCode::SystemUnavailable));
            let reply = Reply::Unavailable(&self.prescriptions);
            d0::write(&self.transmission, &reply, &mut response);
            return response;
        };
        metrics.answered(&answers, self.started.elapsed());
        match answers.as_slice() {
            [Answer::Refused { reasons, .. }] if self.refused => {
                d0::write(&self.transmission, &Reply::Refused(reasons), &mut response);
            }
            _ => {
                let answers: Vec<_> = self.prescriptions.into_iter().zip(answers).collect();
                d0::write(&self.transmission, &Reply::Answers(&answers), &mut response);
            }
        }
        response
    }
}
