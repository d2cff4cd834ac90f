//! Plans of Medicare Part D: parameters of two years, enhanced alternatives and employers' wraps,
//! phased discounts, vaccines, transition supplies.

use toml::{Table, Value};

use super::book::{money, percentage};
use super::{Rng, row};
use crate::{Change, Documents, Rules};

const PDP: &str = "plans/pdp.toml";
const EGW: &str = "plans/egw.toml";
const FORMULARY: &str = "formularies/cascade.toml";

/// Changes of the plan of Part D, and of what it places.
pub(super) fn changes(base: &Documents, rules: &Rules, rng: &mut Rng) -> Vec<Change> {
    let mut changes = Vec::new();
    let set = |at: &[&str], to: Value| Change::set(PDP, at, to);
    let (deductible, threshold) =
        rng.pick([(59_000, 200_000), (61_500, 210_000), (4_000, 60_000), (1_500, 9_999)]);
    if rng.percent(60) {
        changes.push(set(&["part_d", "deductible"], money(deductible)));
        changes.push(set(&["part_d", "threshold"], money(threshold)));
        changes.push(set(&["deductible", "person"], money(deductible)));
        changes.push(set(&["part_d", "coinsurance"], percentage(rng.pick([2_500, 3_333]))));
    }
    if rng.percent(30) {
        changes.push(set(&["part_d", "supplement"], "employer".into()));
    }
    if rng.percent(30) {
        changes.push(set(&["part_d", "insulin", "a_month"], money(rng.pick([500, 2_000, 3_500]))));
    }
    changes.extend(match rng.between(1, 4) {
        1 => Some(Change::remove(PDP, &["part_d", "insulin", "of_price"])),
        2 => Some(set(&["part_d", "insulin", "of_price"], percentage(rng.pick([1_000, 3_333])))),
        _ => None,
    });
    if rng.percent(50) {
        changes.extend(enhanced(deductible, rng));
    }
    if rng.percent(40) {
        changes.extend(discounts(rules, rng));
    }
    if rng.percent(25)
        && let Some(selector) = row::selector(rules, rng)
    {
        let vaccines = Table::from_iter([("where".to_owned(), selector.into())]);
        changes.push(set(&["part_d", "vaccines"], vaccines.into()));
    }
    if rng.percent(40)
        && let Some(selector) = row::selector(rules, rng)
    {
        let cheaper = Table::from_iter([("where".to_owned(), selector.into())]);
        changes.push(set(&["part_d", "lower_copay"], cheaper.into()));
    }
    if rng.percent(50) {
        for _ in 0..rng.between(1, 4) {
            changes.extend(restricted(rules, rng));
        }
    }
    if rng.percent(5) {
        // Generics are listed no more, but for those that a later row lists.
        changes.push(Change::set(FORMULARY, &["place", "0", "days_max"], 90));
        changes.push(Change::remove(FORMULARY, &["place", "0", "tier"]));
    }
    if rng.percent(60) {
        let mut rule = Table::new();
        rule.insert("window".to_owned(), rng.pick([30, 90, 200]).into());
        rule.insert("days".to_owned(), rng.pick([30, 31, 60]).into());
        rule.insert("tier".to_owned(), rng.pick([1, 4]).into());
        if rng.percent(70) {
            rule.insert("filled_within".to_owned(), rng.pick([60, 180]).into());
        }
        changes.push(set(&["part_d", "transition"], rule.into()));
        if rng.percent(50) {
            changes.extend(next_formulary(base, rules, rng).unwrap_or_default());
        }
    }
    if rng.percent(80) {
        changes.extend(another_group(base, rng).unwrap_or_default());
    }
    changes
}

/// Another group of Medicare, to which families move, with the same plan or one of its own.
fn another_group(base: &Documents, rng: &mut Rng) -> Option<Vec<Change>> {
    let mut changes = Vec::new();
    let plan = if rng.percent(50) { "pdp" } else { "egw" };
    if plan == "egw" {
        let mut own: Table = base.get(PDP)?.parse().ok()?;
        own.insert("id".to_owned(), plan.into());
        changes.push(Change::set(EGW, &[], toml::to_string(&own).ok()?));
        changes.push(match rng.percent(30) {
            true => Change::remove(EGW, &["deductible"]),
            false => {
                let most = rng.pick([5_000, 30_000, 61_500]);
                Change::set(EGW, &["deductible", "person"], money(most))
            }
        });
        if rng.percent(30) {
            changes.push(Change::set(EGW, &["part_d", "supplement"], "employer"));
        }
    }
    let texts = [
        ("id", "CSCEGW"),
        ("name", "Cascade retirees"),
        ("sponsor", "Cascade Health"),
        ("line", "medicare"),
        ("plan", plan),
    ];
    let mut group: Table =
        texts.into_iter().map(|(key, text)| (key.to_owned(), text.into())).collect();
    if rng.percent(75) {
        let others = rng.pick::<&[&str], 2>([&["CSCPDP"], &["CSCPDP", "CSCPPO", "CSCHDHP"]]);
        let others = others.iter().map(|id| Value::from(*id)).collect();
        group.insert("continues".to_owned(), Value::Array(others));
    }
    group.insert("from".to_owned(), day("2026-01-01")?);
    changes.push(Change::set("groups.toml", &["group", "+"], group));
    Some(changes)
}

