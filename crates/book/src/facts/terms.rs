//! What groups, networks, drug utilization review rules and measures say.

use openpbm_core::{Date, Percent};

use super::{Fact, Said, counted, listed};
use crate::{Basis, Book, DurConflict, DurRule, Group, LineOfBusiness, Measure, Network};

/// What a group's contract says on a day.
pub(crate) fn group_facts(book: &Book, group: &Group, date: Date) -> Vec<Fact> {
    let plan = book.plan(group, date).map_or("none", |plan| &plan.id);
    let line = match group.line {
        LineOfBusiness::Commercial => "commercial",
        LineOfBusiness::Medicare => "Medicare Part D",
        LineOfBusiness::Medicaid => "Medicaid managed care",
    };
    let mut facts = vec![
        Fact::words("the name", format!("\"{}\"", group.name), group.source),
        Fact::words("the sponsor", &*group.sponsor, group.source),
        Fact::words("the line of business", line, group.source),
        Fact::words("the plan", plan, group.source),
    ];
    if !group.continues.is_empty() {
        let ids = listed(&group.continues);
        facts.push(Fact::words("whose balances it carries on", ids, group.source));
    }
    if let Some(day) = group.resets {
        facts.push(Fact::words("when balances begin anew", day.to_string(), group.source));
    }
    facts
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
    let mut facts = vec![
        Fact::words("the name", format!("\"{}\"", network.name), network.source),
        price("the price of brands", &network.brand),
        price("the price of generics", &network.generic),
        Fact::new("the dispensing fee", Said::Money(network.dispensing_fee), network.fee_source),
    ];
    if let Some(fees) = &network.effort_fees {
        let words = fees.value.map(|fee| format!("${fee}"));
        facts.push(Fact::words("the fees for a compound's effort", listed(&words), fees.source));
    }
    facts.extend(beside_facts(network));
    facts
}

/// What is paid beside the product.
fn beside_facts(network: &Network) -> impl Iterator<Item = Fact> {
    let fees = network.administration.iter().map(|row| {
        let what = format!("the most for giving {}", counted(row.drugs.len(), "product"));
        Fact::new(what, Said::Money(row.at_most), row.source)
    });
    let amounts = network.other_amounts.iter().map(|row| {
        let what = format!("the most for other amount {:02}", row.value.qualifier);
        Fact::new(what, Said::Money(row.value.amount), row.source)
    });
    let flat = network
        .flat_tax
        .as_ref()
        .map(|tax| Fact::new("the most for flat sales tax", Said::Money(tax.value), tax.source));
    let rate = network.percentage_tax.map(|tax| {
        let rate = Percent::from_basis_points(tax.at_most / 100).unwrap_or(Percent::WHOLE);
        Fact::new("the highest rate of sales tax", Said::Rate(rate), tax.source)
    });
    fees.chain(amounts).chain(flat).chain(rate)
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

/// What a measure of adherence says.
pub(crate) fn measure_facts(measure: &Measure) -> Vec<Fact> {
    let source = measure.source;
    let mut facts = vec![
        Fact::words("the name", format!("\"{}\"", measure.name), source),
        Fact::words("the list of ingredients", listed(&measure.ingredients), source),
        Fact::words("the number of drugs measured", measure.drugs().to_string(), source),
        Fact::new("the threshold", Said::Rate(measure.adherent_from), source),
    ];
    if !measure.excluded_by.is_empty() {
        let fill = format!("a fill of {}", counted(measure.excluded_by.len(), "drug"));
        facts.push(Fact::words("what leaves a member out", fill, source));
    }
    facts
}
