//! The reading side: what is recent first, then the index, then the entries themselves.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use openpbm_core::{ClaimId, Date, Family, FamilyId, Npi, PrescriptionNumber};
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params};

use super::recent::{Billing, Head, State};
use super::row::{columns, sealed};
use super::shared::Shared;
use super::{DATABASE, check};
use crate::{
    Counts, Cursor, Damage, Filter, Flaw, History, Kind, Reader, Recorded, Sealed, StoreError,
};

const AT: &str = concat!("SELECT ", columns!(), " FROM journal WHERE sequence = ?1");
const PREVIOUS: &str = "SELECT previous FROM journal WHERE sequence = ?1";
const FROM: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM journal WHERE sequence > ?1 AND sequence <= ?2 ORDER BY sequence LIMIT ?3"
);
const ID_WITHIN: &str = "SELECT sequence FROM journal WHERE sequence BETWEEN ?1 AND ?2 AND id = ?3";
const KINDS_WITHIN: &str =
    "SELECT sequence, kind FROM journal WHERE sequence BETWEEN ?1 AND ?2 ORDER BY sequence DESC";
const LAST: &str = "SELECT coalesce(max(sequence), 0) FROM journal";

/// Reads a journal. Clones share their connections; each read has one to itself.
#[derive(Debug, Clone)]
pub struct SqliteReader {
    shared: Arc<Shared>,
}

impl SqliteReader {
    /// Opens the journal of a data directory for reading alone. Another process may be writing
    /// to it: what it has acknowledged is seen.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] if there is none; [`StoreError::OlderSchema`] and
    /// [`StoreError::NewerSchema`] if it is not of the schema that this program reads.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        if !directory.join(DATABASE).exists() {
            return Err(StoreError::Missing { directory: directory.to_owned() });
        }
        Ok(Self { shared: Arc::new(Shared::unfed(directory)?) })
    }

    /// The reading side of a writer.
    pub(super) fn of(shared: &Arc<Shared>) -> Self {
        Self { shared: Arc::clone(shared) }
    }

    /// Reads entries, in one transaction.
    fn entries<T>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Session<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.shared.journal(|journal| read(&Session { journal, doing, shared: &self.shared }))
    }

    /// Each family's newest entry and its remembered state.
    fn latest(&self, families: &[FamilyId]) -> Result<Vec<(Head, Option<State>)>, StoreError> {
        let recent: Vec<_> = {
            let recent = self.shared.caught_up()?;
            let of = |family: &FamilyId| (recent.head(*family), recent.state(*family));
            families.iter().map(of).collect()
        };
        let indexed: Vec<(Option<Head>, Option<State>)> = self.shared.index(|index| {
            let each = families.iter().zip(&recent);
            each.map(|(&family, (recent, _))| {
                let head = if recent.is_none() { index.head(family)? } else { None };
                Ok((head, index.state(family)?))
            })
            .collect()
        })?;
        // Where there is no index yet, it knows of no family.
        let indexed = indexed.into_iter().chain(std::iter::repeat_with(Default::default));
        let both = recent.into_iter().zip(indexed);
        let latest = both.map(|((recent_head, recent_state), (head, state))| {
            let head = recent_head.or(head).unwrap_or_default();
            let states = recent_state.into_iter().chain(state);
            // A state beyond the journal's end would be one of another journal.
            let states = states.filter(|state| state.version <= head.version);
            (head, states.max_by_key(|state| state.version))
        });
        Ok(latest.collect())
    }

    fn sequence_of(&self, id: ClaimId) -> Result<Option<u64>, StoreError> {
        let recent = self.shared.caught_up()?.find(id);
        if recent.is_some() {
            return Ok(recent);
        }
        let runs = self.shared.index(|index| index.runs_of(id))?;
        self.entries("finding an entry", |session| {
            let mut find = session.prepare(ID_WITHIN)?;
            for run in runs {
                let parameters = (run.start(), run.end(), id.to_string());
                let found = find.query_row(parameters, |row| row.get(0)).optional();
                if let Some(sequence) = found.map_err(session.failed())? {
                    return Ok(Some(sequence));
                }
            }
            Ok(None)
        })
    }

    /// The newest entries of any kind, or of a family.
    fn walk(
        &self,
        filter: &Filter,
        before: u64,
        limit: usize,
    ) -> Result<Vec<Recorded>, StoreError> {
        let newest = match filter.family {
            Some(family) => self.latest(&[family])?.first().map_or(0, |(head, _)| head.sequence),
            None => self.last()?.min(before.saturating_sub(1)),
        };
        self.entries("listing recent entries", |session| {
            let mut found = Vec::new();
            let mut next = newest;
            while next > 0 && found.len() < limit {
                let at = next;
                next = match filter.family {
                    Some(_) => session.previous(at)?,
                    None => at.saturating_sub(1),
                };
                if at >= before {
                    continue;
                }
                let recorded = session.at(at)?;
                let kinds = &filter.kinds;
                if kinds.is_empty() || kinds.contains(&Kind::of(&recorded.entry.event)) {
                    found.push(recorded);
                }
            }
            Ok(found)
        })
    }

    /// The newest entries of some kinds.
    fn of_kinds(
        &self,
        kinds: &[Kind],
        before: u64,
        limit: usize,
    ) -> Result<Vec<Recorded>, StoreError> {
        let mut found: Vec<u64> = {
            let recent = self.shared.caught_up()?;
            let before = recent.briefs(0).filter(|(sequence, _)| *sequence < before);
            let of_kinds = before.filter(|(_, brief)| kinds.contains(&brief.kind));
            of_kinds.map(|(sequence, _)| sequence).take(limit).collect()
        };
        // What has been merged meanwhile is in the index too.
        let mut before = found.last().copied().unwrap_or(before);
        self.entries("listing recent entries", |session| {
            let mut within = session.prepare(KINDS_WITHIN)?;
            while found.len() < limit {
                let run = self.shared.index(|index| index.run_before(kinds, before))?;
                let Some(run) = run else { break };
                let parameters = (run.start(), before.saturating_sub(1).min(*run.end()));
                let mut rows = within.query(parameters).map_err(session.failed())?;
                while let Some(row) = rows.next().map_err(session.failed())? {
                    let kind: String = row.get(1).map_err(session.failed())?;
                    let is_of_kinds = kinds.iter().any(|wanted| wanted.as_str() == kind);
                    if is_of_kinds && found.len() < limit {
                        found.push(row.get(0).map_err(session.failed())?);
                    }
                }
                before = before.min(*run.start());
            }
            found.into_iter().map(|sequence| session.at(sequence)).collect()
        })
    }

    /// The last entry that has been acknowledged.
    fn last(&self) -> Result<u64, StoreError> {
        if self.shared.is_fed() {
            return Ok(self.shared.recent().last());
        }
        self.entries("reading the journal's end", |session| {
            let last = session.prepare(LAST)?.query_row([], |row| row.get(0));
            last.map_err(session.failed())
        })
    }
}

