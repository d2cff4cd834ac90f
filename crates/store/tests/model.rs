//! The journal against a model of it that fits on a page: any batches, stale ones among them.

use std::collections::{BTreeMap, BTreeSet};

use openpbm_core::{Entry, Event, Family, FamilyId};
use openpbm_store::sqlite::{SqliteJournal, SqliteReader, Tuning};
use openpbm_store::{Appended, Cursor, Filter, Item, Journal, Kind, Reader, Recorded, Unit};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::contract::{check, follow};
use crate::entries;

/// The journal as a list.
#[derive(Default)]
struct Model(Vec<Recorded>);

impl Model {
    fn of_family(&self, family: FamilyId) -> Vec<(u64, Entry)> {
        let own = self.0.iter().filter(|recorded| recorded.family == family);
        own.map(|recorded| (recorded.version, recorded.entry.clone())).collect()
    }

    fn version(&self, family: FamilyId) -> u64 {
        self.of_family(family).len() as u64
    }

    fn append(&mut self, unit: &Unit) -> Appended {
        let is_stored = |item: &Item| {
            let version = item.expected_version() + 1;
            let own = self.of_family(item.family());
            own.iter().any(|(found, entry)| *found == version && entry.id == item.entry().id)
        };
        if !unit.items.is_empty() && unit.items.iter().all(is_stored) {
            return Appended::Committed;
        }
        for (family, expected) in unit.reads.iter().copied() {
            let found = self.version(family);
            if found != expected {
                return Appended::Conflict { family, found };
            }
        }
        let before = self.0.len();
        for item in &unit.items {
            let family = item.family();
            let version = self.version(family);
            if version != item.expected_version() {
                self.0.truncate(before);
                return Appended::Conflict { family, found: self.version(family) };
            }
            let sequence = self.0.len() as u64 + 1;
            let entry = item.entry().clone();
            self.0.push(Recorded { sequence, family, version: version + 1, entry });
        }
        Appended::Committed
    }

    fn retire(&mut self, state: &Family) -> u64 {
        let own = self.0.iter_mut().filter(|recorded| recorded.family == state.id);
        let mut own: Vec<_> = own.filter(|recorded| recorded.version <= state.version).collect();
        let carried = |recorded: &&mut Recorded| {
            matches!(recorded.entry.event, Event::Carried { .. } | Event::Retired)
        };
        if own.len() as u64 != state.version || own.last().is_none_or(carried) {
            return 0;
        }
        let mut changed = 0;
        for recorded in &mut own {
            let event = if recorded.version == state.version {
                Event::Carried { family: Box::new(state.clone()) }
            } else {
                Event::Retired
            };
            changed += u64::from(recorded.entry.event != event);
            recorded.entry.event = event;
        }
        changed
    }
}

/// What is done to the journal.
#[derive(Debug, Clone)]
enum Deed {
    Append(Vec<Vec<Draft>>),
    /// The last batch is sent again.
    Resend,
    /// A family is remembered as of so many versions ago.
    Remember(u64, u64),
    /// A family's entries are let go of, but for so many.
    Retire(u64, u64),
    /// What is recent is merged into the index.
    Settle,
    /// The journal is closed and opened again.
    Reopen,
}

/// An item as it is generated: a family, how stale it is, and what kind of entry; the last is a
/// family that is only read.
type Draft = (u64, i64, usize);
const READ: usize = 5;

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    // Mostly right, sometimes one behind or ahead.
    let staleness = prop_oneof![8 => Just(0_i64), 1 => Just(-1), 1 => Just(1)];
    let draft = (0..4_u64, staleness, 0..=READ);
    let unit = prop::collection::vec(draft, 0..4);
    let batch = prop::collection::vec(unit, 0..6);
    let deed = prop_oneof![
        8 => batch.prop_map(Deed::Append),
        1 => Just(Deed::Resend),
        1 => (0..4_u64, 0..3_u64).prop_map(|(family, ago)| Deed::Remember(family, ago)),
        1 => (0..4_u64, 0..3_u64).prop_map(|(family, but)| Deed::Retire(family, but)),
        1 => Just(Deed::Settle),
        1 => Just(Deed::Reopen),
    ];
    prop::collection::vec(deed, 0..14)
}

