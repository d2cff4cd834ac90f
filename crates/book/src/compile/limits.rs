//! `[deductible]` and `[out_of_pocket_maximum]` of a plan.

use super::scopes::{Lists, maybe};
use crate::Limit;
use crate::documents::{Table, Value, cents, flag, one_of, whole};

const CARRY_OVER: &str = "carry_over_months";
const EMBEDDED: [(&str, bool); 2] = [("embedded", true), ("aggregate", false)];

/// Deductible and out-of-pocket maximum of a plan.
pub(super) fn of_plan(
    plan: &Table<'_>,
    lists: &Lists<'_>,
) -> (Option<Option<Limit>>, Option<Option<Limit>>) {
    let deductible = read(plan, "deductible", "[deductible]", lists);
    let maximum = read(plan, "out_of_pocket_maximum", "[out_of_pocket_maximum]", lists);
    note_unreachable_deductible(plan, &deductible, &maximum);
    note_medical_in_part_d(plan, &deductible, "deductible");
    note_medical_in_part_d(plan, &maximum, "out_of_pocket_maximum");
    (deductible, maximum)
}

/// A limit that may be missing; `None` if it is there and could not be read, which must not pass
/// for one that is not there.
fn read(
    plan: &Table<'_>,
    key: &'static str,
    label: &str,
    lists: &Lists<'_>,
) -> Option<Option<Limit>> {
    match plan.table(key) {
        Some(table) => limit(table, label, plan, lists).map(Some),
        None if plan.has(key) => None,
        None => Some(None),
    }
}

fn limit(table: Table<'_>, label: &str, plan: &Table<'_>, lists: &Lists<'_>) -> Option<Limit> {
    let person = table.required("person", cents);
    let family = maybe(&table, "family", cents);
    let embedded = if table.has("family") {
        table.required("kind", one_of(&EMBEDDED))
    } else {
        if table.has("kind") {
            table.mistake(format!(
                "{label}: `kind` says how a family shares, but `family` is missing"
            ));
        }
        let _ = table.optional("kind", one_of(&EMBEDDED));
        Some(true)
    };
    let embedded_person = maybe(&table, "embedded_person", cents);
    if table.has("embedded_person") && embedded == Some(true) {
        let text = "`embedded_person` holds a person of a family under an aggregate limit, but \
                    this one is not aggregate";
        table.report().mistake(table.place_of("embedded_person"), text);
    }
    let scope = lists.scope(&table);
    let with_medical = maybe(&table, "with_medical", flag);
    let carry_over_months = maybe(&table, CARRY_OVER, whole(1..=6));
    note_carry_over(&table, label, plan);
    let at_least = |key: &'static str, found, least| {
        if let (Some(Some(found)), Some(least)) = (found, least)
            && found < least
        {
            let text = format!("`{key}`: found {found}, expected at least the person's {least}");
            table.report().mistake(table.place_of(key), text);
        }
    };
    at_least("family", family, person);
    at_least("embedded_person", embedded_person, person);
    let source = table.source();
    table.end();
    Some(Limit {
        person: person?,
        family: family?,
        embedded: embedded?,
        embedded_person: embedded_person?,
        scope: scope?,
        with_medical: with_medical?.unwrap_or_default(),
        carry_over_months: carry_over_months?,
        source,
    })
}

/// What counts at the end of a year counts in the next one, toward the deductible alone.
fn note_carry_over(table: &Table<'_>, label: &str, plan: &Table<'_>) {
    if !table.has(CARRY_OVER) {
        return;
    }
    let mistake = |text: &str| {
        let text = format!("{label}: found `{CARRY_OVER}`, {text}");
        table.report().mistake(table.place_of(CARRY_OVER), text);
    };
    if label != "[deductible]" {
        mistake("which only [deductible] may have");
    }
    if plan.has("part_d") {
        mistake("which a plan with [part_d] cannot have: each year of Part D begins at nothing");
    }
    let per_quarter =
        |value: Value<'_>| value.inner().as_str().map(|text| text.ends_with("quarter"));
    if plan.optional("accumulates", per_quarter) == Some(true) {
        mistake("which needs a period of a year, but amounts add up by quarter");
    }
}

/// Part D counts what the member pays for drugs alone (42 CFR 423.100, 423.104(d)).
fn note_medical_in_part_d(table: &Table<'_>, limit: &Option<Option<Limit>>, key: &'static str) {
    if let Some(Some(Limit { with_medical: true, .. })) = limit
        && table.has("part_d")
    {
        let text = format!(
            "`{key}`: found `with_medical`, which a plan with [part_d] cannot have: no medical \
             cost counts toward Part D"
        );
        table.report().mistake(table.place_of(key), text);
    }
}

/// A deductible above the maximum would never be met.
fn note_unreachable_deductible(
    table: &Table<'_>,
    deductible: &Option<Option<Limit>>,
    maximum: &Option<Option<Limit>>,
) {
    let (Some(Some(deductible)), Some(Some(maximum))) = (deductible, maximum) else { return };
    let persons = Some((deductible.person, maximum.person));
    let families = deductible.family.zip(maximum.family);
    for (whose, limits) in [("", persons), ("family ", families)] {
        if let Some((deductible, maximum)) = limits.filter(|(below, above)| below > above) {
            let text = format!(
                "the {whose}deductible of {deductible} is above the {whose}out-of-pocket maximum \
                 of {maximum}"
            );
            table.report().mistake(table.place_of("deductible"), text);
        }
    }
}
