//! The journal's schema, as numbered steps from nothing. A step that was released is never
//! edited. A step expands the schema, fills what is new page by page, and contracts what is old
//! in the transaction that says that the step is done: so it may be interrupted at any point, is
//! taken up again there, and until it is done the program of the schema before still opens the
//! file.

mod from_0_1_0;

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::failure;
use crate::StoreError;

/// The schema's version after all steps.
pub(super) const KNOWN: i64 = 2;

/// The table of release 0.1.0.
const FIRST: &str = include_str!("../../../migrations/sqlite/journal/0001_journal.sql");
const SECOND_EXPAND: &str = include_str!("../../../migrations/sqlite/journal/0002_expand.sql");
const SECOND_CONTRACT: &str = include_str!("../../../migrations/sqlite/journal/0002_contract.sql");

/// `OPBM`, by which `file` and we tell a journal from another SQLite database.
const APPLICATION: i64 = 0x4f50_424d;

/// Brings the schema up to the newest one. `progress` hears how many entries are done, of how
/// many.
pub(super) fn apply(
    connection: &mut Connection,
    path: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), StoreError> {
    let failed = failure::database("migrating the journal", path);
    let applied = schema(connection, path)?;
    if applied < 1 {
        step(connection, FIRST, 1).map_err(&failed)?;
    }
    if applied < 2 {
        connection.execute_batch(SECOND_EXPAND).map_err(&failed)?;
        from_0_1_0::convert(connection, &failed, progress)?;
        step(connection, SECOND_CONTRACT, 2).map_err(&failed)?;
    }
    Ok(())
}

/// Runs a script and says that the schema has that number now, in one transaction.
fn step(connection: &mut Connection, script: &str, number: i64) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(script)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", number)?;
    transaction.commit()
}

/// The schema's version, 0 for an empty database.
///
/// Refuses a database that is not ours and one that a later release has written.
pub(super) fn schema(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let found = found(connection, path)?;
    if found > KNOWN {
        return Err(StoreError::NewerSchema { path: path.to_owned(), found, known: KNOWN });
    }
    Ok(found)
}

/// The same, of whatever release.
pub(super) fn found(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let failed = failure::database("reading the schema's version", path);
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let application = number("application_id").map_err(&failed)?;
    let found = number("user_version").map_err(&failed)?;
    let objects: i64 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(&failed)?;
    let empty = application == 0 && found == 0 && objects == 0;
    if application != APPLICATION && !empty {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    Ok(found)
}
