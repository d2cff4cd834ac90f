//! The reading side: connections of its own, as many as there are reads at once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use openpbm_core::{ClaimId, Date, Entry, FamilyId, Npi, PrescriptionNumber};
use rusqlite::{Connection, OptionalExtension, Params, params};

use super::row::{columns, recorded};
use super::{DATABASE, connection, failure, verify};
use crate::{Counts, Cursor, Damage, Filter, Flaw, Kind, Reader, Recorded, StoreError, Visitor};

const FAMILY: &str =
    concat!("SELECT ", columns!(), " FROM journal WHERE family = ?1 ORDER BY version");
const ENTRY: &str = concat!("SELECT ", columns!(), " FROM journal WHERE id = ?1");
const AT: &str = concat!("SELECT ", columns!(), " FROM journal WHERE sequence = ?1");
const FROM: &str =
    concat!("SELECT ", columns!(), " FROM journal WHERE sequence > ?1 ORDER BY sequence LIMIT ?2");
// The words of the partial index, so that SQLite sees that it may use it.
const BILLING: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM journal WHERE prescription = ?1 AND pharmacy = ?2 AND date_of_service = ?3",
    " AND kind IN ('paid', 'rejected')"
);
const SEQUENCE_OF: &str = "SELECT sequence FROM journal WHERE id = ?1";
const RECENT: &str = "SELECT sequence FROM journal WHERE sequence < ?1 \
                      ORDER BY sequence DESC LIMIT ?2";
const RECENT_OF_KIND: &str = "SELECT sequence FROM journal WHERE kind = ?3 AND sequence < ?1 \
                              ORDER BY sequence DESC LIMIT ?2";
const RECENT_OF_FAMILY: &str = "SELECT sequence FROM journal WHERE family = ?3 \
                                AND sequence < ?1 ORDER BY version DESC LIMIT ?2";
const RECENT_OF_FAMILY_AND_KIND: &str = "SELECT sequence FROM journal WHERE family = ?3 \
                                         AND +kind = ?4 AND sequence < ?1 \
                                         ORDER BY version DESC LIMIT ?2";
const HEAD: &str = "SELECT coalesce(max(sequence), 0) FROM journal";
const COUNTS: &str = "SELECT kind, count(*), min(sequence) FROM journal GROUP BY kind";
const FAMILIES: &str = "SELECT count(*) FROM journal WHERE version = 1";

/// Connections that wait for the next read; more are opened as needed and closed after it.
const IDLE_MOST: usize = 4;

/// Reads a journal. Clones share their connections; each read has one to itself.
#[derive(Debug, Clone)]
pub struct SqliteReader {
    pool: Arc<Pool>,
}

#[derive(Debug)]
struct Pool {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl SqliteReader {
    /// Opens the journal of a data directory for reading alone. Another process may be writing
    /// to it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] if there is none; [`StoreError::OlderSchema`] and
    /// [`StoreError::NewerSchema`] if it is not of the schema that this program reads.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        let path = directory.join(DATABASE);
        if !path.exists() {
            return Err(StoreError::Missing { directory: directory.to_owned() });
        }
        let idle = Mutex::new(vec![connection::reader(&path)?]);
        Ok(Self { pool: Arc::new(Pool { path, idle }) })
    }

    /// Runs a read on a connection of its own.
    fn read<T>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Session<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let Pool { path, idle } = &*self.pool;
        let waiting = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = waiting.map_or_else(|| connection::reader(path), Ok)?;
        let result = read(&Session { connection: &connection, doing, path });
        let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
        if result.is_ok() && idle.len() < IDLE_MOST {
            idle.push(connection);
        }
        result
    }
}

impl Reader for SqliteReader {
    fn read_family(&self, family: FamilyId) -> Result<Vec<(u64, Entry)>, StoreError> {
        self.read("reading a family", |session| {
            let found = session.recorded(FAMILY, [family.as_str()])?;
            let placed = found.into_iter().zip(1..).map(|(found, expected)| {
                if found.version != expected {
                    let flaw = Flaw::Version { found: found.version, expected };
                    return Err(Damage { sequence: found.sequence, flaw }.into());
                }
                Ok((found.version, found.entry))
            });
            placed.collect()
        })
    }

