//! What the index says, in one read transaction.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use openpbm_core::{ClaimId, FamilyId};
use rusqlite::{Connection, OptionalExtension, params};

use super::{BLOCK, Mark, mark, seal_of_head, seal_of_state};
use crate::sqlite::recent::{Billing, Head, State};
use crate::{Kind, StoreError};

const HEAD: &str = "SELECT version, sequence, seal FROM heads WHERE family = ?1";
const BEFORE: &str = "SELECT family, version, sequence, seal FROM heads WHERE family < ?1 \
                      ORDER BY family DESC LIMIT 1";
const BEHIND: &str = "SELECT family, version, sequence, seal FROM heads WHERE family >= ?1 \
                      ORDER BY family LIMIT 1";
const STATE: &str = "SELECT version, state, seal FROM states WHERE family = ?1";
const BILLING: &str = "SELECT sequence FROM billing WHERE date_of_service = ?1 \
                       AND pharmacy = ?2 AND prescription = ?3";
const BLOCKS_OF_ID: &str =
    "SELECT block FROM blocks WHERE first_id <= ?1 AND last_id >= ?1 ORDER BY block DESC";
const BLOCK_OF_KIND: &str = "SELECT block FROM kinds WHERE kind = ?1 AND block < ?2 \
                             AND entries > 0 ORDER BY block DESC LIMIT 1";
const ENTRIES: &str = "SELECT kind, sum(entries) FROM kinds GROUP BY kind";

/// Looks things up.
pub(in crate::sqlite) struct Find<'a> {
    index: &'a Connection,
}

impl<'a> Find<'a> {
    pub(in crate::sqlite) const fn new(index: &'a Connection) -> Self {
        Self { index }
    }

    pub(in crate::sqlite) fn mark(&self) -> Result<Mark, StoreError> {
        mark(self.index).map_err(failed)
    }

    pub(in crate::sqlite) fn head(&self, family: FamilyId) -> Result<Option<Head>, StoreError> {
        let mut find = self.index.prepare_cached(HEAD).map_err(failed)?;
        let found = find.query_row([family.as_str()], |row| {
            let (version, sequence): (u64, u64) = (row.get(0)?, row.get(1)?);
            let seal: u32 = row.get(2)?;
            let whole = seal == seal_of_head(family.as_str(), version, sequence);
            Ok(whole.then_some(Head { version, sequence }))
        });
        let found = whole(found.optional().map_err(failed)?, "heads")?;
        if found.is_none() {
            self.lies_between(family)?;
        }
        Ok(found)
    }

    /// A family that was not found is not there only if its neighbours are whole and lie on either
    /// side of it: a garbled page may lead a search astray without an error.
    fn lies_between(&self, family: FamilyId) -> Result<(), StoreError> {
        let mut is_alone = true;
        for (sql, side) in [(BEFORE, Ordering::Less), (BEHIND, Ordering::Greater)] {
            let mut find = self.index.prepare_cached(sql).map_err(failed)?;
            let neighbour = find.query_row([family.as_str()], |row| {
                let name: String = row.get(0)?;
                let whole = row.get::<_, u32>(3)? == seal_of_head(&name, row.get(1)?, row.get(2)?);
                Ok(whole && name.as_str().cmp(family.as_str()) == side)
            });
            match neighbour.optional().map_err(failed)? {
                Some(false) => return Err(damaged("heads")),
                Some(true) => is_alone = false,
                None => {}
            }
        }
        if is_alone && self.mark()?.families > 0 { Err(damaged("heads")) } else { Ok(()) }
    }

    pub(in crate::sqlite) fn state(&self, family: FamilyId) -> Result<Option<State>, StoreError> {
        let mut find = self.index.prepare_cached(STATE).map_err(failed)?;
        let found = find.query_row([family.as_str()], |row| {
            let (version, seal): (u64, u32) = (row.get(0)?, row.get(2)?);
            let bytes = row.get_ref(1)?.as_blob()?;
            let whole = seal == seal_of_state(family.as_str(), version, bytes);
            Ok(whole.then(|| State { version, bytes: bytes.into() }))
        });
        whole(found.optional().map_err(failed)?, "states")
    }

    /// The entries of that key.
    pub(in crate::sqlite) fn billing(&self, key: Billing) -> Result<Vec<u64>, StoreError> {
        let mut find = self.index.prepare_cached(BILLING).map_err(failed)?;
        let parameters = params![key.day, key.pharmacy, key.prescription];
        let rows = find.query_map(parameters, |row| row.get(0)).map_err(failed)?;
        rows.collect::<Result<_, _>>().map_err(failed)
    }

    /// The runs of entries in which that id may be.
    pub(in crate::sqlite) fn runs_of(
        &self,
        id: ClaimId,
    ) -> Result<Vec<RangeInclusive<u64>>, StoreError> {
        let mut find = self.index.prepare_cached(BLOCKS_OF_ID).map_err(failed)?;
        let rows = find.query_map([id.to_string()], |row| row.get(0).map(run)).map_err(failed)?;
        rows.collect::<Result<_, _>>().map_err(failed)
    }

    /// The last run of entries before that sequence number that holds any of these kinds.
    pub(in crate::sqlite) fn run_before(
        &self,
        kinds: &[Kind],
        before: u64,
    ) -> Result<Option<RangeInclusive<u64>>, StoreError> {
        // The block that `before` itself is in holds entries before it, unless it is the first.
        let below = before.saturating_sub(1).div_ceil(BLOCK);
        let mut find = self.index.prepare_cached(BLOCK_OF_KIND).map_err(failed)?;
        let mut last = None;
        for kind in kinds {
            let parameters = params![kind.as_str(), i64::try_from(below).unwrap_or(i64::MAX)];
            let found = find.query_row(parameters, |row| row.get::<_, u64>(0)).optional();
            last = last.max(found.map_err(failed)?);
        }
        Ok(last.map(run))
    }

    /// How many entries of each kind there are.
    pub(in crate::sqlite) fn entries(&self) -> Result<BTreeMap<Kind, u64>, StoreError> {
        let mut find = self.index.prepare_cached(ENTRIES).map_err(failed)?;
        let rows = find.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)));
        let mut entries = BTreeMap::new();
        for row in rows.map_err(failed)? {
            let (kind, count): (_, u64) = row.map_err(failed)?;
            let kind = kind.parse().map_err(|_| damaged("kinds"))?;
            entries.insert(kind, count);
        }
        Ok(entries)
    }
}

/// The sequence numbers of a block.
const fn run(block: u64) -> RangeInclusive<u64> {
    let before = block.saturating_mul(BLOCK);
    before.saturating_add(1)..=before.saturating_add(BLOCK)
}

/// A row that is there must be what was written.
fn whole<T>(found: Option<Option<T>>, table: &'static str) -> Result<Option<T>, StoreError> {
    found.map(|row| row.ok_or_else(|| damaged(table))).transpose()
}

fn damaged(table: &'static str) -> StoreError {
    StoreError::IndexDamaged { detail: format!("a row of `{table}` is not what was written") }
}

fn failed(error: rusqlite::Error) -> StoreError {
    crate::sqlite::failure::index("searching the index")(error)
}
