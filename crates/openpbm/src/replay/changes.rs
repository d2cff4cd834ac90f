//! The claims that change, as a table for whoever goes on from there.

use std::io::BufWriter;
use std::path::Path;

use openpbm_analytics::table::{self, Column, Format, Kind, StringRecord, Writer};
use openpbm_core::{Cents, RejectCode};
use openpbm_service::replay::{Change, Fate};

use super::books::Books;
use crate::cli::Replay;
use crate::failure::{Context, Failure};
use crate::files;

const COLUMNS: &[Column] = &[
    Column { name: "line", kind: Kind::Whole },
    Column { name: "authorization", kind: Kind::Text },
    Column { name: "cardholder_id", kind: Kind::Text },
    Column { name: "person_code", kind: Kind::Text },
    Column { name: "group", kind: Kind::Text },
    Column { name: "pharmacy", kind: Kind::Text },
    Column { name: "prescription", kind: Kind::Whole },
    Column { name: "fill", kind: Kind::Whole },
    Column { name: "date_of_service", kind: Kind::Date },
    Column { name: "ndc", kind: Kind::Text },
    Column { name: "drug", kind: Kind::Text },
    Column { name: "book_status", kind: Kind::Text },
    Column { name: "against_status", kind: Kind::Text },
    Column { name: "book_rejects", kind: Kind::Text },
    Column { name: "against_rejects", kind: Kind::Text },
    Column { name: "book_tier", kind: Kind::Whole },
    Column { name: "against_tier", kind: Kind::Whole },
    Column { name: "book_gross", kind: Kind::Dollars },
    Column { name: "against_gross", kind: Kind::Dollars },
    Column { name: "book_plan", kind: Kind::Dollars },
    Column { name: "against_plan", kind: Kind::Dollars },
    Column { name: "book_member", kind: Kind::Dollars },
    Column { name: "against_member", kind: Kind::Dollars },
];

/// The tables that were asked for.
pub(super) struct Changes<'b> {
    books: &'b Books,
    tables: Vec<(String, Box<dyn Writer>)>,
}

impl<'b> Changes<'b> {
    pub(super) fn create(args: &Replay, books: &'b Books) -> Result<Self, Failure> {
        let mut tables = Vec::new();
        for (path, format) in [(&args.csv, Format::Csv), (&args.parquet, Format::Parquet)] {
            if let Some(path) = path {
                tables.push((path.display().to_string(), create(path, format)?));
            }
        }
        Ok(Self { books, tables })
    }

    pub(super) fn write(&mut self, change: &Change) -> Result<(), Failure> {
        let row = row(change, self.books)?;
        for (path, table) in &mut self.tables {
            table.write(&row).context(format!("writing {path}"))?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(), Failure> {
        for (path, table) in self.tables {
            table.finish().context(format!("writing {path}"))?;
        }
        Ok(())
    }
}

fn create(path: &Path, format: Format) -> Result<Box<dyn Writer>, Failure> {
    let shown = path.display();
    let file = files::private(path).context(format!("making {shown}"))?;
    table::create(BufWriter::new(file), format, COLUMNS).context(format!("writing {shown}"))
}

fn row(change: &Change, books: &Books) -> Result<StringRecord, Failure> {
    let Change { place, id, claim, book, against } = change;
    let mut row = StringRecord::with_capacity(256, COLUMNS.len());
    let paid = book.paid().or(against.paid());
    let person = paid.map(|paid| paid.person).or(claim.person_code);
    let group = paid.map(|paid| paid.group).or(claim.group);
    let mut push = |cell: Option<&dyn std::fmt::Display>| {
        row.push_field(&cell.map(ToString::to_string).unwrap_or_default());
    };
    push(Some(place));
    push(Some(id));
    push(Some(&claim.cardholder));
    push(person.as_ref().map(|person| person as _));
    push(group.as_ref().map(|group| group as _));
    push(Some(&claim.key.pharmacy));
    push(Some(&claim.key.prescription.number()));
    push(Some(&claim.key.fill));
    push(Some(&claim.key.date_of_service));
    push(Some(&claim.drug.ndc));
    push(Some(&books.drug_name(claim.drug.ndc).unwrap_or_default()));
    push(Some(&book.word()));
    push(Some(&against.word()));
    push(Some(&codes(book.codes())));
    push(Some(&codes(against.codes())));
    for fate in [book, against] {
        push(fate.paid().map(|paid| &paid.tier as _));
    }
    let [before, after] = [amounts(book)?, amounts(against)?];
    for (before, after) in before.iter().zip(&after) {
        push(Some(before));
        push(Some(after));
    }
    Ok(row)
}

/// Gross, what the plan pays of it, and what the member pays; nothing if it is not paid.
fn amounts(fate: &Fate) -> Result<[Cents; 3], Failure> {
    let Some(paid) = fate.paid() else { return Ok([Cents::ZERO; 3]) };
    let amounts = [paid.price(), paid.plan_pays(), paid.patient_pay()];
    let [gross, plan, member] = amounts.map(|amount| amount.map_err(Failure::new));
    Ok([gross?, plan?, member?])
}

fn codes(codes: &[RejectCode]) -> String {
    codes.iter().map(|code| code.code()).collect::<Vec<_>>().join(" ")
}
