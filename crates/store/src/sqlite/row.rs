//! A row of the journal: how it is sealed, and what it is as an entry or as damage.

use std::fmt::Write;

use openpbm_core::{ClaimId, FamilyId};
use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::{Damage, Flaw, Kind, Sealed};

/// The columns that [`Columns`] reads, in its order.
macro_rules! columns {
    () => {
        "sequence, family, version, previous, id, recorded, kind, entry, seal"
    };
}
pub(super) use columns;

/// Everything that a row says beside its entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) sequence: u64,
    pub(super) family: &'a str,
    pub(super) version: u64,
    /// The family's entry before this one, 0 for its first.
    pub(super) previous: u64,
    pub(super) id: &'a str,
    /// Milliseconds since 1970.
    pub(super) recorded: u64,
    pub(super) kind: &'a str,
}

impl Place<'_> {
    /// The CRC-32 of `sequence|family|version|previous|id|recorded|kind|` and the entry.
    pub(super) fn seal(&self, entry: &[u8]) -> u32 {
        let Self { sequence, family, version, previous, id, recorded, kind } = self;
        let mut text = String::with_capacity(96);
        // A text takes every write.
        let _ = write!(text, "{sequence}|{family}|{version}|{previous}|{id}|{recorded}|{kind}|");
        let mut crc = crc32fast::Hasher::new();
        crc.update(text.as_bytes());
        crc.update(entry);
        crc.finalize()
    }
}

/// A row of [`columns`], borrowed from the database.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns<'a> {
    pub(super) place: Place<'a>,
    pub(super) entry: &'a [u8],
    seal: u64,
}

impl<'a> Columns<'a> {
    /// Reads a row. The outer error is the database's, the inner one the row's: a column holds
    /// what no column can hold that was written here.
    pub(super) fn of(row: &'a Row<'_>) -> rusqlite::Result<Result<Self, Damage>> {
        let number: i64 = row.get(0)?;
        let sequence = u64::try_from(number).unwrap_or(0);
        let at = |column| row.get_ref(column);
        let [family, version, previous] = [at(1)?, at(2)?, at(3)?];
        let [id, recorded, kind] = [at(4)?, at(5)?, at(6)?];
        let [entry, seal] = [at(7)?, at(8)?];
        let read = || {
            let place = Place {
                sequence,
                family: text(family)?,
                version: natural(version)?,
                previous: natural(previous)?,
                id: text(id)?,
                recorded: natural(recorded)?,
                kind: text(kind)?,
            };
            let entry = if let ValueRef::Blob(bytes) = entry { Some(bytes) } else { None };
            Some(Self { place, entry: entry?, seal: natural(seal)? })
        };
        Ok(read().ok_or(Damage { sequence, flaw: Flaw::Seal }))
    }

    /// True if it is what was written.
    pub(super) fn is_whole(&self) -> bool {
        self.seal == u64::from(self.place.seal(self.entry))
    }

    pub(super) const fn damage(&self, flaw: Flaw) -> Damage {
        Damage { sequence: self.place.sequence, flaw }
    }

    pub(super) fn family(&self) -> Result<FamilyId, Damage> {
        self.place.family.parse().map_err(|_| self.damage(Flaw::Seal))
    }

    pub(super) fn id(&self) -> Result<ClaimId, Damage> {
        self.place.id.parse().map_err(|_| self.damage(Flaw::Seal))
    }

    pub(super) fn kind(&self) -> Result<Kind, Damage> {
        self.place.kind.parse().map_err(|_| self.damage(Flaw::Seal))
    }
}

/// Reads a row of [`columns`] without opening its entry.
pub(super) fn sealed(row: &Row<'_>) -> rusqlite::Result<Sealed> {
    let found = Columns::of(row)?;
    let read = found.and_then(|columns| {
        let Place { sequence, version, .. } = columns.place;
        let whole = columns.is_whole();
        let content = if whole { Ok(columns.entry.into()) } else { Err(Flaw::Seal) };
        let kind = columns.kind().ok().filter(|_| whole);
        Ok(Sealed { sequence, family: columns.family()?, version, kind, content })
    });
    // What cannot even be named is nobody's.
    let nobody = "?".parse().map_err(|_| rusqlite::Error::InvalidQuery)?;
    Ok(read.unwrap_or_else(|Damage { sequence, flaw }| Sealed {
        sequence,
        family: nobody,
        version: 0,
        kind: None,
        content: Err(flaw),
    }))
}

fn text(value: ValueRef<'_>) -> Option<&str> {
    let ValueRef::Text(bytes) = value else { return None };
    std::str::from_utf8(bytes).ok()
}

fn natural(value: ValueRef<'_>) -> Option<u64> {
    let ValueRef::Integer(number) = value else { return None };
    u64::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'_> = Place {
        sequence: 7,
        family: "A1",
        version: 2,
        previous: 5,
        id: "06E96VHR040000000001",
        recorded: 1_772_000_000_000,
        kind: "paid",
    };

    #[test]
    fn the_seal_is_zlibs_crc_of_the_readable_columns() {
        // python3 -c 'import zlib; print(zlib.crc32(
        //     b"7|A1|2|5|06E96VHR040000000001|1772000000000|paid|" + bytes([0x83, 1, 2, 3])))'
        assert_eq!(PLACE.seal(&[0x83, 1, 2, 3]), PYTHON_SAYS);
    }

    #[test]
    fn every_column_is_sealed() {
        let others = [
            Place { sequence: 8, ..PLACE },
            Place { family: "A2", ..PLACE },
            Place { version: 3, ..PLACE },
            Place { previous: 4, ..PLACE },
            Place { id: "06E96VHR040000000002", ..PLACE },
            Place { recorded: 1, ..PLACE },
            Place { kind: "rejected", ..PLACE },
        ];
        let whole = PLACE.seal(b"{}");
        assert!(others.iter().all(|other| other.seal(b"{}") != whole));
        assert_ne!(PLACE.seal(b"{ }"), whole);
    }

    const PYTHON_SAYS: u32 = 80_970_920;
}
