//! Who pays what the member does not: manufacturer, CMS, plan, employer.

use openpbm_book::PartD as Parameters;
use openpbm_core::{Account, Cents, Finding, Overflow, PartDFinding, Percent, Source, Stage};

use super::super::Terms;
use super::phases::Phases;
use super::subsidy;
use super::terms::DrugTerms;
use crate::case::Case;
use crate::pricing;

/// Posts the payers' parts; what is left of the price is the plan's basic benefit.
pub(super) fn post(
    case: &mut Case<'_>,
    terms: &Terms<'_, '_>,
    parameters: &Parameters,
    drug: &DrugTerms,
    phases: &Phases,
) -> Result<(), Overflow> {
    let (id, kind) = (terms.dispensed.id, terms.dispensed.product.kind);
    let is_selected = pricing::maximum_fair_price(case, terms.dispensed)?.is_some();
    let subsidized = subsidy::level(case, terms).is_some();
    // A compound is no applicable drug: its maker is none of those that have an agreement.
    let is_applicable = !is_selected && case.mixture.is_empty();
    // Insulin and vaccines pass the deductible by, but maker and CMS pay of the initial phase only
    // for a beneficiary who has met it (sections 1860D-14C(g)(1) and 1860D-14D of the Social
    // Security Act).
    let is_due = drug.has_deductible() || phases.deductible_is_met;
    let if_due = |rate: Percent| if is_due { rate } else { Percent::NONE };
    let discount = parameters.discount(id, kind, subsidized).filter(|_| is_applicable);
    if let Some(row) = discount {
        let rates = (if_due(row.initial), row.catastrophic);
        by_rate(case, Account::ManufacturerDiscount, phases, rates, row.source)?;
    }
    if let Some(selected) = parameters.selected.filter(|_| is_selected) {
        let rates = (if_due(selected.subsidy), Percent::NONE);
        by_rate(case, Account::SelectedDrugSubsidy, phases, rates, selected.source)?;
    }
    let reinsurance = parameters.reinsurance.value;
    let rate = if discount.is_some() { reinsurance.applicable } else { reinsurance.other };
    let (rates, source) = ((Percent::NONE, rate), parameters.reinsurance.source);
    by_rate(case, Account::Reinsurance, phases, rates, source)?;
    let others =
        [Account::ManufacturerDiscount, Account::SelectedDrugSubsidy, Account::Reinsurance];
    let others = Cents::sum(others.map(|account| case.balance(account)))?;
    let basic = terms.price.price.minus(phases.standard_share)?.minus(others)?;
    rest(case, Account::BasicBenefit, basic, parameters.coinsurance.source);
    Ok(())
}

/// Parts of the initial and the catastrophic phase, each rounded half up to the cent.
fn by_rate(
    case: &mut Case<'_>,
    payer: Account,
    phases: &Phases,
    (initial, catastrophic): (Percent, Percent),
    source: Source,
) -> Result<(), Overflow> {
    let of_initial = phases.initial.percent(initial)?;
    let amount = of_initial.plus(phases.catastrophic.percent(catastrophic)?)?;
    if amount != Cents::ZERO {
        let finding = Finding::PartD(PartDFinding::PaidByRate { payer, initial, catastrophic });
        case.post(Stage::Benefit, finding, source, payer, amount);
    }
    Ok(())
}

/// What nobody else pays.
pub(super) fn rest(case: &mut Case<'_>, payer: Account, amount: Cents, source: Source) {
    if amount != Cents::ZERO {
        case.post(
            Stage::Benefit,
            Finding::PartD(PartDFinding::PaidRest { payer }),
            source,
            payer,
            amount,
        );
    }
}
