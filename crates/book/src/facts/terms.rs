//! What groups, networks and drug utilization review rules say.

use openpbm_core::Date;

use super::{Fact, Said, listed};
use crate::{Basis, Book, DurConflict, DurRule, Group, LineOfBusiness, Network};

/// What a group's contract says on a day.
pub(crate) fn group_facts(book: &Book, group: &Group, date: Date) -> Vec<Fact> {
    let plan = book.plan(group, date).map_or("none", |plan| &plan.id);
    let line = match group.line {
        LineOfBusiness::Commercial => "commercial",
        LineOfBusiness::Medicare => "Medicare Part D",
        LineOfBusiness::Medicaid => "Medicaid managed care",
    };
    vec![
        Fact::words("the name", format!("\"{}\"", group.name), group.source),
        Fact::words("the sponsor", &*group.sponsor, group.source),
        Fact::words("the line of business", line, group.source),
        Fact::words("the plan", plan, group.source),
    ]
}

/// What a network's terms say.
pub(crate) fn network_facts(book: &Book, network: &Network) -> Vec<Fact> {
    let price = |what: &str, bases: &[Basis]| {
        let rates = bases.iter().map(|basis| {
            let list = book.list(basis.list).map_or("", |list| &list.id);
            format!("{} of {list}", basis.rate)
        });
        let words = rates.collect::<Vec<_>>().join(", else ");
        let source = bases.first().map_or(network.source, |basis| basis.source);
        Fact::words(what, words, source)
    };
    vec![
        Fact::words("the name", format!("\"{}\"", network.name), network.source),
        price("the price of brands", &network.brand),
        price("the price of generics", &network.generic),
        Fact::new("the dispensing fee", Said::Money(network.dispensing_fee), network.fee_source),
    ]
}

/// What a drug utilization review rule says.
pub(crate) fn dur_facts(rule: &DurRule) -> Vec<Fact> {
    let conflict = match &rule.conflict {
        DurConflict::With(_) => "another drug".to_owned(),
        DurConflict::Allergy(allergy) => format!("an allergy to {allergy}"),
        DurConflict::Pregnancy => "a pregnancy".to_owned(),
    };
    let significance = match rule.significance {
        1 => "major",
        2 => "moderate",
        _ => "minor",
    };
    vec![
        Fact::words("the conflict", conflict, rule.source),
        Fact::words("the reason code", &*rule.reason, rule.source),
        Fact::words("the significance", significance, rule.source),
        Fact::words("the message", format!("\"{}\"", rule.text), rule.source),
        Fact::words("the list of results that override it", listed(&rule.overrides), rule.source),
    ]
}
