//! The writing side: one connection, one transaction a batch.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use openpbm_core::Family;
use rusqlite::{Connection, TransactionBehavior};

use super::batch::{Batch, Done, Heads};
use super::behind::{Behind, merge};
use super::checkpoint::Checkpoints;
use super::index::Find;
use super::known::Known;
use super::lock::DirectoryLock;
use super::reader::SqliteReader;
use super::recent::{Generation, Head, Note, Recent, State};
use super::shared::Shared;
use super::{DATABASE, INDEX, Tuning, connection, failure, index, log, migration, retention, tail};
use crate::{Appended, Capability, Journal, Reader, StoreError, Unit};

/// A journal in a directory of this machine, open for writing.
#[derive(Debug)]
pub struct SqliteJournal {
    // Dropped in this order: of each file the connections that read it, then the one that writes
    // it, which as the last one folds the log into the file; and the lock last of all.
    /// Looks up families that are not recent.
    index: Connection,
    behind: Behind,
    known: Known,
    checkpoints: Checkpoints,
    shared: Arc<Shared>,
    connection: Connection,
    path: PathBuf,
    _lock: DirectoryLock,
}

impl SqliteJournal {
    /// What the store claims, known without opening it.
    pub const CAPABILITIES: &'static [Capability] = &[
        Capability::SurvivesPowerLoss,
        Capability::OneShard,
        Capability::DenseSequence,
        Capability::KeysWithoutDelay,
        Capability::AppendOnlyEnforced,
        Capability::SealedEntries,
    ];

    /// Opens the journal of a data directory for writing; makes it if there is none, brings its
    /// schema up to date, and makes its index anew if it is missing or does not fit.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] if another process has it open for writing,
    /// [`StoreError::ReadOnly`] if this one may not write there, [`StoreError::NewerSchema`] if
    /// a later release has written it, [`StoreError::Foreign`] if the file is something else.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        Self::open_tuned(directory, Tuning::default())
    }

    /// The same, with other sizes.
    ///
    /// # Errors
    ///
    /// As [`SqliteJournal::open`].
    pub fn open_tuned(directory: &Path, tuning: Tuning) -> Result<Self, StoreError> {
        Self::open_with(directory, tuning, &mut |_, _| ())
    }

    /// The same, and tells how far a migration is: entries that are done, and all of them.
    pub(super) fn open_with(
        directory: &Path,
        tuning: Tuning,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Self, StoreError> {
        let lock = DirectoryLock::take(directory)?;
        let path = directory.join(DATABASE);
        // Before SQLite leaves out what is behind the damage.
        log::refuse_damaged(&path)?;
        let mut connection = connection::journal_writer(directory, &path)?;
        migration::apply(&mut connection, &path, progress)?;
        let failed = failure::database("opening the journal", &path);
        // From here on another thread folds the log into the file.
        connection.pragma_update(None, "wal_autocheckpoint", 0).map_err(&failed)?;
        connection::guard(&connection, false).map_err(&failed)?;
        let retired = retention::number(&connection).map_err(&failed)?;
        let mut written = index::open(directory, &connection, retired)?;
        let recent = catch_up(&connection, &failed, &mut written, tuning.merge)?;
        let shared = Arc::new(Shared::fed(directory, recent));
        let checkpoints = Checkpoints::start(&path, tuning)?;
        let behind = Behind::start(&shared, written, tuning)?;
        let index = connection::plain_reader(&directory.join(INDEX))?;
        let known = Known::default();
        Ok(Self { index, behind, known, checkpoints, shared, connection, path, _lock: lock })
    }

    /// Writes now into the index what would be written behind: before the files are copied by
    /// other means, or when a large import is done. It happens by itself when the journal is
    /// dropped.
    ///
    /// # Errors
    ///
    /// Those of writing the index; the journal is as it was.
    pub fn settle(&self) -> Result<(), StoreError> {
        self.behind.settle()
    }

    /// Makes the batch in a transaction and commits it.
    fn commit(&mut self, units: &[Unit]) -> Result<(Vec<Appended>, Done), StoreError> {
        let failed = failure::database("appending to the journal", &self.path);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&failed)?;
        let (appended, done) = {
            let recent = self.shared.recent();
            // Begun behind the guard, so that what is not recent any more is in the index.
            let index = self.index.unchecked_transaction().map_err(&failed)?;
            let before = Heads { known: &self.known, recent: &recent, index: Find::new(&index) };
            let mut batch = Batch::new(&transaction, before, &failed)?;
            let appended = units.iter().map(|unit| batch.append(unit)).collect::<Result<_, _>>();
            let done = batch.done();
            if let Err(error) = &appended
                && index::is_damage(error)
            {
                index::note_damage(self.shared.directory(), error);
            }
            (appended?, done)
        };
        // A batch that changed nothing costs no write: SQLite knows.
        transaction.commit().map_err(&failed)?;
        Ok((appended, done))
    }
}

