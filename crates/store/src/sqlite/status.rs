//! What is in a data directory, of whatever schema, without changing it; and bringing it up.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::{DATABASE, INDEX, SqliteJournal, Tuning, connection, failure, index, migration};
use crate::StoreError;

const LAST: &str = "SELECT coalesce(max(sequence), 0) FROM journal";

/// A schema: the one that was found and the newest that this program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// As it is in the file; 0 for an empty one.
    pub found: i64,
    /// As this program writes it.
    pub known: i64,
}

impl Schema {
    /// True if the file has the schema that this program reads and writes.
    pub const fn is_current(self) -> bool {
        self.found == self.known
    }
}

/// What is in a data directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Where it is.
    pub directory: PathBuf,
    /// The journal's schema.
    pub journal: Schema,
    /// The index's; `None` if there is no index, or none that can be read. It is made anew then.
    pub index: Option<Schema>,
    /// Entries of the journal.
    pub entries: u64,
    /// Of those, entries that the index holds; the others are read when the journal is opened.
    pub indexed: u64,
    /// Bytes that the journal takes on the disk, with its log.
    pub journal_bytes: u64,
    /// Bytes that the index takes on the disk, with its log.
    pub index_bytes: u64,
}

/// Looks at a data directory. Another process may be writing to it.
///
/// # Errors
///
/// [`StoreError::Missing`] if there is no journal, [`StoreError::Foreign`] if it is something
/// else.
pub fn status(directory: &Path) -> Result<Status, StoreError> {
    let path = directory.join(DATABASE);
    if !path.exists() {
        return Err(StoreError::Missing { directory: directory.to_owned() });
    }
    let failed = failure::database("reading the journal's end", &path);
    let journal = connection::plain_reader(&path)?;
    let found = migration::found(&journal, &path)?;
    let entries = if found == 0 {
        0
    } else {
        journal.query_row(LAST, [], |row| row.get(0)).map_err(&failed)?
    };
    let index = index_status(&directory.join(INDEX));
    Ok(Status {
        directory: directory.to_owned(),
        journal: Schema { found, known: migration::KNOWN },
        index: index.map(|(found, _)| Schema { found, known: index::KNOWN }),
        entries,
        indexed: index.map_or(0, |(_, indexed)| indexed.min(entries)),
        journal_bytes: bytes(&path),
        index_bytes: bytes(&directory.join(INDEX)),
    })
}

/// Brings the journal of a data directory up to the newest schema, under its lock. It may be
/// interrupted, and goes on there when it is called again. `progress` hears how many entries are
/// done, of how many.
///
/// # Errors
///
/// As [`SqliteJournal::open`], and [`StoreError::Damaged`] for an entry that is not what was
/// written: then the journal stays as it is.
pub fn migrate(directory: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Status, StoreError> {
    if !directory.join(DATABASE).exists() {
        return Err(StoreError::Missing { directory: directory.to_owned() });
    }
    drop(SqliteJournal::open_with(directory, Tuning::default(), progress)?);
    status(directory)
}

/// The index's schema and how many entries it holds.
fn index_status(path: &Path) -> Option<(i64, u64)> {
    let connection: Connection =
        path.exists().then(|| connection::plain_reader(path)).and_then(Result::ok)?;
    let found = index::schema(&connection).ok()??;
    let indexed = index::mark(&connection).map_or(0, |mark| mark.sequence);
    Some((found, indexed))
}

/// Bytes of a database and its log.
fn bytes(path: &Path) -> u64 {
    let mut log = path.to_owned().into_os_string();
    log.push("-wal");
    let size = |path: &Path| path.metadata().map_or(0, |found| found.len());
    size(path).saturating_add(size(Path::new(&log)))
}
