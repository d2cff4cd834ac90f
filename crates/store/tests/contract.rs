//! What every store must do, written against the traits alone. A store is put under it by one
//! line: `contract!(MySetup::new)`; what it claims beyond is its golden list.

use std::sync::Arc;

use openpbm_core::{Entry, Event, Family, FamilyId};
use openpbm_store::{
    Appended, Capability, Cursor, Filter, History, Item, Journal, Kind, Reader, Recorded,
    StoreError, Unit,
};

use crate::entries::{enrolled, family, id, key, paid, refused, rejected, reversed};

/// A store to be tested, empty at first.
pub(crate) trait Setup {
    /// Opens it, as a program does that starts again.
    fn open(&self) -> Result<Box<dyn Journal>, StoreError>;
}

/// Makes a test of each clause of the contract.
macro_rules! contract {
    ($setup:expr) => {
        contract! { @clauses $setup;
            an_entry_becomes_the_version_after_the_one_expected
            a_stale_unit_changes_nothing_and_the_others_commit
            a_unit_of_two_families_is_all_or_nothing
            units_of_a_batch_follow_each_other
            a_conflict_within_a_unit_reports_the_version_without_it
            no_version_is_too_large_to_be_stale
            nothing_to_append_changes_nothing
            entries_come_back_as_they_went_in
            readers_see_what_was_acknowledged
            reading_goes_on_while_writing
            the_journal_is_read_in_order_in_pages_of_any_size
            a_cursor_of_elsewhere_is_an_error
            an_entry_is_found_by_its_id
            billing_finds_the_families_of_decided_claims
            recent_is_newest_first_and_filtered
            recent_goes_on_behind_an_entry
            counts_and_heads_say_how_much_there_is
            opening_again_finds_everything
            a_repeated_id_is_refused
            a_batch_sent_again_is_acknowledged_again
            a_version_that_was_read_is_compared_too
            a_remembered_state_shortens_the_reading
            what_is_retired_keeps_its_place
            retiring_again_changes_nothing
            a_sound_journal_passes_the_check
            a_second_writer_is_served_or_refused_as_claimed
        }
    };
    (@clauses $setup:expr; $($clause:ident)*) => {
        $(
            #[test]
            fn $clause() {
                $crate::contract::$clause(&$setup());
            }
        )*
    };
}

/// What a store claims, one capability a line, as its golden file has it.
pub(crate) fn claims(setup: &impl Setup) -> String {
    setup.open().unwrap().capabilities().iter().map(|claim| format!("{claim}\n")).collect()
}

pub(crate) fn an_entry_becomes_the_version_after_the_one_expected(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    let reader = journal.reader();
    assert_eq!(entries_of(&*reader, family(1)), []);
    commit(&mut *journal, [one(1, 0, paid(1))]);
    commit(&mut *journal, [one(1, 1, rejected(2))]);
    commit(&mut *journal, [one(2, 0, paid(3))]);
    assert_eq!(entries_of(&*reader, family(1)), [(1, paid(1)), (2, rejected(2))]);
    assert_eq!(entries_of(&*reader, family(2)), [(1, paid(3))]);
    assert_eq!(entries_of(&*reader, family(3)), []);
}

pub(crate) fn a_stale_unit_changes_nothing_and_the_others_commit(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    commit(&mut *journal, [one(1, 0, paid(1)), one(2, 0, paid(2))]);
    let batch = [one(1, 0, paid(3)), one(2, 1, paid(4)), one(3, 7, paid(5)), one(4, 0, paid(6))];
    let answers = journal.append(&batch).unwrap();
    assert_eq!(
        answers,
        [
            Appended::Conflict { family: family(1), found: 1 },
            Appended::Committed,
            Appended::Conflict { family: family(3), found: 0 },
            Appended::Committed,
        ]
    );
    let reader = journal.reader();
    assert_eq!(versions(&*reader, family(1)), [1]);
    assert_eq!(versions(&*reader, family(2)), [1, 2]);
    assert!(versions(&*reader, family(3)).is_empty());
    assert_eq!(versions(&*reader, family(4)), [1]);
    assert_eq!(reader.find_entry(id(3)).unwrap(), None);
}

