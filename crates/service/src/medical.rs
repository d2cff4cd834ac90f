//! What the medical side of the benefit has come to, from a file in CSV: checked as a whole, then
//! handed to the families.
//!
//! A line states one person's totals of a plan year by the end of a day. It is known again by its
//! id, so the same file twice is the same as once. Messages name line and column, and say what was
//! found without repeating it: the values are personal.

use std::io::Read;
use std::str::FromStr;

use openpbm_book::{Accumulates, Book};
use openpbm_core::{
    CardholderId, Cents, Date, Family, FeedLineId, GroupId, MedicalTotal, PersonCode,
};
use openpbm_engine::transaction::{Answer, Request};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::families::{self, FamilyError};
use crate::pbm::Pbm;
use crate::under_way::{NotTaken, UnderWay};

/// A mistake in a file of totals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeedMistake {
    /// Line, from 1; the header is line 1.
    pub line: u64,
    /// Column name.
    pub column: &'static str,
    /// What was found, in words: never the value.
    pub found: String,
    /// What would be right.
    pub expected: String,
}

impl std::fmt::Display for FeedMistake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { line, column, found, expected } = self;
        write!(f, "line {line}: {column}: found {found}, expected {expected}")
    }
}

/// An import that was not made, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The file has mistakes; nothing was imported.
    #[error("the file has {total} mistakes; nothing was imported")]
    Mistakes {
        /// The first of them, in the order of the lines.
        mistakes: Vec<FeedMistake>,
        /// How many there are in all.
        total: usize,
    },
    /// The file cannot be read.
    #[error("the file could not be read: {0}")]
    Read(#[from] csv::Error),
    /// A family cannot be read.
    #[error(transparent)]
    Family(#[from] FamilyError),
    /// The journal did not take a family. The same file again goes on from there.
    #[error("the store did not take a family; {families} families were imported before")]
    Store {
        /// Families whose lines are imported.
        families: usize,
    },
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FeedImported {
    /// Lines in the file.
    pub lines: usize,
    /// Families that they are about.
    pub families: usize,
    /// Lines that were not known before.
    pub added: usize,
}

/// The columns. Each is needed.
const COLUMNS: [&str; 8] = [
    "id",
    "cardholder_id",
    "person_code",
    "group",
    "plan_year",
    "as_of",
    "deductible",
    "out_of_pocket",
];

/// So many mistakes are listed.
const MOST_LISTED: usize = 100;

/// So many families are read together, and are under way to the journal at once.
const PAGE: usize = 512;

/// No amount of a benefit is larger: ten million dollars.
const MOST: Cents = Cents::new(1_000_000_000);

/// Takes in what a file states. `progress` hears how many families are done.
///
/// # Errors
///
/// [`FeedError::Mistakes`] with nothing imported; the others as they say.
pub fn import_accumulators(
    pbm: &Pbm,
    file: impl Read,
    progress: &mut dyn FnMut(usize),
) -> Result<FeedImported, FeedError> {
    let mut mistakes = Mistakes::default();
    let lines = read(file, pbm.shared().clock.now().date(), &mut mistakes)?;
    let mut imported = FeedImported { lines: lines.len(), ..FeedImported::default() };
    let families = by_family(&lines);
    for page in families.chunks(PAGE) {
        let ids: Vec<_> = page.iter().map(|(cardholder, _)| *cardholder).collect();
        let found = families::read_all(&*pbm.shared().reader, &ids)?;
        for ((_, lines), found) in page.iter().zip(found) {
            for line in lines {
                check(&pbm.book(), &found.family, line, &mut mistakes);
            }
        }
    }
    mistakes.none()?;
    let mut added_in_all = 0;
    let mut under_way = UnderWay::new(pbm, PAGE, |answer| {
        if let Answer::Medical { added } = answer {
            added_in_all += added;
        }
    });
    let not_taken = |NotTaken { families }| FeedError::Store { families };
    for (cardholder, lines) in families {
        let totals = lines.iter().map(|line| line.total).collect();
        under_way.hand(cardholder, Request::Medical(totals)).map_err(not_taken)?;
        progress(under_way.taken());
    }
    imported.families = under_way.finish().map_err(not_taken)?;
    imported.added = added_in_all;
    Ok(imported)
}

/// A right line of the file.
struct Line {
    number: u64,
    cardholder: CardholderId,
    total: MedicalTotal,
}

/// The lines of each family, in the order of the file.
fn by_family(lines: &[Line]) -> Vec<(CardholderId, Vec<&Line>)> {
    let mut families: Vec<(CardholderId, Vec<&Line>)> = Vec::new();
    let mut places: FxHashMap<CardholderId, usize> = FxHashMap::default();
    for line in lines {
        let place = *places.entry(line.cardholder).or_insert(families.len());
        match families.get_mut(place) {
            Some((_, lines)) => lines.push(line),
            None => families.push((line.cardholder, vec![line])),
        }
    }
    families
}

/// What is wrong with a line, on the family that it is about. What was right once stays so.
fn check(book: &Book, family: &Family, line: &Line, mistakes: &mut Mistakes) {
    let total = &line.total;
    let mut wrong = |column, found: &str, expected: &str| {
        mistakes.add(line.number, column, found, expected);
    };
    match family.medical.iter().find(|known| known.id == total.id) {
        Some(known) if known == total => return,
        Some(_) => {
            let found = "an id that was imported before with other content";
            return wrong("id", found, "an id of its own for what is stated anew");
        }
        None => {}
    }
    if family.members.is_empty() {
        let found = "a card on which nobody is enrolled";
        return wrong("cardholder_id", found, "the card of enrolled members");
    }
    let member = family.members.iter().find(|member| member.person_code == total.person);
    let Some(member) = member else {
        return wrong("person_code", "nobody on the card", "a person who is enrolled on the card");
    };
    if book.group(total.group).is_none() {
        return wrong("group", "a group that the book does not have", "a group of the book");
    }
    if member.coverage.iter().all(|span| span.group != total.group) {
        let found = "a group in which the person is not enrolled";
        return wrong("group", found, "the group of a span of the person's coverage");
    }
    let Some((plan, year)) = openpbm_engine::plan_on(book, family, total.group, total.as_of) else {
        let found = "a day on which the group has no benefit";
        return wrong("as_of", found, "a day on which it has one");
    };
    if [&plan.deductible, &plan.out_of_pocket].into_iter().flatten().all(|l| !l.with_medical) {
        let found = "a group whose plan shares no limit with the medical side on that day";
        return wrong("group", found, "one whose plan has a limit `with_medical`");
    }
    if total.plan_year != year {
        // When a family's twelve months begin is the family's own.
        let first = "the first day of the period that holds as_of";
        let expected = match plan.accumulates.value {
            Accumulates::Rolling => first.to_owned(),
            _ => format!("{year}, {first}"),
        };
        wrong("plan_year", "another day", &expected);
    }
}

#[derive(Default)]
struct Mistakes {
    listed: Vec<FeedMistake>,
    total: usize,
}

impl Mistakes {
    fn add(&mut self, line: u64, column: &'static str, found: &str, expected: &str) {
        self.total += 1;
        if self.listed.len() < MOST_LISTED {
            let (found, expected) = (found.to_owned(), expected.to_owned());
            self.listed.push(FeedMistake { line, column, found, expected });
        }
    }

    fn none(mut self) -> Result<(), FeedError> {
        if self.total == 0 {
            return Ok(());
        }
        self.listed.sort_by_key(|mistake| mistake.line);
        Err(FeedError::Mistakes { mistakes: self.listed, total: self.total })
    }
}

/// The right lines of a file; wrong ones are noted and passed over.
fn read(file: impl Read, today: Date, mistakes: &mut Mistakes) -> Result<Vec<Line>, csv::Error> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let header = reader.headers()?.clone();
    let place = |column: &str| header.iter().position(|name| name.trim() == column);
    for column in COLUMNS {
        if place(column).is_none() {
            mistakes.add(1, column, "no such column", "one of this name");
        }
    }
    for name in header.iter().filter(|name| !COLUMNS.contains(&name.trim())) {
        // The header may be missing, so that this is the first line about a person.
        let found = format!("a column of {} characters that is not known", name.len());
        mistakes.add(1, "header", &found, &format!("only {}", COLUMNS.join(", ")));
    }
    let mut lines = Vec::new();
    if mistakes.total > 0 {
        return Ok(lines);
    }
    let places = COLUMNS.map(|column| (column, place(column).unwrap_or(usize::MAX)));
    let (mut ids, mut days) = (FxHashMap::default(), FxHashMap::default());
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let number = record.position().map_or(0, csv::Position::line);
        let mut row = Row { record: &record, places: &places, number, mistakes };
        let Some(line) = row.line(today) else { continue };
        let MedicalTotal { id, person, group, plan_year, as_of, .. } = line.total;
        if let Some(first) = ids.insert(id, number) {
            let found = format!("the id of line {first}");
            mistakes.add(number, "id", &found, "an id of its own");
        }
        if let Some(first) = days.insert((line.cardholder, person, group, plan_year, as_of), number)
        {
            let found = format!("the person, group, plan year and day of line {first}");
            mistakes.add(number, "as_of", &found, "one line for each");
        }
        lines.push(line);
    }
    Ok(lines)
}