/// Makes a unit from its drafts, for families as they stand now.
fn unit(drafts: &[Draft], model: &Model, next: &mut u64) -> Unit {
    let mut own = BTreeMap::<u64, u64>::new();
    let mut unit = Unit::default();
    for &(number, staleness, kind) in drafts {
        let family = entries::family(number);
        if kind == READ {
            let expected = model.version(family).saturating_add_signed(staleness);
            unit.reads.push((family, expected));
            continue;
        }
        let ahead = own.entry(number).or_default();
        let current = model.version(family) + *ahead;
        *ahead += 1;
        *next += 1;
        let entry = match kind {
            0 => entries::enrolled(*next),
            1 => entries::paid(*next),
            2 => entries::rejected(*next),
            3 => entries::reversed(*next, *next / 2),
            _ => entries::refused(*next),
        };
        unit.items.push(Item::new(family, current.saturating_add_signed(staleness), entry));
    }
    unit
}

/// A journal, its model, and what was sent last.
struct Both {
    directory: TempDir,
    journal: SqliteJournal,
    model: Model,
    next: u64,
    last: Vec<Unit>,
}

/// Merges after every few entries, so that most of what is looked for has been merged.
fn small() -> Tuning {
    Tuning { merge: 5, fold: 2, long: 4, ..Tuning::default() }
}

impl Both {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let journal = SqliteJournal::open_tuned(directory.path(), small()).unwrap();
        Self { directory, journal, model: Model::default(), next: 0, last: Vec::new() }
    }

    /// Does it to both and compares the answers.
    fn run(mut self, deed: &Deed) -> Self {
        match deed {
            Deed::Append(batch) => {
                let (mut units, mut expected) = (Vec::new(), Vec::new());
                for drafts in batch {
                    let unit = unit(drafts, &self.model, &mut self.next);
                    expected.push(self.model.append(&unit));
                    units.push(unit);
                }
                assert_eq!(self.journal.append(&units).unwrap(), expected);
                self.last = units;
            }
            Deed::Resend => {
                let again = self.last.iter().map(|unit| self.model.append(unit));
                let expected: Vec<_> = again.collect();
                assert_eq!(self.journal.append(&self.last).unwrap(), expected);
            }
            Deed::Remember(number, ago) => {
                let state = self.state(*number, *ago);
                self.journal.remember(&state).unwrap();
            }
            Deed::Retire(number, but) => {
                let state = self.state(*number, *but);
                let expected = self.model.retire(&state);
                assert_eq!(self.journal.retire(&state).unwrap(), expected);
            }
            Deed::Settle => self.journal.settle().unwrap(),
            Deed::Reopen => {
                drop(self.journal);
                self.journal = SqliteJournal::open_tuned(self.directory.path(), small()).unwrap();
            }
        }
        self
    }

    fn state(&self, number: u64, ago: u64) -> Family {
        let id = entries::family(number);
        Family { version: self.model.version(id).saturating_sub(ago), ..Family::unknown(id) }
    }
}

/// Compares everything that can be read.
fn compare(reader: &dyn Reader, model: &Model) {
    assert_eq!(follow(reader, 5), model.0);
    for number in 0..5 {
        let family = entries::family(number);
        let history = reader.read_family(family).unwrap();
        let behind = history.remembered.map_or(0, |state| state.version);
        let mut expected = model.of_family(family);
        expected.retain(|(version, _)| *version > behind);
        assert_eq!(history.entries, expected);
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
    check(reader);
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(48)
    })]

    #[test]
    fn the_journal_does_what_its_model_does(deeds in deeds()) {
        let both = deeds.iter().fold(Both::new(), Both::run);
        compare(&*both.journal.reader(), &both.model);
        let alone = SqliteReader::open(both.directory.path()).unwrap();
        compare(&alone, &both.model);
    }
}