impl Journal for SqliteJournal {
    fn append(&mut self, units: &[Unit]) -> Result<Vec<Appended>, StoreError> {
        self.behind.wait_for_room()?;
        let (appended, done) = self.commit(units)?;
        if !done.notes.is_empty() {
            let mut recent = self.shared.recent_mut();
            done.notes.iter().for_each(|note| recent.open_mut().note(note));
            drop(recent);
            for &Note { family, version, sequence, .. } in &done.notes {
                self.known.note(family, Head { version, sequence });
            }
            self.checkpoints.tell(done.bytes);
            self.behind.tell();
        }
        Ok(appended)
    }

    fn remember(&mut self, state: &Family) -> Result<(), StoreError> {
        let bytes = state.to_bytes().into();
        let remembered = State { version: state.version, bytes };
        self.behind.wait_for_room()?;
        self.shared.recent_mut().open_mut().remember(state.id, remembered);
        self.behind.tell();
        Ok(())
    }

    fn retire(&mut self, state: &Family) -> Result<u64, StoreError> {
        // No merge is under way while the index is held.
        let mut index = self.behind.settled()?;
        let failed = failure::database("retiring entries", &self.path);
        // What changes entries is held to what may be changed.
        connection::guard(&self.connection, true).map_err(&failed)?;
        let retired = retention::retire(&mut self.connection, &mut index, &self.shared, state);
        connection::guard(&self.connection, false).map_err(&failed)?;
        retired
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::new(SqliteReader::of(&self.shared))
    }

    fn capabilities(&self) -> &'static [Capability] {
        Self::CAPABILITIES
    }
}

impl Drop for SqliteJournal {
    fn drop(&mut self) {
        self.shared.no_longer_fed();
        self.shared.close();
    }
}

/// Merges what the index lacks, as far as it is much, and returns the rest.
fn catch_up(
    journal: &Connection,
    failed: &impl Fn(rusqlite::Error) -> StoreError,
    index: &mut Connection,
    most: usize,
) -> Result<Recent, StoreError> {
    let mark = index::mark(index).map_err(failure::index("reading the index"))?;
    let mut generation = Generation::after(mark.sequence);
    loop {
        tail::read(journal, failed, &mut generation, most)?;
        if generation.weight() < most {
            return Ok(Recent::of(generation));
        }
        merge(index, &generation)?;
        generation = Generation::after(generation.last());
    }
}

#[cfg(test)]
mod tests {
    use openpbm_core::{ClaimId, Entry, Event, Timestamp};

    use super::*;

    fn unit(version: u64) -> Unit {
        let event = Event::Enrolled { members: Vec::new() };
        let id = ClaimId::new(version, 0);
        let entry = Entry { id, recorded: Timestamp::from_millis(version), event };
        Unit::of_one("A1".parse().unwrap(), version, entry)
    }

