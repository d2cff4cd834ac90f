//! `index.sqlite`: what the journal's entries are found by, written behind and never trusted
//! farther than it can be checked.
//!
//! Its [`Mark`] says up to which entry it holds, and by that entry's id it is told from the
//! index of another journal. An index that does not fit is thrown away and made anew.

mod contents;
mod find;
mod merge;

use std::fs;
use std::path::{Path, PathBuf};

use openpbm_core::ClaimId;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

pub(super) use contents::Contents;
pub(super) use find::Find;
pub(super) use merge::{Retired, merge, retire};

use super::lock::sync_directory;
use super::{INDEX, connection, failure};
use crate::StoreError;

/// The schema, as numbered steps from nothing. A change may also throw the index away: give it a
/// new first step and a new number of it.
const STEP: &str = include_str!("../../../migrations/sqlite/index/0001_index.sql");
/// The schema's version after the step.
pub(super) const KNOWN: i64 = 1;
/// `OPBI`, by which `file` and we tell an index from another SQLite database.
const APPLICATION: i64 = 0x4f50_4249;

/// Lies beside an index that was found to be damaged: the next one to open it for writing makes
/// it anew.
const DAMAGED: &str = "index.damaged";

/// Entries of a block: what a search by id or by kind reads at once.
const BLOCK: u64 = 1024;

const MARK: &str = "SELECT sequence, id, families, retired FROM mark";
const LAST: &str = "SELECT coalesce(max(sequence), 0) FROM journal";
const ID_AT: &str = "SELECT id FROM journal WHERE sequence = ?1";

/// How far the index is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// The last entry that is in it.
    pub(super) sequence: u64,
    /// That entry's id; `None` if nothing is in it.
    pub(super) id: Option<ClaimId>,
    /// Families with at least one entry.
    pub(super) families: u64,
    /// The journal's number of retention that it knows of.
    pub(super) retired: u64,
}

/// Opens the index for writing; makes it, or makes it anew if it cannot be one of this journal.
pub(super) fn open(
    directory: &Path,
    journal: &Connection,
    retired: u64,
) -> Result<Connection, StoreError> {
    let path = directory.join(INDEX);
    let unfit = match try_open(directory, &path, journal, retired) {
        Ok(found) => match found {
            Ok(index) => return Ok(index),
            Err(unfit) => unfit,
        },
        Err(error) if is_damage(&error) => "it is damaged",
        Err(error) => return Err(error),
    };
    let last: u64 = journal
        .query_row(LAST, [], |row| row.get(0))
        .map_err(failure::database("reading the journal's end", &path))?;
    if last > 0 {
        tracing::warn!(index = %path.display(), "{unfit}: it is made anew from {last} entries");
    }
    discard(directory)?;
    let mut index = connection::index_writer(directory, &path)?;
    make(&mut index, retired).map_err(failure::database("making the index", &path))?;
    Ok(index)
}

