//! Day by day: how many claims were paid, rejected, reversed and refused, who pays how much, and
//! why claims were rejected. Nothing here is about a person.

use std::collections::BTreeMap;
use std::sync::Arc;

use openpbm_core::{Cents, ClaimId, Date, Difference, Event, Overflow, Paid, RejectCode};
use openpbm_store::{Reader, Recorded, StoreError};
use serde::{Deserialize, Serialize};

use super::{Projection, ProjectionError};

/// The projection.
#[derive(Debug, Clone, Copy, Default)]
pub struct Days;

/// What it knows: each day on which something was decided, and all of them together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    days: BTreeMap<Date, Arc<Day>>,
    total: Arc<Day>,
}

/// What was decided in a day, by UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Claims that were paid.
    pub paid: u64,
    /// Claims that were rejected.
    pub rejected: u64,
    /// Paid claims that were taken back, of this day or of an earlier one.
    pub reversed: u64,
    /// What was refused before it could become a claim or a reversal.
    pub refused: u64,
    /// What plans pay for the claims paid, less what they paid for those taken back, in cents.
    /// `None` once a sum does not fit any more.
    pub plan_pays: Option<Cents>,
    /// The same of what patients pay.
    pub patients_pay: Option<Cents>,
    /// Reversals of claims whose amounts are past their retention, so that they are still in the
    /// sums.
    pub reversed_unknown: u64,
    /// Claims that were decided again and came to other amounts, which are in the sums.
    #[serde(default)]
    pub adjusted: u64,
    /// How often each reject code (511-FB) was sent.
    pub rejects: BTreeMap<RejectCode, u64>,
}

impl Default for Day {
    fn default() -> Self {
        let nothing = Some(Cents::ZERO);
        Self {
            paid: 0,
            rejected: 0,
            reversed: 0,
            refused: 0,
            plan_pays: nothing,
            patients_pay: nothing,
            reversed_unknown: 0,
            adjusted: 0,
            rejects: BTreeMap::new(),
        }
    }
}

impl Calendar {
    /// A day; nothing was decided on one that is not known.
    pub fn day(&self, day: Date) -> Arc<Day> {
        self.days.get(&day).cloned().unwrap_or_default()
    }

    /// Everything since the journal began.
    pub fn total(&self) -> &Arc<Day> {
        &self.total
    }

    /// The days on which something was decided, newest first, before one if it is given.
    pub fn newest(&self, before: Option<Date>) -> impl Iterator<Item = (Date, &Arc<Day>)> {
        let before = before.unwrap_or(Date::LAST);
        self.days.range(..before).rev().map(|(day, counted)| (*day, counted))
    }
}

/// One entry, as it is counted.
enum Counted<'a> {
    Paid(Amounts),
    Rejected(Vec<RejectCode>),
    Refused(&'a [openpbm_core::RefusalReason]),
    Reversed(Option<Amounts>),
    Adjusted(Difference),
}

#[derive(Clone, Copy)]
struct Amounts {
    plan: Cents,
    patient: Cents,
}

impl Projection for Days {
    type State = Calendar;
    const NAME: &'static str = "days";
    const FORMAT: u32 = 1;

    fn apply(
        &mut self,
        state: &mut Calendar,
        recorded: &Recorded,
        journal: &dyn Reader,
    ) -> Result<(), ProjectionError> {
        let too_large = |Overflow| ProjectionError::Entry {
            sequence: recorded.sequence,
            why: "its amounts are too large to add",
        };
        let entry = &recorded.entry;
        let counted = match &entry.event {
            Event::Enrolled { .. }
            | Event::Medical { .. }
            | Event::Retired
            | Event::Carried { .. } => return Ok(()),
            Event::Decided { adjudication, .. } => match adjudication.paid() {
                Some(paid) => Counted::Paid(amounts(paid).map_err(too_large)?),
                None => {
                    let rejections = adjudication.rejections();
                    Counted::Rejected(rejections.iter().map(|r| r.code).collect())
                }
            },
            Event::Refused(refusal) => Counted::Refused(&refusal.reasons),
            Event::Reversed { claim, undoes, .. } => {
                let paid = paid(journal, *claim)?;
                let amounts = paid.map(|paid| amounts(&paid)).transpose().map_err(too_large)?;
                let undone = undoes.unwrap_or_default();
                let sum = amounts.map(|amounts| amounts.plus(undone)).transpose();
                Counted::Reversed(sum.map_err(too_large)?)
            }
            Event::Adjusted(adjustment) => {
                Counted::Adjusted(adjustment.difference().map_err(too_large)?)
            }
        };
        let day = state.days.entry(entry.recorded.date()).or_default();
        Arc::make_mut(day).count(&counted);
        Arc::make_mut(&mut state.total).count(&counted);
        Ok(())
    }
}

impl Amounts {
    fn plus(self, difference: Difference) -> Result<Self, Overflow> {
        let Difference { member, plan } = difference;
        Ok(Self { plan: self.plan.plus(plan)?, patient: self.patient.plus(member)? })
    }
}

fn amounts(paid: &Paid) -> Result<Amounts, Overflow> {
    Ok(Amounts { plan: paid.plan_pays()?, patient: paid.patient_pay()? })
}

/// What a claim was paid, unless that is past its retention.
fn paid(journal: &dyn Reader, claim: ClaimId) -> Result<Option<Paid>, StoreError> {
    let found = journal.find_entry(claim)?;
    Ok(found.and_then(|found| match found.entry.event {
        Event::Decided { adjudication, .. } => adjudication.paid().copied(),
        _ => None,
    }))
}

impl Day {
    fn count(&mut self, counted: &Counted<'_>) {
        match counted {
            Counted::Paid(amounts) => {
                self.paid += 1;
                self.pay(*amounts, Cents::plus);
            }
            Counted::Rejected(codes) => {
                self.rejected += 1;
                codes.iter().for_each(|code| self.reject(*code));
            }
            Counted::Refused(reasons) => {
                self.refused += 1;
                reasons.iter().for_each(|reason| self.reject(reason.code));
            }
            Counted::Reversed(amounts) => {
                self.reversed += 1;
                match amounts {
                    Some(amounts) => self.pay(*amounts, Cents::minus),
                    None => self.reversed_unknown += 1,
                }
            }
            Counted::Adjusted(Difference { member, plan }) => {
                self.adjusted += 1;
                self.pay(Amounts { plan: *plan, patient: *member }, Cents::plus);
            }
        }
    }

    fn pay(&mut self, amounts: Amounts, with: fn(Cents, Cents) -> Result<Cents, Overflow>) {
        let sum = |so_far: Option<Cents>, amount| with(so_far?, amount).ok();
        self.plan_pays = sum(self.plan_pays, amounts.plan);
        self.patients_pay = sum(self.patients_pay, amounts.patient);
    }

    fn reject(&mut self, code: RejectCode) {
        *self.rejects.entry(code).or_default() += 1;
    }
}
