//! Damage that was planted in the journal is found, named by its place, and never served.

use std::fs;
use std::path::{Path, PathBuf};

use openpbm_store::sqlite::{DATABASE, INDEX, SqliteJournal, SqliteReader};
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

    /// Changes columns of an entry and seals it again, as somebody does who knows how.
    fn forge(&self, sequence: u64, change: &str) {
        self.plant(&format!("UPDATE journal SET {change} WHERE sequence = {sequence}"));
        let database = Connection::open(self.path()).unwrap();
        let columns = "sequence || '|' || family || '|' || version || '|' || previous || '|' \
                       || id || '|' || recorded || '|' || kind || '|'";
        let ask = format!("SELECT {columns}, entry FROM journal WHERE sequence = {sequence}");
        let sealed: Vec<u8> = database
            .query_row(&ask, [], |row| {
                let (columns, entry): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
                Ok([columns.into_bytes(), entry].concat())
            })
            .unwrap();
        let seal = crc32fast::hash(&sealed);
        let update = format!("UPDATE journal SET seal = {seal} WHERE sequence = {sequence}");
        database.execute_batch(&update).unwrap();
    }

    fn reader(&self) -> SqliteReader {
        SqliteReader::open(self.0.path()).unwrap()
    }

    /// What is found when everything is read and checked: of single entries, of their order, and
    /// beyond.
    fn verify(&self) -> (Vec<Damage>, Vec<Damage>, Result<(), StoreError>) {
        let reader = self.reader();
        let mut of_entries = Vec::new();
        let mut cursor = Cursor::START;
        loop {
            match reader.read_from(cursor, 2) {
                Ok(page) if page.is_empty() => break,
                Ok(page) => {
                    of_entries.extend(page.iter().filter_map(|sealed| sealed.open().err()));
                    cursor = cursor.past(page.last().unwrap());
                }
                Err(StoreError::Damaged(damage)) => {
                    let Flaw::Missing { entries } = damage.flaw else { panic!("{damage}") };
                    of_entries.push(damage);
                    cursor.sequence = damage.sequence + entries - 1;
                }
                Err(error) => panic!("{error:?}"),
            }
        }
        let mut of_order = Vec::new();
        let beyond = reader.check(&mut |damage| of_order.push(damage));
        (of_entries, of_order, beyond)
    }
}

const CONTENT_CHANGED: &str = "UPDATE journal SET entry = zeroblob(length(entry)) \
                               WHERE sequence = 3";

#[test]
fn a_changed_entry_is_an_error_wherever_it_is_read() {
    let planted = Planted::new();
    planted.plant(CONTENT_CHANGED);
    let expected = Damage { sequence: 3, flaw: Flaw::Seal };
    let reader = planted.reader();
    let key = key(2);
    let billing = reader.find_billing(key.pharmacy, key.prescription, key.date_of_service);
    let page = reader.read_from(Cursor::START, 10).unwrap();
    for error in [
        reader.read_family(family(0)).unwrap_err(),
        reader.find_entry(id(2)).unwrap_err(),
        billing.unwrap_err(),
        page[2].open().unwrap_err().into(),
        reader.recent(&Filter::default(), 10).unwrap_err(),
    ] {
        let StoreError::Damaged(found) = error else { panic!("{error:?}") };
        assert_eq!(found, expected);
        let said = format!("{error} {error:?} {}", error.hint());
        assert!(said.starts_with("journal entry 3 is damaged: "), "{said}");
        assert!(!said.contains(family(0).as_str()), "{said}");
    }
    assert_eq!(reader.read_family(family(1)).unwrap().entries.len(), 3, "others are served");
    let (of_entries, of_order, beyond) = planted.verify();
    assert_eq!((of_entries, of_order), (vec![expected], vec![]));
    beyond.unwrap();
}

#[test]
fn the_key_of_a_damaged_claim_is_not_taken_for_unknown() {
    let planted = Planted::new();
    planted.plant(CONTENT_CHANGED);
    fs::remove_file(planted.0.path().join(INDEX)).unwrap();
    let find = |reader: &dyn Reader| {
        let key = key(2);
        reader.find_billing(key.pharmacy, key.prescription, key.date_of_service)
    };
    let damaged = |found| matches!(found, Err(StoreError::Damaged(Damage { sequence: 3, .. })));
    // Read from the journal's tail, and then by the index that is made of it.
    assert!(damaged(find(&planted.reader())));
    drop(SqliteJournal::open(planted.0.path()).unwrap());
    assert!(planted.0.path().join(INDEX).exists());
    assert!(damaged(find(&planted.reader())));
}

#[test]
fn a_column_that_was_changed_is_found() {
    for change in [
        "id = '00000000000000000000'",
        "recorded = recorded + 1",
        "kind = 'rejected'",
        "previous = 1",
        "version = 9",
        "family = 'A000000002'",
        "seal = seal + 1",
    ] {
        let planted = Planted::new();
        planted.plant(&format!("UPDATE journal SET {change} WHERE sequence = 4"));
        let (of_entries, ..) = planted.verify();
        assert_eq!(of_entries, [Damage { sequence: 4, flaw: Flaw::Seal }], "{change}");
    }
}

