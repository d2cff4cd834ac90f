//! New rows of a formulary: about drugs like one of the book's, said in one of the many ways in
//! which a selector can say it, with conditions of every kind.

use openpbm_core::ProductKind;
use toml::{Table, Value};

use super::{Rng, part_d};
use crate::Rules;
use crate::rules::Drug;

/// A row to add to a formulary.
pub(super) fn row(rules: &Rules, rng: &mut Rng) -> Option<Table> {
    let mut selector = selector(rules, rng)?;
    if rng.percent(15) {
        let cost = Value::from(rng.pick(["5.00", "20.00", "50.00", "400.00", "950.00"]));
        selector.insert(rng.pick(["cost_30_over", "cost_30_from"]).to_owned(), cost);
    }
    if rng.percent(10) {
        selector.insert("kind".to_owned(), "brand".into());
        selector.insert("generic_on_formulary".to_owned(), rng.percent(50).into());
    }
    let mut row = table([("name", "another rule".into()), ("where", selector.into())]);
    for _ in 0..rng.between(1, 3) {
        let (key, value) = part(rules, rng)?;
        row.insert(key.to_owned(), value);
    }
    Some(row)
}

/// What a row may set.
fn part(rules: &Rules, rng: &mut Rng) -> Option<(&'static str, Value)> {
    let days = Value::from(rng.pick([7, 28, 30, 60]));
    Some(match rng.between(1, 17) {
        1..=3 => ("tier", rng.between(0, 5).into()),
        4 => ("days_max", days),
        5 | 6 => {
            let units = rng.pick(["6", "30", "31.5", "60"]).into();
            ("quantity", table([("units", units), ("days", days)]).into())
        }
        7 => ("ages", ages(rng)),
        8 => ("sex", rng.pick(["female", "male"]).into()),
        9 => ("channel", rng.pick(["retail", "mail", "specialty"]).into()),
        10 => ("exclude", "not in this benefit".into()),
        11 => {
            let codes = rng.pick::<&[&str], 3>([&[], &["E11"], &["E1165", "I10"]]);
            let codes = Value::Array(codes.iter().map(|code| Value::from(*code)).collect());
            let has_codes = codes.as_array().is_some_and(|codes| !codes.is_empty());
            let rule = if has_codes { table([("diagnoses", codes)]) } else { Table::new() };
            ("authorization", rule.into())
        }
        12 => {
            let within = rng.pick([30, 90]).into();
            let drugs = selector(rules, rng)?.into();
            let name = "another drug".into();
            (
                "step",
                table([("name", name), ("drugs", drugs), ("days", days), ("within", within)])
                    .into(),
            )
        }
        15 => ("not_part_d", rng.percent(80).into()),
        14 => ("preferred", rng.percent(20).into()),
        16 => ("part_b", part_d::part_b(rng).into()),
        13 => ("first_fill", table([("days", days), ("within", 60.into())]).into()),
        _ => {
            let mut rule = table([("tier", rng.between(0, 5).into()), ("ages", ages(rng))]);
            if rng.percent(40) {
                let (key, value) = match rng.between(1, 3) {
                    1 => ("sex", rng.pick(["female", "male"]).into()),
                    2 => ("pregnant", true.into()),
                    _ => ("diagnoses", Value::Array(vec!["E11".into(), "Z206".into()])),
                };
                rule.insert(key.to_owned(), value);
                if rng.percent(50) {
                    rule.remove("ages");
                }
            }
            ("preventive", rule.into())
        }
    })
}

/// Conditions that one drug of the book meets.
pub(super) fn selector(rules: &Rules, rng: &mut Rng) -> Option<Table> {
    let drug = rng.choose(&rules.drugs)?;
    let mut selector = Table::new();
    for _ in 0..rng.between(1, 2) {
        let (key, value) = condition(drug, rng)?;
        selector.insert(key.to_owned(), value);
    }
    Some(selector)
}

fn condition(drug: &Drug, rng: &mut Rng) -> Option<(&'static str, Value)> {
    let first_word = |text: &str| text.split([' ', ',']).next().unwrap_or_default().to_owned();
    let ingredients: Vec<_> = drug.ingredient.split(" / ").collect();
    Some(match rng.between(1, 11) {
        1 | 2 => ("class", texts(drug.class.clone()?, rng)),
        3 => {
            let reversed: Vec<_> = ingredients.iter().rev().copied().collect();
            ("ingredient", texts(reversed.join(" / "), rng))
        }
        4 => ("ingredient", texts(first_word(&drug.ingredient), rng)),
        5 => ("any_ingredient", texts(first_word(rng.choose(&ingredients)?), rng)),
        6 => ("strength", texts(drug.strength.clone(), rng)),
        7 => ("form", texts(first_word(&drug.form), rng)),
        8 => ("brand", texts(first_word(&drug.name), rng)),
        9 => match drug.schedule {
            Some(schedule) if rng.percent(50) => ("schedule", i64::from(schedule).into()),
            _ => ("schedule", Value::Array(vec![2.into(), 4.into()])),
        },
        10 => ("ndc", drug.ndc.to_string().into()),
        _ => match drug.kind {
            ProductKind::Brand => ("kind", "brand".into()),
            ProductKind::Generic => ("otc", drug.otc.into()),
        },
    })
}

/// A text or a list with it, in small or large letters.
fn texts(text: String, rng: &mut Rng) -> Value {
    let text = if rng.percent(30) { text.to_ascii_uppercase() } else { text };
    if rng.percent(50) { text.into() } else { vec![Value::from(text), "aspirin".into()].into() }
}

fn ages(rng: &mut Rng) -> Value {
    let (from, to) = rng.pick([(0, 17), (12, 120), (18, 64), (40, 75)]);
    Value::Array(vec![from.into(), to.into()])
}

fn table<const N: usize>(keys: [(&str, Value); N]) -> Table {
    keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
