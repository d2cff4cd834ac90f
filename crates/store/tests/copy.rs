//! Copies of a journal: while it is appended to, after interruptions, up to an instant.

use std::sync::Arc;

use openpbm_core::{Entry, Timestamp};
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{Cursor, Extent, Journal, Reader, Recorded, StoreError, Unit, copy};

use crate::entries::{enrolled, family, paid, rejected};

/// A journal in a directory of its own.
struct Store {
    _folder: tempfile::TempDir,
    journal: SqliteJournal,
    reader: Arc<dyn Reader>,
}

impl Store {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = SqliteJournal::open(folder.path()).unwrap();
        let reader = journal.reader();
        Self { _folder: folder, journal, reader }
    }

    /// A journal of that many entries for seven families.
    fn of(entries: u64) -> Self {
        let mut store = Self::new();
        store.grow(0, entries);
        store
    }

    fn grow(&mut self, from: u64, to: u64) {
        let units: Vec<_> =
            (from..to).map(|n| Unit::of_one(family(n % 7), n / 7, entry(n))).collect();
        for batch in units.chunks(500) {
            let appended = self.journal.append(batch).unwrap();
            assert!(appended.iter().all(|appended| appended.is_committed()));
        }
    }

    fn all(&self) -> Vec<Recorded> {
        let sealed = self.reader.read_from(Cursor::START, usize::MAX >> 32).unwrap();
        sealed.iter().map(|sealed| sealed.open().unwrap()).collect()
    }
}

fn entry(number: u64) -> Entry {
    match number % 3 {
        0 => enrolled(number),
        1 => paid(number),
        _ => rejected(number),
    }
}

fn at_end(sequence: u64) -> Vec<Cursor> {
    vec![Cursor { shard: 0, sequence }]
}

#[test]
fn a_copy_is_the_same_journal_and_goes_on_where_it_stood() {
    let (mut source, mut target) = (Store::of(2_345), Store::new());
    let mut extent = Extent::default();
    let mut heard = 0;
    let copied = copy(&*source.reader, &mut target.journal, &mut extent, &mut |copied, places| {
        assert_eq!(places, at_end(copied.read));
        heard += 1;
    });
    assert_eq!(copied.unwrap().copied, 2_345);
    assert_eq!(heard, 3);
    assert_eq!(target.all(), source.all());
    source.grow(2_345, 2_400);
    let copied = copy(&*source.reader, &mut target.journal, &mut extent, &mut |_, _| ()).unwrap();
    assert_eq!((copied.read, copied.copied), (55, 55));
    assert_eq!(extent.begin, at_end(2_400));
    assert_eq!(target.all(), source.all());
}

#[test]
fn whatever_was_lost_of_the_progress_nothing_is_copied_twice() {
    let (source, mut target) = (Store::of(1_500), Store::new());
    for end in [1, 999, 1_000, 1_001] {
        let mut extent = Extent { end: at_end(end), ..Extent::default() };
        copy(&*source.reader, &mut target.journal, &mut extent, &mut |_, _| ()).unwrap();
        assert_eq!(target.all(), source.all()[..usize::try_from(end).unwrap()]);
    }
    let mut late = Extent { begin: at_end(500), ..Extent::default() };
    copy(&*source.reader, &mut target.journal, &mut late, &mut |_, _| ()).unwrap();
    assert_eq!(target.all(), source.all());
}

#[test]
fn what_is_appended_meanwhile_is_left_for_the_next_copy() {
    let (mut source, mut target) = (Store::of(1_500), Store::new());
    let reader = source.reader.clone();
    let mut extent = Extent::default();
    let mut grown = 1_500;
    let copied = copy(&*reader, &mut target.journal, &mut extent, &mut |_, _| {
        source.grow(grown, grown + 700);
        grown += 700;
    });
    assert_eq!(copied.unwrap().copied, 1_500);
    assert_eq!(target.all(), source.all()[..1_500]);
}

#[test]
fn up_to_an_instant_each_family_ends_before_what_came_later() {
    let mut source = Store::new();
    // The clock of the second family went back after its second entry.
    let instants = [(1, 10), (2, 20), (1, 30), (2, 70), (2, 40), (3, 60), (1, 50), (3, 10)];
    let mut versions = [0; 4];
    for (number, (whose, millis)) in (1..).zip(instants) {
        let recorded = Timestamp::from_millis(millis);
        let entry = Entry { recorded, ..entry(number) };
        let version = &mut versions[whose];
        let unit = Unit::of_one(family(u64::try_from(whose).unwrap()), *version, entry);
        assert!(source.journal.append(&[unit]).unwrap()[0].is_committed());
        *version += 1;
    }
    for (until, expected) in [
        (9, vec![]),
        (50, vec![(1, 10), (2, 20), (1, 30), (1, 50)]),
        (60, vec![(1, 10), (2, 20), (1, 30), (3, 60), (1, 50), (3, 10)]),
        (70, instants.to_vec()),
    ] {
        let mut target = Store::new();
        let until = Some(Timestamp::from_millis(until));
        let mut extent = Extent { until, ..Extent::default() };
        // The second time, it has been done already.
        for _ in 0..2 {
            copy(&*source.reader, &mut target.journal, &mut extent, &mut |_, _| ()).unwrap();
            let found: Vec<_> = target.all().iter().map(|r| (r.family, r.entry.recorded)).collect();
            let expected = expected.iter().map(|&(whose, millis)| {
                (family(u64::try_from(whose).unwrap()), Timestamp::from_millis(millis))
            });
            assert_eq!(found, expected.collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_journal_of_another_history_is_not_mixed_in() {
    let (source, mut other) = (Store::of(20), Store::new());
    let unit = Unit::of_one(family(3), 0, rejected(777));
    assert!(other.journal.append(&[unit]).unwrap()[0].is_committed());
    let mut extent = Extent::default();
    let copied = copy(&*source.reader, &mut other.journal, &mut extent, &mut |_, _| ());
    assert!(matches!(copied, Err(StoreError::Diverged { .. })), "{copied:?}");
    // A copy that is ahead of its source.
    let mut ahead = Extent { begin: at_end(21), ..Extent::default() };
    let copied = copy(&*source.reader, &mut other.journal, &mut ahead, &mut |_, _| ());
    assert!(matches!(copied, Err(StoreError::BeyondHead { .. })), "{copied:?}");
}

#[test]
fn what_was_retired_is_copied_as_it_is() {
    let (mut source, mut target) = (Store::of(40), Store::new());
    let history = source.reader.read_family(family(2)).unwrap();
    let mut state = openpbm_core::Family::unknown(family(2));
    state.version = history.entries[2].0;
    assert_eq!(source.journal.retire(&state).unwrap(), 3);
    copy(&*source.reader, &mut target.journal, &mut Extent::default(), &mut |_, _| ()).unwrap();
    assert_eq!(target.all(), source.all());
}
