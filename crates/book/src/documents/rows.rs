//! A CSV document read row by row, never held as a whole. Columns are found by their names in
//! the header, in any order. A row is one line: a quoted cell may hold commas and doubled
//! quotes, but no line break, so that line numbers are true and an unclosed quote harms one row.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;
use std::str::FromStr;

use openpbm_core::ParseError;

use super::{Digesting, Place, Report, any_of, shown};

/// No row of a table is longer; a file without line breaks is not a table.
const LONGEST_LINE: u64 = 1 << 20;

/// The rows of one CSV document.
pub(crate) struct Rows<'r, R> {
    report: &'r Report,
    document: u16,
    reader: BufReader<Digesting<R>>,
    header: Header,
    line: Line,
}

/// Which cell holds which column.
#[derive(Default)]
struct Header {
    /// The names that the reader knows, each with its cell if the header has it.
    columns: Vec<(&'static str, Option<usize>)>,
    width: usize,
    /// False if the rows cannot be read.
    usable: bool,
}

/// The line that was read last.
#[derive(Default)]
struct Line {
    number: u32,
    bytes: Vec<u8>,
    /// The cells' text, one after the other.
    text: String,
    cells: Vec<Range<usize>>,
}

impl<'r, R: Read> Rows<'r, R> {
    /// Reads the header. Columns that are missing or unknown are noted as mistakes.
    pub(crate) fn open(
        report: &'r Report,
        document: u16,
        reader: R,
        required: &[&'static str],
        optional: &[&'static str],
    ) -> io::Result<Self> {
        let reader = BufReader::with_capacity(1 << 16, Digesting::new(reader));
        let (header, line) = (Header::default(), Line::default());
        let mut rows = Self { report, document, reader, header, line };
        if rows.next_line()? {
            rows.header = rows.read_header(required, optional);
        } else {
            let text = format!("found no header, expected the columns {}", listed(required));
            report.mistake(Place::whole(document), text);
        }
        Ok(rows)
    }

    /// Gives each row that can be read to `take`.
    pub(crate) fn each(&mut self, mut take: impl FnMut(&Row<'_>)) -> io::Result<()> {
        while self.header.usable && self.next_line()? {
            let place = Place::line(self.document, self.line.number);
            let (found, expected) = (self.line.cells.len(), self.header.width);
            if found != expected {
                let text = format!("found {found} cells, expected {expected} as in the header");
                self.report.mistake(place, text);
                continue;
            }
            take(&Row { report: self.report, place, header: &self.header, line: &self.line });
        }
        Ok(())
    }

    /// The digest of the whole document.
    pub(crate) fn finish(self) -> io::Result<[u8; 32]> {
        self.reader.into_inner().finish()
    }

    /// Reads and splits the next line that is not blank; false at the end.
    fn next_line(&mut self) -> io::Result<bool> {
        loop {
            self.line.bytes.clear();
            let mut limited = (&mut self.reader).take(LONGEST_LINE);
            let count = limited.read_until(b'\n', &mut self.line.bytes)?;
            if count == 0 {
                return Ok(false);
            }
            self.line.number = self.line.number.saturating_add(1);
            let place = Place::line(self.document, self.line.number);
            if u64::try_from(count).unwrap_or(u64::MAX) >= LONGEST_LINE {
                let text = format!("found a line of {LONGEST_LINE} bytes or more, expected a row");
                self.report.mistake(place, text);
                return Ok(false);
            }
            match self.line.split() {
                Ok(true) => return Ok(true),
                Ok(false) => {}
                Err(text) => self.report.mistake(place, text),
            }
        }
    }

    fn read_header(&self, required: &[&'static str], optional: &[&'static str]) -> Header {
        let place = Place::line(self.document, self.line.number);
        let names: Vec<&str> = (0..self.line.cells.len()).map(|i| self.line.cell(i)).collect();
        let known: Vec<&'static str> = required.iter().chain(optional).copied().collect();
        let mut usable = true;
        for (index, name) in names.iter().enumerate() {
            if !known.contains(name) {
                let found = shown(name);
                let text = format!("found the column `{found}`, expected only {}", listed(&known));
                self.report.mistake_among(place, text, name, known.iter().copied());
            } else if names.iter().take(index).any(|earlier| earlier == name) {
                self.report.mistake(place, format!("the column `{name}` stands here twice"));
            }
        }
        for name in required.iter().filter(|name| !names.contains(name)) {
            self.report.mistake(place, format!("the column `{name}` is missing"));
            usable = false;
        }
        let position = |name: &&'static str| (*name, names.iter().position(|n| n == name));
        Header { columns: known.iter().map(position).collect(), width: names.len(), usable }
    }
}

impl Line {
    /// Splits the line into its cells; false if it is blank.
    fn split(&mut self) -> Result<bool, &'static str> {
        let bytes = std::mem::take(&mut self.bytes);
        let split = self.split_bytes(&bytes);
        self.bytes = bytes;
        split
    }

    fn split_bytes(&mut self, bytes: &[u8]) -> Result<bool, &'static str> {
        self.text.clear();
        self.cells.clear();
        let line = std::str::from_utf8(bytes)
            .map_err(|_| "found bytes that are not UTF-8, expected UTF-8 text")?;
        let line = if self.number == 1 { line.trim_start_matches('\u{feff}') } else { line };
        let line = line.trim_end_matches(['\n', '\r']);
        if line.trim().is_empty() {
            return Ok(false);
        }
        if line.contains('"') {
            self.split_quoted(line)?
        } else {
            self.split_plain(line)
        }
        Ok(true)
    }

    fn split_plain(&mut self, line: &str) {
        self.text.push_str(line);
        let mut start = 0;
        for (comma, _) in line.match_indices(',') {
            self.cells.push(start..comma);
            start = comma + 1;
        }
        self.cells.push(start..line.len());
    }

    fn split_quoted(&mut self, line: &str) -> Result<(), &'static str> {
        let mut rest = line;
        loop {
            let start = self.text.len();
            rest = match rest.trim_start().strip_prefix('"') {
                Some(quoted) => self.take_quoted(quoted)?,
                None => {
                    let end = rest.find(',').unwrap_or(rest.len());
                    let (cell, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
                    self.text.push_str(cell);
                    after
                }
            };
            self.cells.push(start..self.text.len());
            match rest.strip_prefix(',') {
                Some(after) => rest = after,
                None if rest.trim().is_empty() => return Ok(()),
                None => return Err("found text behind a closing quote, expected a comma"),
            }
        }
    }

    /// Takes a quoted cell up to its closing quote; gives what follows.
    fn take_quoted<'l>(&mut self, mut rest: &'l str) -> Result<&'l str, &'static str> {
        loop {
            let (cell, after) = rest
                .split_once('"')
                .ok_or("found a quote that is not closed on its line, expected a closing quote")?;
            self.text.push_str(cell);
            match after.strip_prefix('"') {
                Some(more) => {
                    self.text.push('"');
                    rest = more;
                }
                None => return Ok(after.trim_start_matches(' ')),
            }
        }
    }

