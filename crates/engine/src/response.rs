//! Puts the answer together.

use openpbm_core::{Adjudication, Outcome, Paid};

use crate::case::Case;

pub(crate) fn answer(case: Case<'_>, paid: Option<Paid>) -> Adjudication {
    let refused = case.is_refused();
    let mut adjudication = Adjudication {
        outcome: Outcome::Rejected(Vec::new()),
        steps: case.steps,
        alerts: case.alerts,
        next_fill: case.next_fill,
        alternatives: case.alternatives,
        part_d: None,
    };
    match paid {
        Some(paid) if !refused => {
            adjudication.outcome = Outcome::Paid(paid);
            adjudication.part_d = case.part_d;
        }
        _ => {
            let codes = adjudication.rejections().iter().map(|r| r.code).collect();
            adjudication.outcome = Outcome::Rejected(codes);
        }
    }
    adjudication
}