const DAY: &str = "a calendar date like 2026-03-12";

struct Row<'r> {
    record: &'r csv::StringRecord,
    places: &'r [(&'static str, usize)],
    number: u64,
    mistakes: &'r mut Mistakes,
}

impl Row<'_> {
    fn line(&mut self, today: Date) -> Option<Line> {
        let before = self.mistakes.total;
        let short = "1 to 40 printable characters";
        let id: Option<FeedLineId> = self.cell("id", short, parsed);
        let card = "1 to 20 printable characters, not beginning with ~";
        let cardholder: Option<CardholderId> = self
            .cell("cardholder_id", card, |text| parsed(text).filter(|_| !text.starts_with('~')));
        let person: Option<PersonCode> = self.cell("person_code", "two digits, like 01", |text| {
            let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            parsed(text).filter(|_| digits)
        });
        let group: Option<GroupId> = self.cell("group", "a group id", parsed);
        let plan_year: Option<Date> = self.cell("plan_year", DAY, parsed);
        let as_of: Option<Date> = self.cell("as_of", DAY, parsed);
        if as_of.is_some_and(|day| day > today) {
            let expected = format!("a day up to {today}");
            self.mistakes.add(self.number, "as_of", "a day that has not come yet", &expected);
        }
        let deductible = self.amount("deductible");
        let out_of_pocket = self.amount("out_of_pocket");
        if self.mistakes.total > before {
            return None;
        }
        let total = MedicalTotal {
            id: id?,
            person: person?,
            group: group?,
            plan_year: plan_year?,
            as_of: as_of?,
            deductible: deductible?,
            out_of_pocket: out_of_pocket?,
        };
        Some(Line { number: self.number, cardholder: cardholder?, total })
    }

    fn amount(&mut self, column: &'static str) -> Option<Cents> {
        let expected = "dollars from 0.00 to 10000000.00, like 1250.00";
        let fits = |amount: &Cents| !amount.is_negative() && *amount <= MOST;
        self.cell(column, expected, |text| parsed(text).filter(fits))
    }

    /// A cell that must be there and parse.
    fn cell<T>(
        &mut self,
        column: &'static str,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let place = self.places.iter().find(|(name, _)| *name == column);
        let text = place.and_then(|(_, place)| self.record.get(*place)).unwrap_or("").trim();
        let parsed = parse(text);
        if parsed.is_none() {
            let found = if text.is_empty() { "nothing" } else { "something else" };
            self.mistakes.add(self.number, column, found, expected);
        }
        parsed
    }
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}
