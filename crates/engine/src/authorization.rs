//! Does the drug need an authorization or another drug first, and is that met?

use openpbm_book::{
    Authorization, EmergencySupply, EquivalenceId, Placement, Sourced, StepTherapy,
};
use openpbm_core::{
    Date, DrugUse, Fill, Finding, Ndc, Quantity, RejectCode, Source, Stage, Waiver,
};

use crate::case::Case;
use crate::duplicate::{is_drug, is_same_drug};
use crate::dur::is_taken_with;
use crate::eligibility::Covered;
use crate::product::{self, Dispensed};
use crate::transition::{self, Lack};

/// What an authorization, a first drug or a lower dose would mend.
struct Lacking {
    code: RejectCode,
    message: String,
    source: Source,
}

/// Refuses what lacks an authorization, unless it is an emergency supply; true if it is one.
pub(crate) fn check(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    dispensed: &Dispensed<'_>,
    placement: Option<&Placement>,
) -> bool {
    let Some(placement) = placement else { return false };
    let authorization = placement.authorization.as_ref();
    let step = placement.step.as_ref();
    let dose = placement.mme_a_day.as_ref();
    let preferred = placement.preferred.as_ref().and_then(not_preferred);
    let authorization = authorization.and_then(|rule| prior_authorization(case, covered, rule));
    let step = step.and_then(|rule| step_therapy(case, covered, rule));
    let dose = dose.and_then(|rule| opioid_dose(case, covered, dispensed, rule));
    let lacking = [
        (Some(Lack::Preference), preferred),
        (Some(Lack::Authorization), authorization),
        (Some(Lack::Step), step),
        // For safety, so never passed by.
        (None, dose),
    ];
    if lacking.iter().all(|(_, lacking)| lacking.is_none()) {
        return false;
    }
    if let Some(ndc) = authorized(case, covered, dispensed) {
        let finding = Finding::AuthorizationWaived(Waiver::OnFile { ndc });
        case.note(Stage::Authorization, finding, None);
        return false;
    }
    let emergency = covered.plan.emergency_supply.as_ref();
    if emergency.is_some_and(|rule| emergency_supply(case, covered, dispensed, rule)) {
        return true;
    }
    for (lack, lacking) in lacking {
        let Some(Lacking { code, mut message, source }) = lacking else { continue };
        if let Some(rule) = emergency {
            let days = rule.days;
            message.push_str(&format!("; in an emergency (418-DI 3) {days} days need none"));
        }
        let stage = Stage::Authorization;
        match lack {
            Some(lack) => transition::refuse(case, stage, lack, (code, message), source),
            None => case.refuse(stage, code, message, source),
        };
    }
    false
}

/// The product of an authorization on file that is of the same drug.
pub(crate) fn authorized(
    case: &Case<'_>,
    covered: &Covered<'_>,
    dispensed: &Dispensed<'_>,
) -> Option<Ndc> {
    let mut authorized = covered.member.circumstances.authorized_on(case.date());
    authorized.find(|ndc| is_drug(case, *ndc, dispensed))
}

/// What a preferred drug list does not prefer needs an authorization.
fn not_preferred(rule: &Sourced<bool>) -> Option<Lacking> {
    let code = RejectCode::PriorAuthorizationRequired;
    let message = "not preferred on the plan's preferred drug list: prior authorization required";
    (!rule.value).then(|| Lacking { code, message: message.to_owned(), source: rule.source })
}

