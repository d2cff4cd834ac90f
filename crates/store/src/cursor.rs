//! Where a projection stands in the journal.

use std::fmt;
use std::str::FromStr;

use openpbm_core::ParseError;
use serde::{Deserialize, Serialize};

use crate::Sealed;

/// A place in one shard of the journal: behind the entry of that sequence number.
///
/// A store has one or more shards ([`Reader::heads`](crate::Reader::heads) lists them); each is
/// ordered for itself, and a family stays in its shard. Written `0:1234` where it is kept as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cursor {
    /// Which shard, from 0.
    pub shard: u16,
    /// The sequence number of the last entry read; 0 before the first.
    pub sequence: u64,
}

impl Cursor {
    /// The beginning of the first shard, which is all there is in an embedded store.
    pub const START: Self = Self::start(0);

    /// The beginning of a shard.
    pub const fn start(shard: u16) -> Self {
        Self { shard, sequence: 0 }
    }

    /// The place behind an entry of the same shard.
    #[must_use]
    pub const fn past(self, entry: &Sealed) -> Self {
        Self { sequence: entry.sequence, ..self }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.shard, self.sequence)
    }
}

impl FromStr for Cursor {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let parts = text.split_once(':');
        let cursor = parts.and_then(|(shard, sequence)| {
            Some(Self { shard: shard.parse().ok()?, sequence: sequence.parse().ok()? })
        });
        cursor.ok_or_else(|| ParseError {
            found: text.chars().take(40).collect(),
            expected: "a cursor like `0:1234`, shard and sequence number",
        })
    }
}
