//! The segments of a request. Patient and insurance belong to the transmission, the others to a
//! transaction.

mod additional_documentation;
mod claim;
mod clinical;
mod compound;
mod coordination_of_benefits;
mod coupon;
mod dur_pps;
mod facility;
mod insurance;
mod narrative;
mod patient;
mod pharmacy_provider;
mod prescriber;
mod pricing;
mod prior_authorization;
mod workers_compensation;

pub use additional_documentation::{AdditionalDocumentation, Question};
pub use claim::{Claim, ProcedureModifier, SubmissionClarification};
pub use clinical::{Clinical, Diagnosis, Measurement};
pub use compound::{Compound, Ingredient, IngredientModifier};
pub use coordination_of_benefits::{
    BenefitStage, CoordinationOfBenefits, OtherPayer, OtherPayerAmountPaid,
    OtherPayerPatientResponsibility, OtherPayerReject,
};
pub use coupon::Coupon;
pub use dur_pps::{DurPps, Service};
pub use facility::Facility;
pub use insurance::Insurance;
pub use narrative::Narrative;
pub use patient::Patient;
pub use pharmacy_provider::PharmacyProvider;
pub use prescriber::Prescriber;
pub use pricing::{OtherAmountClaimed, Pricing};
pub use prior_authorization::PriorAuthorization;
pub use workers_compensation::WorkersCompensation;
