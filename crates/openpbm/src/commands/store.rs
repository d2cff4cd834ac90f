//! `openpbm store`: what holds the journal, its schema, and what is past its retention.

use std::time::Instant;

use openpbm_core::Date;
use openpbm_service::{Clock, RetentionError, Retired, SystemClock, outdated, retire};
use serde::Serialize;

use super::backup::milliseconds;
use crate::cli::{StoreCommand, instant};
use crate::failure::{Context, Failure};
use crate::store::{self, Status, Store};
use crate::{progress, terminal};

pub(crate) fn run(command: &StoreCommand) -> Result<(), Failure> {
    match command {
        StoreCommand::Status { place, json } => status(&Store::at(place), *json),
        StoreCommand::Migrate { place, json } => migrate(&Store::at(place), *json),
        StoreCommand::Retire { place, before, dry_run, force, json } => {
            refuse_too_soon(*before, *force)?;
            let retired = let_go(&Store::at(place), *before, *dry_run)?;
            tell_retired(&retired, *before, *dry_run, *json)
        }
    }
}

fn status(store: &Store, json: bool) -> Result<(), Failure> {
    let status = store.status()?;
    if json {
        return terminal::json(&status);
    }
    terminal::out(words(&status));
    Ok(())
}

fn words(status: &Status) -> String {
    let Status { store, place, schema, entries, families, bytes, places, .. } = status;
    let state = match schema.found.cmp(&schema.known) {
        std::cmp::Ordering::Equal => "up to date".to_owned(),
        std::cmp::Ordering::Less => {
            format!("this program writes {}: openpbm store migrate", schema.known)
        }
        std::cmp::Ordering::Greater => format!("this program knows {} only", schema.known),
    };
    let mut lines =
        vec![format!("{store} in {place}"), format!("schema      {} ({state})", schema.found)];
    if let Some(bytes) = bytes {
        lines.push(format!("size        {}", indicatif::HumanBytes(*bytes)));
    }
    if let Some(entries) = entries {
        lines.push(format!("entries     {entries}"));
    }
    if let Some(families) = families {
        lines.push(format!("families    {families}"));
    }
    for (kind, count) in &status.kinds {
        lines.push(format!("  {kind:<10}{count}"));
    }
    if !places.is_empty() {
        lines.push(format!("end         {}", places.join(" ")));
    }
    if let Some(indexed) = &status.indexed {
        lines.push(format!("indexed     {indexed}"));
    }
    let mut first = "promises    ";
    for capability in &status.capabilities {
        lines.push(format!("{first}{capability}"));
        first = "            ";
    }
    lines.join("\n")
}

/// What a migration did.
#[derive(Debug, Serialize)]
struct Migrated {
    from: i64,
    to: i64,
    milliseconds: u64,
}

fn migrate(store: &Store, json: bool) -> Result<(), Failure> {
    let started = Instant::now();
    let bar = progress::items(0, "migrating entries");
    let migrated = store.migrate(&mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let (from, to) = migrated?;
    let milliseconds = milliseconds(started.elapsed());
    if json {
        return terminal::json(&Migrated { from, to, milliseconds });
    }
    if from == to {
        terminal::out(format_args!("schema {to} is up to date: nothing to do"));
    } else {
        let seconds = terminal::seconds(milliseconds);
        terminal::out(format_args!("schema {from} is now schema {to}, in {seconds}"));
    }
    Ok(())
}

/// US law asks to keep the records of a Part D contract for ten years (42 CFR 423.505(d)), those
/// of Medicaid managed care as long (42 CFR 438.3(u)), HIPAA's documentation for six (45 CFR
/// 164.316(b)(2)); the longest holds for everybody here.
const YEARS: i32 = 10;

fn refuse_too_soon(before: Date, force: bool) -> Result<(), Failure> {
    let today = SystemClock::new().context("asking for random bits")?.now().date();
    let (year, month, day) = today.ymd();
    let years_ago = Date::new(year - YEARS, month, day);
    // 29 February becomes 28 February.
    let years_ago = years_ago.or_else(|| Date::new(year - YEARS, month, 28));
    if force || years_ago.is_some_and(|years_ago| before <= years_ago) {
        return Ok(());
    }
    let failure = Failure::new(format!("{before} is less than {YEARS} years ago"));
    Err(failure.hint(
        "Part D and Medicaid records are kept for ten years (42 CFR 423.505(d), 438.3(u)); if \
         you know that you need not, add --force",
    ))
}

fn let_go(store: &Store, before: Date, dry_run: bool) -> Result<Retired, Failure> {
    let before = instant::start_of(before);
    // Opened for writing although nothing may be done: what cannot be written is told now.
    let mut journal = if dry_run { None } else { Some(store.journal()?) };
    let reader = match &journal {
        Some(journal) => journal.reader(),
        None => store.reader()?,
    };
    let heads = reader.heads().map_err(store::failure)?;
    let bar = progress::items(heads.iter().map(|head| head.sequence).sum(), "reading entries");
    let found = outdated(&*reader, before, &mut |read| bar.set_position(read));
    bar.finish_and_clear();
    let found = found.map_err(failed)?;
    let Some(journal) = &mut journal else { return Ok(found.found()) };
    let bar = progress::items(found.found().families, "retiring families");
    let retired = retire(&mut **journal, &found, &mut |families| bar.set_position(families));
    bar.finish_and_clear();
    retired.map_err(store::failure)
}

fn failed(error: RetentionError) -> Failure {
    match error {
        RetentionError::Store(error) => store::failure(error),
        error @ RetentionError::Ledger { .. } => {
            Failure::new(error).hint("run `openpbm verify`; nothing was let go of")
        }
    }
}

fn tell_retired(retired: &Retired, before: Date, dry_run: bool, json: bool) -> Result<(), Failure> {
    if json {
        return terminal::json(&serde_json::json!({
            "before": before,
            "dry_run": dry_run,
            "families": retired.families,
            "entries": retired.entries,
        }));
    }
    let done = if dry_run { "would be let go of" } else { "let go of" };
    terminal::out(format_args!(
        "{} of {} recorded before {before} {done}",
        terminal::count_of(retired.entries, "entry", "entries"),
        terminal::count_of(retired.families, "family", "families"),
    ));
    Ok(())
}
