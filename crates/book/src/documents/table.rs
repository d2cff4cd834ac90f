//! A TOML table read key by key; the keys that nobody asked for are mistakes.

use std::cell::RefCell;

use openpbm_core::Source;
use toml::de::{DeTable, DeValue};

use super::{Page, Place, Report, Value};
use crate::Sourced;

/// A table of a document.
#[derive(Debug)]
pub(crate) struct Table<'d> {
    page: &'d Page<'d>,
    /// What it is called in messages, like `[[group]]`.
    label: String,
    place: Place,
    entries: &'d DeTable<'d>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'d> Table<'d> {
    pub(crate) fn new(
        page: &'d Page<'d>,
        label: impl Into<String>,
        place: Place,
        entries: &'d DeTable<'d>,
    ) -> Self {
        Self { page, label: label.into(), place, entries, asked: RefCell::default() }
    }

    /// Where it begins.
    pub(crate) const fn place(&self) -> Place {
        self.place
    }

    /// The line where it begins.
    pub(crate) const fn source(&self) -> Source {
        self.place.source()
    }

    /// Where the mistakes go.
    pub(crate) const fn report(&self) -> &'d Report {
        self.page.report()
    }

    /// Notes a mistake about the table as a whole.
    pub(crate) fn mistake(&self, text: impl Into<String>) {
        self.page.mistake_among(self.place, text.into(), "", &[]);
    }

    /// Notes that something is missing, unless the document is not TOML in places, which may be
    /// why.
    pub(crate) fn missing(&self, text: impl Into<String>) {
        if !self.page.is_broken() {
            self.mistake(text);
        }
    }

    /// Where a key stands; the table's own place if it is not there.
    pub(crate) fn place_of(&self, key: &'static str) -> Place {
        self.get(key).map_or(self.place, |value| value.key_place())
    }

    /// True if the key is there.
    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.entries.get(key).is_some()
    }

    /// True if there is no key at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What a key must say. `None` if a mistake was noted.
    pub(crate) fn required<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(Value<'d>) -> Option<T>,
    ) -> Option<T> {
        let value = self.get(key);
        if value.is_none() {
            self.missing(format!("`{key}` is missing in {}", self.label));
        }
        read(value?)
    }

    /// What a key may say. `None` if it is not there, or a mistake was noted.
    pub(crate) fn optional<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(Value<'d>) -> Option<T>,
    ) -> Option<T> {
        read(self.get(key)?)
    }

    /// What a key may say, with the key's line.
    pub(crate) fn sourced<T>(
        &self,
        key: &'static str,
        read: impl FnOnce(Value<'d>) -> Option<T>,
    ) -> Option<Sourced<T>> {
        let source = self.place_of(key).source();
        self.optional(key, read).map(|value| Sourced { value, source })
    }

    /// A table that may stand under a key.
    pub(crate) fn table(&self, key: &'static str) -> Option<Table<'d>> {
        self.optional(key, Value::table)
    }

    /// The tables of an array, like all `[[group]]`; none if the key is not there.
    pub(crate) fn tables(&self, key: &'static str, label: &'static str) -> Vec<Table<'d>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(items) = value.inner() else {
            value.wrong(&format!("tables, each under its own {label}"));
            return Vec::new();
        };
        let tables = items.iter().filter_map(|item| {
            let table = self.page_value(key, item).table()?;
            Some(Table { label: label.to_owned(), ..table })
        });
        tables.collect()
    }

    /// The tables of an array of which there must be one.
    pub(crate) fn some_tables(&self, key: &'static str, label: &'static str) -> Vec<Table<'d>> {
        let tables = self.tables(key, label);
        if !self.has(key) {
            self.missing(format!("found no {label}, expected at least one"));
        }
        tables
    }

    /// Says which keys nobody asked for. To be called when all keys were asked for.
    pub(crate) fn end(self) {
        let asked = self.asked.borrow();
        for (key, _) in self.entries {
            let name = key.get_ref().as_ref();
            if !asked.contains(&name) {
                let mut known = asked.clone();
                known.sort_unstable();
                let text = format!(
                    "found the key `{}` in {}, expected only {}",
                    super::shown(name),
                    self.label,
                    known.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", "),
                );
                self.page.mistake_among(self.page.place(&key.span()), text, name, &asked);
            }
        }
    }

    fn get(&self, key: &'static str) -> Option<Value<'d>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        let (spanned_key, value) = self.entries.get_key_value(key)?;
        Some(Value::new(self.page, key, spanned_key.span(), value))
    }

    fn page_value(&self, key: &'static str, item: &'d toml::Spanned<DeValue<'d>>) -> Value<'d> {
        Value::new(self.page, key, item.span(), item)
    }
}
