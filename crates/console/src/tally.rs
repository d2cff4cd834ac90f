//! Live counters: what was decided since this program started.

use std::sync::{Arc, Mutex, PoisonError};

use openpbm_core::{Cents, Overflow};
use openpbm_service::DecisionRow;
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// Counts decisions as they become durable.
#[derive(Default)]
pub(crate) struct Tally(Mutex<Counts>);

/// What has been counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) paid: u64,
    pub(crate) rejected: u64,
    pub(crate) reversed: u64,
    pub(crate) refused: u64,
    /// What plans and patients pay for the paid ones; none once a sum does not fit any more.
    pub(crate) plan_pays: Option<Cents>,
    pub(crate) patients_pay: Option<Cents>,
    /// Decisions that came too fast to be counted by kind.
    pub(crate) missed: u64,
}

impl Tally {
    /// Counts on a task of its own until the PBM is gone.
    pub(crate) fn follow(mut rows: Receiver<DecisionRow>) -> Arc<Self> {
        let nothing = Some(Cents::ZERO);
        let start = Counts { plan_pays: nothing, patients_pay: nothing, ..Counts::default() };
        let tally = Arc::new(Self(Mutex::new(start)));
        let counted = tally.clone();
        tokio::spawn(async move {
            loop {
                match rows.recv().await {
                    Ok(row) => counted.change(|counts| counts.add(&row)),
                    Err(RecvError::Lagged(missed)) => {
                        counted.change(|counts| counts.missed += missed);
                    }
                    Err(RecvError::Closed) => return,
                }
            }
        });
        tally
    }

    /// What has been counted so far.
    pub(crate) fn counts(&self) -> Counts {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Counts)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Counts {
    fn add(&mut self, row: &DecisionRow) {
        match row.status {
            "paid" => self.paid += 1,
            "rejected" => self.rejected += 1,
            "reversed" => self.reversed += 1,
            _ => self.refused += 1,
        }
        if row.status == "paid" {
            self.plan_pays = sum(self.plan_pays, row.plan_pays);
            self.patients_pay = sum(self.patients_pay, row.patient_pay);
        }
    }
}

fn sum(so_far: Option<Cents>, amount: Option<Cents>) -> Option<Cents> {
    let plus = |(a, b): (Cents, Cents)| -> Result<Cents, Overflow> { a.plus(b) };
    so_far.zip(amount).and_then(|both| plus(both).ok())
}
