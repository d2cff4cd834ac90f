//! Medicare Part B or Part D? A drug that Part B covers as it is prescribed and given is none of
//! Part D (42 CFR 423.100), nor is one that the law excludes.

use openpbm_book::{PartB, Placement, Sourced};
use openpbm_core::{Finding, PartDFinding, RejectCode, Stage, Waiver};

use crate::authorization;
use crate::case::Case;
use crate::eligibility::Covered;
use crate::product::Dispensed;

/// Refuses what Part D does not cover; false if nothing more is to be asked of it. What is not
/// known is asked for before the drug is dispensed, not after.
pub(crate) fn check(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    dispensed: &Dispensed<'_>,
    placement: &Placement,
) -> bool {
    if covered.plan.part_d.is_none() {
        return true;
    }
    if let Some(not) = placement.not_part_d.as_ref().filter(|not| not.value) {
        let message = "the law excludes this product from Medicare Part D";
        case.refuse(Stage::Formulary, RejectCode::NotOfPartD, message, not.source);
        return false;
    }
    let Some(rule) = &placement.part_b else { return true };
    let is_of_part_b = is_of_part_b(case, covered, &rule.value);
    if is_of_part_b == Some(false) {
        let finding = Finding::PartD(PartDFinding::NotOfPartB);
        case.note(Stage::Formulary, finding, rule.source);
        return true;
    }
    // The plan has found that it is Part D's.
    if let Some(ndc) = authorization::authorized(case, covered, dispensed) {
        let finding = Finding::AuthorizationWaived(Waiver::OnFile { ndc });
        case.note(Stage::Formulary, finding, rule.source);
        return true;
    }
    if is_of_part_b == Some(true) {
        let message = "Medicare Part B may cover this: bill Part B";
        case.refuse(Stage::Formulary, RejectCode::MayBeOfPartB, message, rule.source);
        return false;
    }
    if case.is_new() {
        undetermined(case, covered, rule);
    }
    true
}

/// What is known of a diagnosis and a residence; `None` if too little is.
fn is_of_part_b(case: &Case<'_>, covered: &Covered<'_>, rule: &PartB) -> Option<bool> {
    let parts = [by_diagnosis(case, covered, rule), by_residence(case, rule)];
    if parts.contains(&Some(false)) {
        return Some(false);
    }
    parts.iter().all(Option::is_some).then_some(true)
}

/// The diagnoses of the claim and on file.
fn by_diagnosis(case: &Case<'_>, covered: &Covered<'_>, rule: &PartB) -> Option<bool> {
    if rule.diagnoses.is_empty() {
        return Some(true);
    }
    let mut known = case.claim.diagnoses.iter().chain(&covered.member.diagnoses).peekable();
    known.peek()?;
    Some(known.any(|code| rule.diagnoses.iter().any(|start| code.starts_with(&**start))))
}

/// 384-4X, of which 0 says nothing.
fn by_residence(case: &Case<'_>, rule: &PartB) -> Option<bool> {
    if rule.residences.is_empty() {
        return Some(true);
    }
    let residence = case.claim.details.setting.residence.filter(|code| *code != 0)?;
    Some(rule.residences.contains(&residence))
}

fn undetermined(case: &mut Case<'_>, covered: &Covered<'_>, rule: &Sourced<PartB>) {
    let missing = [
        ("the diagnosis (424-DO)", by_diagnosis(case, covered, &rule.value)),
        ("the patient's residence (384-4X)", by_residence(case, &rule.value)),
    ];
    let missing: Vec<_> =
        missing.iter().filter(|(_, known)| known.is_none()).map(|(what, _)| *what).collect();
    let message = format!(
        "Medicare Part B or Part D: send {}, or ask the plan for a determination",
        missing.join(" and ")
    );
    let code = RejectCode::PriorAuthorizationRequired;
    case.refuse(Stage::Formulary, code, message, rule.source);
}
