//! How connections are opened: those that write, and those that read.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::lock::{private, sync_directory};
use super::{failure, migration};
use crate::StoreError;

/// How long to wait for another program's write before giving up.
const PATIENCE: Duration = Duration::from_secs(5);

/// The connection that appends: the file is made if it is not there, and its schema is left as
/// it is found. Refuses a file that is not ours.
pub(super) fn journal_writer(directory: &Path, path: &Path) -> Result<Connection, StoreError> {
    create(directory, path)?;
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    migration::schema(&connection, path)?;
    write_ahead(&connection, path)?;
    let failed = failure::database("setting up the journal", path);
    // Durability is not a setting: every commit is synced to the disk before it returns.
    connection.pragma_update(None, "synchronous", "full").map_err(&failed)?;
    Ok(connection)
}

/// Turns the journal's triggers on or off, for this connection alone. They keep everybody from
/// changing an entry; an append of ours, which cannot replace one, need not pay for that (a
/// quarter of what an insert costs).
pub(super) fn guard(connection: &Connection, on: bool) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, on).map(drop)
}

/// A connection that reads the journal; the schema must be the one that this program knows.
pub(super) fn journal_reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let (found, known) = (migration::schema(&connection, path)?, migration::KNOWN);
    if found < known {
        return Err(StoreError::OlderSchema { path: path.to_owned(), found, known });
    }
    Ok(connection)
}

/// The connection that writes the index, made if it is not there.
pub(super) fn index_writer(directory: &Path, path: &Path) -> Result<Connection, StoreError> {
    create(directory, path)?;
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    write_ahead(&connection, path)?;
    let failed = failure::database("setting up the index", path);
    // Its end may be lost: the journal has it.
    connection.pragma_update(None, "synchronous", "normal").map_err(&failed)?;
    // A merge goes through the pages in their order, so few are enough.
    connection.pragma_update(None, "cache_size", -16_384).map_err(&failed)?;
    connection.pragma_update(None, "wal_autocheckpoint", 0).map_err(&failed)?;
    Ok(connection)
}

/// A connection that reads, of whatever schema: the index, or a file that is only looked at.
pub(super) fn plain_reader(path: &Path) -> Result<Connection, StoreError> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// A connection that folds the journal's log into its file.
pub(super) fn folder(path: &Path, patience: Duration) -> Result<Connection, StoreError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let failed = failure::database("setting up the journal", path);
    connection.busy_timeout(patience).map_err(&failed)?;
    connection.pragma_update(None, "synchronous", "full").map_err(&failed)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true).map_err(&failed)?;
    Ok(connection)
}

fn open(path: &Path, mode: OpenFlags) -> Result<Connection, StoreError> {
    let failed = failure::database("opening the journal", path);
    // No mutex: a connection is never used by two threads at once, Rust sees to that.
    let flags = mode | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(&failed)?;
    connection.busy_timeout(PATIENCE).map_err(&failed)?;
    // Finds a page that cannot be right when it is read, not when it is trusted.
    connection.pragma_update(None, "cell_size_check", true).map_err(&failed)?;
    Ok(connection)
}

fn write_ahead(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let failed = failure::database("setting up the journal", path);
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))
        .map_err(&failed)?;
    if mode != "wal" {
        let source =
            format!("found journal mode `{mode}`, need `wal`: is it a network drive").into();
        return Err(StoreError::Database { doing: "setting up the journal", source });
    }
    // On macOS a plain sync stops at the drive's cache. Elsewhere these change nothing.
    connection.pragma_update(None, "fullfsync", true).map_err(&failed)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true).map_err(&failed)?;
    // After a burst the log gives its space back, down to 64 MiB.
    connection.pragma_update(None, "journal_size_limit", 67_108_864).map_err(&failed)?;
    Ok(())
}

/// Makes the file before SQLite does, so that it is nobody else's to read from its first byte.
fn create(directory: &Path, path: &Path) -> Result<(), StoreError> {
    if path.exists() {
        return Ok(());
    }
    private(OpenOptions::new().write(true).create(true).truncate(false))
        .open(path)
        .map_err(failure::file("making the journal", path))?;
    sync_directory(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_commit_of_the_journal_waits_for_the_disk() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal.sqlite");
        let connection = journal_writer(directory.path(), &path).unwrap();
        let setting = |name| {
            connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
        };
        assert_eq!(setting("journal_mode").unwrap(), "wal".to_owned().into());
        assert_eq!(setting("synchronous").unwrap(), 2_i64.into(), "2 is FULL");
        assert_eq!(setting("fullfsync").unwrap(), 1_i64.into());
        assert_eq!(setting("checkpoint_fullfsync").unwrap(), 1_i64.into());
    }
}
