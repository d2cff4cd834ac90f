//! Other payers: which of them must be billed first, and what they leave to pay.

use openpbm_core::{Claim, CoordinationMethod, OtherPayer, PayerKind, PayerOrder, RejectCode};

use crate::decide::{Refusals, Situation};
use crate::rules::{Coordination, Plan};

/// Answers of other payers; a coupon is no payer.
fn answers(claim: &Claim) -> impl Iterator<Item = &OtherPayer> {
    claim.details.other_payers.iter().filter(|payer| payer.coverage_type != 98)
}

/// What they paid.
fn paid(claim: &Claim) -> i128 {
    answers(claim).flat_map(|payer| &payer.paid).map(|paid| i128::from(paid.amount.get())).sum()
}

/// What the last of them that says so leaves to the patient.
fn left(claim: &Claim) -> Option<i128> {
    let last = answers(claim).filter(|payer| !payer.left_to_patient.is_empty()).last()?;
    let whole = last.left_to_patient.iter().find(|left| left.qualifier == 6);
    let parts = last.left_to_patient.iter().map(|left| i128::from(left.amount.get())).sum();
    Some(whole.map_or(parts, |whole| whole.amount.get().into()))
}

/// Whether the other coverage code is one of the plan's, and the answers are as it says.
pub(crate) fn code(claim: &Claim, plan: &Plan, refusals: &mut Refusals) {
    let code = claim.other_coverage.unwrap_or(0);
    let accepted = |rule: &Coordination| rule.accepts.contains(&code);
    let none = answers(claim).next().is_none();
    let refused = answers(claim).any(|payer| !payer.rejects.is_empty());
    let is_wrong = match &plan.coordination {
        None => code > 1,
        Some(_) if code < 2 => !none,
        Some(rule) => !accepted(rule),
    };
    if is_wrong {
        refusals.add(RejectCode::InvalidOtherCoverage);
    } else if code == 2 && paid(claim) == 0 || (code == 3 || code == 4) && paid(claim) > 0 {
        refusals.add(RejectCode::InvalidPayerPaid);
    } else if code == 3 && !refused {
        refusals.add(RejectCode::InvalidPayerReject);
    } else if code == 4 && none {
        refusals.add(RejectCode::InvalidPayerCount);
    } else if code == 8 && left(claim).is_none() {
        refusals.add(RejectCode::InvalidLeftToPatient);
    }
}

/// Refuses what is not this plan's turn; true if it is paid all the same and chased.
pub(crate) fn turn(s: &Situation<'_>, refusals: &mut Refusals) -> bool {
    let Some(rule) = &s.covered.plan.coordination else { return false };
    let seen = s.claim.other_coverage > Some(1);
    let Some(tier) = s.placement.tier_for(s) else { return false };
    let files = &s.covered.member.circumstances.other_coverage;
    let mut chased = false;
    for file in files.iter().filter(|file| file.holds(s.day)).map(|file| &file.what) {
        if rule.on_file != "refuse" || file.pays == PayerOrder::After {
            continue;
        }
        let chase = rule.chase.iter().any(|row| {
            row.under_age.is_none_or(|age| s.age < age)
                && row.tiers.as_ref().is_none_or(|tiers| tiers.contains(&tier))
                && row.payers.as_ref().is_none_or(|payers| payers.contains(&file.kind))
        });
        if s.covered.group.line == "medicaid" && file.kind == PayerKind::PartD {
            let is_part_d = s.placement.not_part_d != Some(true);
            if is_part_d && s.dispensed.is_some() {
                chased = true;
            } else if is_part_d {
                refusals.add(RejectCode::OtherPayerFirst);
            }
        } else if !seen && (chase || s.dispensed.is_some()) {
            chased = true;
        } else if !seen {
            refusals.add(RejectCode::OtherPayerFirst);
        }
    }
    chased
}

/// What others cover of all that the pharmacy gets. Of what was dispensed they have covered what
/// they have covered; Part D shares nothing.
pub(crate) fn others(s: &Situation<'_>, price: i128) -> i128 {
    if s.covered.plan.part_d.is_some() {
        return 0;
    }
    if let Some(fill) = s.dispensed {
        return fill.first.coordination.other_payers.get().into();
    }
    let seen = s.covered.plan.coordination.is_some() && s.claim.other_coverage > Some(1);
    if !seen {
        return 0;
    }
    let left = left(s.claim).map_or(0, |left| price - left);
    paid(s.claim).max(left).min(price)
}

/// The plan's way of coordinating; without one, it pays what is left.
pub(crate) fn method(s: &Situation<'_>) -> CoordinationMethod {
    let rule = s.covered.plan.coordination.as_ref();
    rule.map_or(CoordinationMethod::Standard, |rule| rule.method)
}

/// What a coupon pays of a patient's share; nothing where the plan looks at none. What was
/// dispensed it has paid, whatever plan turns out to be the right one.
pub(crate) fn coupon(s: &Situation<'_>, patient: i128) -> i128 {
    if let Some(fill) = s.dispensed.filter(|_| s.covered.plan.part_d.is_none()) {
        return i128::from(fill.first.coordination.coupon.get()).min(patient);
    }
    if s.covered.plan.coupon.is_none() {
        return 0;
    }
    let details = &s.claim.details;
    let value = match &details.coupon {
        Some(coupon) => match (coupon.value, coupon.kind) {
            (Some(value), _) => value.get().into(),
            (None, 2) => patient,
            (None, _) => 0,
        },
        None => {
            let coupons = details.other_payers.iter().filter(|payer| payer.coverage_type == 98);
            coupons.flat_map(|payer| &payer.paid).map(|paid| i128::from(paid.amount.get())).sum()
        }
    };
    value.min(patient)
}
