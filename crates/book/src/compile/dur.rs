//! `dur.toml`: what the pharmacist must look at before dispensing. The document is optional.

use super::drugs::DrugTables;
use super::selectors::{Scope, Selector, World};
use super::{Kind, Loader};
use crate::documents::{Table, Value, flag, list_or_none, text, whole};
use crate::{DurConflict, DurRule};

/// Reads it.
pub(super) fn read(loader: &mut Loader<'_>, drugs: &DrugTables) -> Vec<DurRule> {
    let mut rules = Vec::new();
    let world = World::new(drugs);
    for document in loader.of_kind(|kind| *kind == Kind::Dur) {
        loader.toml(document, |table| {
            for row in table.some_tables("rule", "[[rule]]") {
                rules.extend(rule(row, &world));
            }
            table.end();
        });
    }
    rules
}

fn rule(row: Table<'_>, world: &World<'_>) -> Option<DurRule> {
    let select = |value: Value<'_>| {
        let selector = Selector::read(value, world, Scope::Anywhere)?;
        let set = selector.set(world.drugs());
        selector.warn_if_none(set.is_empty(), world, None, &row);
        Some(set)
    };
    let name = row.required("name", text);
    let drugs = row.required("drugs", select);
    let with = row.optional("with", select);
    let allergy = row.optional("allergy", text);
    let pregnancy = row.optional("pregnancy", flag);
    let conflicts = ["with", "allergy", "pregnancy"].into_iter().filter(|key| row.has(key));
    let count = conflicts.count();
    if count != 1 {
        let text = format!("found {count} of `with`, `allergy` and `pregnancy`, expected one");
        row.missing(text);
    }
    if pregnancy == Some(false) {
        row.mistake("`pregnancy`: found `false`, expected `true` or no such key");
    }
    let conflict = with
        .map(DurConflict::With)
        .or(allergy.map(|allergy| DurConflict::Allergy(allergy.to_lowercase().into())))
        .or(pregnancy.map(|_| DurConflict::Pregnancy));
    let reason = row.required("reason", code("a reason for service (439-E4), like `DD`"));
    let significance = row.required("significance", whole(1..=3));
    let text = row.required("text", text);
    let overrides =
        row.required("overrides", list_or_none(code("a result of service (441-E6), like `1G`")));
    let source = row.source();
    row.end();
    Some(DurRule {
        name: name?,
        drugs: drugs?,
        conflict: conflict?,
        reason: reason?,
        significance: significance?,
        text: text?,
        overrides: overrides?,
        source,
    })
}

/// A code of two capital letters or digits.
fn code<'d>(expected: &'static str) -> impl Fn(Value<'d>) -> Option<Box<str>> {
    move |value| {
        let code = value.str(expected)?;
        let right = code.len() == 2
            && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if !right {
            value.wrong(expected);
        }
        right.then(|| code.into())
    }
}
