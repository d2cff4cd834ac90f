//! Damage that was planted in the file is found, named by its place, and never served.

use std::fs;
use std::path::{Path, PathBuf};

use openpbm_store::sqlite::{DATABASE, SqliteJournal, SqliteReader};
use openpbm_store::{Cursor, Damage, Filter, Flaw, Reader, StoreError};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::contract::{commit, one};
use crate::entries::{family, id, key, paid};

/// A journal of six entries of two families, closed.
struct Planted(TempDir);

impl Planted {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let mut journal = SqliteJournal::open(directory.path()).unwrap();
        commit(&mut journal, (0..6).map(|number| one(number % 2, number / 2, paid(number))));
        Self(directory)
    }

    fn path(&self) -> PathBuf {
        self.0.path().join(DATABASE)
    }

    /// Runs SQL on the file without its guards, as somebody does who means harm.
    fn plant(&self, sql: &str) {
        let database = Connection::open(self.path()).unwrap();
        for trigger in ["never_changed", "never_deleted", "only_appended_to"] {
            database.execute_batch(&format!("DROP TRIGGER journal_is_{trigger}")).unwrap();
        }
        database.execute_batch(sql).unwrap();
    }

    fn reader(&self) -> SqliteReader {
        SqliteReader::open(self.0.path()).unwrap()
    }

    fn verify(&self) -> (Vec<Damage>, Result<u64, StoreError>) {
        let mut found = Vec::new();
        let whole = self.reader().verify(&mut |visited| found.extend(visited.err()));
        (found, whole)
    }
}

#[test]
fn a_changed_entry_is_an_error_wherever_it_is_read() {
    let planted = Planted::new();
    planted.plant("UPDATE journal SET entry = replace(entry, '33491', '33490') WHERE sequence = 3");
    let expected = Damage { sequence: 3, flaw: Flaw::Seal };
    let reader = planted.reader();
    let key = key(2);
    let billing = reader.find_billing(key.pharmacy, key.prescription, key.date_of_service);
    for error in [
        reader.read_family(family(0)).unwrap_err(),
        reader.find_entry(id(2)).unwrap_err(),
        billing.unwrap_err(),
        reader.read_from(Cursor::START, 10).unwrap_err(),
        reader.recent(&Filter::default(), 10).unwrap_err(),
    ] {
        let StoreError::Damaged(found) = error else { panic!("{error:?}") };
        assert_eq!(found, expected);
        let said = format!("{error} {error:?} {}", error.hint());
        assert!(said.starts_with("journal entry 3 is damaged: "), "{said}");
        assert!(!said.contains(family(0).as_str()), "{said}");
    }
    assert_eq!(reader.read_family(family(1)).unwrap().len(), 3, "others are served");
    let (found, whole) = planted.verify();
    assert_eq!((found, whole.unwrap()), (vec![expected], 5));
}

#[test]
fn a_column_that_disagrees_is_found() {
    for change in [
        "id = '00000000000000000000'",
        "recorded = recorded + 1",
        "kind = 'rejected'",
        "pharmacy = 1",
        "prescription = NULL",
        "date_of_service = '2026-03-13'",
    ] {
        let planted = Planted::new();
        planted.plant(&format!("UPDATE journal SET {change} WHERE sequence = 4"));
        let (found, whole) = planted.verify();
        let expected = Damage { sequence: 4, flaw: Flaw::Columns };
        assert_eq!((found, whole.unwrap()), (vec![expected], 5), "{change}");
    }
}

#[test]
fn an_entry_given_to_another_place_is_found() {
    for (change, read) in [("family = 'A000000001', version = 4", 2), ("version = 9", 2)] {
        let planted = Planted::new();
        planted.plant(&format!("UPDATE journal SET {change} WHERE sequence = 5"));
        let (found, whole) = planted.verify();
        assert_eq!(found, [Damage { sequence: 5, flaw: Flaw::Seal }], "{change}");
        assert_eq!(whole.unwrap(), 5);
        let before = planted.reader().read_from(Cursor::start(0), read).unwrap();
        assert_eq!(before.len(), read);
    }
}

