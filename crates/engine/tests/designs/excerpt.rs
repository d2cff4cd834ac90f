//! A few lines of a book, put into the base book.

use std::collections::BTreeSet;
use std::path::Path;

use openpbm_book::{Book, Folder, InMemory};

use super::Excerpt;

const BASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/designs/base");

/// A header and the lines below it; the first part of a document has none.
#[derive(Debug)]
struct Part {
    header: String,
    lines: Vec<String>,
}

impl Part {
    fn is_row(&self) -> bool {
        self.header.starts_with("[[") && self.header != "[[network]]"
    }
}

/// The book, with lines put into its documents.
pub(super) fn put(excerpts: &[Excerpt]) -> Book {
    let mut documents = InMemory::copy_of(&Folder::new(Path::new(BASE))).unwrap();
    for (document, lines) in excerpts {
        documents.put(document, with(document, lines));
    }
    Book::from_documents(&documents).unwrap_or_else(|wrong| panic!("{excerpts:?}\n{wrong}"))
}

/// True if a place of the book, as `plans/commercial.toml:14`, is one of the lines.
pub(super) fn holds((document, lines): &Excerpt, place: &str) -> bool {
    let number = place.strip_prefix(document.as_str()).and_then(|rest| rest.strip_prefix(':'));
    number.is_some_and(|number| {
        let text = with(document, lines);
        let line = text.lines().nth(number.parse::<usize>().unwrap() - 1).unwrap();
        lines.lines().any(|known| known == line)
    })
}

fn with(document: &str, lines: &str) -> String {
    merged(&std::fs::read_to_string(Path::new(BASE).join(document)).unwrap(), lines)
}

/// Keys go to the table of their header, and replace those of the same name; rows go before the
/// rows of the base, because the first one that fits applies, and replace one of the same first
/// key. In a formulary the last row that fits applies.
fn merged(base: &str, excerpt: &str) -> String {
    let mut all = parts(base);
    let rows = parts(excerpt);
    let same = |known: &Part, part: &Part| {
        known.header == part.header && known.lines.first() == part.lines.first()
    };
    all.retain(|known| !known.is_row() || rows.iter().all(|part| !same(known, part)));
    for (place, part) in parts(excerpt).into_iter().enumerate() {
        let found = all.iter().position(|known| known.header == part.header);
        match found {
            Some(found) if !part.is_row() => take(&mut all[found], part),
            Some(_) if part.header == "[[place]]" => all.push(part),
            Some(found) => {
                // After those of the excerpt that were put there before.
                let before = parts(excerpt).into_iter().take(place);
                let before = before.filter(|known| known.header == part.header).count();
                all.insert(found + before, part);
            }
            None => all.push(part),
        }
    }
    let text = |part: &Part| format!("{}\n{}\n", part.header, part.lines.join("\n"));
    all.iter().map(text).collect()
}

fn take(known: &mut Part, part: Part) {
    let key = |line: &str| line.split_once('=').map(|(key, _)| key.trim().to_owned());
    let keys: BTreeSet<_> = part.lines.iter().filter_map(|line| key(line)).collect();
    known.lines.retain(|line| key(line).is_none_or(|key| !keys.contains(&key)));
    known.lines.extend(part.lines);
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = vec![Part { header: String::new(), lines: Vec::new() }];
    for line in text.lines() {
        if line.starts_with('[') {
            parts.push(Part { header: line.to_owned(), lines: Vec::new() });
        } else {
            parts.last_mut().unwrap().lines.push(line.to_owned());
        }
    }
    parts.retain(|part| !part.header.is_empty() || part.lines.iter().any(|line| !line.is_empty()));
    parts
}

#[test]
fn keys_replace_and_rows_come_first() {
    let base = "a = 1\nb = 2\n[t]\nx = 1\n[[r]]\ny = 1\n";
    let text = merged(base, "b = 3\n[t]\nz = 2\n[[r]]\ny = 2\n[[r]]\ny = 3\n[u]\nv = 1\n");
    let wanted = "\na = 1\nb = 3\n[t]\nx = 1\nz = 2\n[[r]]\ny = 2\n[[r]]\ny = 3\n[[r]]\ny = 1\n\
                  [u]\nv = 1\n";
    assert_eq!(text, wanted);
}
