//! The reference adjudicator: what the engine should answer, worked out a second time.
//!
//! It is slow, separate, and as short as its rules let it be (`docs/adr/0014`). It reads the
//! documents of a book itself, so that a mistake in compiling them is found as well as one in
//! deciding by them; it has no index and no cache, and it adds accumulators up from the paid
//! claims each time. Written from the rules in prose (`docs/concepts/decisions.md`,
//! `docs/reference/book.md`), not from the engine.
//!
//! Beside it stand generators of plans, families and claim histories ([`Generator`]), the
//! comparison with another [`Implementation`] ([`Differential`]), and the shrinking of what they
//! disagree about to a [`Case`] that a person can read.
//!
//! For tests of the whole program there are a [`workload`], which is pharmacies at work, and an
//! [`auditor`], which keeps its own account of what they were answered.

mod answer;
pub mod auditor;
mod beside;
mod case;
mod change;
mod compound;
mod coordination;
mod decide;
mod decimal;
mod differential;
mod documents;
mod generate;
mod household;
mod limits;
mod money;
mod part_d;
mod partial;
pub mod payment_plan;
mod placement;
mod reply;
mod rules;
mod shrink;
#[cfg(test)]
mod testing;
mod transition;
pub mod workload;

pub use answer::{Answer, Comparison, Observation, Status};
pub use case::Case;
pub use change::Change;
pub use differential::{Differential, Disagreement, Find, Implementation, Reference, Tally};
pub use documents::{Documents, Unreadable};
pub use generate::{Generator, Rng};
pub use household::{Event, Household};
pub use reply::{Amounts, Reply};
pub use rules::Rules;
