//! The writing side: one connection, one transaction a batch.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use openpbm_core::{Entry, FamilyId};
use rusqlite::{CachedStatement, Connection, ErrorCode, Transaction, TransactionBehavior, params};
use rustc_hash::FxHashMap;

use super::lock::DirectoryLock;
use super::reader::SqliteReader;
use super::row::Beside;
use super::{connection, failure};
use crate::seal::seal;
use crate::{Appended, Capability, Item, Journal, Reader, StoreError, Unit};

const HEAD: &str = "SELECT coalesce(max(sequence), 0) FROM journal";
const VERSION: &str = "SELECT coalesce(max(version), 0) FROM journal WHERE family = ?1";
const INSERT: &str = "INSERT INTO journal (sequence, family, version, id, recorded, kind, \
                      pharmacy, prescription, date_of_service, entry, seal) \
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

/// A journal in a directory of this machine, open for writing.
#[derive(Debug)]
pub struct SqliteJournal {
    // Dropped in this order: the writer's connection after the readers', so that the last one
    // to close can fold the log into the database, and the lock last of all.
    reader: SqliteReader,
    connection: Connection,
    path: PathBuf,
    _lock: DirectoryLock,
}

impl SqliteJournal {
    /// Opens the journal of a data directory for writing; makes it if there is none, and brings
    /// its schema up to date.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] if another process has it open for writing,
    /// [`StoreError::ReadOnly`] if this one may not write there, [`StoreError::NewerSchema`] if
    /// a later release has written it, [`StoreError::Foreign`] if the file is something else.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        let lock = DirectoryLock::take(directory)?;
        let (connection, path) = connection::writer(directory)?;
        let reader = SqliteReader::open(directory)?;
        Ok(Self { reader, connection, path, _lock: lock })
    }
}

impl Journal for SqliteJournal {
    fn append(&mut self, units: &[Unit]) -> Result<Vec<Appended>, StoreError> {
        let failed = failure::database("appending to the journal", &self.path);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&failed)?;
        let mut batch = Batch::new(&transaction, &failed)?;
        let appended = units.iter().map(|unit| batch.append(unit)).collect::<Result<_, _>>()?;
        drop(batch);
        // A batch that changed nothing costs no write: SQLite knows.
        transaction.commit().map_err(&failed)?;
        Ok(appended)
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::new(self.reader.clone())
    }

    fn capabilities(&self) -> &'static [Capability] {
        &[
            Capability::SurvivesPowerLoss,
            Capability::OneShard,
            Capability::DenseSequence,
            Capability::UniqueIds,
            Capability::KeysWithoutDelay,
            Capability::AppendOnlyEnforced,
            Capability::SealedEntries,
        ]
    }
}

/// A batch on its way into the journal. It decides first and inserts then, so that a unit in
/// conflict leaves nothing behind that would have to be taken back.
struct Batch<'a, F> {
    find_version: CachedStatement<'a>,
    insert: CachedStatement<'a>,
    failed: F,
    /// The sequence number of the last entry.
    head: u64,
    /// The versions of the families that the batch has met.
    versions: FxHashMap<FamilyId, u64>,
    /// The versions that the unit at hand makes.
    unit: FxHashMap<FamilyId, u64>,
}

impl<'a, F: Fn(rusqlite::Error) -> StoreError> Batch<'a, F> {
    fn new(transaction: &'a Transaction<'_>, failed: F) -> Result<Self, StoreError> {
        let head: i64 = transaction
            .prepare_cached(HEAD)
            .and_then(|mut head| head.query_row([], |row| row.get(0)))
            .map_err(&failed)?;
        Ok(Self {
            find_version: transaction.prepare_cached(VERSION).map_err(&failed)?,
            insert: transaction.prepare_cached(INSERT).map_err(&failed)?,
            failed,
            head: u64::try_from(head).unwrap_or(0),
            versions: FxHashMap::default(),
            unit: FxHashMap::default(),
        })
    }

    fn append(&mut self, unit: &Unit) -> Result<Appended, StoreError> {
        self.unit.clear();
        for item in &unit.items {
            if let Some(conflict) = self.conflict(item)? {
                return Ok(conflict);
            }
        }
        unit.items.iter().try_for_each(|item| self.insert(item))?;
        self.versions.extend(self.unit.drain());
        Ok(Appended::Committed)
    }

    /// Compares the version that the item expects with the one there is, and notes the next.
    fn conflict(&mut self, item: &Item) -> Result<Option<Appended>, StoreError> {
        let family = item.family;
        let found = self.version(family)?;
        let current = self.unit.get(&family).copied().unwrap_or(found);
        if item.expected_version != current {
            return Ok(Some(Appended::Conflict { family, found }));
        }
        self.unit.insert(family, next(current, &item.entry)?);
        Ok(None)
    }

    /// The version of a family before the unit at hand.
    fn version(&mut self, family: FamilyId) -> Result<u64, StoreError> {
        if let Some(version) = self.versions.get(&family) {
            return Ok(*version);
        }
        let found = self.find_version.query_row([family.as_str()], |row| row.get::<_, i64>(0));
        let version = u64::try_from(found.map_err(&self.failed)?).unwrap_or(0);
        self.versions.insert(family, version);
        Ok(version)
    }

    fn insert(&mut self, item: &Item) -> Result<(), StoreError> {
        let Item { family, expected_version, entry } = item;
        let id = entry.id;
        let unstorable = || StoreError::Unstorable { id };
        let (sequence, version) = (next(self.head, entry)?, next(*expected_version, entry)?);
        let json = serde_json::to_string(entry).map_err(|_| unstorable())?;
        let beside = Beside::of(entry).ok_or_else(unstorable)?;
        let inserted = self.insert.execute(params![
            i64::try_from(sequence).map_err(|_| unstorable())?,
            family.as_str(),
            i64::try_from(version).map_err(|_| unstorable())?,
            beside.id,
            beside.recorded,
            beside.kind,
            beside.pharmacy,
            beside.prescription,
            beside.date_of_service,
            json,
            seal(sequence, family.as_str().as_bytes(), version, json.as_bytes()),
        ]);
        match inserted {
            Ok(_) => self.head = sequence,
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                return Err(StoreError::Repeated { id });
            }
            Err(error) => return Err((self.failed)(error)),
        }
        Ok(())
    }
}

fn next(number: u64, entry: &Entry) -> Result<u64, StoreError> {
    number.checked_add(1).ok_or(StoreError::Unstorable { id: entry.id })
}

#[cfg(test)]
mod tests {
    use openpbm_core::{ClaimId, Event, Timestamp};

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
        assert!(!journal.append(&[unit(0), unit(7)]).unwrap().iter().any(Appended::is_committed));
        assert_eq!(journal.append(&[]).unwrap(), []);
        assert_eq!(log.metadata().unwrap().len(), before);
    }
}
