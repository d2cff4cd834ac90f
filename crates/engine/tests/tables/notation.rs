//! The notation of the tables: one claim a line, or several lines up to its answer.
//!
//! ```text
//! line | member | date | pharmacy | drug | quantity | days | daw | extra | before -> answer
//!   | more of the answer
//! line | reverse LINE with extra | before -> answer
//! line | ask MEMBER DATE extra | before -> answer
//! line | medical MEMBER DATE extra | before -> answer
//! ```
//!
//! What a claim says beyond what every claim must is in the extras that `details.rs` lists.
//! Dates without a year are of 2026. `before` names earlier lines, between commas; each stands
//! for itself and for what was before it. Answers:
//!
//! ```text
//! paid | price | patient pays | deductible | copay | coinsurance | selection | also
//! d | price | patient pays | phases: deductible | initial | catastrophic | payers: LICS
//!   | manufacturer | CMS | basic | supplemental | year: TrOOP so far | gross so far | also
//! duplicate | (the same)
//! reject | codes | also
//! reversed
//! covered | also
//! stated
//! ```
//!
//! A line of `medical` states what the medical side had come to by the end of a day, toward
//! `deductible=` and `maximum=`, in the year from `year=`.
//!
//! `d` is a paid claim of Medicare Part D; CMS is reinsurance and selected drug subsidy together.
//! An amount that is not written is zero. `also` lists, between semicolons, what else the answer
//! says: balances (`deductible left 0.00`), `other payers 75.00`, `plan pays 50.00`, `tier 3`,
//! `next fill 01-23`, or words of a message.

use openpbm_core::{Cents, Date};

