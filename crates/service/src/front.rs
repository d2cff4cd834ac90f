//! The way in and the way out: a transmission's bytes become a job, and what came of the job
//! becomes the answer's bytes.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use openpbm_core::{FamilyId, RejectCode, Text};
use openpbm_engine::transaction::{Answer, Request};
use tokio::sync::oneshot;

use crate::d0::{self, Reading, Reply};
use crate::families;
use crate::metrics::Metrics;
use crate::pipeline::{Asked, Job, Outcome, Task};
use crate::reprocessing::Reprocess;
use crate::shared::Shared;
use crate::trace::{Moment, Notes, Told};

/// Reads a transmission.
pub(crate) fn receive(shared: &Arc<Shared>, transmission: Vec<u8>) -> (Job, Pending) {
    let book = shared.book();
    let received = shared.clock.now().date();
    let began = shared.clock.elapsed();
    match d0::read(&transmission, received, book.bin(), book.pcn()) {
        Reading::Transactions(transactions) => {
            let prescriptions = transactions.iter().map(|t| t.prescription).collect();
            let requests = transactions.into_iter().map(|t| t.request).collect();
            let form = Form { transmission, prescriptions, refused: false };
            ask(shared, requests, form, began)
        }
        Reading::Refused(refusal) => {
            let form = Form { transmission, prescriptions: vec![None], refused: true };
            ask(shared, vec![Request::Unreadable(refusal)], form, began)
        }
    }
}

/// Refuses what was received of a transmission that never became whole.
pub(crate) fn refuse(shared: &Arc<Shared>, received: Vec<u8>, why: &str) -> (Job, Pending) {
    let refusal = d0::cut_short(&received, why);
    let form = Form { transmission: received, prescriptions: vec![None], refused: true };
    ask(shared, vec![Request::Unreadable(refusal)], form, shared.clock.elapsed())
}

/// Asks something of a family that no pharmacy asks: to take in members, or what the medical side
/// has come to.
pub(crate) fn hand(
    shared: &Shared,
    family: FamilyId,
    request: Request,
) -> (Job, oneshot::Receiver<Outcome>) {
    let task = Task::Decide(request);
    Job::new(vec![Asked { family: Some(family), task }], shared.clock.elapsed())
}

/// Asks for a family's paid claims to be decided again.
pub(crate) fn reprocess(
    shared: &Shared,
    family: FamilyId,
    reprocess: Reprocess,
) -> (Job, oneshot::Receiver<Outcome>) {
    let task = Task::Reprocess(Box::new(reprocess));
    Job::new(vec![Asked { family: Some(family), task }], shared.clock.elapsed())
}

fn ask(
    shared: &Arc<Shared>,
    requests: Vec<Request>,
    form: Form,
    began: Duration,
) -> (Job, Pending) {
    let now = shared.clock.elapsed();
    shared.metrics.read(now.saturating_sub(began));
    let tracer = shared.options.tracer.as_ref().filter(|tracer| tracer.picks());
    let notes = tracer.map(|_| Arc::new(Notes::new(shared.clock.now(), began)));
    if let Some(notes) = &notes {
        notes.note(Moment::Read, now);
    }
    let with_family = |request| Asked {
        family: families::named_by(shared, &request),
        task: Task::Decide(request),
    };
    let asked = requests.into_iter().map(with_family).collect();
    let (mut job, outcome) = Job::new(asked, began);
    job.notes.clone_from(&notes);
    let shared = shared.clone();
    (job, Pending { question: Question { shared, form, began, notes }, outcome })
}

/// An answer that is on its way. As a future it waits for as long as it takes; see
/// [`Pending::response`].
pub struct Pending {
    question: Question,
    outcome: oneshot::Receiver<Outcome>,
}

impl Pending {
    /// Waits for the answer and encodes it. There is always one: what could not be made durable
    /// in time is answered with reject 92.
    pub async fn response(mut self) -> Vec<u8> {
        let within = self.question.shared.options.answer_within;
        match tokio::time::timeout(within, &mut self).await {
            Ok(response) => response,
            Err(_) => self.give_up(),
        }
    }

    /// The same for callers without an async runtime; it waits as long as it takes.
    pub fn wait(self) -> Vec<u8> {
        self.question.encode(self.outcome.blocking_recv().ok())
    }

    /// What [`Self::response`] sends when it has waited long enough: reject 92.
    pub fn give_up(self) -> Vec<u8> {
        self.question.encode(None)
    }

    /// The answer if it is there; itself if it is not.
    ///
    /// # Errors
    ///
    /// Itself, to be asked again.
    pub fn try_response(mut self) -> Result<Vec<u8>, Self> {
        match self.outcome.try_recv() {
            Ok(outcome) => Ok(self.question.encode(Some(outcome))),
            Err(oneshot::error::TryRecvError::Closed) => Ok(self.question.encode(None)),
            Err(oneshot::error::TryRecvError::Empty) => Err(self),
        }
    }
}

impl Future for Pending {
    type Output = Vec<u8>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Vec<u8>> {
        let outcome = ready!(Pin::new(&mut self.outcome).poll(context));
        Poll::Ready(self.question.encode(outcome.ok()))
    }
}

/// What an answer needs of its question.
struct Question {
    shared: Arc<Shared>,
    form: Form,
    began: Duration,
    notes: Option<Arc<Notes>>,
}

/// What an answer repeats of its question.
struct Form {
    transmission: Vec<u8>,
    prescriptions: Vec<Option<Text<12>>>,
    /// True if the transmission as a whole is refused.
    refused: bool,
}

impl Question {
    fn encode(&self, outcome: Option<Outcome>) -> Vec<u8> {
        let ready = self.shared.clock.elapsed();
        let answers = match outcome {
            Some(Outcome::Answered(answers)) => Some(answers),
            Some(Outcome::Unavailable) | None => None,
        };
        let told = self.notes.as_ref().map(|notes| (notes, Told::of(answers.as_deref())));
        let is_answered = answers.is_some();
        let metrics = &self.shared.metrics;
        let response = self.form.fill_in(answers, metrics);
        let now = self.shared.clock.elapsed();
        if is_answered {
            metrics.written(now.saturating_sub(ready), now.saturating_sub(self.began));
        }
        if let (Some((notes, told)), Some(tracer)) = (told, &self.shared.options.tracer) {
            notes.note(Moment::Returned, ready);
            notes.note(Moment::Written, now);
            tracer.answered(&notes.trace(told));
        }
        response
    }
}

impl Form {
    /// The bytes of the answer.
    fn fill_in(&self, answers: Option<Vec<Answer>>, metrics: &Metrics) -> Vec<u8> {
        let Self { transmission, prescriptions, refused } = self;
        let mut response = Vec::with_capacity(512);
        let Some(answers) = answers else {
            metrics.rejected(std::iter::once(RejectCode::SystemUnavailable));
            d0::write(transmission, &Reply::Unavailable(prescriptions), &mut response);
            return response;
        };
        metrics.answered(&answers);
        match answers.as_slice() {
            [Answer::Refused { reasons, .. }] if *refused => {
                d0::write(transmission, &Reply::Refused(reasons), &mut response);
            }
            _ => {
                let answers: Vec<_> = prescriptions.iter().copied().zip(answers).collect();
                d0::write(transmission, &Reply::Answers(&answers), &mut response);
            }
        }
        response
    }
}
