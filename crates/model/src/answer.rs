//! What the pharmacy and the member see of a decision, and how exactly two of them must agree.

use openpbm_core::{Accumulator, Date, DurAlert, Paid, PartD, RejectCode};

/// 112-AN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// P.
    Paid,
    /// D: the same claim was paid before.
    Duplicate,
    /// R.
    Rejected,
    /// A: a reversal, an enrollment or reprocessing.
    Accepted,
}

/// The answer to one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What became of it.
    pub status: Status,
    /// At most five reasons, in order of precedence.
    pub rejects: Vec<RejectCode>,
    /// Every amount of a paid claim.
    pub paid: Option<Paid>,
    /// How a paid claim of Medicare Part D divides.
    pub part_d: Option<Box<PartD>>,
    /// The day on which a refill that came too soon is possible.
    pub next_fill: Option<Date>,
    /// What the pharmacist should know.
    pub alerts: Vec<DurAlert>,
    /// After everything was decided again: what each fill comes to, in the order of the
    /// decisions.
    pub fills: Vec<Paid>,
}

impl Answer {
    /// The answer in a few words: `P 295.00` with what the patient pays, `D 295.00`, `R 79 76`,
    /// `R 79 from 2026-03-26`, `A`.
    pub fn brief(&self) -> String {
        let pays = || match self.paid.as_ref().map(Paid::patient_pay) {
            Some(Ok(amount)) => amount.to_string(),
            Some(Err(_)) | None => "unknown".to_owned(),
        };
        let codes: Vec<_> = self.rejects.iter().map(|code| code.code()).collect();
        let from = self.next_fill.map(|day| format!(" from {day}")).unwrap_or_default();
        match self.status {
            Status::Paid => format!("P {}", pays()),
            Status::Duplicate => format!("D {}", pays()),
            Status::Rejected => format!("R {}{from}", codes.join(" ")),
            Status::Accepted => "A".to_owned(),
        }
    }

    const fn new(status: Status, paid: Option<Paid>, part_d: Option<Box<PartD>>) -> Self {
        Self {
            status,
            rejects: Vec::new(),
            paid,
            part_d,
            next_fill: None,
            alerts: Vec::new(),
            fills: Vec::new(),
        }
    }

    /// A paid claim.
    pub const fn paid(paid: Paid, part_d: Option<Box<PartD>>) -> Self {
        Self::new(Status::Paid, Some(paid), part_d)
    }

    /// The answer that was given before.
    pub const fn duplicate(paid: Paid, part_d: Option<Box<PartD>>) -> Self {
        Self::new(Status::Duplicate, Some(paid), part_d)
    }

    /// Done.
    pub const fn accepted() -> Self {
        Self::new(Status::Accepted, None, None)
    }

    /// Everything was decided again, and the fills come to this.
    pub fn reprocessed(fills: Vec<Paid>) -> Self {
        Self { fills, ..Self::accepted() }
    }

    /// Refused.
    pub fn rejected(rejects: Vec<RejectCode>) -> Self {
        Self { rejects, ..Self::new(Status::Rejected, None, None) }
    }
}

/// An answer, and how the family stands after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// What is answered.
    pub answer: Answer,
    /// Every accumulator of every member.
    pub accumulators: Vec<Accumulator>,
    /// How many fills are paid and not reversed.
    pub fills: usize,
}

/// How exactly two observations must agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comparison {
    /// Status and reject codes.
    Status,
    /// And every amount and accumulator.
    Money,
    /// And what the pharmacist is told besides: the next day for a refill, the alerts.
    Everything,
}

impl Comparison {
    /// True if two observations agree as exactly as this asks.
    pub fn agrees(self, one: &Observation, other: &Observation) -> bool {
        let (a, b) = (&one.answer, &other.answer);
        let status = a.status == b.status && a.rejects == b.rejects && one.fills == other.fills;
        let money = (&a.paid, &a.part_d, &a.fills) == (&b.paid, &b.part_d, &b.fills)
            && one.accumulators == other.accumulators;
        let words = a.next_fill == b.next_fill && a.alerts == b.alerts;
        status && (self < Self::Money || money) && (self < Self::Everything || words)
    }
}
