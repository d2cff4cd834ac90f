//! Which book decides.

use std::sync::{Arc, Mutex};

use openpbm_book::Book;
use openpbm_core::BookVersion;
use openpbm_engine::transaction::Request;
use rustc_hash::FxHashMap;

use super::ReplayError;
use super::history::{Adjusted, Asked};
use crate::pbm::Library;

/// The book, or books, that decide.
pub enum Rules<'l> {
    /// One book for everything.
    Book(Arc<Book>),
    /// For each decision the book that made it, as a library gives it.
    AsDecided(AsDecided<'l>),
}

/// The books that decided, each read once.
pub struct AsDecided<'l> {
    library: &'l Library,
    current: Arc<Book>,
    books: Mutex<FxHashMap<BookVersion, Option<Arc<Book>>>>,
}

impl<'l> Rules<'l> {
    /// The books of a library, and the one that decides now.
    pub fn as_decided(library: &'l Library, current: Arc<Book>) -> Self {
        Self::AsDecided(AsDecided { library, current, books: Mutex::default() })
    }

    /// The book for a question. A reversal or an enrollment asks none, so any will do.
    pub(super) fn book(&self, asked: &Asked) -> Result<Arc<Book>, ReplayError> {
        let as_decided = match self {
            Self::Book(book) => return Ok(book.clone()),
            Self::AsDecided(as_decided) => as_decided,
        };
        let place = asked.place;
        match (&asked.request, asked.book) {
            (_, Some(version)) => as_decided.version(place, version),
            (Request::Billing(_) | Request::Rebill(_), None) => {
                Err(ReplayError::UnknownBook { place })
            }
            _ => Ok(as_decided.current.clone()),
        }
    }

    /// The book for an adjustment.
    pub(super) fn of(&self, adjusted: &Adjusted) -> Result<Arc<Book>, ReplayError> {
        match self {
            Self::Book(book) => Ok(book.clone()),
            Self::AsDecided(as_decided) => {
                as_decided.version(adjusted.place, adjusted.adjustment.book)
            }
        }
    }
}

impl AsDecided<'_> {
    fn version(&self, place: u64, version: BookVersion) -> Result<Arc<Book>, ReplayError> {
        if version == self.current.version() {
            return Ok(self.current.clone());
        }
        let mut books = self.books.lock().map_err(|_| ReplayError::Thread)?;
        let book = books.entry(version).or_insert_with(|| (self.library)(version));
        book.clone().ok_or(ReplayError::NoBook { place, version })
    }
}

impl std::fmt::Debug for Rules<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Book(book) => write!(f, "Rules::Book({})", book.version()),
            Self::AsDecided(_) => f.write_str("Rules::AsDecided"),
        }
    }
}
