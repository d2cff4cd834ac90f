//! The simulated store keeps the journal's contract: a simulation on a store that does not would
//! find what is not there, and miss what is.

use std::sync::Arc;

use openpbm_core::{
    ClaimId, Entry, Event, FamilyId, Refusal, RefusalReason, RejectCode, Timestamp,
};
use openpbm_simulation::{Chances, Store};
use openpbm_store::{Appended, Capability, Cursor, Item, Journal, Reader, Unit};

fn family(number: u8) -> FamilyId {
    format!("SIM{number}").parse().unwrap()
}

fn entry(id: u64) -> Entry {
    let event = Event::Refused(Refusal {
        transaction: "B2".to_owned(),
        pharmacy: None,
        prescription: None,
        date_of_service: None,
        reasons: vec![RefusalReason::new(RejectCode::NotPaid, "no such claim")],
    });
    Entry { id: ClaimId::new(id, 0), recorded: Timestamp::from_millis(id), event }
}

fn item(number: u8, expected: u64, id: u64) -> Item {
    Item::new(family(number), expected, entry(id))
}

fn one(number: u8, expected: u64, id: u64) -> Unit {
    Unit::from(vec![item(number, expected, id)])
}

fn conflict(number: u8, found: u64) -> Appended {
    Appended::Conflict { family: family(number), found }
}

fn opened() -> (Store, Box<dyn Journal>, Arc<dyn Reader>) {
    let store = Store::new(1, None);
    let (journal, reader) = (store.journal(0), store.reader());
    (store, journal, reader)
}

fn versions(reader: &dyn Reader, number: u8) -> Vec<u64> {
    let history = reader.read_family(family(number)).unwrap();
    history.entries.iter().map(|(version, _)| *version).collect()
}

#[test]
fn versions_are_compared_and_units_are_whole() {
    let (store, mut journal, reader) = opened();
    let two = Unit::from(vec![item(1, 1, 2), item(2, 5, 3)]);
    let both = Unit::from(vec![item(1, 1, 4), item(1, 2, 5)]);
    let appended = journal.append(&[one(1, 0, 1), two, both, one(1, 0, 6)]).unwrap();
    let committed = Appended::Committed;
    assert_eq!(appended, [committed, conflict(2, 0), committed, conflict(1, 3)]);
    assert_eq!(versions(&*reader, 1), [1, 2, 3]);
    assert!(versions(&*reader, 2).is_empty());
    // Another node meets the same store.
    assert_eq!(store.journal(1).append(&[one(1, 2, 7)]).unwrap(), [conflict(1, 3)]);
    assert!(journal.capabilities().contains(&Capability::ManyWriters));
}

#[test]
fn a_version_that_was_read_is_compared_too() {
    let (_, mut journal, _) = opened();
    let read = |version| Unit { items: Vec::new(), reads: vec![(family(1), version)] };
    let appended = journal.append(&[read(0), one(1, 0, 1), read(1), read(0)]).unwrap();
    let committed = Appended::Committed;
    assert_eq!(appended, [committed, committed, committed, conflict(1, 1)]);
}

#[test]
fn a_batch_whose_answer_was_lost_is_known_again() {
    let (store, mut journal, reader) = opened();
    store.set_chances(Chances { append_unheard: 1000, ..Chances::none() });
    let batch = [one(1, 0, 1), one(2, 0, 2)];
    let error = journal.append(&batch).unwrap_err();
    assert!(error.is_transient(), "{error}");
    store.set_chances(Chances::none());
    assert_eq!(versions(&*reader, 1), [1], "it took effect");
    assert_eq!(journal.append(&[one(1, 1, 3)]).unwrap(), [Appended::Committed]);
    assert_eq!(journal.append(&batch).unwrap(), [Appended::Committed; 2]);
    assert_eq!(versions(&*reader, 1), [1, 2], "nothing was appended twice");
}

#[test]
fn a_refused_batch_has_stored_nothing() {
    let (store, mut journal, reader) = opened();
    store.set_chances(Chances { append_refused: 1000, ..Chances::none() });
    journal.append(&[one(1, 0, 1)]).unwrap_err();
    assert!(versions(&*reader, 1).is_empty());
}

#[test]
fn the_journal_is_read_in_order_and_without_gaps() {
    let (store, mut journal, reader) = opened();
    let units: Vec<_> = (0..10).map(|n| one(u8::try_from(n % 3).unwrap(), n / 3, n)).collect();
    journal.append(&units).unwrap();
    let mut cursor = Cursor::START;
    let mut ids = Vec::new();
    loop {
        let page = reader.read_from(cursor, 3).unwrap();
        let Some(last) = page.last() else { break };
        cursor = Cursor { sequence: last.sequence, ..cursor };
        ids.extend(page.iter().map(|sealed| sealed.open().unwrap().entry.id));
    }
    assert_eq!(ids, (0..10).map(|n| ClaimId::new(n, 0)).collect::<Vec<_>>());
    assert_eq!(reader.heads().unwrap(), [cursor]);
    assert_eq!(store.since(7).unwrap().len(), 3);
}
