//! The notation of the tables: one claim a line, a second line where it is too long.
//!
//! ```text
//! line | member | date | pharmacy | drug | quantity | days | daw | extra | before -> answer
//! line | reverse LINE with extra | before -> answer
//! line | ask MEMBER DATE extra | before -> answer
//! ```
//!
//! Dates without a year are of 2026. `before` names earlier lines, between commas; each stands
//! for itself and for what was before it. Answers:
//!
//! ```text
//! paid | price | patient pays | deductible | copay | coinsurance | selection | also
//! duplicate | (the same)
//! reject | codes | also
//! reversed
//! covered | also
//! ```
//!
//! An amount that is not written is zero. `also` lists, between semicolons, what else the answer
//! says: balances (`deductible left 0.00`), `tier 3`, `next fill 01-23`, or words of a message.

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
    Duplicate { amounts: [Cents; 6], also: Vec<&'t str> },
    Reject { codes: Vec<&'t str>, also: Vec<&'t str> },
    Reversed,
    Covered { also: Vec<&'t str> },
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
    let mut lines = table.lines().map(str::trim).zip(1..).peekable();
    while let Some((line, number)) = lines.next() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (asks, answer) = match line.split_once("->") {
            Some(both) => both,
            None => match lines.next().and_then(|(next, _)| next.strip_prefix("->")) {
                Some(answer) => (line, answer),
                None => panic!("line {number} has no answer: {line}"),
            },
        };
        rows.push(row(number, asks, answer));
    }
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
        let cell: &str = cells.get(place).copied().unwrap_or_default();
        cell.split(';').map(str::trim).filter(|part| !part.is_empty()).collect()
    };
    let amounts = || {
        std::array::from_fn(|place| match cells.get(place + 1).copied().unwrap_or_default() {
            "" => Cents::ZERO,
            amount => amount.parse().unwrap(),
        })
    };
    match cells[0] {
        "paid" => Answer::Paid { amounts: amounts(), also: also(7) },
        "duplicate" => Answer::Duplicate { amounts: amounts(), also: also(7) },
        "reject" => Answer::Reject { codes: cells[1].split_whitespace().collect(), also: also(2) },
        "reversed" => Answer::Reversed,
        "covered" => Answer::Covered { also: also(1) },
        other => panic!("`{other}` is no answer"),
    }
}

/// `2026-03-12`, or `03-12` of 2026.
pub(crate) fn date(text: &str) -> Date {
    let full = if text.len() == 5 { format!("2026-{text}") } else { text.to_owned() };
    full.parse().unwrap_or_else(|_| panic!("`{text}` is no date"))
}