#[test]
fn an_entry_that_does_not_follow_is_found() {
    let columns = Flaw::Columns;
    let version = |found| Flaw::Version { found, expected: 3 };
    for (change, flaw) in [
        ("previous = 2", columns),
        ("previous = 5", columns),
        ("previous = 0", columns),
        ("version = 9", version(9)),
        ("version = 2", version(2)),
    ] {
        let planted = Planted::new();
        planted.forge(5, change);
        let (of_entries, of_order, _) = planted.verify();
        assert_eq!(of_entries, [], "{change}");
        assert_eq!(of_order, [Damage { sequence: 5, flaw }], "{change}");
        let error = planted.reader().read_family(family(0)).unwrap_err();
        assert!(matches!(error, StoreError::Damaged(_)), "{change}: {error:?}");
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
    let error = reader.read_family(family(1)).unwrap_err();
    let gone = Damage { sequence: 2, flaw: Flaw::Missing { entries: 1 } };
    assert!(matches!(error, StoreError::Damaged(found) if found == gone), "{error:?}");
    let behind =
        |sequence, found| Damage { sequence, flaw: Flaw::Version { found, expected: found - 1 } };
    let (of_entries, of_order, beyond) = planted.verify();
    assert_eq!(of_entries, [missing]);
    assert_eq!(of_order, [missing, behind(4, 2), behind(5, 3)]);
    assert!(matches!(beyond, Err(StoreError::IndexDamaged { .. })), "{beyond:?}");
}

#[test]
fn content_of_another_program_is_unreadable_and_not_quoted() {
    let planted = Planted::new();
    planted.forge(6, "entry = CAST('{\"id\":\"Jane Roe 1984-02-29\"}' AS BLOB)");
    let (of_entries, ..) = planted.verify();
    assert_eq!(of_entries, [Damage { sequence: 6, flaw: Flaw::Unreadable }]);
    let error = planted.reader().read_family(family(1)).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("Jane"), "{error:?}");
}

#[test]
fn a_flipped_bit_in_the_file_is_found() {
    let planted = Planted::new();
    flip(&planted.path(), &paid(3).to_bytes());
    let (of_entries, ..) = planted.verify();
    assert_eq!(of_entries, [Damage { sequence: 4, flaw: Flaw::Seal }]);
}

#[test]
fn a_page_of_garbage_is_an_error_of_the_file() {
    let planted = Planted::new();
    let page = journal_root(&planted.path());
    let mut bytes = fs::read(planted.path()).unwrap();
    bytes[(page - 1) * 4096..page * 4096].fill(0x5a);
    fs::write(planted.path(), bytes).unwrap();
    let error = planted.reader().check(&mut |_| ()).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    let error = planted.reader().read_from(Cursor::START, 10).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    let error = SqliteJournal::open(planted.0.path()).unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
}

#[test]
fn the_database_refuses_to_change_or_delete() {
    let planted = Planted::new();
    let database = Connection::open(planted.path()).unwrap();
    let copy = "INSERT OR REPLACE INTO journal SELECT";
    for sql in [
        "UPDATE journal SET entry = x'80' WHERE sequence = 1".to_owned(),
        "UPDATE journal SET recorded = 0".to_owned(),
        "UPDATE journal SET kind = 'retired', version = 7 WHERE sequence = 1".to_owned(),
        "UPDATE journal SET kind = 'carried', family = 'A000000001'".to_owned(),
        "DELETE FROM journal WHERE sequence = 6".to_owned(),
        "DELETE FROM journal".to_owned(),
        format!("{copy} * FROM journal WHERE sequence = 2"),
    ] {
        let error = database.execute_batch(&sql).unwrap_err();
        assert!(error.to_string().contains("the journal is append-only"), "{sql}: {error}");
    }
    drop(database);
    let (of_entries, of_order, beyond) = planted.verify();
    assert_eq!((of_entries, of_order), (vec![], vec![]));
    beyond.unwrap();
}

/// Flips one bit of these bytes wherever they are in the file: pages also hold what was there
/// before.
fn flip(path: &Path, wanted: &[u8]) {
    let mut bytes = fs::read(path).unwrap();
    let places: Vec<_> = (0..bytes.len()).filter(|&at| bytes[at..].starts_with(wanted)).collect();
    assert!(!places.is_empty());
    places.into_iter().for_each(|place| bytes[place + 2] ^= 1);
    fs::write(path, bytes).unwrap();
}

/// The page where the entries begin.
fn journal_root(path: &Path) -> usize {
    let database = Connection::open(path).unwrap();
    let ask = "SELECT rootpage FROM sqlite_schema WHERE name = 'journal'";
    database.query_row(ask, [], |row| row.get(0)).unwrap()
}
