//! A data directory: the shelf of published books and the journal.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use openpbm_book::{Book, Folder, Published, Shelf, ShelfError};
use openpbm_core::BookVersion;
use openpbm_service::{Clock, Options, Pbm, SystemClock};
use openpbm_store::StoreError;
use openpbm_store::sqlite::{SqliteJournal, SqliteReader};

use crate::failure::{Context, Failure};
use crate::terminal;

/// A data directory.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    root: PathBuf,
}

impl Data {
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The folder of documents to edit and publish.
    pub(crate) fn book_folder(&self) -> PathBuf {
        self.root.join("book")
    }

    /// The published books.
    pub(crate) fn shelf(&self) -> Result<Shelf, Failure> {
        Shelf::open(self.root.join("published")).context("opening the published books")
    }

    /// Checks the documents of a folder and lets them decide from now on.
    pub(crate) fn publish(&self, folder: &Path) -> Result<Published, Failure> {
        let now = SystemClock::new().context("asking for random bits")?.now();
        self.shelf()?.publish(&Folder::new(folder), now).map_err(|error| match error {
            ShelfError::Mistakes(mistakes) => {
                terminal::note(&mistakes);
                Failure::new(format!("{} has mistakes; nothing was published", folder.display()))
                    .hint("every mistake is listed above with its file and line")
            }
            error => Failure::new(format!("publishing {}: {error}", folder.display())),
        })
    }

    /// The book that decides.
    pub(crate) fn current_book(&self) -> Result<Book, Failure> {
        let root = self.root.display();
        if !self.root.is_dir() {
            let failure = Failure::new(format!("{root} is not a directory"));
            return Err(failure.hint(format!("make one: openpbm init {root}")));
        }
        let shelf = self.shelf()?;
        let Some(current) = shelf.current().context("reading the published books")? else {
            let failure = Failure::new(format!("no book is published in {root}"));
            let folder = self.book_folder();
            let publish = format!("openpbm book publish {} --data {root}", folder.display());
            return Err(failure.hint(publish));
        };
        shelf.load(current.version).context("reading the current book")
    }

    /// The current book, if it is another than the one that decides.
    pub(crate) fn newer_book(&self, deciding: BookVersion) -> Result<Option<Book>, Failure> {
        let shelf = self.shelf()?;
        let current = shelf.current().context("reading the published books")?;
        match current.filter(|current| current.version != deciding) {
            Some(current) => shelf.load(current.version).context("reading a new book").map(Some),
            None => Ok(None),
        }
    }

    /// Gives old versions of the book.
    pub(crate) fn library(
        &self,
    ) -> Result<impl Fn(BookVersion) -> Option<Arc<Book>> + Send + Sync + use<>, Failure> {
        let shelf = self.shelf()?;
        Ok(move |version| match shelf.load(version) {
            Ok(book) => Some(Arc::new(book)),
            Err(error) => {
                tracing::warn!(%error, "an old book could not be read");
                None
            }
        })
    }

    fn journal_folder(&self) -> PathBuf {
        self.root.join("journal")
    }

    /// Starts a PBM on the directory.
    pub(crate) fn start(&self, clock: Arc<dyn Clock>) -> Result<Pbm, Failure> {
        let book = Arc::new(self.current_book()?);
        let folder = self.journal_folder();
        std::fs::create_dir_all(&folder).context(format!("making {}", folder.display()))?;
        let journal = SqliteJournal::open(&folder).map_err(store)?;
        let pbm = Pbm::start(book, Box::new(journal), clock, Options::default());
        Ok(pbm.map_err(Failure::new)?.with_library(self.library()?))
    }

    /// Starts a PBM with the machine's clock.
    pub(crate) fn start_now(&self) -> Result<Pbm, Failure> {
        self.start(Arc::new(SystemClock::new().context("asking for random bits")?))
    }

    /// The journal, for reading.
    pub(crate) fn reader(&self) -> Result<SqliteReader, Failure> {
        SqliteReader::open(&self.journal_folder()).map_err(store)
    }
}

/// The store's own words and hint.
pub(crate) fn store(error: StoreError) -> Failure {
    let hint = error.hint();
    Failure::new(error).hint(hint)
}
