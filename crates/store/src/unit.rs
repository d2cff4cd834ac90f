//! What is appended: all that one transmission changes, stored whole or not at all.

use openpbm_core::{Entry, FamilyId};

/// One entry for one family, decided on a certain version of that family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Whose entry it is.
    pub family: FamilyId,
    /// The version that the decision was made on; the entry becomes the one after it. A family
    /// of which nothing is known has version 0.
    pub expected_version: u64,
    /// What happened.
    pub entry: Entry,
}

/// What one transmission changes: up to four claims, perhaps of more than one family.
///
/// Items of the same family follow each other: the second expects the version that the first
/// makes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    /// In the order in which they happened.
    pub items: Vec<Item>,
}

impl Unit {
    /// A unit of one entry.
    pub fn of_one(family: FamilyId, expected_version: u64, entry: Entry) -> Self {
        Self { items: vec![Item { family, expected_version, entry }] }
    }
}

impl From<Vec<Item>> for Unit {
    fn from(items: Vec<Item>) -> Self {
        Self { items }
    }
}

/// What became of one unit of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a conflict means that nothing of the unit was stored"]
pub enum Appended {
    /// Every entry of the unit is durable.
    Committed,
    /// A family has moved on since the decision; nothing of the unit was stored. Read the
    /// family, decide again, append again.
    Conflict {
        /// The first family of the unit whose expected version was not the one found.
        family: FamilyId,
        /// The version that it had at that point of the batch, without this unit.
        found: u64,
    },
}

impl Appended {
    /// True if the unit is durable.
    pub const fn is_committed(&self) -> bool {
        matches!(self, Self::Committed)
    }
}
