//! What this machine can do at best, measured in the same run: its disk, the journal without an
//! engine, the sockets without a decision.

mod append;
mod disk;
mod echo;

use std::time::Duration;

pub(super) use append::appends;
pub(super) use disk::syncs_per_second;
pub(super) use echo::echo;

use super::load::Driven;

/// The limits, measured.
pub(super) struct Limits {
    /// fdatasync of 4 KiB, a second.
    pub(super) syncs_per_s: u64,
    pub(super) appends: Appends,
    pub(super) echoes: Driven,
}

/// The journal without an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Appends {
    /// Rows a second.
    pub(super) per_s: u64,
    /// Rows in one commit.
    pub(super) batch: u64,
}

/// How often a second.
pub(super) fn per_second(count: u64, elapsed: Duration) -> u64 {
    let nanos = elapsed.as_nanos().max(1);
    u64::try_from(u128::from(count) * 1_000_000_000 / nanos).unwrap_or(u64::MAX)
}
