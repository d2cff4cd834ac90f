//! A store of each released version opens, says the same, and can be gone on with.

use std::fs;
use std::path::Path;

use openpbm_store::sqlite::{DATABASE, Schema, SqliteJournal, SqliteReader, migrate, status};
use openpbm_store::{Damage, Flaw, Journal, Reader, StoreError};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::contract::{check, commit, follow, one};
use crate::entries::paid;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/stores");
/// The entries of `fixtures/stores/0.1.0`, one a line, as its own program wrote them.
const ENTRIES: u64 = 19;

/// A copy of the store that release 0.1.0 has written.
fn from_0_1_0() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    let fixture = Path::new(FIXTURES).join("0.1.0").join(DATABASE);
    fs::copy(fixture, directory.path().join(DATABASE)).unwrap();
    directory
}

/// What the journal says, for people.
fn text(reader: &dyn Reader) -> String {
    let lines = follow(reader, 7).into_iter().map(|found| {
        let entry = serde_json::to_string(&found.entry).unwrap();
        format!("{} {} {} {entry}\n", found.sequence, found.family, found.version)
    });
    lines.collect()
}

#[test]
fn the_store_of_0_1_0_says_what_it_said() {
    let directory = from_0_1_0();
    let before = status(directory.path()).unwrap();
    assert_eq!(before.journal, Schema { found: 1, known: 2 });
    assert_eq!((before.entries, before.index), (ENTRIES, None));
    let error = SqliteReader::open(directory.path()).unwrap_err();
    assert!(matches!(error, StoreError::OlderSchema { found: 1, known: 2, .. }), "{error:?}");
    let mut journal = SqliteJournal::open(directory.path()).unwrap();
    let golden = fs::read_to_string(Path::new(FIXTURES).join("0.1.0/entries.txt")).unwrap();
    assert_eq!(text(&*journal.reader()), golden);
    check(&*journal.reader());
    commit(&mut journal, [one(1, 0, paid(1))]);
    drop(journal);
    let after = status(directory.path()).unwrap();
    assert!(after.journal.is_current() && after.index.is_some_and(Schema::is_current));
    assert_eq!((after.entries, after.indexed), (ENTRIES + 1, ENTRIES + 1));
    check(&SqliteReader::open(directory.path()).unwrap());
}

#[test]
fn a_migration_tells_how_far_it_is_and_is_done_once() {
    let directory = from_0_1_0();
    let mut heard = Vec::new();
    let after = migrate(directory.path(), &mut |done, all| heard.push((done, all))).unwrap();
    assert!(after.journal.is_current());
    assert_eq!(heard, [(ENTRIES, ENTRIES)]);
    migrate(directory.path(), &mut |_, _| panic!("nothing is left to be done")).unwrap();
    let error = migrate(&directory.path().join("elsewhere"), &mut |_, _| ()).unwrap_err();
    assert!(matches!(error, StoreError::Missing { .. }), "{error:?}");
}

#[test]
fn a_migration_goes_on_where_it_was_interrupted() {
    let expected = {
        let directory = from_0_1_0();
        text(&*SqliteJournal::open(directory.path()).unwrap().reader())
    };
    let expand = include_str!("../migrations/sqlite/journal/0002_expand.sql");
    for done in [0, 1, 9, ENTRIES] {
        let directory = from_0_1_0();
        let whole = tempfile::tempdir().unwrap();
        fs::copy(directory.path().join(DATABASE), whole.path().join(DATABASE)).unwrap();
        drop(SqliteJournal::open(whole.path()).unwrap());
        // As it is when the power went after so many entries.
        let database = Connection::open(directory.path().join(DATABASE)).unwrap();
        database.execute_batch(expand).unwrap();
        let whole = whole.path().join(DATABASE);
        database.execute("ATTACH ?1 AS whole", [whole.to_str().unwrap()]).unwrap();
        let copy = "INSERT INTO appended SELECT * FROM whole.journal WHERE sequence <= ?1";
        database.execute(copy, [done]).unwrap();
        drop(database);
        assert_eq!(status(directory.path()).unwrap().journal.found, 1);
        let journal = SqliteJournal::open(directory.path()).unwrap();
        assert_eq!(text(&*journal.reader()), expected, "after {done}");
        check(&*journal.reader());
    }
}

#[test]
fn damage_in_the_old_store_is_an_error_and_changes_nothing() {
    let changed = "UPDATE journal SET entry = replace(entry, 'enrolled', 'enroled') \
                   WHERE sequence = 3";
    let gone = "DELETE FROM journal WHERE sequence IN (6, 7)";
    let moved = "DROP INDEX journal_family; UPDATE journal SET version = 9 WHERE sequence = 8";
    for (harm, expected) in [
        (changed, Damage { sequence: 3, flaw: Flaw::Seal }),
        (gone, Damage { sequence: 6, flaw: Flaw::Missing { entries: 2 } }),
        (moved, Damage { sequence: 8, flaw: Flaw::Seal }),
    ] {
        let directory = from_0_1_0();
        let database = Connection::open(directory.path().join(DATABASE)).unwrap();
        for trigger in ["never_changed", "never_deleted"] {
            database.execute_batch(&format!("DROP TRIGGER journal_is_{trigger}")).unwrap();
        }
        database.execute_batch(harm).unwrap();
        drop(database);
        for _ in 0..2 {
            let error = SqliteJournal::open(directory.path()).unwrap_err();
            let StoreError::Damaged(found) = error else { panic!("{error:?}") };
            assert_eq!(found, expected);
        }
        let after = status(directory.path()).unwrap();
        assert_eq!(after.journal, Schema { found: 1, known: 2 }, "it is still the old store");
    }
}

/// The tables, indices and triggers of a new store are those of a migrated one.
#[test]
fn a_migrated_store_has_the_schema_of_a_new_one() {
    let schema = |directory: &TempDir| -> Vec<String> {
        drop(SqliteJournal::open(directory.path()).unwrap());
        let database = Connection::open(directory.path().join(DATABASE)).unwrap();
        let ask = "SELECT type || ' ' || name || ': ' || sql FROM sqlite_schema \
                   WHERE sql IS NOT NULL ORDER BY 1";
        let mut statement = database.prepare(ask).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let (old, new) = (from_0_1_0(), tempfile::tempdir().unwrap());
    let new = schema(&new);
    assert_eq!(schema(&old), new);
    let names: Vec<_> = new.iter().map(|sql| sql.split(':').next().unwrap()).collect();
    assert_eq!(
        names,
        [
            "table journal",
            "table retention",
            "trigger journal_is_never_changed",
            "trigger journal_is_never_deleted",
            "trigger journal_is_only_appended_to",
        ]
    );
}
