//! What a pharmacist may override by a submission clarification (420-DK), and how often.

use openpbm_book::Override;
use openpbm_core::Fill;

use crate::case::Case;
use crate::duplicate::is_same_drug;
use crate::eligibility::Covered;
use crate::product::Dispensed;

/// A clarification of the claim that the plan knows.
#[derive(Clone, Copy)]
pub(crate) struct Clarified<'a> {
    pub(crate) rule: &'a Override,
    /// How often it has let a refusal pass for the person and drug, near the date of service.
    pub(crate) used: u16,
}

/// The clarifications that were sent, in the order of the plan's rows.
pub(crate) fn find<'a>(case: &mut Case<'a>, covered: &Covered<'a>, dispensed: &Dispensed<'_>) {
    let date = case.date();
    // What was let pass when the claim was first decided stays so when it is decided again.
    if let Some(fill) = case.dispensed {
        case.design.clarification = fill.paid.design.clarification;
    }
    let used = |rule: &Override| {
        if case.dispensed.is_some() {
            return 0;
        }
        let counts = |fill: &&Fill| {
            fill.paid.design.clarification == Some(rule.code)
                && date.days_since(fill.key.date_of_service).abs() < i64::from(rule.per_days)
                && is_same_drug(case, fill, dispensed)
        };
        let count = case.other_fills(covered.person()).filter(counts).count();
        u16::try_from(count).unwrap_or(u16::MAX)
    };
    let sent = |rule: &&Override| case.claim.details.clarifies(rule.code);
    let rules = covered.plan.overrides.iter().filter(sent);
    let found = rules.map(|rule| Clarified { rule, used: used(rule) }).collect();
    case.overrides = found;
}
