//! The index is never trusted: whatever becomes of it, the journal is what is served.

use std::fs;
use std::path::Path;

use openpbm_core::Family;
use openpbm_store::sqlite::{DATABASE, INDEX, SqliteJournal, SqliteReader, Tuning, status};
use openpbm_store::{Filter, Journal, Kind, Reader, StoreError};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::contract::{check, commit, follow, one};
use crate::entries::{enrolled, family, id, key, paid};

const FAMILIES: u64 = 7;

/// Merges after every few entries.
fn small() -> Tuning {
    Tuning { merge: 8, fold: 2, long: 4, ..Tuning::default() }
}

fn open(directory: &Path) -> SqliteJournal {
    SqliteJournal::open_tuned(directory, small()).unwrap()
}

/// Appends the entries of these numbers, one by one; each third states a member.
fn grow(journal: &mut SqliteJournal, from: u64, to: u64) {
    for number in from..to {
        let entry = if number % 3 == 0 { enrolled(number) } else { paid(number) };
        commit(journal, [one(number % FAMILIES, number / FAMILIES, entry)]);
    }
}

fn with_entries(entries: u64) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    grow(&mut open(directory.path()), 0, entries);
    assert!(!directory.path().join("index.sqlite-wal").exists(), "a clean end leaves no log");
    directory
}

/// Looks for everything in every way; the first error of the store, or a panic where what is
/// found is wrong.
fn look(reader: &dyn Reader, entries: u64) -> Result<(), StoreError> {
    for number in 0..FAMILIES {
        let history = reader.read_family(family(number))?;
        let remembered = history.remembered.map_or(0, |state| state.version);
        let versions = history.entries.iter().map(|(version, _)| *version);
        let last = (entries + FAMILIES - 1 - number) / FAMILIES;
        assert!(versions.eq(remembered + 1..=last), "family {number}");
    }
    for number in 0..entries {
        let found = reader.find_entry(id(number))?.expect("an entry is not found");
        assert_eq!(found.sequence, number + 1);
        let key = key(number);
        let found = reader.find_billing(key.pharmacy, key.prescription, key.date_of_service)?;
        let expected = if number % 3 == 0 { vec![] } else { vec![family(number % FAMILIES)] };
        assert_eq!(found, expected, "the claim of entry {number}");
    }
    assert_eq!(reader.find_entry(id(entries))?, None);
    let filter = Filter { kinds: vec![Kind::Enrolled], ..Filter::default() };
    let found: Vec<_> = reader.recent(&filter, 1000)?.iter().map(|found| found.sequence).collect();
    let expected: Vec<_> = (0..entries).rev().filter(|n| n % 3 == 0).map(|n| n + 1).collect();
    assert_eq!(found, expected);
    let counts = reader.counts()?;
    assert_eq!((counts.entries, counts.families), (entries, entries.min(FAMILIES)));
    assert_eq!(counts.by_kind.get(&Kind::Enrolled), Some(&entries.div_ceil(3)));
    Ok(())
}

/// Everything is found by a reader alone and by one of a writer, who then goes on.
fn is_sound(directory: &Path, entries: u64) {
    look(&SqliteReader::open(directory).unwrap(), entries).unwrap();
    let mut journal = open(directory);
    look(&*journal.reader(), entries).unwrap();
    grow(&mut journal, entries, entries + 20);
    look(&*journal.reader(), entries + 20).unwrap();
    check(&*journal.reader());
    drop(journal);
    look(&SqliteReader::open(directory).unwrap(), entries + 20).unwrap();
}

#[test]
fn what_is_merged_and_what_is_not_is_found_alike() {
    let directory = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(directory.path()).unwrap();
    let own = journal.reader();
    let alone = SqliteReader::open(directory.path()).unwrap();
    for (from, to) in [(0, 10), (10, 25), (25, 26), (26, 26), (26, 60)] {
        grow(&mut journal, from, to);
        for reader in [&*own, &alone] {
            look(reader, to).unwrap();
        }
        journal.settle().unwrap();
        assert_eq!(status(directory.path()).unwrap().indexed, to);
        let late = SqliteReader::open(directory.path()).unwrap();
        for reader in [&*own, &alone, &late] {
            look(reader, to).unwrap();
            check(reader);
        }
    }
    // Readers outlive the writer, and see what the next one writes.
    drop(journal);
    grow(&mut open(directory.path()), 60, 90);
    look(&*own, 90).unwrap();
    look(&alone, 90).unwrap();
}