/// At least 72 hours' supply where the prescriber cannot be asked in time (42 USC
/// 1396r-8(d)(5)(B)): short, and once for the same drug in a while, whichever was filled first.
fn emergency_supply(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    dispensed: &Dispensed<'_>,
    rule: &EmergencySupply,
) -> bool {
    let details = &case.claim.details;
    let kind = details.authorization.as_ref().map(|authorization| authorization.kind);
    let is_claimed = details.setting.level_of_service == Some(EMERGENCY)
        || rule.authorization_type.is_some_and(|code| kind == Some(code));
    if !is_claimed || case.whole().days_supply > rule.days {
        return false;
    }
    let date = case.date();
    let is_another = |fill: &Fill| {
        let apart = date.days_since(fill.key.date_of_service).abs();
        fill.paid.emergency_supply
            && apart < i64::from(rule.within)
            && is_same_drug(case, fill, dispensed)
    };
    if case.other_fills(covered.person()).any(is_another) {
        return false;
    }
    let waiver = Waiver::Emergency { days: rule.days, within: rule.within };
    let finding = Finding::AuthorizationWaived(waiver);
    case.note(Stage::Authorization, finding, rule.source);
    true
}

/// 418-DI.
const EMERGENCY: u8 = 3;

/// A diagnosis of the rule, on the claim or on the member's file, meets it.
fn prior_authorization(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    rule: &Sourced<Authorization>,
) -> Option<Lacking> {
    let wanted = &rule.value.diagnoses;
    let known = case.claim.diagnoses.iter().chain(&covered.member.diagnoses);
    let meets = |code: &&String| wanted.iter().any(|start| code.starts_with(&**start));
    if let Some(code) = known.into_iter().find(meets) {
        let finding = Finding::DiagnosisMet { code: code.as_str().into() };
        case.note(Stage::Authorization, finding, rule.source);
        return None;
    }
    let message = if wanted.is_empty() {
        "prior authorization required; the prescriber must ask the plan for it".to_owned()
    } else {
        let codes = wanted.join(", ");
        format!("prior authorization required, or a diagnosis {codes} (ICD-10) in 424-DO")
    };
    let code = RejectCode::PriorAuthorizationRequired;
    Some(Lacking { code, message, source: rule.source })
}

/// Enough days of one of the rule's drugs must have been filled.
fn step_therapy(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    rule: &Sourced<StepTherapy>,
) -> Option<Lacking> {
    let step = &rule.value;
    let date = case.date();
    let tried = |fill: &&Fill| {
        let age = date.days_since(fill.key.date_of_service);
        (0..=i64::from(step.within)).contains(&age)
            && case.book.drugs().find(fill.counted().ndc).is_some_and(|id| step.drugs.contains(id))
    };
    let (mut days, mut last) = (0_u32, None);
    for fill in case.other_fills(covered.person()).filter(tried) {
        days = days.saturating_add(u32::from(fill.counted().days_supply));
        last = Some((fill.counted().ndc, fill.key.date_of_service));
    }
    match last {
        Some((ndc, date)) if days >= u32::from(step.days) => {
            case.note(Stage::Authorization, Finding::StepMet { ndc, date }, rule.source);
            None
        }
        _ => {
            let (name, wanted, within) = (&step.name, step.days, step.within);
            let message = format!(
                "{name} first: {wanted} days' supply within {within} days, found {days} days"
            );
            let code = RejectCode::StepTherapyRequired;
            Some(Lacking { code, message, source: rule.source })
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
) -> Option<Lacking> {
    let mme = dispensed.product.mme?;
    let drug = case.whole();
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
        Some(Lacking { code, message, source: rule.source })
    } else {
        let finding = Finding::WithinOpioidDose { mme: daily, limit };
        case.note(Stage::Authorization, finding, rule.source);
        None
    }
}

fn other_opioids(case: &Case<'_>, covered: &Covered<'_>, dispensed: &Dispensed<'_>) -> Vec<Opioid> {
    let fills = case.other_fills(covered.person()).filter(|fill| is_taken_with(fill, case));
    fills
        .filter_map(|fill| {
            let product = product::find(case, fill.counted().ndc)?.product;
            let is_other = product.equivalence != dispensed.product.equivalence;
            let mme = product.mme.filter(|_| is_other)?;
            let from = fill.key.date_of_service;
            Some(Opioid {
                drug: product.equivalence,
                daily: Dose::daily(fill.counted(), mme),
                from,
                until: from.plus_days(i64::from(fill.counted().days_supply)),
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
