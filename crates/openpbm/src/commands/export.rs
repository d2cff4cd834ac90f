//! `openpbm export`: what is kept, for whoever has to read it without this program.

mod adherence;
mod claims;
mod payment_plan;

use std::io::{BufWriter, ErrorKind, Write};
use std::ops::ControlFlow;
use std::path::Path;

use openpbm_book::Span;
use openpbm_core::{Date, Entry, FamilyId};
use openpbm_service::{drug_events, encounters, transition_notices};
use openpbm_store::{Cursor, Reader, Recorded};
use serde::Serialize;

use super::drug_events::DrugEvents;
use super::encounters::Encounters;
use crate::cli::ExportCommand;
use crate::data::Data;
use crate::failure::{Context, Failure};
use crate::store::Store;
use crate::{entries, files, terminal};

/// One line of an export.
#[derive(Debug, Serialize)]
pub(super) struct Line<'a> {
    /// Left out for an entry that was found by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shard: Option<u16>,
    pub(super) sequence: u64,
    pub(super) family: FamilyId,
    pub(super) version: u64,
    pub(super) entry: &'a Entry,
}

pub(crate) fn run(command: &ExportCommand) -> Result<(), Failure> {
    match command {
        ExportCommand::Adherence { of, measure } => adherence::adherence(of, measure.as_deref()),
        ExportCommand::PaymentPlan(args) => payment_plan::payment_plan(args),
        ExportCommand::Claims { place, to } => claims::claims(&Store::at(place), to),
        ExportCommand::Journal { place, behind } => {
            let reader = Store::at(place).reader()?;
            write(&*reader, &behind.from, None, &mut |shard, recorded| {
                entry(shard, recorded).map(Some)
            })
        }
        ExportCommand::Encounters { place, behind } => {
            let data = Data::at(place);
            let reader = data.reader()?;
            let mut encounters = Encounters::new(&data, &*reader)?;
            let header = Some(encounters::header());
            write(&*reader, &behind.from, header, &mut |_, recorded| encounters.line(recorded))
        }
        ExportCommand::DrugEvents { place, behind, json } => {
            let data = Data::at(place);
            let reader = data.reader()?;
            let mut events = DrugEvents::new(&data, &*reader)?;
            let header = Some(drug_events::header()).filter(|_| !json);
            write(&*reader, &behind.from, header, &mut |_, recorded| {
                Ok(events.line(recorded)?.filter(|_| !json))
            })?;
            if *json { terminal::json(&events.sums) } else { Ok(()) }
        }
        ExportCommand::TransitionNotices { place, behind } => {
            let reader = Data::at(place).reader()?;
            let header = Some(transition_notices::header());
            write(&*reader, &behind.from, header, &mut |_, recorded| {
                Ok(transition_notices::line(&recorded.entry))
            })
        }
    }
}

/// The calendar year, or its beginning.
fn period(year: i32, through: Option<Date>) -> Result<Span, Failure> {
    let of_year = |month, day| {
        let found = Date::new(year, month, day);
        found.ok_or_else(|| {
            Failure::new(format!("{year} is no year of the calendar"))
                .hint("name a year like --year 2026")
        })
    };
    let whole = Span { from: of_year(1, 1)?, to: of_year(12, 31)? };
    let to = through.unwrap_or(whole.to);
    if !whole.holds(to) {
        let failure = Failure::new(format!("found --through {to} with --year {year}"));
        return Err(failure.hint("name a day of that year"));
    }
    Ok(Span { to, ..whole })
}

/// Writes a header and the lines behind it. The file is there when it is whole.
fn table(to: &Path, header: String, lines: impl Iterator<Item = String>) -> Result<(), Failure> {
    let shown = to.display();
    let aside = to.with_extension(files::ASIDE);
    let mut count = 0;
    let lines = lines.inspect(|_| count += 1);
    let written = files::private(&aside).and_then(|file| {
        let mut out = BufWriter::new(file);
        std::iter::once(header).chain(lines).try_for_each(|line| writeln!(out, "{line}"))?;
        out.into_inner()?.sync_all()?;
        std::fs::rename(&aside, to)
    });
    if written.is_err() {
        // It may never have been made.
        let _ = std::fs::remove_file(&aside);
    }
    written.context(format!("writing {shown}"))?;
    let lines = terminal::count(count, "line");
    terminal::note(format_args!("{lines} written; they are about patients"));
    Ok(())
}

/// What is written for an entry of a shard; `None` if nothing is.
type Lines<'a> = &'a mut dyn FnMut(u16, &Recorded) -> Result<Option<String>, Failure>;

/// The entry as a line of JSON.
fn entry(shard: u16, recorded: &Recorded) -> Result<String, Failure> {
    let line = Line {
        shard: Some(shard),
        sequence: recorded.sequence,
        family: recorded.family,
        version: recorded.version,
        entry: &recorded.entry,
    };
    serde_json::to_string(&line).map_err(Failure::new)
}

/// Writes a line for every entry behind the places, up to where the journal ends now; and a header
/// where it begins.
fn write(
    reader: &dyn Reader,
    from: &[Cursor],
    header: Option<String>,
    lines: Lines<'_>,
) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    if let Some(header) = header.filter(|_| from.is_empty())
        && !written(writeln!(out, "{header}"))?
    {
        return Ok(());
    }
    let mut count = 0_u64;
    let places = entries::behind(reader, from, "writing entries", |shard, recorded| {
        let Some(line) = lines(shard, &recorded)? else { return Ok(ControlFlow::Continue(())) };
        count += 1;
        let goes_on = written(writeln!(out, "{line}"))?;
        Ok(if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    let Some(places) = places else { return Ok(()) };
    if !written(out.flush())? {
        return Ok(());
    }
    let places: Vec<_> = places.iter().map(ToString::to_string).collect();
    terminal::note(format_args!(
        "{} written; to go on behind them: --from {}",
        terminal::count_of(count, "entry", "entries"),
        places.join(",")
    ));
    Ok(())
}

/// False if the reader of the output has left, which is no failure.
fn written(result: std::io::Result<()>) -> Result<bool, Failure> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure::new(format!("writing to standard output: {error}"))
            .hint("what was written ends in the middle of a line: begin again")),
    }
}
