//! Members from an enrollment file in CSV: checked as a whole, then handed to their families.
//!
//! A row is a span of coverage of one person; several rows of a person are several spans. The
//! rows of a cardholder stand together. What the file says of a person replaces what was known.
//! Messages name line and column and never repeat a value: the values are personal.

use std::io::{Read, Seek};

use openpbm_book::Book;
use openpbm_core::{CardholderId, Coverage, Date, Member, PersonCode, Relationship, Sex};
use openpbm_engine::transaction::{Answer, Request};
use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::circumstances;
use crate::pbm::Pbm;
use crate::under_way::{NotTaken, UnderWay};

/// A mistake in an enrollment file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EnrollMistake {
    /// Line, from 1; the header is line 1.
    pub line: u64,
    /// Column name, or nothing for the row as a whole.
    pub column: &'static str,
    /// What would be right.
    pub expected: String,
}

impl std::fmt::Display for EnrollMistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.column {
            "" => write!(f, "line {}: {}", self.line, self.expected),
            column => write!(f, "line {}: {column} must be {}", self.line, self.expected),
        }
    }
}

/// An enrollment that was not made, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum EnrollError {
    /// The file has mistakes; nothing was enrolled.
    #[error("the file has {total} mistakes; nothing was enrolled")]
    Mistakes {
        /// The first of them.
        mistakes: Vec<EnrollMistake>,
        /// How many there are in all.
        total: usize,
    },
    /// The file cannot be read.
    #[error("the file could not be read: {0}")]
    Read(#[from] csv::Error),
    /// The file cannot be read.
    #[error("the file could not be read: {0}")]
    Io(#[from] std::io::Error),
    /// The journal did not take a family. The same file again goes on from there.
    #[error("the store did not take a family; {families} families were enrolled before")]
    Store {
        /// Families that are enrolled.
        families: usize,
    },
}

/// What an enrollment did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Enrolled {
    /// Families in the file.
    pub families: usize,
    /// Persons in the file.
    pub members: usize,
    /// Persons who were not known so before.
    pub changed: usize,
}

/// The columns; `to`, `diagnoses`, `allergies` and `pregnant_until` may be empty. Lists are
/// separated by blanks. Those of [`circumstances`] may be left out.
const COLUMNS: [&str; 13] = [
    "cardholder_id",
    "person_code",
    "group",
    "first_name",
    "last_name",
    "birth",
    "sex",
    "relationship",
    "from",
    "to",
    "diagnoses",
    "allergies",
    "pregnant_until",
];

/// So many mistakes are listed.
const MOST_LISTED: usize = 100;

/// So many families are under way to the journal at once.
const WINDOW: usize = 2048;

/// Enrolls the members of a file. `progress` hears of every byte position reached in the pass
/// that enrolls.
///
/// # Errors
///
/// [`EnrollError::Mistakes`] with nothing enrolled; the others as they say.
pub fn enroll(
    pbm: &Pbm,
    mut file: impl Read + Seek,
    progress: &mut dyn FnMut(u64),
) -> Result<Enrolled, EnrollError> {
    let book = pbm.book();
    check_members(&book, &mut file)?;
    file.rewind()?;
    let mut enrolled = Enrolled::default();
    let mut changed_in_all = 0;
    let mut under_way = UnderWay::new(pbm, WINDOW, |answer| {
        if let Answer::Enrolled { changed } = answer {
            changed_in_all += changed;
        }
    });
    let not_taken = |NotTaken { families }| EnrollError::Store { families };
    let mut mistakes = Mistakes::default();
    let mut reader = Rows::new(file)?;
    while let Some((cardholder, members)) = reader.next_family(&book, &mut mistakes)? {
        enrolled.members += members.len();
        under_way.hand(cardholder, Request::Enrollment(members)).map_err(not_taken)?;
        progress(reader.position());
    }
    enrolled.families = under_way.finish().map_err(not_taken)?;
    enrolled.changed = changed_in_all;
    Ok(enrolled)
}

/// Reads the whole file once, for its mistakes alone.
///
/// # Errors
///
/// [`EnrollError::Mistakes`], or that the file cannot be read.
pub fn check_members(book: &Book, file: impl Read) -> Result<(), EnrollError> {
    let mut mistakes = Mistakes::default();
    let mut seen = FxHashSet::default();
    let mut rows = Rows::new(file)?;
    rows.check_header(&mut mistakes);
    while let Some((cardholder, _)) = rows.next_family(book, &mut mistakes)? {
        if !seen.insert(cardholder) {
            let line = rows.line;
            mistakes.add(line, "", "the rows of a cardholder must stand together");
        }
    }
    if mistakes.total == 0 {
        Ok(())
    } else {
        Err(EnrollError::Mistakes { mistakes: mistakes.listed, total: mistakes.total })
    }
}

