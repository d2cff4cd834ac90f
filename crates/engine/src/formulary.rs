//! Where is the product placed, and is it covered for this person and channel?

use openpbm_book::{Formulary, Placement};
use openpbm_core::{Finding, RejectCode, Source, Stage};

use crate::case::Case;
use crate::eligibility::Covered;
use crate::pharmacy::Dispensing;
use crate::product::Dispensed;

/// A product's place on the plan's formulary.
pub(crate) struct Placed<'a> {
    pub(crate) placement: &'a Placement,
    /// The tier that applies to this person.
    pub(crate) tier: u8,
}

/// The formulary that applies to the claim.
pub(crate) fn of<'a>(case: &Case<'a>, covered: &Covered<'a>) -> Option<&'a Formulary> {
    case.book.formulary(covered.plan, case.date())
}

pub(crate) fn check<'a>(
    case: &mut Case<'a>,
    covered: &Covered<'a>,
    dispensed: &Dispensed<'a>,
    dispensing: Option<&Dispensing<'a>>,
) -> Option<Placed<'a>> {
    let placement = of(case, covered).and_then(|f| f.placement(dispensed.id));
    let excluded = placement.and_then(|p| p.excluded.as_ref());
    if let Some(excluded) = excluded {
        let message = format!("the plan excludes {}", excluded.value);
        let code = RejectCode::ProductNotCovered;
        case.refuse(Stage::Formulary, code, message, excluded.source);
        return None;
    }
    let Some((placement, tier)) = placement.and_then(|p| Some((p, p.tier.as_ref()?))) else {
        let message = "the plan's formulary does not list this product";
        case.refuse(Stage::Formulary, RejectCode::NotOnFormulary, message, covered.plan.source);
        return None;
    };
    check_person(case, covered, placement);
    check_channel(case, placement, dispensing);
    let placed = tier_for_age(case, covered, placement, tier.value, tier.source);
    Some(placed)
}

fn tier_for_age<'a>(
    case: &mut Case<'a>,
    covered: &Covered<'_>,
    placement: &'a Placement,
    tier: u8,
    source: Source,
) -> Placed<'a> {
    let age = case.date().age_on(covered.member.birth);
    if let Some(rule) = &placement.preventive {
        let (from, to) = (rule.value.from, rule.value.to);
        if (i32::from(from)..=i32::from(to)).contains(&age) {
            let tier = rule.value.tier;
            let finding = Finding::PlacedForAge { tier, from, to };
            case.note(Stage::Formulary, finding, rule.source);
            return Placed { placement, tier };
        }
    }
    case.note(Stage::Formulary, Finding::Placed { tier }, source);
    Placed { placement, tier }
}

fn check_person(case: &mut Case<'_>, covered: &Covered<'_>, placement: &Placement) {
    let age = case.date().age_on(covered.member.birth);
    if let Some(rule) = &placement.ages {
        let (from, to) = rule.value;
        if !(i32::from(from)..=i32::from(to)).contains(&age) {
            let message = format!("covered for ages {from} to {to} only");
            case.refuse(Stage::Formulary, RejectCode::AgeNotCovered, message, rule.source);
        }
    }
    if let Some(rule) = &placement.sex {
        let sex = covered.member.sex.or(case.claim.sex);
        if sex != Some(rule.value) {
            let only = match rule.value {
                openpbm_core::Sex::Female => "female",
                openpbm_core::Sex::Male => "male",
            };
            let message = format!("covered for {only} patients only");
            case.refuse(Stage::Formulary, RejectCode::SexNotCovered, message, rule.source);
        }
    }
}

fn check_channel(case: &mut Case<'_>, placement: &Placement, dispensing: Option<&Dispensing<'_>>) {
    let (Some(rule), Some(dispensing)) = (&placement.channel, dispensing) else { return };
    if dispensing.pharmacy.channel != rule.value {
        let message = format!("covered at a {} pharmacy of the plan only", rule.value);
        let code = RejectCode::PharmacyNotContracted;
        case.refuse(Stage::Formulary, code, message, rule.source);
    }
}
