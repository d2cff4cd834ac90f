//! The journal's entries: what happened to a family, never changed once written.

use std::sync::Arc;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::stored::shared;
use crate::{
    Adjudication, BillingKey, BookVersion, Cents, Claim, ClaimId, Date, Family, MedicalTotal,
    Member, Npi, Overflow, Paid, PrescriptionNumber, RejectCode, Reversal, Timestamp,
};

/// One reason for a refusal that no claim came of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct RefusalReason {
    /// 511-FB.
    #[n(0)]
    pub code: RejectCode,
    /// 526-FQ, in words.
    #[n(1)]
    pub message: String,
    /// 546-4F: which occurrence of a repeating field is at fault, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(2)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Refusal {
    /// 103-A3 as it was sent.
    #[n(0)]
    pub transaction: String,
    /// 201-B1, where it was a right NPI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(1)]
    pub pharmacy: Option<Npi>,
    /// 402-D2, where it was readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(2)]
    pub prescription: Option<PrescriptionNumber>,
    /// 401-D1, where it was readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(3)]
    pub date_of_service: Option<Date>,
    /// Why, in order of precedence, at most five.
    #[n(4)]
    pub reasons: Vec<RefusalReason>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Members as an enrollment file states them; each replaces the member of its person code.
    #[n(0)]
    Enrolled {
        /// The members that the file states.
        #[n(0)]
        members: Vec<Member>,
    },
    /// A claim was decided: paid or rejected.
    #[n(1)]
    Decided {
        /// What was asked.
        #[n(0)]
        #[cbor(with = "shared")]
        claim: Arc<Claim>,
        /// The book that decided it.
        #[n(1)]
        book: BookVersion,
        /// The paid claim that a rebill (B3) would take back; it did, if this one is paid.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[n(2)]
        rebills: Option<ClaimId>,
        /// What was decided, and why.
        #[n(3)]
        #[cbor(with = "shared")]
        adjudication: Arc<Adjudication>,
    },
    /// A paid claim was taken back.
    #[n(2)]
    Reversed {
        /// What was asked.
        #[n(0)]
        reversal: Reversal,
        /// The decision that no longer counts.
        #[n(1)]
        claim: ClaimId,
        /// Its key.
        #[n(2)]
        key: BillingKey,
        /// What adjustments of the claim had changed between member and plan; it is settled
        /// back, beside what the pharmacy gives back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[n(3)]
        undoes: Option<Difference>,
    },
    /// Refused, without an effect on any balance.
    #[n(3)]
    Refused(#[n(0)] Refusal),
    /// What was here is past its retention; what it led to is in the family's first
    /// [`Event::Carried`].
    #[n(4)]
    Retired,
    /// The family as all entries up to here had made it; those before it are retired.
    #[n(5)]
    Carried {
        /// With the version of this entry.
        #[n(0)]
        family: Box<Family>,
    },
    /// A claim that was paid comes to other amounts by what is known since: it was decided
    /// again. The pharmacy keeps what it was paid; member and plan settle the difference.
    #[n(6)]
    Adjusted(#[n(0)] Box<Adjustment>),
    /// What the medical side has come to, as a feed states it.
    #[n(7)]
    Medical {
        /// Lines of the feed that were not known before.
        #[n(0)]
        totals: Vec<MedicalTotal>,
    },
}

/// A claim decided again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Adjustment {
    /// The decision that first paid it.
    #[n(0)]
    pub of: ClaimId,
    /// The claim, as that decision has it: whoever reads this entry needs no other.
    #[n(1)]
    #[cbor(with = "shared")]
    pub claim: Arc<Claim>,
    /// The book that first decided it, and has decided it again.
    #[n(2)]
    pub book: BookVersion,
    /// The entry that came late, where it is known: an enrollment, a reversal, an earlier claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(3)]
    pub because: Option<ClaimId>,
    /// The amounts until now; `None` if it was not covered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(4)]
    pub before: Option<Paid>,
    /// What is decided now, and why. A claim that is rejected is not covered after all.
    #[n(5)]
    #[cbor(with = "shared")]
    pub adjudication: Arc<Adjudication>,
    /// What the pharmacy was answered, and is paid.
    #[n(6)]
    pub answered: Paid,
}

/// Who owes whom after an adjustment. The two sum to zero, because the pharmacy's total stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[derive(Serialize, Deserialize, Encode, Decode)]
pub struct Difference {
    /// What the member pays more; less than zero is refunded.
    #[n(0)]
    pub member: Cents,
    /// What the plan pays more; less than zero is recovered.
    #[n(1)]
    pub plan: Cents,
}

impl Difference {
    /// From one state of a claim to another, `None` being one in which it is not covered and the
    /// member pays all. `answered` is what the pharmacy is paid by: what other payers and a coupon
    /// had of it nobody owes again, whatever share is the member's.
    ///
    /// # Errors
    ///
    /// [`Overflow`] if an amount does not fit.
    pub fn between(
        before: Option<&Paid>,
        after: Option<&Paid>,
        answered: &Paid,
    ) -> Result<Self, Overflow> {
        let rest = answered.coordination.rest_of(answered.price()?)?;
        let owes = |paid: Option<&Paid>| match paid {
            Some(paid) => paid.owed_by_member(answered),
            None => Ok(answered.coordination.coupon.left_of(rest)),
        };
        let member = owes(after)?.minus(owes(before)?)?;
        Ok(Self { member, plan: Cents::ZERO.minus(member)? })
    }
}

impl Adjustment {
    /// What changes for member and plan.
    ///
    /// # Errors
    ///
    /// [`Overflow`] if an amount does not fit.
    pub fn difference(&self) -> Result<Difference, Overflow> {
        let after = self.adjudication.paid();
        Difference::between(self.before.as_ref(), after, &self.answered)
    }
}

/// One entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Entry {
    /// The id of the event.
    #[n(0)]
    pub id: ClaimId,
    /// When it was decided.
    #[n(1)]
    pub recorded: Timestamp,
    /// What happened.
    #[n(2)]
    pub event: Event,
}
