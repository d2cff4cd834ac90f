//! An entry as it came out of the store, before anybody has trusted it.

use openpbm_core::{Entry, FamilyId};

use crate::{Damage, Flaw, Kind, Recorded};

/// An entry with its place in the journal, not yet opened: cheap to read in order on one thread
/// and to open on another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Its place in its shard, from 1.
    pub sequence: u64,
    /// Whose it is.
    pub family: FamilyId,
    /// Its place among the family's entries, from 1.
    pub version: u64,
    /// What kind of an entry its row says that it is, if the row is whole and says so.
    pub(crate) kind: Option<Kind>,
    /// The entry as it is stored, if its seal and the columns beside it were right.
    pub(crate) content: Result<Box<[u8]>, Flaw>,
}

impl Sealed {
    /// An entry in its stored form, as a store of another house keeps it.
    pub fn new(sequence: u64, family: FamilyId, version: u64, stored: &[u8]) -> Self {
        Self { sequence, family, version, kind: None, content: Ok(stored.into()) }
    }

    /// False if it is none of these kinds, so that who looks for those need not open it. What is
    /// damaged, or whose row does not say, may be of any kind.
    pub fn may_be(&self, kinds: &[Kind]) -> bool {
        self.kind.is_none_or(|kind| kinds.contains(&kind))
    }

    /// The entry.
    ///
    /// # Errors
    ///
    /// [`Damage`] if it is not what was written.
    pub fn open(&self) -> Result<Recorded, Damage> {
        let Self { sequence, family, version, .. } = *self;
        let damage = |flaw| Damage { sequence, flaw };
        let content = self.content.as_ref().map_err(|flaw| damage(*flaw))?;
        // What the reader says of it is dropped on purpose: it may repeat a member's data.
        let entry = Entry::from_bytes(content).map_err(|_| damage(Flaw::Unreadable))?;
        Ok(Recorded { sequence, family, version, entry })
    }
}