    fn find_entry(&self, id: ClaimId) -> Result<Option<Recorded>, StoreError> {
        self.read("finding an entry", |session| {
            let found = session.recorded(ENTRY, [id.to_string()])?.pop();
            match found {
                Some(found) if found.entry.id != id => {
                    Err(Damage { sequence: found.sequence, flaw: Flaw::Columns }.into())
                }
                found => Ok(found),
            }
        })
    }

    fn find_billing(
        &self,
        pharmacy: Npi,
        prescription: PrescriptionNumber,
        date_of_service: Date,
    ) -> Result<Vec<FamilyId>, StoreError> {
        let day = date_of_service.to_string();
        let (prescription, pharmacy) = (integer(prescription.number()), integer(pharmacy.number()));
        self.read("finding a prescription", |session| {
            let found = session.recorded(BILLING, params![prescription, pharmacy, day])?;
            let families: BTreeSet<_> = found.into_iter().map(|found| found.family).collect();
            Ok(families.into_iter().collect())
        })
    }

    fn read_from(&self, cursor: Cursor, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        if cursor.shard != 0 {
            return Err(StoreError::UnknownShard { found: cursor.shard, last: 0 });
        }
        self.read("reading the journal", |session| {
            let parameters = [integer(cursor.sequence), integer(limit)];
            let page = session.recorded(FROM, parameters)?;
            let mut last = cursor.sequence;
            for found in &page {
                let missing = found.sequence.saturating_sub(last).saturating_sub(1);
                if missing > 0 {
                    let flaw = Flaw::Missing { entries: missing };
                    return Err(Damage { sequence: last.saturating_add(1), flaw }.into());
                }
                last = found.sequence;
            }
            if page.is_empty() {
                let head = session.head()?;
                if cursor > head {
                    return Err(StoreError::BeyondHead { found: cursor, head });
                }
            }
            Ok(page)
        })
    }

    fn recent(&self, filter: &Filter, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.read("listing recent entries", |session| {
            let before = match filter.before {
                None => i64::MAX,
                Some(id) => session.sequence_of(id)?.unwrap_or(0),
            };
            let mut found = session.sequences(filter, before, integer(limit))?;
            found.sort_unstable_by(|earlier, later| later.cmp(earlier));
            found.dedup();
            found.truncate(limit);
            found.into_iter().map(|sequence| session.at(sequence)).collect()
        })
    }

    fn heads(&self) -> Result<Vec<Cursor>, StoreError> {
        self.read("reading the journal's end", |session| Ok(vec![session.head()?]))
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        self.read("counting entries", |session| session.counts())
    }

    fn verify(&self, visit: &mut Visitor<'_>) -> Result<u64, StoreError> {
        self.read("verifying the journal", |session| {
            verify::verify(session.connection, &session.failed(), visit)
        })
    }
}

/// One read in progress.
struct Session<'a> {
    connection: &'a Connection,
    doing: &'static str,
    path: &'a Path,
}

