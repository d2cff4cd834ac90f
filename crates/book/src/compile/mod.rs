//! From documents to a [`Book`]: one file for each kind of document. Each reads its document
//! whole, notes every mistake, and leaves out what it could not read, so that the documents
//! behind it can still be checked.

mod book;
mod coordination;
mod cost_sharing;
mod coverage;
mod designs;
mod drugs;
mod dur;
mod formularies;
mod groups;
mod kinds;
mod limits;
mod loader;
mod measures;
mod member_shares;
mod networks;
mod part_d;
mod pharmacies;
mod plans;
mod preferred;
mod prescribers;
mod prices;
mod scopes;
mod selectors;
mod series;
mod shares;

use std::path::Path;

use kinds::Kind;
use loader::Loader;

use crate::Book;
use crate::documents::{Documents, Folder, Mistakes, Report, version_of};

/// A set of documents after it was read: everything that is wrong with it, and the book if
/// nothing is that forbids to use it.
#[derive(Debug)]
pub struct Checked {
    /// The book; `None` if there is a mistake.
    pub book: Option<Book>,
    /// Mistakes and warnings.
    pub mistakes: Mistakes,
}

impl Book {
    /// Reads the documents of a folder.
    ///
    /// # Errors
    /// All mistakes of all documents.
    pub fn load(folder: &Path) -> Result<Self, Mistakes> {
        Self::from_documents(&Folder::new(folder))
    }

    /// Reads a set of documents.
    ///
    /// # Errors
    /// All mistakes of all documents.
    pub fn from_documents(documents: &dyn Documents) -> Result<Self, Mistakes> {
        let Checked { book, mistakes } = Self::check(documents);
        book.ok_or(mistakes)
    }

    /// Reads a set of documents and tells warnings, too.
    pub fn check(documents: &dyn Documents) -> Checked {
        let mut paths = match documents.paths() {
            Ok(paths) => paths,
            Err(error) => {
                let report = Report::new(Vec::new());
                report.misplaced("the book", format!("its documents cannot be listed: {error}"));
                return Checked { book: None, mistakes: report.into_mistakes() };
            }
        };
        paths.sort_unstable();
        paths.dedup();
        let (found, strangers) = kinds::classify(paths);
        let report = Report::new(found.iter().map(|(path, _)| path.clone()).collect());
        for (path, why) in strangers {
            report.misplaced(&path, why);
        }
        let book = compile(&mut Loader::new(documents, &report, found));
        let mistakes = report.into_mistakes();
        Checked { book: book.filter(|_| !mistakes.is_fatal()), mistakes }
    }
}

/// Compiles every document. What is named must be known before what names it.
fn compile(loader: &mut Loader<'_>) -> Option<Book> {
    loader.require_documents();
    let head = book::read(loader);
    let drugs = drugs::read(loader);
    let prices = prices::read(loader, &head.lists, &drugs);
    let networks = networks::read(loader, &head.lists, &drugs);
    let formularies = formularies::read(loader, &head.lists, &drugs, &prices);
    let plans = plans::read(loader, &drugs, &head.lists, &formularies.ids(), &networks.ids());
    let groups = groups::read(loader, &plans.ids());
    let pharmacies = pharmacies::read(loader, &networks.ids());
    let prescribers = prescribers::read(loader);
    let dur = dur::read(loader, &drugs);
    let measures = measures::read(loader, &drugs);

    coverage::check(loader.report, &groups, &plans, &formularies, &networks);
    coverage::check_pharmacies(loader.report, &pharmacies, &plans, &networks);
    shares::check(loader.report, &plans, &formularies, &drugs);

    let groups = groups::by_id(groups, loader.report);
    let plans = plans.finish(loader.report);
    let formularies = formularies.finish(loader.report);
    let networks = networks.finish(loader.report);
    let documents = loader.documents()?;
    Some(Book {
        version: version_of(&documents),
        name: head.name?,
        bin: head.bin?,
        pcn: head.pcn?,
        documents,
        groups,
        plans,
        formularies,
        networks,
        pharmacies: pharmacies.by_npi,
        prescribers,
        drugs: drugs.drugs,
        lists: prices.lists,
        dur,
        measures,
    })
}
