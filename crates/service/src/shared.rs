//! What every thread of the service sees.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use openpbm_book::Book;
use openpbm_core::BookVersion;
use openpbm_store::{Capability, Journal, Reader};

use crate::clock::Clock;
use crate::metrics::Metrics;
use crate::pbm::{Library, Options};

pub(crate) struct Shared {
    book: RwLock<Arc<Book>>,
    library: OnceLock<Arc<Library>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) reader: Arc<dyn Reader>,
    pub(crate) metrics: Metrics,
    pub(crate) options: Options,
    /// Other nodes may write to the same store.
    pub(crate) many_writers: bool,
}

impl Shared {
    pub(crate) fn new(
        book: Arc<Book>,
        clock: Arc<dyn Clock>,
        journal: &dyn Journal,
        options: Options,
    ) -> Self {
        let (reader, metrics) = (journal.reader(), Metrics::new());
        let many_writers = journal.capabilities().contains(&Capability::ManyWriters);
        let book = RwLock::new(book);
        let library = OnceLock::new();
        Self { book, library, clock, reader, metrics, options, many_writers }
    }

    /// The book that decides now.
    pub(crate) fn book(&self) -> Arc<Book> {
        self.book.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets old versions of the book be found; the first library that is given stays.
    pub(crate) fn give(&self, library: Arc<Library>) {
        let _ = self.library.set(library);
    }

    /// A version of the book, if it is the current one or on the shelf.
    pub(crate) fn book_of(&self, version: BookVersion) -> Option<Arc<Book>> {
        let current = self.book();
        if current.version() == version {
            return Some(current);
        }
        self.library.get().and_then(|library| library(version))
    }

    /// Lets another book decide from the next claim on.
    pub(crate) fn publish(&self, book: Arc<Book>) {
        *self.book.write().unwrap_or_else(PoisonError::into_inner) = book;
    }
}