pub(crate) fn a_unit_of_two_families_is_all_or_nothing(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    commit(&mut *journal, [one(2, 0, paid(1))]);
    let stale = Unit::from(vec![item(1, 0, paid(2)), item(1, 1, paid(3)), item(2, 0, paid(4))]);
    let answers = journal.append(std::slice::from_ref(&stale)).unwrap();
    assert_eq!(answers, [Appended::Conflict { family: family(2), found: 1 }]);
    let reader = journal.reader();
    assert!(versions(&*reader, family(1)).is_empty());
    let whole = Unit::from(vec![item(1, 0, paid(2)), item(1, 1, paid(3)), item(2, 1, paid(4))]);
    commit(&mut *journal, [whole]);
    assert_eq!(versions(&*reader, family(1)), [1, 2]);
    assert_eq!(versions(&*reader, family(2)), [1, 2]);
}

pub(crate) fn units_of_a_batch_follow_each_other(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    let refused = Unit::from(vec![item(1, 2, paid(3)), item(9, 5, paid(4))]);
    let batch = [one(1, 0, paid(1)), one(1, 1, paid(2)), refused, one(1, 2, paid(5))];
    let answers = journal.append(&batch).unwrap();
    let conflict = Appended::Conflict { family: family(9), found: 0 };
    let committed = Appended::Committed;
    assert_eq!(answers, [committed, committed, conflict, committed]);
    let entries = entries_of(&*journal.reader(), family(1));
    assert_eq!(entries, [(1, paid(1)), (2, paid(2)), (3, paid(5))]);
}

pub(crate) fn a_conflict_within_a_unit_reports_the_version_without_it(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    commit(&mut *journal, [one(1, 0, paid(1))]);
    let unit = Unit::from(vec![item(1, 1, paid(2)), item(1, 1, paid(3))]);
    let answers = journal.append(&[unit]).unwrap();
    assert_eq!(answers, [Appended::Conflict { family: family(1), found: 1 }]);
    assert_eq!(versions(&*journal.reader(), family(1)), [1]);
}

pub(crate) fn no_version_is_too_large_to_be_stale(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    let batch = [one(1, u64::MAX, paid(1)), one(1, 1 << 63, paid(2)), one(1, 0, paid(3))];
    let conflict = Appended::Conflict { family: family(1), found: 0 };
    assert_eq!(journal.append(&batch).unwrap(), [conflict, conflict, Appended::Committed]);
}

pub(crate) fn nothing_to_append_changes_nothing(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    assert_eq!(journal.append(&[]).unwrap(), []);
    assert_eq!(journal.append(&[Unit::default()]).unwrap(), [Appended::Committed]);
    let reader = journal.reader();
    assert_eq!(reader.counts().unwrap().entries, 0);
    assert_eq!(reader.recent(&Filter::default(), 10).unwrap(), []);
    assert!(reader.heads().unwrap().iter().all(|head| head.sequence == 0));
}

pub(crate) fn entries_come_back_as_they_went_in(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    let entries = one_of_each();
    let units = (0..).zip(&entries).map(|(version, entry)| one(1, version, entry.clone()));
    commit(&mut *journal, units);
    let found = entries_of(&*journal.reader(), family(1));
    assert_eq!(found.into_iter().map(|(_, entry)| entry).collect::<Vec<_>>(), entries);
}

pub(crate) fn readers_see_what_was_acknowledged(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    let early = journal.reader();
    let elsewhere = journal.reader();
    for number in 0..20 {
        commit(&mut *journal, [one(1, number, paid(number))]);
        assert_eq!(entries_of(&*early, family(1)).len() as u64, number + 1);
        let other = Arc::clone(&elsewhere);
        let seen = std::thread::spawn(move || entries_of(&*other, family(1)).len() as u64);
        assert_eq!(seen.join().unwrap(), number + 1);
    }
    drop(journal);
    assert_eq!(entries_of(&*early, family(1)).len(), 20, "a reader outlives the writer");
}

