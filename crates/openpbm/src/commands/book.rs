//! `openpbm book`: check, show, diff, publish.

use std::path::Path;

use openpbm_book::{Book, Folder, Mistakes, PublishOutcome, Severity, diff, diff_report};
use openpbm_core::Ndc;

use crate::cli::BookCommand;
use crate::data::Data;
use crate::failure::Failure;
use crate::terminal;

pub(crate) fn run(command: &BookCommand) -> Result<(), Failure> {
    match command {
        BookCommand::Check { folder, json } => check(folder, *json),
        BookCommand::Show { folder, drug, json } => tell(folder, *drug, *json),
        BookCommand::Diff { old, new, json } => compare(old, new, *json),
        BookCommand::Publish { folder, data } => publish(folder, data),
    }
}

fn check(folder: &Path, json: bool) -> Result<(), Failure> {
    let checked = Book::check(&Folder::new(folder));
    let mistakes = &checked.mistakes;
    if json {
        terminal::json(mistakes)?;
    } else if !mistakes.is_empty() {
        terminal::note(mistakes);
    }
    let Some(book) = checked.book else { return Err(refused(folder, mistakes)) };
    if !json {
        let warnings = terminal::count(mistakes.count(Severity::Warning), "warning");
        terminal::out(format_args!(
            "{} is right: {} drugs, {} documents, {warnings}, version {}",
            book.name(),
            book.drugs().len(),
            book.documents().len(),
            book.version().short()
        ));
    }
    Ok(())
}

fn refused(folder: &Path, mistakes: &Mistakes) -> Failure {
    let count = terminal::count(mistakes.count(Severity::Mistake), "mistake");
    Failure::new(format!("{count} in the book {}", folder.display()))
        .hint("every mistake is listed above with its file and line")
}

fn load(folder: &Path) -> Result<Book, Failure> {
    Book::load(folder).map_err(|mistakes| {
        terminal::note(&mistakes);
        refused(folder, &mistakes)
    })
}

fn tell(folder: &Path, drug: Option<Ndc>, json: bool) -> Result<(), Failure> {
    let book = load(folder)?;
    let Some(ndc) = drug else {
        let summary = book.summary();
        return if json { terminal::json(&summary) } else { line(summary) };
    };
    let Some(sheet) = book.drug_sheet(ndc) else {
        let failure = Failure::new(format!("NDC {} is not in the book", ndc.hyphenated()));
        return Err(failure.hint("an NDC has 11 digits: 5 labeler, 4 product, 2 package"));
    };
    if json { terminal::json(&sheet) } else { line(sheet) }
}

fn line(text: impl std::fmt::Display) -> Result<(), Failure> {
    terminal::out(text);
    Ok(())
}

fn compare(old: &Path, new: &Path, json: bool) -> Result<(), Failure> {
    let changes = diff(&load(old)?, &load(new)?);
    if json {
        return terminal::json(&changes);
    }
    if changes.is_empty() {
        return line("the two books say the same");
    }
    line(diff_report(&changes).trim_end())
}

fn publish(folder: &Path, data: &Path) -> Result<(), Failure> {
    let published = Data::new(data).publish(folder)?;
    let version = published.version.short();
    match published.outcome {
        PublishOutcome::AlreadyCurrent => {
            line(format_args!("version {version} is the current one already: nothing to do"))
        }
        PublishOutcome::Stored | PublishOutcome::Reactivated => {
            line(format_args!("published version {version}; it decides from now on"))
        }
    }
}
