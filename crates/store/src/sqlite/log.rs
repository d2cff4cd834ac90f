//! Whether the journal's log lost something that was committed.
//!
//! SQLite reads its write-ahead log up to the first frame whose checksum is wrong, and takes it
//! for the log's end: so a transaction that was being written when the power went is left out,
//! as it should be. But a byte that went bad in the middle hides, without a word, all that was
//! committed behind it. The two can be told apart: each commit is synced before the next begins,
//! so an honest end has at most one commit behind it. Two commits in a row that fit each other
//! there were acknowledged.
//!
//! The format is that of <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>.

use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read};
use std::path::Path;

use super::failure;
use crate::StoreError;

/// Refuses a journal whose log is damaged. Nobody may be writing to it.
pub(super) fn refuse_damaged(database: &Path) -> Result<(), StoreError> {
    let mut path = database.as_os_str().to_owned();
    path.push("-wal");
    let path = Path::new(&path);
    let lost = match File::open(path) {
        Ok(file) => commits_lost(&mut BufReader::with_capacity(1 << 16, file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    };
    match lost.map_err(failure::file("reading the journal's log", path))? {
        0 => Ok(()),
        lost => Err(StoreError::Corrupt {
            detail: format!("its log is damaged, and {lost} commits stand behind the damage"),
        }),
    }
}

/// The same for a journal to which somebody may be writing: what is half written when it is read
/// is whole a moment later.
pub(super) fn check(database: &Path) -> Result<(), StoreError> {
    const ATTEMPTS: usize = 3;
    for _ in 1..ATTEMPTS {
        if refuse_damaged(database).is_ok() {
            return Ok(());
        }
    }
    refuse_damaged(database)
}

const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;
/// The page size of our files, for a header that cannot be believed.
const PAGE: u32 = 4096;

/// How many commits are behind the place where SQLite stops reading; 0 if there is at most one,
/// which may be the one that was under way when the power went.
fn commits_lost(log: &mut impl Read) -> io::Result<u64> {
    let mut header = [0; HEADER];
    if !fill(log, &mut header)? {
        return Ok(0);
    }
    let format = Format::of(&header);
    let mut salts = format.salts;
    let mut sum = format.sum;
    let mut frame = vec![0; FRAME_HEADER + format.page];
    let (mut is_whole, mut in_a_row, mut lost) = (salts.is_some(), 0, 0);
    while fill(log, &mut frame)? {
        let Some(found) = Frame::of(&frame) else { break };
        if *salts.get_or_insert(found.salts) != found.salts {
            // Of an earlier round of the log, or damaged itself: what follows decides.
            (is_whole, in_a_row, sum) = (false, 0, found.sum);
            continue;
        }
        let fits = format.add(format.add(sum, found.counted), found.page) == found.sum;
        is_whole &= fits;
        in_a_row = if fits { in_a_row + u64::from(found.commits) } else { 0 };
        if !is_whole {
            lost = lost.max(in_a_row);
        }
        sum = found.sum;
    }
    Ok(if lost > 1 { lost } else { 0 })
}

type Sum = (u32, u32);

/// What the header says.
struct Format {
    page: usize,
    big_endian: bool,
    /// `None` for a header that cannot be believed.
    salts: Option<(u32, u32)>,
    sum: Sum,
}

impl Format {
    fn of(header: &[u8; HEADER]) -> Self {
        let mut format = Self {
            page: usize::try_from(PAGE).unwrap_or_default(),
            big_endian: word(header, 0) & 1 == 1,
            salts: None,
            sum: (word(header, 24), word(header, 28)),
        };
        let counted = header.get(..24).unwrap_or_default();
        if word(header, 0) | 1 == 0x377f_0683 && format.add((0, 0), counted) == format.sum {
            format.page =
                usize::try_from(word(header, 8).clamp(512, 65_536)).unwrap_or(format.page);
            format.salts = Some((word(header, 16), word(header, 20)));
        }
        format
    }

    /// Goes on with a checksum.
    fn add(&self, (mut first, mut second): Sum, bytes: &[u8]) -> Sum {
        let read = if self.big_endian { u32::from_be_bytes } else { u32::from_le_bytes };
        let (words, _) = bytes.as_chunks::<4>();
        let (pairs, _) = words.as_chunks::<2>();
        for [one, two] in pairs {
            first = first.wrapping_add(read(*one)).wrapping_add(second);
            second = second.wrapping_add(read(*two)).wrapping_add(first);
        }
        (first, second)
    }
}

/// One page of the log.
struct Frame<'a> {
    commits: bool,
    salts: (u32, u32),
    sum: Sum,
    /// What of its header is counted in the checksum.
    counted: &'a [u8],
    page: &'a [u8],
}

impl<'a> Frame<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        Some(Self {
            commits: word(bytes, 4) != 0,
            salts: (word(bytes, 8), word(bytes, 12)),
            sum: (word(bytes, 16), word(bytes, 20)),
            counted: bytes.get(..8)?,
            page: bytes.get(FRAME_HEADER..)?,
        })
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..).and_then(<[u8]>::first_chunk);
    four.map_or(0, |four| u32::from_be_bytes(*four))
}

/// False at the end, also in the middle of a frame.
fn fill(log: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match log.read_exact(bytes) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    /// The log of so many commits of one row each, in several rounds.
    fn log(commits: u32, rounds: u32) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.sqlite");
        let connection = Connection::open(&path).unwrap();
        let setup = "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE t (x)";
        connection.execute_batch(setup).unwrap();
        for round in 0..rounds {
            for number in 0..commits / (round + 1) {
                connection.execute("INSERT INTO t VALUES (?1)", [number.to_string()]).unwrap();
            }
            if round + 1 < rounds {
                connection.execute_batch("PRAGMA wal_checkpoint(RESTART)").unwrap();
            }
        }
        std::fs::read(folder.path().join("x.sqlite-wal")).unwrap()
    }

    fn lost(log: &[u8]) -> u64 {
        commits_lost(&mut &*log).unwrap()
    }

    #[test]
    fn a_whole_log_lost_nothing_in_any_round() {
        for rounds in 1..4 {
            assert_eq!(lost(&log(30, rounds)), 0, "{rounds}");
        }
        assert_eq!(lost(&[]), 0);
    }

    #[test]
    fn a_log_that_ends_anywhere_lost_nothing() {
        let log = log(10, 2);
        for end in (0..log.len()).step_by(97) {
            assert_eq!(lost(&log[..end]), 0, "{end}");
        }
    }

    /// Of the last transaction, pages may have reached the disk in any order.
    #[test]
    fn a_last_commit_that_was_torn_is_no_damage() {
        let whole = log(10, 1);
        let frame = FRAME_HEADER + 4096;
        let frames = (whole.len() - HEADER) / frame;
        for torn in frames - 1..frames {
            let mut log = whole.clone();
            log[HEADER + torn * frame..HEADER + torn * frame + 512].fill(0);
            assert_eq!(lost(&log), 0, "{torn}");
        }
    }

    #[test]
    fn a_changed_byte_before_the_last_commits_is_found() {
        let whole = log(40, 2);
        let frame = FRAME_HEADER + 4096;
        // The second round has 20 commits of one frame; behind it are frames of the first.
        for at in (0..HEADER + 15 * frame).step_by(61) {
            let mut log = whole.clone();
            log[at] ^= 0x10;
            assert!(lost(&log) > 1, "{at}");
        }
    }
}