    #[test]
    fn a_full_disk_loses_the_batch_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let mut journal = SqliteJournal::open(directory.path()).unwrap();
        assert_eq!(journal.append(&[unit(0)]).unwrap(), [Appended::Committed]);
        // SQLite meets this limit as it meets the end of the disk.
        journal.connection.pragma_update(None, "max_page_count", 12).unwrap();
        let large: Vec<_> = (1..1000).map(unit).collect();
        let error = journal.append(&large).unwrap_err();
        assert!(matches!(error, StoreError::DiskFull { .. }), "{error:?}");
        assert_eq!(journal.reader().counts().unwrap().entries, 1);
        journal.connection.pragma_update(None, "max_page_count", 1000).unwrap();
        assert!(journal.append(&large).unwrap().iter().all(Appended::is_committed));
        assert_eq!(journal.reader().counts().unwrap().entries, 1000);
    }

    #[test]
    fn an_index_that_cannot_be_written_holds_up_nothing_until_memory_is_full() {
        let directory = tempfile::tempdir().unwrap();
        let patience = std::time::Duration::from_millis(20);
        let tuning = Tuning { merge: 40, patience, ..Tuning::default() };
        let mut journal = SqliteJournal::open_tuned(directory.path(), tuning).unwrap();
        let limit = |journal: &SqliteJournal, pages: u32| {
            let index = journal.behind.settled().unwrap();
            index.pragma_update(None, "max_page_count", pages).unwrap();
        };
        limit(&journal, 1);
        let mut stored = 0;
        let error = loop {
            let batch: Vec<_> = (stored..stored + 10).map(own_family).collect();
            match journal.append(&batch) {
                Ok(answers) => assert!(answers.iter().all(Appended::is_committed)),
                Err(error) => break error,
            }
            stored += 10;
            assert_eq!(journal.reader().counts().unwrap().families, stored);
        };
        assert!(matches!(error, StoreError::Behind { .. }), "{error:?}");
        assert!(error.is_transient() && (80..=1000).contains(&stored), "{stored}");
        assert!(matches!(journal.settle().unwrap_err(), StoreError::DiskFull { .. }));
        let index = journal.behind.unsettled();
        index.pragma_update(None, "max_page_count", 10_000).unwrap();
        drop(index);
        let batch: Vec<_> = (stored..stored + 10).map(own_family).collect();
        // Room is made as soon as what was left is merged.
        while !journal.append(&batch).is_ok_and(|done| done.iter().all(Appended::is_committed)) {}
        journal.settle().unwrap();
        assert_eq!(journal.reader().counts().unwrap().families, stored + 10);
        journal.reader().check(&mut |damage| panic!("{damage}")).unwrap();
    }

    fn own_family(number: u64) -> Unit {
        let unit = unit(0);
        let item = unit.items.first().unwrap();
        let id = ClaimId::new(number, 1);
        let family = format!("B{number:09}").parse().unwrap();
        Unit::of_one(family, 0, Entry { id, ..item.entry().clone() })
    }

    #[test]
    fn a_transaction_left_open_elsewhere_is_an_error_not_a_wait_for_ever() {
        let directory = tempfile::tempdir().unwrap();
        let mut journal = SqliteJournal::open(directory.path()).unwrap();
        journal.connection.busy_timeout(std::time::Duration::ZERO).unwrap();
        let shell = Connection::open(&journal.path).unwrap();
        shell.execute_batch("BEGIN IMMEDIATE").unwrap();
        let error = journal.append(&[unit(0)]).unwrap_err();
        assert!(matches!(error, StoreError::Busy), "{error:?}");
        shell.execute_batch("ROLLBACK").unwrap();
        assert_eq!(journal.append(&[unit(0)]).unwrap(), [Appended::Committed]);
    }

    #[test]
    fn a_batch_that_changes_nothing_writes_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let mut journal = SqliteJournal::open(directory.path()).unwrap();
        let _ = journal.append(&[unit(0)]).unwrap();
        let log = journal.path.with_extension("sqlite-wal");
        let before = log.metadata().unwrap().len();
        // The first is stored already, the others are stale.
        let answers = journal.append(&[unit(0), unit(3), unit(7)]).unwrap();
        assert!(answers.iter().map(Appended::is_committed).eq([true, false, false]));
        assert_eq!(journal.append(&[]).unwrap(), []);
        assert_eq!(log.metadata().unwrap().len(), before);
    }
}
