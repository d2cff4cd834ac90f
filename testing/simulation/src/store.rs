//! The store of a simulation: the journal's contract for many writers, in memory, with faults by
//! seed. What it has acknowledged is durable: nodes come and go, it stays.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use openpbm_core::{ClaimId, Date, Entry, Event, Family, FamilyId, Npi, PrescriptionNumber};
use openpbm_model::Rng;
use openpbm_store::{
    Appended, Capability, Counts, Cursor, Damage, Filter, History, Journal, Kind, Reader, Recorded,
    Sealed, StoreError, Unit,
};

use crate::bug::Bug;
use crate::chance::{Chances, Faults, happens};

/// The store, shared by all nodes.
#[derive(Clone)]
pub struct Store(Arc<Mutex<State>>);

struct State {
    rng: Rng,
    chances: Chances,
    faults: Faults,
    bug: Option<Bug>,
    outage: Option<Outage>,
    families: BTreeMap<FamilyId, Vec<Stored>>,
    /// All entries in the order in which they became durable.
    log: Vec<(FamilyId, u64)>,
    remembered: BTreeMap<FamilyId, Family>,
    keys: BTreeMap<Key, BTreeSet<FamilyId>>,
    /// Acknowledged and not durable, by node: only a planted mistake puts anything here.
    early: Vec<(usize, FamilyId, u64)>,
    /// Keys that are not found yet, by a planted mistake, and how many appends it takes.
    late: Vec<(u32, Key, FamilyId)>,
    /// How many entries of a family a node is shown, by a planted mistake.
    shown: BTreeMap<(usize, FamilyId), usize>,
}

/// By what a claim is found without its card.
type Key = (Npi, PrescriptionNumber, Date);

/// By a planted mistake, a key is found only after so many appends.
const LATE: u32 = 30;

/// Why nothing works for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// The server is away.
    Away,
    /// There is no room: reading works.
    Full,
}

struct Stored {
    id: ClaimId,
    bytes: Box<[u8]>,
}

