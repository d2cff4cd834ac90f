//! Every reject code that the engine can answer with stands in a table.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use openpbm_core::RejectCode;

use crate::tables::ALL;
use crate::tables::notation::{Answer, parse};

/// The codes that the engine's sources name, by what follows `RejectCode::`.
fn named_by_the_engine() -> BTreeSet<&'static str> {
    let mut codes = BTreeSet::new();
    let mut places = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(place) = places.pop() {
        if place.is_dir() {
            places.extend(fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = fs::read_to_string(place).unwrap();
        for after in text.split("RejectCode::").skip(1) {
            let name: String = after.chars().take_while(char::is_ascii_alphanumeric).collect();
            let known = RejectCode::ALL.iter().find(|code| format!("{code:?}") == name);
            codes.extend(known.map(|code| code.code()));
        }
    }
    codes
}

fn in_the_tables() -> BTreeSet<String> {
    let rows = ALL.iter().flat_map(|table| parse(table));
    rows.filter_map(|row| match row.answer {
        Answer::Reject { codes, .. } => Some(codes),
        _ => None,
    })
    .flatten()
    .map(str::to_owned)
    .collect()
}

#[test]
fn every_code_of_the_engine_has_a_row() {
    let (engine, tables) = (named_by_the_engine(), in_the_tables());
    assert!(engine.len() > 30, "the engine's codes were not found: {engine:?}");
    let missing: Vec<_> = engine.iter().filter(|code| !tables.contains(**code)).collect();
    assert!(missing.is_empty(), "no table has a row for {missing:?}");
}

#[test]
fn every_code_of_the_first_release_has_a_row() {
    let wanted = "40 50 51 52 53 54 56 60 61 65 67 68 69 70 71 75 76 77 79 7X 81 82 83 84 87 88 9G \
                  608 925 MR 09 10 13 99";
    let tables = in_the_tables();
    let missing: Vec<_> = wanted.split(' ').filter(|code| !tables.contains(*code)).collect();
    assert!(missing.is_empty(), "no table has a row for {missing:?}");
}

#[test]
fn labels_are_unique_and_there_are_rows_enough() {
    let mut rows = 0;
    for table in ALL {
        let labels: Vec<_> = parse(table).iter().map(|row| row.label).collect();
        rows += labels.len();
        let distinct: BTreeSet<_> = labels.iter().collect();
        assert_eq!(distinct.len(), labels.len(), "a label stands twice in {labels:?}");
    }
    assert!(rows >= 80, "only {rows} rows");
}