#[test]
fn a_missing_entry_shows() {
    let planted = Planted::new();
    planted.plant("DELETE FROM journal WHERE sequence IN (2, 3)");
    let reader = planted.reader();
    let error = reader.read_from(Cursor { shard: 0, sequence: 1 }, 10).unwrap_err();
    let missing = Damage { sequence: 2, flaw: Flaw::Missing { entries: 2 } };
    assert!(matches!(error, StoreError::Damaged(found) if found == missing), "{error:?}");
    let behind =
        |sequence, found| Damage { sequence, flaw: Flaw::Version { found, expected: found - 1 } };
    let error = reader.read_family(family(1)).unwrap_err();
    assert!(matches!(error, StoreError::Damaged(found) if found == behind(4, 2)), "{error:?}");
    let (found, whole) = planted.verify();
    assert_eq!(found, [missing, behind(4, 2), behind(5, 3)]);
    assert_eq!(whole.unwrap(), 2);
}

#[test]
fn content_of_another_program_is_unreadable_and_not_quoted() {
    let planted = Planted::new();
    let entry = r#"{"id":"Jane Roe 1984-02-29"}"#;
    let seal = crc32fast::hash(format!("6|{}|3|{entry}", family(1)).as_bytes());
    let change = format!("UPDATE journal SET entry = '{entry}', seal = {seal} WHERE sequence = 6");
    planted.plant(&change);
    let (found, _) = planted.verify();
    assert_eq!(found, [Damage { sequence: 6, flaw: Flaw::Unreadable }]);
    let error = planted.reader().read_family(family(1)).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("Jane"), "{error:?}");
}

#[test]
fn a_flipped_bit_in_the_file_is_found() {
    let planted = Planted::new();
    flip(&planted.path(), format!("{{\"id\":\"{}\"", id(3)).as_bytes());
    let (found, whole) = planted.verify();
    assert_eq!(found, [Damage { sequence: 4, flaw: Flaw::Seal }]);
    assert_eq!(whole.unwrap(), 5);
}

#[test]
fn an_index_that_lost_an_entry_is_found() {
    let planted = Planted::new();
    // Somebody appends while the index of kinds is hidden, then puts it back.
    let hide = "DELETE FROM sqlite_schema WHERE name = 'journal_kind'";
    let restore = "INSERT INTO sqlite_schema SELECT * FROM hidden";
    let database = Connection::open(planted.path()).unwrap();
    let edit = |sql: &str, version: u8| {
        let edit = format!(
            "PRAGMA writable_schema = ON; {sql}; PRAGMA schema_version = {version}; \
             PRAGMA writable_schema = RESET"
        );
        database.execute_batch(&edit).unwrap();
    };
    let keep =
        "CREATE TEMP TABLE hidden AS SELECT * FROM sqlite_schema WHERE name = 'journal_kind'";
    database.execute_batch(keep).unwrap();
    edit(hide, 100);
    let mut journal = SqliteJournal::open(planted.0.path()).unwrap();
    commit(&mut journal, [one(0, 3, paid(6))]);
    drop(journal);
    edit(restore, 101);
    let (found, whole) = planted.verify();
    assert_eq!(found, []);
    let error = whole.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    assert!(error.to_string().contains("journal_kind"), "{error}");
}

#[test]
fn a_page_of_garbage_is_an_error_of_the_file() {
    let planted = Planted::new();
    let mut bytes = fs::read(planted.path()).unwrap();
    bytes[4096..8192].fill(0x5a);
    fs::write(planted.path(), bytes).unwrap();
    let (_, whole) = planted.verify();
    let error = whole.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
}

#[test]
fn the_database_refuses_to_change_or_delete() {
    let planted = Planted::new();
    let database = Connection::open(planted.path()).unwrap();
    let copy = "INSERT OR REPLACE INTO journal SELECT";
    for sql in [
        "UPDATE journal SET entry = '{}' WHERE sequence = 1".to_owned(),
        "UPDATE journal SET recorded = 0".to_owned(),
        "DELETE FROM journal WHERE sequence = 6".to_owned(),
        "DELETE FROM journal".to_owned(),
        format!("{copy} * FROM journal WHERE sequence = 2"),
    ] {
        let error = database.execute_batch(&sql).unwrap_err();
        assert!(error.to_string().contains("the journal is append-only"), "{sql}: {error}");
    }
    drop(database);
    let (found, whole) = planted.verify();
    assert_eq!((found, whole.unwrap()), (vec![], 6));
}

/// Flips one bit of the text wherever it is in the file: pages also hold what was there before.
fn flip(path: &Path, text: &[u8]) {
    let mut bytes = fs::read(path).unwrap();
    let places: Vec<_> = (0..bytes.len()).filter(|&at| bytes[at..].starts_with(text)).collect();
    assert!(!places.is_empty());
    places.into_iter().for_each(|place| bytes[place + 2] ^= 1);
    fs::write(path, bytes).unwrap();
}
