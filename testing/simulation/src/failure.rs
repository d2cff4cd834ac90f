//! What a simulation may find.

use openpbm_core::FamilyId;
use openpbm_engine::ledger::LedgerError;
use openpbm_model::auditor::Finding;
use openpbm_store::{Damage, StoreError};

/// What is wrong with what a simulation did.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The auditor says so.
    #[error("{0}")]
    Audit(Finding),
    /// Nothing goes wrong any more, and still there are requests without an answer.
    #[error("{unanswered} pharmacies still wait, long after the last fault")]
    Stuck {
        /// How many pharmacies wait.
        unanswered: usize,
    },
    /// A response that no pharmacy can read.
    #[error("a response cannot be read: {0}")]
    Response(#[from] openpbm_pharmacy::NoReply),
    /// A request that cannot be written: a mistake of the workload.
    #[error("a request cannot be written: {0}")]
    Request(String),
    /// The journal's entries cannot be read.
    #[error("the journal cannot be read: {0}")]
    Damage(#[from] Damage),
    /// The store cannot be read, with nothing wrong any more.
    #[error("the store cannot be read: {0}")]
    Store(#[from] StoreError),
    /// A family's entries do not follow from each other.
    #[error("a family cannot be folded: {error}")]
    Ledger {
        /// Whose, invented like everything else.
        family: FamilyId,
        /// What is wrong.
        error: LedgerError,
    },
    /// The service's own verification found something.
    #[error("verification: {0}")]
    Verification(String),
}
