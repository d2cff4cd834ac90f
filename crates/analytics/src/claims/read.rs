//! Reads a row of a claims file. Messages name line and column and never repeat a value: the
//! values are personal.

use std::fmt;
use std::str::FromStr;

use openpbm_core::{
    BillingKey, CardholderId, Cents, Claim, Date, Details, DrugUse, DurOverride, Ndc,
    PrescriptionNumber, Quantity, Reversal, Sex,
};

use super::columns::{COLUMNS, Field, NEEDED};
use super::{Row, Sent};
use crate::table::StringRecord;

/// Something that is wrong with a claims file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The line of a CSV file or the row of a Parquet file, from 1.
    pub line: u64,
    /// The column.
    pub column: &'static str,
    /// What would be right.
    pub expected: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            "" => write!(f, "line {}: {}", self.line, self.expected),
            column => write!(f, "line {}: {column} must be {}", self.line, self.expected),
        }
    }
}

/// Where the columns stand in one file.
#[derive(Debug, Clone)]
pub struct Layout {
    places: [Option<usize>; COLUMNS.len()],
}

impl Layout {
    /// The layout that a header says.
    ///
    /// # Errors
    ///
    /// Columns that are missing and columns that nobody knows: a misspelt one must not be passed
    /// over in silence.
    pub fn new(header: &StringRecord) -> Result<Self, Vec<Mistake>> {
        let mut places = [None; COLUMNS.len()];
        let mut mistakes = Vec::new();
        for (number, name) in header.iter().enumerate() {
            let known = COLUMNS.iter().position(|column| column.name == name.trim());
            match known.and_then(|known| places.get_mut(known)) {
                Some(place) if place.is_none() => *place = Some(number),
                Some(_) => mistakes.push(Mistake {
                    line: 1,
                    column: "",
                    expected: format!("column {} has the name of another one", number + 1),
                }),
                None => {
                    let known: Vec<_> = COLUMNS.iter().map(|column| column.name).collect();
                    let known = known.join(", ");
                    let expected = format!("column {} is unknown; known are {known}", number + 1);
                    mistakes.push(Mistake { line: 1, column: "", expected });
                }
            }
        }
        for field in NEEDED {
            if places.get(field as usize).copied().flatten().is_none() {
                let expected = "a column of the file".to_owned();
                mistakes.push(Mistake { line: 1, column: field.name(), expected });
            }
        }
        if mistakes.is_empty() { Ok(Self { places }) } else { Err(mistakes) }
    }

    /// Reads a row.
    ///
    /// # Errors
    ///
    /// All that is wrong with it.
    pub fn read(&self, line: u64, record: &StringRecord) -> Result<Row, Vec<Mistake>> {
        let mut cells = Cells { layout: self, record, line, mistakes: Vec::new() };
        match cells.row() {
            Some(row) if cells.mistakes.is_empty() => Ok(row),
            _ => Err(cells.mistakes),
        }
    }
}

/// The cells of a row, and what is wrong with them.
struct Cells<'r> {
    layout: &'r Layout,
    record: &'r StringRecord,
    line: u64,
    mistakes: Vec<Mistake>,
}

const DAY: &str = "a calendar date like 2026-03-12";
const NPI: &str = "an NPI: 10 digits with a right check digit";
const DOLLARS: &str = "an amount in dollars, not below zero, like 12.50";
const YES: &str = "true, false or empty";

