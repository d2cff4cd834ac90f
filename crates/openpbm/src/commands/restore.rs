//! `openpbm restore`: a data directory of a backup, as it was at its end or at an instant.

use std::io::Read;
use std::path::Path;
use std::time::Instant;

use openpbm_book::{Documents, Shelf};
use openpbm_core::Timestamp;
use openpbm_store::{Cursor, Extent, Journal, Reader, copy};
use serde::Serialize;

use super::backup::milliseconds;
use crate::cli::Restore;
use crate::data::Data;
use crate::failure::{Context, Failure};
use crate::record::{self, Restoring};
use crate::store::{Store, StoreUrl};
use crate::{files, progress, store, terminal};

/// What was restored.
#[derive(Debug, Serialize)]
struct Report {
    /// Entries of the backup.
    read: u64,
    /// Those of them that belong to the restored state.
    entries: u64,
    /// The version of the book that decides, if any was published by then.
    book: Option<String>,
    /// The state is that of this instant; `null` for all of the backup.
    until: Option<String>,
    milliseconds: u64,
}

pub(crate) fn run(args: &Restore) -> Result<(), Failure> {
    let started = Instant::now();
    let (from, root) = (args.from.as_path(), args.data.as_path());
    let end = end_of(from, args.until)?;
    let source = Store::Embedded(from.to_owned()).reader()?;
    let store = Store::of(root, args.store.url.as_ref());
    prepare(args, &store)?;
    let mut target = store.journal()?;
    let extent = Extent { end, until: args.until, ..Extent::default() };
    let copied = entries(&*source, &mut *target, extent)?;
    drop(target);
    let shelf =
        Shelf::open(Data::new(from).shelf_folder()).context("opening the backup's books")?;
    let data = Data::new(root);
    let restored = data.shelf()?;
    shelf.copy_to(&restored, args.until).context("copying the published books")?;
    let book = restored.current().context("reading the published books")?;
    if let Some(current) = book {
        write_documents(&restored, current.version, &data.book_folder())?;
    }
    Restoring::finish(root)?;
    tell(
        args,
        &Report {
            read: copied.read,
            entries: copied.copied,
            book: book.map(|current| current.version.short().to_string()),
            until: args.until.map(|until| until.to_string()),
            milliseconds: milliseconds(started.elapsed()),
        },
    )
}

/// Where the backup's last finished run ended; nothing for a data directory, which is copied as
/// it is.
fn end_of(from: &Path, until: Option<Timestamp>) -> Result<Vec<Cursor>, Failure> {
    let shown = from.display();
    if Restoring::read(from)?.is_some() {
        let failure = Failure::new(format!("{shown} is itself a restore that is not finished"));
        return Err(failure.hint("name a backup"));
    }
    let Some(record) = record::Backup::read(from)? else { return Ok(Vec::new()) };
    let Some(finished) = record.finished else {
        let failure = Failure::new(format!("the backup in {shown} was never finished"));
        return Err(failure.hint("run `openpbm backup` again; it goes on where it stood"));
    };
    if let Some(until) = until.filter(|until| *until > finished.began) {
        let began = finished.began;
        let failure = Failure::new(format!(
            "{until} cannot be restored: the backup in {shown} was made at {began}"
        ));
        return Err(failure.hint("run `openpbm backup` again first, or name an earlier instant"));
    }
    Ok(finished.end)
}

/// Makes the directory, or finds one in which an earlier run of the same restore is to go on.
fn prepare(args: &Restore, store: &Store) -> Result<(), Failure> {
    let root = args.data.as_path();
    let shown = root.display();
    let from = args.from.canonicalize().context(format!("looking for {}", args.from.display()))?;
    let url = args.store.url.as_ref().map(ToString::to_string);
    let restoring = Restoring { from, until: args.until, store: url };
    match Restoring::read(root)? {
        Some(found) if found == restoring => return Ok(()),
        Some(found) => {
            let failure = Failure::new(format!(
                "{shown} holds another restore that is not finished, of {}",
                found.from.display()
            ));
            return Err(failure.hint(format!("finish that one, or remove {shown}")));
        }
        None => {}
    }
    if !files::is_empty(root).context(format!("looking into {shown}"))? {
        let failure = Failure::new(format!("{shown} is not empty"));
        return Err(failure.hint("name a directory that does not exist yet"));
    }
    if let Store::Postgres(url, _) = store {
        refuse_unless_empty(store, url)?;
    }
    std::fs::create_dir_all(root).context(format!("making {shown}"))?;
    restoring.write(root)?;
    store.note()
}

/// A database may hold another journal, however new the directory is.
fn refuse_unless_empty(store: &Store, url: &StoreUrl) -> Result<(), Failure> {
    let heads = store.journal()?.reader().heads().map_err(store::failure)?;
    if heads.iter().all(|head| head.sequence == 0) {
        return Ok(());
    }
    let failure = Failure::new(format!("{url} holds a journal already"));
    Err(failure.hint("name an empty database"))
}

fn entries(
    source: &dyn Reader,
    target: &mut dyn Journal,
    mut extent: Extent,
) -> Result<openpbm_store::Copied, Failure> {
    let heads = source.heads().map_err(store::failure)?;
    let bar = progress::items(heads.iter().map(|head| head.sequence).sum(), "restoring entries");
    let copied = copy(source, target, &mut extent, &mut |copied, _| bar.set_position(copied.read));
    bar.finish_and_clear();
    copied.map_err(store::failure)
}

/// The documents of the version that decides, to go on with.
fn write_documents(
    shelf: &Shelf,
    version: openpbm_core::BookVersion,
    folder: &Path,
) -> Result<(), Failure> {
    let documents = shelf.stored(version).context("reading the current book")?;
    for path in documents.paths().context("reading the current book")? {
        let file = folder.join(&path);
        let written = write_document(&documents, &path, &file);
        written.context(format!("writing {}", file.display()))?;
    }
    Ok(())
}

fn write_document(documents: &dyn Documents, path: &str, file: &Path) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut bytes = Vec::new();
    documents.open(path)?.read_to_end(&mut bytes)?;
    std::fs::write(file, bytes)
}

fn tell(args: &Restore, report: &Report) -> Result<(), Failure> {
    if args.json {
        return terminal::json(report);
    }
    let root = args.data.display();
    let at = report.until.as_ref().map_or_else(String::new, |until| format!(" up to {until}"));
    let book = report.book.as_deref().map_or_else(
        || "no book had been published by then".to_owned(),
        |book| format!("book {book} decides"),
    );
    terminal::out(format_args!(
        "{} of {} restored{at} in {}\n{book}",
        report.entries,
        terminal::count_of(report.read, "entry", "entries"),
        terminal::seconds(report.milliseconds),
    ));
    let store = if args.store.url.is_some() { ", with the same --store" } else { "" };
    terminal::note(format_args!(
        "check it: openpbm verify --data {root}{store}\n\
         run it: openpbm serve --data {root}{store}"
    ));
    Ok(())
}
