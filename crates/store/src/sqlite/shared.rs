//! What the writer, its threads and all readers share.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use rusqlite::Connection;

use super::index::{self, Contents, Find, Mark};
use super::pool::Pool;
use super::recent::Recent;
use super::{DATABASE, INDEX, Tuning, connection, failure, tail};
use crate::StoreError;

const LAST: &str = "SELECT coalesce(max(sequence), 0) FROM journal";

/// Entries that a reader keeps in memory at most, where there is no index: some 250 MB.
const UNINDEXED_MOST: u64 = 1 << 20;

/// The files of a data directory, and what is recent.
#[derive(Debug)]
pub(super) struct Shared {
    directory: PathBuf,
    journal: Pool,
    index: Pool,
    recent: RwLock<Recent>,
    /// True if there is an index that fits.
    has_index: AtomicBool,
    /// True if `recent` stands for this journal.
    has_begun: AtomicBool,
    /// True while the writer of this process keeps `recent` up to date. Otherwise whoever reads
    /// looks first at what has been appended since, by a writer in another process perhaps.
    is_fed: AtomicBool,
}

impl Shared {
    /// For a writer, which tells of all that it appends.
    pub(super) fn fed(directory: &Path, recent: Recent) -> Self {
        Self::new(directory, recent, true)
    }

    /// For a reader without a writer.
    pub(super) fn unfed(directory: &Path) -> Result<Self, StoreError> {
        let shared = Self::new(directory, Recent::default(), false);
        // Only to see that it can be read.
        shared.journal(|_| Ok(()))?;
        Ok(shared)
    }

    fn new(directory: &Path, recent: Recent, is_fed: bool) -> Self {
        Self {
            directory: directory.to_owned(),
            journal: Pool::new(directory.join(DATABASE), connection::journal_reader),
            index: Pool::new(directory.join(INDEX), connection::plain_reader),
            recent: RwLock::new(recent),
            has_index: AtomicBool::new(is_fed),
            has_begun: AtomicBool::new(is_fed),
            is_fed: AtomicBool::new(is_fed),
        }
    }

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// The writer is gone.
    pub(super) fn no_longer_fed(&self) {
        self.is_fed.store(false, Ordering::Release);
    }

    /// Closes the connections that nobody uses; more are opened as needed.
    pub(super) fn close(&self) {
        self.journal.clear();
        self.index.clear();
    }

    pub(super) fn is_fed(&self) -> bool {
        self.is_fed.load(Ordering::Acquire)
    }

    pub(super) fn recent(&self) -> RwLockReadGuard<'_, Recent> {
        self.recent.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn recent_mut(&self) -> RwLockWriteGuard<'_, Recent> {
        self.recent.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is recent, with all that has been acknowledged.
    ///
    /// Whoever looks for something looks here first and in the index then: what a merge takes
    /// away here is in the index by then.
    pub(super) fn caught_up(&self) -> Result<RwLockReadGuard<'_, Recent>, StoreError> {
        if !self.is_fed() {
            self.catch_up()?;
        }
        Ok(self.recent())
    }

    /// Reads from the journal, in one transaction.
    pub(super) fn journal<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.journal.read(read)
    }

    /// Looks something up in the index, in one transaction; what it is without an index.
    pub(super) fn index<T: Default>(
        &self,
        look_up: impl FnOnce(&Find<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if !self.has_index.load(Ordering::Acquire) {
            return Ok(T::default());
        }
        let found = self.index.read(|connection| look_up(&Find::new(connection)));
        if let Err(error) = &found
            && index::is_damage(error)
        {
            index::note_damage(&self.directory, error);
        }
        found
    }

    /// All that the index says; `None` if there is none.
    pub(super) fn contents(&self) -> Result<Option<Contents>, StoreError> {
        drop(self.caught_up()?);
        if self.has_index.load(Ordering::Acquire) {
            return self.index.read(Contents::read).map(Some);
        }
        if self.index.path().exists() {
            let detail = "it cannot be read, or is of another journal".to_owned();
            return Err(StoreError::IndexDamaged { detail });
        }
        Ok(None)
    }

    /// How the journal's errors are told.
    pub(super) fn failed(&self, doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
        failure::database(doing, self.journal.path())
    }

    fn catch_up(&self) -> Result<(), StoreError> {
        let failed = self.failed("reading the journal's end");
        let last: u64 = self.journal(|journal| {
            let mut last = journal.prepare_cached(LAST).map_err(&failed)?;
            last.query_row([], |row| row.get(0)).map_err(&failed)
        })?;
        if self.has_begun.load(Ordering::Acquire) && self.recent().last() == last {
            return Ok(());
        }
        let mut recent = self.recent_mut();
        let is_over = !self.has_begun.load(Ordering::Acquire) || recent.last() > last;
        if is_over
            || (recent.open().weight() > Tuning::default().most() && self.is_ahead(&recent)?)
        {
            *recent = self.begin_anew(last)?;
            self.has_begun.store(true, Ordering::Release);
        }
        self.journal(|journal| tail::read(journal, &failed, recent.open_mut(), usize::MAX >> 1))
    }

    /// True if the index holds more than when what is recent was begun.
    fn is_ahead(&self, recent: &Recent) -> Result<bool, StoreError> {
        Ok(self.index_mark()?.is_some_and(|mark| mark.sequence > recent.open().start()))
    }

    /// How far the index is, if there is one that fits.
    fn index_mark(&self) -> Result<Option<Mark>, StoreError> {
        if !self.index.path().exists() {
            return Ok(None);
        }
        let index = match connection::plain_reader(self.index.path()) {
            Err(error) if index::is_damage(&error) => return Ok(None),
            opened => opened?,
        };
        self.journal(|journal| index::mark_of(&self.directory, &index, journal))
    }

    /// Nothing yet, behind the place up to which the index holds.
    fn begin_anew(&self, last: u64) -> Result<Recent, StoreError> {
        self.index.clear();
        let mark = self.index_mark()?;
        self.has_index.store(mark.is_some(), Ordering::Release);
        let mark = mark.unwrap_or_default().sequence;
        let entries = last.saturating_sub(mark);
        if entries > UNINDEXED_MOST {
            return Err(StoreError::Unindexed { entries });
        }
        Ok(Recent::after(mark))
    }
}
