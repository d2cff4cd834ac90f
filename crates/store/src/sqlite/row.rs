//! A row of the journal as an entry, or what is wrong with it.

use openpbm_core::{Entry, FamilyId};
use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::keys::Keys;
use crate::seal::seal;
use crate::{Damage, Flaw, Recorded};

/// The columns that [`recorded`] reads, in its order.
macro_rules! columns {
    () => {
        "sequence, family, version, entry, seal"
    };
}
pub(super) use columns;

/// Reads a row of [`columns`]. The outer error is the database's, the inner one the row's.
pub(super) fn recorded(row: &Row<'_>) -> rusqlite::Result<Result<Recorded, Damage>> {
    let number: i64 = row.get(0)?;
    let sequence = u64::try_from(number).unwrap_or(0);
    Ok(content(row, sequence)?.map_err(|flaw| Damage { sequence, flaw }))
}

fn content(row: &Row<'_>, sequence: u64) -> rusqlite::Result<Result<Recorded, Flaw>> {
    let (family, version) = (row.get_ref(1)?, row.get_ref(2)?);
    let (entry, found) = (row.get_ref(3)?, row.get_ref(4)?);
    Ok(whole(sequence, family, version, entry, found))
}

fn whole(
    sequence: u64,
    family: ValueRef<'_>,
    version: ValueRef<'_>,
    entry: ValueRef<'_>,
    found: ValueRef<'_>,
) -> Result<Recorded, Flaw> {
    let (family, entry) = (text(family)?, text(entry)?);
    let (version, found) = (number(version)?, number(found)?);
    if found != u64::from(seal(sequence, family, version, entry)) {
        return Err(Flaw::Seal);
    }
    let family: FamilyId = std::str::from_utf8(family)
        .ok()
        .and_then(|text| text.parse().ok())
        .ok_or(Flaw::Unreadable)?;
    // What serde says is dropped on purpose: it may repeat a member's data.
    let entry: Entry = serde_json::from_slice(entry).map_err(|_| Flaw::Unreadable)?;
    Ok(Recorded { sequence, family, version, entry })
}

fn text(value: ValueRef<'_>) -> Result<&[u8], Flaw> {
    match value {
        ValueRef::Text(bytes) => Ok(bytes),
        _ => Err(Flaw::Seal),
    }
}

fn number(value: ValueRef<'_>) -> Result<u64, Flaw> {
    match value {
        ValueRef::Integer(number) => u64::try_from(number).map_err(|_| Flaw::Seal),
        _ => Err(Flaw::Seal),
    }
}

/// The columns beside the entry, as the database holds them; see [`Beside::of`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beside {
    pub(super) id: String,
    pub(super) recorded: i64,
    pub(super) kind: &'static str,
    pub(super) pharmacy: Option<i64>,
    pub(super) prescription: Option<i64>,
    pub(super) date_of_service: Option<String>,
}

impl Beside {
    /// What the columns must say of an entry; `None` if a number is too large for the database.
    pub(super) fn of(entry: &Entry) -> Option<Self> {
        let keys = Keys::of(&entry.event);
        let number = |number: Option<u64>| number.map(i64::try_from).transpose().ok();
        Some(Self {
            id: entry.id.to_string(),
            recorded: i64::try_from(entry.recorded.millis()).ok()?,
            kind: keys.kind.as_str(),
            pharmacy: number(keys.pharmacy.map(|npi| npi.number()))?,
            prescription: number(keys.prescription.map(|prescription| prescription.number()))?,
            date_of_service: keys.date_of_service.map(|date| date.to_string()),
        })
    }
}
