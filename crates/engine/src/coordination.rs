//! Does another payer come first?

use openpbm_core::{RejectCode, Stage};

use crate::case::Case;

/// The plan answers as the primary payer: other coverage code (308-C8) absent, 0 (not specified)
/// or 1 (none). Others are refused rather than paid as if no other payer had been there.
pub(crate) fn check(case: &mut Case<'_>) {
    if let Some(code @ 2..) = case.claim.other_coverage {
        let message = format!(
            "other coverage code {code}: this plan pays as primary only; bill without other \
             coverage, or bill the other payer"
        );
        let code = RejectCode::InvalidOtherCoverage;
        case.refuse(Stage::Coordination, code, message, None);
    }
}