/// How far the index is, if it is one of this journal; for a reader.
pub(super) fn mark_of(
    directory: &Path,
    index: &Connection,
    journal: &Connection,
) -> Result<Option<Mark>, StoreError> {
    if directory.join(DAMAGED).exists() {
        return Ok(None);
    }
    let path = directory.join(INDEX);
    match fit(index, &path, journal) {
        Ok(found) => Ok(found.ok()),
        Err(error) if is_damage(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// How far the index is.
pub(super) fn mark(index: &Connection) -> rusqlite::Result<Mark> {
    index.prepare_cached(MARK)?.query_row([], |row| {
        let id: Option<String> = row.get(1)?;
        let id = id.and_then(|id| id.parse().ok());
        Ok(Mark { sequence: row.get(0)?, id, families: row.get(2)?, retired: row.get(3)? })
    })
}

/// The schema's version that a file has, `None` if it is not an index.
pub(super) fn schema(index: &Connection) -> rusqlite::Result<Option<i64>> {
    let number = |name| index.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let found = number("user_version")?;
    Ok((number("application_id")? == APPLICATION).then_some(found))
}

/// True if the file is not what was written.
pub(super) const fn is_damage(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Foreign { .. } | StoreError::Corrupt { .. } | StoreError::IndexDamaged { .. }
    )
}

/// Notes that the index is damaged, so that it is made anew. If even that cannot be noted, the
/// next one will find the damage as this one did.
pub(super) fn note_damage(directory: &Path, error: &StoreError) {
    let noted = fs::write(directory.join(DAMAGED), "made anew when it is opened for writing\n");
    tracing::error!(
        noted = noted.is_ok(),
        "{error}: the index is made anew when the journal is opened for writing"
    );
}

/// The index, or why it is not one of this journal.
type Fit<T> = Result<T, &'static str>;

fn try_open(
    directory: &Path,
    path: &Path,
    journal: &Connection,
    retired: u64,
) -> Result<Fit<Connection>, StoreError> {
    if !path.exists() {
        return Ok(Err("it is missing"));
    }
    if directory.join(DAMAGED).exists() {
        return Ok(Err("it was found to be damaged"));
    }
    let index = connection::index_writer(directory, path)?;
    let mark = fit(&index, path, journal)?;
    Ok(mark.and_then(|mark| {
        let knows = mark.retired == retired;
        if knows { Ok(index) } else { Err("it does not know of the last retention") }
    }))
}

fn fit(index: &Connection, path: &Path, journal: &Connection) -> Result<Fit<Mark>, StoreError> {
    let failed = failure::database("opening the index", path);
    if schema(index).map_err(&failed)? != Some(KNOWN) {
        return Ok(Err("it has another schema"));
    }
    let mark = mark(index).map_err(&failed)?;
    if mark.sequence == 0 {
        return Ok(Ok(mark));
    }
    let mut at = journal.prepare_cached(ID_AT).map_err(&failed)?;
    let id: Option<String> =
        at.query_row([mark.sequence], |row| row.get(0)).optional().map_err(&failed)?;
    let id = id.and_then(|id| id.parse().ok());
    let same = id.is_some() && id == mark.id;
    Ok(if same { Ok(mark) } else { Err("it is of another journal, or ahead of this one") })
}

fn make(index: &mut Connection, retired: u64) -> rusqlite::Result<()> {
    let transaction = index.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(STEP)?;
    transaction.execute("UPDATE mark SET retired = ?1", [retired])?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", KNOWN)?;
    transaction.commit()
}

/// Takes away the index and all that belongs to it.
fn discard(directory: &Path) -> Result<(), StoreError> {
    let path = directory.join(INDEX);
    let beside = |ending: &str| {
        let mut name = path.clone().into_os_string();
        name.push(ending);
        PathBuf::from(name)
    };
    // The note goes last: until then the index counts as damaged.
    let files = [beside("-wal"), beside("-shm"), path.clone(), directory.join(DAMAGED)];
    for file in files {
        match fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(failure::file("removing", &file)(error));
            }
            _ => {}
        }
    }
    sync_directory(directory)
}

/// The CRC-32 of the parts with a bar between them.
fn seal(parts: &[&[u8]]) -> u32 {
    let mut crc = crc32fast::Hasher::new();
    for (place, part) in parts.iter().enumerate() {
        if place > 0 {
            crc.update(b"|");
        }
        crc.update(part);
    }
    crc.finalize()
}

/// The seal of a family's head: the CRC-32 of `family|version|sequence`.
fn seal_of_head(family: &str, version: u64, sequence: u64) -> u32 {
    seal(&[family.as_bytes(), version.to_string().as_bytes(), sequence.to_string().as_bytes()])
}

/// The seal of a family's state: the CRC-32 of `family|version|state`.
fn seal_of_state(family: &str, version: u64, state: &[u8]) -> u32 {
    seal(&[family.as_bytes(), version.to_string().as_bytes(), state])
}

/// The block of an entry.
pub(super) const fn block(sequence: u64) -> u64 {
    sequence.saturating_sub(1) / BLOCK
}