/// The families of an enrollment file, one after the other.
pub struct Households<'b, R: Read> {
    book: &'b Book,
    rows: Rows<R>,
}

/// Checks an enrollment file as a whole and gives its families.
///
/// # Errors
///
/// [`EnrollError::Mistakes`], or that the file cannot be read.
pub fn households<R: Read + Seek>(
    book: &Book,
    mut file: R,
) -> Result<Households<'_, R>, EnrollError> {
    check_members(book, &mut file)?;
    file.rewind()?;
    Ok(Households { book, rows: Rows::new(file)? })
}

impl<R: Read> Iterator for Households<'_, R> {
    type Item = Result<(CardholderId, Vec<Member>), EnrollError>;

    fn next(&mut self) -> Option<Self::Item> {
        // The file has none, or it would not have come so far.
        let mut mistakes = Mistakes::default();
        self.rows.next_family(self.book, &mut mistakes).map_err(EnrollError::Read).transpose()
    }
}

#[derive(Default)]
struct Mistakes {
    listed: Vec<EnrollMistake>,
    total: usize,
}

impl Mistakes {
    fn add(&mut self, line: u64, column: &'static str, expected: impl Into<String>) {
        self.total += 1;
        if self.listed.len() < MOST_LISTED {
            self.listed.push(EnrollMistake { line, column, expected: expected.into() });
        }
    }
}

/// Where the columns are in the file; of those that it has.
type Places = Vec<(&'static str, usize)>;

/// Every column, those that may be left out last.
fn columns() -> impl Iterator<Item = &'static str> {
    COLUMNS.into_iter().chain(circumstances::COLUMNS)
}

/// The file's rows, family by family.
struct Rows<R: Read> {
    reader: csv::Reader<R>,
    places: Places,
    unknown: Vec<usize>,
    /// The row that was read too far: the first of the next family.
    ahead: Option<(CardholderId, Member)>,
    line: u64,
}

impl<R: Read> Rows<R> {
    fn new(file: R) -> Result<Self, csv::Error> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
        let header = reader.headers()?;
        let place = |column| header.iter().position(|name| name.trim() == column);
        let places = columns().filter_map(|column| Some((column, place(column)?))).collect();
        let is_unknown = |(_, name): &(usize, &str)| columns().all(|known| known != name.trim());
        let unknown = header.iter().enumerate().filter(is_unknown).map(|(place, _)| place);
        let unknown = unknown.collect();
        Ok(Self { reader, places, unknown, ahead: None, line: 1 })
    }

    fn check_header(&self, mistakes: &mut Mistakes) {
        for column in COLUMNS {
            if self.places.iter().all(|(known, _)| *known != column) {
                mistakes.add(1, column, "a column of the file");
            }
        }
        for place in &self.unknown {
            let message = format!(
                "column {} is unknown; known are {}",
                place + 1,
                columns().collect::<Vec<_>>().join(", ")
            );
            mistakes.add(1, "", message);
        }
    }

    fn position(&self) -> u64 {
        self.reader.position().byte()
    }

    /// The next family that has at least one right row.
    fn next_family(
        &mut self,
        book: &Book,
        mistakes: &mut Mistakes,
    ) -> Result<Option<(CardholderId, Vec<Member>)>, csv::Error> {
        let first = match self.ahead.take() {
            Some(row) => Some(row),
            None => self.next_row(book, mistakes)?,
        };
        let Some((cardholder, member)) = first else { return Ok(None) };
        let mut members = vec![member];
        while let Some((next, member)) = self.next_row(book, mistakes)? {
            if next != cardholder {
                self.ahead = Some((next, member));
                break;
            }
            match members.iter_mut().find(|known| known.person_code == member.person_code) {
                Some(known) => self.another_span(known, member, mistakes),
                None => members.push(member),
            }
        }
        Ok(Some((cardholder, members)))
    }

    /// Another row of a person is another span of coverage.
    fn another_span(&self, known: &mut Member, row: Member, mistakes: &mut Mistakes) {
        let rest = |member: &Member| {
            let mut rest = Member { coverage: Vec::new(), ..member.clone() };
            rest.circumstances.other_coverage.clear();
            rest
        };
        if rest(&row) != rest(known) {
            let message = "rows of one person must agree in all but group, from, to and other_*";
            mistakes.add(self.line, "", message);
        }
        let overlaps = |a: &Coverage, b: &Coverage| {
            a.group == b.group
                && a.from <= b.to.unwrap_or(Date::LAST)
                && b.from <= a.to.unwrap_or(Date::LAST)
        };
        for span in row.coverage {
            if known.coverage.iter().any(|other| overlaps(other, &span)) {
                mistakes.add(self.line, "from", "after the end of the person's other spans");
            }
            known.coverage.push(span);
        }
        known.coverage.sort_by_key(|span| span.from);
        known.circumstances.other_coverage.extend(row.circumstances.other_coverage);
    }

    /// The next right row; wrong ones are noted and passed over.
    fn next_row(
        &mut self,
        book: &Book,
        mistakes: &mut Mistakes,
    ) -> Result<Option<(CardholderId, Member)>, csv::Error> {
        let mut record = csv::StringRecord::new();
        while self.reader.read_record(&mut record)? {
            self.line = record.position().map_or(0, csv::Position::line);
            let row = Row { record: &record, places: &self.places, line: self.line };
            if let Some(member) = row.member(book, mistakes) {
                return Ok(Some(member));
            }
        }
        Ok(None)
    }
}

