//! What the medical side of a benefit has come to, for plans whose limits both sides share.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::stored;
use crate::{Cents, Date, FeedLineId, GroupId, Overflow, PersonCode};

/// What one person's medical costs of a period have come to by the end of a day, as whoever
/// pays them states it in a line of a feed. It takes the place of what was stated for earlier
/// days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct MedicalTotal {
    /// The feed's own id of the line, by which the same line is known again.
    #[n(0)]
    pub id: FeedLineId,
    /// Who.
    #[n(1)]
    pub person: PersonCode,
    /// Under which group's plan.
    #[n(2)]
    pub group: GroupId,
    /// First day of the period in which they add up, by the plan: mostly the plan year.
    #[n(3)]
    pub plan_year: Date,
    /// The last day whose medical costs are in it; it counts for claims of later days.
    #[n(4)]
    pub as_of: Date,
    /// Paid toward the deductible since the year began, not less than zero.
    #[n(5)]
    pub deductible: Cents,
    /// Paid toward the out-of-pocket maximum since the year began, not less than zero.
    #[n(6)]
    pub out_of_pocket: Cents,
}

/// What stands in a person's balances beside what the claims of the year have come to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Brought {
    /// Toward the deductible.
    #[n(0)]
    pub deductible: Cents,
    /// Toward the out-of-pocket maximum, or the threshold of Part D.
    #[n(1)]
    pub out_of_pocket: Cents,
    /// Gross covered drug cost of a Part D year.
    #[serde(default, skip_serializing_if = "stored::is_empty")]
    #[n(2)]
    #[cbor(with = "stored::sparse", has_nil)]
    pub gross: Cents,
}

impl Brought {
    /// Both together.
    ///
    /// # Errors
    ///
    /// [`Overflow`] if an amount does not fit.
    pub fn plus(self, other: Self) -> Result<Self, Overflow> {
        Ok(Self {
            deductible: self.deductible.plus(other.deductible)?,
            out_of_pocket: self.out_of_pocket.plus(other.out_of_pocket)?,
            gross: self.gross.plus(other.gross)?,
        })
    }
}
