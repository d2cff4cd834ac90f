//! A row of the journal: what is written of an entry, and what is read of a row.

use openpbm_core::{Entry, FamilyId};
use tokio_postgres::{Error, Row};

use super::batch::next;
use crate::keys::Keys;
use crate::{Flaw, Item, Kind, Sealed, StoreError};

/// The columns that [`read`] reads, in its order.
macro_rules! columns {
    () => {
        "j.family, j.version, j.id, j.recorded, j.kind, j.entry, j.seal"
    };
}
pub(super) use columns;

/// The shard of a family: the CRC-32 of its id, modulo the number of shards. A family is in one
/// shard for ever, so neither can change in a database that has entries.
pub(super) fn shard(family: FamilyId, shards: u16) -> i16 {
    let hash = crc32fast::hash(family.as_str().as_bytes());
    let shard = hash.checked_rem(u32::from(shards)).unwrap_or(0);
    i16::try_from(shard).unwrap_or(0)
}

/// The seal of an entry: the CRC-32 of `family|version|id|recorded|kind|entry`. Its place in the
/// feed is not part of it: the entry has none yet when it is appended.
pub(super) fn seal(row: &Beside<'_>, entry: &[u8]) -> i64 {
    let Beside { family, version, id, recorded, kind } = row;
    let mut crc = crc32fast::Hasher::new();
    crc.update(format!("{family}|{version}|{id}|{recorded}|{kind}|").as_bytes());
    crc.update(entry);
    i64::from(crc.finalize())
}

/// The columns beside an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside<'a> {
    pub(super) family: &'a str,
    pub(super) version: i64,
    pub(super) id: &'a str,
    pub(super) recorded: i64,
    pub(super) kind: &'a str,
}

/// Rows to be inserted, column by column: each column is one array.
#[derive(Debug, Default)]
pub(super) struct Columns<'a> {
    pub(super) shards: Vec<i16>,
    pub(super) families: Vec<&'a str>,
    pub(super) versions: Vec<i64>,
    pub(super) ids: Vec<String>,
    pub(super) recorded: Vec<i64>,
    pub(super) kinds: Vec<&'static str>,
    pub(super) entries: Vec<&'a [u8]>,
    pub(super) seals: Vec<i64>,
    pub(super) pharmacies: Vec<Option<i64>>,
    pub(super) prescriptions: Vec<Option<i64>>,
    pub(super) days: Vec<Option<String>>,
}

impl<'a> Columns<'a> {
    /// The rows of those items, in their order. `families` are the items' own.
    pub(super) fn of(
        items: &[&'a Item],
        families: &'a [FamilyId],
        shards: u16,
    ) -> Result<Self, StoreError> {
        let mut columns = Self::default();
        for (item, family) in items.iter().zip(families) {
            columns.push(item, family, shards)?;
        }
        Ok(columns)
    }

    fn push(
        &mut self,
        item: &'a Item,
        family: &'a FamilyId,
        shards: u16,
    ) -> Result<(), StoreError> {
        let entry = item.entry();
        let unstorable = || StoreError::Unstorable { id: entry.id };
        let version = i64::try_from(next(item)?).map_err(|_| unstorable())?;
        let recorded = i64::try_from(entry.recorded.millis()).map_err(|_| unstorable())?;
        let (id, kind) = (entry.id.to_string(), Kind::of(&entry.event).as_str());
        let beside = Beside { family: family.as_str(), version, id: &id, recorded, kind };
        self.seals.push(seal(&beside, item.encoded()));
        self.shards.push(shard(*family, shards));
        self.families.push(family.as_str());
        self.versions.push(version);
        self.ids.push(id);
        self.recorded.push(recorded);
        self.kinds.push(kind);
        self.entries.push(item.encoded());
        let key = BillingRow::of(entry);
        self.pharmacies.push(key.as_ref().map(|key| key.pharmacy));
        self.prescriptions.push(key.as_ref().map(|key| key.prescription));
        self.days.push(key.map(|key| key.day));
        Ok(())
    }
}

/// What a decided claim is found by besides its family.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct BillingRow {
    pub(super) pharmacy: i64,
    pub(super) prescription: i64,
    pub(super) day: String,
}

impl BillingRow {
    /// That of an entry, if it is a claim that was paid or rejected.
    pub(super) fn of(entry: &Entry) -> Option<Self> {
        let keys = Keys::of(&entry.event);
        if !matches!(keys.kind, Kind::Paid | Kind::Rejected) {
            return None;
        }
        Some(Self {
            pharmacy: i64::try_from(keys.pharmacy?.number()).ok()?,
            prescription: i64::try_from(keys.prescription?.number()).ok()?,
            day: keys.date_of_service?.to_string(),
        })
    }
}

/// Reads a row of [`columns`], whose place in the feed is not known yet: its number is 0. `None`
/// if what it says of its place in the family cannot be right.
pub(super) fn read(row: &Row) -> Result<Option<Sealed>, Error> {
    let beside = Beside {
        family: row.try_get(0)?,
        version: row.try_get(1)?,
        id: row.try_get(2)?,
        recorded: row.try_get(3)?,
        kind: row.try_get(4)?,
    };
    let (entry, found): (&[u8], i64) = (row.try_get(5)?, row.try_get(6)?);
    let (Ok(family), Ok(version)) = (beside.family.parse(), u64::try_from(beside.version)) else {
        return Ok(None);
    };
    let whole = found == seal(&beside, entry);
    let content = if whole { Ok(entry.into()) } else { Err(Flaw::Seal) };
    let kind = beside.kind.parse().ok().filter(|_| whole);
    Ok(Some(Sealed { sequence: 0, family, version, kind, content }))
}

/// A number as the database counts; one beyond its range is held to its end, where nothing is.
pub(super) fn integer(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// A number of the database that counts something; one that does not is held to 0.
pub(super) fn natural(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_familys_shard_is_zlibs_crc() {
        // `python3 -c 'import zlib; print(zlib.crc32(b"A000000001") % 16)'`
        assert_eq!(shard("A000000001".parse().unwrap(), 16), PYTHON_SAYS_SHARD);
    }

    #[test]
    fn every_column_is_sealed() {
        let row = Beside { family: "A1", version: 2, id: "X", recorded: 3, kind: "paid" };
        let whole = seal(&row, b"{}");
        // `python3 -c 'import zlib; print(zlib.crc32(b"A1|2|X|3|paid|{}"))'`
        assert_eq!(whole, PYTHON_SAYS_SEAL);
        for other in [
            Beside { family: "A2", ..row },
            Beside { version: 3, ..row },
            Beside { id: "Y", ..row },
            Beside { recorded: 4, ..row },
            Beside { kind: "rejected", ..row },
        ] {
            assert_ne!(seal(&other, b"{}"), whole, "{other:?}");
        }
        assert_ne!(seal(&row, b"{ }"), whole);
    }

    const PYTHON_SAYS_SHARD: i16 = 6;
    const PYTHON_SAYS_SEAL: i64 = 3_984_033_013;
}
