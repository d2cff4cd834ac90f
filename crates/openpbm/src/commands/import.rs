//! `openpbm import`: members into a data directory, drugs and prices into a book's folder.

use std::fs::File;
use std::path::Path;

use openpbm_book::import::{self, InForce, Progress, Summary};
use openpbm_service::{EnrollError, enroll};

use crate::cli::ImportCommand;
use crate::data::Data;
use crate::failure::{Context, Failure};
use crate::{progress, terminal};

pub(crate) fn run(command: &ImportCommand) -> Result<(), Failure> {
    match command {
        ImportCommand::Members { file, data, json } => members(file, data, *json),
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

fn members(file: &Path, data: &Path, json: bool) -> Result<(), Failure> {
    let input = File::open(file).context(format!("opening {}", file.display()))?;
    let size = input.metadata().map_or(0, |metadata| metadata.len());
    let pbm = Data::new(data).start_now()?;
    let bar = progress::bytes(size, "enrolling members");
    let enrolled = enroll(&pbm, input, &mut |position| bar.set_position(position));
    bar.finish_and_clear();
    pbm.shut_down();
    match enrolled {
        Ok(enrolled) if json => terminal::json(&enrolled),
        Ok(enrolled) => {
            terminal::out(format_args!(
                "{} families with {} members read, {} members new or changed",
                enrolled.families, enrolled.members, enrolled.changed
            ));
            Ok(())
        }
        Err(EnrollError::Mistakes { mistakes, total }) => {
            for mistake in &mistakes {
                terminal::note(format_args!("{}: {mistake}", file.display()));
            }
            let count = terminal::count(total, "mistake");
            let message = format!("{count} in {}; nobody was enrolled", file.display());
            Err(Failure::new(message).hint("mend the file and import it again"))
        }
        Err(error) => Err(Failure::new(error)),
    }
}
