//! Replay: what pharmacies sent in a year, decided again under one book and under another.
//!
//! What was sent comes in any order of families ([`gather`]): it is dealt into partitions, each
//! with whole families, kept in one temporary file, so that memory does not grow with the number
//! of claims. Then the families are decided one after the other, on all cores ([`decide`]): each
//! keeps a state of its own under each book, so that a deductible met under one is open under the
//! other, and a reversal takes back what that book paid. Sums of all are the [`Report`].
//!
//! Invariant: nothing here decides; it asks [`openpbm_engine::transaction`] what a pharmacy would
//! have been answered. Under the books that decided them the answers are the same, bit for bit.

mod change;
mod event;
mod family;
mod gather;
mod history;
mod report;
mod rules;
mod run;
mod spill;
mod tally;
mod world;

pub use change::Change;
pub use event::{Event, Place};
pub use gather::{Chunk, Families, Sink, gather};
pub use openpbm_engine::transaction::Request;
pub use report::{Band, Comparison, DrugLine, GroupLine, RejectLine, Report, TierMove, Verified};
pub use rules::Rules;
pub use run::{Plan, decide};
pub use tally::{Cost, Side};
pub use world::{Difference, Fate};

use openpbm_core::{BookVersion, Overflow};
use openpbm_engine::ledger::LedgerError;

/// Why a replay cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The temporary file cannot be written or read.
    #[error("the temporary file: {0}")]
    Spill(#[from] std::io::Error),
    /// What was put into the temporary file does not come out of it.
    #[error("the temporary file is damaged")]
    Damaged,
    /// A decision does not follow from the family's state.
    #[error("line or entry {place}: {source}")]
    Ledger {
        /// The line of the file or the place in the journal.
        place: u64,
        /// What does not follow.
        source: LedgerError,
    },
    /// The sums do not fit.
    #[error(transparent)]
    Overflow(#[from] Overflow),
    /// The book that decided is not at hand.
    #[error("line or entry {place} was decided by book {version}, which is not at hand")]
    NoBook {
        /// The line of the file or the place in the journal.
        place: u64,
        /// The book's version.
        version: BookVersion,
    },
    /// Nobody said which book to decide under.
    #[error("line {place} does not say which book decided it")]
    UnknownBook {
        /// The line of the file.
        place: u64,
    },
    /// A thread ended before its work: a defect of ours.
    #[error("a thread of the replay failed: a defect of ours")]
    Thread,
}