pub(crate) fn reading_goes_on_while_writing(setup: &impl Setup) {
    const BATCHES: u64 = 50;
    let mut journal = setup.open().unwrap();
    let readers: Vec<_> = (0..3).map(|_| journal.reader()).collect();
    let one_order = claimed(&*journal, Capability::OneShard);
    std::thread::scope(|scope| {
        for reader in readers {
            scope.spawn(move || follow_to(&*reader, BATCHES * 3, one_order));
        }
        for batch in 0..BATCHES {
            let unit = (0..3).map(|n| item(n, batch, paid(batch * 3 + n))).collect::<Vec<_>>();
            commit(&mut *journal, [Unit::from(unit)]);
        }
    });
}

/// Follows the journal until it has read that many entries; each unit shows whole or not at all:
/// to who reads its families one after the other, and in the journal where that has one order
/// for all of them.
fn follow_to(reader: &dyn Reader, entries: u64, one_order: bool) {
    let mut followed = 0;
    while followed < entries {
        let held: Vec<_> = (0..3).map(|n| versions(reader, family(n)).len()).collect();
        // Read one after the other, so a later family may be ahead but never behind.
        assert!(held.is_sorted(), "a unit was seen in part: {held:?}");
        followed = follow(reader, usize::MAX).len() as u64;
        assert!(!one_order || followed % 3 == 0, "a unit was seen in part: {followed}");
    }
}

pub(crate) fn the_journal_is_read_in_order_in_pages_of_any_size(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    for number in 0..30 {
        let unit = one(number % 4, number / 4, paid(number));
        commit(&mut *journal, [unit]);
    }
    let reader = journal.reader();
    let whole = follow(&*reader, usize::MAX);
    assert_eq!(whole.len(), 30);
    for page in [1, 7, 30, 31] {
        assert_eq!(follow(&*reader, page), whole, "pages of {page}");
    }
    for number in 0..4 {
        let of_family = whole.iter().filter(|found| found.family == family(number));
        let versions: Vec<_> = of_family.map(|found| found.version).collect();
        assert!(versions.is_sorted() && versions.first() == Some(&1), "{versions:?}");
    }
    if claimed(&*journal, Capability::DenseSequence) {
        // Each shard's numbers for itself.
        for of_shard in whole.chunk_by(|before, next| before.sequence < next.sequence) {
            let numbers = of_shard.iter().map(|found| found.sequence);
            assert!(numbers.eq(1..=of_shard.len() as u64), "{of_shard:?}");
        }
    }
    if claimed(&*journal, Capability::OneShard) {
        assert!(whole.iter().map(|found| found.entry.id).eq((0..30).map(id)));
    }
    assert_eq!(reader.read_from(Cursor::START, 0).unwrap(), []);
}

pub(crate) fn a_cursor_of_elsewhere_is_an_error(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    commit(&mut *journal, [one(1, 0, paid(1))]);
    let reader = journal.reader();
    for head in reader.heads().unwrap() {
        assert_eq!(reader.read_from(head, 10).unwrap(), [], "the end is no error");
        let text = head.to_string();
        assert_eq!(text.parse::<Cursor>().unwrap(), head, "{text}");
        for beyond in [head.sequence + 1, u64::MAX] {
            let beyond = Cursor { sequence: beyond, ..head };
            let error = reader.read_from(beyond, 10).unwrap_err();
            assert!(matches!(error, StoreError::BeyondHead { .. }), "{error:?}");
        }
    }
    let error = reader.read_from(Cursor::start(u16::MAX), 10).unwrap_err();
    assert!(matches!(error, StoreError::UnknownShard { found: u16::MAX, .. }), "{error:?}");
}

pub(crate) fn an_entry_is_found_by_its_id(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    commit(&mut *journal, [one(1, 0, paid(1)), one(2, 0, paid(2)), one(1, 1, paid(3))]);
    let reader = journal.reader();
    let found = reader.find_entry(id(3)).unwrap().unwrap();
    assert_eq!((found.family, found.version, found.entry), (family(1), 2, paid(3)));
    assert_eq!(reader.find_entry(id(4)).unwrap(), None);
}