impl Store {
    /// An empty store. It has chances of its own, so that a fault more or less in the network
    /// does not change all of its own faults.
    pub fn new(seed: u64, bug: Option<Bug>) -> Self {
        Self(Arc::new(Mutex::new(State {
            rng: Rng::new(seed),
            chances: Chances::none(),
            faults: Faults::default(),
            bug,
            outage: None,
            families: BTreeMap::new(),
            log: Vec::new(),
            remembered: BTreeMap::new(),
            keys: BTreeMap::new(),
            early: Vec::new(),
            late: Vec::new(),
            shown: BTreeMap::new(),
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The writing side for one node.
    pub fn journal(&self, node: usize) -> Box<dyn Journal> {
        Box::new(NodeJournal { store: self.clone(), node })
    }

    /// A reading side that nothing goes wrong with.
    pub fn reader(&self) -> Arc<dyn Reader> {
        Arc::new(NodeReader { store: self.clone(), node: None })
    }

    /// From now on this goes wrong, so often.
    pub fn set_chances(&self, chances: Chances) {
        self.state().chances = chances;
    }

    /// An outage begins or ends.
    pub fn set_outage(&self, outage: Option<Outage>) {
        let mut state = self.state();
        state.faults.store += u64::from(outage.is_some());
        state.outage = outage;
    }

    /// A node has ended, with everything that it had in memory.
    pub fn node_ended(&self, node: usize) {
        self.state().lose(node);
    }

    /// What went wrong so far.
    pub fn faults(&self) -> Faults {
        self.state().faults
    }

    /// The entries that became durable behind the first so many.
    pub fn since(&self, place: usize) -> Result<Vec<Recorded>, Damage> {
        let state = self.state();
        let log = (1..).zip(&state.log).skip(place);
        log.map(|(sequence, (family, version))| state.recorded(sequence, *family, *version))
            .collect()
    }

    /// Every family of the journal.
    pub fn families(&self) -> Vec<FamilyId> {
        self.state().families.keys().copied().collect()
    }
}

impl State {
    fn append(&mut self, node: usize, units: &[Unit]) -> Result<Vec<Appended>, StoreError> {
        self.refuse_in_outage(true)?;
        if happens(&mut self.rng, self.chances.append_refused) {
            self.faults.store += 1;
            self.tear(units);
            return Err(away("appending"));
        }
        self.make_durable(node);
        self.find_late();
        let appended = units.iter().map(|unit| self.append_unit(node, unit)).collect();
        if happens(&mut self.rng, self.chances.append_unheard) {
            self.faults.store += 1;
            return Err(away("waiting for a commit"));
        }
        Ok(appended)
    }

    fn append_unit(&mut self, node: usize, unit: &Unit) -> Appended {
        if self.bug != Some(Bug::ForgetsBatches) && self.has_all(unit) {
            return Appended::Committed;
        }
        let reads = match self.bug {
            Some(Bug::IgnoresReads) => &[][..],
            _ => &unit.reads,
        };
        for (family, version) in reads {
            let found = self.version(*family);
            if found != *version {
                self.faults.conflicts += 1;
                return Appended::Conflict { family: *family, found };
            }
        }
        let mut ahead: BTreeMap<FamilyId, u64> = BTreeMap::new();
        for item in &unit.items {
            let stored = self.version(item.family());
            let next = ahead.entry(item.family()).or_insert(stored);
            if item.expected_version() != *next && self.bug != Some(Bug::IgnoresVersions) {
                self.faults.conflicts += 1;
                return Appended::Conflict { family: item.family(), found: stored };
            }
            *next += 1;
        }
        for item in &unit.items {
            self.store(node, item.family(), item.entry().id, item.encoded(), item.entry());
        }
        Appended::Committed
    }

    fn has_all(&self, unit: &Unit) -> bool {
        let has = |item: &openpbm_store::Item| {
            let place = usize::try_from(item.expected_version()).unwrap_or(usize::MAX);
            let stored = self.families.get(&item.family()).and_then(|all| all.get(place));
            stored.is_some_and(|stored| stored.id == item.entry().id)
        };
        !unit.items.is_empty() && unit.items.iter().all(has)
    }

    fn store(&mut self, node: usize, family: FamilyId, id: ClaimId, bytes: &[u8], entry: &Entry) {
        let entries = self.families.entry(family).or_default();
        entries.push(Stored { id, bytes: bytes.into() });
        let version = u64::try_from(entries.len()).unwrap_or(u64::MAX);
        match self.bug {
            Some(Bug::AcknowledgesEarly) => self.early.push((node, family, version)),
            _ => self.log.push((family, version)),
        }
        if let Event::Decided { claim, .. } = &entry.event {
            let key = claim.key;
            let key = (key.pharmacy, key.prescription, key.date_of_service);
            match self.bug {
                Some(Bug::FindsLate) => self.late.push((LATE, key, family)),
                _ => drop(self.keys.entry(key).or_default().insert(family)),
            }
        }
    }

    fn version(&self, family: FamilyId) -> u64 {
        let entries = self.families.get(&family).map_or(0, Vec::len);
        u64::try_from(entries).unwrap_or(u64::MAX)
    }

    /// What could not be found so far can be found a little later.
    fn find_late(&mut self) {
        for (left, key, family) in std::mem::take(&mut self.late) {
            match left.checked_sub(1) {
                Some(left) => self.late.push((left, key, family)),
                None => drop(self.keys.entry(key).or_default().insert(family)),
            }
        }
    }

    /// What a node had acknowledged early is durable with its next append.
    fn make_durable(&mut self, node: usize) {
        let early = std::mem::take(&mut self.early);
        let (durable, early) = early.into_iter().partition(|(of, _, _)| *of == node);
        self.early = early;
        let durable: Vec<(usize, FamilyId, u64)> = durable;
        self.log.extend(durable.into_iter().map(|(_, family, version)| (family, version)));
    }

    /// Forgets what a node had acknowledged early, as far as nothing stands behind it.
    fn lose(&mut self, node: usize) {
        let early = std::mem::take(&mut self.early);
        for (of, family, version) in early.into_iter().rev() {
            let entries = self.families.entry(family).or_default();
            let is_last = u64::try_from(entries.len()).is_ok_and(|last| last == version);
            if of == node && is_last {
                entries.pop();
            } else {
                self.early.insert(0, (of, family, version));
            }
        }
        self.make_durable(node);
    }

    /// By a planted mistake, the first half of a unit stays when an append fails.
    fn tear(&mut self, units: &[Unit]) {
        let torn = units.iter().find(|unit| unit.items.len() > 1);
        let first = torn.and_then(|unit| unit.items.first());
        if let (Some(item), Some(Bug::TearsUnits)) = (first, self.bug)
            && item.expected_version() == self.version(item.family())
        {
            self.store(0, item.family(), item.entry().id, item.encoded(), item.entry());
        }
    }

    fn refuse_in_outage(&self, is_append: bool) -> Result<(), StoreError> {
        match self.outage {
            Some(Outage::Away) => Err(away("connecting")),
            Some(Outage::Full) if is_append => Err(StoreError::DiskFull { doing: "appending" }),
            Some(Outage::Full) | None => Ok(()),
        }
    }

    fn refuse_read(&mut self) -> Result<(), StoreError> {
        self.refuse_in_outage(false)?;
        if happens(&mut self.rng, self.chances.read_failed) {
            self.faults.store += 1;
            return Err(away("reading"));
        }
        Ok(())
    }

    fn recorded(&self, sequence: u64, family: FamilyId, version: u64) -> Result<Recorded, Damage> {
        self.sealed(sequence, family, version).open()
    }

    fn sealed(&self, sequence: u64, family: FamilyId, version: u64) -> Sealed {
        let place = usize::try_from(version).unwrap_or(usize::MAX).saturating_sub(1);
        let stored = self.families.get(&family).and_then(|entries| entries.get(place));
        let bytes = stored.map_or(&[][..], |stored| &stored.bytes);
        Sealed::new(sequence, family, version, bytes)
    }

    fn history(&mut self, node: Option<usize>, family: FamilyId) -> Result<History, StoreError> {
        let all = self.families.get(&family).map_or(0, Vec::len);
        let count = match (node, self.bug) {
            (Some(node), Some(Bug::ShowsThePast)) if all > 0 => {
                *self.shown.entry((node, family)).or_insert(all)
            }
            _ => all,
        };
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let mut remembered = self.remembered.get(&family).cloned().map(Box::new);
        remembered = remembered.filter(|state| node.is_some() && state.version <= count);
        if let (Some(state), Some(Bug::RemembersLess)) = (&mut remembered, self.bug) {
            state.fills.pop();
        }
        let from = remembered.as_ref().map_or(0, |state| state.version);
        let entries = (from + 1..=count).map(|version| {
            self.recorded(version, family, version).map(|recorded| (version, recorded.entry))
        });
        Ok(History { entries: entries.collect::<Result<_, _>>()?, remembered })
    }
}

fn away(doing: &'static str) -> StoreError {
    StoreError::Unreachable { doing, reason: "the simulation says so".to_owned() }
}

struct NodeJournal {
    store: Store,
    node: usize,
}

impl Journal for NodeJournal {
    fn append(&mut self, units: &[Unit]) -> Result<Vec<Appended>, StoreError> {
        self.store.state().append(self.node, units)
    }

    fn remember(&mut self, family: &Family) -> Result<(), StoreError> {
        let mut state = self.store.state();
        state.refuse_in_outage(true)?;
        let chance = state.chances.append_refused;
        if happens(&mut state.rng, chance) {
            return Err(away("remembering"));
        }
        state.remembered.insert(family.id, family.clone());
        Ok(())
    }

    fn retire(&mut self, _: &Family) -> Result<u64, StoreError> {
        // No simulation lasts as long as retention does.
        Ok(0)
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::new(NodeReader { store: self.store.clone(), node: Some(self.node) })
    }

    fn capabilities(&self) -> &'static [Capability] {
        &[
            Capability::SurvivesPowerLoss,
            Capability::ManyWriters,
            Capability::OneShard,
            Capability::DenseSequence,
            Capability::KeysWithoutDelay,
        ]
    }
}

/// What a node reads by, or the simulation itself, which nothing goes wrong with.
struct NodeReader {
    store: Store,
    node: Option<usize>,
}

impl NodeReader {
    fn state(&self) -> Result<MutexGuard<'_, State>, StoreError> {
        let mut state = self.store.state();
        if self.node.is_some() {
            state.refuse_read()?;
        }
        Ok(state)
    }

    /// Every entry in the order of the shard.
    fn all(&self) -> Result<Vec<Recorded>, StoreError> {
        drop(self.state()?);
        Ok(self.store.since(0)?)
    }
}

impl Reader for NodeReader {
    fn read_family(&self, family: FamilyId) -> Result<History, StoreError> {
        self.state()?.history(self.node, family)
    }

    fn find_entry(&self, id: ClaimId) -> Result<Option<Recorded>, StoreError> {
        Ok(self.all()?.into_iter().find(|recorded| recorded.entry.id == id))
    }

    fn find_billing(
        &self,
        pharmacy: Npi,
        prescription: PrescriptionNumber,
        date_of_service: Date,
    ) -> Result<Vec<FamilyId>, StoreError> {
        let state = self.state()?;
        let found = state.keys.get(&(pharmacy, prescription, date_of_service));
        Ok(found.into_iter().flatten().copied().collect())
    }

    fn read_from(&self, cursor: Cursor, limit: usize) -> Result<Vec<Sealed>, StoreError> {
        let state = self.state()?;
        if cursor.shard != 0 {
            return Err(StoreError::UnknownShard { found: cursor.shard, last: 0 });
        }
        let behind = usize::try_from(cursor.sequence).unwrap_or(usize::MAX);
        if behind > state.log.len() {
            let sequence = u64::try_from(state.log.len()).unwrap_or(u64::MAX);
            return Err(StoreError::BeyondHead {
                found: cursor,
                head: Cursor { shard: 0, sequence },
            });
        }
        let entries = (1..).zip(&state.log).skip(behind).take(limit);
        Ok(entries.map(|(sequence, (id, version))| state.sealed(sequence, *id, *version)).collect())
    }

    fn recent(&self, filter: &Filter, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let mut all = self.all()?;
        all.reverse();
        if let Some(before) = filter.before {
            let place = all.iter().position(|recorded| recorded.entry.id == before);
            let place = place.map_or(all.len(), |place| place + 1);
            all.drain(..place);
        }
        let is_meant = |recorded: &Recorded| {
            let kind = Kind::of(&recorded.entry.event);
            (filter.kinds.is_empty() || filter.kinds.contains(&kind))
                && filter.family.is_none_or(|family| family == recorded.family)
        };
        all.retain(is_meant);
        all.truncate(limit);
        Ok(all)
    }

    fn heads(&self) -> Result<Vec<Cursor>, StoreError> {
        let sequence = u64::try_from(self.state()?.log.len()).unwrap_or(u64::MAX);
        Ok(vec![Cursor { shard: 0, sequence }])
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        let mut counts = Counts::default();
        for recorded in self.all()? {
            counts.entries += 1;
            *counts.by_kind.entry(Kind::of(&recorded.entry.event)).or_insert(0) += 1;
        }
        let families = self.state()?.families.len();
        counts.families = u64::try_from(families).unwrap_or(u64::MAX);
        Ok(counts)
    }

    fn check(&self, _: &mut dyn FnMut(Damage)) -> Result<(), StoreError> {
        self.state().map(drop)
    }
}
