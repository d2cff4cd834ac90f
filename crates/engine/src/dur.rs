//! Drug utilization review: does this drug harm this person together with another drug, an
//! allergy or a pregnancy? The pharmacist may go on by saying what was done about it.

use openpbm_book::{DrugSet, DurConflict, DurRule};
use openpbm_core::{Date, DurAlert, Fill, Finding, RejectCode, Stage};

use crate::case::Case;
use crate::eligibility::Covered;
use crate::product::Dispensed;

/// Reviews the product, or every ingredient of a compound that is paid for.
pub(crate) fn check_all(case: &mut Case<'_>, covered: &Covered<'_>, dispensed: &Dispensed<'_>) {
    if case.mixture.is_empty() {
        return check(case, covered, dispensed);
    }
    let parts: Vec<_> = case.mixture.iter().map(|part| part.dispensed).collect();
    parts.iter().for_each(|part| check(case, covered, part));
}

fn check(case: &mut Case<'_>, covered: &Covered<'_>, dispensed: &Dispensed<'_>) {
    let book = case.book;
    for rule in book.dur_rules().iter().filter(|rule| rule.drugs.contains(dispensed.id)) {
        if let Some(previous_fill) = conflict(case, covered, rule) {
            alert(case, rule, previous_fill);
        }
    }
}

/// `Some` if the rule's conflict is there; with the day of the fill that conflicts, if it is one.
fn conflict(case: &Case<'_>, covered: &Covered<'_>, rule: &DurRule) -> Option<Option<Date>> {
    let member = covered.member;
    match &rule.conflict {
        DurConflict::With(drugs) => on_hand(case, covered, drugs).map(Some),
        DurConflict::Allergy(substance) => {
            let has = |allergy: &String| allergy.eq_ignore_ascii_case(substance);
            member.allergies.iter().any(has).then_some(None)
        }
        DurConflict::Pregnancy => is_pregnant(case, covered).then_some(None),
    }
}

/// True if the claim reports a pregnancy or the member's file knows of one.
pub(crate) fn is_pregnant(case: &Case<'_>, covered: &Covered<'_>) -> bool {
    let known_until = covered.member.pregnant_until;
    case.claim.pregnant || known_until.is_some_and(|until| case.date() <= until)
}

/// The day of the last fill of such a drug that is taken together with this one.
fn on_hand(case: &Case<'_>, covered: &Covered<'_>, drugs: &DrugSet) -> Option<Date> {
    let is_such = |fill: &&Fill| {
        case.book.drugs().find(fill.counted().ndc).is_some_and(|id| drugs.contains(id))
    };
    let fills = case.other_fills(covered.person());
    let on_hand = fills.filter(|fill| is_taken_with(fill, case)).filter(is_such);
    on_hand.map(|fill| fill.key.date_of_service).max()
}

/// True if the fill's supply and the whole that is asked for are taken on a common day: whichever
/// of them was billed first, and whichever was filled first.
pub(crate) fn is_taken_with(fill: &Fill, case: &Case<'_>) -> bool {
    let apart = case.date().days_since(fill.key.date_of_service);
    apart < i64::from(fill.counted().days_supply) && -apart < i64::from(case.whole().days_supply)
}

fn alert(case: &mut Case<'_>, rule: &DurRule, previous_fill: Option<Date>) {
    let answered = case.claim.dur_overrides.iter().find(|answer| {
        *answer.reason == *rule.reason && rule.overrides.iter().any(|r| **r == *answer.result)
    });
    if let Some(answer) = answered {
        let (reason, result) = (rule.reason.clone(), answer.result.as_str().into());
        case.note(Stage::Dur, Finding::DurOverridden { reason, result }, rule.source);
        return;
    }
    let go_on = if rule.overrides.is_empty() {
        "; cannot be overridden, call the prescriber".to_owned()
    } else {
        let results = rule.overrides.join(", ");
        format!("; to go on, send {} with one of these results (441-E6): {results}", rule.reason)
    };
    let message = format!("{}{go_on}", rule.text);
    case.refuse(Stage::Dur, RejectCode::DurReject, message, rule.source);
    case.alerts.push(DurAlert {
        reason: rule.reason.clone(),
        significance: rule.significance,
        text: rule.text.clone(),
        previous_fill,
    });
}
