//! Retention: lets go of what is older than anybody asks for, and keeps what it led to.

use openpbm_core::{Event, Family, FamilyId, Timestamp};
use openpbm_engine::ledger::{self, LedgerError};
use openpbm_store::{Cursor, Damage, Journal, Reader, StoreError};
use rustc_hash::FxHashMap;
use serde::Serialize;

/// Why nothing was let go of.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What an entry led to cannot be told, so it cannot be carried on.
    #[error("entry {sequence} does not follow from those before it: {source}")]
    Ledger {
        /// Its place in its shard.
        sequence: u64,
        /// Why.
        source: LedgerError,
    },
}

impl From<Damage> for RetentionError {
    fn from(damage: Damage) -> Self {
        Self::Store(damage.into())
    }
}

/// What is past its retention, family by family, with the states that are carried on.
#[derive(Debug, Default)]
pub struct Outdated {
    states: Vec<Family>,
    found: Retired,
}

/// How much was let go of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Retired {
    /// Families with at least one such entry.
    pub families: u64,
    /// Entries whose content is let go of.
    pub entries: u64,
}

impl Outdated {
    /// How much there is to let go of.
    pub const fn found(&self) -> Retired {
        self.found
    }
}

/// Finds the entries that were recorded before an instant. Of each family these are its first
/// ones, up to the first that was recorded at that instant or later: a clock that was set back
/// makes an entry stay longer, never go earlier. `progress` hears how many entries were read.
///
/// The states of all families with such entries are held in memory.
///
/// # Errors
///
/// The store's, [`StoreError::Damaged`] included: what cannot be read cannot be carried on.
pub fn outdated(
    reader: &dyn Reader,
    before: Timestamp,
    progress: &mut dyn FnMut(u64),
) -> Result<Outdated, RetentionError> {
    const PAGE: usize = 1_000;
    let mut families: FxHashMap<FamilyId, Old> = FxHashMap::default();
    let mut read = 0;
    for head in reader.heads()? {
        let mut cursor = Cursor::start(head.shard);
        while cursor.sequence < head.sequence {
            let page = reader.read_from(cursor, PAGE)?;
            let Some(last) = page.last() else { break };
            for sealed in &page {
                let recorded = sealed.open()?;
                let old =
                    families.entry(recorded.family).or_insert_with(|| Old::new(recorded.family));
                old.is_over |= recorded.entry.recorded >= before;
                if !old.is_over {
                    let sequence = recorded.sequence;
                    let applied = ledger::apply(&mut old.state, &recorded.entry);
                    applied.map_err(|source| RetentionError::Ledger { sequence, source })?;
                    old.count(&recorded.entry.event);
                }
                read += 1;
            }
            cursor = cursor.past(last);
            progress(read);
        }
    }
    Ok(families.into_values().fold(Outdated::default(), Outdated::with))
}

/// Lets go of what was found. A family is done whole or not at all; after an interruption it is
/// found and done again, as far as it was not.
///
/// # Errors
///
/// The store's.
pub fn retire(
    journal: &mut dyn Journal,
    outdated: &Outdated,
    progress: &mut dyn FnMut(u64),
) -> Result<Retired, StoreError> {
    for (number, state) in (1..).zip(&outdated.states) {
        journal.retire(state)?;
        progress(number);
    }
    Ok(outdated.found)
}

/// The first entries of a family.
struct Old {
    /// What they lead to.
    state: Family,
    /// Entries since the last state that was carried on.
    told: u64,
    /// An entry has been met that stays.
    is_over: bool,
}

impl Old {
    const fn new(family: FamilyId) -> Self {
        Self { state: Family::unknown(family), told: 0, is_over: false }
    }

    fn count(&mut self, event: &Event) {
        match event {
            Event::Carried { .. } => self.told = 0,
            Event::Retired => {}
            Event::Enrolled { .. }
            | Event::Medical { .. }
            | Event::Decided { .. }
            | Event::Reversed { .. }
            | Event::Adjusted(_)
            | Event::Refused(_) => self.told += 1,
        }
    }
}

impl Outdated {
    fn with(mut self, old: Old) -> Self {
        if old.told > 0 {
            self.found.families += 1;
            self.found.entries += old.told;
            self.states.push(old.state);
        }
        self
    }
}
