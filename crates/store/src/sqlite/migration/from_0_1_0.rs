//! The entries of release 0.1.0, which kept them as JSON in an indexed table.

use openpbm_core::{Entry, FamilyId};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, TransactionBehavior, params};
use rustc_hash::FxHashMap;

use crate::seal::seal;
use crate::sqlite::recent::Head;
use crate::sqlite::row::{Place, columns};
use crate::{Damage, Flaw, Kind, StoreError};

const DONE: &str = "SELECT coalesce(max(sequence), 0) FROM appended";
const ALL: &str = "SELECT coalesce(max(sequence), 0) FROM journal";
const HEADS: &str = "SELECT family, version, sequence FROM appended ORDER BY sequence";
const PAGE: &str = "SELECT sequence, family, version, entry, seal FROM journal \
                    WHERE sequence > ?1 ORDER BY sequence LIMIT 4096";
const INSERT: &str =
    concat!("INSERT INTO appended (", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");

/// Copies every entry into the new table, page by page, from where an earlier run ended.
///
/// # Errors
///
/// [`Damage`] of the first entry that is not what was written; then nothing is lost and nothing
/// is half done: the old table stays as it is.
pub(super) fn convert(
    connection: &mut Connection,
    failed: &impl Fn(rusqlite::Error) -> StoreError,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), StoreError> {
    let number = |connection: &Connection, sql| connection.query_row(sql, [], |row| row.get(0));
    let all: u64 = number(connection, ALL).map_err(failed)?;
    let mut done: u64 = number(connection, DONE).map_err(failed)?;
    let mut heads = heads(connection).map_err(failed)?;
    while done < all {
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        {
            let mut page = transaction.prepare_cached(PAGE).map_err(failed)?;
            let mut rows = page.query([done]).map_err(failed)?;
            while let Some(row) = rows.next().map_err(failed)? {
                let old = Old::of(row).map_err(failed)?;
                if old.sequence != done.saturating_add(1) {
                    let entries = old.sequence.saturating_sub(done).saturating_sub(1);
                    let sequence = done.saturating_add(1);
                    return Err(Damage { sequence, flaw: Flaw::Missing { entries } }.into());
                }
                let (family, entry) = old.open()?;
                let previous = heads.get(&family).copied().unwrap_or_default();
                let expected = previous.version.saturating_add(1);
                if old.version != expected {
                    let flaw = Flaw::Version { found: old.version, expected };
                    return Err(Damage { sequence: old.sequence, flaw }.into());
                }
                insert(&transaction, &old, previous, &entry).map_err(failed)?;
                heads.insert(family, Head { version: old.version, sequence: old.sequence });
                done = old.sequence;
            }
        }
        transaction.commit().map_err(failed)?;
        progress(done, all);
    }
    Ok(())
}

/// A row as release 0.1.0 wrote it.
struct Old<'a> {
    sequence: u64,
    family: ValueRef<'a>,
    version: u64,
    entry: ValueRef<'a>,
    seal: u64,
}

impl<'a> Old<'a> {
    fn of(row: &'a Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            sequence: row.get(0)?,
            family: row.get_ref(1)?,
            version: row.get(2)?,
            entry: row.get_ref(3)?,
            seal: row.get(4)?,
        })
    }

    /// The entry, if its seal is right.
    fn open(&self) -> Result<(FamilyId, Entry), Damage> {
        let damage = |flaw| Damage { sequence: self.sequence, flaw };
        let (ValueRef::Text(family), ValueRef::Text(entry)) = (self.family, self.entry) else {
            return Err(damage(Flaw::Seal));
        };
        if self.seal != u64::from(seal(self.sequence, family, self.version, entry)) {
            return Err(damage(Flaw::Seal));
        }
        let family = std::str::from_utf8(family).ok().and_then(|text| text.parse().ok());
        // What serde says is dropped on purpose: it may repeat a member's data.
        let entry = serde_json::from_slice(entry).ok();
        family.zip(entry).ok_or(damage(Flaw::Unreadable))
    }
}

fn insert(
    connection: &Connection,
    old: &Old<'_>,
    previous: Head,
    entry: &Entry,
) -> rusqlite::Result<()> {
    let place = Place {
        sequence: old.sequence,
        family: old.family.as_str()?,
        version: old.version,
        previous: previous.sequence,
        id: &entry.id.to_string(),
        recorded: entry.recorded.millis(),
        kind: Kind::of(&entry.event).as_str(),
    };
    let bytes = entry.to_bytes();
    connection.prepare_cached(INSERT)?.execute(params![
        place.sequence,
        place.family,
        place.version,
        place.previous,
        place.id,
        place.recorded,
        place.kind,
        bytes,
        place.seal(&bytes),
    ])?;
    Ok(())
}

/// The families' newest entries of those that an earlier run has copied.
fn heads(connection: &Connection) -> rusqlite::Result<FxHashMap<FamilyId, Head>> {
    let mut statement = connection.prepare(HEADS)?;
    let rows = statement.query_map([], |row| {
        let family: String = row.get(0)?;
        Ok((family, Head { version: row.get(1)?, sequence: row.get(2)? }))
    })?;
    let mut heads = FxHashMap::default();
    for row in rows {
        let (family, head) = row?;
        // Written here from an id, so it is one.
        if let Ok(family) = family.parse() {
            heads.insert(family, head);
        }
    }
    Ok(heads)
}