fn day(text: &str) -> Option<Value> {
    text.parse::<toml::value::Datetime>().ok().map(Value::from)
}

/// A row about one drug that Part B may cover, or that is restricted.
fn restricted(rules: &Rules, rng: &mut Rng) -> Option<Change> {
    let drug = rng.choose(&rules.drugs)?;
    let selector = Table::from_iter([("ingredient".to_owned(), drug.ingredient.as_str().into())]);
    let table = |keys: &[(&str, Value)]| -> Value {
        Value::Table(keys.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    };
    let (key, value) = match rng.between(1, 4) {
        1 => ("authorization", table(&[])),
        2 => ("quantity", table(&[("units", "6".into()), ("days", 30.into())])),
        _ => ("part_b", part_b(rng).into()),
    };
    let mut row = Table::new();
    row.insert("name".to_owned(), "a restricted drug".into());
    row.insert("where".to_owned(), selector.into());
    row.insert(key.to_owned(), value);
    Some(Change::set(FORMULARY, &["place", "+"], row))
}

/// Always, or with diagnoses, or at residences, or with both.
pub(super) fn part_b(rng: &mut Rng) -> Table {
    let mut rule = Table::new();
    if rng.percent(60) {
        let codes = rng.pick::<&[&str], 2>([&["E11"], &["Z94", "I10"]]);
        let codes = codes.iter().map(|code| Value::from(*code)).collect();
        rule.insert("diagnoses".to_owned(), Value::Array(codes));
    }
    if rng.percent(50) {
        let codes = rng.pick::<&[i64], 2>([&[1], &[1, 4]]);
        let codes = codes.iter().map(|code| Value::from(*code)).collect();
        rule.insert("residences".to_owned(), Value::Array(codes));
    }
    rule
}

/// A deductible and shares of the plan's own, lower than the standard's or above them.
fn enhanced(standard: i64, rng: &mut Rng) -> Vec<Change> {
    let mut changes = Vec::new();
    changes.push(match rng.percent(40) {
        true => Change::remove(PDP, &["deductible"]),
        false => {
            let mut limit = Table::new();
            limit.insert("person".to_owned(), money(rng.pick([0, 5_000, 20_000, standard])));
            if rng.percent(50) {
                limit.insert("tiers".to_owned(), vec![Value::from(3), 4.into(), 5.into()].into());
            }
            Change::set(PDP, &["deductible"], limit)
        }
    });
    let row = |keys: Vec<(&str, Value)>| {
        Value::Table(keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    };
    let tiers = |tiers: &[i64]| Value::Array(tiers.iter().map(|tier| Value::from(*tier)).collect());
    let shares = vec![
        row(vec![("tiers", tiers(&[0, 1])), ("copay", money(rng.pick([0, 500, 1_000])))]),
        row(vec![("tiers", tiers(&[3])), ("copay", money(rng.pick([1_200, 4_700])))]),
        row(vec![("coinsurance", percentage(rng.pick([1_000, 2_500, 4_000])))]),
    ];
    changes.push(Change::set(PDP, &["share"], Value::Array(shares)));
    changes
}

/// Phased discounts of some drugs before that of all.
fn discounts(rules: &Rules, rng: &mut Rng) -> Vec<Change> {
    let row = |rates: (i64, i64)| {
        let rates = [("initial", rates.0), ("catastrophic", rates.1)];
        Table::from_iter(rates.map(|(key, rate)| (key.to_owned(), percentage(rate))))
    };
    let mut phased = row(rng.pick([(100, 100), (200, 200), (0, 500)]));
    if let Some(selector) = row::selector(rules, rng) {
        phased.insert("where".to_owned(), selector.into());
    }
    if rng.percent(50) {
        phased.insert("low_income_only".to_owned(), true.into());
    }
    let rows = vec![Value::from(phased), row((1_000, 2_000)).into()];
    vec![Change::set(PDP, &["part_d", "discount"], Value::Array(rows))]
}

/// A formulary that another one follows in the middle of the year, with more rows.
fn next_formulary(base: &Documents, rules: &Rules, rng: &mut Rng) -> Option<Vec<Change>> {
    let mut version: Table = base.get(FORMULARY)?.parse().ok()?;
    version.insert("from".to_owned(), day("2026-07-01")?);
    let rows = version.get_mut("place")?.as_array_mut()?;
    for _ in 0..rng.between(1, 6) {
        rows.push(row::row(rules, rng)?.into());
    }
    // Drugs that the formulary lists no more have nothing but a name left.
    if rng.percent(50) {
        let place = usize::try_from(rng.between(0, 8)).ok()?;
        let row = rows.get_mut(place)?.as_table_mut()?;
        if row.remove("tier").is_some() {
            row.insert("days_max".to_owned(), 90.into());
        }
    }
    Some(vec![
        Change::set(FORMULARY, &["to"], day("2026-06-30")?),
        Change::set("formularies/cascade-next.toml", &[], toml::to_string(&version).ok()?),
    ])
}
