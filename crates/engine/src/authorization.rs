//! Does the drug need an authorization or another drug first, and is that met?

use openpbm_book::{Authorization, EquivalenceId, Placement, Sourced, StepTherapy};
use openpbm_core::{Date, DrugUse, Fill, Finding, Quantity, RejectCode, Stage};

use crate::case::Case;
use crate::dur::is_taken_with;
use crate::eligibility::Covered;
use crate::product::{self, Dispensed};

pub(crate) fn check(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    dispensed: &Dispensed<'_>,
    placement: Option<&Placement>,
) {
    let Some(placement) = placement else { return };
    if let Some(rule) = &placement.authorization {
        prior_authorization(case, covered, rule);
    }
    if let Some(rule) = &placement.step {
        step_therapy(case, covered, rule);
    }
    if let Some(rule) = &placement.mme_a_day {
        opioid_dose(case, covered, dispensed, rule);
    }
}

/// A diagnosis of the rule, on the claim or on the member's file, meets it.
fn prior_authorization(case: &mut Case<'_>, covered: &Covered<'_>, rule: &Sourced<Authorization>) {
    let wanted = &rule.value.diagnoses;
    let known = case.claim.diagnoses.iter().chain(&covered.member.diagnoses);
    let meets = |code: &&String| wanted.iter().any(|start| code.starts_with(&**start));
    if let Some(code) = known.into_iter().find(meets) {
        let finding = Finding::DiagnosisMet { code: code.as_str().into() };
        case.note(Stage::Authorization, finding, rule.source);
        return;
    }
    let message = if wanted.is_empty() {
        "prior authorization required; the prescriber must ask the plan for it".to_owned()
    } else {
        let codes = wanted.join(", ");
        format!("prior authorization required, or a diagnosis {codes} (ICD-10) in 424-DO")
    };
    let code = RejectCode::PriorAuthorizationRequired;
    case.refuse(Stage::Authorization, code, message, rule.source);
}

/// Enough days of one of the rule's drugs must have been filled.
fn step_therapy(case: &mut Case<'_>, covered: &Covered<'_>, rule: &Sourced<StepTherapy>) {
    let step = &rule.value;
    let date = case.date();
    let tried = |fill: &&Fill| {
        let age = date.days_since(fill.key.date_of_service);
        (0..=i64::from(step.within)).contains(&age)
            && case.book.drugs().find(fill.drug.ndc).is_some_and(|id| step.drugs.contains(id))
    };
    let (mut days, mut last) = (0_u32, None);
    for fill in case.other_fills(covered.person()).filter(tried) {
        days = days.saturating_add(u32::from(fill.drug.days_supply));
        last = Some((fill.drug.ndc, fill.key.date_of_service));
    }
    match last {
        Some((ndc, date)) if days >= u32::from(step.days) => {
            case.note(Stage::Authorization, Finding::StepMet { ndc, date }, rule.source);
        }
        _ => {
            let (name, wanted, within) = (&step.name, step.days, step.within);
            let message = format!(
                "{name} first: {wanted} days' supply within {within} days, found {days} days"
            );
            let code = RejectCode::StepTherapyRequired;
            case.refuse(Stage::Authorization, code, message, rule.source);
        }
    }
}

/// An opioid that the member has or will have at hand beside this one.
struct Opioid {
    drug: EquivalenceId,
    daily: Dose,
    from: Date,
    until: Date,
}

impl Opioid {
    fn holds(&self, day: Date) -> bool {
        self.from <= day && day < self.until
    }
}

/// The highest daily dose over all opioids on hand, on any day of this supply. A refill follows
/// the fill before it, so of each drug only the latest fill on hand counts, and of this drug only
/// the claim.
fn opioid_dose(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    dispensed: &Dispensed<'_>,
    rule: &Sourced<Quantity>,
) {
    let Some(mme) = dispensed.product.mme else { return };
    let drug = case.claim.drug;
    let here = Dose::daily(drug, mme);
    let (first, end) = (case.date(), case.date().plus_days(i64::from(drug.days_supply)));
    let others = other_opioids(case, covered, dispensed);
    let on = |day: Date| {
        let at_hand = others.iter().filter(|other| other.holds(day));
        let latest = at_hand.filter(|other| {
            let newer = |fill: &Opioid| fill.drug == other.drug && fill.from > other.from;
            !others.iter().any(|fill| newer(fill) && fill.holds(day))
        });
        latest.fold(here, |sum, other| sum.plus(other.daily))
    };
    // The dose rises only on days when a fill begins.
    let begins = others.iter().map(|other| other.from).filter(|day| first < *day && *day < end);
    let daily = begins.chain([first]).map(on).max().unwrap_or(here).in_thousandths();
    let limit = rule.value;
    if daily >= limit {
        let message = format!(
            "{daily} MME a day with all opioids on hand: from {limit} MME a day a prior \
             authorization is required"
        );
        let code = RejectCode::PriorAuthorizationRequired;
        case.refuse(Stage::Authorization, code, message, rule.source);
    } else {
        let finding = Finding::WithinOpioidDose { mme: daily, limit };
        case.note(Stage::Authorization, finding, rule.source);
    }
}

fn other_opioids(case: &Case<'_>, covered: &Covered<'_>, dispensed: &Dispensed<'_>) -> Vec<Opioid> {
    let fills = case.other_fills(covered.person()).filter(|fill| is_taken_with(fill, case.claim));
    fills
        .filter_map(|fill| {
            let product = product::find(case, fill.drug.ndc)?.product;
            let is_other = product.equivalence != dispensed.product.equivalence;
            let mme = product.mme.filter(|_| is_other)?;
            let from = fill.key.date_of_service;
            Some(Opioid {
                drug: product.equivalence,
                daily: Dose::daily(fill.drug, mme),
                from,
                until: from.plus_days(i64::from(fill.drug.days_supply)),
            })
        })
        .collect()
}

/// Morphine equivalents a day in 10^-15 MME: fine enough that a sum of thirds that makes the
/// limit is not held to be below it, nor one that falls short by the least to be above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Dose(u128);

impl Dose {
    /// From thousandths of a unit x thousandths of an MME to the scale.
    const SCALE: u128 = 1_000_000_000;
    const THOUSANDTH: u128 = 1_000_000_000_000;

    /// Units a day x MME a unit, rounded up.
    fn daily(drug: DrugUse, mme: Quantity) -> Self {
        let exact = u128::from(drug.quantity.thousandths()) * u128::from(mme.thousandths());
        Self((exact * Self::SCALE).div_ceil(u128::from(drug.days_supply.max(1))))
    }

    fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Rounded down, so that what is below a limit of thousandths stays below it.
    fn in_thousandths(self) -> Quantity {
        let thousandths = u64::try_from(self.0 / Self::THOUSANDTH).ok();
        thousandths.and_then(Quantity::from_thousandths).unwrap_or(Quantity::MOST)
    }
}
