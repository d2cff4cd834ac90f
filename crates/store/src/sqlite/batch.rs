//! A batch on its way into the journal. It decides first and inserts then, so that a unit in
//! conflict leaves nothing behind that would have to be taken back.

use openpbm_core::{ClaimId, Entry, FamilyId};
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};
use rustc_hash::FxHashMap;

use super::index::Find;
use super::known::Known;
use super::recent::{Billing, Head, Note, Recent};
use super::row::{Place, columns};
use crate::{Appended, Damage, Flaw, Item, Kind, StoreError, Unit};

const INSERT: &str =
    concat!("INSERT INTO journal (", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
const LINK: &str = "SELECT family, version, previous, id FROM journal WHERE sequence = ?1";

/// The families' newest entries, as they are before the batch.
pub(super) struct Heads<'a> {
    pub(super) known: &'a Known,
    /// Held as long as the batch is made, so that no merge takes away what the index, read in
    /// one transaction, does not show yet.
    pub(super) recent: &'a Recent,
    pub(super) index: Find<'a>,
}

impl Heads<'_> {
    fn of(&self, family: FamilyId) -> Result<Head, StoreError> {
        if let Some(head) = self.known.head(family).or_else(|| self.recent.head(family)) {
            return Ok(head);
        }
        Ok(self.index.head(family)?.unwrap_or_default())
    }
}

/// The batch.
pub(super) struct Batch<'a, F> {
    before: Heads<'a>,
    insert: CachedStatement<'a>,
    link: CachedStatement<'a>,
    failed: &'a F,
    /// The sequence number of the last entry.
    last: u64,
    /// The families that this batch has looked at, as they are now.
    heads: FxHashMap<FamilyId, Head>,
    /// Those that the unit at hand changes, with their versions behind it.
    unit: FxHashMap<FamilyId, u64>,
    notes: Vec<Note>,
    bytes: usize,
}

/// What is to be told when a batch is durable.
pub(super) struct Done {
    pub(super) notes: Vec<Note>,
    /// Of the entries.
    pub(super) bytes: usize,
}

impl<'a, F: Fn(rusqlite::Error) -> StoreError> Batch<'a, F> {
    /// In a transaction of that connection.
    pub(super) fn new(
        journal: &'a Connection,
        before: Heads<'a>,
        failed: &'a F,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            last: before.recent.last(),
            before,
            insert: journal.prepare_cached(INSERT).map_err(failed)?,
            link: journal.prepare_cached(LINK).map_err(failed)?,
            failed,
            heads: FxHashMap::default(),
            unit: FxHashMap::default(),
            notes: Vec::new(),
            bytes: 0,
        })
    }

    pub(super) fn append(&mut self, unit: &Unit) -> Result<Appended, StoreError> {
        if self.is_stored(unit)? {
            return Ok(Appended::Committed);
        }
        for (family, expected) in unit.reads.iter().copied() {
            let found = self.head(family)?.version;
            if expected != found {
                return Ok(Appended::Conflict { family, found });
            }
        }
        self.unit.clear();
        for item in &unit.items {
            let (family, expected) = (item.family(), item.expected_version());
            let found = self.head(family)?.version;
            if expected != self.unit.get(&family).copied().unwrap_or(found) {
                return Ok(Appended::Conflict { family, found });
            }
            self.unit.insert(family, next(expected, item.entry())?);
        }
        unit.items.iter().try_for_each(|item| self.insert(item))?;
        Ok(Appended::Committed)
    }

    pub(super) fn done(self) -> Done {
        Done { notes: self.notes, bytes: self.bytes }
    }

    /// A family's newest entry as it is before the unit at hand.
    fn head(&mut self, family: FamilyId) -> Result<Head, StoreError> {
        if let Some(head) = self.heads.get(&family) {
            return Ok(*head);
        }
        let head = self.before.of(family)?;
        self.heads.insert(family, head);
        Ok(head)
    }

    /// True if all of the unit is in the journal: it was sent again.
    fn is_stored(&mut self, unit: &Unit) -> Result<bool, StoreError> {
        for item in &unit.items {
            let head = self.head(item.family())?;
            if item.expected_version() >= head.version {
                return Ok(false);
            }
            let version = next(item.expected_version(), item.entry())?;
            if self.id_of(item.family(), head, version)? != item.entry().id {
                return Ok(false);
            }
        }
        Ok(!unit.items.is_empty())
    }

    /// The id of a family's entry of that version, from its newest one back.
    fn id_of(&mut self, family: FamilyId, head: Head, version: u64) -> Result<ClaimId, StoreError> {
        let mut at = head.sequence;
        loop {
            let damage = |flaw| Damage { sequence: at, flaw };
            let link = self.link.query_row([at], |row| {
                let (family, version): (String, u64) = (row.get(0)?, row.get(1)?);
                Ok((family, version, row.get::<_, u64>(2)?, row.get::<_, String>(3)?))
            });
            let link = link.optional().map_err(self.failed)?;
            let (whose, found, previous, id) = link.ok_or(damage(Flaw::Missing { entries: 1 }))?;
            if whose != family.as_str() || found < version || previous >= at {
                return Err(damage(Flaw::Version { found, expected: version }).into());
            }
            if found == version {
                return Ok(id.parse().map_err(|_| damage(Flaw::Seal))?);
            }
            at = previous;
        }
    }

    fn insert(&mut self, item: &Item) -> Result<(), StoreError> {
        let (family, entry) = (item.family(), item.entry());
        let id = entry.id;
        let unstorable = || StoreError::Unstorable { id };
        let previous = self.head(family)?.sequence;
        let sequence = next(self.last, entry)?;
        let version = next(item.expected_version(), entry)?;
        let recorded = i64::try_from(entry.recorded.millis()).map_err(|_| unstorable())?;
        let kind = Kind::of(&entry.event);
        let place = Place {
            sequence,
            family: family.as_str(),
            version,
            previous,
            id: &id.to_string(),
            recorded: entry.recorded.millis(),
            kind: kind.as_str(),
        };
        let inserted = self.insert.execute(params![
            sequence,
            place.family,
            version,
            previous,
            place.id,
            recorded,
            place.kind,
            item.encoded(),
            place.seal(item.encoded()),
        ]);
        inserted.map_err(self.failed)?;
        self.last = sequence;
        self.heads.insert(family, Head { version, sequence });
        let billing = Billing::of(&entry.event);
        self.notes.push(Note { sequence, family, version, id, kind, billing });
        self.bytes = self.bytes.saturating_add(item.encoded().len());
        Ok(())
    }
}

fn next(number: u64, entry: &Entry) -> Result<u64, StoreError> {
    // The database counts to 2^63.
    let next = number.checked_add(1).filter(|next| i64::try_from(*next).is_ok());
    next.ok_or(StoreError::Unstorable { id: entry.id })
}
