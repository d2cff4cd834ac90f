//! The low-income subsidy: CMS pays the plan's share but for a small copay (42 CFR 423.782).

use openpbm_book::{LowIncome, PartD as Parameters};
use openpbm_core::{Account, Cents, Finding, Overflow, PartDFinding, Stage};

use super::super::Terms;
use super::super::limits::{self, SHARE};
use super::super::selection::Choice;
use crate::case::Case;

/// The copay category of the member on the day.
pub(super) fn level(case: &Case<'_>, terms: &Terms<'_, '_>) -> Option<u8> {
    terms.covered.member.circumstances.low_income_on(case.date())
}

/// Where an employer's wrap comes after Part D, CMS pays what is above the copay of the standard
/// share, and the wrap asks for no more than the copay.
pub(super) fn apply_before_wrap(
    case: &mut Case<'_>,
    terms: &Terms<'_, '_>,
    parameters: &Parameters,
    standard: Cents,
) -> Result<Cents, Overflow> {
    let Some((row, copay)) = copay(case, terms, parameters)? else { return Ok(Cents::ZERO) };
    let subsidy = copay.left_of(standard);
    let finding = Finding::PartD(PartDFinding::LowIncomeCopay { level: row.level, copay });
    limits::hold(case, copay, &finding, row.source, Choice::NONE)?;
    if subsidy != Cents::ZERO {
        case.post(Stage::Benefit, finding, row.source, Account::LowIncomeSubsidy, subsidy);
    }
    Ok(subsidy)
}

/// The row of the member's level, and its copay for the product; `None` without a subsidy.
fn copay<'p>(
    case: &Case<'_>,
    terms: &Terms<'_, '_>,
    parameters: &'p Parameters,
) -> Result<Option<(&'p LowIncome, Cents)>, Overflow> {
    let row = level(case, terms).and_then(|level| parameters.copays_of(level));
    let Some(row) = row else { return Ok(None) };
    let (id, kind) = (terms.dispensed.id, terms.dispensed.product.kind);
    let copay = if parameters.has_lower_copay(id, kind) { row.generic } else { row.brand };
    Ok(Some((row, case.borne(copay, |rule| rule.copay)?)))
}

/// Puts the copay in the place of the plan's share, and returns what CMS pays of that.
pub(super) fn apply(
    case: &mut Case<'_>,
    terms: &Terms<'_, '_>,
    parameters: &Parameters,
    share: Cents,
) -> Result<Cents, Overflow> {
    let Some((row, copay)) = copay(case, terms, parameters)? else { return Ok(Cents::ZERO) };
    let pays = copay.min(share);
    let subsidy = share.minus(pays)?;
    let finding = Finding::PartD(PartDFinding::LowIncomeCopay { level: row.level, copay });
    if subsidy == Cents::ZERO {
        case.note(Stage::Benefit, finding, row.source);
        return Ok(subsidy);
    }
    for account in SHARE {
        let after = if account == Account::Copay { pays } else { Cents::ZERO };
        if case.balance(account) != after {
            case.post(Stage::Benefit, finding.clone(), row.source, account, after);
        }
    }
    let rest = Finding::PartD(PartDFinding::PaidRest { payer: Account::LowIncomeSubsidy });
    case.post(Stage::Benefit, rest, row.source, Account::LowIncomeSubsidy, subsidy);
    Ok(subsidy)
}