    fn cell(&self, index: usize) -> &str {
        let range = self.cells.get(index).cloned().unwrap_or_default();
        self.text.get(range).unwrap_or_default().trim()
    }
}

/// One row.
pub(crate) struct Row<'a> {
    report: &'a Report,
    place: Place,
    header: &'a Header,
    line: &'a Line,
}

impl<'a> Row<'a> {
    /// The row's line.
    pub(crate) const fn place(&self) -> Place {
        self.place
    }

    /// A cell's text without the blanks around it; empty if the table has no such column.
    pub(crate) fn cell(&self, column: &'static str) -> &'a str {
        let found = self.header.columns.iter().find(|(name, _)| *name == column);
        found.and_then(|(_, index)| *index).map_or("", |index| self.line.cell(index))
    }

    /// A text that must be there.
    pub(crate) fn text(&self, column: &'static str) -> Option<&'a str> {
        let text = self.cell(column);
        if text.is_empty() {
            self.wrong(column, "a text");
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// What a cell must say.
    pub(crate) fn required<T: FromStr<Err = ParseError>>(&self, column: &'static str) -> Option<T> {
        let parsed = self.cell(column).parse::<T>();
        if let Err(error) = &parsed {
            self.wrong(column, error.expected);
        }
        parsed.ok()
    }

    /// What a cell says, if it says anything. `None` as well if a mistake was noted.
    pub(crate) fn optional<T: FromStr<Err = ParseError>>(&self, column: &'static str) -> Option<T> {
        if self.cell(column).is_empty() { None } else { self.required(column) }
    }

    /// Which of a few words a cell says, whatever their case.
    pub(crate) fn choice<T: Copy>(&self, column: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.cell(column);
        let choice = choices.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
        if choice.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            self.wrong_among(column, &any_of(&names), &names);
        }
        choice.map(|(_, choice)| *choice)
    }

    /// The same for a cell that may be empty.
    pub(crate) fn optional_choice<T: Copy>(
        &self,
        column: &'static str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        if self.cell(column).is_empty() { None } else { self.choice(column, choices) }
    }

    /// Notes what was found in a cell and what would be right.
    pub(crate) fn wrong(&self, column: &'static str, expected: &str) {
        self.wrong_among(column, expected, &[]);
    }

    /// Notes the same, with the words that may have been meant.
    pub(crate) fn wrong_among(&self, column: &'static str, expected: &str, known: &[&str]) {
        let cell = self.cell(column);
        let found = match cell {
            "" => "nothing".to_owned(),
            cell => format!("`{}`", shown(cell)),
        };
        let text = format!("column `{column}`: found {found}, expected {expected}");
        self.report.mistake_among(self.place, text, cell, known.iter().copied());
    }

    /// Notes a mistake about the row.
    pub(crate) fn mistake(&self, text: impl Into<String>) {
        self.report.mistake(self.place, text);
    }
}

fn listed(columns: &[&str]) -> String {
    columns.iter().map(|column| format!("`{column}`")).collect::<Vec<_>>().join(", ")
}
