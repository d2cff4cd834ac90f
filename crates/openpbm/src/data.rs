//! A data directory: the shelf of published books, and its journal, here or in a database.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use openpbm_book::{Book, Folder, Published, Shelf, ShelfError};
use openpbm_core::BookVersion;
use openpbm_service::{Clock, Options, Pbm, SystemClock};
use openpbm_store::{Journal, Reader};

use crate::cli::{Memory, Place};
use crate::failure::{Context, Failure};
use crate::record;
use crate::store::{Store, StoreUrl};
use crate::terminal;

pub(crate) use crate::store::failure as store;

/// A data directory.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    root: PathBuf,
    store: Store,
    /// What the families at hand may take, in bytes; `None` for as much as is usual.
    family_memory: Option<usize>,
}

impl Data {
    /// A directory that has its journal in it.
    pub(crate) fn new(root: &Path) -> Self {
        Self::with_store(root, None)
    }

    /// A directory with its journal in it, or in the database that is named.
    pub(crate) fn with_store(root: &Path, url: Option<&StoreUrl>) -> Self {
        Self { root: root.to_owned(), store: Store::of(root, url), family_memory: None }
    }

    /// What a command line names.
    pub(crate) fn at(place: &Place) -> Self {
        Self::with_store(&place.data, place.store.url.as_ref())
    }

    /// The same, with so much memory for the families at hand.
    pub(crate) fn with_memory(self, memory: &Memory) -> Self {
        let bytes = usize::try_from(memory.family_memory).unwrap_or(usize::MAX);
        Self { family_memory: Some(bytes.saturating_mul(1 << 20)), ..self }
    }

    /// The folder of documents to edit and publish.
    pub(crate) fn book_folder(&self) -> PathBuf {
        self.root.join("book")
    }

    /// The published books.
    pub(crate) fn shelf(&self) -> Result<Shelf, Failure> {
        Shelf::open(self.shelf_folder()).context("opening the published books")
    }

    /// Where the published books are.
    pub(crate) fn shelf_folder(&self) -> PathBuf {
        self.root.join("published")
    }

    /// Checks the documents of a folder and lets them decide from now on.
    pub(crate) fn publish(&self, folder: &Path) -> Result<Published, Failure> {
        record::refuse_to_serve(&self.root)?;
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

    /// Starts a PBM on the directory.
    pub(crate) fn start(&self, clock: Arc<dyn Clock>) -> Result<Pbm, Failure> {
        record::refuse_to_serve(&self.root)?;
        let book = Arc::new(self.current_book()?);
        let journal = self.store.journal()?;
        self.store.note()?;
        let pbm = Pbm::start(book, journal, clock, self.options()?);
        Ok(pbm.map_err(Failure::new)?.with_library(self.library()?))
    }

    fn options(&self) -> Result<Options, Failure> {
        let projections = Some(self.root.join("projections"));
        #[cfg(feature = "otel")]
        let tracer = crate::traces::tracer()?;
        #[cfg(not(feature = "otel"))]
        let tracer = None;
        let usual = Options::default();
        let family_memory = self.family_memory.unwrap_or(usual.family_memory);
        Ok(Options { projections, tracer, family_memory, ..usual })
    }

    /// Starts a PBM with the machine's clock.
    pub(crate) fn start_now(&self) -> Result<Pbm, Failure> {
        self.start(Arc::new(SystemClock::new().context("asking for random bits")?))
    }

    /// What the journal is kept in: `sqlite` or `postgres`.
    pub(crate) fn store_name(&self) -> &'static str {
        self.store.name()
    }

    /// The journal once more for writing, beside the one that is open: a database lets us.
    pub(crate) fn another_journal(&self) -> Result<Box<dyn Journal>, Failure> {
        self.store.journal()
    }

    /// The journal, for reading.
    pub(crate) fn reader(&self) -> Result<Arc<dyn Reader>, Failure> {
        self.store.reader()
    }
}
