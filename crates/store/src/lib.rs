//! The journal: where every decision becomes durable before its answer leaves the house.
//!
//! A [`Journal`] is only appended to. What one transmission changes is a [`Unit`], which is
//! stored whole or not at all, if every family it touches still has the version that the
//! decision was made on (compare-and-swap). Many units share one durable commit. Whoever wants
//! to read takes a [`Reader`], which never holds up the writer; projections follow the journal
//! with a [`Cursor`] at their own pace.
//!
//! [`sqlite`] is the embedded store. What it promises is the list of its [`Capability`]s, and
//! the contract suite in `tests/contract.rs` holds every store to them.
//!
//! Invariant: an acknowledged entry is never lost, changed or hidden. Damage is an error that
//! names the entry's sequence number, and no error says whose entry it was.

mod capability;
mod copy;
mod cursor;
mod error;
mod journal;
mod keys;
mod kind;
#[cfg(feature = "postgres")]
pub mod postgres;
mod seal;
mod sealed;
pub mod sqlite;
mod unit;

pub use capability::Capability;
pub use copy::{Copied, Extent, copy};
pub use cursor::Cursor;
pub use error::{Damage, Flaw, StoreError};
pub use journal::{Counts, Filter, History, Journal, Reader, Recorded};
pub use kind::Kind;
pub use sealed::Sealed;
pub use unit::{Appended, Item, Unit};
