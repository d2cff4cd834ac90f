//! Many at once: writers on the same families, sequencers on the same shards.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use openpbm_core::ClaimId;
use openpbm_store::postgres::PostgresReader;
use openpbm_store::{Appended, Cursor, Journal, Reader, Unit};

use super::Store;
use crate::contract::{check, commit, follow, item, one};
use crate::entries::{family, id, paid};

const FAMILIES: u64 = 12;
const WRITERS: u64 = 3;
const EACH: u64 = 700;

/// Writers that know nothing of each other, each with its own idea of the versions, which is
/// often wrong. Every unit that was acknowledged is there once, no version is missing.
#[test]
fn writers_that_race_lose_nothing_and_double_nothing() {
    let store = Store::new();
    let numbers = Arc::new(AtomicU64::new(0));
    let acknowledged: Vec<(u64, ClaimId)> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|seed| {
                let (store, numbers) = (&store, Arc::clone(&numbers));
                scope.spawn(move || race(store, &numbers, seed))
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    assert!(acknowledged.len() as u64 >= WRITERS * EACH);
    let reader = store.journal().reader();
    let journal = follow(&*reader, 500);
    check(&*reader);
    let stored: BTreeSet<_> =
        journal.iter().map(|recorded| (recorded.family, recorded.entry.id)).collect();
    assert_eq!(stored.len(), journal.len(), "an entry is there twice");
    let acknowledged: BTreeSet<_> =
        acknowledged.into_iter().map(|(number, id)| (family(number), id)).collect();
    assert_eq!(stored, acknowledged);
    let mut versions: BTreeMap<_, Vec<u64>> = BTreeMap::new();
    for recorded in &journal {
        versions.entry(recorded.family).or_default().push(recorded.version);
    }
    assert_eq!(versions.len() as u64, FAMILIES);
    for versions in versions.values() {
        assert!(versions.iter().copied().eq(1..=versions.len() as u64), "{versions:?}");
    }
}

/// Appends until as many units as asked are acknowledged, in batches whose order of families is
/// another for each writer.
fn race(store: &Store, numbers: &AtomicU64, seed: u64) -> Vec<(u64, ClaimId)> {
    let mut journal = store.journal();
    let mut known = [0_u64; FAMILIES as usize];
    let (mut done, mut state) = (Vec::new(), seed * 7919 + 1);
    while (done.len() as u64) < EACH {
        let batch: Vec<u64> = (0..8)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 33) % FAMILIES
            })
            .collect();
        let mut ahead = known;
        let units: Vec<Unit> = batch
            .iter()
            .map(|&of| {
                let number = numbers.fetch_add(1, Ordering::Relaxed);
                let unit = one(of, ahead[of as usize], paid(number));
                ahead[of as usize] += 1;
                unit
            })
            .collect();
        let answers = journal.append(&units).unwrap();
        for ((answer, unit), of) in answers.iter().zip(&units).zip(batch) {
            match *answer {
                Appended::Committed => {
                    known[of as usize] = unit.items[0].expected_version() + 1;
                    done.push((of, unit.items[0].entry().id));
                }
                Appended::Conflict { found, .. } => {
                    known[of as usize] = known[of as usize].max(found);
                }
            }
        }
    }
    done
}

/// Two families in one unit, in opposite orders: neither waits for the other in a circle, and no
/// unit is stored in half.
#[test]
fn units_of_two_families_meet_without_a_deadlock() {
    const ROUNDS: u64 = 150;
    let store = Store::new();
    std::thread::scope(|scope| {
        for (writer, order) in [(0, [1, 2]), (1, [2, 1])] {
            let store = &store;
            scope.spawn(move || {
                let mut journal = store.journal();
                let (mut version, mut committed) = (0, 0);
                while committed < ROUNDS {
                    let number = (writer * ROUNDS + committed) * 2;
                    let items = order.map(|of| item(of, version, paid(number + of - 1)));
                    match journal.append(&[Unit::from(items.to_vec())]).unwrap()[0] {
                        Appended::Committed => (version, committed) = (version + 1, committed + 1),
                        Appended::Conflict { found, .. } => version = found,
                    }
                }
            });
        }
    });
    let reader = store.journal().reader();
    let of = |number| reader.read_family(family(number)).unwrap().entries;
    let (first, second) = (of(1), of(2));
    assert_eq!((first.len() as u64, second.len() as u64), (2 * ROUNDS, 2 * ROUNDS));
    for ((_, one), (_, other)) in first.iter().zip(&second) {
        let pair = |entry: &openpbm_core::Entry| (0..).find(|n| id(*n) == entry.id).unwrap() / 2;
        assert_eq!(pair(one), pair(other), "a unit came apart");
    }
}

/// Readers that place entries themselves, all at once and while more arrive: each sees every
/// entry that was acknowledged before, at the same place as all the others.
#[test]
fn sequencers_that_race_agree() {
    const BATCHES: u64 = 60;
    let store = Store::new();
    let mut journal = store.journal();
    let acknowledged = AtomicU64::new(0);
    let seen: Vec<Vec<(Cursor, ClaimId)>> = std::thread::scope(|scope| {
        let readers: Vec<_> = (0..4)
            .map(|_| {
                let (reader, acknowledged) = (store.journal().reader(), &acknowledged);
                scope.spawn(move || follow_along(&*reader, acknowledged, BATCHES * 16))
            })
            .collect();
        for batch in 0..BATCHES {
            commit(&mut journal, (0..16).map(|of| one(of, batch, paid(batch * 16 + of))));
            acknowledged.store((batch + 1) * 16, Ordering::SeqCst);
        }
        readers.into_iter().map(|reader| reader.join().unwrap()).collect()
    });
    for of_reader in &seen {
        assert_eq!(of_reader.len() as u64, BATCHES * 16);
        assert_eq!(of_reader, &seen[0], "two readers saw an entry at different places");
    }
    check(&*journal.reader());
}

/// Follows every shard until it has read that many entries. Never less than was acknowledged
/// before it looked.
fn follow_along(
    reader: &dyn Reader,
    acknowledged: &AtomicU64,
    entries: u64,
) -> Vec<(Cursor, ClaimId)> {
    let mut cursors: Vec<_> =
        reader.heads().unwrap().iter().map(|head| Cursor::start(head.shard)).collect();
    let mut seen = BTreeMap::new();
    while (seen.len() as u64) < entries {
        let before = acknowledged.load(Ordering::SeqCst);
        for cursor in &mut cursors {
            for sealed in reader.read_from(*cursor, usize::MAX).unwrap() {
                *cursor = cursor.past(&sealed);
                let twice = seen.insert(*cursor, sealed.open().unwrap().entry.id);
                assert_eq!(twice, None);
            }
        }
        assert!(seen.len() as u64 >= before, "{} of {before}", seen.len());
    }
    seen.into_iter().collect()
}

/// What is known of the queue may be of when it was empty, and it is long all the same: after an
/// outage, or where nobody lived long enough to place it.
#[test]
fn what_has_piled_up_is_placed_whatever_the_statistics_say() {
    let store = Store::new();
    drop(store.journal());
    store.sql(
        "INSERT INTO arrived (shard, family, version) \
         SELECT n % 16, 'F' || n, 1 FROM generate_series(1, 40000) n",
    );
    store.sql("UPDATE pg_class SET reltuples = 1, relpages = 400 WHERE relname = 'arrived'");
    let heads = PostgresReader::open(store.url()).unwrap().heads().unwrap();
    assert_eq!(heads.iter().map(|head| head.sequence).sum::<u64>(), 40_000);
    assert_eq!(store.sql("SELECT count(*) FROM arrived"), "0");
}
