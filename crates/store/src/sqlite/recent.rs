//! The recent part of the journal, by which its entries are found before the index knows them.
//!
//! A [`Generation`] is what a merge writes: it is filled, frozen while a merge writes it, and
//! dropped when the index holds it. Meanwhile a new one is filled.

use std::collections::BTreeSet;
use std::sync::Arc;

use openpbm_core::{ClaimId, Date, Event, FamilyId, Npi, PrescriptionNumber};
use rustc_hash::FxHashMap;

use crate::Kind;
use crate::keys::Keys;

/// A family's newest entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) version: u64,
    pub(super) sequence: u64,
}

/// What a decided claim is found by, in the order of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Billing {
    /// As 20260312.
    pub(super) day: u32,
    pub(super) pharmacy: u64,
    pub(super) prescription: u64,
}

impl Billing {
    /// The place of claims whose content is damaged, so that their key is not known: whoever
    /// looks for a claim meets them too.
    pub(super) const UNKNOWN: Self = Self { day: 0, pharmacy: 0, prescription: 0 };

    pub(super) fn new(pharmacy: Npi, prescription: PrescriptionNumber, day: Date) -> Self {
        let (year, month, day) = day.ymd();
        let year = u32::try_from(year).unwrap_or(0);
        let day = year.saturating_mul(10_000) + u32::from(month) * 100 + u32::from(day);
        Self { day, pharmacy: pharmacy.number(), prescription: prescription.number() }
    }

    /// What an entry is found by, if it is of a decided claim.
    pub(super) fn of(event: &Event) -> Option<Self> {
        let Keys { kind, pharmacy, prescription, date_of_service } = Keys::of(event);
        let decided = matches!(kind, Kind::Paid | Kind::Rejected);
        decided.then(|| Some(Self::new(pharmacy?, prescription?, date_of_service?))).flatten()
    }
}

/// What is noted of an entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Note {
    pub(super) sequence: u64,
    pub(super) family: FamilyId,
    pub(super) version: u64,
    pub(super) id: ClaimId,
    pub(super) kind: Kind,
    pub(super) billing: Option<Billing>,
}

/// An entry of a generation, by its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brief {
    pub(super) id: ClaimId,
    pub(super) kind: Kind,
    /// True for a family's first entry.
    pub(super) is_first: bool,
}

/// A family's remembered state, encoded.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub(super) version: u64,
    pub(super) bytes: Arc<[u8]>,
}

/// A run of the journal's entries.
#[derive(Debug, Default)]
pub(super) struct Generation {
    /// The sequence number before its first entry.
    after: u64,
    briefs: Vec<Brief>,
    ids: FxHashMap<ClaimId, u64>,
    heads: FxHashMap<FamilyId, Head>,
    billing: BTreeSet<(Billing, u64)>,
    states: FxHashMap<FamilyId, State>,
    /// Of the states.
    bytes: usize,
}

impl Generation {
    /// An empty one, behind that entry.
    pub(super) fn after(sequence: u64) -> Self {
        Self { after: sequence, ..Self::default() }
    }

    /// The sequence number before its first entry.
    pub(super) const fn start(&self) -> u64 {
        self.after
    }

    /// The sequence number of its last entry.
    pub(super) fn last(&self) -> u64 {
        self.after.saturating_add(u64::try_from(self.briefs.len()).unwrap_or(u64::MAX))
    }

    /// Takes up the next entry. One that is not the next would be a mistake of the caller's, and
    /// is not noted.
    pub(super) fn note(&mut self, note: &Note) {
        let Note { sequence, family, version, id, kind, billing } = *note;
        debug_assert_eq!(sequence, self.last() + 1, "entries are noted in order");
        self.briefs.push(Brief { id, kind, is_first: version == 1 });
        self.ids.insert(id, sequence);
        self.heads.insert(family, Head { version, sequence });
        self.billing.extend(billing.map(|billing| (billing, sequence)));
    }

    /// Takes up a state, if it is newer than the one it has.
    pub(super) fn remember(&mut self, family: FamilyId, state: State) {
        let known = self.states.get(&family);
        if known.is_some_and(|known| known.version >= state.version) {
            return;
        }
        self.bytes = self.bytes.saturating_add(state.bytes.len());
        if let Some(replaced) = self.states.insert(family, state) {
            self.bytes = self.bytes.saturating_sub(replaced.bytes.len());
        }
    }

