//! The sizes at which the store's threads set to work.

use std::time::Duration;

/// How much is left until later. The default is what was measured to be best; a test makes
/// everything happen sooner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tuning {
    /// Entries that are merged into the index at once. The more, the more of them share a page
    /// of the index; the fewer, the less memory they take and the sooner a journal opens after a
    /// crash. Twice as many are kept in memory at most, beside as many that are being merged, at
    /// some 250 bytes each.
    pub merge: usize,
    /// Pages of 4 KiB that are written to the journal's log between two checkpoints.
    pub fold: usize,
    /// Pages of the log at which it is to begin anew.
    pub long: u64,
    /// How long an append waits for room in memory before it is refused.
    pub patience: Duration,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { merge: 1 << 17, fold: 4096, long: 16_384, patience: Duration::from_secs(10) }
    }
}

impl Tuning {
    /// Entries that are kept in memory at most, beside those that are being merged.
    pub(super) const fn most(self) -> usize {
        self.merge.saturating_mul(2)
    }
}