pub(crate) fn billing_finds_the_families_of_decided_claims(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    let with_id_of = |number: u64, entry: Entry| Entry { id: id(number), ..entry };
    // The same prescription for two families, one paid and one rejected.
    let batch = [
        one(5, 0, with_id_of(10, paid(1))),
        one(5, 1, with_id_of(11, reversed(2, 1))),
        one(6, 0, with_id_of(12, refused(1))),
        one(3, 0, with_id_of(13, rejected(1))),
        one(7, 0, with_id_of(14, paid(9))),
    ];
    commit(&mut *journal, batch);
    let reader = journal.reader();
    let find = |key: openpbm_core::BillingKey| {
        reader.find_billing(key.pharmacy, key.prescription, key.date_of_service).unwrap()
    };
    assert_eq!(find(key(1)), [family(3), family(5)]);
    assert_eq!(find(key(9)), [family(7)]);
    assert_eq!(find(key(2)), []);
    let other_day =
        openpbm_core::BillingKey { date_of_service: key(1).date_of_service.plus_days(1), ..key(1) };
    assert_eq!(find(other_day), []);
    let other_pharmacy =
        openpbm_core::BillingKey { pharmacy: "1999000023".parse().unwrap(), ..key(1) };
    assert_eq!(find(other_pharmacy), []);
}

pub(crate) fn recent_is_newest_first_and_filtered(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    let entries = one_of_each();
    let units: Vec<_> = (0..).zip(entries).map(|(n, entry)| one(n % 2, n / 2, entry)).collect();
    commit(&mut *journal, units);
    let reader = journal.reader();
    let ids = |filter: &Filter, limit| -> Vec<_> {
        let found = reader.recent(filter, limit).unwrap();
        found.into_iter().map(|found| found.entry.id).collect()
    };
    let all = Filter::default();
    assert_eq!(ids(&all, 10), [id(4), id(3), id(2), id(1), id(0)]);
    assert_eq!(ids(&all, 2), [id(4), id(3)]);
    assert_eq!(ids(&all, 0), []);
    let answers = Filter { kinds: Kind::ANSWERS.to_vec(), ..all.clone() };
    assert_eq!(ids(&answers, 10), [id(4), id(3), id(2), id(1)]);
    assert_eq!(ids(&answers, 3), [id(4), id(3), id(2)]);
    let rejected = Filter { kinds: vec![Kind::Rejected, Kind::Rejected], ..all.clone() };
    assert_eq!(ids(&rejected, 10), [id(2)]);
    let of_family = Filter { family: Some(family(0)), ..all.clone() };
    assert_eq!(ids(&of_family, 10), [id(4), id(2), id(0)]);
    let narrow = Filter { kinds: vec![Kind::Refused, Kind::Enrolled], ..of_family };
    assert_eq!(ids(&narrow, 10), [id(4), id(0)]);
    let nobody = Filter { family: Some(family(77)), ..all };
    assert_eq!(ids(&nobody, 10), []);
}

pub(crate) fn recent_goes_on_behind_an_entry(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    for number in 0..10 {
        commit(&mut *journal, [one(number % 2, number / 2, paid(number))]);
    }
    let reader = journal.reader();
    for (kinds, whose) in [(vec![], None), (vec![Kind::Paid], None), (vec![], Some(family(1)))] {
        let mut filter = Filter { kinds, family: whose, before: None };
        let whole = reader.recent(&filter, usize::MAX).unwrap();
        let mut paged = Vec::new();
        loop {
            let page = reader.recent(&filter, 3).unwrap();
            let Some(last) = page.last() else { break };
            filter.before = Some(last.entry.id);
            paged.extend(page);
        }
        assert_eq!(paged, whole);
    }
    let unknown = Filter { before: Some(id(99)), ..Filter::default() };
    assert_eq!(reader.recent(&unknown, 10).unwrap(), []);
}

pub(crate) fn counts_and_heads_say_how_much_there_is(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    commit(&mut *journal, [one(1, 0, enrolled(1)), one(2, 0, paid(2)), one(1, 1, paid(3))]);
    let reader = journal.reader();
    let counts = reader.counts().unwrap();
    assert_eq!((counts.entries, counts.families), (3, 2));
    assert!(counts.by_kind.into_iter().eq([(Kind::Enrolled, 1), (Kind::Paid, 2)]));
    let heads = reader.heads().unwrap();
    assert_eq!(heads.len() == 1, claimed(&*journal, Capability::OneShard));
    let ends = heads.iter().filter_map(|head| {
        let shard = reader.read_from(Cursor::start(head.shard), usize::MAX).unwrap();
        shard.last().map(|last| Cursor::start(head.shard).past(last))
    });
    assert!(ends.eq(heads.iter().copied().filter(|head| head.sequence > 0)));
}