    /// An entry was changed by retention. Returns true if it is one of these.
    pub(super) fn retire(&mut self, sequence: u64, kind: Kind) -> bool {
        let place = sequence.checked_sub(self.after.saturating_add(1));
        let place = place.and_then(|place| usize::try_from(place).ok());
        let brief = place.and_then(|place| self.briefs.get_mut(place));
        brief.map(|brief| brief.kind = kind).is_some()
    }

    /// A claim is no longer found by its key.
    pub(super) fn forget(&mut self, billing: Billing, sequence: u64) {
        self.billing.remove(&(billing, sequence));
    }

    /// How much it holds, in entries: a state counts by its size.
    pub(super) fn weight(&self) -> usize {
        /// Bytes of memory that an entry takes, in round figures.
        const ENTRY: usize = 256;
        self.briefs.len().saturating_add(self.bytes / ENTRY)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.briefs.is_empty() && self.states.is_empty()
    }

    /// Its entries in order, with their sequence numbers.
    pub(super) fn briefs(&self) -> impl DoubleEndedIterator<Item = (u64, &Brief)> {
        // Counted from the front, so that it can be read from the back.
        self.briefs.iter().enumerate().map(|(place, brief)| {
            let place = u64::try_from(place).unwrap_or(u64::MAX);
            (self.after.saturating_add(1).saturating_add(place), brief)
        })
    }

    /// The last entry's id.
    pub(super) fn last_id(&self) -> Option<ClaimId> {
        self.briefs.last().map(|brief| brief.id)
    }

    pub(super) fn heads(&self) -> impl Iterator<Item = (&FamilyId, &Head)> {
        self.heads.iter()
    }

    pub(super) fn billing(&self) -> impl Iterator<Item = &(Billing, u64)> {
        self.billing.iter()
    }

    pub(super) fn states(&self) -> impl Iterator<Item = (&FamilyId, &State)> {
        self.states.iter()
    }
}

/// What the index does not hold yet.
#[derive(Debug, Default)]
pub(super) struct Recent {
    /// What is being merged.
    frozen: Option<Arc<Generation>>,
    open: Generation,
}

impl Recent {
    /// Nothing, behind that entry.
    pub(super) fn after(sequence: u64) -> Self {
        Self { frozen: None, open: Generation::after(sequence) }
    }

    pub(super) fn of(open: Generation) -> Self {
        Self { frozen: None, open }
    }

    pub(super) const fn open(&self) -> &Generation {
        &self.open
    }

    pub(super) const fn open_mut(&mut self) -> &mut Generation {
        &mut self.open
    }

    /// The last entry of the journal, as far as is known here.
    pub(super) fn last(&self) -> u64 {
        self.open.last()
    }

    /// What is to be merged: what a merge that failed has left, or else what is open.
    pub(super) fn freeze(&mut self) -> Arc<Generation> {
        let open = &mut self.open;
        let freeze = || {
            let next = Generation::after(open.last());
            Arc::new(std::mem::replace(open, next))
        };
        Arc::clone(self.frozen.get_or_insert_with(freeze))
    }

    /// The index holds now what was frozen.
    pub(super) fn thaw(&mut self) {
        self.frozen = None;
    }

    /// True if a merge has failed and is to be tried again.
    pub(super) const fn is_frozen(&self) -> bool {
        self.frozen.is_some()
    }

    pub(super) fn head(&self, family: FamilyId) -> Option<Head> {
        self.newest_first().find_map(|generation| generation.heads.get(&family).copied())
    }

    pub(super) fn find(&self, id: ClaimId) -> Option<u64> {
        self.newest_first().find_map(|generation| generation.ids.get(&id).copied())
    }

    pub(super) fn state(&self, family: FamilyId) -> Option<State> {
        let states = self.newest_first().filter_map(|generation| generation.states.get(&family));
        states.max_by_key(|state| state.version).cloned()
    }

    /// The entries of that key.
    pub(super) fn billing(&self, key: Billing) -> Vec<u64> {
        let of_generation = |generation: &Generation| {
            let range = generation.billing.range((key, 0)..=(key, u64::MAX));
            range.map(|(_, sequence)| *sequence).collect::<Vec<_>>()
        };
        self.newest_first().flat_map(of_generation).collect()
    }

    /// The entries behind a place, newest first.
    pub(super) fn briefs(&self, behind: u64) -> impl Iterator<Item = (u64, &Brief)> {
        let all = self.newest_first().flat_map(|generation| generation.briefs().rev());
        all.take_while(move |(sequence, _)| *sequence > behind)
    }

    fn newest_first(&self) -> impl Iterator<Item = &Generation> {
        std::iter::once(&self.open).chain(self.frozen.as_deref())
    }
}