const DAY: &str = "a calendar date like 2026-03-12";

struct Row<'r> {
    record: &'r csv::StringRecord,
    places: &'r Places,
    line: u64,
}

impl<'r> Row<'r> {
    fn cell(&self, column: &'static str) -> &'r str {
        let place = self.places.iter().find(|(name, _)| *name == column);
        place.and_then(|(_, place)| self.record.get(*place)).unwrap_or("").trim()
    }

    /// A cell that must be there and parse.
    fn required<T>(
        &self,
        column: &'static str,
        expected: &str,
        mistakes: &mut Mistakes,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let parsed = parse(self.cell(column));
        if parsed.is_none() {
            mistakes.add(self.line, column, expected);
        }
        parsed
    }

    /// A cell that may be empty.
    fn optional<T>(
        &self,
        column: &'static str,
        expected: &str,
        mistakes: &mut Mistakes,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        if self.cell(column).is_empty() {
            return None;
        }
        self.required(column, expected, mistakes, parse)
    }

    fn words(&self, column: &'static str) -> Vec<String> {
        self.cell(column).split_whitespace().map(str::to_owned).collect()
    }

    /// The span that the row states; none in a row that is there for another payer alone.
    fn coverage(&self, book: &Book, mistakes: &mut Mistakes) -> Option<Vec<Coverage>> {
        let of_other = !self.cell("other_payer").is_empty();
        if of_other && ["group", "from", "to"].iter().all(|column| self.cell(column).is_empty()) {
            return Some(Vec::new());
        }
        let group = self.required("group", "a group of the book", mistakes, |text| {
            text.parse().ok().filter(|&id| book.group(id).is_some())
        });
        let from: Option<Date> = self.required("from", DAY, mistakes, |text| text.parse().ok());
        let to: Option<Date> = self.optional("to", DAY, mistakes, |text| text.parse().ok());
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            mistakes.add(self.line, "to", "on or after from");
        }
        Some(vec![Coverage { group: group?, from: from?, to }])
    }

    fn member(&self, book: &Book, mistakes: &mut Mistakes) -> Option<(CardholderId, Member)> {
        let before = mistakes.total;
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let id = "1 to 20 printable characters, not beginning with ~";
        let cardholder = self.required("cardholder_id", id, mistakes, |text| {
            text.parse().ok().filter(|_| !text.starts_with('~'))
        });
        let person_code: Option<PersonCode> =
            self.required("person_code", "two digits, like 01", mistakes, |text| {
                let digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
                digits.then(|| text.parse().ok()).flatten()
            });
        let first_name = self.required("first_name", "a name", mistakes, text);
        let last_name = self.required("last_name", "a name", mistakes, text);
        let birth = self.required("birth", DAY, mistakes, |text| text.parse().ok());
        let sex = self.optional("sex", "female, male or empty", mistakes, sex);
        let kinds = "subscriber, spouse, child or other";
        let relationship = self.required("relationship", kinds, mistakes, relationship);
        let coverage = self.coverage(book, mistakes);
        let pregnant_until =
            self.optional("pregnant_until", DAY, mistakes, |text| text.parse().ok());
        let circumstances = circumstances::read(
            |column| self.cell(column),
            |column, expected| mistakes.add(self.line, column, expected),
        );
        if mistakes.total > before {
            return None;
        }
        let member = Member {
            person_code: person_code?,
            first_name: first_name?,
            last_name: last_name?,
            birth: birth?,
            sex,
            relationship: relationship?,
            coverage: coverage?,
            diagnoses: self.words("diagnoses").iter().map(|code| code.replace('.', "")).collect(),
            allergies: self.words("allergies"),
            pregnant_until,
            circumstances,
        };
        Some((cardholder?, member))
    }
}

fn sex(text: &str) -> Option<Sex> {
    match text {
        "female" => Some(Sex::Female),
        "male" => Some(Sex::Male),
        _ => None,
    }
}

fn relationship(text: &str) -> Option<Relationship> {
    match text {
        "subscriber" => Some(Relationship::Subscriber),
        "spouse" => Some(Relationship::Spouse),
        "child" => Some(Relationship::Child),
        "other" => Some(Relationship::Other),
        _ => None,
    }
}
