//! Reads everything and believes nothing: whether places follow each other, and whether the
//! index says what the journal says.

use std::collections::BTreeMap;
use std::hash::BuildHasher;

use openpbm_core::{ClaimId, FamilyId};
use rusqlite::{Connection, Row};
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::index::{Contents, Mark};
use super::recent::{Billing, Head};
use super::row::{Columns, columns};
use super::shared::Shared;
use super::{DATABASE, log, retention, tail};
use crate::{Damage, Flaw, Kind, StoreError};

const PAGE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM journal WHERE sequence > ?1 ORDER BY sequence LIMIT 4096"
);

/// How often to begin again when retention changes what is being compared.
const ATTEMPTS: usize = 3;

/// Visits each damage to the order of the entries; then an error for what is wrong elsewhere.
pub(super) fn check(shared: &Shared, visit: &mut dyn FnMut(Damage)) -> Result<(), StoreError> {
    log::check(&shared.directory().join(DATABASE))?;
    let failed = shared.failed("checking the journal");
    shared.journal(|journal| {
        let ask = "PRAGMA integrity_check(1)";
        let said: String = journal.query_row(ask, [], |row| row.get(0)).map_err(&failed)?;
        if said == "ok" { Ok(()) } else { Err(StoreError::Corrupt { detail: said }) }
    })?;
    let number = || shared.journal(|journal| retention::number(journal).map_err(&failed));
    let mut found = Vec::new();
    for _ in 0..ATTEMPTS {
        let before = number()?;
        let contents = shared.contents()?;
        let mark = contents.as_ref().map_or(Mark::default(), |contents| contents.mark);
        let mut audit = Audit::new(mark.sequence);
        while audit.read_page(shared)? > 0 {}
        found = std::mem::take(&mut audit.found);
        // What retention changes in between is no damage: then all of it is read again.
        let unmoved = number()? == before;
        match contents {
            Some(contents) if unmoved && mark.retired == before => {
                found.drain(..).for_each(&mut *visit);
                return audit.compare(&contents);
            }
            None => break,
            Some(_) => {}
        }
    }
    found.into_iter().for_each(visit);
    Ok(())
}

/// What the journal says, to be compared with the index.
struct Audit {
    /// Up to here the index holds.
    mark: u64,
    /// The last sequence number read.
    last: u64,
    /// Everybody's newest entry.
    heads: FxHashMap<FamilyId, Head>,
    /// Those that changed behind the mark, as they were up to it.
    heads_at_mark: FxHashMap<FamilyId, Head>,
    ids: BTreeMap<u64, (ClaimId, ClaimId)>,
    kinds: BTreeMap<(Kind, u64), u64>,
    /// What must be the sum of all keys; `None` if an entry's key cannot be known any more.
    billing: Option<u64>,
    found: Vec<Damage>,
}

impl Audit {
    fn new(mark: u64) -> Self {
        Self {
            mark,
            last: 0,
            heads: FxHashMap::default(),
            heads_at_mark: FxHashMap::default(),
            ids: BTreeMap::new(),
            kinds: BTreeMap::new(),
            billing: Some(0),
            found: Vec::new(),
        }
    }

    /// Page by page: one long read would keep the journal's log from being folded back.
    fn read_page(&mut self, shared: &Shared) -> Result<usize, StoreError> {
        let failed = shared.failed("checking the journal");
        shared.journal(|journal: &Connection| {
            let mut page = journal.prepare_cached(PAGE).map_err(&failed)?;
            let mut rows = page.query([self.last]).map_err(&failed)?;
            let mut read = 0_usize;
            while let Some(row) = rows.next().map_err(&failed)? {
                self.read(row).map_err(&failed)?;
                read = read.saturating_add(1);
            }
            Ok(read)
        })
    }

    fn read(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let sequence: u64 = row.get(0)?;
        let entries = sequence.saturating_sub(self.last).saturating_sub(1);
        if entries > 0 {
            let sequence = self.last.saturating_add(1);
            self.found.push(Damage { sequence, flaw: Flaw::Missing { entries } });
        }
        self.last = sequence;
        let columns = Columns::of(row)?;
        let read = columns
            .and_then(|columns| Ok((columns, columns.family()?, columns.id()?, columns.kind()?)));
        // One whose columns cannot be read is told by whoever opens it.
        let Ok((columns, family, id, kind)) = read else {
            self.billing = None;
            return Ok(());
        };
        self.check_place(&columns, family);
        if sequence <= self.mark {
            self.count(&columns, id, kind);
        }
        Ok(())
    }

    fn check_place(&mut self, columns: &Columns<'_>, family: FamilyId) {
        let (sequence, version) = (columns.place.sequence, columns.place.version);
        let before = self.heads.get(&family).copied().unwrap_or_default();
        let expected = before.version.saturating_add(1);
        let follows = version == expected;
        // A damaged entry is told by whoever opens it; where its place fits, it is taken, so
        // that those behind it are not held to be damaged too.
        if columns.is_whole() {
            if !follows {
                self.found.push(columns.damage(Flaw::Version { found: version, expected }));
            } else if columns.place.previous != before.sequence {
                self.found.push(columns.damage(Flaw::Columns));
            }
        } else if !follows {
            return;
        }
        if sequence > self.mark {
            self.heads_at_mark.entry(family).or_insert(before);
        }
        self.heads.insert(family, Head { version, sequence });
    }

    fn count(&mut self, columns: &Columns<'_>, id: ClaimId, kind: Kind) {
        let block = super::index::block(columns.place.sequence);
        let (first, last) = self.ids.entry(block).or_insert((id, id));
        (*first, *last) = ((*first).min(id), (*last).max(id));
        let entries = self.kinds.entry((kind, block)).or_default();
        *entries = entries.saturating_add(1);
        let key = tail::billing(columns, kind);
        if key == Some(Billing::UNKNOWN) {
            self.billing = None;
        }
        if let (Some(sum), Some(key)) = (&mut self.billing, key) {
            *sum = sum.wrapping_add(digest(key, columns.place.sequence));
        }
    }

    fn compare(self, contents: &Contents) -> Result<(), StoreError> {
        let mut heads = self.heads;
        heads.extend(self.heads_at_mark);
        heads.retain(|_, head| head.version > 0);
        let families = u64::try_from(heads.len()).unwrap_or(u64::MAX);
        let same = [
            ("mark", families == contents.mark.families),
            ("heads", heads == contents.heads),
            ("blocks", self.ids == contents.ids),
            ("kinds", self.kinds == contents.kinds),
            ("billing", self.billing.is_none_or(|sum| sum == contents.billing)),
        ];
        let differing = same.into_iter().find(|(_, same)| !same);
        differing.map_or(Ok(()), |(table, _)| {
            let detail = format!("`{table}` does not say what the journal says");
            Err(StoreError::IndexDamaged { detail })
        })
    }
}

/// A number that stands for a key and its entry, of which a sum does not depend on their order.
pub(super) fn digest(key: Billing, sequence: u64) -> u64 {
    FxBuildHasher.hash_one((key, sequence))
}
