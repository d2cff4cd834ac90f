//! The books of a replay: folders of documents, or versions that were published.

use std::path::Path;
use std::sync::Arc;

use openpbm_book::{Book, Shelf};
use openpbm_core::{BookVersion, Ndc};
use openpbm_service::Library;
use openpbm_service::replay::Rules;

use crate::cli::{ClaimsFrom, Replay};
use crate::data::Data;
use crate::failure::{Context, Failure};
use crate::terminal;

/// The books of a replay.
pub(super) struct Books {
    /// Checks the members; names the drugs.
    book: Arc<Book>,
    /// Gives the books that decided, where no other was named.
    library: Option<Box<Library>>,
    against: Option<(Rules<'static>, Arc<Book>)>,
    name: String,
    against_name: Option<String>,
}

impl Books {
    pub(super) fn load(args: &Replay) -> Result<Self, Failure> {
        let against = match &args.against {
            Some(named) => Some(Arc::new(load(named, args)?)),
            None => None,
        };
        let against_name = against.as_ref().map(|book| described(book));
        let against = against.map(|book| (Rules::Book(book.clone()), book));
        if let Some(named) = &args.book {
            let book = Arc::new(load(named, args)?);
            let name = described(&book);
            return Ok(Self { book, library: None, against, name, against_name });
        }
        let (ClaimsFrom::Journal, Some(_)) = (&args.claims, &args.data) else {
            let failure = Failure::new("no book is named");
            return Err(failure.hint("name the book that the claims were decided under: --book"));
        };
        let data = data(args)?;
        let book = Arc::new(data.current_book()?);
        let library: Box<Library> = Box::new(data.library()?);
        let name = "the books that decided".to_owned();
        Ok(Self { book, library: Some(library), against, name, against_name })
    }

    /// What decides first.
    pub(super) fn rules(&self) -> Rules<'_> {
        match &self.library {
            Some(library) => Rules::as_decided(&**library, self.book.clone()),
            None => Rules::Book(self.book.clone()),
        }
    }

    pub(super) fn against(&self) -> Option<&Rules<'static>> {
        self.against.as_ref().map(|(rules, _)| rules)
    }

    /// The book that members are checked against.
    pub(super) fn book(&self) -> &Book {
        &self.book
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn against_name(&self) -> Option<&str> {
        self.against_name.as_deref()
    }

    /// The product's name in the one book or the other.
    pub(super) fn drug_name(&self, ndc: Ndc) -> Option<String> {
        let other = self.against.as_ref().map(|(_, book)| &**book);
        let named = |book: &Book| {
            let product = book.drugs().product(book.drugs().find(ndc)?)?;
            Some(product.name.to_string())
        };
        named(&self.book).or_else(|| other.and_then(named))
    }
}

fn described(book: &Book) -> String {
    format!("{}, version {}", book.name(), book.version().short())
}

/// The data directory that the command line names.
pub(super) fn data(args: &Replay) -> Result<Data, Failure> {
    let Some(root) = &args.data else {
        let failure = Failure::new("no data directory is named");
        return Err(failure.hint("name the one with the journal and the books: --data DIR"));
    };
    Ok(Data::with_store(root, args.store.url.as_ref()))
}

/// A book by its folder or its version.
fn load(named: &str, args: &Replay) -> Result<Book, Failure> {
    let folder = Path::new(named);
    if folder.is_dir() {
        return Book::load(folder).map_err(|mistakes| {
            terminal::note(&mistakes);
            Failure::new(format!("{named} has mistakes"))
                .hint("every mistake is listed above with its file and line")
        });
    }
    let is_version = named.len() >= 4 && named.bytes().all(|b| b.is_ascii_hexdigit());
    if !is_version {
        let failure = Failure::new(format!("there is no folder {named}"));
        return Err(failure.hint("a book is a folder of documents, or a published version"));
    }
    let shelf = data(args)?.shelf()?;
    let version = find(&shelf, named)?;
    shelf.load(version).context("reading a published book")
}

fn find(shelf: &Shelf, digits: &str) -> Result<BookVersion, Failure> {
    let versions = shelf.versions().context("reading the published books")?;
    let digits = digits.to_ascii_lowercase();
    let fits = |version: &BookVersion| version.to_string().starts_with(&digits);
    let found: Vec<_> = versions.into_iter().filter(fits).collect();
    match found.as_slice() {
        [version] => Ok(*version),
        [] => Err(Failure::new(format!("no published book has the version {digits}"))),
        _ => Err(Failure::new(format!("{} published books begin with {digits}", found.len()))
            .hint("give more digits of the version")),
    }
}
