//! What every thread of the service sees.

use std::sync::{Arc, PoisonError, RwLock};

use openpbm_book::Book;
use openpbm_store::{Reader, Unit};
use tokio::sync::broadcast;

use crate::clock::Clock;
use crate::decision::DecisionRow;
use crate::metrics::Metrics;
use crate::pbm::Options;

pub(crate) struct Shared {
    book: RwLock<Arc<Book>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) reader: Arc<dyn Reader>,
    pub(crate) metrics: Metrics,
    pub(crate) options: Options,
    pub(crate) watchers: broadcast::Sender<DecisionRow>,
}

impl Shared {
    pub(crate) fn new(
        book: Arc<Book>,
        clock: Arc<dyn Clock>,
        reader: Arc<dyn Reader>,
        options: Options,
    ) -> Self {
        /// A watcher that is further behind than this is told that it missed some.
        const WATCHED: usize = 1024;
        let (watchers, _) = broadcast::channel(WATCHED);
        let metrics = Metrics::new();
        Self { book: RwLock::new(book), clock, reader, metrics, options, watchers }
    }

    /// The book that decides now.
    pub(crate) fn book(&self) -> Arc<Book> {
        self.book.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets another book decide from the next claim on.
    pub(crate) fn publish(&self, book: Arc<Book>) {
        *self.book.write().unwrap_or_else(PoisonError::into_inner) = book;
    }

    /// Tells watchers what has been made durable. Nobody is waited for.
    pub(crate) fn announce(&self, unit: &Unit) {
        if self.watchers.receiver_count() == 0 {
            return;
        }
        let book = self.book();
        for item in &unit.items {
            if let Some(row) = DecisionRow::of(&item.entry, &book) {
                // Without a receiver there is nobody to miss it.
                let _ = self.watchers.send(row);
            }
        }
    }
}
