//! Reads the journal's tail, which the index does not hold, into memory.

use rusqlite::{Connection, Row};

use super::recent::{Billing, Generation, Note};
use super::row::{Columns, columns};
use crate::{Damage, Flaw, Kind, StoreError};
use openpbm_core::Entry;

const TAIL: &str =
    concat!("SELECT ", columns!(), " FROM journal WHERE sequence > ?1 ORDER BY sequence LIMIT ?2");

/// Notes up to `limit` entries behind the last one of the generation.
///
/// # Errors
///
/// [`Damage`] of an entry whose columns cannot be read. One whose content alone is damaged is
/// noted under [`Billing::UNKNOWN`]: whoever reads it is told.
pub(super) fn read(
    journal: &Connection,
    failed: &impl Fn(rusqlite::Error) -> StoreError,
    generation: &mut Generation,
    limit: usize,
) -> Result<(), StoreError> {
    let mut statement = journal.prepare_cached(TAIL).map_err(failed)?;
    let parameters = (generation.last(), i64::try_from(limit).unwrap_or(i64::MAX));
    let mut rows = statement.query(parameters).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let note = note(row).map_err(failed)??;
        let expected = generation.last().saturating_add(1);
        if note.sequence != expected {
            let entries = note.sequence.saturating_sub(expected);
            return Err(Damage { sequence: expected, flaw: Flaw::Missing { entries } }.into());
        }
        generation.note(&note);
    }
    Ok(())
}

fn note(row: &Row<'_>) -> rusqlite::Result<Result<Note, Damage>> {
    Ok(Columns::of(row)?.and_then(|columns| {
        let (sequence, version) = (columns.place.sequence, columns.place.version);
        let (family, id, kind) = (columns.family()?, columns.id()?, columns.kind()?);
        Ok(Note { sequence, family, version, id, kind, billing: billing(&columns, kind) })
    }))
}

/// Only decided claims have a key, and only those have to be opened for it.
pub(super) fn billing(columns: &Columns<'_>, kind: Kind) -> Option<Billing> {
    if !columns.is_whole() {
        return Some(Billing::UNKNOWN);
    }
    if !matches!(kind, Kind::Paid | Kind::Rejected) {
        return None;
    }
    let entry = Entry::from_bytes(columns.entry);
    entry.map_or(Some(Billing::UNKNOWN), |entry| Billing::of(&entry.event))
}
