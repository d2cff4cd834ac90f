//! What comes late is put right beside the claims, and no pharmacy is told another thing.

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use openpbm_core::{Cents, ClaimId, Event, FamilyId, Timestamp};
use openpbm_service::{
    Depth, Due, Options, Pbm, PutRight, Report, Reprocessed, enroll, replay, reprocess, verify,
};
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{Filter, Journal, Kind, Reader};

use crate::house::{NoonClock, Sent, TODAY, ask, book, lisinopril, sample, sample_house};

/// 340.75: 250.00 of it the deductible, and a copay of 45.00.
fn jardiance() -> Sent {
    Sent {
        ndc: "00597015230",
        date: "20260301",
        prescription: "000000000010",
        charge: 90_000,
        ..lisinopril()
    }
}

/// 321.30, a copay of 45.00 once the deductible is met.
fn januvia() -> Sent {
    Sent { ndc: "00006027731", prescription: "000000000011", charge: 90_000, ..lisinopril() }
}

fn ana_until(pbm: &Pbm, last: &str) {
    let file = std::fs::read_to_string(sample().join("members.csv")).unwrap();
    let ana = "female,subscriber,2026-01-01,,,,,\nCSC100001,02";
    assert!(file.contains(ana));
    let changed = file.replace(ana, &ana.replace("01,,,,,", &format!("01,{last},,,,")));
    enroll(pbm, Cursor::new(changed), &mut |_| {}).unwrap();
}

fn reader(directory: &Path) -> Arc<dyn Reader> {
    SqliteJournal::open(directory).unwrap().reader()
}

fn run(pbm: &Pbm, dry_run: bool) -> Reprocessed {
    let family: FamilyId = "CSC100001".parse().unwrap();
    reprocess(pbm, &[Due { family, because: None }], dry_run, &mut |_| {}).unwrap()
}

/// What members owe more, in cents.
fn owed(reprocessed: &Reprocessed) -> Vec<i64> {
    reprocessed.adjustments.iter().map(|it| it.member.unwrap().get()).collect()
}

fn verified(directory: &Path) -> Report {
    let library = |version| Some(book()).filter(|book| book.version() == version);
    verify(&*reader(directory), &library, Depth::Decide, 2, &mut |_| {}).unwrap()
}

/// The journal's claims, decided again by the book that decided them.
fn replayed(directory: &Path) -> replay::Report {
    let sealed = reader(directory).read_from(openpbm_store::Cursor::START, 10_000).unwrap();
    let chunk: replay::Chunk<replay::ReplayError> = Box::new(move |sink| {
        for recorded in sealed.iter().map(|sealed| sealed.open().unwrap()) {
            let event = replay::Event::Entry(recorded.entry);
            sink.add(recorded.family, replay::Place::At(recorded.sequence), &event);
        }
        Ok(())
    });
    let file = tempfile::tempfile().unwrap();
    let families = replay::gather(file, &mut std::iter::once(Ok(chunk)), 1).unwrap();
    let rules = replay::Rules::as_decided(&|_| None, book());
    let plan = replay::Plan {
        book: &rules,
        against: None,
        verifies: true,
        wants_changes: false,
        threads: 1,
    };
    let report = replay::decide::<replay::ReplayError>(
        &families,
        &plan,
        &|_| None,
        &mut |_| Ok(()),
        &mut |_| {},
    );
    report.unwrap()
}

#[test]
fn a_reversal_reopens_the_deductible_and_the_journal_says_why() {
    let (directory, pbm) = sample_house();
    assert_eq!(ask(&pbm, &jardiance()).patient, Some(29_500));
    let second = ask(&pbm, &januvia());
    assert_eq!(second.patient, Some(4_500));
    ask(&pbm, &Sent { code: "B2", ..jardiance() });

    let seen = run(&pbm, true);
    assert_eq!((owed(&seen), seen.adjusted_families), (vec![25_000], 1));
    assert_eq!(owed(&run(&pbm, true)), [25_000], "seeing changes nothing");
    assert_eq!(owed(&run(&pbm, false)), [25_000]);
    assert_eq!(owed(&run(&pbm, false)), [] as [i64; 0]);

    // The pharmacy that sends again hears what it heard; the page shows what became of it.
    let again = ask(&pbm, &januvia());
    assert_eq!((again.status.as_str(), again.patient, again.id), ("D", Some(4_500), second.id));
    let rows = pbm.decisions(None, 1).unwrap();
    assert_eq!((rows[0].status, rows[0].words.as_str()), ("adjusted", "the member owes $250.00"));
    assert_eq!(rows[0].patient_pay, Some(Cents::new(29_500)));
    let page = pbm.decision(rows[0].id).unwrap().unwrap();
    let view = page.adjusts.unwrap();
    assert_eq!(view.claim.to_string(), again_id(&pbm));
    assert_eq!(view.before.unwrap().patient_pay().unwrap(), Cents::new(4_500));
    assert_eq!(view.difference.unwrap().plan, Cents::new(-25_000));
    // The next claim meets a deductible that is met: 45.00 again.
    let eliquis = Sent {
        ndc: "00003089421",
        quantity: 60_000,
        prescription: "000000000012",
        charge: 90_000,
        ..lisinopril()
    };
    assert_eq!(ask(&pbm, &eliquis).patient, Some(4_500));

    pbm.shut_down();
    let report = verified(directory.path());
    assert!(report.is_clean(), "{report:#?}");
    // Three claims and the adjustment, which a replay makes again as well.
    assert_eq!((report.decisions, report.replayed), (4, 4));
    let replayed = replayed(directory.path());
    assert_eq!((replayed.verified.answers, replayed.verified.different), (4, 0));
    // Januvia 295.00 and Eliquis 45.00: what they come to in the end.
    assert_eq!(replayed.book.cost.member, Cents::new(34_000));
}