impl Reader for SqliteReader {
    fn read_family(&self, family: FamilyId) -> Result<History, StoreError> {
        Ok(self.read_families(&[family])?.pop().unwrap_or_default())
    }

    fn read_families(&self, families: &[FamilyId]) -> Result<Vec<History>, StoreError> {
        let latest = self.latest(families)?;
        self.entries("reading families", |session| {
            let each = families.iter().zip(latest);
            each.map(|(&family, (head, state))| session.history(family, head, state)).collect()
        })
    }

    fn find_entry(&self, id: ClaimId) -> Result<Option<Recorded>, StoreError> {
        let Some(sequence) = self.sequence_of(id)? else { return Ok(None) };
        let found = self.entries("finding an entry", |session| session.at(sequence))?;
        if found.entry.id == id {
            return Ok(Some(found));
        }
        Err(Damage { sequence, flaw: Flaw::Columns }.into())
    }

    fn find_billing(
        &self,
        pharmacy: Npi,
        prescription: PrescriptionNumber,
        date_of_service: Date,
    ) -> Result<Vec<FamilyId>, StoreError> {
        let key = Billing::new(pharmacy, prescription, date_of_service);
        let keys = [key, Billing::UNKNOWN];
        let mut found: BTreeSet<u64> = {
            let recent = self.shared.caught_up()?;
            keys.iter().flat_map(|key| recent.billing(*key)).collect()
        };
        found.extend(self.shared.index(|index| {
            let of_keys = keys.iter().map(|key| index.billing(*key));
            Ok(of_keys.collect::<Result<Vec<_>, _>>()?.concat())
        })?);
        self.entries("finding a prescription", |session| {
            let mut families = BTreeSet::new();
            for sequence in found {
                let recorded = session.at(sequence)?;
                // One that was retired meanwhile has none.
                if Billing::of(&recorded.entry.event) == Some(key) {
                    families.insert(recorded.family);
                }
            }
            Ok(families.into_iter().collect())
        })
    }

    fn read_from(&self, cursor: Cursor, limit: usize) -> Result<Vec<Sealed>, StoreError> {
        if cursor.shard != 0 {
            return Err(StoreError::UnknownShard { found: cursor.shard, last: 0 });
        }
        let last = self.last()?;
        if cursor.sequence > last {
            let head = Cursor { shard: 0, sequence: last };
            return Err(StoreError::BeyondHead { found: cursor, head });
        }
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let page = self.entries("reading the journal", |session| {
            session.sealed(FROM, (cursor.sequence, last, limit))
        })?;
        let mut before = cursor.sequence;
        for found in &page {
            let missing = found.sequence.saturating_sub(before).saturating_sub(1);
            if missing > 0 {
                let flaw = Flaw::Missing { entries: missing };
                return Err(Damage { sequence: before.saturating_add(1), flaw }.into());
            }
            before = found.sequence;
        }
        Ok(page)
    }

    fn recent(&self, filter: &Filter, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let before = match filter.before {
            None => u64::MAX,
            Some(id) => self.sequence_of(id)?.unwrap_or(0),
        };
        if filter.kinds.is_empty() || filter.family.is_some() {
            return self.walk(filter, before, limit);
        }
        self.of_kinds(&filter.kinds, before, limit)
    }

