//! Some transmissions, looked at closely: where the time of this one went.
//!
//! A [`Tracer`] picks them as they come in. What was not picked costs a look at an `Option`.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use openpbm_core::{RejectCode, Timestamp};
use openpbm_engine::transaction::Answer;

/// Picks transmissions, and hears what became of them.
pub trait Tracer: fmt::Debug + Send + Sync {
    /// Whether the transmission that comes in now is traced.
    fn picks(&self) -> bool;

    /// A picked transmission was answered. Called on the thread that answers, so it must not
    /// wait.
    fn answered(&self, trace: &Trace);

    /// No more will come: what is kept back is told now. It may wait for a while.
    fn close(&self) {}
}

/// What is told of a transmission: times, and answers as they are counted. Nothing of it is about
/// a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// When it came in.
    pub received: Timestamp,
    /// From then to its answer.
    pub took: Duration,
    /// What it went through, in order. A stage that it did not come to is left out.
    pub stages: Vec<Span>,
    /// `paid`, `rejected`, `duplicate`, `reversed`, `covered` or `enrolled`, transaction by
    /// transaction; nothing if no answer could be made durable in time, and reject 92 was sent.
    pub answers: Vec<&'static str>,
    /// The reject codes (511-FB) that were sent.
    pub rejects: Vec<RejectCode>,
}

/// A stage of a transmission's way, named as in the metric `openpbm_stage_seconds`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Which one.
    pub stage: &'static str,
    /// When it began, after the reception.
    pub began: Duration,
    /// When it ended, after the reception.
    pub ended: Duration,
}

/// The moments at which the stages end, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    Read,
    Waited,
    Decided,
    Queued,
    Appended,
    /// The answer's encoding begins: what is between is the way to the thread that answers.
    Returned,
    Written,
}

impl Moment {
    const ALL: [(Self, &'static str); 7] = [
        (Self::Read, "read"),
        (Self::Waited, "wait"),
        (Self::Decided, "decide"),
        (Self::Queued, "queue"),
        (Self::Appended, "append"),
        (Self::Returned, "return"),
        (Self::Written, "write"),
    ];
}

/// What is noted of a picked transmission while it is under way, by whichever thread has it.
pub(crate) struct Notes {
    received: Timestamp,
    began: Duration,
    /// Nanoseconds of the clock's `elapsed`; 0 for what has not come.
    moments: [AtomicU64; Moment::ALL.len()],
}

impl Notes {
    pub(crate) fn new(received: Timestamp, began: Duration) -> Self {
        Self { received, began, moments: Default::default() }
    }

    /// Notes a moment. If it comes again, because it was decided again, the last one counts.
    pub(crate) fn note(&self, moment: Moment, at: Duration) {
        let at = u64::try_from(at.as_nanos()).unwrap_or(u64::MAX).max(1);
        let place = Moment::ALL.iter().position(|(known, _)| *known == moment);
        if let Some(place) = place.and_then(|place| self.moments.get(place)) {
            place.store(at, Ordering::Relaxed);
        }
    }

    /// What is told of it.
    pub(crate) fn trace(&self, told: Told) -> Trace {
        let mut stages = Vec::with_capacity(self.moments.len());
        let mut began = Duration::ZERO;
        for ((_, stage), moment) in Moment::ALL.iter().zip(&self.moments) {
            let at = moment.load(Ordering::Relaxed);
            if at == 0 {
                continue;
            }
            let ended = Duration::from_nanos(at).saturating_sub(self.began).max(began);
            stages.push(Span { stage, began, ended });
            began = ended;
        }
        let Told { answers, rejects } = told;
        Trace { received: self.received, took: began, stages, answers, rejects }
    }
}

/// What is told of an answer.
pub(crate) struct Told {
    answers: Vec<&'static str>,
    rejects: Vec<RejectCode>,
}

impl Told {
    /// Of answers, or of none that could be made durable.
    pub(crate) fn of(answers: Option<&[Answer]>) -> Self {
        let mut told = Self { answers: Vec::new(), rejects: Vec::new() };
        match answers {
            Some(answers) => answers.iter().for_each(|answer| told.add(answer)),
            None => told.rejects.push(RejectCode::SystemUnavailable),
        }
        told
    }

    fn add(&mut self, answer: &Answer) {
        self.answers.push(match answer {
            Answer::Decided { adjudication, .. } if adjudication.paid().is_some() => "paid",
            Answer::Decided { adjudication, .. } => {
                self.rejects.extend(adjudication.rejections().iter().map(|r| r.code));
                "rejected"
            }
            Answer::Refused { reasons, .. } => {
                self.rejects.extend(reasons.iter().map(|reason| reason.code));
                "rejected"
            }
            Answer::Duplicate(_) => "duplicate",
            Answer::Reversed { .. } => "reversed",
            Answer::Covered { .. } => "covered",
            Answer::Enrolled { .. } => "enrolled",
            Answer::Medical { .. } => "medical",
            Answer::Reprocessed { .. } => "reprocessed",
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_follow_each_other_and_what_did_not_come_is_left_out() {
        let millis = Duration::from_millis;
        let notes = Notes::new(Timestamp::from_millis(5), millis(100));
        notes.note(Moment::Read, millis(101));
        notes.note(Moment::Waited, millis(103));
        notes.note(Moment::Written, millis(110));
        let trace = notes.trace(Told::of(None));
        let span = |stage, began, ended| Span { stage, began: millis(began), ended: millis(ended) };
        assert_eq!(trace.stages, [span("read", 0, 1), span("wait", 1, 3), span("write", 3, 10)]);
        assert_eq!((trace.took, trace.received), (millis(10), Timestamp::from_millis(5)));
        assert_eq!((trace.answers.len(), trace.rejects), (0, vec![RejectCode::SystemUnavailable]));
    }
}
