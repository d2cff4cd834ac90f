//! Reads a family: the fold of its journal entries.

use openpbm_core::{Family, FamilyId};
use openpbm_engine::ledger::{self, LedgerError};
use openpbm_store::{Reader, StoreError};

/// A family that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FamilyError {
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The entries do not follow from each other.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The cache does not hold what it was just given.
    #[error("the family cache lost an entry")]
    NotCached,
}

/// Folds all entries of a family.
pub(crate) fn read(reader: &dyn Reader, id: FamilyId) -> Result<Family, FamilyError> {
    let mut family = Family::unknown(id);
    for (_, entry) in reader.read_family(id)? {
        ledger::apply(&mut family, &entry)?;
    }
    Ok(family)
}