/// The id of the claim that Januvia was paid by.
fn again_id(pbm: &Pbm) -> String {
    ask(pbm, &januvia()).id
}

#[test]
fn due_is_what_came_late() {
    let (directory, pbm) = sample_house();
    ask(&pbm, &januvia());
    let ana: FamilyId = "CSC100001".parse().unwrap();
    let due = |pbm: &Pbm| {
        pbm.shut_down();
        Due::since(&*reader(directory.path()), &[], Timestamp::default(), &mut |_| {}).unwrap()
    };
    assert_eq!(due(&pbm), [], "first enrollments and claims of the day are not late");

    let pbm = crate::house::open(directory.path());
    ask(&pbm, &jardiance());
    let late: Vec<_> = due(&pbm).iter().map(|due| due.family).collect();
    assert_eq!(late, [ana], "a claim after its day is late");

    let pbm = crate::house::open(directory.path());
    ana_until(&pbm, "2026-03-01");
    let enrolled = newest(&*reader_of(&pbm, directory.path()), Kind::Enrolled);
    let due =
        Due::since(&*reader(directory.path()), &[], Timestamp::default(), &mut |_| {}).unwrap();
    assert_eq!(due, [Due { family: ana, because: Some(enrolled) }]);

    // Jardiance of the last day covered meets the deductible after all; Januvia of the day after
    // is not covered: its 321.30 less the 295.00 that the patient has paid for it.
    let pbm = crate::house::open(directory.path());
    let done = reprocess(&pbm, &due, false, &mut |_| {}).unwrap();
    assert_eq!(owed(&done), [25_000, 2_630]);
    assert_eq!(done.adjustments[1].patient_now, None);
    assert_eq!(done.adjustments[0].because, Some(enrolled));
    // The pharmacy may still take it back.
    assert_eq!(ask(&pbm, &Sent { code: "B2", ..januvia() }).status, "A");
    pbm.shut_down();
    let report = verified(directory.path());
    assert!(report.is_clean(), "{report:#?}");
}

fn reader_of(pbm: &Pbm, directory: &Path) -> Arc<dyn Reader> {
    pbm.shut_down();
    reader(directory)
}

fn newest(reader: &dyn Reader, kind: Kind) -> ClaimId {
    let filter = Filter { kinds: vec![kind], ..Filter::default() };
    let found = reader.recent(&filter, 1).unwrap();
    assert!(matches!(found[0].entry.event, Event::Enrolled { .. }));
    found[0].entry.id
}

#[test]
fn a_server_puts_right_what_comes_late() {
    let directory = tempfile::tempdir().unwrap();
    let open = || {
        let journal = SqliteJournal::open(&directory.path().join("journal")).unwrap();
        let projections = Some(directory.path().join("projections"));
        let options = Options { projections, ..Options::default() };
        Pbm::start(book(), Box::new(journal), NoonClock::on(TODAY), options).unwrap()
    };
    let pbm = open();
    let members = std::fs::read(sample().join("members.csv")).unwrap();
    enroll(&pbm, Cursor::new(members), &mut |_| {}).unwrap();
    pbm.start_reprocessing().unwrap();
    ask(&pbm, &jardiance());
    ask(&pbm, &januvia());
    ask(&pbm, &Sent { code: "B2", ..jardiance() });
    let put_right = |pbm: &Pbm| pbm.put_right().unwrap().state.clone();
    let waited = (0..3000).any(|_| {
        std::thread::sleep(Duration::from_millis(5));
        put_right(&pbm).late == 2
    });
    // Jardiance came in a day late, when it was the only claim; then it was taken back.
    assert!(waited);
    assert_eq!(put_right(&pbm), PutRight { late: 2, adjusted: 1, failed: 0 });
    assert_eq!(pbm.decisions(None, 1).unwrap()[0].status, "adjusted");
    pbm.shut_down();

    // Told of everything once more, it finds everything right.
    std::fs::remove_dir_all(directory.path().join("projections")).unwrap();
    let pbm = open();
    pbm.start_reprocessing().unwrap();
    let waited = (0..3000).any(|_| {
        std::thread::sleep(Duration::from_millis(5));
        put_right(&pbm).late == 2
    });
    assert!(waited);
    assert_eq!(put_right(&pbm), PutRight { late: 2, adjusted: 0, failed: 0 });
    pbm.shut_down();
    let report = verified(&directory.path().join("journal"));
    assert!(report.is_clean(), "{report:#?}");
}
