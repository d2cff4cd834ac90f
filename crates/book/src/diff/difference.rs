//! Facts that differ: each told by itself, or together with others of which the same is said.

use std::cmp::Ordering;

use openpbm_core::{Channel, ProductKind, Source};

use super::ChangeKind;
use crate::facts::{Cell, Fact, share_of};

/// One fact that differs.
pub(super) struct Difference {
    pub(super) kind: ChangeKind,
    pub(super) text: String,
    /// In the new book, or in the old one for what is gone.
    pub(super) source: Source,
}

/// The facts that differ, in the order of the new ones, then those that are gone.
pub(super) fn compare(before: &[Fact], after: &[Fact]) -> Vec<Difference> {
    let find = |facts: &[Fact], what: &str| facts.iter().find(|f| f.what == what).cloned();
    let mut told: Vec<Telling> = Vec::new();
    let mut tell = |fact: &Fact, kind: ChangeKind, predicate: String| {
        let same = told.iter_mut().find(|t| (t.kind, &t.predicate) == (kind, &predicate));
        match (fact.cell, same) {
            (Some(cell), Some(same)) if !same.cells.is_empty() => same.cells.push(cell),
            (cell, _) => told.push(Telling {
                kind,
                what: fact.what.clone(),
                cells: cell.into_iter().collect(),
                predicate,
                source: fact.source,
            }),
        }
    };
    for fact in after {
        match find(before, &fact.what) {
            Some(earlier) if earlier.said == fact.said => {}
            Some(earlier) => {
                let (kind, verb) = match fact.said.compare(&earlier.said) {
                    Some(Ordering::Greater) => (ChangeKind::Raised, "rises"),
                    Some(Ordering::Less) => (ChangeKind::Lowered, "falls"),
                    _ => (ChangeKind::Changed, "changes"),
                };
                tell(fact, kind, format!("{verb} from {} to {}", earlier.said, fact.said));
            }
            None => tell(fact, ChangeKind::Added, format!("is newly {}", fact.said)),
        }
    }
    for fact in before.iter().filter(|fact| find(after, &fact.what).is_none()) {
        tell(fact, ChangeKind::Removed, format!("is no longer {}", fact.said));
    }
    told.into_iter().flat_map(Telling::differences).collect()
}

/// What is said of one fact, or of the shares of several cells alike.
struct Telling {
    kind: ChangeKind,
    what: String,
    cells: Vec<Cell>,
    predicate: String,
    source: Source,
}

impl Telling {
    fn differences(self) -> Vec<Difference> {
        let subjects = match self.cells.as_slice() {
            [] => vec![self.what.clone()],
            cells => shares(cells),
        };
        let difference = |subject| Difference {
            kind: self.kind,
            text: format!("{subject} {}", self.predicate),
            source: self.source,
        };
        subjects.into_iter().map(difference).collect()
    }
}

/// The shares of these cells in as few phrases as their tiers and channels allow.
fn shares(cells: &[Cell]) -> Vec<String> {
    let has = |channel, tier, kind| cells.contains(&Cell { channel, tier, kind });
    let mut rows: Vec<(Option<ProductKind>, Channel, Vec<u8>)> = Vec::new();
    let mut seen = Vec::new();
    for Cell { channel, tier, kind } in cells.iter().copied() {
        let both = [ProductKind::Brand, ProductKind::Generic].map(|kind| has(channel, tier, kind));
        let kind = if both == [true, true] { None } else { Some(kind) };
        if seen.contains(&(kind, channel, tier)) {
            continue;
        }
        seen.push((kind, channel, tier));
        match rows.iter_mut().find(|(k, c, _)| (*k, *c) == (kind, channel)) {
            Some((.., tiers)) => tiers.push(tier),
            None => rows.push((kind, channel, vec![tier])),
        }
    }
    let mut phrases: Vec<(Option<ProductKind>, Vec<u8>, Vec<Channel>)> = Vec::new();
    for (kind, channel, tiers) in rows {
        match phrases.iter_mut().find(|(k, t, _)| *k == kind && *t == tiers) {
            Some((.., channels)) => channels.push(channel),
            None => phrases.push((kind, tiers, vec![channel])),
        }
    }
    let phrase = |(kind, tiers, channels): &(Option<ProductKind>, Vec<u8>, Vec<Channel>)| {
        share_of(*kind, tiers, Some(channels))
    };
    phrases.iter().map(phrase).collect()
}