pub(crate) fn opening_again_finds_everything(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    let units = (0..40).map(|number| one(number % 3, number / 3, paid(number)));
    commit(&mut *journal, units);
    let before = follow(&*journal.reader(), 100);
    drop(journal);
    let mut journal = setup.open().unwrap();
    assert_eq!(follow(&*journal.reader(), 100), before);
    let stale = journal.append(&[one(0, 0, paid(98))]).unwrap();
    assert_eq!(stale, [Appended::Conflict { family: family(0), found: 14 }]);
    commit(&mut *journal, [one(0, 14, paid(99))]);
    assert_eq!(versions(&*journal.reader(), family(0)).len(), 15);
}

pub(crate) fn a_repeated_id_is_refused(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    if !claimed(&*journal, Capability::UniqueIds) {
        return;
    }
    commit(&mut *journal, [one(1, 0, paid(1))]);
    let across = journal.append(&[one(2, 0, paid(2)), one(3, 0, paid(1))]).unwrap_err();
    assert!(matches!(across, StoreError::Repeated { id: found } if found == id(1)), "{across:?}");
    let within = journal.append(&[one(2, 0, paid(2)), one(3, 0, paid(2))]).unwrap_err();
    assert!(matches!(within, StoreError::Repeated { id: found } if found == id(2)), "{within:?}");
    assert_eq!(follow(&*journal.reader(), 10).len(), 1, "nothing of the batch was stored");
    commit(&mut *journal, [one(2, 0, paid(2))]);
}

pub(crate) fn a_batch_sent_again_is_acknowledged_again(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    let two = Unit::from(vec![item(1, 0, paid(1)), item(2, 0, paid(2)), item(1, 1, paid(3))]);
    let batch = [two, one(3, 0, paid(4)), one(3, 1, paid(5))];
    commit(&mut *journal, batch.clone());
    let before = follow(&*journal.reader(), 10);
    commit(&mut *journal, batch.clone());
    commit(&mut *journal, [batch[2].clone()]);
    assert_eq!(follow(&*journal.reader(), 10), before);
    // In the same batch, and after what was sent first has been moved on from.
    commit(&mut *journal, [one(3, 2, paid(6)), one(3, 2, paid(6)), batch[1].clone()]);
    drop(journal);
    let mut journal = setup.open().unwrap();
    commit(&mut *journal, batch.clone());
    assert_eq!(versions(&*journal.reader(), family(3)), [1, 2, 3]);
    // Another id at that version is a conflict, and so is a unit that is stored only in part.
    let other = one(3, 1, paid(7));
    let partly = Unit::from(vec![item(3, 2, paid(6)), item(4, 0, paid(8)), item(3, 3, paid(9))]);
    let conflict = Appended::Conflict { family: family(3), found: 3 };
    assert_eq!(journal.append(&[other, partly]).unwrap(), [conflict, conflict]);
    assert!(versions(&*journal.reader(), family(4)).is_empty());
}

pub(crate) fn a_version_that_was_read_is_compared_too(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    commit(&mut *journal, [one(1, 0, paid(1)), one(1, 1, paid(2))]);
    let reading = |version, unit: Unit| Unit { reads: vec![(family(1), version)], ..unit };
    let batch = [
        reading(2, Unit::default()),
        reading(1, Unit::default()),
        reading(2, one(2, 0, paid(3))),
        reading(3, one(3, 0, paid(4))),
        one(1, 2, paid(5)),
        reading(2, Unit::default()),
        reading(3, one(4, 0, paid(6))),
        // What the unit itself changes is compared as it is before the unit.
        reading(3, one(1, 3, paid(7))),
    ];
    let stale = |found| Appended::Conflict { family: family(1), found };
    let done = Appended::Committed;
    let expected = [done, stale(2), done, stale(2), done, stale(3), done, done];
    assert_eq!(journal.append(&batch).unwrap(), expected);
    let reader = journal.reader();
    let held: Vec<_> = (1..5).map(|number| versions(&*reader, family(number)).len()).collect();
    assert_eq!(held, [4, 1, 0, 1]);
}

