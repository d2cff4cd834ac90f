//! What a formulary says of a drug.

use std::collections::BTreeMap;

use openpbm_core::{Channel, Sex, Source};

use super::listed;
use crate::{Authorization, Drugs, Formulary, Placement, Sourced};

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
    let Placement { days_max, ages, sex, channel, first_fill, mme_a_day, .. } = placement;
    let parts = [
        part("exclusion", IS, excluded, |why| format!("excluded: {why}")),
        part("preventive tier", HAS, preventive, |p| {
            format!("tier {} for ages {} to {}", p.tier, p.from, p.to)
        }),
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

fn authorization_text(authorization: &Authorization) -> String {
    match authorization.diagnoses.as_slice() {
        [] => "prior authorization".to_owned(),
        diagnoses => format!("prior authorization or a diagnosis of {}", listed(diagnoses)),
    }
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
