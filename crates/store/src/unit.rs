//! What is appended: all that one transmission changes, stored whole or not at all.

use openpbm_core::{Entry, FamilyId};

/// One entry for one family, decided on a certain version of that family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    family: FamilyId,
    expected_version: u64,
    entry: Entry,
    encoded: Box<[u8]>,
}

impl Item {
    /// An entry that was decided on that version of the family and becomes the one after it. A
    /// family of which nothing is known has version 0.
    ///
    /// The entry is put into its stored form here, on the thread of the one who decided, so that
    /// the thread that appends has nothing left to do but to append.
    pub fn new(family: FamilyId, expected_version: u64, entry: Entry) -> Self {
        let encoded = entry.to_bytes().into();
        Self { family, expected_version, entry, encoded }
    }

    /// Whose entry it is.
    pub const fn family(&self) -> FamilyId {
        self.family
    }

    /// The version that the decision was made on.
    pub const fn expected_version(&self) -> u64 {
        self.expected_version
    }

    /// What happened.
    pub const fn entry(&self) -> &Entry {
        &self.entry
    }

    /// The entry as it is stored: [`Entry::to_bytes`].
    pub fn encoded(&self) -> &[u8] {
        &self.encoded
    }
}

/// What one transmission changes: up to four claims, perhaps of more than one family.
///
/// Items of the same family follow each other: the second expects the version that the first
/// makes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    /// In the order in which they happened.
    pub items: Vec<Item>,
    /// Families that were only read, with the version on which an answer rests that changes
    /// nothing, such as "this claim is paid already". Another node may have moved them on, so
    /// the unit conflicts if they are not at that version before it.
    pub reads: Vec<(FamilyId, u64)>,
}

impl Unit {
    /// A unit of one entry.
    pub fn of_one(family: FamilyId, expected_version: u64, entry: Entry) -> Self {
        Self::from(vec![Item::new(family, expected_version, entry)])
    }
}

impl From<Vec<Item>> for Unit {
    fn from(items: Vec<Item>) -> Self {
        Self { items, reads: Vec::new() }
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
