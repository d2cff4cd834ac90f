//! The embedded store: one directory, no server, durable to power loss, and readable with the
//! `sqlite3` shell.
//!
//! The directory holds `journal.sqlite` (with SQLite's own `-wal` and `-shm` beside it while it
//! is open) and `journal.lock`, which one process at a time holds for writing. SQLite runs in
//! WAL mode with `synchronous=FULL`: a commit returns when its pages have reached the disk, and
//! readers on their own connections never wait for the writer.

mod connection;
mod failure;
mod lock;
mod migration;
mod reader;
mod row;
mod verify;
mod writer;

pub use reader::SqliteReader;
pub use writer::SqliteJournal;

/// The database's file name in the data directory.
pub const DATABASE: &str = "journal.sqlite";
/// The lock's file name in the data directory.
pub const LOCK: &str = "journal.lock";
