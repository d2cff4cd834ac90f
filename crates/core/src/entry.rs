//! The journal's entries: what happened to a family, never changed once written.

use serde::{Deserialize, Serialize};

use crate::{
    Adjudication, BillingKey, BookVersion, Claim, ClaimId, Date, Member, Npi, PrescriptionNumber,
    RejectCode, Reversal, Timestamp,
};

/// One reason for a refusal that no claim came of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalReason {
    /// 511-FB.
    pub code: RejectCode,
    /// 526-FQ, in words.
    pub message: String,
    /// 546-4F: which occurrence of a repeating field is at fault, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurrence: Option<u8>,
}

impl RefusalReason {
    /// A reason that is not about a repeating field.
    pub fn new(code: RejectCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), occurrence: None }
    }
}

/// Something that was refused before it could become a claim, or a reversal that found nothing
/// to reverse. It changes no balance; it is kept so that the pharmacy's call can be answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// 103-A3 as it was sent.
    pub transaction: String,
    /// 201-B1, where it was a right NPI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pharmacy: Option<Npi>,
    /// 402-D2, where it was readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prescription: Option<PrescriptionNumber>,
    /// 401-D1, where it was readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_service: Option<Date>,
    /// Why, in order of precedence, at most five.
    pub reasons: Vec<RefusalReason>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Members as an enrollment file states them; each replaces the member of its person code.
    Enrolled {
        /// The members that the file states.
        members: Vec<Member>,
    },
    /// A claim was decided: paid or rejected.
    Decided {
        /// What was asked.
        claim: Box<Claim>,
        /// The book that decided it.
        book: BookVersion,
        /// The paid claim that a rebill (B3) would take back; it did, if this one is paid.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rebills: Option<ClaimId>,
        /// What was decided, and why.
        adjudication: Box<Adjudication>,
    },
    /// A paid claim was taken back.
    Reversed {
        /// What was asked.
        reversal: Reversal,
        /// The decision that no longer counts.
        claim: ClaimId,
        /// Its key.
        key: BillingKey,
    },
    /// Refused, without an effect on any balance.
    Refused(Refusal),
}

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The id of the event.
    pub id: ClaimId,
    /// When it was decided.
    pub recorded: Timestamp,
    /// What happened.
    pub event: Event,
}
