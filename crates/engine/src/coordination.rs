//! Which payer comes first, and what is left for this plan to pay after the others.
//!
//! The price P is what others cover (O), what the plan pays and what the patient pays. Where M is
//! the member's share of a claim that nobody else pays: under standard coordination O comes off
//! M first; under non-duplication M stays, up to P - O; under maintenance of benefits M is that
//! of P - O.

use openpbm_book::{CoordinationRule, LineOfBusiness, Placement};
use openpbm_core::{
    Account, Cents, CoordinationMethod, Finding, OtherCoverage, OtherPayer, Overflow, PayerKind,
    PayerOrder, RejectCode, Shared, Source, Stage,
};

use crate::case::Case;
use crate::eligibility::Covered;
use crate::formulary::Placed;

/// 351-NP of an amount that is all that the patient pays, which the others are parts of.
const ALL_OF_IT: u8 = 6;

/// Checks that the claim comes to this plan in its turn; true if it is paid although it does
/// not, and is to be recovered. What was dispensed is paid: nobody is told to bill again, and
/// what another payer turns out to owe the plan gets back from that one, never from the member.
pub(crate) fn check(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    placed: Option<&Placed<'_>>,
) -> bool {
    let code = case.claim.other_coverage.unwrap_or_default();
    let Some(rule) = &covered.plan.coordination else {
        if case.dispensed.is_none() {
            refuse_secondary(case);
        }
        return false;
    };
    match code {
        _ if case.dispensed.is_some() => {}
        0 | 1 => not_seen_by_others(case),
        code if rule.accepts.value.contains(&code) => seen_by_others(case, rule, code),
        code => {
            let accepted: Vec<_> = rule.accepts.value.iter().map(u8::to_string).collect();
            let message = format!(
                "other coverage code {code} is not accepted; this plan accepts {}",
                accepted.join(", ")
            );
            let source = rule.accepts.source;
            case.refuse(Stage::Coordination, RejectCode::InvalidOtherCoverage, message, source);
        }
    }
    placed.is_some_and(|placed| on_file(case, covered, rule, placed, code))
}

/// A plan that says nothing of other payers pays as the primary one: other coverage code absent,
/// 0 (not specified) or 1 (none). Others are refused rather than paid as if no other payer had
/// been there.
fn refuse_secondary(case: &mut Case<'_>) {
    if let Some(code @ 2..) = case.claim.other_coverage {
        let message = format!(
            "other coverage code {code}: this plan pays as primary only; bill without other \
             coverage, or bill the other payer"
        );
        let code = RejectCode::InvalidOtherCoverage;
        case.refuse(Stage::Coordination, code, message, None);
    }
}

/// Other coverage code 0 or 1 contradicts the answers of other payers.
fn not_seen_by_others(case: &mut Case<'_>) {
    if others(case).next().is_some() {
        let message = "other payers' answers are sent; send the other coverage code that they mean";
        let code = RejectCode::InvalidOtherCoverage;
        case.refuse(Stage::Coordination, code, message, None);
    }
}

/// What each other coverage code says of the other payers' answers must be there.
fn seen_by_others(case: &mut Case<'_>, rule: &CoordinationRule, code: u8) {
    let has_paid = others(case).flat_map(|payer| &payer.paid).any(|paid| Cents::ZERO < paid.amount);
    let refused: Vec<&str> =
        others(case).flat_map(|payer| &payer.rejects).map(String::as_str).collect();
    let (reject, message) = match code {
        2 if !has_paid => {
            (RejectCode::InvalidPayerPaid, "code 2: say what the other payer paid in 431-DV")
        }
        3 | 4 if has_paid => {
            (RejectCode::InvalidPayerPaid, "codes 3 and 4: the other payer paid nothing (431-DV)")
        }
        3 if refused.is_empty() => {
            (RejectCode::InvalidPayerReject, "code 3: say why the other payer refused in 472-6E")
        }
        4 if others(case).next().is_none() => {
            (RejectCode::InvalidPayerCount, "code 4: send the other payer's answer")
        }
        8 if left_to_patient(case).is_none() => {
            (RejectCode::InvalidLeftToPatient, "code 8: say what is left to the patient in 352-NQ")
        }
        3 => {
            let finding = Shared::OtherPayersRefused { codes: refused.join(", ").into() };
            return case.note(Stage::Coordination, Finding::Shared(finding), rule.accepts.source);
        }
        _ => return,
    };
    let message = format!("other coverage {message}");
    case.refuse(Stage::Coordination, reject, message, rule.accepts.source);
}

