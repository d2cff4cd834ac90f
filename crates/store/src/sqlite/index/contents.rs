//! All that the index says, to be compared with the journal.

use std::collections::BTreeMap;

use openpbm_core::{ClaimId, FamilyId};
use rusqlite::Connection;
use rustc_hash::FxHashMap;

use super::{Mark, mark, seal_of_head};
use crate::sqlite::check::digest;
use crate::sqlite::failure;
use crate::sqlite::recent::{Billing, Head};
use crate::{Kind, StoreError};

/// The tables, read in one transaction. The keys of claims are only summed up.
pub(in crate::sqlite) struct Contents {
    pub(in crate::sqlite) mark: Mark,
    pub(in crate::sqlite) heads: FxHashMap<FamilyId, Head>,
    pub(in crate::sqlite) ids: BTreeMap<u64, (ClaimId, ClaimId)>,
    pub(in crate::sqlite) kinds: BTreeMap<(Kind, u64), u64>,
    pub(in crate::sqlite) billing: u64,
}

impl Contents {
    pub(in crate::sqlite) fn read(index: &Connection) -> Result<Self, StoreError> {
        let failed = failure::index("checking the index");
        let ask = "PRAGMA integrity_check(1)";
        let said: String = index.query_row(ask, [], |row| row.get(0)).map_err(&failed)?;
        if said != "ok" {
            return Err(StoreError::IndexDamaged { detail: said });
        }
        Ok(Self {
            mark: mark(index).map_err(&failed)?,
            heads: heads(index)?,
            ids: ids(index)?,
            kinds: kinds(index)?,
            billing: billing(index).map_err(&failed)?,
        })
    }
}

fn heads(index: &Connection) -> Result<FxHashMap<FamilyId, Head>, StoreError> {
    let failed = failure::index("checking the index");
    let mut statement = index.prepare("SELECT * FROM heads").map_err(&failed)?;
    let mut rows = statement.query([]).map_err(&failed)?;
    let mut heads = FxHashMap::default();
    while let Some(row) = rows.next().map_err(&failed)? {
        let read = || {
            let head = Head { version: row.get(1)?, sequence: row.get(2)? };
            Ok((row.get::<_, String>(0)?, head, row.get::<_, u32>(3)?))
        };
        let (family, head, seal) = read().map_err(&failed)?;
        let whole = seal == seal_of_head(&family, head.version, head.sequence);
        let family = family.parse().ok().filter(|_| whole).ok_or_else(|| differs("heads"))?;
        heads.insert(family, head);
    }
    Ok(heads)
}

fn ids(index: &Connection) -> Result<BTreeMap<u64, (ClaimId, ClaimId)>, StoreError> {
    let failed = failure::index("checking the index");
    let mut statement = index.prepare("SELECT * FROM blocks").map_err(&failed)?;
    let rows = statement.query_map([], |row| {
        let (first, last): (String, String) = (row.get(1)?, row.get(2)?);
        Ok((row.get(0)?, first.parse().ok().zip(last.parse().ok())))
    });
    let rows = rows.map_err(&failed)?.map(|row| {
        let (block, ids) = row.map_err(&failed)?;
        Ok((block, ids.ok_or_else(|| differs("blocks"))?))
    });
    rows.collect()
}

fn kinds(index: &Connection) -> Result<BTreeMap<(Kind, u64), u64>, StoreError> {
    let failed = failure::index("checking the index");
    let ask = "SELECT kind, block, entries FROM kinds WHERE entries > 0";
    let mut statement = index.prepare(ask).map_err(&failed)?;
    let rows = statement
        .query_map([], |row| Ok((row.get::<_, String>(0)?.parse().ok(), row.get(1)?, row.get(2)?)));
    let rows = rows.map_err(&failed)?.map(|row| {
        let (kind, block, entries): (Option<Kind>, u64, u64) = row.map_err(&failed)?;
        Ok(((kind.ok_or_else(|| differs("kinds"))?, block), entries))
    });
    rows.collect()
}

fn billing(index: &Connection) -> rusqlite::Result<u64> {
    let mut statement = index.prepare("SELECT * FROM billing")?;
    let mut rows = statement.query([])?;
    let mut sum = 0_u64;
    while let Some(row) = rows.next()? {
        let key = Billing { day: row.get(0)?, pharmacy: row.get(1)?, prescription: row.get(2)? };
        sum = sum.wrapping_add(digest(key, row.get(3)?));
    }
    Ok(sum)
}

fn differs(table: &'static str) -> StoreError {
    StoreError::IndexDamaged { detail: format!("a row of `{table}` is not what was written") }
}
