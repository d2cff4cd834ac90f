//! Mistakes that can be planted in the surroundings of the nodes, to see whether the simulation
//! would find them. The nodes themselves are those that are shipped.

/// A mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// The store acknowledges what only the next append makes durable: what an answer before its
    /// commit would be.
    AcknowledgesEarly,
    /// The store appends behind whatever is there, whichever version was expected.
    IgnoresVersions,
    /// The store does not look at the versions that an answer without entries rests on: the
    /// duplicates of a stale cache.
    IgnoresReads,
    /// A node is shown its families as it saw them first: what a cache that no conflict empties
    /// would be.
    ShowsThePast,
    /// The store does not know a batch again, and takes it for a conflict.
    ForgetsBatches,
    /// The store may keep the first half of a unit when it fails.
    TearsUnits,
    /// The store does not find a prescription until a good deal more has been appended.
    FindsLate,
    /// A remembered state lacks a fill.
    RemembersLess,
    /// Now and then two answers change places on their way.
    SwapsReplies,
}

impl Bug {
    /// Every mistake.
    pub const ALL: [Self; 9] = [
        Self::AcknowledgesEarly,
        Self::IgnoresVersions,
        Self::IgnoresReads,
        Self::ShowsThePast,
        Self::ForgetsBatches,
        Self::TearsUnits,
        Self::FindsLate,
        Self::RemembersLess,
        Self::SwapsReplies,
    ];
}
