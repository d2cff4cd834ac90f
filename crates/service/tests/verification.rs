//! A verification rebuilds everything and finds what was tampered with.

use std::sync::Arc;

use openpbm_service::{Depth, Pbm, Report, verify};
use openpbm_store::sqlite::{DATABASE, SqliteReader};

use crate::house::{Sent, ask, ask_all, book, lisinopril, sample_house};

fn report(directory: &std::path::Path) -> Report {
    let reader = SqliteReader::open(directory).unwrap();
    let library = |version| Some(book()).filter(|book| book.version() == version);
    verify(&reader, &library, Depth::Decide, 2, &mut |_| {}).unwrap()
}

/// A little of everything that the journal can hold.
fn a_busy_day(pbm: &Pbm) {
    ask(pbm, &lisinopril());
    ask(pbm, &Sent { code: "B3", quantity: 60_000, days: 60, ..lisinopril() });
    ask(pbm, &Sent { code: "B3", quantity: 100_000, days: 100, ..lisinopril() });
    ask(pbm, &Sent { cardholder: "CSC999999", prescription: "9", ..lisinopril() });
    ask(pbm, &Sent { quantity: 0, ..lisinopril() });
    ask(pbm, &Sent { code: "B2", prescription: "404", ..lisinopril() });
    let eliquis = Sent {
        ndc: "00003089421",
        prescription: "7",
        quantity: 60_000,
        charge: 90_000,
        ..lisinopril()
    };
    let stelara = Sent { ndc: "57894006003", prescription: "8", ..eliquis.clone() };
    ask_all(pbm, &[eliquis.clone(), stelara]);
    ask(pbm, &Sent { code: "B2", ..eliquis });
}

#[test]
fn a_busy_day_is_found_whole_and_decided_the_same_again() {
    let (directory, pbm) = sample_house();
    a_busy_day(&pbm);
    pbm.shut_down();
    let report = report(directory.path());
    assert!(report.is_clean(), "{report:#?}");
    assert_eq!(report.decisions, 6, "{report:#?}");
    assert_eq!(report.replayed, report.decisions);
}

#[test]
fn decisions_of_an_absent_book_are_counted_apart() {
    let (directory, pbm) = sample_house();
    a_busy_day(&pbm);
    pbm.shut_down();
    let reader = SqliteReader::open(directory.path()).unwrap();
    let nothing = |_| None::<Arc<openpbm_book::Book>>;
    let report = verify(&reader, &nothing, Depth::Decide, 2, &mut |_| {}).unwrap();
    assert!(report.is_clean());
    assert_eq!((report.replayed, report.without_book), (0, report.decisions));
}

#[test]
fn a_missing_entry_is_told_and_what_is_behind_it_is_verified() {
    let (directory, pbm) = sample_house();
    a_busy_day(&pbm);
    pbm.shut_down();
    let whole = report(directory.path());
    let database = rusqlite::Connection::open(directory.path().join(DATABASE)).unwrap();
    // Someone with write access takes a refusal out, on which nothing else rests.
    database
        .execute_batch(
            "DROP TRIGGER journal_is_never_deleted;
             DELETE FROM journal WHERE kind = 'refused';",
        )
        .unwrap();
    drop(database);
    let reader = SqliteReader::open(directory.path()).unwrap();
    for depth in [Depth::Rebuild, Depth::Decide] {
        let library = |version| Some(book()).filter(|book| book.version() == version);
        let report = verify(&reader, &library, depth, 2, &mut |_| {}).unwrap();
        assert_eq!(report.decisions, whole.decisions, "{report:#?}");
        assert_eq!(report.entries, whole.entries - 2, "{report:#?}");
        let missing: Vec<_> =
            report.findings.iter().filter(|found| found.problem.contains("missing")).collect();
        assert_eq!(missing.len(), 1, "the two stood side by side: {report:#?}");
        assert!(missing[0].problem.ends_with("missing, 2"), "{report:#?}");
    }
}
