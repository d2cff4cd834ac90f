//! What becomes of a batch, decided from the versions that its families have. No I/O: the
//! database's part is to say what is there, and to refuse a version that is taken.

use openpbm_core::{ClaimId, FamilyId};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{Appended, Item, StoreError, Unit};

/// What is known, or assumed, of the families of a batch before it.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The version of each; 0 if it is not here.
    pub(super) versions: FxHashMap<FamilyId, u64>,
    /// The ids of entries that are stored, by their place.
    pub(super) ids: FxHashMap<(FamilyId, u64), ClaimId>,
}

impl Found {
    /// What the batch itself takes for granted: that each family has the version which is
    /// expected where it is first named. That is nearly always so.
    pub(super) fn assumed(units: &[Unit]) -> Self {
        let mut versions = FxHashMap::default();
        for unit in units {
            for (family, version) in unit.reads.iter().copied() {
                versions.entry(family).or_insert(version);
            }
            for item in &unit.items {
                versions.entry(item.family()).or_insert(item.expected_version());
            }
        }
        Self { versions, ids: FxHashMap::default() }
    }
}

/// What to store, and what to answer once it is.
#[derive(Debug, Default)]
pub(super) struct Plan<'u> {
    /// One for each unit.
    pub(super) answers: Vec<Appended>,
    /// In the order of family and version, in which everybody inserts: so two batches wait for
    /// each other, but not in a circle.
    pub(super) inserts: Vec<&'u Item>,
}

impl<'u> Plan<'u> {
    /// Decides unit by unit, as if each were alone after those before it.
    pub(super) fn make(units: &'u [Unit], found: &Found) -> Result<Self, StoreError> {
        let mut batch = Batch { found, moved: FxHashMap::default(), placed: FxHashMap::default() };
        let mut plan = Self::default();
        for unit in units {
            let answer = match batch.answer(unit)? {
                Verdict::Store => {
                    plan.inserts.extend(&unit.items);
                    Appended::Committed
                }
                Verdict::Answer(answer) => answer,
            };
            plan.answers.push(answer);
        }
        plan.inserts.sort_unstable_by_key(|item| (item.family(), item.expected_version()));
        Ok(plan)
    }

    /// True if the answers would be the same whatever was assumed, so long as it is so.
    pub(super) fn is_whole(&self) -> bool {
        self.answers.iter().all(Appended::is_committed)
    }

    /// The families of the batch that it only reads.
    pub(super) fn only_read(&self, found: &Found) -> Vec<(FamilyId, u64)> {
        let written: FxHashSet<_> = self.inserts.iter().map(|item| item.family()).collect();
        let read = found.versions.iter().filter(|(family, _)| !written.contains(family));
        read.map(|(family, version)| (*family, *version)).collect()
    }
}

enum Verdict {
    Store,
    Answer(Appended),
}

struct Batch<'f> {
    found: &'f Found,
    /// The versions that earlier units of the batch have made.
    moved: FxHashMap<FamilyId, u64>,
    /// The entries of earlier units.
    placed: FxHashMap<(FamilyId, u64), ClaimId>,
}

impl Batch<'_> {
    fn answer(&mut self, unit: &Unit) -> Result<Verdict, StoreError> {
        if self.is_known(unit) {
            return Ok(Verdict::Answer(Appended::Committed));
        }
        for (family, expected) in unit.reads.iter().copied() {
            let found = self.version(family);
            if found != expected {
                return Ok(Verdict::Answer(Appended::Conflict { family, found }));
            }
        }
        let mut made: Vec<(FamilyId, u64)> = Vec::with_capacity(unit.items.len());
        for item in &unit.items {
            let family = item.family();
            let found = self.version(family);
            let latest = made.iter().rev().find(|(of, _)| *of == family);
            let current = latest.map_or(found, |(_, version)| *version);
            if item.expected_version() != current {
                return Ok(Verdict::Answer(Appended::Conflict { family, found }));
            }
            made.push((family, next(item)?));
        }
        for (item, (family, version)) in unit.items.iter().zip(made) {
            self.moved.insert(family, version);
            self.placed.insert((family, version), item.entry().id);
        }
        Ok(Verdict::Store)
    }

    /// True if the journal holds every entry of the unit at its place: it was sent before.
    fn is_known(&self, unit: &Unit) -> bool {
        let stored = |item: &Item| {
            let place = (item.family(), item.expected_version().saturating_add(1));
            let there = self.placed.get(&place).or_else(|| self.found.ids.get(&place));
            there == Some(&item.entry().id)
        };
        !unit.items.is_empty() && unit.items.iter().all(stored)
    }

    /// The version of a family before the unit at hand.
    fn version(&self, family: FamilyId) -> u64 {
        let moved = self.moved.get(&family).or_else(|| self.found.versions.get(&family));
        moved.copied().unwrap_or(0)
    }
}

/// The version that an item makes. The database counts to 2^63.
pub(super) fn next(item: &Item) -> Result<u64, StoreError> {
    let next = item.expected_version().checked_add(1).filter(|next| i64::try_from(*next).is_ok());
    next.ok_or(StoreError::Unstorable { id: item.entry().id })
}
