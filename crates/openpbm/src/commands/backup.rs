//! `openpbm backup`: the journal and the books once more, while they are in use.

use std::path::Path;
use std::time::{Duration, Instant};

use openpbm_service::{Clock, SystemClock};
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{Cursor, Extent, Journal, Reader, StoreError, copy};
use serde::Serialize;

use crate::cli::Backup;
use crate::data::Data;
use crate::failure::{Context, Failure};
use crate::record::{self, Finished, Place};
use crate::{files, progress, store, terminal};

/// What a run did.
#[derive(Debug, Serialize)]
struct Report {
    /// Entries that the backup did not have.
    copied: u64,
    /// Entries that it has.
    entries: u64,
    /// Versions of the book that it did not have.
    books: u64,
    /// Its size on disk.
    bytes: u64,
    /// All that was answered by then is in it.
    began: String,
    milliseconds: u64,
}

pub(crate) fn run(args: &Backup) -> Result<(), Failure> {
    let started = Instant::now();
    let began = SystemClock::new().context("asking for random bits")?.now();
    let to = args.to.as_path();
    let mut record = prepare(to)?;
    let data = Data::at(&args.place);
    let source = data.reader()?;
    recognize(&*source, &record, to)?;
    let mut target = SqliteJournal::open(&store::folder(to)).map_err(store::failure)?;
    let copied = entries(&*source, &mut target, &mut record)?;
    // After the journal, so that every entry finds the book that decided it.
    let books = data
        .shelf()?
        .copy_to(&Data::new(to).shelf()?, None)
        .map_err(|error| Failure::new(format!("copying the published books: {error}")))?;
    let end = target.reader().heads().map_err(store::failure)?;
    let entries = end.iter().map(|head| head.sequence).sum();
    record.finished = Some(Finished { began, end });
    record.write(to)?;
    drop(target);
    let bytes = files::size_of(to).context(format!("measuring {}", to.display()))?;
    let books = books.versions;
    let report = Report {
        copied,
        entries,
        books,
        bytes,
        began: began.to_string(),
        milliseconds: milliseconds(started.elapsed()),
    };
    tell(&report, args)
}

/// Makes the directory, or finds the backup that is in it.
fn prepare(to: &Path) -> Result<record::Backup, Failure> {
    if let Some(record) = record::Backup::read(to)? {
        return Ok(record);
    }
    let shown = to.display();
    if !files::is_empty(to).context(format!("looking into {shown}"))? {
        let failure = Failure::new(format!("{shown} is neither empty nor a backup"));
        return Err(failure.hint("name a directory that does not exist yet, or an earlier backup"));
    }
    std::fs::create_dir_all(to).context(format!("making {shown}"))?;
    let record = record::Backup::default();
    record.write(to)?;
    Ok(record)
}

/// Makes sure that it is this journal of which there is a backup: at each place where the last
/// run ended is still the entry that was there.
fn recognize(source: &dyn Reader, record: &record::Backup, to: &Path) -> Result<(), Failure> {
    for Place { cursor, last } in &record.places {
        match entry_before(source, *cursor) {
            Ok(Some(found)) if found == *last => {}
            Ok(_) | Err(StoreError::BeyondHead { .. } | StoreError::UnknownShard { .. }) => {
                let to = to.display();
                let failure = Failure::new(format!(
                    "{to} is the backup of another journal, or of one that has gone another way \
                     since: at {cursor} it has another entry"
                ));
                return Err(failure.hint("back up into a new directory"));
            }
            Err(error) => return Err(store::failure(error)),
        }
    }
    Ok(())
}

/// Copies what the backup does not have, and notes how far it has come.
fn entries(
    source: &dyn Reader,
    target: &mut dyn Journal,
    record: &mut record::Backup,
) -> Result<u64, Failure> {
    let begin: Vec<Cursor> = record.places.iter().map(|place| place.cursor).collect();
    let done: u64 = begin.iter().map(|cursor| cursor.sequence).sum();
    let heads = source.heads().map_err(store::failure)?;
    let total: u64 = heads.iter().map(|head| head.sequence).sum();
    let bar = progress::items(total.saturating_sub(done), "copying entries");
    let mut extent = Extent { begin, end: heads, until: None };
    let before = target.reader().heads().map_err(store::failure)?;
    let copied = copy(source, target, &mut extent, &mut |copied, _| bar.set_position(copied.read));
    bar.finish_and_clear();
    copied.map_err(store::failure)?;
    let after = target.reader().heads().map_err(store::failure)?;
    record.places = Vec::new();
    for cursor in extent.begin {
        if let Some(last) = entry_before(source, cursor).map_err(store::failure)? {
            record.places.push(Place { cursor, last });
        }
    }
    let count = |heads: &[Cursor]| heads.iter().map(|head| head.sequence).sum::<u64>();
    Ok(count(&after).saturating_sub(count(&before)))
}

/// The id of the entry in front of a cursor; `None` at the start of a shard.
fn entry_before(
    source: &dyn Reader,
    cursor: Cursor,
) -> Result<Option<openpbm_core::ClaimId>, StoreError> {
    let Some(sequence) = cursor.sequence.checked_sub(1) else { return Ok(None) };
    let page = source.read_from(Cursor { sequence, ..cursor }, 1)?;
    page.first().map(|sealed| Ok(sealed.open()?.entry.id)).transpose()
}

fn tell(report: &Report, args: &Backup) -> Result<(), Failure> {
    if args.json {
        return terminal::json(report);
    }
    let Report { copied, entries, books, bytes, began, milliseconds } = report;
    terminal::out(format_args!(
        "{} copied in {}, {} in the backup ({})\n\
         {} of the book copied\n\
         all that was answered by {began} is in {}",
        terminal::count_of(*copied, "entry", "entries"),
        terminal::seconds(*milliseconds),
        terminal::count_of(*entries, "entry", "entries"),
        indicatif::HumanBytes(*bytes),
        terminal::count_of(*books, "new version", "new versions"),
        args.to.display(),
    ));
    Ok(())
}

/// For figures.
pub(super) fn milliseconds(elapsed: Duration) -> u64 {
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}
