//! Follows the journal for what comes late, and has it put right; see [`crate::reprocessing`].
//!
//! It is a projection whose state is only how much it did: what it does is in the journal. Told of
//! the same entries again it finds everything right and does nothing.

use openpbm_store::{Reader, Recorded};
use serde::{Deserialize, Serialize};

use super::{Projection, ProjectionError};
use crate::families::FamilyError;
use crate::pbm::Pbm;
use crate::reprocessing::{Due, ReprocessError, Reprocessing};

/// The projection.
pub(crate) struct Late(Reprocessing);

/// What it did since the journal began, or since it began anew.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutRight {
    /// Entries that came late.
    pub late: u64,
    /// Claims that were adjusted because of them.
    pub adjusted: u64,
    /// Families that could not be decided again: `openpbm verify` says why.
    pub failed: u64,
}

impl Late {
    pub(crate) fn new(pbm: &Pbm) -> Self {
        Self(Reprocessing::new(pbm))
    }
}

impl Projection for Late {
    type State = PutRight;
    const NAME: &'static str = "reprocessing";
    const FORMAT: u32 = 1;

    fn apply(
        &mut self,
        state: &mut PutRight,
        recorded: &Recorded,
        _: &dyn Reader,
    ) -> Result<(), ProjectionError> {
        let Some(due) = Due::of(recorded) else { return Ok(()) };
        state.late += 1;
        match self.0.family(due, false) {
            Ok(adjustments) => {
                let count = u64::try_from(adjustments.len()).unwrap_or(u64::MAX);
                state.adjusted = state.adjusted.saturating_add(count);
            }
            Err(
                ReprocessError::Store(error) | ReprocessError::Family(FamilyError::Store(error)),
            ) => {
                return Err(error.into());
            }
            Err(ReprocessError::Unavailable) => {
                let (sequence, why) = (recorded.sequence, "its adjustments were not taken");
                return Err(ProjectionError::Entry { sequence, why });
            }
            Err(error @ ReprocessError::Family(_)) => {
                // It would be so for ever, and must not keep the others from being put right.
                tracing::error!(sequence = recorded.sequence, %error, "not decided again");
                state.failed += 1;
            }
        }
        Ok(())
    }
}
