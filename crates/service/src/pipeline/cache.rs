//! Families as the journal has them, the recently used ones.

use openpbm_core::{Family, FamilyId};
use rustc_hash::FxHashMap;

/// Two generations: a family that is used moves to the young one; when that is full, it becomes
/// the old one and the old one is forgotten. Constant work a use, and bounded memory.
pub(super) struct Cache {
    young: FxHashMap<FamilyId, Family>,
    old: FxHashMap<FamilyId, Family>,
    generation: usize,
}

impl Cache {
    pub(super) fn new(generation: usize) -> Self {
        Self { young: FxHashMap::default(), old: FxHashMap::default(), generation }
    }

    /// The family, if it is at hand.
    pub(super) fn get_mut(&mut self, id: FamilyId) -> Option<&mut Family> {
        if !self.young.contains_key(&id) {
            let family = self.old.remove(&id)?;
            self.insert(family);
        }
        self.young.get_mut(&id)
    }

    pub(super) fn insert(&mut self, family: Family) {
        if self.young.len() >= self.generation {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(family.id, family);
    }

    /// Forgets a family, so that it is read anew.
    pub(super) fn forget(&mut self, id: FamilyId) {
        self.young.remove(&id);
        self.old.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recently_used_families_stay() {
        let family = |n: u32| Family::unknown(format!("F{n}").parse().unwrap());
        let mut cache = Cache::new(2);
        (0..3).for_each(|n| cache.insert(family(n)));
        assert!(cache.get_mut(family(0).id).is_some(), "used, so it moves to the young ones");
        cache.insert(family(3));
        cache.insert(family(4));
        assert!(cache.get_mut(family(1).id).is_none());
        assert!(cache.young.len() + cache.old.len() <= 4);
        cache.forget(family(4).id);
        assert!(cache.get_mut(family(4).id).is_none());
    }
}