    fn heads(&self) -> Result<Vec<Cursor>, StoreError> {
        Ok(vec![Cursor { shard: 0, sequence: self.last()? }])
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        // Held until the index has begun its read, so that nothing is counted twice.
        let recent = self.shared.caught_up()?;
        let (mark, mut by_kind) =
            self.shared.index(|index| Ok((index.mark()?, index.entries()?)))?;
        let mut families = mark.families;
        for (_, brief) in recent.briefs(mark.sequence) {
            families = families.saturating_add(u64::from(brief.is_first));
            let entries = by_kind.entry(brief.kind).or_default();
            *entries = entries.saturating_add(1);
        }
        by_kind.retain(|_, entries| *entries > 0);
        let entries = by_kind.values().copied().fold(0, u64::saturating_add);
        Ok(Counts { entries, families, by_kind })
    }

    fn check(&self, visit: &mut dyn FnMut(Damage)) -> Result<(), StoreError> {
        check::check(&self.shared, visit)
    }
}

/// A read of the journal in progress.
struct Session<'a> {
    journal: &'a Connection,
    doing: &'static str,
    shared: &'a Shared,
}

impl Session<'_> {
    fn failed(&self) -> impl Fn(rusqlite::Error) -> StoreError {
        self.shared.failed(self.doing)
    }

    fn prepare(&self, sql: &str) -> Result<CachedStatement<'_>, StoreError> {
        self.journal.prepare_cached(sql).map_err(self.failed())
    }

    /// All rows of a statement that selects [`columns`], unopened.
    fn sealed(&self, sql: &str, parameters: impl Params) -> Result<Vec<Sealed>, StoreError> {
        let failed = self.failed();
        let mut statement = self.prepare(sql)?;
        let rows = statement.query_map(parameters, sealed).map_err(&failed)?;
        rows.collect::<Result<_, _>>().map_err(&failed)
    }

    /// The entry of that place, opened.
    fn at(&self, sequence: u64) -> Result<Recorded, StoreError> {
        let damage = Damage { sequence, flaw: Flaw::Missing { entries: 1 } };
        let found = self.sealed(AT, [sequence])?.pop().ok_or(damage)?;
        Ok(found.open()?)
    }

    /// A family from its newest entry back to its remembered state.
    fn history(
        &self,
        family: FamilyId,
        newest: Head,
        state: Option<State>,
    ) -> Result<History, StoreError> {
        // One that this program cannot read is as good as lost.
        let remembered = state.and_then(|state| Family::from_bytes(&state.bytes).ok());
        let remembered = remembered.filter(|state| state.id == family).map(Box::new);
        let behind = remembered.as_ref().map_or(0, |state| state.version);
        let mut entries = Vec::new();
        let Head { mut version, mut sequence } = newest;
        while version > behind {
            let recorded = self.at(sequence)?;
            if recorded.family != family || recorded.version != version {
                let flaw = Flaw::Version { found: recorded.version, expected: version };
                return Err(Damage { sequence, flaw }.into());
            }
            entries.push((version, recorded.entry));
            version = version.saturating_sub(1);
            if version > behind {
                sequence = self.previous(sequence)?;
            }
        }
        entries.reverse();
        Ok(History { remembered, entries })
    }

    /// The place of the same family's entry before, 0 for its first.
    fn previous(&self, sequence: u64) -> Result<u64, StoreError> {
        let damage = Damage { sequence, flaw: Flaw::Missing { entries: 1 } };
        let found = self.prepare(PREVIOUS)?.query_row([sequence], |row| row.get(0)).optional();
        let previous: u64 = found.map_err(self.failed())?.ok_or(damage)?;
        // A chain leads to the front, or it would never end.
        let flaw = Flaw::Columns;
        if previous < sequence { Ok(previous) } else { Err(Damage { sequence, flaw }.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::SqliteJournal;
    use super::*;

    #[test]
    fn every_read_goes_by_a_place() {
        let directory = tempfile::tempdir().unwrap();
        let journal = SqliteJournal::open(directory.path()).unwrap();
        drop(journal);
        let path = directory.path().join(DATABASE);
        let connection = super::super::connection::journal_reader(&path).unwrap();
        for (sql, expected) in [
            (AT, "(rowid=?)"),
            (PREVIOUS, "(rowid=?)"),
            (FROM, "(rowid>? AND rowid<?)"),
            (ID_WITHIN, "(rowid>? AND rowid<?)"),
            (KINDS_WITHIN, "(rowid>? AND rowid<?)"),
        ] {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let nulls = vec![rusqlite::types::Null; statement.parameter_count()];
            let plan: Vec<String> = statement
                .query_map(rusqlite::params_from_iter(nulls), |row| row.get(3))
                .unwrap()
                .collect::<Result<_, _>>()
                .unwrap();
            assert_eq!(plan.len(), 1, "{sql}: {plan:?} sorts or joins");
            assert!(plan[0].contains(&format!("USING INTEGER PRIMARY KEY {expected}")), "{plan:?}");
        }
    }
}
