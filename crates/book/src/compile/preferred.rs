//! Which drugs of a class a pharmacist can be pointed to when another one is refused.

use openpbm_core::{Cents, Ndc, UnitPrice};
use rustc_hash::FxHashMap;

use super::selectors::Costs;
use crate::{DrugId, Drugs, EquivalenceId, Formulary, Word};

/// How good an alternative is: lower is better.
type Rank = (u8, Cents, UnitPrice, Ndc);

/// For each class, one drug of each equivalence that is covered without authorization, step or
/// restriction to a channel, best first: lowest tier, then lowest cost for 30 days, then lowest
/// unit price. A drug without a price or no longer sold is no alternative.
pub(super) fn preferred(
    formulary: &Formulary,
    drugs: &Drugs,
    costs: &Costs<'_>,
) -> FxHashMap<Word, Vec<DrugId>> {
    let mut best: FxHashMap<(Word, EquivalenceId), (Rank, DrugId)> = FxHashMap::default();
    for id in drugs.ids() {
        if let Some((class, equivalence, rank)) = candidate(formulary, drugs, costs, id) {
            let entry = best.entry((class, equivalence)).or_insert((rank, id));
            *entry = (*entry).min((rank, id));
        }
    }
    let mut by_class: FxHashMap<Word, Vec<(Rank, DrugId)>> = FxHashMap::default();
    for ((class, _), ranked) in best {
        by_class.entry(class).or_default().push(ranked);
    }
    let ordered = by_class.into_iter().map(|(class, mut ranked)| {
        ranked.sort_unstable();
        (class, ranked.into_iter().map(|(_, id)| id).collect())
    });
    ordered.collect()
}

fn candidate(
    formulary: &Formulary,
    drugs: &Drugs,
    costs: &Costs<'_>,
    id: DrugId,
) -> Option<(Word, EquivalenceId, Rank)> {
    let placement = formulary.placement(id)?;
    let restricted = placement.excluded.is_some()
        || placement.authorization.is_some()
        || placement.step.is_some()
        || placement.channel.is_some()
        || placement.preferred.as_ref().is_some_and(|preferred| !preferred.value);
    let tier = placement.tier.as_ref().filter(|_| !restricted)?.value;
    let (drug, product) = (drugs.drug(id)?, drugs.product(id)?);
    if drug.discontinued.is_some_and(|last| last < costs.on) {
        return None;
    }
    let unit = costs.list.price(drug.ndc, costs.on)?.unit;
    // Drugs whose usual quantity is not known stand behind those that can be compared.
    let cost = costs.of_30_days(drugs, id).unwrap_or(Cents::new(i64::MAX));
    Some((product.class?, product.equivalence, (tier, cost, unit, drug.ndc)))
}
