//! How connections are opened: the one that writes, and those that read.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::lock::{private, sync_directory};
use super::{DATABASE, failure, migration};
use crate::StoreError;

/// How long to wait for another program's write before giving up.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection that writes, on a database with the newest schema.
pub(super) fn writer(directory: &Path) -> Result<(Connection, PathBuf), StoreError> {
    let path = directory.join(DATABASE);
    create(directory, &path)?;
    let mut connection = open(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    migration::schema(&connection, &path)?;
    configure(&connection, &path)?;
    migration::apply(&mut connection, &path)?;
    Ok((connection, path))
}

/// A connection that reads; the schema must be the one that this program knows.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let (found, known) = (migration::schema(&connection, path)?, migration::newest());
    if found < known {
        return Err(StoreError::OlderSchema { path: path.to_owned(), found, known });
    }
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

/// Durability is not a setting: WAL, and every commit synced to the disk before it returns.
fn configure(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let failed = failure::database("setting up the journal", path);
    let mode: String = connection
        .pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))
        .map_err(&failed)?;
    if mode != "wal" {
        let source =
            format!("found journal mode `{mode}`, need `wal`: is it a network drive").into();
        return Err(StoreError::Database { doing: "setting up the journal", source });
    }
    connection.pragma_update(None, "synchronous", "full").map_err(&failed)?;
    // On macOS a plain sync stops at the drive's cache. Elsewhere these change nothing.
    connection.pragma_update(None, "fullfsync", true).map_err(&failed)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true).map_err(&failed)?;
    // 64 MiB for the pages of the indices, which are hit at random.
    connection.pragma_update(None, "cache_size", -65_536).map_err(&failed)?;
    // Folded back every 16 MiB: a page of an index that is hit again and again in between is
    // written to the database once. Longer would make the pause of the commit that does it felt.
    connection.pragma_update(None, "wal_autocheckpoint", 4096).map_err(&failed)?;
    // After a burst the log gives its space back, down to 64 MiB.
    connection.pragma_update(None, "journal_size_limit", 67_108_864).map_err(&failed)?;
    Ok(())
}

/// Makes the file before SQLite does, so that it is nobody else's to read from its first byte.
fn create(directory: &Path, path: &Path) -> Result<(), StoreError> {
    if path.exists() {
        return Ok(());
    }
    private(OpenOptions::new().write(true).create(true))
        .open(path)
        .map_err(failure::file("making the journal", path))?;
    sync_directory(directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_commit_waits_for_the_disk() {
        let directory = tempfile::tempdir().unwrap();
        let (connection, _) = writer(directory.path()).unwrap();
        let setting = |name| {
            connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
        };
        assert_eq!(setting("journal_mode").unwrap(), "wal".to_owned().into());
        assert_eq!(setting("synchronous").unwrap(), 2_i64.into(), "2 is FULL");
        assert_eq!(setting("fullfsync").unwrap(), 1_i64.into());
        assert_eq!(setting("checkpoint_fullfsync").unwrap(), 1_i64.into());
    }
}
