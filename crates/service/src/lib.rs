//! The use cases: a pharmacy's bytes in, a durable and explained answer out; members in; the
//! journal verified. Everything that comes from outside (the clock, ids, the store, bytes) is
//! given to [`Pbm::start`] and [`Pbm::submit`]; nothing below reads a clock.

mod clock;
mod d0;
mod decision;
mod families;
mod keys;
mod members;
mod metrics;
mod pbm;
mod pipeline;
mod shared;
mod verify;

pub use clock::{Clock, SystemClock};
pub use decision::{DecisionPage, DecisionRow, StepView};
pub use families::FamilyError;
pub use members::{EnrollError, EnrollMistake, Enrolled, check_members, enroll};
pub use pbm::{Library, Options, Pbm, Pending, StartError};
pub use verify::{Finding as VerifyFinding, Report, verify};
