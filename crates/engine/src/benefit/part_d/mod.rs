//! The benefit of Medicare Part D: what the member pays by the plan, where the price lies in the
//! phases of the standard benefit, and who pays the rest.
//!
//! A price passes the standard deductible, the initial coverage phase and, once the member's
//! true out-of-pocket cost has reached the threshold, the catastrophic phase; one claim may lie
//! in all three. What counts toward the threshold is the standard share or the plan's, whichever
//! is more: since 2025 a supplemental benefit counts as if the member had paid it (section
//! 1860D-2(b)(4)(C)(iii) of the Social Security Act), and so does the low-income subsidy.

mod payers;
mod phases;
mod subsidy;
mod terms;

use openpbm_book::{PartD as Parameters, Supplement};
use openpbm_core::{Account, Cents, Counted, Finding, Overflow, Paid, PartD, PartDFinding, Stage};

use super::limits::{self, Balances};
use super::selection::Choice;
use super::{Terms, outcome, share};
use crate::case::Case;
use phases::Phases;
use terms::DrugTerms;

/// The member's share of a Part D claim, and how its price divides.
pub(super) fn decide(
    case: &mut Case<'_>,
    terms: &Terms<'_, '_>,
    parameters: &Parameters,
    balances: &Balances,
) -> Result<Option<Paid>, Overflow> {
    let drug = DrugTerms::of(case, terms, parameters)?;
    let left = balances.person.out_of_pocket.left_of(parameters.threshold.value);
    if left > Cents::ZERO {
        if share_of_plan(case, terms, &drug, balances)?.is_none() {
            return Ok(None);
        }
        drug.hold(case)?;
    }
    let is_wrapped = parameters.supplement == Supplement::Employer;
    // A wrap asks for nothing beyond what Part D leaves, so it does not make more count.
    let plan_share = if is_wrapped { Cents::ZERO } else { member_share(case)? };
    let phases = Phases::of(terms, parameters, &drug, balances, plan_share)?;
    hold_to_threshold(case, parameters, left)?;
    if is_wrapped {
        let share = phases.standard_share;
        let finding = Finding::PartD(PartDFinding::HeldToStandard { share });
        limits::hold(case, share, &finding, parameters.coinsurance.source, Choice::NONE)?;
    }
    let finding = Finding::PartD(PartDFinding::Phases {
        deductible: phases.deductible,
        initial: phases.initial,
        catastrophic: phases.catastrophic,
    });
    case.note(Stage::Benefit, finding, parameters.threshold.source);
    let share_held = member_share(case)?;
    let toward_deductible = toward_deductible(case, terms, &drug, balances, share_held);
    let subsidized = if is_wrapped {
        subsidy::apply_before_wrap(case, terms, parameters, phases.standard_share)?
    } else {
        subsidy::apply(case, terms, parameters, share_held)?
    };
    payers::post(case, terms, parameters, &drug, &phases)?;
    let supplement = if is_wrapped { Account::EmployerWrap } else { Account::Supplemental };
    let pays = phases.standard_share.minus(subsidized)?.minus(member_share(case)?)?;
    payers::rest(case, supplement, pays, parameters.coinsurance.source);
    let part_d = PartD {
        deductible_phase: phases.deductible,
        initial_phase: phases.initial,
        catastrophic_phase: phases.catastrophic,
        low_income_subsidy: subsidized,
        manufacturer_discount: case.balance(Account::ManufacturerDiscount),
        selected_drug_subsidy: case.balance(Account::SelectedDrugSubsidy),
        reinsurance: case.balance(Account::Reinsurance),
        supplemental: case.balance(Account::Supplemental),
        employer: case.balance(Account::EmployerWrap),
        basic: case.balance(Account::BasicBenefit),
        toward_deductible,
        toward_threshold: phases.counted,
        gross_so_far: limits::part_d_year(balances).gross.plus(terms.price.price)?,
        transition: case.passed.is_some(),
        passed: case.passed,
    };
    let counted = |paid: &Paid| Counted::of(paid, Some(&part_d));
    let paid = outcome::of(case, terms, balances, counted)?;
    case.part_d = Some(Box::new(part_d));
    Ok(Some(paid))
}

/// Deductible and share as the plan's own tables have them, before anything is held; `None` if no
/// row fits.
fn share_of_plan(
    case: &mut Case<'_>,
    terms: &Terms<'_, '_>,
    drug: &DrugTerms,
    balances: &Balances,
) -> Result<Option<()>, Overflow> {
    match drug {
        DrugTerms::Vaccine { source } => {
            case.note(Stage::Benefit, Finding::PartD(PartDFinding::VaccineShare), *source);
            return Ok(Some(()));
        }
        DrugTerms::Insulin { .. } => {}
        DrugTerms::Usual => limits::deductible(case, terms, balances, Choice::NONE)?,
    }
    let Some(row) = share::row(case, terms) else { return Ok(None) };
    share::tier_share(case, terms, row, Choice::NONE)?;
    Ok(Some(()))
}

/// What counts toward the plan's own deductible: what is paid in it, and the share of a drug that
/// passes it by.
fn toward_deductible(
    case: &Case<'_>,
    terms: &Terms<'_, '_>,
    drug: &DrugTerms,
    balances: &Balances,
    share: Cents,
) -> Cents {
    match &terms.covered.plan.deductible {
        Some(limit) if !drug.has_deductible() => {
            share.min(balances.person.deductible.left_of(limit.person))
        }
        _ => case.balance(Account::Deductible),
    }
}

/// What the member's accounts come to so far.
fn member_share(case: &Case<'_>) -> Result<Cents, Overflow> {
    Cents::sum(limits::SHARE.map(|account| case.balance(account)))
}

/// Nobody pays beyond the threshold.
fn hold_to_threshold(
    case: &mut Case<'_>,
    parameters: &Parameters,
    left: Cents,
) -> Result<(), Overflow> {
    let finding = Finding::PartD(PartDFinding::HeldToThreshold { left });
    if left == Cents::ZERO {
        case.note(Stage::Benefit, finding, parameters.threshold.source);
        return Ok(());
    }
    limits::hold(case, left, &finding, parameters.threshold.source, Choice::NONE)
}
