//! What is covered instead of a refused product, and what the member would pay for it here.

use openpbm_core::{
    Alternative, Cents, Charges, Claim, Details, DrugUse, Finding, Outcome, Overflow, RejectCode,
    Step,
};

use crate::case::Case;
use crate::{decide, product};

/// Refusals that another product can mend.
const MENDABLE: [RejectCode; 4] = [
    RejectCode::NotOnFormulary,
    RejectCode::ProductNotCovered,
    RejectCode::PriorAuthorizationRequired,
    RejectCode::StepTherapyRequired,
];

/// So many products that may stand in for another are priced.
pub(crate) const TRIED: usize = 12;
/// So many of them, the cheapest, are named with a refusal.
const NAMED: usize = 3;

/// Finds covered products of the same class by deciding the same claim for each of them, and
/// adds them to the words of the refusal.
pub(crate) fn find(case: &mut Case<'_>) {
    if !case.steps.iter().any(is_mendable) {
        return;
    }
    let mut found = candidates(case);
    found.sort_by(|a, b| (a.patient_pay, &a.name).cmp(&(b.patient_pay, &b.name)));
    found.truncate(NAMED);
    if found.is_empty() {
        return;
    }
    let named: Vec<_> =
        found.iter().map(|a| format!("{} (patient pays ${})", a.name, a.patient_pay)).collect();
    let words = format!("; covered instead: {}", named.join(", "));
    if let Some(Step { finding: Finding::Refused { message, .. }, .. }) =
        case.steps.iter_mut().find(|step| is_mendable(step))
    {
        *message = format!("{message}{words}").into();
    }
    case.alternatives = found;
}

/// True for a refusal that another product can mend.
fn is_mendable(step: &Step) -> bool {
    matches!(&step.finding, Finding::Refused { code, .. } if MENDABLE.contains(code))
}

fn candidates(case: &Case<'_>) -> Vec<Alternative> {
    let refused = product::find(case, case.drug.ndc);
    let class = refused.and_then(|refused| refused.product.class);
    let formulary = case.plan.and_then(|plan| case.book.formulary(plan, case.date()));
    let (Some(refused), Some(class), Some(formulary)) = (refused, class, formulary) else {
        return Vec::new();
    };
    // Whom a dose limit stops is not to be sent to another drug of the same kind.
    if formulary.placement(refused.id).is_some_and(|placement| placement.mme_a_day.is_some()) {
        return Vec::new();
    }
    let drugs = case.book.drugs();
    let others = formulary.preferred(class).iter().take(TRIED);
    others
        .filter_map(|&id| drugs.drug(id))
        .filter(|drug| drug.ndc != case.drug.ndc)
        .filter_map(|drug| product::find(case, drug.ndc))
        .filter_map(|other| quote(case, &other).ok().flatten())
        .collect()
}

/// What the member would pay for a usual supply of another product over the same days; `None`
/// if it would not be paid, or its usual quantity is not known.
fn quote(case: &Case<'_>, other: &product::Dispensed<'_>) -> Result<Option<Alternative>, Overflow> {
    let Some(usual) = other.product.usual_30 else { return Ok(None) };
    let days_supply = case.drug.days_supply;
    let drug =
        DrugUse { ndc: other.drug.ndc, quantity: usual.at_rate(days_supply, 30), days_supply };
    // What the pharmacy would charge others for it is not known; the contract price holds.
    let claim = Claim {
        drug,
        daw: 0,
        compound: false,
        // What other payers would cover of it is not known either: none is said to have seen it.
        other_coverage: None,
        usual_and_customary: None,
        gross_amount_due: Cents::new(i64::MAX),
        details: Details {
            charges: Charges::default(),
            other_payers: Vec::new(),
            coupon: None,
            partial: None,
            compound: None,
            ..case.claim.details.clone()
        },
        ..case.claim.clone()
    };
    let mut quoted = Case::new(case.book, case.family, &claim);
    let paid = decide(&mut quoted)?;
    let adjudication = crate::response::answer(quoted, paid);
    let Outcome::Paid(paid) = adjudication.outcome else { return Ok(None) };
    let (ndc, name) = (other.drug.ndc, other.product.name.clone());
    Ok(Some(Alternative { ndc, name, patient_pay: paid.patient_pay()? }))
}
