//! `openpbm import`: members into a data directory, drugs and prices into a book's folder.

use std::fmt::Display;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use openpbm_book::import::{self, InForce, Progress, Summary};
use openpbm_core::Timestamp;
use openpbm_service::{
    Due, EnrollError, Enrolled, FeedError, Pbm, Reprocessed, enroll, import_accumulators,
};
use openpbm_store::Cursor;
use serde::Serialize;

use super::reprocess;
use crate::cli::{FamilyFile, ImportCommand};
use crate::data::{Data, store};
use crate::failure::{Context, Failure};
use crate::{progress, terminal};

pub(crate) fn run(command: &ImportCommand) -> Result<(), Failure> {
    match command {
        ImportCommand::Members(from) => members(from),
        ImportCommand::Accumulators(from) => accumulators(from),
        ImportCommand::Ndc { products, packages, book, json } => {
            let document = book.join("drugs/directory.csv");
            documents(*json, "reading the NDC directory", |progress| {
                import::import_ndc_directory(products, packages, &document, progress)
            })
        }
        ImportCommand::Nadac { file, book, from, to, json } => {
            let document = book.join("prices/nadac.csv");
            let in_force = InForce { from: *from, to: *to };
            documents(*json, "reading NADAC prices", |progress| {
                import::import_nadac(file, &document, in_force, progress)
            })
        }
    }
}

fn documents(
    json: bool,
    what: &'static str,
    import: impl FnOnce(&mut dyn FnMut(Progress)) -> Result<Summary, import::ImportError>,
) -> Result<(), Failure> {
    let bar = progress::bytes(0, what);
    let summary = import(&mut |progress: Progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.read);
    });
    bar.finish_and_clear();
    let summary = summary.map_err(Failure::new)?;
    if json {
        return terminal::json(&summary);
    }
    terminal::out(summary);
    Ok(())
}

fn members(from: &FamilyFile) -> Result<(), Failure> {
    let import = |pbm: &Pbm, input: File| {
        let size = input.metadata().map_or(0, |metadata| metadata.len());
        let bar = progress::bytes(size, "enrolling members");
        let enrolled = enroll(pbm, input, &mut |position| bar.set_position(position));
        bar.finish_and_clear();
        enrolled.map_err(|error| match error {
            EnrollError::Mistakes { mistakes, total } => {
                mistaken(&from.file, &mistakes, total, "nobody was enrolled")
            }
            error => Failure::new(error),
        })
    };
    take_in(from, import, |enrolled| {
        let Enrolled { families, members, changed } = enrolled;
        format!("{families} families with {members} members read, {changed} members new or changed")
    })
}

fn accumulators(from: &FamilyFile) -> Result<(), Failure> {
    let import = |pbm: &Pbm, input: File| {
        let bar = progress::items(0, "importing accumulators");
        let imported = import_accumulators(pbm, BufReader::new(input), &mut |families| {
            bar.set_position(families.try_into().unwrap_or(0));
        });
        bar.finish_and_clear();
        imported.map_err(|error| match error {
            FeedError::Mistakes { mistakes, total } => {
                mistaken(&from.file, &mistakes, total, "nothing was imported")
            }
            error => Failure::new(error),
        })
    };
    take_in(from, import, |imported| {
        format!("{} read, {} new", terminal::count(imported.lines, "line"), imported.added)
    })
}

/// Takes a file into a data directory, decides again what it changes if that is asked, and tells.
fn take_in<I: Serialize>(
    from: &FamilyFile,
    import: impl FnOnce(&Pbm, File) -> Result<I, Failure>,
    words: impl FnOnce(&I) -> String,
) -> Result<(), Failure> {
    let FamilyFile { file, place, reprocess, json } = from;
    let input = File::open(file).context(format!("opening {}", file.display()))?;
    let data = Data::at(place);
    let pbm = data.start_now()?;
    let before = data.reader()?.heads().map_err(store)?;
    let imported = import(&pbm, input);
    let reprocessed = match &imported {
        Ok(_) if *reprocess => Some(late(&data, &pbm, &before)),
        _ => None,
    };
    pbm.shut_down();
    let imported = imported?;
    let reprocessed = reprocessed.transpose()?;
    if *json {
        return terminal::json(&Imported { imported, reprocessed });
    }
    terminal::out(words(&imported));
    if let Some(reprocessed) = reprocessed {
        terminal::out(reprocess::words(&reprocessed, false));
    }
    Ok(())
}

/// Tells the mistakes of a file of which nothing was taken in.
fn mistaken(file: &Path, mistakes: &[impl Display], total: usize, so: &str) -> Failure {
    for mistake in mistakes {
        terminal::note(format_args!("{}: {mistake}", file.display()));
    }
    let count = terminal::count(total, "mistake");
    let message = format!("{count} in {}; {so}", file.display());
    Failure::new(message).hint("mend the file and import it again")
}

/// What an import into a data directory did.
#[derive(Serialize)]
struct Imported<I> {
    #[serde(flatten)]
    imported: I,
    #[serde(skip_serializing_if = "Option::is_none")]
    reprocessed: Option<Reprocessed>,
}

/// Decides the claims of the families again that the file has changed.
fn late(data: &Data, pbm: &Pbm, before: &[Cursor]) -> Result<Reprocessed, Failure> {
    let reader = data.reader()?;
    let due = Due::since(&*reader, before, Timestamp::default(), &mut |_| {});
    let reprocessed = due.and_then(|due| {
        let bar = progress::items(due.len().try_into().unwrap_or(u64::MAX), "reprocessing");
        let done = &mut |families: usize| bar.set_position(families.try_into().unwrap_or(0));
        let reprocessed = openpbm_service::reprocess(pbm, &due, false, done);
        bar.finish_and_clear();
        reprocessed
    });
    reprocessed.map_err(reprocess::failed)
}
