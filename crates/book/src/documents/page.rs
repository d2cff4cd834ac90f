//! The text of a TOML document, and where in it things stand.

use std::ops::Range;

use toml::de::DeTable;

use super::{Place, Report, Table, shown};

/// One TOML document while it is read.
#[derive(Debug)]
pub(crate) struct Page<'r> {
    report: &'r Report,
    document: u16,
    text: String,
    /// Where each line begins.
    starts: Vec<usize>,
    /// Lines that are not TOML. What else seems wrong there follows from that.
    broken: Vec<u32>,
}

impl<'r> Page<'r> {
    /// A document's text.
    pub(crate) fn new(report: &'r Report, document: u16, text: String) -> Self {
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(newlines.map(|(index, _)| index + 1)).collect();
        let mut page = Self { report, document, text, starts, broken: Vec::new() };
        page.broken = page.syntax_mistakes();
        page
    }

    /// Reads the document's outermost table. If the text is not TOML everywhere, the mistakes
    /// are noted and the rest is read as well as it can be.
    pub(crate) fn read<T>(&self, read: impl FnOnce(Table<'_>) -> T) -> T {
        let (table, _) = DeTable::parse_recoverable(&self.text);
        let place = Place { document: self.document, line: 1, column: 1 };
        read(Table::new(self, "the document", place, table.get_ref()))
    }

    /// True if some line is not TOML, so that something may be missing only for that reason.
    pub(crate) fn is_broken(&self) -> bool {
        !self.broken.is_empty()
    }

    /// Where the mistakes go.
    pub(crate) const fn report(&self) -> &'r Report {
        self.report
    }

    /// Which line and character a range of bytes begins at.
    pub(crate) fn place(&self, span: &Range<usize>) -> Place {
        let line = self.starts.partition_point(|start| *start <= span.start);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let before = self.text.get(start..span.start).unwrap_or_default();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Place {
            document: self.document,
            line: number(line),
            column: number(before.trim_start_matches('\u{feff}').chars().count() + 1),
        }
    }

    /// Notes a mistake, unless its line is not TOML in the first place.
    pub(crate) fn mistake_among(&self, place: Place, text: String, found: &str, known: &[&str]) {
        if !self.broken.contains(&place.line) {
            self.report.mistake_among(place, text, found, known.iter().copied());
        }
    }

    fn syntax_mistakes(&self) -> Vec<u32> {
        let (_, errors) = DeTable::parse_recoverable(&self.text);
        let mut lines = Vec::new();
        for error in errors {
            let end = self.text.len();
            let span = error.span().unwrap_or(end..end);
            let place = self.place(&span);
            let found = match self.text.get(span).map(str::trim) {
                Some(found) if !found.is_empty() => format!("found `{}`: ", shown(found)),
                _ => String::new(),
            };
            self.report.mistake(place, format!("not TOML: {found}{}", error.message()));
            lines.push(place.line);
        }
        lines
    }
}