/// One line of a table.
#[derive(Debug, Clone)]
pub(crate) struct Row<'t> {
    /// Its number in the table, from 1.
    pub(crate) number: u64,
    pub(crate) label: &'t str,
    pub(crate) asks: Asks<'t>,
    pub(crate) extra: Vec<Extra<'t>>,
    pub(crate) before: Vec<&'t str>,
    pub(crate) answer: Answer<'t>,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asks<'t> {
    Claim(Billed<'t>),
    Reversal { of: &'t str },
    Coverage { member: &'t str, date: Date },
    Medical { member: &'t str, as_of: Date },
}

/// The cells of a claim.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Billed<'t> {
    pub(crate) member: &'t str,
    pub(crate) date: Date,
    pub(crate) pharmacy: &'t str,
    pub(crate) drug: &'t str,
    pub(crate) quantity: &'t str,
    pub(crate) days: u16,
    pub(crate) daw: u8,
}

/// `name=value`, or a name alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Extra<'t> {
    pub(crate) name: &'t str,
    pub(crate) value: &'t str,
}

/// What should be answered.
#[derive(Debug, Clone)]
pub(crate) enum Answer<'t> {
    Paid { amounts: [Cents; 6], also: Vec<&'t str> },
    PartD { amounts: [Cents; 12], also: Vec<&'t str> },
    Duplicate { amounts: [Cents; 6], also: Vec<&'t str> },
    Reject { codes: Vec<&'t str>, also: Vec<&'t str> },
    Reversed,
    Covered { also: Vec<&'t str> },
    Stated,
}

impl<'t> Row<'t> {
    /// The value of an extra, if the row has it.
    pub(crate) fn extra(&self, name: &str) -> Option<&'t str> {
        self.extra.iter().find(|extra| extra.name == name).map(|extra| extra.value)
    }
}

/// Reads a table.
pub(crate) fn parse(table: &str) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    // Where a row that has no answer yet began: its line's number and place in the text.
    let mut open: Option<(u64, usize)> = None;
    let mut place = 0;
    for (line, number) in table.split_inclusive('\n').zip(1..) {
        let (start, end) = (place, place + line.len());
        place = end;
        if line.trim().starts_with('|') && open.is_none() {
            continue; // Of the answer before.
        }
        let is_row = !line.trim().is_empty() && !line.trim().starts_with('#');
        let Some((first, from)) = open.or(is_row.then_some((number, start))) else { continue };
        assert!(is_row, "line {first} has no answer");
        open = Some((first, from));
        if let Some((asks, _)) = table[from..end].split_once("->") {
            let more = table[end..].split_inclusive('\n');
            let more = more.take_while(|line| line.trim().starts_with('|'));
            let all = end + more.map(str::len).sum::<usize>();
            let answer = &table[from + asks.len() + 2..all];
            rows.push(row(first, asks, answer));
            open = None;
        }
    }
    assert!(open.is_none(), "the last line has no answer");
    rows
}

fn row<'t>(number: u64, asks: &'t str, answer: &'t str) -> Row<'t> {
    let cells: Vec<&str> = asks.split('|').map(str::trim).collect();
    let answer = read_answer(answer.split('|').map(str::trim).collect());
    let words = |cell: &'t str| cell.split_whitespace().collect::<Vec<_>>();
    match *cells.as_slice() {
        [label, member, day, pharmacy, drug, quantity, days, daw, extra, before] => {
            let days = days.parse().unwrap();
            let daw = daw.parse().unwrap();
            let date = date(day);
            let billed = Billed { member, date, pharmacy, drug, quantity, days, daw };
            let (extra, before) = (extras(&words(extra)), labels(before));
            Row { number, label, asks: Asks::Claim(billed), extra, before, answer }
        }
        [label, what, before] => {
            let (asks, extra) = match what.split_once(' ') {
                Some(("reverse", rest)) => {
                    let (of, extra) = rest.split_once(" with ").unwrap_or((rest, ""));
                    (Asks::Reversal { of }, words(extra))
                }
                Some(("medical", rest)) => match *words(rest).as_slice() {
                    [member, day, ref extra @ ..] => {
                        (Asks::Medical { member, as_of: date(day) }, extra.to_vec())
                    }
                    _ => panic!("line {number} states nothing of anybody: {asks}"),
                },
                Some(("ask", rest)) => match *words(rest).as_slice() {
                    [member, day, ref extra @ ..] => {
                        (Asks::Coverage { member, date: date(day) }, extra.to_vec())
                    }
                    _ => panic!("line {number} asks of nobody: {asks}"),
                },
                _ => panic!("line {number} asks for nothing known: {asks}"),
            };
            Row { number, label, asks, extra: extras(&extra), before: labels(before), answer }
        }
        _ => panic!("line {number} has {} cells: {asks}", cells.len()),
    }
}

fn labels(cell: &str) -> Vec<&str> {
    cell.split(',').map(str::trim).filter(|label| !label.is_empty()).collect()
}

fn extras<'t>(words: &[&'t str]) -> Vec<Extra<'t>> {
    let read = |word: &&'t str| {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        Extra { name, value }
    };
    words.iter().map(read).collect()
}

fn read_answer(cells: Vec<&str>) -> Answer<'_> {
    let also = |place: usize| {
        let parts = cells.iter().skip(place).flat_map(|cell| cell.split(';'));
        parts.map(str::trim).filter(|part| !part.is_empty()).collect()
    };
    let amount = |place: usize| match cells.get(place + 1).copied().unwrap_or_default() {
        "" => Cents::ZERO,
        amount => signed(amount),
    };
    let amounts = || std::array::from_fn(amount);
    match cells[0] {
        "paid" => Answer::Paid { amounts: amounts(), also: also(7) },
        "d" => Answer::PartD { amounts: std::array::from_fn(amount), also: also(13) },
        "duplicate" => Answer::Duplicate { amounts: amounts(), also: also(7) },
        "reject" => Answer::Reject { codes: cells[1].split_whitespace().collect(), also: also(2) },
        "reversed" => Answer::Reversed,
        "stated" => Answer::Stated,
        "covered" => Answer::Covered { also: also(1) },
        other => panic!("`{other}` is no answer"),
    }
}

/// An amount, which may be below zero.
fn signed(text: &str) -> Cents {
    match text.strip_prefix('-') {
        Some(rest) => Cents::ZERO.minus(rest.parse().unwrap()).unwrap(),
        None => text.parse().unwrap(),
    }
}

/// `2026-03-12`, or `03-12` of 2026.
pub(crate) fn date(text: &str) -> Date {
    let full = if text.len() == 5 { format!("2026-{text}") } else { text.to_owned() };
    full.parse().unwrap_or_else(|_| panic!("`{text}` is no date"))
}
