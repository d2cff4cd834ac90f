//! Does the plan take the claim as it was written (408-D8)?

use openpbm_book::{DispenseAsWritten, Plan, Supplied, Written};
use openpbm_core::{RejectCode, Stage};

use crate::case::Case;
use crate::eligibility::Covered;

/// 408-D8 of a prescriber who asks for the brand.
pub(crate) const BY_PRESCRIBER: u8 = 1;

/// The first row that fits; without one, a brand costs the share alone.
pub(crate) fn row<'a>(
    plan: &'a Plan,
    daw: u8,
    supplied: &Supplied,
) -> Option<&'a DispenseAsWritten> {
    let mut rows = plan.dispense_as_written.iter();
    rows.find(|row| row.codes.contains(&daw) && row.scope.holds(supplied))
}

pub(crate) fn check(case: &mut Case<'_>, covered: &Covered<'_>, supplied: &Supplied) {
    let daw = case.claim.daw;
    let Some(row) = row(covered.plan, daw, supplied) else { return };
    if row.pays == Written::Refused {
        let message = format!("the plan does not take dispense as written code {daw} for this");
        case.refuse(Stage::Formulary, RejectCode::InvalidDaw, message, row.source);
    }
}