#[test]
fn an_index_that_is_gone_is_made_anew() {
    let directory = with_entries(100);
    fs::remove_file(directory.path().join(INDEX)).unwrap();
    is_sound(directory.path(), 100);
}

#[test]
fn an_index_of_garbage_is_made_anew() {
    for garbage in ["", "dear diary"] {
        let directory = with_entries(50);
        fs::write(directory.path().join(INDEX), garbage.repeat(1000)).unwrap();
        is_sound(directory.path(), 50);
    }
}

#[test]
fn whichever_page_is_garbled_no_answer_is_wrong() {
    let directory = with_entries(300);
    let sound = fs::read(directory.path().join(INDEX)).unwrap();
    let pages = sound.len() / 4096;
    assert!(pages >= 7, "{pages}");
    let mut noticed = 0;
    for page in 0..pages {
        for from in [0, 2048] {
            let mut garbled = sound.clone();
            let at = page * 4096 + from;
            garbled[at..at + 2048].fill(0x5a);
            // As it is after a crash and before it is noticed.
            let copy = tempfile::tempdir().unwrap();
            for name in [DATABASE, "journal.lock"] {
                fs::copy(directory.path().join(name), copy.path().join(name)).unwrap();
            }
            fs::write(copy.path().join(INDEX), garbled).unwrap();
            for _ in 0..2 {
                let reader = SqliteReader::open(copy.path()).unwrap();
                if let Err(error) = look(&reader, 300) {
                    let told = matches!(
                        error,
                        StoreError::IndexDamaged { .. }
                            | StoreError::Corrupt { .. }
                            | StoreError::Foreign { .. }
                    );
                    assert!(told, "page {page}: {error:?}");
                    noticed += 1;
                }
            }
            // It was noticed by then, or it changes nothing that matters.
            let journal = open(copy.path());
            look(&*journal.reader(), 300).unwrap();
        }
    }
    assert!(noticed > 0, "nothing was ever noticed");
}

/// Bytes that SQLite takes for rows that lie behind every family.
#[test]
fn what_is_not_found_among_garbage_is_not_believed() {
    let directory = with_entries(300);
    let path = directory.path().join(INDEX);
    let root: usize = Connection::open(&path)
        .unwrap()
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'heads'", [], |row| row.get(0))
        .unwrap();
    let mut index = fs::read(&path).unwrap();
    let page = &mut index[(root - 1) * 4096..root * 4096];
    // A leaf of a table without row ids: the number of its rows, and from byte 8 their places.
    assert_eq!(page[0], 0x0a);
    let rows = usize::from(u16::from_be_bytes([page[3], page[4]]));
    page[1..3].fill(0);
    page[5..7].copy_from_slice(&2048_u16.to_be_bytes());
    page[7] = 0;
    page[2048..].fill(0x5a);
    for (place, row) in page[8..8 + 2 * rows].chunks_mut(2).zip(0_u16..) {
        place.copy_from_slice(&(2048 + 100 * row).to_be_bytes());
    }
    fs::write(&path, index).unwrap();
    let error = look(&SqliteReader::open(directory.path()).unwrap(), 300).unwrap_err();
    let told = matches!(error, StoreError::IndexDamaged { .. } | StoreError::Corrupt { .. });
    assert!(told, "{error:?}");
    is_sound(directory.path(), 300);
}

#[test]
fn an_older_index_is_brought_up() {
    let directory = with_entries(40);
    let older = fs::read(directory.path().join(INDEX)).unwrap();
    grow(&mut open(directory.path()), 40, 120);
    fs::write(directory.path().join(INDEX), older).unwrap();
    assert_eq!(status(directory.path()).unwrap().indexed, 40);
    is_sound(directory.path(), 120);
}

#[test]
fn an_index_ahead_of_the_journal_is_made_anew() {
    let directory = with_entries(40);
    let older = fs::read(directory.path().join(DATABASE)).unwrap();
    grow(&mut open(directory.path()), 40, 120);
    fs::write(directory.path().join(DATABASE), older).unwrap();
    is_sound(directory.path(), 40);
}

#[test]
fn the_index_of_another_journal_is_made_anew() {
    let (directory, other) = (with_entries(40), tempfile::tempdir().unwrap());
    let mut journal = open(other.path());
    commit(&mut journal, (0..40).map(|number| one(9, number, paid(1000 + number))));
    drop(journal);
    fs::copy(other.path().join(INDEX), directory.path().join(INDEX)).unwrap();
    is_sound(directory.path(), 40);
}