pub(crate) fn a_remembered_state_shortens_the_reading(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    for number in 0..5 {
        commit(&mut *journal, [one(1, number, paid(number))]);
    }
    journal.remember(&state(1, 3)).unwrap();
    journal.remember(&state(2, 0)).unwrap();
    commit(&mut *journal, [one(1, 5, paid(5)), one(2, 0, paid(6))]);
    let behind = (4..=6).map(|version| (version, paid(version - 1))).collect::<Vec<_>>();
    let reader = journal.reader();
    // It may be lost, so both answers are right; which one a store gives is not in its contract.
    let history = reader.read_family(family(1)).unwrap();
    match history.remembered {
        Some(remembered) => assert_eq!((*remembered, history.entries), (state(1, 3), behind)),
        None => assert_eq!(history.entries.len(), 6),
    }
    assert_eq!(reader.read_family(family(2)).unwrap().entries, [(1, paid(6))]);
    let whole = follow(&*reader, 3);
    assert_eq!(whole.len(), 7, "the journal itself is not shortened");
    // A newer state replaces the older one, an older one does not replace the newer.
    journal.remember(&state(1, 6)).unwrap();
    journal.remember(&state(1, 2)).unwrap();
    let history = reader.read_family(family(1)).unwrap();
    let version = history.remembered.map_or(0, |remembered| remembered.version);
    assert!(version == 6 || version == 0, "{version}");
    assert_eq!(history.entries.len() as u64, 6 - version);
    check(&*reader);
}

pub(crate) fn what_is_retired_keeps_its_place(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    commit(&mut *journal, (0..6).map(|number| one(number % 2, number / 2, paid(number))));
    let reader = journal.reader();
    let before = follow(&*reader, 10);
    assert_eq!(journal.retire(&state(0, 2)).unwrap(), 2);
    let after = follow(&*reader, 10);
    for (was, is) in before.iter().zip(&after) {
        let place = |recorded: &Recorded| {
            let Recorded { sequence, family, version, entry } = recorded;
            (*sequence, *family, *version, entry.id, entry.recorded)
        };
        assert_eq!(place(was), place(is));
        let event = match (was.family == family(0), was.version) {
            (true, 1) => &Event::Retired,
            (true, 2) => &Event::Carried { family: Box::new(state(0, 2)) },
            _ => &was.entry.event,
        };
        assert_eq!(&is.entry.event, event);
        let found = reader.find_entry(is.entry.id).unwrap();
        assert_eq!(found.as_ref(), Some(is));
    }
    assert_eq!(after.len(), before.len());
    let find = |number| {
        let key = key(number);
        reader.find_billing(key.pharmacy, key.prescription, key.date_of_service).unwrap()
    };
    assert_eq!((find(0), find(2)), (vec![], vec![]), "its prescriptions are let go of");
    assert_eq!((find(1), find(4)), (vec![family(1)], vec![family(0)]));
    let by_kind = reader.counts().unwrap().by_kind;
    assert!(by_kind.into_iter().eq([(Kind::Paid, 4), (Kind::Retired, 1), (Kind::Carried, 1)]));
    let filter = Filter { kinds: vec![Kind::Paid], ..Filter::default() };
    assert_eq!(reader.recent(&filter, 10).unwrap().len(), 4);
    check(&*reader);
    commit(&mut *journal, [one(0, 3, paid(6))]);
    drop((journal, reader));
    let journal = setup.open().unwrap();
    check(&*journal.reader());
    let history = journal.reader().read_family(family(0)).unwrap();
    let version = history.remembered.map_or(0, |remembered| remembered.version);
    assert!(version == 2 || version == 0, "{version}");
    assert!(history.entries.iter().map(|(version, _)| *version).eq(version + 1..=4));
}

