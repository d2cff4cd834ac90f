//! The vocabulary of OpenPBM: what every other crate means by a claim, a member, an amount.
//!
//! Nothing here decides anything and nothing here does I/O. A type can be made only from a
//! value that is right ("parse, don't validate"): an [`Npi`] has passed its check digit, a
//! [`Date`] exists in the calendar, a [`Cents`] never wraps.

mod adjudication;
mod circumstances;
mod claim;
mod coordination;
mod date;
mod details;
mod entry;
mod family;
mod finding;
mod ids;
mod medical;
mod member;
mod money;
mod part_d;
mod part_d_finding;
mod plan_finding;
mod quantity;
mod reject;
mod stored;

pub use adjudication::{
    Account, Adjudication, Alternative, AmountChange, Beside, Design, DurAlert, Outcome, Paid,
    Rejection, Source, Stage, Step, SumError,
};
pub use circumstances::{
    Circumstances, During, ExemptGroup, InPaymentPlan, OtherCoverage, PayerKind, PayerOrder,
};
pub use claim::{BillingKey, Claim, DrugUse, DurOverride, Reversal};
pub use coordination::{Coordination, CoordinationMethod, Shared};
pub use date::{Date, Timestamp};
pub use details::{
    Charges, ClaimedAuthorization, Completed, Compound, Coupon, Details, Ingredient, OtherPayer,
    PartialFill, Prescribed, QualifiedAmount, Setting, TaxBasis,
};
pub use entry::{Adjustment, Difference, Entry, Event, Refusal, RefusalReason};
pub use family::{Accumulator, Family, Fill};
pub use finding::{Channel, Finding, Period, PriceBasis, ProductKind, Waiver};
pub use ids::{
    Bin, BookVersion, CardholderId, ClaimId, FamilyId, FeedLineId, GroupId, Ndc, Npi, Pcn,
    PersonCode, PrescriptionNumber, Text,
};
pub use medical::{Brought, MedicalTotal};
pub use member::{Coverage, Member, Relationship, Sex};
pub use money::{Cents, Percent, UnitPrice};
pub use part_d::{Counted, PartD, PartDYear};
pub use part_d_finding::PartDFinding;
pub use plan_finding::PlanFinding;
pub use quantity::Quantity;
pub use reject::RejectCode;
pub use stored::Unreadable;

/// A text that is not what was expected: what was found, and what would be right.
///
/// Never made from a member's name, id or birth date: the text found is repeated in messages.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("found `{found}`, expected {expected}")]
pub struct ParseError {
    /// The text as it stood in the document or field.
    pub found: String,
    /// What would have been right, as a noun phrase.
    pub expected: &'static str,
}

impl ParseError {
    pub(crate) fn new(found: &str, expected: &'static str) -> Self {
        Self { found: found.chars().take(40).collect(), expected }
    }
}

/// An amount that does not fit its type. Money never wraps: the claim is refused instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("amount is too large to be represented")]
pub struct Overflow;
