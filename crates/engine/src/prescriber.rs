//! May the prescriber prescribe for this plan?

use openpbm_core::{Finding, RejectCode, Stage};

use crate::case::Case;
use crate::eligibility::Covered;

pub(crate) fn check(case: &mut Case<'_>, covered: Option<&Covered<'_>>) {
    let Some(npi) = case.prescriber else { return };
    let prescriber = case.book.prescriber(npi);
    let Some(prescriber) = prescriber else {
        let Some(covered) = covered else { return };
        let rule = &covered.plan.any_prescriber;
        if rule.value {
            case.note(Stage::Prescriber, Finding::PrescriberAccepted, rule.source);
        } else {
            let message = format!("prescriber {npi} is not known here; check 411-DB");
            case.refuse(Stage::Prescriber, RejectCode::UnknownPrescriber, message, rule.source);
        }
        return;
    };
    if prescriber.sanctioned.is_some_and(|span| span.holds(case.date())) {
        let message = "prescriber is sanctioned; the prescription needs another prescriber";
        let code = RejectCode::PrescriberNotCovered;
        case.refuse(Stage::Prescriber, code, message, prescriber.source);
    } else {
        case.note(Stage::Prescriber, Finding::PrescriberAccepted, prescriber.source);
    }
}
