//! The journal against a model of it that fits on a page: any batches, stale ones among them.

use std::collections::{BTreeMap, BTreeSet};

use openpbm_core::{Entry, Event, FamilyId};
use openpbm_store::{Appended, Cursor, Filter, Item, Journal, Kind, Reader, Recorded, Unit};
use proptest::prelude::*;

use crate::contract::{Setup, follow};
use crate::entries;
use crate::sqlite::Directory;

/// The journal as a list.
#[derive(Default)]
struct Model(Vec<Recorded>);

impl Model {
    fn of_family(&self, family: FamilyId) -> Vec<(u64, Entry)> {
        let own = self.0.iter().filter(|recorded| recorded.family == family);
        own.map(|recorded| (recorded.version, recorded.entry.clone())).collect()
    }

    fn append(&mut self, unit: &Unit) -> Appended {
        let before = self.0.len();
        for Item { family, expected_version, entry } in &unit.items {
            let version = self.of_family(*family).len() as u64;
            if version != *expected_version {
                self.0.truncate(before);
                let found = self.of_family(*family).len() as u64;
                return Appended::Conflict { family: *family, found };
            }
            let sequence = self.0.len() as u64 + 1;
            let (family, entry) = (*family, entry.clone());
            self.0.push(Recorded { sequence, family, version: version + 1, entry });
        }
        Appended::Committed
    }
}

/// An item as it is generated: a family, how stale it is, and what kind of entry.
type Draft = (u64, i64, usize);

fn drafts() -> impl Strategy<Value = Vec<Vec<Vec<Draft>>>> {
    // Mostly right, sometimes one behind or ahead.
    let staleness = prop_oneof![8 => Just(0_i64), 1 => Just(-1), 1 => Just(1)];
    let draft = (0..4_u64, staleness, 0..Kind::ALL.len());
    let unit = prop::collection::vec(draft, 0..4);
    let batch = prop::collection::vec(unit, 0..6);
    prop::collection::vec(batch, 0..6)
}

/// Makes a unit from its drafts, for families as they stand now.
fn unit(drafts: &[Draft], model: &Model, next: &mut u64) -> Unit {
    let mut own = BTreeMap::<u64, u64>::new();
    let mut items = Vec::new();
    for &(number, staleness, kind) in drafts {
        let family = entries::family(number);
        let ahead = own.entry(number).or_default();
        let current = model.of_family(family).len() as u64 + *ahead;
        *ahead += 1;
        *next += 1;
        let entry = match Kind::ALL[kind] {
            Kind::Enrolled => entries::enrolled(*next),
            Kind::Paid => entries::paid(*next),
            Kind::Rejected => entries::rejected(*next),
            Kind::Reversed => entries::reversed(*next, *next / 2),
            Kind::Refused => entries::refused(*next),
        };
        let expected_version = current.saturating_add_signed(staleness);
        items.push(Item { family, expected_version, entry });
    }
    Unit { items }
}

/// Appends a batch to both and compares the answers.
fn append(journal: &mut dyn Journal, model: &mut Model, batch: &[Vec<Draft>], next: &mut u64) {
    let mut units = Vec::new();
    let mut expected = Vec::new();
    for drafts in batch {
        let unit = unit(drafts, model, next);
        expected.push(model.append(&unit));
        units.push(unit);
    }
    assert_eq!(journal.append(&units).unwrap(), expected);
}

/// Compares everything that can be read.
fn compare(reader: &dyn Reader, model: &Model) {
    assert_eq!(follow(reader, 5), model.0);
    for number in 0..5 {
        let family = entries::family(number);
        assert_eq!(reader.read_family(family).unwrap(), model.of_family(family));
    }
    for recorded in &model.0 {
        let found = reader.find_entry(recorded.entry.id).unwrap();
        assert_eq!(found.as_ref(), Some(recorded));
        if let Event::Decided { claim, .. } = &recorded.entry.event {
            let key = &claim.key;
            let found = reader.find_billing(key.pharmacy, key.prescription, key.date_of_service);
            assert_eq!(found.unwrap(), [recorded.family]);
        }
    }
    for kinds in [vec![], vec![Kind::Paid, Kind::Refused]] {
        let filter = Filter { kinds: kinds.clone(), ..Filter::default() };
        let newest = model.0.iter().rev();
        let passing = newest.filter(|recorded| {
            kinds.is_empty() || kinds.contains(&Kind::of(&recorded.entry.event))
        });
        let expected: Vec<_> = passing.take(6).cloned().collect();
        assert_eq!(reader.recent(&filter, 6).unwrap(), expected);
    }
    let families: BTreeSet<_> = model.0.iter().map(|recorded| recorded.family).collect();
    let counts = reader.counts().unwrap();
    assert_eq!(counts.entries, model.0.len() as u64);
    assert_eq!(counts.families, families.len() as u64);
    assert_eq!(counts.by_kind.values().sum::<u64>(), counts.entries);
    let head = Cursor { shard: 0, sequence: counts.entries };
    assert_eq!(reader.heads().unwrap(), [head]);
    let whole = reader.verify(&mut |found| assert!(found.is_ok(), "{found:?}")).unwrap();
    assert_eq!(whole, counts.entries);
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(48)
    })]

    #[test]
    fn the_journal_does_what_its_model_does(
        batches in drafts(),
        reopen in any::<prop::sample::Index>(),
    ) {
        let directory = Directory::new();
        let (mut model, mut next) = (Model::default(), 0);
        let mut journal = directory.open().unwrap();
        for (place, batch) in batches.iter().enumerate() {
            append(&mut *journal, &mut model, batch, &mut next);
            if place == reopen.index(batches.len()) {
                drop(journal);
                journal = directory.open().unwrap();
            }
        }
        compare(&*journal.reader(), &model);
    }
}
