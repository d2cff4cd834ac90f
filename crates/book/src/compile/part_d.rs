//! `[part_d]` of a plan: the standard benefit of a year of Medicare Part D, and who pays it.

use openpbm_core::{Circumstances, Percent};

use super::plans::{DAYS, TIERS, complete, sourced};
use super::scopes::maybe;
use super::selectors::{Scope, Selector, World};
use super::series::{Ids, reference};
use crate::documents::{Place, Table, Value, cents, flag, one_of, parsed, positive_rate, whole};
use crate::{
    Discount, DrugSet, Insulin, LowIncome, PartD, Plan, Reinsurance, SelectedDrugs, Sourced, Span,
    Supplement, Transition,
};

const SUPPLEMENT: [(&str, Supplement); 2] =
    [("plan", Supplement::Plan), ("employer", Supplement::Employer)];

/// Reads it.
pub(super) fn read(table: Table<'_>, world: &World<'_>, lists: &Ids) -> Option<PartD> {
    let deductible = sourced(&table, "deductible", cents);
    let coinsurance = sourced(&table, "coinsurance", positive_rate(Percent::WHOLE));
    let threshold = sourced(&table, "threshold", cents);
    note_unreachable_deductible(&table, deductible.as_ref(), threshold.as_ref());
    let supplement = table.required("supplement", one_of(&SUPPLEMENT));
    let discounts =
        complete(table.some_tables("discount", "[[part_d.discount]]"), |row| discount(row, world));
    let reinsurance = sourced(&table, "reinsurance", reinsurance);
    let selected = maybe(&table, "selected", |value| selected(value, lists));
    let insulin = maybe(&table, "insulin", |value| insulin(value, world));
    let vaccines = maybe(&table, "vaccines", |value| named(value, world));
    let low_income = complete(table.some_tables("low_income", "[[part_d.low_income]]"), low_income);
    note_levels(&table, low_income.as_deref());
    let lower_copay = maybe(&table, "lower_copay", |value| named(value, world));
    let transition = maybe(&table, "transition", transition);
    table.end();
    Some(PartD {
        deductible: deductible?,
        coinsurance: coinsurance?,
        threshold: threshold?,
        supplement: supplement?,
        discounts: discounts?,
        reinsurance: reinsurance?,
        selected: selected?,
        insulin: insulin?,
        vaccines: vaccines?,
        low_income: low_income?,
        lower_copay: lower_copay?,
        transition: transition?,
    })
}

/// From 2026 on the law limits what insulin costs by its price as well (42 CFR 423.120(h)).
pub(super) fn note_insulin(table: &Table<'_>, span: Option<Span>, plan: Option<&Plan>) {
    let part_d = plan.and_then(|plan| plan.part_d.as_ref());
    let Some((insulin, span)) = part_d.and_then(|part_d| part_d.insulin.as_ref()).zip(span) else {
        return;
    };
    if insulin.of_price.is_none() && span.to.ymd() >= (2026, 1, 1) {
        let place = Place::line(insulin.source.document, insulin.source.line);
        let text = "`of_price` is missing in `insulin`: from 2026 on it costs at most 25% of its \
                    price (42 CFR 423.120(h))";
        table.report().warning(place, text);
    }
}

/// A deductible above the threshold would never be met.
fn note_unreachable_deductible(
    table: &Table<'_>,
    deductible: Option<&Sourced<openpbm_core::Cents>>,
    threshold: Option<&Sourced<openpbm_core::Cents>>,
) {
    if let (Some(deductible), Some(threshold)) = (deductible, threshold)
        && deductible.value > threshold.value
    {
        let text = format!(
            "the standard deductible of {} is above the threshold of {}",
            deductible.value, threshold.value
        );
        table.report().mistake(table.place_of("deductible"), text);
    }
}

