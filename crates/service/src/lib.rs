//! The use cases: a pharmacy's bytes in, a durable and explained answer out; members in; the
//! journal verified. Everything that comes from outside (the clock, ids, the store, bytes) is
//! given to [`Pbm::start`] and [`Pbm::submit`]; nothing below reads a clock.

pub mod adherence;
mod benefit_check;
mod circumstances;
mod clock;
mod csv;
mod d0;
mod decision;
pub mod drug_events;
pub mod encounters;
mod families;
mod front;
mod keys;
mod medical;
mod members;
mod metrics;
pub mod payment_plan;
mod pbm;
mod pipeline;
pub mod projection;
pub mod replay;
mod reprocessing;
mod retention;
mod shared;
#[cfg(feature = "simulation")]
pub mod simulation;
mod trace;
pub mod transition_notices;
mod under_way;
mod verify;

pub use benefit_check::{
    AskedDrug, BenefitAnswer, BenefitCheck, CheckError, MOST_ASKED, OfferView, QuoteView,
    Restriction,
};
pub use clock::{Clock, SystemClock};
pub use decision::{AdjustmentView, DecisionPage, DecisionRow, StepView};
pub use families::FamilyError;
pub use front::Pending;
pub use medical::{FeedError, FeedImported, FeedMistake, import_accumulators};
pub use members::{
    EnrollError, EnrollMistake, Enrolled, Households, check_members, enroll, households,
};
pub use pbm::{Library, Options, Pbm, StartError};
pub use projection::days::{Calendar, Day};
pub use projection::late::PutRight;
pub use reprocessing::{Adjusted, Due, ReprocessError, Reprocessed, Reprocessing, reprocess};
pub use retention::{Outdated, RetentionError, Retired, outdated, retire};
pub use trace::{Span, Trace, Tracer};
pub use verify::{Depth, Finding as VerifyFinding, Report, verify};
