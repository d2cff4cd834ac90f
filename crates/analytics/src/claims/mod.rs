//! Claims as a table: what pharmacies sent, in the order in which they sent it.
//!
//! `docs/reference/claims-file.md` lists the columns for those who write such files.

mod columns;
mod read;
mod write;

use openpbm_core::{Claim, ClaimId, Reversal};

pub use columns::COLUMNS;
pub use read::{Layout, Mistake};
pub use write::{Unwritable, record};

/// One row: something that a pharmacy sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// 503-F3, the authorization number under which it was decided, where that is known.
    pub id: Option<ClaimId>,
    /// What was sent. A reversal names its cardholder.
    pub sent: Sent,
    /// [`Adjudication::fingerprint`](openpbm_core::Adjudication::fingerprint) of the answer that
    /// was given, where that is known.
    pub answer: Option<u64>,
}

/// What a pharmacy sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// B1.
    Billing(Claim),
    /// B2.
    Reversal(Reversal),
    /// B3.
    Rebill(Claim),
}