pub(crate) fn retiring_again_changes_nothing(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    for number in 0..6 {
        commit(&mut *journal, [one(1, number, paid(number))]);
    }
    assert_eq!(journal.retire(&state(1, 0)).unwrap(), 0);
    assert_eq!(journal.retire(&state(9, 4)).unwrap(), 0, "a family that is not known");
    assert_eq!(journal.retire(&state(1, 3)).unwrap(), 3);
    let before = follow(&*journal.reader(), 10);
    assert_eq!(journal.retire(&state(1, 3)).unwrap(), 0);
    assert_eq!(journal.retire(&state(1, 2)).unwrap(), 0, "what was carried further stays");
    assert_eq!(follow(&*journal.reader(), 10), before);
    // Further: what was carried is retired in its turn.
    assert_eq!(journal.retire(&state(1, 5)).unwrap(), 3);
    let kinds: Vec<_> = follow(&*journal.reader(), 10)
        .iter()
        .map(|recorded| Kind::of(&recorded.entry.event))
        .collect();
    assert_eq!(kinds[..4], [Kind::Retired; 4]);
    assert_eq!(kinds[4..], [Kind::Carried, Kind::Paid]);
}

pub(crate) fn a_sound_journal_passes_the_check(setup: &impl Setup) {
    let mut journal = setup.open().unwrap();
    check(&*journal.reader());
    for (version, entry) in (0..).zip(one_of_each()) {
        commit(&mut *journal, [one(1, version, entry)]);
        check(&*journal.reader());
    }
}

pub(crate) fn a_second_writer_is_served_or_refused_as_claimed(setup: &impl Setup) {
    let mut first = setup.open().unwrap();
    commit(&mut *first, [one(1, 0, paid(1))]);
    if claimed(&*first, Capability::ManyWriters) {
        let mut second = setup.open().unwrap();
        commit(&mut *second, [one(1, 1, paid(2))]);
        let stale = first.append(&[one(1, 1, paid(3))]).unwrap();
        assert_eq!(stale, [Appended::Conflict { family: family(1), found: 2 }]);
    } else {
        let error = setup.open().err().expect("a second writer was let in");
        assert!(matches!(error, StoreError::Locked { .. }), "{error:?}");
        drop(first);
        let mut second = setup.open().unwrap();
        commit(&mut *second, [one(1, 1, paid(2))]);
    }
}

/// An item of the family of that number.
pub(crate) fn item(number: u64, expected_version: u64, entry: Entry) -> Item {
    Item::new(family(number), expected_version, entry)
}

/// A unit of one entry for the family of that number.
pub(crate) fn one(number: u64, expected_version: u64, entry: Entry) -> Unit {
    Unit::of_one(family(number), expected_version, entry)
}

/// Appends units that must all commit, in one batch.
pub(crate) fn commit(journal: &mut dyn Journal, units: impl IntoIterator<Item = Unit>) {
    let units: Vec<_> = units.into_iter().collect();
    let answers = journal.append(&units).unwrap();
    assert_eq!(answers, vec![Appended::Committed; units.len()]);
}

/// The whole journal, shard by shard, in pages.
pub(crate) fn follow(reader: &dyn Reader, page: usize) -> Vec<Recorded> {
    let mut all = Vec::new();
    for head in reader.heads().unwrap() {
        let mut cursor = Cursor::start(head.shard);
        while cursor < head {
            let found = reader.read_from(cursor, page).unwrap();
            cursor = cursor.past(found.last().expect("the head is not reached"));
            all.extend(found.iter().map(|sealed| sealed.open().unwrap()));
        }
    }
    all
}

/// All entries of a family of which nothing was remembered.
pub(crate) fn entries_of(reader: &dyn Reader, family: FamilyId) -> Vec<(u64, Entry)> {
    let History { remembered, entries } = reader.read_family(family).unwrap();
    assert_eq!(remembered, None);
    entries
}

/// Checks the store's structures, which must be sound.
pub(crate) fn check(reader: &dyn Reader) {
    reader.check(&mut |damage| panic!("{damage}")).unwrap();
}

fn versions(reader: &dyn Reader, family: FamilyId) -> Vec<u64> {
    entries_of(reader, family).into_iter().map(|(version, _)| version).collect()
}

fn claimed(journal: &dyn Journal, capability: Capability) -> bool {
    journal.capabilities().contains(&capability)
}

/// The family of that number as of a version, told apart from others by nothing else.
fn state(number: u64, version: u64) -> Family {
    Family { version, ..Family::unknown(family(number)) }
}

fn one_of_each() -> Vec<Entry> {
    vec![enrolled(0), paid(1), rejected(2), reversed(3, 1), refused(4)]
}
