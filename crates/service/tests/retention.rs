//! What is past its retention goes, and no answer changes by it.

use std::io::Cursor as Bytes;
use std::path::Path;

use openpbm_core::{Event, Timestamp};
use openpbm_service::{Clock, Depth, Options, Pbm, Retired, enroll, outdated, retire, verify};
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{Cursor, Journal, Recorded};

use crate::house::{NoonClock, Sent, ask, book, lisinopril, sample};

const OLD: &str = "2026-03-02";
const RECENT: &str = "2026-06-01";

/// A PBM on a day, in a directory.
fn on(directory: &Path, day: &str) -> Pbm {
    let journal = SqliteJournal::open(directory).unwrap();
    Pbm::start(book(), Box::new(journal), NoonClock::on(day), Options::default()).unwrap()
}

/// Works for a day and ends.
fn work(directory: &Path, day: &str, claims: impl FnOnce(&Pbm)) {
    let pbm = on(directory, day);
    claims(&pbm);
    pbm.shut_down();
}

fn start_of(day: &str) -> Timestamp {
    let noon = NoonClock::on(day).now().millis();
    Timestamp::from_millis(noon - 43_200_000)
}

fn entries(journal: &dyn Journal) -> Vec<Recorded> {
    let sealed = journal.reader().read_from(Cursor::START, 10_000).unwrap();
    sealed.iter().map(|sealed| sealed.open().unwrap()).collect()
}

fn enroll_sample(pbm: &Pbm) {
    let members = std::fs::read(sample().join("members.csv")).unwrap();
    enroll(pbm, Bytes::new(members), &mut |_| {}).unwrap();
}

/// Brand, so that it counts toward the deductible.
fn eliquis() -> Sent {
    Sent { ndc: "00003089421", quantity: 60_000, charge: 90_000, prescription: "5", ..lisinopril() }
}

#[test]
fn old_claims_go_and_what_they_led_to_stays() {
    let directory = tempfile::tempdir().unwrap();
    let first = {
        let pbm = on(directory.path(), OLD);
        enroll_sample(&pbm);
        ask(&pbm, &lisinopril());
        let first = ask(&pbm, &eliquis());
        pbm.shut_down();
        first
    };
    let later = Sent { fill: 1, date: "20260601", ..lisinopril() };
    work(directory.path(), RECENT, |pbm| assert_eq!(ask(pbm, &later).status, "P"));

    let mut journal = SqliteJournal::open(directory.path()).unwrap();
    let before = entries(&journal);
    let found = outdated(&*journal.reader(), start_of("2026-05-01"), &mut |_| {}).unwrap();
    // Seven families were enrolled; the first of them has two old claims.
    assert_eq!(found.found(), Retired { families: 7, entries: 9 });
    assert_eq!(entries(&journal), before);
    assert_eq!(retire(&mut journal, &found, &mut |_| {}).unwrap(), found.found());
    let after = entries(&journal);
    let place = |recorded: &Recorded| {
        (recorded.sequence, recorded.family, recorded.version, recorded.entry.id)
    };
    assert!(before.iter().map(place).eq(after.iter().map(place)));
    let decided = |recorded: &&Recorded| matches!(recorded.entry.event, Event::Decided { .. });
    assert_eq!(after.iter().filter(decided).count(), 1);

    // Once is enough.
    let found = outdated(&*journal.reader(), start_of("2026-05-01"), &mut |_| {}).unwrap();
    assert_eq!(found.found(), Retired::default());
    let library = |version| Some(book()).filter(|book| book.version() == version);
    let report = verify(&*journal.reader(), &library, Depth::Decide, 2, &mut |_| {}).unwrap();
    assert!(report.is_clean(), "{report:#?}");
    assert_eq!((report.decisions, report.replayed), (1, 1));
    drop(journal);

    // The fill is known, the deductible stays met, and the fill can be taken back.
    work(directory.path(), RECENT, |pbm| {
        let again = ask(pbm, &eliquis());
        assert_eq!((again.status.as_str(), again.id), ("D", first.id));
        assert_eq!(ask(pbm, &Sent { code: "B2", ..eliquis() }).status, "A");
        assert_eq!(ask(pbm, &Sent { code: "B2", ..eliquis() }).codes, ["87"]);
    });
}

#[test]
fn a_clock_that_went_back_lets_nothing_go_early() {
    let directory = tempfile::tempdir().unwrap();
    work(directory.path(), RECENT, enroll_sample);
    work(directory.path(), OLD, |pbm| assert_eq!(ask(pbm, &lisinopril()).status, "P"));
    let journal = SqliteJournal::open(directory.path()).unwrap();
    let found = outdated(&*journal.reader(), start_of("2026-05-01"), &mut |_| {}).unwrap();
    assert_eq!(found.found(), Retired::default());
}

#[test]
fn more_is_let_go_of_later_on() {
    let directory = tempfile::tempdir().unwrap();
    work(directory.path(), OLD, |pbm| {
        enroll_sample(pbm);
        ask(pbm, &lisinopril());
    });
    let mut journal = SqliteJournal::open(directory.path()).unwrap();
    let found = outdated(&*journal.reader(), start_of("2026-05-01"), &mut |_| {}).unwrap();
    retire(&mut journal, &found, &mut |_| {}).unwrap();
    drop(journal);
    work(directory.path(), RECENT, |pbm| assert_eq!(ask(pbm, &eliquis()).status, "P"));
    let mut journal = SqliteJournal::open(directory.path()).unwrap();
    let found = outdated(&*journal.reader(), start_of("2026-07-01"), &mut |_| {}).unwrap();
    assert_eq!(found.found(), Retired { families: 1, entries: 1 });
    retire(&mut journal, &found, &mut |_| {}).unwrap();
    let carried = |recorded: &&Recorded| matches!(recorded.entry.event, Event::Carried { .. });
    // One state for each family, at its last entry that was let go of.
    assert_eq!(entries(&journal).iter().filter(carried).count(), 7);
    drop(journal);
    work(directory.path(), RECENT, |pbm| {
        assert_eq!(ask(pbm, &eliquis()).status, "D");
        assert_eq!(ask(pbm, &lisinopril()).status, "D");
    });
}
