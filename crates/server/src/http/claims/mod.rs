//! `/api/v1/claims`: the decisions, newest first, and each with its steps. No member is named.

mod list;
mod show;

pub(super) use list::list;
pub(super) use show::show;

use openpbm_core::ClaimId;

use super::error::ApiError;

/// A decision's id out of a path or a query. What was sent is not repeated: it may be anything.
fn claim_id(text: &str) -> Result<ClaimId, ApiError> {
    text.parse().map_err(|_| {
        let count = text.chars().count();
        ApiError::bad_request(
            format!("found {count} characters that are no claim id"),
            "a claim id has 20 letters and digits; it is 503-F3 of the answer to the claim",
        )
    })
}
