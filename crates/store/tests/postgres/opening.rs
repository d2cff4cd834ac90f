//! Opening a database: made from nothing, by many at once, of an earlier schema, or not at all.

use openpbm_store::postgres::{PostgresJournal, PostgresReader, Schema};
use openpbm_store::{Journal, StoreError};

use super::Store;
use crate::contract::{check, commit, follow, one};
use crate::entries::{family, id, paid};

const TABLES: &str = "SELECT string_agg(table_name || '.' || column_name || ' ' || data_type \
    || ' ' || coalesce(collation_name, '-'), ',' ORDER BY table_name, ordinal_position) \
    FROM information_schema.columns WHERE table_schema = 'public'";

#[test]
fn many_that_open_an_empty_database_make_one_schema() {
    let store = Store::new();
    assert_eq!(Schema::of(store.url()).unwrap(), Schema { found: 0, known: 1 });
    let error = PostgresReader::open(store.url()).unwrap_err();
    assert!(matches!(error, StoreError::OlderSchema { found: 0, .. }), "{error:?}");
    std::thread::scope(|scope| {
        let opening: Vec<_> =
            (0..4).map(|_| scope.spawn(|| PostgresJournal::open(store.url()).map(drop))).collect();
        opening.into_iter().for_each(|opened| opened.join().unwrap().unwrap());
    });
    assert_eq!(store.sql("SELECT string_agg(number::text, ',') FROM openpbm_migrations"), "0,1");
    assert_eq!(store.sql("SELECT count(*), sum(head) FROM shards"), "16|0");
    let made = store.sql(TABLES);
    PostgresJournal::open(store.url()).unwrap();
    assert_eq!(store.sql(TABLES), made);
    assert_eq!(Schema::of(store.url()).unwrap(), Schema { found: 1, known: 1 });
}

#[test]
fn a_newer_schema_is_left_alone() {
    let store = Store::new();
    drop(store.journal());
    store.sql("INSERT INTO openpbm_migrations VALUES (99)");
    let writing = PostgresJournal::open(store.url()).unwrap_err();
    let reading = PostgresReader::open(store.url()).unwrap_err();
    for error in [writing, reading] {
        assert!(matches!(error, StoreError::NewerSchema { found: 99, known: 1, .. }), "{error:?}");
    }
}

#[test]
fn tables_that_are_something_else_are_left_alone() {
    let store = Store::new();
    store.sql("CREATE TABLE journal (dear_diary text)");
    let error = PostgresJournal::open(store.url()).unwrap_err();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error:?}");
    assert_eq!(
        store.sql("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"),
        "1"
    );
}

/// A database as the first release wrote it: `fixtures/stores/README.md` says how it was made.
#[test]
fn the_first_releases_database_still_opens() {
    let store = Store::new();
    store.sql(include_str!("../../../../fixtures/stores/0.1.0/postgres.sql"));
    let mut journal = store.journal();
    let reader = journal.reader();
    let whole = follow(&*reader, 3);
    let ids: std::collections::BTreeSet<_> = whole.iter().map(|found| found.entry.id).collect();
    assert!(ids.into_iter().eq((0..8).map(id)), "{whole:?}");
    check(&*reader);
    let history = reader.read_family(family(1)).unwrap();
    assert_eq!(history.remembered.map(|state| state.version), Some(2));
    assert_eq!(history.entries, [(3, paid(5)), (4, paid(7))]);
    commit(&mut journal, [one(1, 4, paid(8))]);
    assert_eq!(follow(&*reader, 3).len(), 9);
    check(&*reader);
}

#[test]
fn a_server_that_may_forget_is_refused_unless_asked_for() {
    let store = Store::new();
    // The setting of new sessions, as somebody sets it who wants it to be faster.
    store.sql(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', \
         current_database()); END $$",
    );
    let error = PostgresJournal::open(store.url()).unwrap_err();
    let StoreError::Database { source, .. } = error else { panic!("{error:?}") };
    let expected = "found `synchronous_commit = off` on the server, need `on`";
    assert!(source.to_string().starts_with(expected), "{source}");
    let mut journal = PostgresJournal::open_volatile(store.url()).unwrap();
    commit(&mut journal, [one(1, 0, paid(1))]);
    assert!(!journal.capabilities().contains(&openpbm_store::Capability::SurvivesPowerLoss));
}

#[test]
fn nobody_there_is_said_at_once() {
    for url in ["postgresql://127.0.0.1:1/claims", "postgresql://nobody@%2Fnonexistent:5432/claims"]
    {
        let error = PostgresJournal::open(url).unwrap_err();
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
    }
    let store = Store::new();
    let other = format!("{}_missing", store.url());
    let error = PostgresJournal::open(&other).unwrap_err();
    let StoreError::Database { source, .. } = &error else { panic!("{error:?}") };
    assert!(source.to_string().contains("does not exist"), "{source}");
}
