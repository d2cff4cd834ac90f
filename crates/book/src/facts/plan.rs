//! What a plan says.

use openpbm_core::{Channel, Date, ProductKind, Source};

use super::design::design_facts;
use super::sharing::sharing_facts;
use super::{Cell, Fact, Said, listed, part_d, tier_counts};
use crate::{
    Accumulates, Book, Coinsurance, CompoundRule, DrugList, Exemption, Limit, Plan, Scope, Share,
    ShareKind, Supply,
};

/// What a plan says on a day, with a fact for each channel, brand or generic, and each of the
/// given tiers, as a comparison needs it.
pub(crate) fn plan_facts(book: &Book, plan: &Plan, date: Date, tiers: &[u8]) -> Vec<Fact> {
    let mut facts = terms(book, plan, date);
    for channel in plan.supply.iter().map(|supply| supply.channel) {
        for tier in tiers.iter().copied() {
            for kind in [ProductKind::Brand, ProductKind::Generic] {
                let share = general(plan, tier, channel, kind);
                facts.extend(share.map(|share| Fact {
                    what: format!("{kind} {tier} {channel}"),
                    said: share_said(share.share),
                    source: share.source,
                    cell: Some(Cell { channel, tier, kind }),
                }));
            }
        }
    }
    facts.extend(special_shares(plan));
    facts
}

/// The first row for all drugs and any supply of a tier.
fn general(plan: &Plan, tier: u8, channel: Channel, kind: ProductKind) -> Option<&Share> {
    let mut rows = plan.shares.iter().filter(|share| share.scope.is_general());
    rows.find(|share| share.scope.can_hold(tier, channel, kind, 1))
}

/// The rows for some drugs or some days alone, in words.
fn special_shares(plan: &Plan) -> impl Iterator<Item = Fact> {
    let rows = plan.shares.iter().filter(|share| !share.scope.is_general());
    rows.map(|share| {
        let what = format!("the member's share of {}", scope_words(&share.scope));
        Fact::new(what, share_said(share.share), share.source)
    })
}

/// What a rule is about, in words.
pub(crate) fn scope_words(scope: &Scope) -> String {
    let tiers = (!scope.tiers.is_empty()).then(|| format!("tiers {}", listed(&scope.tiers)));
    let kind = scope.kind.map(|kind| format!("{kind}s"));
    let drugs = scope.drugs.as_ref().map(DrugList::words);
    let except = scope.except.as_ref().map(|list| format!("all but {}", list.words()));
    let channels =
        (!scope.channels.is_empty()).then(|| format!("the channels {}", listed(&scope.channels)));
    let days = scope.days.map(|(from, to)| format!("supplies of {from} to {to} days"));
    let all = [kind, tiers, drugs, except, channels, days];
    let words: Vec<String> = all.into_iter().flatten().collect();
    if words.is_empty() { "all drugs".to_owned() } else { words.join(", ") }
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
    facts.extend(special_shares(plan));
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
        period(plan),
        Fact::words("the formulary", formulary_id, plan.source),
        Fact::words("the list of networks", listed(networks.map(|n| &n.id)), plan.source),
        Fact::new(
            "the time to submit a claim",
            Said::Days(plan.accepted_for.value),
            plan.accepted_for.source,
        ),
        Fact::words("who may prescribe", prescribers, plan.any_prescriber.source),
    ];
    if let Some(network) = &plan.out_of_network {
        let id = book.network(network.value, date).map_or("none", |network| &network.id);
        let words = format!("paid by the terms of {id}");
        facts.push(Fact::words("a pharmacy without a contract", words, network.source));
    }
    limit_facts("the deductible", plan.deductible.as_ref(), &mut facts);
    limit_facts("the out-of-pocket maximum", plan.out_of_pocket.as_ref(), &mut facts);
    if let Some(cap) = plan.income_cap {
        let what = format!("the most that a household pays of its income in a {}", cap.period);
        facts.push(Fact::new(what, Said::Rate(cap.rate), cap.source));
    }
    facts.extend(sharing_facts(book, plan, date));
    facts.extend(plan.part_d.iter().flat_map(part_d::facts));
    facts.extend(design_facts(book, plan));
    if let Some(rule) = &plan.compounds {
        let words = match rule.value {
            CompoundRule::MostExpensive => "its most expensive ingredient",
            CompoundRule::HighestTier => "its ingredient in the highest tier",
        };
        facts.push(Fact::words("what a compound goes by", words, rule.source));
    }
    if let Some(source) = plan.pays_tax {
        facts.push(Fact::words("sales tax", "paid by the plan alone", source));
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
            Exemption::Group(group) => format!("the share of members in {group}"),
        };
        Fact::words(who, "nothing", exemption.source)
    }));
    facts
}

fn period(plan: &Plan) -> Fact {
    let words = match plan.accumulates.value {
        Accumulates::PlanYear => "the plan year",
        Accumulates::CalendarYear => "the calendar year",
        Accumulates::CalendarQuarter => "the calendar quarter",
        Accumulates::Rolling => "twelve months from the family's first day covered",
    };
    Fact::words("what amounts add up in", words, plan.accumulates.source)
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
    if let Some(most) = limit.embedded_person {
        let what = format!("{what} of a person within the family's");
        facts.push(Fact::new(what, Said::Money(most), source));
    }
    if let Some(months) = limit.carry_over_months {
        let what = format!("what of the last months carries over to {what}");
        facts.push(Fact::words(what, format!("what counts in {months} months"), source));
    }
    if limit.with_medical {
        let what = format!("what else counts toward {what}");
        facts.push(Fact::words(what, "medical costs", source));
    }
    if limit.scope != Scope::default() {
        facts.push(Fact::words(format!("the scope of {what}"), scope_words(&limit.scope), source));
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
    let row = |kind| general(plan, tier, channel, kind);
    match (row(ProductKind::Brand), row(ProductKind::Generic)) {
        (Some(brand), Some(generic)) if brand.share == generic.share => vec![(None, brand)],
        (brand, generic) => {
            let pairs = [(ProductKind::Brand, brand), (ProductKind::Generic, generic)];
            pairs.into_iter().filter_map(|(kind, share)| Some((Some(kind), share?))).collect()
        }
    }
}

fn share_said(share: ShareKind) -> Said {
    let words = |part: Coinsurance| {
        let least = part.at_least.map_or(String::new(), |least| format!(", at least ${least}"));
        let most = part.at_most.map_or(String::new(), |most| format!(", at most ${most}"));
        format!("{}{least}{most}", part.rate)
    };
    match share {
        ShareKind::Copay(copay) => Said::Money(copay),
        ShareKind::Coinsurance(Coinsurance { rate, at_least: None, at_most: None }) => {
            Said::Rate(rate)
        }
        ShareKind::Coinsurance(part) => Said::Words(words(part)),
        ShareKind::Greater(copay, part) => {
            Said::Words(format!("the greater of ${copay} and {}", words(part)))
        }
        ShareKind::Lesser(copay, part) => {
            Said::Words(format!("the lesser of ${copay} and {}", words(part)))
        }
    }
}
