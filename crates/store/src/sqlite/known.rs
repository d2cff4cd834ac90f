//! The heads of families that were appended to since the journal was opened: what the next append
//! compares with, when the family is not recent any more, without a look into the index.

use openpbm_core::FamilyId;
use rustc_hash::FxHashMap;

use super::recent::Head;

/// Two generations of at most so many: when the young one is full it becomes the old one, and the
/// old one is forgotten. Some 40 bytes a family.
#[derive(Debug, Default)]
pub(super) struct Known {
    young: FxHashMap<FamilyId, Head>,
    old: FxHashMap<FamilyId, Head>,
}

/// Families in one generation.
const GENERATION: usize = 500_000;

impl Known {
    pub(super) fn head(&self, family: FamilyId) -> Option<Head> {
        self.young.get(&family).or_else(|| self.old.get(&family)).copied()
    }

    /// Notes the newest entry of a family, once it is durable.
    pub(super) fn note(&mut self, family: FamilyId, head: Head) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(family, head);
    }
}