/// Other payers on the member's file that come first must have seen the claim, unless the plan
/// pays and chases. Medicaid never pays for a drug of Part D whom Part D covers (42 USC
/// 1396u-5(d)), and needs no answer of Part D on a drug that the law excludes from it.
fn on_file(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    rule: &CoordinationRule,
    placed: &Placed<'_>,
    code: u8,
) -> bool {
    let Some(source) = rule.refuses_on_file else { return false };
    let is_medicaid = covered.group.line == LineOfBusiness::Medicaid;
    let age = case.date().age_on(covered.member.birth);
    let circumstances = &covered.member.circumstances;
    let first = |payer: &&OtherCoverage| payer.pays == PayerOrder::Before;
    let mut recover = false;
    for payer in circumstances.other_coverage_on(case.date()).filter(first) {
        if is_medicaid && payer.kind == PayerKind::PartD {
            recover |= part_d_first(case, placed.placement, payer);
            continue;
        }
        if code > 1 {
            continue;
        }
        let fits = rule.chase.iter().find(|row| row.value.fits(age, placed.tier, payer.kind));
        if let Some(row) = fits {
            recover |= chase(case, payer, row.source);
        } else if case.dispensed.is_some() {
            recover |= chase(case, payer, source);
        } else {
            let message = format!("bill {} first", named(payer));
            case.refuse(Stage::Coordination, RejectCode::OtherPayerFirst, message, source);
        }
    }
    recover
}

/// Pays what another payer should pay first.
fn chase(case: &mut Case<'_>, payer: &OtherCoverage, source: impl Into<Option<Source>>) -> bool {
    let finding = Shared::PaidAndChased { payer: payer.payer.as_str().into() };
    case.note(Stage::Coordination, Finding::Shared(finding), source);
    true
}

/// True if it is paid and to be recovered.
fn part_d_first(case: &mut Case<'_>, placement: Option<&Placement>, payer: &OtherCoverage) -> bool {
    match placement.and_then(|p| p.not_part_d.as_ref()).filter(|not| not.value) {
        Some(not) => {
            case.note(Stage::Coordination, Finding::Shared(Shared::NotOfPartD), not.source);
        }
        None if case.dispensed.is_some() => return chase(case, payer, None),
        None => {
            let message = format!("a drug of Medicare Part D: bill {}", named(payer));
            case.refuse(Stage::Coordination, RejectCode::OtherPayerFirst, message, None);
        }
    }
    false
}

/// A payer with where to bill it.
fn named(payer: &OtherCoverage) -> String {
    let mut name = payer.payer.clone();
    for (label, number) in [
        ("BIN", payer.bin.map(|bin| bin.to_string())),
        ("PCN", payer.pcn.map(|pcn| pcn.to_string())),
    ] {
        if let Some(number) = number {
            name.push_str(&format!(", {label} {number}"));
        }
    }
    name
}

/// The payers whose answers the claim carries; a coupon (338-5C is 98) is none.
fn others<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a OtherPayer> + use<'a> {
    case.claim.details.other_payers.iter().filter(|payer| payer.coverage_type != COUPON)
}

/// 338-5C.
const COUPON: u8 = 98;

/// 352-NQ of the last payer that says it: all that the patient pays, or the sum of its parts.
fn left_to_patient(case: &Case<'_>) -> Option<Result<Cents, Overflow>> {
    let said = others(case).map(|payer| &payer.left_to_patient).filter(|left| !left.is_empty());
    let last = said.last()?;
    let all = last.iter().find(|left| left.qualifier == ALL_OF_IT).map(|left| Ok(left.amount));
    Some(all.unwrap_or_else(|| Cents::sum(last.iter().map(|left| left.amount))))
}

