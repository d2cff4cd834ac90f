//! Where is the product placed, and is it covered for this person and channel?

use openpbm_book::{Formulary, Placement, Preventive};
use openpbm_core::{Finding, RejectCode, Sex, Source, Stage};

use crate::case::Case;
use crate::dur::is_pregnant;
use crate::eligibility::Covered;
use crate::part_b;
use crate::pharmacy::Dispensing;
use crate::product::Dispensed;
use crate::transition::{self, Lack};

/// A product's place on the plan's formulary.
pub(crate) struct Placed<'a> {
    /// `None` for a product that the formulary does not list.
    pub(crate) placement: Option<&'a Placement>,
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
    if placement.is_some_and(|p| !part_b::check(case, covered, dispensed, p)) {
        return None;
    }
    let placed = placement.and_then(|p| Some((p, tier_for(case, covered, p)?)));
    let Some((placement, (tier, finding, source))) = placed else {
        let message = "the plan's formulary does not list this product".to_owned();
        let refusal = (RejectCode::NotOnFormulary, message);
        let (lack, source) = (Lack::Listing, covered.plan.source);
        if transition::refuse(case, Stage::Formulary, lack, refusal, source) {
            return None;
        }
        let (tier, source) = case.transition.map(|offer| offer.tier())?;
        case.note(Stage::Formulary, Finding::Placed { tier }, source);
        return Some(Placed { placement: None, tier });
    };
    check_person(case, covered, placement);
    check_channel(case, placement, dispensing);
    case.note(Stage::Formulary, finding, source);
    Some(Placed { placement: Some(placement), tier })
}

/// The tier of a placement for the person, which preventive care may set; how it came to it, and
/// by which line. `None` if the placement has no tier.
pub(crate) fn tier_for(
    case: &Case<'_>,
    covered: &Covered<'_>,
    placement: &Placement,
) -> Option<(u8, Finding, Source)> {
    let placed = placement.tier.as_ref()?;
    if let Some(rule) = &placement.preventive
        && let Some(who) = is_preventive_for(case, covered, &rule.value)
    {
        let Preventive { tier, from, to, .. } = rule.value;
        let who = (!who.is_empty()).then(|| who.into());
        return Some((tier, Finding::PlacedForAge { tier, from, to, who }, rule.source));
    }
    let tier = placed.value;
    Some((tier, Finding::Placed { tier }, placed.source))
}

/// `Some` if the drug is preventive care for the person; with what beside age made it so.
fn is_preventive_for(case: &Case<'_>, covered: &Covered<'_>, rule: &Preventive) -> Option<String> {
    let age = case.date().age_on(covered.member.birth);
    if !(i32::from(rule.from)..=i32::from(rule.to)).contains(&age) {
        return None;
    }
    let mut who = match rule.sex {
        Some(wanted) if covered.member.sex.or(case.claim.sex) != Some(wanted) => return None,
        Some(Sex::Female) => "females".to_owned(),
        Some(Sex::Male) => "males".to_owned(),
        None => String::new(),
    };
    if rule.pregnant {
        if !is_pregnant(case, covered) {
            return None;
        }
        who = "pregnant members".to_owned();
    }
    if !rule.diagnoses.is_empty() {
        let mut codes = case.claim.diagnoses.iter().chain(&covered.member.diagnoses);
        let code = codes.find(|code| rule.diagnoses.iter().any(|d| code.starts_with(&**d)))?;
        let people = if who.is_empty() { "members" } else { &who };
        who = format!("{people} with diagnosis {code}");
    }
    Some(who)
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
                Sex::Female => "female",
                Sex::Male => "male",
            };
            let message = format!("covered for {only} patients only");
            case.refuse(Stage::Formulary, RejectCode::SexNotCovered, message, rule.source);
        }
    }
}

fn check_channel(case: &mut Case<'_>, placement: &Placement, dispensing: Option<&Dispensing<'_>>) {
    let (Some(rule), Some(dispensing)) = (&placement.channel, dispensing) else { return };
    if dispensing.channel != rule.value {
        let message = format!("covered at a {} pharmacy of the plan only", rule.value);
        let code = RejectCode::PharmacyNotContracted;
        case.refuse(Stage::Formulary, code, message, rule.source);
    }
}
