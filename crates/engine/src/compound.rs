//! What is a compound made of, which ingredients are covered, and which of them decides?
//!
//! A compound is paid for by its ingredients. Tier, limits and conditions are those of one of
//! them, as the plan says: the one that costs most, or the one in the highest tier.

use openpbm_book::{Basis, CompoundRule, Price};
use openpbm_core::{
    Cents, DrugUse, Finding, Ingredient, Ndc, Overflow, Quantity, RejectCode, Stage,
};

use crate::case::Case;
use crate::eligibility::Covered;
use crate::pharmacy::Dispensing;
use crate::product::{self, Dispensed};
use crate::{formulary, pricing};

/// 420-DK of a pharmacy that takes payment for the covered ingredients alone.
const PROCESS_FOR_APPROVED: u16 = 8;

/// An ingredient that is paid for.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) dispensed: Dispensed<'a>,
    pub(crate) quantity: Quantity,
    /// Its price; `None` if it was dispensed, and the contract has none now.
    pub(crate) listed: Option<(&'a Basis, &'a Price)>,
    tier: u8,
    cost: Cents,
}

/// Looks the ingredients up; the one that decides, by which the claim then goes on.
pub(crate) fn check<'a>(
    case: &mut Case<'a>,
    covered: Option<&Covered<'a>>,
    dispensing: Option<&Dispensing<'a>>,
) -> Result<Option<Dispensed<'a>>, Overflow> {
    let (Some(covered), Some(dispensing)) = (covered, dispensing) else { return Ok(None) };
    let Some(rule) = &covered.plan.compounds else {
        let message = "the plan does not cover compounds; bill the product that was dispensed";
        let code = RejectCode::ProductNotCovered;
        case.refuse(Stage::Product, code, message, covered.plan.source);
        return Ok(None);
    };
    let claim = case.claim;
    let ingredients: &[Ingredient] =
        claim.details.compound.as_ref().map_or(&[], |compound| &compound.ingredients);
    let (mut parts, mut others) = (Vec::new(), Vec::new());
    for ingredient in ingredients {
        match part(case, covered, dispensing, ingredient)? {
            Some(part) => parts.push(part),
            None => others.push(ingredient.ndc),
        }
    }
    let deciding = parts.iter().copied().reduce(|first, next| {
        let rank = |part: &Part<'_>| {
            let tier = match rule.value {
                CompoundRule::MostExpensive => 0,
                CompoundRule::HighestTier => part.tier,
            };
            // Of equals, the one that decided before.
            let before = case.dispensed.map(|fill| fill.counted().ndc);
            (tier, part.cost, before == Some(part.dispensed.drug.ndc))
        };
        if rank(&next) > rank(&first) { next } else { first }
    });
    let approved = claim.details.clarifies(PROCESS_FOR_APPROVED);
    let Some(deciding) = deciding.filter(|_| approved || others.is_empty()) else {
        case.refuse(
            Stage::Product,
            RejectCode::ProductNotCovered,
            not_covered(&others, !parts.is_empty()),
            rule.source,
        );
        return Ok(None);
    };
    for part in &parts {
        let (ndc, name) = (part.dispensed.drug.ndc, part.dispensed.product.name.clone());
        let finding = Finding::IngredientCovered { ndc, name, tier: part.tier };
        case.note(Stage::Product, finding, part.dispensed.drug.source);
    }
    for ndc in others {
        case.note(Stage::Product, Finding::IngredientSkipped { ndc }, None);
    }
    let (ndc, quantity) = (deciding.dispensed.drug.ndc, deciding.quantity);
    case.note(Stage::Product, Finding::IngredientDecides { ndc }, rule.source);
    case.drug = DrugUse { ndc, quantity, ..claim.drug };
    case.mixture = parts;
    Ok(Some(deciding.dispensed))
}

/// The ingredient, if it is sold, in a tier and priced. What was dispensed has been priced.
fn part<'a>(
    case: &Case<'a>,
    covered: &Covered<'a>,
    dispensing: &Dispensing<'a>,
    ingredient: &Ingredient,
) -> Result<Option<Part<'a>>, Overflow> {
    let found = || {
        let dispensed = product::find(case, ingredient.ndc)?;
        let is_sold = dispensed.drug.discontinued.is_none_or(|last| case.date() <= last);
        let placement = formulary::of(case, covered)?.placement(dispensed.id)?;
        let tier = placement.tier.as_ref().filter(|_| is_sold && placement.excluded.is_none())?;
        let kind = dispensed.product.kind;
        let listed = pricing::listed(case, dispensing.network, kind, ingredient.ndc);
        let is_priced = listed.is_some() || case.dispensed.is_some();
        is_priced.then_some((dispensed, tier.value, listed))
    };
    let Some((dispensed, tier, listed)) = found() else { return Ok(None) };
    let quantity = ingredient.quantity;
    let cost = listed.map(|(basis, price)| price.unit.extend(basis.rate, quantity)).transpose()?;
    let cost = cost.unwrap_or_default();
    Ok(Some(Part { dispensed, quantity, listed, tier, cost }))
}

fn not_covered(others: &[Ndc], some_are: bool) -> String {
    if others.is_empty() {
        return "a compound needs its ingredients; send the compound segment (10)".to_owned();
    }
    let names: Vec<_> = others.iter().map(|ndc| ndc.hyphenated().to_string()).collect();
    let go_on = if some_are { "; send 420-DK 8 to be paid for the others" } else { "" };
    format!("these ingredients are not covered: {}{go_on}", names.join(", "))
}
