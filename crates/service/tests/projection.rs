//! Projections: they follow, they keep what they know, and nothing they do reaches a claim.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use openpbm_core::{Cents, ClaimId};
use openpbm_service::projection::{Projection, ProjectionError, View};
use openpbm_service::{Calendar, Options, Pbm};
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{Reader, Recorded};

use crate::house::{NoonClock, Sent, TODAY, ask, ask_bytes, book, lisinopril, sample};

/// A PBM in a directory, on some day, that keeps its projections there.
fn open(directory: &Path, day: &str) -> Pbm {
    let journal = SqliteJournal::open(&directory.join("journal")).unwrap();
    let projections = Some(directory.join("projections"));
    let options = Options { projections, ..Options::default() };
    Pbm::start(book(), Box::new(journal), NoonClock::on(day), options).unwrap()
}

/// The same with the sample's members.
fn house(directory: &Path) -> Pbm {
    let pbm = open(directory, TODAY);
    let members = std::fs::read(sample().join("members.csv")).unwrap();
    openpbm_service::enroll(&pbm, std::io::Cursor::new(members), &mut |_| {}).unwrap();
    pbm
}

/// So many decisions, of which one is paid and the others are rejected.
fn decide(pbm: &Pbm, count: usize) {
    let unknown = Sent { cardholder: "CSC999999", ..lisinopril() };
    assert_eq!(ask(pbm, &lisinopril()).status, "P");
    for _ in 1..count {
        assert_eq!(ask(pbm, &unknown).status, "R");
    }
}

/// Waits until something is so.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    for _ in 0..3000 {
        if is_so() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("{what} did not come");
}

/// The calendar once it has counted so many decisions.
fn calendar(pbm: &Pbm, decisions: u64) -> Calendar {
    pbm.start_projections().unwrap();
    let mut calendar = Calendar::default();
    until(&format!("{decisions} decisions"), || {
        calendar = pbm.days().unwrap().state.clone();
        let total = calendar.total();
        total.paid + total.rejected + total.reversed + total.refused == decisions
    });
    calendar
}

/// What a projection knows that is told of the same journal from its beginning.
fn rebuilt(directory: &Path, decisions: u64) -> Calendar {
    std::fs::remove_dir_all(directory.join("projections")).unwrap();
    let pbm = open(directory, TODAY);
    let calendar = calendar(&pbm, decisions);
    pbm.shut_down();
    calendar
}

/// The value of a metric.
fn metric(pbm: &Pbm, name: &str) -> u64 {
    let text = pbm.metrics();
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.unwrap_or_else(|| panic!("{name} is not in {text}")).parse().unwrap()
}

#[test]
fn a_day_says_what_was_decided() {
    let directory = tempfile::tempdir().unwrap();
    let pbm = house(directory.path());
    let first = ask(&pbm, &lisinopril());
    let second = ask(&pbm, &Sent { prescription: "000000000002", ..lisinopril() });
    assert_eq!((first.status.as_str(), second.status.as_str()), ("P", "R"), "{second:?}");
    assert_eq!(ask_bytes(&pbm, b"900001D0B1".to_vec()).len(), 1);
    let paid = calendar(&pbm, 3);
    let day = paid.day(TODAY.parse().unwrap());
    assert_eq!((day.paid, day.rejected, day.reversed, day.refused), (1, 1, 0, 1));
    assert_eq!(day.patients_pay, first.patient.map(Cents::new));
    assert_eq!(day.plan_pays, first.plan.map(Cents::new));
    let codes: u64 = day.rejects.values().sum();
    assert!(codes >= 2, "each refusal has a reason: {day:?}");
    pbm.shut_down();

    // Taken back the day after: the day before stays what it was.
    let pbm = open(directory.path(), "2026-03-03");
    assert_eq!(ask(&pbm, &Sent { code: "B2", ..lisinopril() }).status, "A");
    let reversed = calendar(&pbm, 4);
    assert_eq!(reversed.day(TODAY.parse().unwrap()), day);
    let next = reversed.day("2026-03-03".parse().unwrap());
    assert_eq!((next.paid, next.reversed, next.reversed_unknown), (0, 1, 0));
    assert_eq!(next.patients_pay, first.patient.map(|cents| Cents::new(-cents)));
    assert_eq!(reversed.total().plan_pays, Some(Cents::ZERO));
    assert_eq!(reversed.total().patients_pay, Some(Cents::ZERO));
    let days: Vec<_> = reversed.newest(None).map(|(day, _)| day.to_string()).collect();
    assert_eq!(days, ["2026-03-03", TODAY]);
    pbm.shut_down();
    assert_eq!(rebuilt(directory.path(), 4), reversed);
}

#[test]
fn what_followed_and_what_is_rebuilt_are_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let pbm = house(directory.path());
    pbm.start_projections().unwrap();
    // More than a page, some of it while it follows.
    decide(&pbm, 600);
    let followed = calendar(&pbm, 600);
    pbm.shut_down();
    assert_eq!(rebuilt(directory.path(), 600), followed);
}

