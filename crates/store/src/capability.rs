//! What a store claims to do, so that a test can hold it to its word.

use std::fmt;

/// Something that a store may promise beyond the contract that all of them keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// What was acknowledged survives the loss of power, not only the end of the process.
    SurvivesPowerLoss,
    /// Several processes may append to the same store at once. Without it the second one is
    /// told so when it opens the store.
    ManyWriters,
    /// The journal is one shard, so all entries have one order.
    OneShard,
    /// Sequence numbers are 1, 2, 3, ...: a missing entry shows.
    DenseSequence,
    /// An id that the journal already holds is refused, whichever family it is for.
    UniqueIds,
    /// `find_billing` and `find_entry` see an entry as soon as it is acknowledged.
    KeysWithoutDelay,
    /// The database itself refuses to change or delete an entry.
    AppendOnlyEnforced,
    /// Each entry carries a check of its content.
    SealedEntries,
}

impl Capability {
    /// Every capability.
    pub const ALL: [Self; 8] = [
        Self::SurvivesPowerLoss,
        Self::ManyWriters,
        Self::OneShard,
        Self::DenseSequence,
        Self::UniqueIds,
        Self::KeysWithoutDelay,
        Self::AppendOnlyEnforced,
        Self::SealedEntries,
    ];
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::SurvivesPowerLoss => "survives power loss",
            Self::ManyWriters => "many writers",
            Self::OneShard => "one shard",
            Self::DenseSequence => "dense sequence",
            Self::UniqueIds => "unique ids",
            Self::KeysWithoutDelay => "keys without delay",
            Self::AppendOnlyEnforced => "append-only enforced",
            Self::SealedEntries => "sealed entries",
        })
    }
}
