//! What can go wrong with a store, and what to do about it. No message says whose entry it was.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

use openpbm_core::ClaimId;

use crate::Cursor;

/// Why a store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is nothing to read.
    #[error("there is no journal in `{}`", .directory.display())]
    Missing {
        /// Where it was looked for.
        directory: PathBuf,
    },
    /// Another process appends to the same journal.
    #[error(
        "the journal in `{}` is open for writing in {}",
        .directory.display(),
        Holder(*.holder)
    )]
    Locked {
        /// The data directory.
        directory: PathBuf,
        /// The id of the process that has it, if it could be read.
        holder: Option<u32>,
    },
    /// Someone else holds the database's write lock for too long.
    #[error("the database is busy: another program has been writing to it for too long")]
    Busy,
    /// The database server cannot be reached, or went away before it said what became of it.
    #[error("the database cannot be reached while {doing}: {reason}")]
    Unreachable {
        /// What was being done.
        doing: &'static str,
        /// What is known of it, without anybody's data.
        reason: String,
    },
    /// The files cannot be written.
    #[error("`{}` cannot be written", .path.display())]
    ReadOnly {
        /// The file or directory.
        path: PathBuf,
    },
    /// No room is left.
    #[error("the disk is full while {doing}; nothing of it was stored")]
    DiskFull {
        /// What was being done.
        doing: &'static str,
    },
    /// A later release has written here.
    #[error("`{}` has schema {found}, this program knows schemas up to {known}", .path.display())]
    NewerSchema {
        /// The database.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema that this program knows.
        known: i64,
    },
    /// An earlier release has written here and the reader may not migrate it.
    #[error("`{}` has schema {found}, reading it needs schema {known}", .path.display())]
    OlderSchema {
        /// The database.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The schema that this program reads.
        known: i64,
    },
    /// The file is something else.
    #[error("`{}` is not a journal of OpenPBM", .path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// An entry is not what was written.
    #[error(transparent)]
    Damaged(#[from] Damage),
    /// The database file is damaged beyond a single entry.
    #[error("the database file is damaged: {detail}")]
    Corrupt {
        /// What the database says of it.
        detail: String,
    },
    /// What the entries are found by is damaged; the entries are not.
    #[error("the journal's index is damaged: {detail}")]
    IndexDamaged {
        /// What is wrong with it.
        detail: String,
    },
    /// There is no index to find entries by, and too many entries to read them all instead.
    #[error("the journal has no index that fits, and {entries} entries that are in none")]
    Unindexed {
        /// How many entries.
        entries: u64,
    },
    /// More has been appended than can be kept in memory until it is written behind.
    #[error("the index is {entries} entries behind the journal; nothing of the batch was stored")]
    Behind {
        /// How many entries.
        entries: u64,
    },
    /// The journal already holds an entry of that id, or of that family and version.
    #[error("entry {id} is already in the journal; nothing of the batch was stored")]
    Repeated {
        /// The entry that was to be appended.
        id: ClaimId,
    },
    /// The entry's place does not fit.
    #[error("entry {id} cannot be stored; nothing of the batch was stored")]
    Unstorable {
        /// The entry that was to be appended.
        id: ClaimId,
    },
    /// What is copied to holds something else, so it is no earlier copy.
    #[error(
        "the target holds other entries than the journal behind {behind}; nothing more was copied"
    )]
    Diverged {
        /// The place in the journal that is copied.
        behind: Cursor,
    },
    /// A cursor of another store.
    #[error("found a cursor for shard {found}, the journal has shards 0 to {last}")]
    UnknownShard {
        /// The cursor's shard.
        found: u16,
        /// The journal's last shard.
        last: u16,
    },
    /// A cursor that the journal has not reached.
    #[error("found the cursor {found}, the journal ends at {head}")]
    BeyondHead {
        /// The cursor.
        found: Cursor,
        /// The end of the journal.
        head: Cursor,
    },
    /// The operating system refused.
    #[error("{doing} `{}` failed", .path.display())]
    File {
        /// What was being done.
        doing: &'static str,
        /// With which file or directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The database refused for another reason.
    #[error("{doing} failed")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What the database says.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl StoreError {
    /// True if the same call may succeed when it is made again in a moment: what it would have
    /// changed is either not stored, or is known again by [`Journal::append`](crate::Journal).
    pub const fn is_transient(&self) -> bool {
        matches!(self, Self::Busy | Self::Unreachable { .. } | Self::Behind { .. })
    }

    /// What to do about it, as one phrase for people.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "name the directory of an existing journal, or start a new one",
            Self::Locked { .. } => "stop that process first, or name another data directory",
            Self::Busy => "close the other program, such as a database shell with a transaction",
            Self::Unreachable { .. } => "see whether the database server runs and lets us in",
            Self::ReadOnly { .. } => {
                "let the user who runs this program write to the directory and its files"
            }
            Self::DiskFull { .. } => "free some space; the journal goes on where it was",
            Self::NewerSchema { .. } => "run the release that wrote it, or a later one",
            Self::OlderSchema { .. } => "open it for writing once with this release",
            Self::Foreign { .. } => "name another data directory",
            Self::Damaged(_) | Self::Corrupt { .. } => {
                "stop writing to it, keep a copy of the files, and restore from a backup"
            }
            Self::IndexDamaged { .. } | Self::Unindexed { .. } => {
                "open the journal for writing: its index is then made anew"
            }
            Self::Behind { .. } => "see the log for what keeps the index from being written",
            Self::Repeated { .. } => "read the family again before deciding anew",
            Self::Unstorable { .. } => "report this as a defect, with the id",
            Self::Diverged { .. } => "copy into a new, empty place",
            Self::UnknownShard { .. } | Self::BeyondHead { .. } => {
                "the cursor is of another journal or of a later state: rebuild the projection"
            }
            Self::File { .. } | Self::Database { .. } => "see the cause, then try again",
        }
    }
}

/// An entry that is not what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("journal entry {sequence} is damaged: {flaw}")]
pub struct Damage {
    /// Which entry; for missing ones, the first of them.
    pub sequence: u64,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What is wrong with a damaged entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is not there, and perhaps others behind it.
    Missing {
        /// How many entries are missing in a row.
        entries: u64,
    },
    /// Its content is not what its seal was made of.
    Seal,
    /// Its seal is right, but this program cannot read the content.
    Unreadable,
    /// A column beside the content does not say what the content says.
    Columns,
    /// It is not the next one of its family.
    Version {
        /// The version that it says.
        found: u64,
        /// The version that would be next.
        expected: u64,
    },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { entries: 1 } => f.write_str("it is missing"),
            Self::Missing { entries } => write!(f, "it and those behind it are missing, {entries}"),
            Self::Seal => f.write_str("its content does not match its seal"),
            Self::Unreadable => f.write_str("its content cannot be read as an entry"),
            Self::Columns => f.write_str("its columns do not say what its content says"),
            Self::Version { found, expected } => {
                write!(f, "found version {found} of its family, expected {expected}")
            }
        }
    }
}

/// Who holds a lock, in words.
struct Holder(Option<u32>);

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(process) => write!(f, "process {process}"),
            None => f.write_str("another process"),
        }
    }
}
