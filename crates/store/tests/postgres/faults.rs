//! Connections that break and servers that die: nothing acknowledged is lost, nothing that is
//! sent again is there twice.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use openpbm_core::ClaimId;
use openpbm_postgres::{Database, Ended, Server};
use openpbm_store::postgres::PostgresJournal;
use openpbm_store::{Appended, Journal, StoreError, Unit};

use super::Store;
use crate::contract::{check, commit, follow, one};
use crate::entries::{family, paid};

const FAMILIES: u64 = 20;

/// Appends round after round, sends again whatever it cannot know the fate of, and returns what
/// was acknowledged. It is the only writer, so a conflict would be a lost or a doubled append.
fn append_until(journal: &mut PostgresJournal, ended: &AtomicBool) -> (Vec<ClaimId>, u64) {
    let (mut acknowledged, mut again, mut round) = (Vec::new(), 0, 0);
    while !ended.load(Ordering::SeqCst) {
        let units: Vec<Unit> =
            (0..FAMILIES).map(|of| one(of, round, paid(round * FAMILIES + of))).collect();
        loop {
            match journal.append(&units) {
                Ok(answers) => {
                    assert_eq!(answers, vec![Appended::Committed; units.len()], "round {round}");
                    break;
                }
                Err(error) => {
                    assert!(error.is_transient(), "{error:?}");
                    again += 1;
                }
            }
        }
        acknowledged.extend(units.iter().map(|unit| unit.items[0].entry().id));
        round += 1;
    }
    (acknowledged, again)
}

fn assert_whole(journal: &PostgresJournal, acknowledged: &[ClaimId]) {
    let reader = journal.reader();
    check(&*reader);
    let stored: Vec<_> = follow(&*reader, 1000).iter().map(|found| found.entry.id).collect();
    let (once, expected): (BTreeSet<_>, BTreeSet<_>) =
        (stored.iter().collect(), acknowledged.iter().collect());
    assert_eq!(once.len(), stored.len(), "an entry is there twice");
    assert_eq!(once, expected);
}

#[test]
fn a_connection_that_is_cut_loses_and_doubles_nothing() {
    let store = Store::new();
    let mut journal = store.journal();
    let ended = AtomicBool::new(false);
    let (acknowledged, _) = std::thread::scope(|scope| {
        let appending = scope.spawn(|| append_until(&mut journal, &ended));
        for pause in 0..40 {
            // At moments that walk through the steps of an append.
            sleep(Duration::from_micros(20_000 + pause * 313));
            store.sql(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                 WHERE datname = current_database() AND application_name = 'openpbm'",
            );
        }
        ended.store(true, Ordering::SeqCst);
        appending.join().unwrap()
    });
    assert!(acknowledged.len() as u64 > FAMILIES * 40, "{} entries", acknowledged.len());
    assert_whole(&journal, &acknowledged);
}

#[test]
fn a_server_that_is_killed_loses_and_doubles_nothing() {
    let mut server = Server::temporary().unwrap();
    let database = Database::on(&server.url()).unwrap();
    let mut journal = PostgresJournal::open(database.url()).unwrap();
    let ended = AtomicBool::new(false);
    let (acknowledged, _) = std::thread::scope(|scope| {
        let appending = scope.spawn(|| append_until(&mut journal, &ended));
        for pause in 0..5 {
            sleep(Duration::from_millis(300 + pause * 37));
            server.end(Ended::Killed);
            server.restart().unwrap();
        }
        sleep(Duration::from_millis(300));
        ended.store(true, Ordering::SeqCst);
        appending.join().unwrap()
    });
    assert!(acknowledged.len() as u64 > FAMILIES * 5, "{} entries", acknowledged.len());
    assert_whole(&journal, &acknowledged);
}

#[test]
fn a_server_that_is_gone_is_an_error_and_comes_back() {
    let mut server = Server::temporary().unwrap();
    let database = Database::on(&server.url()).unwrap();
    let mut journal = PostgresJournal::open(database.url()).unwrap();
    let reader = journal.reader();
    commit(&mut journal, [one(1, 0, paid(1))]);
    server.end(Ended::Stopped);
    let unit = one(1, 1, paid(2));
    for error in [
        journal.append(std::slice::from_ref(&unit)).unwrap_err(),
        reader.read_family(family(1)).unwrap_err(),
        PostgresJournal::open(database.url()).unwrap_err(),
    ] {
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error:?}");
        assert!(error.is_transient());
        let said = format!("{error} {error:?}");
        assert!(!said.contains(family(1).as_str()), "{said}");
    }
    server.restart().unwrap();
    assert_eq!(reader.read_family(family(1)).unwrap().entries.len(), 1);
    commit(&mut journal, [unit]);
    assert_eq!(reader.read_family(family(1)).unwrap().entries.len(), 2);
}

/// A client that stopped in the middle of its transaction holds a version that nobody knows
/// whether it will be. Others are told so in time, and go on once it is gone.
#[test]
fn a_version_that_hangs_in_the_air_is_waited_for_and_then_given_up() {
    let store = Store::new();
    let mut journal = store.journal();
    let hanging = std::thread::scope(|scope| {
        let shell = scope.spawn(|| {
            store.sql(
                "BEGIN; INSERT INTO journal (family, version, id, recorded, kind, entry, seal) \
                 VALUES ('A000000001', 1, 'X', 0, 'paid', '', 0); SELECT pg_sleep(2); ROLLBACK;",
            )
        });
        sleep(Duration::from_millis(500));
        let answers = journal.append(&[one(1, 0, paid(1)), one(2, 0, paid(2))]).unwrap();
        shell.join().unwrap();
        answers
    });
    assert_eq!(hanging, [Appended::Committed; 2]);
    assert_eq!(journal.reader().counts().unwrap().entries, 2);
}

#[test]
fn no_error_repeats_what_is_in_a_row() {
    let store = Store::new();
    let mut journal = store.journal();
    store.sql("ALTER TABLE journal ADD CONSTRAINT none CHECK (kind <> 'paid')");
    let error = journal.append(&[one(1, 0, paid(1))]).unwrap_err();
    let said = format!("{error} {error:?} {:?}", std::error::Error::source(&error));
    assert!(said.contains("23514"), "{said}");
    assert!(!said.contains(family(1).as_str()) && !said.contains("paid"), "{said}");
}