impl Session<'_> {
    fn failed(&self) -> impl Fn(rusqlite::Error) -> StoreError + use<> {
        failure::database(self.doing, self.path)
    }

    /// All rows of a statement that selects [`columns`]; the first damaged one is the error.
    fn recorded(&self, sql: &str, parameters: impl Params) -> Result<Vec<Recorded>, StoreError> {
        let failed = self.failed();
        let mut statement = self.connection.prepare_cached(sql).map_err(&failed)?;
        let rows = statement.query_map(parameters, recorded).map_err(&failed)?;
        rows.map(|row| Ok(row.map_err(&failed)??)).collect()
    }

    fn at(&self, sequence: i64) -> Result<Recorded, StoreError> {
        let damage = || Damage {
            sequence: u64::try_from(sequence).unwrap_or(0),
            flaw: Flaw::Missing { entries: 1 },
        };
        Ok(self.recorded(AT, [sequence])?.pop().ok_or_else(damage)?)
    }

    fn head(&self) -> Result<Cursor, StoreError> {
        let failed = self.failed();
        let mut statement = self.connection.prepare_cached(HEAD).map_err(&failed)?;
        let head: i64 = statement.query_row([], |row| row.get(0)).map_err(&failed)?;
        Ok(Cursor { shard: 0, sequence: u64::try_from(head).unwrap_or(0) })
    }

    fn sequence_of(&self, id: ClaimId) -> Result<Option<i64>, StoreError> {
        let failed = self.failed();
        let mut statement = self.connection.prepare_cached(SEQUENCE_OF).map_err(&failed)?;
        let found = statement.query_row([id.to_string()], |row| row.get(0));
        found.optional().map_err(&failed)
    }

    /// The newest sequence numbers that pass the filter, up to `limit` of each kind.
    fn sequences(&self, filter: &Filter, before: i64, limit: i64) -> Result<Vec<i64>, StoreError> {
        let family = filter.family.as_ref().map(FamilyId::as_str);
        if filter.kinds.is_empty() {
            return match family {
                None => self.numbers(RECENT, params![before, limit]),
                Some(family) => self.numbers(RECENT_OF_FAMILY, params![before, limit, family]),
            };
        }
        let mut found = Vec::new();
        for kind in filter.kinds.iter().map(|kind| kind.as_str()) {
            found.extend(match family {
                None => self.numbers(RECENT_OF_KIND, params![before, limit, kind]),
                Some(family) => {
                    self.numbers(RECENT_OF_FAMILY_AND_KIND, params![before, limit, family, kind])
                }
            }?);
        }
        Ok(found)
    }

    fn numbers(&self, sql: &str, parameters: impl Params) -> Result<Vec<i64>, StoreError> {
        let failed = self.failed();
        let mut statement = self.connection.prepare_cached(sql).map_err(&failed)?;
        let rows = statement.query_map(parameters, |row| row.get(0)).map_err(&failed)?;
        rows.collect::<Result<_, _>>().map_err(&failed)
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        let failed = self.failed();
        let natural = |number: i64| u64::try_from(number).unwrap_or(0);
        let mut statement = self.connection.prepare_cached(COUNTS).map_err(&failed)?;
        let mut rows = statement.query([]).map_err(&failed)?;
        let (mut by_kind, mut entries) = (BTreeMap::new(), 0_u64);
        while let Some(row) = rows.next().map_err(&failed)? {
            let kind: String = row.get(0).map_err(&failed)?;
            let count = natural(row.get(1).map_err(&failed)?);
            let sequence = natural(row.get(2).map_err(&failed)?);
            let kind: Kind = kind.parse().map_err(|_| Damage { sequence, flaw: Flaw::Columns })?;
            by_kind.insert(kind, count);
            entries = entries.saturating_add(count);
        }
        let families = self.numbers(FAMILIES, [])?.pop().map_or(0, natural);
        Ok(Counts { entries, families, by_kind })
    }
}

/// A number as the database counts; one beyond its range is held to its end, where nothing is.
fn integer(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::super::SqliteJournal;
    use super::*;

    #[test]
    fn every_read_goes_by_an_index() {
        let directory = tempfile::tempdir().unwrap();
        let journal = SqliteJournal::open(directory.path()).unwrap();
        drop(journal);
        let connection = connection::reader(&directory.path().join(DATABASE)).unwrap();
        for (sql, expected) in [
            (FAMILY, "USING INDEX journal_family (family=?)"),
            (ENTRY, "USING INDEX journal_id (id=?)"),
            (AT, "USING INTEGER PRIMARY KEY (rowid=?)"),
            (FROM, "USING INTEGER PRIMARY KEY (rowid>?)"),
            (BILLING, "USING INDEX journal_billing (prescription=? AND pharmacy=? AND"),
            (SEQUENCE_OF, "USING COVERING INDEX journal_id (id=?)"),
            (RECENT, "USING INTEGER PRIMARY KEY (rowid<?)"),
            (RECENT_OF_KIND, "USING COVERING INDEX journal_kind (kind=? AND rowid<?)"),
            (RECENT_OF_FAMILY, "INDEX journal_family (family=?)"),
            (RECENT_OF_FAMILY_AND_KIND, "USING INDEX journal_family (family=?)"),
            (COUNTS, "USING COVERING INDEX journal_kind"),
            (FAMILIES, "USING COVERING INDEX journal_family"),
        ] {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let nulls = vec![rusqlite::types::Null; statement.parameter_count()];
            let plan: Vec<String> = statement
                .query_map(rusqlite::params_from_iter(nulls), |row| row.get(3))
                .unwrap()
                .collect::<Result<_, _>>()
                .unwrap();
            assert_eq!(plan.len(), 1, "{sql}: {plan:?} sorts or joins");
            assert!(plan[0].contains(expected), "{sql}: {plan:?}");
        }
    }
}