#[test]
fn an_index_that_does_not_know_of_a_retention_is_made_anew() {
    let directory = with_entries(60);
    let before = fs::read(directory.path().join(INDEX)).unwrap();
    let state = Family { version: 3, ..Family::unknown(family(2)) };
    let expected = {
        let mut journal = open(directory.path());
        assert_eq!(journal.retire(&state).unwrap(), 3);
        journal.reader().counts().unwrap()
    };
    fs::write(directory.path().join(INDEX), before).unwrap();
    let journal = open(directory.path());
    let reader = journal.reader();
    assert_eq!(reader.counts().unwrap(), expected);
    let key = key(2);
    let found = reader.find_billing(key.pharmacy, key.prescription, key.date_of_service);
    assert_eq!(found.unwrap(), []);
    check(&*reader);
}

#[test]
fn what_is_retired_before_and_after_it_is_merged_is_counted_once() {
    let directory = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(directory.path()).unwrap();
    for number in 0..12 {
        commit(&mut journal, [one(1, number, paid(number))]);
        if number == 5 {
            journal.settle().unwrap();
        }
    }
    let reader = journal.reader();
    // Partly in the index, partly not, and then carried further.
    for (version, changed) in [(4, 4), (8, 5), (12, 5)] {
        let state = Family { version, ..Family::unknown(family(1)) };
        assert_eq!(journal.retire(&state).unwrap(), changed);
        for settled in [false, true] {
            let by_kind = reader.counts().unwrap().by_kind;
            let expected =
                [(Kind::Paid, 12 - version), (Kind::Retired, version - 1), (Kind::Carried, 1)];
            let expected = expected.into_iter().filter(|(_, entries)| *entries > 0);
            assert!(by_kind.clone().into_iter().eq(expected), "{by_kind:?}");
            check(&*reader);
            let filter = Filter { kinds: vec![Kind::Carried], ..Filter::default() };
            assert_eq!(reader.recent(&filter, 10).unwrap().len(), 1);
            let history = reader.read_family(family(1)).unwrap();
            assert_eq!(history.remembered.map(|state| state.version), Some(version));
            if !settled {
                journal.settle().unwrap();
            }
        }
    }
    assert_eq!(follow(&*reader, 5).len(), 12);
}

#[test]
fn a_remembered_state_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let mut journal = open(directory.path());
    grow(&mut journal, 0, 30);
    let state = Family { version: 3, ..Family::unknown(family(1)) };
    journal.remember(&state).unwrap();
    let known = |reader: &dyn Reader| {
        let history = reader.read_family(family(1)).unwrap();
        assert_eq!(history.entries.first().map(|(version, _)| *version), Some(4));
        history.remembered
    };
    assert_eq!(known(&*journal.reader()), Some(Box::new(state.clone())));
    drop(journal);
    assert_eq!(known(&SqliteReader::open(directory.path()).unwrap()), Some(Box::new(state)));
}

#[test]
fn a_state_beyond_the_journal_is_not_believed() {
    let directory = with_entries(30);
    let mut journal = open(directory.path());
    let state = Family { version: 99, ..Family::unknown(family(1)) };
    journal.remember(&state).unwrap();
    let history = journal.reader().read_family(family(1)).unwrap();
    assert_eq!(history.remembered, None);
    assert_eq!(history.entries.len(), 5);
}

#[test]
fn an_index_that_says_something_else_is_found() {
    for (change, table) in [
        ("UPDATE heads SET version = version + 1 WHERE family = 'A000000001'", "heads"),
        ("DELETE FROM heads WHERE family = 'A000000001'", "heads"),
        ("DELETE FROM billing WHERE sequence = 2", "billing"),
        ("UPDATE billing SET sequence = 99 WHERE sequence = 2", "billing"),
        ("UPDATE blocks SET last_id = first_id", "blocks"),
        ("UPDATE kinds SET entries = entries + 1 WHERE kind = 'paid'", "kinds"),
        ("UPDATE mark SET families = 3", "mark"),
    ] {
        let directory = with_entries(30);
        let index = Connection::open(directory.path().join(INDEX)).unwrap();
        index.execute_batch(change).unwrap();
        drop(index);
        let reader = SqliteReader::open(directory.path()).unwrap();
        let error = reader.check(&mut |damage| panic!("{damage}")).unwrap_err();
        assert!(matches!(error, StoreError::IndexDamaged { .. }), "{change}: {error:?}");
        assert!(error.to_string().contains(&format!("`{table}`")), "{change}: {error}");
    }
}
