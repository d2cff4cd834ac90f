//! What a plan says.

use openpbm_core::{Channel, Date, ProductKind, Source};

use super::{Cell, Fact, Said, listed, tier_counts};
use crate::{Book, Exemption, Limit, Plan, Share, ShareKind, Supply};

/// What a plan says on a day, with a fact for each channel, brand or generic, and each of the
/// given tiers, as a comparison needs it.
pub(crate) fn plan_facts(book: &Book, plan: &Plan, date: Date, tiers: &[u8]) -> Vec<Fact> {
    let mut facts = terms(book, plan, date);
    for channel in plan.supply.iter().map(|supply| supply.channel) {
        for tier in tiers.iter().copied() {
            for kind in [ProductKind::Brand, ProductKind::Generic] {
                let share = plan.shares.iter().find(|share| share.fits(tier, channel, kind));
                facts.extend(share.map(|share| Fact {
                    what: format!("{kind} {tier} {channel}"),
                    said: share_said(share.share),
                    source: share.source,
                    cell: Some(Cell { channel, tier, kind }),
                }));
            }
        }
    }
    facts
}

/// The share of some tiers, as a noun phrase: of brands or generics if not of both, and at some
/// channels if not at all.
pub(crate) fn share_of(
    kind: Option<ProductKind>,
    tiers: &[u8],
    channels: Option<&[Channel]>,
) -> String {
    let of = kind.map_or(String::new(), |kind| format!("{kind}s of "));
    let noun = if tiers.len() == 1 { "tier" } else { "tiers" };
    let at = channels.map_or(String::new(), |channels| format!(" at {}", listed(channels)));
    format!("the member's share of {of}{noun} {}{at}", listed(tiers))
}

/// What a plan says on a day, with tiers and channels of the same share taken together, as a
/// reader likes it.
pub(crate) fn plan_summary(book: &Book, plan: &Plan, date: Date) -> Vec<Fact> {
    let mut facts = terms(book, plan, date);
    let mut rows: Vec<(Vec<ShareRow>, Vec<u8>)> = Vec::new();
    for tier in tiers(book, plan, date) {
        let row = share_rows(plan, tier);
        match rows.iter_mut().find(|(known, _)| *known == row) {
            Some((_, tiers)) => tiers.push(tier),
            None => rows.push((row, vec![tier])),
        }
    }
    for (rows, tiers) in rows {
        for ShareRow { kind, channels, said, source } in rows {
            let some = (channels.len() < plan.supply.len()).then_some(channels.as_slice());
            facts.push(Fact::new(share_of(kind, &tiers, some), said, source));
        }
    }
    facts
}

/// The tiers that the plan's formulary has on a day.
fn tiers(book: &Book, plan: &Plan, date: Date) -> Vec<u8> {
    let counts = book.formulary(plan, date).map(|f| tier_counts(f, book.drugs()));
    counts.unwrap_or_default().into_keys().collect()
}

/// All but the shares.
fn terms(book: &Book, plan: &Plan, date: Date) -> Vec<Fact> {
    let (month, day) = plan.year_starts;
    let formulary = book.formulary(plan, date);
    let formulary_id = formulary.map_or("none", |formulary| &formulary.id);
    let networks = plan.networks.iter().filter_map(|network| book.network(*network, date));
    let prescribers = match plan.any_prescriber.value {
        true => "every prescriber",
        false => "the listed prescribers alone",
    };
    let mut facts = vec![
        Fact::words("the name", format!("\"{}\"", plan.name), plan.source),
        Fact::words("the first day of the plan year", format!("{month:02}-{day:02}"), plan.source),
        Fact::words("the formulary", formulary_id, plan.source),
        Fact::words("the list of networks", listed(networks.map(|n| &n.id)), plan.source),
        Fact::new(
            "the time to submit a claim",
            Said::Days(plan.accepted_for.value),
            plan.accepted_for.source,
        ),
        Fact::words("who may prescribe", prescribers, plan.any_prescriber.source),
    ];
    limit_facts("the deductible", plan.deductible.as_ref(), &mut facts);
    limit_facts("the out-of-pocket maximum", plan.out_of_pocket.as_ref(), &mut facts);
    if let Some(source) = plan.patient_choice_pays_difference {
        let words = "the share and the difference to the generic";
        facts.push(Fact::words("a brand by the patient's choice", words, source));
    }
    let refill = plan.refill;
    facts.extend([
        Fact::new("the used part before a refill", Said::Rate(refill.used), refill.source),
        Fact::new(
            "the used part before a refill of a controlled substance",
            Said::Rate(refill.controlled),
            refill.source,
        ),
    ]);
    facts.extend(plan.supply.iter().map(supply_fact));
    facts.extend(plan.exemptions.iter().map(|exemption| {
        let who = match exemption.value {
            Exemption::UnderAge(age) => format!("the share of members under {age}"),
            Exemption::Pregnant => "the share of pregnant members".to_owned(),
        };
        Fact::words(who, "nothing", exemption.source)
    }));
    facts
}

