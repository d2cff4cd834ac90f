//! The segments of a response. Message, insurance, insurance additional information and patient
//! belong to the transmission, the others to a transaction.

mod claim;
mod coordination_of_benefits;
mod dur_pps;
mod insurance;
mod insurance_additional_information;
mod message;
mod patient;
mod pricing;
mod prior_authorization;
mod status;

pub use claim::{Claim, PreferredProduct};
pub use coordination_of_benefits::{CoordinationOfBenefits, OtherPayer};
pub use dur_pps::{Alert, DurPps};
pub use insurance::Insurance;
pub use insurance_additional_information::InsuranceAdditionalInformation;
pub use message::Message;
pub use patient::Patient;
pub use pricing::{BenefitStage, OtherAmountPaid, Pricing};
pub use prior_authorization::PriorAuthorization;
pub use status::{AdditionalMessage, ApprovedMessage, Reject, Status};