#[test]
fn what_is_kept_too_early_counts_nothing_twice() {
    let directory = tempfile::tempdir().unwrap();
    let kept = directory.path().join("projections/days.projection");
    let pbm = house(directory.path());
    decide(&pbm, 10);
    calendar(&pbm, 10);
    pbm.shut_down();
    // As if it had been killed here, with more taken in than kept.
    let early = std::fs::read(&kept).unwrap();
    let pbm = open(directory.path(), TODAY);
    ask(&pbm, &Sent { code: "B2", ..lisinopril() });
    calendar(&pbm, 11);
    pbm.shut_down();
    assert_ne!(std::fs::read(&kept).unwrap(), early);
    std::fs::write(&kept, early).unwrap();
    let pbm = open(directory.path(), TODAY);
    let again = calendar(&pbm, 11);
    assert_eq!(metric(&pbm, "openpbm_projection_rebuilds_total{projection=\"days\"}"), 0);
    pbm.shut_down();
    assert_eq!(rebuilt(directory.path(), 11), again);
}

#[test]
fn what_is_of_no_use_is_made_anew() {
    let directory = tempfile::tempdir().unwrap();
    let kept = directory.path().join("projections/days.projection");
    let pbm = house(directory.path());
    decide(&pbm, 5);
    let right = calendar(&pbm, 5);
    pbm.shut_down();
    // A longer journal's, and one of the same length in which other things happened.
    let other = |decisions: usize| {
        let directory = tempfile::tempdir().unwrap();
        let pbm = house(directory.path());
        decide(&pbm, decisions);
        calendar(&pbm, decisions as u64);
        pbm.shut_down();
        std::fs::read(directory.path().join("projections/days.projection")).unwrap()
    };
    for useless in [b"nothing".to_vec(), other(9), other(5)] {
        std::fs::write(&kept, useless).unwrap();
        let pbm = open(directory.path(), TODAY);
        assert_eq!(calendar(&pbm, 5), right);
        assert_eq!(metric(&pbm, "openpbm_projection_rebuilds_total{projection=\"days\"}"), 1);
        pbm.shut_down();
    }
}

/// Lists the entries it is given, as something else lets it.
struct Lists<F>(F);

impl<F: FnMut(&Recorded) -> Result<(), ProjectionError> + Send + 'static> Projection for Lists<F> {
    type State = Vec<ClaimId>;
    const NAME: &'static str = "lists";
    const FORMAT: u32 = 1;

    fn apply(
        &mut self,
        state: &mut Vec<ClaimId>,
        recorded: &Recorded,
        _: &dyn Reader,
    ) -> Result<(), ProjectionError> {
        // The entry is in the state when it fails; nothing of that may be left.
        state.push(recorded.entry.id);
        (self.0)(recorded)
    }
}

/// Every entry once, and nothing else.
fn assert_complete(pbm: &Pbm, view: &View<Vec<ClaimId>>, decisions: usize) {
    let count = |view: &View<Vec<ClaimId>>| view.now().state.len();
    let decided = pbm.decisions(None, decisions + 1).unwrap();
    assert_eq!(decided.len(), decisions);
    let last = decided[0].id;
    until("the last entry", || view.now().state.last() == Some(&last));
    let mut ids = view.now().state.clone();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count(view), "no entry twice");
    assert!(decided.iter().all(|row| ids.contains(&row.id)), "no entry left out");
}

#[test]
fn one_that_is_stuck_holds_up_nobody() {
    let directory = tempfile::tempdir().unwrap();
    let pbm = house(directory.path());
    let (release, released) = channel::<()>();
    let stuck: Mutex<Receiver<()>> = Mutex::new(released);
    // It waits in its first entry until somebody lets it go, then runs freely.
    let view = pbm.follow(Lists(move |_: &Recorded| {
        let _ = stuck.lock().unwrap().recv();
        Ok(())
    }));
    let view = view.unwrap();
    decide(&pbm, 300);
    assert!(view.now().state.is_empty(), "it has not got on");
    // How far it is behind is seen although it is stuck.
    until("its lag", || {
        metric(&pbm, "openpbm_projection_lag_entries{projection=\"lists\"}") >= 300
    });
    assert_eq!(metric(&pbm, "openpbm_store_up"), 1);
    drop(release);
    assert_complete(&pbm, &view, 300);
    until("its end", || metric(&pbm, "openpbm_projection_lag_entries{projection=\"lists\"}") == 0);
    pbm.shut_down();
}

#[test]
fn one_that_fails_or_panics_is_tried_again_and_leaves_no_trace() {
    for panics in [false, true] {
        let directory = tempfile::tempdir().unwrap();
        let pbm = house(directory.path());
        let attempts = Arc::new(AtomicU32::new(0));
        let counted = attempts.clone();
        let view = pbm.follow(Lists(move |recorded: &Recorded| {
            if recorded.sequence != 9 || counted.fetch_add(1, Ordering::Relaxed) >= 3 {
                return Ok(());
            }
            assert!(!panics, "planted");
            Err(ProjectionError::Entry { sequence: recorded.sequence, why: "it was planted" })
        }));
        let view = view.unwrap();
        decide(&pbm, 40);
        assert_complete(&pbm, &view, 40);
        assert_eq!(attempts.load(Ordering::Relaxed), 4);
        assert_eq!(metric(&pbm, "openpbm_projection_failures_total{projection=\"lists\"}"), 3);
        pbm.shut_down();
    }
}
