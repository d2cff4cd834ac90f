//! Compounds: which ingredients are covered, and by which of them the claim goes.

use std::cmp::Reverse;

use openpbm_core::{Claim, DrugUse, RejectCode};

use crate::decide::{Covered, Refusals};
use crate::household::Fill;
use crate::money::listed;
use crate::placement::place;
use crate::rules::{CompoundRule, Drug, Formulary, Network, Rules};

/// The claim as if for the ingredient that decides, and all that are paid for, each with its
/// quantity in thousandths.
pub(crate) fn decide<'a>(
    rules: &'a Rules,
    (claim, dispensed): (&Claim, Option<&Fill>),
    covered: &Covered<'_>,
    (network, formulary): (&Network, &Formulary),
    refusals: &mut Refusals,
) -> Option<(Claim, Vec<(&'a Drug, u64)>)> {
    let day = claim.key.date_of_service;
    let ingredients = claim.details.compound.iter().flat_map(|compound| &compound.ingredients);
    let ingredients: Vec<_> = ingredients.collect();
    let parts: Vec<_> = ingredients
        .iter()
        .filter_map(|i| {
            let drug =
                rules.drug(i.ndc).filter(|d| d.discontinued.is_none_or(|last| day <= last))?;
            let placement = place(rules, formulary, drug);
            let tier = placement.tier.filter(|_| placement.exclude.is_none())?;
            let units = i.quantity.thousandths();
            // What was dispensed has had its price.
            let cost = match listed(rules, network, drug, units, day) {
                Some((_, cost)) => cost,
                None => dispensed.map(|_| 0)?,
            };
            Some((drug, i.quantity, tier, cost))
        })
        .collect();
    let rule = covered.plan.compounds;
    // Of equals the one that decided before, or else the first.
    let before = dispensed.map(|fill| fill.drug().ndc);
    let deciding = parts.iter().enumerate().max_by_key(|(place, (drug, _, tier, cost))| {
        let tier = if rule == Some(CompoundRule::HighestTier) { *tier } else { 0 };
        (tier, *cost, before == Some(drug.ndc), Reverse(*place))
    });
    let all = parts.len() == ingredients.len() || claim.details.clarifications.contains(&8);
    let Some((_, (drug, quantity, ..))) = deciding.filter(|_| all && rule.is_some()) else {
        refusals.add(RejectCode::ProductNotCovered);
        return None;
    };
    let drug = DrugUse { ndc: drug.ndc, quantity: *quantity, ..claim.drug };
    let mixture = parts.iter().map(|(drug, quantity, ..)| (*drug, quantity.thousandths()));
    Some((Claim { drug, ..claim.clone() }, mixture.collect()))
}
