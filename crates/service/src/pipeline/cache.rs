//! Families as the journal has them, the recently used ones.

use openpbm_core::{Family, FamilyId};
use rustc_hash::FxHashMap;

/// Two generations: a family that is used moves to the young one; when that has taken its share
/// of memory, it becomes the old one and the old one is forgotten. Constant work a use, and
/// bounded memory, however long the families' histories grow.
pub(super) struct Cache {
    young: FxHashMap<FamilyId, Kept>,
    old: FxHashMap<FamilyId, Kept>,
    /// Bytes that the young ones take.
    taken: usize,
    /// Bytes that a generation may take.
    most: usize,
}

/// A family, and the bytes that it was reckoned with.
struct Kept {
    family: Family,
    bytes: usize,
}

impl Cache {
    /// A cache of about so many bytes.
    pub(super) fn new(bytes: usize) -> Self {
        Self { young: FxHashMap::default(), old: FxHashMap::default(), taken: 0, most: bytes / 2 }
    }

    /// The family, if it is at hand.
    pub(super) fn get_mut(&mut self, id: FamilyId) -> Option<&mut Family> {
        if self.taken > self.most && !self.old.contains_key(&id) {
            self.turn();
        }
        if !self.young.contains_key(&id) {
            let kept = self.old.remove(&id)?;
            self.insert(kept.family);
        }
        let Kept { family, bytes } = self.young.get_mut(&id)?;
        // Whoever had it last may have let it grow.
        let found = family.bytes_in_memory();
        self.taken = self.taken.saturating_sub(*bytes).saturating_add(found);
        *bytes = found;
        Some(family)
    }

    pub(super) fn insert(&mut self, family: Family) {
        if self.taken >= self.most {
            self.turn();
        }
        let bytes = family.bytes_in_memory();
        self.taken = self.taken.saturating_add(bytes);
        let kept = Kept { bytes, family };
        if let Some(before) = self.young.insert(kept.family.id, kept) {
            self.taken = self.taken.saturating_sub(before.bytes);
        }
    }

    /// Forgets a family, so that it is read anew.
    pub(super) fn forget(&mut self, id: FamilyId) {
        if let Some(kept) = self.young.remove(&id) {
            self.taken = self.taken.saturating_sub(kept.bytes);
        }
        self.old.remove(&id);
    }

    /// The young ones are the old ones from now on.
    fn turn(&mut self) {
        self.old = std::mem::take(&mut self.young);
        self.taken = 0;
    }
}

#[cfg(test)]
mod tests {
    use openpbm_core::BillingKey;

    use super::*;

    fn family(number: u64) -> Family {
        Family::unknown(format!("F{number}").parse().unwrap())
    }

    /// Room for two families in each generation.
    fn cache() -> Cache {
        Cache::new(4 * family(0).bytes_in_memory())
    }

    #[test]
    fn the_least_recently_used_are_forgotten() {
        let mut cache = cache();
        (0..3).for_each(|n| cache.insert(family(n)));
        assert!(cache.get_mut(family(0).id).is_some(), "used, so it moves to the young ones");
        cache.insert(family(3));
        cache.insert(family(4));
        assert!(cache.get_mut(family(1).id).is_none());
        assert!(cache.young.len() + cache.old.len() <= 4);
        cache.forget(family(4).id);
        assert!(cache.get_mut(family(4).id).is_none());
    }

    #[test]
    fn families_that_grow_push_others_out() {
        let mut cache = cache();
        (0..2).for_each(|n| cache.insert(family(n)));
        let key = BillingKey {
            pharmacy: "1999000015".parse().unwrap(),
            prescription: openpbm_core::PrescriptionNumber::new(1).unwrap(),
            fill: 0,
            date_of_service: "2026-03-12".parse().unwrap(),
        };
        for number in 0..1_000 {
            let reversed = (key, openpbm_core::ClaimId::new(number, 1));
            let grown = cache.get_mut(family(0).id).unwrap();
            grown.reversed.push(reversed);
        }
        // Each time that it is too large for a generation, it is alone in a new one.
        assert!(cache.get_mut(family(0).id).is_some());
        assert!(cache.get_mut(family(1).id).is_none());
    }

    #[test]
    fn what_was_just_put_in_is_there() {
        let mut cache = Cache::new(1);
        for number in 0..10 {
            cache.insert(family(number));
            assert!(cache.get_mut(family(number).id).is_some());
            assert!(cache.young.len() + cache.old.len() <= 2);
        }
    }
}
