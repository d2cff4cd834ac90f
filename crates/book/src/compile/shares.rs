//! Checks a plan's share table against the tiers that its formulary uses: a tier without a share
//! is a claim that cannot be priced, and a row that never applies was meant to.

use std::collections::BTreeMap;

use openpbm_core::{Channel, ProductKind, Source};
use rustc_hash::FxHashSet;

use super::drugs::DrugTables;
use super::series::Series;
use crate::documents::{Place, Report};
use crate::{Drugs, Formulary, Limit, Plan};

const KINDS: [ProductKind; 2] = [ProductKind::Brand, ProductKind::Generic];

/// Notes gaps and rows that never apply, for each version of each plan.
pub(super) fn check(
    report: &Report,
    plans: &Series<Plan>,
    formularies: &Series<Formulary>,
    drugs: &DrugTables,
) {
    if !drugs.clean || formularies.incomplete() {
        return;
    }
    let uses: Vec<Uses> =
        formularies.rows.iter().map(|row| Uses::of(&row.thing, &drugs.drugs)).collect();
    for plan in &plans.rows {
        let of_plan = formularies
            .rows
            .iter()
            .zip(&uses)
            .filter(|(row, _)| row.id == plan.thing.formulary && row.span.overlaps(&plan.span))
            .map(|(_, uses)| uses);
        let uses = Uses::all(of_plan);
        note_gaps(report, plan.place, &plan.thing, &uses);
        note_idle_rows(report, &plan.thing, &uses);
        note_idle_tiers(report, plan.thing.deductible.as_ref(), &uses);
        note_idle_tiers(report, plan.thing.out_of_pocket.as_ref(), &uses);
    }
}

/// What a formulary asks of a share table: tiers by brand or generic, each with the channels it
/// is restricted to (`None` for any) and the line that first says so.
#[derive(Default)]
struct Uses(BTreeMap<(u8, ProductKind, Option<Channel>), Source>);

impl Uses {
    fn of(formulary: &Formulary, drugs: &Drugs) -> Self {
        let pairs: FxHashSet<(u32, ProductKind)> = drugs
            .ids()
            .filter_map(|id| {
                let place = formulary.by_drug.get(id.index())?;
                Some((*place, drugs.product(id)?.kind))
            })
            .collect();
        let mut uses = Self::default();
        for (place, kind) in pairs {
            let index = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
            let placement = index.and_then(|index| formulary.distinct.get(index));
            let Some(placement) = placement.filter(|p| p.excluded.is_none()) else { continue };
            let channel = placement.channel.as_ref().map(|channel| channel.value);
            if let Some(tier) = &placement.tier {
                uses.add(tier.value, kind, channel, tier.source);
            }
            if let Some(preventive) = &placement.preventive {
                uses.add(preventive.value.tier, kind, channel, preventive.source);
            }
        }
        uses
    }

    fn all<'u>(each: impl Iterator<Item = &'u Self>) -> Self {
        let mut all = Self::default();
        for ((tier, kind, channel), source) in each.flat_map(|uses| &uses.0) {
            all.add(*tier, *kind, *channel, *source);
        }
        all
    }

    fn add(&mut self, tier: u8, kind: ProductKind, channel: Option<Channel>, source: Source) {
        let first = self.0.entry((tier, kind, channel)).or_insert(source);
        *first = (*first).min(source);
    }

    fn tiers(&self) -> Vec<u8> {
        let mut tiers: Vec<u8> = self.0.keys().map(|(tier, ..)| *tier).collect();
        tiers.dedup();
        tiers
    }
}

/// One mistake for each tier and kind, naming the channels that have no share.
fn note_gaps(report: &Report, place: Place, plan: &Plan, uses: &Uses) {
    let mut gaps: BTreeMap<(u8, ProductKind), (Vec<String>, Source)> = BTreeMap::new();
    for ((tier, kind, only), source) in &uses.0 {
        for channel in plan.supply.iter().map(|supply| supply.channel) {
            let wanted = only.is_none_or(|only| only == channel);
            if wanted && !plan.shares.iter().any(|share| share.fits(*tier, channel, *kind)) {
                let gap = gaps.entry((*tier, *kind)).or_insert_with(|| (Vec::new(), *source));
                let name = channel.to_string();
                if !gap.0.contains(&name) {
                    gap.0.push(name);
                }
                gap.1 = gap.1.min(*source);
            }
        }
    }
    for ((tier, kind), (channels, source)) in gaps {
        let used = report.locate(Place::line(source.document, source.line));
        let text = format!(
            "no [[share]] fits a {kind} of tier {tier} at {}; {used} places drugs there",
            channels.join(" or "),
        );
        report.mistake(place, text);
    }
}

/// Warns of rows that no claim meets, because of the rows before them or what they ask for.
fn note_idle_rows(report: &Report, plan: &Plan, uses: &Uses) {
    let tiers = uses.tiers();
    let claims: Vec<(u8, Channel, ProductKind)> = tiers
        .iter()
        .flat_map(|tier| plan.supply.iter().map(move |supply| (*tier, supply.channel)))
        .flat_map(|(tier, channel)| KINDS.map(|kind| (tier, channel, kind)))
        .collect();
    for (index, share) in plan.shares.iter().enumerate() {
        let place = Place::line(share.source.document, share.source.line);
        let mut fitting = claims.iter().filter(|(t, c, k)| share.fits(*t, *c, *k)).peekable();
        let text = if fitting.peek().is_none() {
            "this row never applies: the formulary has no such tier, or the plan no such channel"
        } else if fitting
            .all(|(t, c, k)| plan.shares.iter().take(index).any(|row| row.fits(*t, *c, *k)))
        {
            "this row never applies: rows before it fit all that it fits"
        } else {
            continue;
        };
        report.warning(place, text);
    }
}

/// Warns of a limit for tiers that no drug has.
fn note_idle_tiers(report: &Report, limit: Option<&Limit>, uses: &Uses) {
    let Some(limit) = limit else { return };
    let tiers = uses.tiers();
    for tier in limit.tiers.iter().filter(|tier| !tiers.contains(tier)) {
        let place = Place::line(limit.source.document, limit.source.line);
        report.warning(place, format!("`tiers`: no drug of the formulary is in tier {tier}"));
    }
}