fn limit_facts(what: &str, limit: Option<&Limit>, facts: &mut Vec<Fact>) {
    let Some(limit) = limit else { return };
    let source = limit.source;
    facts.push(Fact::new(format!("{what} per person"), Said::Money(limit.person), source));
    if let Some(family) = limit.family {
        facts.push(Fact::new(format!("{what} per family"), Said::Money(family), source));
        let kind = match limit.embedded {
            true => "embedded: each person has their own within the family's",
            false => "aggregate: a family of two or more has the family's alone",
        };
        facts.push(Fact::words(format!("the kind of {}", unarticled(what)), kind, source));
    }
    if !limit.tiers.is_empty() {
        let scope = format!("the scope of {what}");
        let tiers = format!("tiers {}", listed(&limit.tiers));
        facts.push(Fact::words(scope, tiers, source));
    }
}

/// `deductible` for `the deductible`, so that "the kind of deductible" can be said.
fn unarticled(what: &str) -> &str {
    what.strip_prefix("the ").unwrap_or(what)
}

fn supply_fact(supply: &Supply) -> Fact {
    let steps = supply.steps.iter().map(|step| match step.copays {
        1 => format!("up to {} days at 1 copay", step.days),
        copays => format!("up to {} days at {copays} copays", step.days),
    });
    let what = format!("the supply at {}", supply.channel);
    Fact::words(what, listed(steps), supply.source)
}

/// The same share of a tier at some channels.
#[derive(PartialEq, Eq)]
struct ShareRow {
    /// Brands or generics; `None` for both.
    kind: Option<ProductKind>,
    channels: Vec<Channel>,
    said: Said,
    source: Source,
}

fn share_rows(plan: &Plan, tier: u8) -> Vec<ShareRow> {
    let mut rows: Vec<ShareRow> = Vec::new();
    for channel in plan.supply.iter().map(|supply| supply.channel) {
        for (kind, share) in shares(plan, tier, channel) {
            let said = share_said(share.share);
            match rows.iter_mut().find(|row| row.kind == kind && row.said == said) {
                Some(row) => row.channels.push(channel),
                None => {
                    let (channels, source) = (vec![channel], share.source);
                    rows.push(ShareRow { kind, channels, said, source });
                }
            }
        }
    }
    rows
}

/// The shares of a tier at a channel: one, or one each for brands and generics.
fn shares(plan: &Plan, tier: u8, channel: Channel) -> Vec<(Option<ProductKind>, &Share)> {
    let row = |kind| plan.shares.iter().find(|share| share.fits(tier, channel, kind));
    match (row(ProductKind::Brand), row(ProductKind::Generic)) {
        (Some(brand), Some(generic)) if brand.share == generic.share => vec![(None, brand)],
        (brand, generic) => {
            let pairs = [(ProductKind::Brand, brand), (ProductKind::Generic, generic)];
            pairs.into_iter().filter_map(|(kind, share)| Some((Some(kind), share?))).collect()
        }
    }
}

fn share_said(share: ShareKind) -> Said {
    match share {
        ShareKind::Copay(copay) => Said::Money(copay),
        ShareKind::Coinsurance { rate, at_least: None, at_most: None } => Said::Rate(rate),
        ShareKind::Coinsurance { rate, at_least, at_most } => {
            let least = at_least.map_or(String::new(), |least| format!(", at least ${least}"));
            let most = at_most.map_or(String::new(), |most| format!(", at most ${most}"));
            Said::Words(format!("{rate}{least}{most}"))
        }
    }
}