impl Cells<'_> {
    fn cell(&self, field: Field) -> &str {
        let place = self.layout.places.get(field as usize).copied().flatten();
        place.and_then(|place| self.record.get(place)).unwrap_or("").trim()
    }

    /// A cell that must be there and parse.
    fn needed<T>(
        &mut self,
        field: Field,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let parsed = parse(self.cell(field));
        if parsed.is_none() {
            let (line, column) = (self.line, field.name());
            self.mistakes.push(Mistake { line, column, expected: expected.to_owned() });
        }
        parsed
    }

    /// A cell that may be empty.
    fn optional<T>(
        &mut self,
        field: Field,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        if self.cell(field).is_empty() {
            return None;
        }
        self.needed(field, expected, parse)
    }

    fn row(&mut self) -> Option<Row> {
        let id = self.optional(Field::Authorization, "a number of 20 characters", parsed);
        let answer = self.optional(Field::Answer, "16 hexadecimal digits", fingerprint);
        let sent = match self.cell(Field::Transaction) {
            "B1" | "" => Sent::Billing(self.claim()?),
            "B2" => Sent::Reversal(self.reversal()?),
            "B3" => Sent::Rebill(self.claim()?),
            _ => return self.needed(Field::Transaction, "B1, B2, B3 or empty (B1)", |_| None),
        };
        Some(Row { id, sent, answer })
    }

    fn cardholder(&mut self) -> Option<CardholderId> {
        let expected = "1 to 20 printable characters, not beginning with ~";
        let parse = |text: &str| text.parse().ok().filter(|_| !text.starts_with('~'));
        self.needed(Field::Cardholder, expected, parse)
    }

    fn reversal(&mut self) -> Option<Reversal> {
        let cardholder = self.cardholder();
        let pharmacy = self.needed(Field::Pharmacy, NPI, parsed);
        let prescription = self.prescription();
        let fill = self.optional(Field::Fill, "a number from 0 to 99, or empty", below(100));
        let date_of_service = self.needed(Field::DateOfService, DAY, parsed);
        let ndc = self.optional(Field::Ndc, "an NDC of 11 digits, or empty", ndc);
        Some(Reversal {
            pharmacy: pharmacy?,
            prescription: prescription?,
            fill,
            date_of_service: date_of_service?,
            ndc,
            cardholder: Some(cardholder?),
        })
    }

    fn prescription(&mut self) -> Option<PrescriptionNumber> {
        let expected = "a prescription number of up to 12 digits";
        self.needed(Field::Prescription, expected, |text| {
            text.parse().ok().and_then(PrescriptionNumber::new)
        })
    }

    fn key(&mut self) -> Option<BillingKey> {
        let pharmacy = self.needed(Field::Pharmacy, NPI, parsed);
        let prescription = self.prescription();
        let fill = self.needed(Field::Fill, "a number from 0 to 99", below(100));
        let date_of_service = self.needed(Field::DateOfService, DAY, parsed);
        Some(BillingKey {
            pharmacy: pharmacy?,
            prescription: prescription?,
            fill: fill?,
            date_of_service: date_of_service?,
        })
    }

    fn drug(&mut self) -> Option<DrugUse> {
        let ndc = self.needed(Field::Ndc, "an NDC of 11 digits", ndc);
        let expected = "a number above zero with at most three decimals, like 2.5";
        let quantity = self.needed(Field::Quantity, expected, |text| {
            parsed::<Quantity>(text).filter(|quantity| !quantity.is_zero())
        });
        let days_supply = self.needed(Field::DaysSupply, "a number from 1 to 999", |text| {
            text.parse().ok().filter(|days| (1..=999).contains(days))
        });
        Some(DrugUse { ndc: ndc?, quantity: quantity?, days_supply: days_supply? })
    }

    fn claim(&mut self) -> Option<Claim> {
        let key = self.key();
        let received = self.optional(Field::Received, DAY, parsed::<Date>);
        let cardholder = self.cardholder();
        let group = self.optional(Field::Group, "a group id of at most 15 characters", parsed);
        let person_code = self.optional(Field::PersonCode, "at most 3 characters", parsed);
        let birth = self.needed(Field::Birth, DAY, parsed);
        let sex = self.optional(Field::Sex, "female, male or empty", sex);
        let pregnant = self.optional(Field::Pregnant, YES, parsed).unwrap_or_default();
        let prescriber = self.needed(Field::Prescriber, NPI, parsed);
        let drug = self.drug();
        let daw = self.optional(Field::Daw, "a digit, or empty (0)", below(10)).unwrap_or_default();
        let compound = self.optional(Field::Compound, YES, parsed).unwrap_or_default();
        let expected = "a number from 0 to 8, or empty";
        let other_coverage = self.optional(Field::OtherCoverage, expected, below(9));
        let usual_and_customary = self.optional(Field::UsualAndCustomary, DOLLARS, dollars);
        let gross_amount_due = self.needed(Field::GrossAmountDue, DOLLARS, dollars);
        let words = self.cell(Field::Diagnoses).split_whitespace();
        let diagnoses = words.map(|code| code.replace('.', "")).collect();
        let expected = "codes like DD/M0/1G, separated by blanks";
        let dur_overrides = self.optional(Field::DurOverrides, expected, dur_overrides);
        let expected = "a JSON object as docs/reference/claims-file.md shows, or empty";
        let details = self.optional(Field::Details, expected, details).unwrap_or_default();
        let key = key?;
        Some(Claim {
            key,
            received: received.unwrap_or(key.date_of_service),
            group,
            cardholder: cardholder?,
            person_code,
            birth: birth?,
            sex,
            pregnant,
            prescriber: prescriber?,
            drug: drug?,
            daw,
            compound,
            other_coverage,
            usual_and_customary,
            gross_amount_due: gross_amount_due?,
            diagnoses,
            dur_overrides: dur_overrides.unwrap_or_default(),
            details,
        })
    }
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn below(limit: u8) -> impl FnOnce(&str) -> Option<u8> {
    move |text| text.parse().ok().filter(|number| *number < limit)
}

/// An NDC in 11 digits; a table that took it for a number has lost the zeros before it.
fn ndc(text: &str) -> Option<Ndc> {
    text.parse().ok()
}

fn dollars(text: &str) -> Option<Cents> {
    text.parse().ok().filter(|amount: &Cents| !amount.is_negative())
}

fn sex(text: &str) -> Option<Sex> {
    match text {
        "female" => Some(Sex::Female),
        "male" => Some(Sex::Male),
        _ => None,
    }
}

fn fingerprint(text: &str) -> Option<u64> {
    u64::from_str_radix(text, 16).ok().filter(|_| text.len() == 16)
}

fn details(text: &str) -> Option<Details> {
    serde_json::from_str(text).ok()
}

fn dur_overrides(text: &str) -> Option<Vec<DurOverride>> {
    let one = |word: &str| {
        let mut parts = word.split('/').map(str::to_owned);
        let (reason, service, result) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then_some(DurOverride { reason, service, result })
    };
    text.split_whitespace().map(one).collect()
}
