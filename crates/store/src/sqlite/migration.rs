//! The schema, as numbered steps from nothing. A step that was released is never edited; the
//! next one expands or contracts what it made.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::failure;
use crate::StoreError;

/// Step 1 is the first; the number of steps applied is the schema's version.
const STEPS: &[&str] = &[include_str!("../../migrations/sqlite/0001_journal.sql")];

/// `OPBM`, by which `file` and we tell a journal from another SQLite database.
const APPLICATION: i64 = 0x4f50_424d;

/// Brings the schema up to the newest one, each step in its own transaction.
pub(super) fn apply(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let failed = failure::database("migrating the journal", path);
    let steps = STEPS.iter().zip(1_i64..);
    for (step, number) in steps {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(&failed)?;
        // Read inside the transaction, so that two programs never apply the same step.
        let applied = schema(&transaction, path)?;
        if applied < number {
            transaction.execute_batch(step).map_err(&failed)?;
            transaction.pragma_update(None, "application_id", APPLICATION).map_err(&failed)?;
            transaction.pragma_update(None, "user_version", number).map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)?;
    }
    Ok(())
}

/// The schema's version, 0 for an empty database.
///
/// Refuses a database that is not ours and one that a later release has written.
pub(super) fn schema(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
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
    let known = newest();
    if found > known {
        return Err(StoreError::NewerSchema { path: path.to_owned(), found, known });
    }
    Ok(found)
}

/// The schema's version after all steps.
pub(super) fn newest() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}
