//! What a formulary says of a drug.

use std::collections::BTreeMap;

use openpbm_core::{Channel, Sex, Source};

use super::listed;
use crate::{Authorization, Drugs, Formulary, PartB, Placement, Preventive, Sourced};

/// One part of a placement beside the tier, as a predicate: a drug `needs` or drugs `need`
/// `prior authorization`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// Which part, the same for every drug.
    pub(crate) key: &'static str,
    /// The verb for one drug.
    pub(crate) verb: &'static str,
    /// The verb for several.
    pub(crate) verb_plural: &'static str,
    /// What follows the verb.
    pub(crate) text: String,
    /// The rule's line.
    pub(crate) source: Source,
}

const NEEDS: (&str, &str) = ("needs", "need");
const HAS: (&str, &str) = ("has", "have");
const IS: (&str, &str) = ("is", "are");

/// The parts of a placement that are set, beside the tier.
pub(crate) fn parts(placement: &Placement) -> Vec<Part> {
    let Placement { preventive, excluded, authorization, step, quantity, .. } = placement;
    let Placement {
        days_max,
        ages,
        sex,
        channel,
        first_fill,
        mme_a_day,
        preferred,
        not_part_d,
        part_b,
        ..
    } = placement;
    let parts = [
        part("exclusion", IS, excluded, |why| format!("excluded: {why}")),
        part("preventive tier", HAS, preventive, |p| format!("tier {} for {}", p.tier, whom(p))),
        part("authorization", NEEDS, authorization, authorization_text),
        part("step therapy", NEEDS, step, |step| {
            let (name, days, within) = (&step.name, step.days, step.within);
            format!("step therapy: {days} days of {name} within {within} days")
        }),
        part("quantity", HAS, quantity, |limit| {
            format!("a limit of {} units in {} days", limit.quantity, limit.days)
        }),
        part("days", HAS, days_max, |days| format!("a limit of {days} days' supply")),
        part("ages", IS, ages, |(from, to)| format!("covered only at ages {from} to {to}")),
        part("sex", IS, sex, |sex| match sex {
            Sex::Female => "covered only for females".to_owned(),
            Sex::Male => "covered only for males".to_owned(),
        }),
        part("channel", IS, channel, |channel| match channel {
            Channel::Mail => "covered only by mail".to_owned(),
            channel => format!("covered only at {channel} pharmacies"),
        }),
        part("first fill", HAS, first_fill, |first| {
            let (days, within) = (first.days, first.within);
            format!("a limit of {days} days' supply for the first fill in {within} days")
        }),
        part("opioid dose", NEEDS, mme_a_day, |mme| {
            format!("prior authorization from {mme} MME a day on")
        }),
        part("preferred drug list", IS, preferred, |preferred| match preferred {
            true => "preferred".to_owned(),
            false => "not preferred, so an authorization is needed".to_owned(),
        }),
        part("Medicare Part D", IS, not_part_d, |not| match not {
            true => "excluded from Medicare Part D by law".to_owned(),
            false => "a drug of Medicare Part D".to_owned(),
        }),
        part("Medicare Part B", IS, part_b, part_b_text),
    ];
    parts.into_iter().flatten().collect()
}

fn part<T>(
    key: &'static str,
    (verb, verb_plural): (&'static str, &'static str),
    value: &Option<Sourced<T>>,
    text: impl FnOnce(&T) -> String,
) -> Option<Part> {
    let Sourced { value, source } = value.as_ref()?;
    Some(Part { key, verb, verb_plural, text: text(value), source: *source })
}

/// Whom a drug is preventive care for.
fn whom(rule: &Preventive) -> String {
    let sex = rule.sex.map(|sex| match sex {
        Sex::Female => "females".to_owned(),
        Sex::Male => "males".to_owned(),
    });
    let ages = match (rule.from, rule.to) {
        (0, u8::MAX) => None,
        (from, to) => Some(format!("ages {from} to {to}")),
    };
    let pregnant = rule.pregnant.then(|| "pregnancies".to_owned());
    let risk = (!rule.diagnoses.is_empty())
        .then(|| format!("a diagnosis of {}", rule.diagnoses.join(" or ")));
    [ages, sex, pregnant, risk].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn authorization_text(authorization: &Authorization) -> String {
    match authorization.diagnoses.as_slice() {
        [] => "prior authorization".to_owned(),
        diagnoses => format!("prior authorization or a diagnosis of {}", listed(diagnoses)),
    }
}

fn part_b_text(rule: &PartB) -> String {
    let diagnoses = (!rule.diagnoses.is_empty())
        .then(|| format!("with a diagnosis of {}", listed(&rule.diagnoses)));
    let residences: Vec<_> = rule.residences.iter().map(u8::to_string).collect();
    let residences =
        (!residences.is_empty()).then(|| format!("at a residence of code {}", listed(&residences)));
    let conditions: Vec<_> = [diagnoses, residences].into_iter().flatten().collect();
    format!("of Medicare Part B {}", conditions.join(" ")).trim_end().to_owned()
}

/// How many drugs a formulary covers in each tier, which counts the drugs whose tier is another
/// at some ages in both.
pub(crate) fn tier_counts(formulary: &Formulary, drugs: &Drugs) -> BTreeMap<u8, usize> {
    let mut counts = BTreeMap::new();
    for id in drugs.ids() {
        let placement = formulary.placement(id).filter(|p| p.excluded.is_none());
        let Some(placement) = placement else { continue };
        let tier = placement.tier.as_ref().map(|tier| tier.value);
        let preventive = placement.preventive.as_ref().map(|preventive| preventive.value.tier);
        for tier in tier.into_iter().chain(preventive.filter(|other| Some(*other) != tier)) {
            *counts.entry(tier).or_default() += 1;
        }
    }
    counts
}
