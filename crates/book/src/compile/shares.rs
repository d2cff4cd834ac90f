//! Checks a plan's share table against the tiers that its formulary uses: a tier without a share
//! is a claim that cannot be priced, and a row that never applies was meant to.

use std::collections::BTreeMap;

use openpbm_core::{Channel, ProductKind, Source};
use rustc_hash::FxHashSet;

use super::drugs::DrugTables;
use super::series::Series;
use crate::documents::{Place, Report};
use crate::{Drugs, Formulary, Limit, Plan, Share};

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

/// True if every supply of such drugs has a share, whatever the drug.
fn is_complete(plan: &Plan, tier: u8, channel: Channel, kind: ProductKind) -> bool {
    let fits = |days: u16| {
        let mut general = plan.shares.iter().filter(|share| share.scope.is_of_all_drugs());
        general.any(|share| share.scope.can_hold(tier, channel, kind, days))
    };
    supplies(plan, channel).into_iter().all(fits)
}

/// Days supply that a channel dispenses, one of each stretch that the rows tell apart.
fn supplies(plan: &Plan, channel: Channel) -> Vec<u16> {
    let supply = plan.supply.iter().find(|supply| supply.channel == channel);
    let most = supply.and_then(|supply| supply.steps.last()).map_or(1, |step| step.days);
    let bounds = plan.shares.iter().filter_map(|share| share.scope.days);
    let cuts = bounds.flat_map(|(from, to)| [from, to.saturating_add(1)]);
    let mut days: Vec<u16> = cuts.filter(|day| *day <= most).chain([1]).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// One mistake for each tier and kind, naming the channels that have no share.
fn note_gaps(report: &Report, place: Place, plan: &Plan, uses: &Uses) {
    let mut gaps: BTreeMap<(u8, ProductKind), (Vec<String>, Source)> = BTreeMap::new();
    for ((tier, kind, only), source) in &uses.0 {
        for channel in plan.supply.iter().map(|supply| supply.channel) {
            let wanted = only.is_none_or(|only| only == channel);
            if wanted && !is_complete(plan, *tier, channel, *kind) {
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
    let channels = plan.supply.iter().map(|supply| supply.channel);
    let claims: Vec<(u8, Channel, ProductKind, u16)> = channels
        .flat_map(|channel| supplies(plan, channel).into_iter().map(move |days| (channel, days)))
        .flat_map(|supply| uses.tiers().into_iter().map(move |tier| (tier, supply)))
        .flat_map(|(tier, (channel, days))| KINDS.map(|kind| (tier, channel, kind, days)))
        .collect();
    let fits = |share: &Share, (t, c, k, d): &(u8, Channel, ProductKind, u16)| {
        share.scope.can_hold(*t, *c, *k, *d)
    };
    for (index, share) in plan.shares.iter().enumerate() {
        let place = Place::line(share.source.document, share.source.line);
        let mut fitting = claims.iter().filter(|claim| fits(share, claim)).peekable();
        let before = || plan.shares.iter().take(index).filter(|row| row.scope.is_of_all_drugs());
        let text = if fitting.peek().is_none() {
            "this row never applies: the formulary has no such tier, or the plan no such channel"
        } else if fitting.all(|claim| before().any(|row| fits(row, claim))) {
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
    for tier in limit.scope.tiers.iter().filter(|tier| !tiers.contains(tier)) {
        let place = Place::line(limit.source.document, limit.source.line);
        report.warning(place, format!("`tiers`: no drug of the formulary is in tier {tier}"));
    }
}