/// Each copay category once, so that no subsidized member is without a copay.
fn note_levels(table: &Table<'_>, rows: Option<&[LowIncome]>) {
    let Some(rows) = rows else { return };
    for level in Circumstances::LOW_INCOME_LEVELS {
        let count = rows.iter().filter(|row| row.level == level).count();
        if count != 1 {
            table.mistake(format!(
                "found {count} rows [[part_d.low_income]] of level {level}, expected one"
            ));
        }
    }
}

fn drugs(value: Value<'_>, world: &World<'_>, row: &Table<'_>) -> Option<DrugSet> {
    let selector = Selector::read(value, world, Scope::Anywhere)?;
    let set = selector.set(world.drugs());
    selector.warn_if_none(set.is_empty(), world, None, row);
    Some(set)
}

fn discount(row: Table<'_>, world: &World<'_>) -> Option<Discount> {
    let drugs = maybe(&row, "where", |value| drugs(value, world, &row));
    let low_income_only = maybe(&row, "low_income_only", flag);
    let initial = row.required("initial", share);
    let catastrophic = row.required("catastrophic", share);
    let source = row.source();
    row.end();
    Some(Discount {
        drugs: drugs?,
        low_income_only: low_income_only?.unwrap_or(false),
        initial: initial?,
        catastrophic: catastrophic?,
        source,
    })
}

fn reinsurance(value: Value<'_>) -> Option<Reinsurance> {
    let table = value.table()?;
    let applicable = table.required("applicable", share);
    let other = table.required("other", share);
    table.end();
    Some(Reinsurance { applicable: applicable?, other: other? })
}

fn selected(value: Value<'_>, lists: &Ids) -> Option<SelectedDrugs> {
    let source = value.place().source();
    let table = value.table()?;
    let list = table.required("list", reference(lists));
    let subsidy = table.required("subsidy", share);
    table.end();
    Some(SelectedDrugs { list: list?, subsidy: subsidy?, source })
}

fn insulin(value: Value<'_>, world: &World<'_>) -> Option<Insulin> {
    let source = value.place().source();
    let table = value.table()?;
    let drugs = table.required("where", |value| drugs(value, world, &table));
    let a_month = table.required("a_month", cents);
    let of_price = maybe(&table, "of_price", positive_rate(Percent::WHOLE));
    table.end();
    Some(Insulin { drugs: drugs?, a_month: a_month?, of_price: of_price?, source })
}

/// Drugs, and the line that names them.
fn named(value: Value<'_>, world: &World<'_>) -> Option<Sourced<DrugSet>> {
    let source = value.place().source();
    let table = value.table()?;
    let drugs = table.required("where", |value| drugs(value, world, &table));
    table.end();
    drugs.map(|value| Sourced { value, source })
}

fn low_income(row: Table<'_>) -> Option<LowIncome> {
    let first = u16::from(*Circumstances::LOW_INCOME_LEVELS.start());
    let last = u16::from(*Circumstances::LOW_INCOME_LEVELS.end());
    let level = row.required("level", whole(first..=last));
    let generic = row.required("generic", cents);
    let brand = row.required("brand", cents);
    let source = row.source();
    row.end();
    Some(LowIncome { level: level?, generic: generic?, brand: brand?, source })
}

fn transition(value: Value<'_>) -> Option<Transition> {
    let source = value.place().source();
    let table = value.table()?;
    let window = table.required("window", whole(DAYS));
    let days = table.required("days", whole(DAYS));
    let tier = table.required("tier", whole(TIERS));
    let filled_within = maybe(&table, "filled_within", whole(DAYS));
    table.end();
    Some(Transition {
        window: window?,
        days: days?,
        tier: tier?,
        filled_within: filled_within?,
        source,
    })
}

/// A part of a price, from nothing to the whole.
fn share(value: Value<'_>) -> Option<Percent> {
    let rate: Percent = parsed(value.clone())?;
    if rate > Percent::WHOLE {
        value.wrong("a part of the price, at most 100%");
        return None;
    }
    Some(rate)
}
