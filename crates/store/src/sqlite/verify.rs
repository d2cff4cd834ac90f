//! Reads everything and believes nothing: how planted or accidental damage is found.

use openpbm_core::FamilyId;
use rusqlite::{Connection, Row};
use rustc_hash::FxHashMap;

use super::row::{Beside, columns, recorded};
use crate::{Damage, Flaw, Recorded, StoreError, Visitor};

const PAGE: &str = concat!(
    "SELECT ",
    columns!(),
    ", id, recorded, kind, pharmacy, prescription, date_of_service",
    " FROM journal WHERE sequence > ?1 ORDER BY sequence LIMIT 4096"
);

/// Visits every entry in order, then asks SQLite whether its own structures hold together.
/// Returns how many entries were whole.
pub(super) fn verify(
    connection: &Connection,
    failed: &impl Fn(rusqlite::Error) -> StoreError,
    visit: &mut Visitor<'_>,
) -> Result<u64, StoreError> {
    let mut audit = Audit { last: 0, whole: 0, versions: FxHashMap::default(), visit };
    // Page by page: one long read would keep the writer's log from being folded back.
    let mut statement = connection.prepare(PAGE).map_err(failed)?;
    loop {
        let start = audit.last;
        let mut rows = statement.query([start]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            audit.check(row).map_err(failed)?;
        }
        if audit.last == start {
            break;
        }
    }
    check_structures(connection, failed)?;
    Ok(audit.whole)
}

struct Audit<'a, 'b> {
    /// The last sequence number seen.
    last: i64,
    whole: u64,
    versions: FxHashMap<FamilyId, u64>,
    visit: &'a mut Visitor<'b>,
}

impl Audit<'_, '_> {
    fn check(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let sequence: i64 = row.get(0)?;
        let missing = sequence.saturating_sub(self.last).saturating_sub(1);
        if let Some(entries) = u64::try_from(missing).ok().filter(|&entries| entries > 0) {
            let first = u64::try_from(self.last.saturating_add(1)).unwrap_or(0);
            (self.visit)(Err(Damage { sequence: first, flaw: Flaw::Missing { entries } }));
        }
        self.last = sequence;
        let found = match recorded(row)? {
            Ok(found) => self.check_place(row, found),
            Err(damage) => {
                self.pass_over(row);
                Err(damage)
            }
        };
        self.whole = self.whole.saturating_add(u64::from(found.is_ok()));
        (self.visit)(found);
        Ok(())
    }

    /// Takes a damaged entry's place in its family as given where it fits, so that the entries
    /// behind it are not held to be damaged too.
    fn pass_over(&mut self, row: &Row<'_>) {
        let family = row.get::<_, String>(1).ok().and_then(|family| family.parse().ok());
        let version = row.get::<_, i64>(2).ok().and_then(|version| u64::try_from(version).ok());
        if let (Some(family), Some(version)) = (family, version) {
            let before = self.versions.entry(family).or_insert(0);
            if before.checked_add(1) == Some(version) {
                *before = version;
            }
        }
    }

    /// An entry whose content is whole must also be the next of its family, and findable.
    fn check_place(&mut self, row: &Row<'_>, found: Recorded) -> Result<Recorded, Damage> {
        let damaged = |flaw| Damage { sequence: found.sequence, flaw };
        let before = self.versions.insert(found.family, found.version).unwrap_or(0);
        let expected = before.saturating_add(1);
        if found.version != expected {
            return Err(damaged(Flaw::Version { found: found.version, expected }));
        }
        let agrees = Beside::of(&found.entry).is_some_and(|beside| is_beside(row, &beside));
        if agrees { Ok(found) } else { Err(damaged(Flaw::Columns)) }
    }
}

/// True if the columns say what they must; one that cannot be read does not.
fn is_beside(row: &Row<'_>, expected: &Beside) -> bool {
    let agrees = || -> rusqlite::Result<bool> {
        Ok(row.get::<_, String>(5)? == expected.id
            && row.get::<_, i64>(6)? == expected.recorded
            && row.get::<_, String>(7)? == expected.kind
            && row.get::<_, Option<i64>>(8)? == expected.pharmacy
            && row.get::<_, Option<i64>>(9)? == expected.prescription
            && row.get::<_, Option<String>>(10)? == expected.date_of_service)
    };
    agrees().unwrap_or(false)
}

/// Finds an index that does not say what the table says, and pages that belong nowhere.
fn check_structures(
    connection: &Connection,
    failed: &impl Fn(rusqlite::Error) -> StoreError,
) -> Result<(), StoreError> {
    let said: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0)).map_err(failed)?;
    if said == "ok" { Ok(()) } else { Err(StoreError::Corrupt { detail: said }) }
}
