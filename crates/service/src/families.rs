//! Reads a family: its last remembered state, and the fold of the journal entries behind it.

use openpbm_core::{Family, FamilyId, Reversal};
use openpbm_engine::ledger::{self, LedgerError};
use openpbm_engine::transaction::Request;
use openpbm_store::{History, Reader, StoreError};

use crate::keys;
use crate::shared::Shared;

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
    /// A request came to be decided before its family was looked up.
    #[error("a request has no family")]
    Unknown,
}

/// A family as it was read.
pub(crate) struct Found {
    pub(crate) family: Family,
    /// So many entries had to be read for it that its state is worth remembering.
    pub(crate) is_long: bool,
}

/// To fold more entries than this costs more than to remember their sum.
const LONG: usize = 16;

/// Reads a family.
pub(crate) fn read(reader: &dyn Reader, id: FamilyId) -> Result<Found, FamilyError> {
    fold(id, reader.read_family(id)?)
}

/// Reads many families with one question to the store.
pub(crate) fn read_all(reader: &dyn Reader, ids: &[FamilyId]) -> Result<Vec<Found>, FamilyError> {
    let histories = reader.read_families(ids)?;
    ids.iter().zip(histories).map(|(id, history)| fold(*id, history)).collect()
}

fn fold(id: FamilyId, history: History) -> Result<Found, FamilyError> {
    let is_long = history.entries.len() > LONG;
    let mut family = history.remembered.map_or_else(|| Family::unknown(id), |state| *state);
    for (_, entry) in history.entries {
        ledger::apply(&mut family, &entry)?;
    }
    Ok(Found { family, is_long })
}

/// The family that a request is about, as far as the request itself says.
pub(crate) fn named_by(shared: &Shared, request: &Request) -> Option<FamilyId> {
    match request {
        Request::Billing(claim) | Request::Rebill(claim) => Some(claim.cardholder),
        Request::Eligibility(inquiry) => Some(inquiry.cardholder),
        Request::Reversal(reversal) => reversal.cardholder,
        Request::Unreadable(refusal) => {
            Some(keys::refusals_of(refusal.pharmacy, shared.clock.now().date()))
        }
        Request::Enrollment(_) | Request::Medical(_) => Some(keys::nobody()),
    }
}

/// The family that a request is about, looked up if need be.
pub(crate) fn of_request(shared: &Shared, request: &Request) -> Result<FamilyId, FamilyError> {
    match (named_by(shared, request), request) {
        (Some(family), _) => Ok(family),
        (None, Request::Reversal(reversal)) => {
            let today = shared.clock.now().date();
            let nowhere = || keys::refusals_of(Some(reversal.pharmacy), today);
            Ok(of_prescription(&*shared.reader, reversal)?.unwrap_or_else(nowhere))
        }
        (None, _) => Err(FamilyError::Unknown),
    }
}

/// The family that a reversal without a cardholder id means: of those that this prescription was
/// ever decided for, the one that has it paid, or else the first.
fn of_prescription(
    reader: &dyn Reader,
    reversal: &Reversal,
) -> Result<Option<FamilyId>, FamilyError> {
    let (pharmacy, number) = (reversal.pharmacy, reversal.prescription);
    let families = reader.find_billing(pharmacy, number, reversal.date_of_service)?;
    for id in &families {
        let family = read(reader, *id)?.family;
        if family.dispensed().any(|fill| reversal.means(&fill.key, fill.drug.ndc)) {
            return Ok(Some(*id));
        }
    }
    Ok(families.first().copied())
}