/// What a coupon paid that answers as a payer does (338-5C is 98).
pub(crate) fn paid_by_coupon(case: &Case<'_>) -> Result<Cents, Overflow> {
    let payers = case.claim.details.other_payers.iter();
    let paid = payers.filter(|payer| payer.coverage_type == COUPON).flat_map(|payer| &payer.paid);
    Cents::sum(paid.map(|paid| paid.amount))
}

/// How the plan shares a claim; one that says nothing of other payers pays what is left, where a
/// claim that they had a part of turns out to be its own.
fn method(covered: &Covered<'_>) -> (CoordinationMethod, Option<Source>) {
    let rule = covered.plan.coordination.as_ref();
    rule.map_or((CoordinationMethod::Standard, None), |rule| {
        (rule.method.value, Some(rule.method.source))
    })
}

/// What others cover of all that the pharmacy gets: what they paid, or what they do not leave to
/// the patient if that is more. What they covered of a claim that was dispensed stays.
pub(crate) fn recognize(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    whole: Cents,
) -> Result<Cents, Overflow> {
    let is_seen = matches!(case.claim.other_coverage, Some(2..));
    let is_shared = covered.plan.coordination.is_some() || case.dispensed.is_some();
    if !(is_seen && is_shared) {
        return Ok(Cents::ZERO);
    }
    let amounts = others(case).flat_map(|payer| &payer.paid).map(|paid| paid.amount);
    let paid = Cents::sum(amounts)?;
    let left = left_to_patient(case).transpose()?;
    let covered_by_left = left.map_or(Cents::ZERO, |left| left.left_of(whole));
    let recognized = match case.dispensed {
        Some(fill) => fill.answered().coordination.other_payers,
        None => paid.max(covered_by_left).min(whole),
    };
    if paid != Cents::ZERO || left.is_some() {
        let finding = Finding::Shared(Shared::OtherPayers { paid, left });
        let (_, source) = method(covered);
        case.post(Stage::Coordination, finding, source, Account::OtherPayers, recognized);
    }
    Ok(recognized)
}

/// The price that the benefit is reckoned from.
pub(crate) fn benefit_of(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    price: Cents,
    others: Cents,
) -> Result<Cents, Overflow> {
    let (method, source) = method(covered);
    if method != CoordinationMethod::MaintenanceOfBenefits {
        return Ok(price);
    }
    let rest = price.minus(others)?;
    if others > Cents::ZERO {
        let finding = Finding::Shared(Shared::BenefitOfRest { method, rest });
        case.note(Stage::Coordination, finding, source);
    }
    Ok(rest)
}

/// The member's share after what others cover: the share gives way first, then the deductible,
/// and last the price of choosing a brand.
pub(crate) fn share_after(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    price: Cents,
    others: Cents,
) -> Result<(), Overflow> {
    if others == Cents::ZERO {
        return Ok(());
    }
    let (method, source) = method(covered);
    let accounts =
        [Account::Copay, Account::Coinsurance, Account::Deductible, Account::ProductSelection];
    let share = Cents::sum(accounts.map(|account| case.balance(account)))?;
    let rest = price.minus(others)?;
    let (after, finding) = match method {
        CoordinationMethod::Standard => {
            (others.left_of(share), Shared::OffTheShare { method, amount: others })
        }
        CoordinationMethod::NonDuplication => {
            (share.min(rest), Shared::HeldToRest { method, rest })
        }
        CoordinationMethod::MaintenanceOfBenefits => return Ok(()),
    };
    let mut excess = share.minus(after)?;
    for account in accounts {
        let balance = case.balance(account);
        let cut = balance.min(excess);
        if cut > Cents::ZERO {
            let finding = Finding::Shared(finding.clone());
            case.post(Stage::Coordination, finding, source, account, balance.minus(cut)?);
            excess = excess.minus(cut)?;
        }
    }
    // What is not paid of the choice does not count.
    let selection = case.balance(Account::ProductSelection);
    let design = &mut case.design;
    design.selection_toward_deductible = design.selection_toward_deductible.min(selection);
    design.selection_toward_maximum = design.selection_toward_maximum.min(selection);
    Ok(())
}
