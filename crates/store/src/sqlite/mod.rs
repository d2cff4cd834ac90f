//! The embedded store: one directory, no server, durable to power loss, and readable with the
//! `sqlite3` shell.
//!
//! | file | what |
//! |---|---|
//! | `journal.sqlite` | the entries, only appended to; this is what counts |
//! | `index.sqlite` | what they are found by, written behind; made anew if it is lost |
//! | `journal.lock` | held by the one process that writes |
//!
//! SQLite runs in WAL mode. A commit of the journal returns when its pages have reached the disk
//! (`synchronous=FULL`); the index may lose its end, which is then read from the journal again.
//! What the index does not hold yet is kept in memory, bounded by [`Tuning::merge`], and is read
//! again from the journal's tail when it is opened. Three threads share the work: whoever calls
//! [`Journal::append`](crate::Journal::append) appends, one merges what is recent into the index
//! (`behind`), one folds the journal's log into its file (`checkpoint`). Readers have their
//! own connections and wait for none of them.

mod batch;
mod behind;
mod bell;
mod check;
mod checkpoint;
mod connection;
mod failure;
mod index;
mod known;
mod lock;
mod log;
mod migration;
mod pool;
mod reader;
mod recent;
mod retention;
mod row;
mod shared;
mod status;
mod tail;
mod tuning;
mod writer;

pub use reader::SqliteReader;
pub use status::{Schema, Status, migrate, status};
pub use tuning::Tuning;
pub use writer::SqliteJournal;

/// The journal's file name in the data directory.
pub const DATABASE: &str = "journal.sqlite";
/// The file name in the data directory of what the journal's entries are found by.
pub const INDEX: &str = "index.sqlite";
/// The lock's file name in the data directory.
pub const LOCK: &str = "journal.lock";
