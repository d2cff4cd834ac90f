//! Was this already paid?
//!
//! The same claim sent again never comes here: it gets its first answer back (see
//! [`crate::transaction`]). What is caught here is another claim for the same thing.

use openpbm_core::{Fill, Finding, Ndc, RejectCode, Stage};

use crate::case::Case;
use crate::eligibility::Covered;
use crate::product::{self, Dispensed};

pub(crate) fn check(case: &mut Case<'_>, covered: &Covered<'_>, dispensed: &Dispensed<'_>) {
    let claim = case.claim;
    let same_day = |fill: &&Fill| fill.key.date_of_service == claim.key.date_of_service;
    let same_fill = case.family.dispensed().find(|fill| fill.key == claim.key);
    let same_drug = case
        .family
        .fills_of(covered.person())
        .filter(same_day)
        .find(|fill| is_same_drug(case, fill, dispensed));
    let message = if same_fill.is_some() {
        "this prescription, fill and day are paid with another content; reverse that claim first"
    } else if let Some(fill) = same_drug {
        if fill.key.pharmacy == claim.key.pharmacy {
            "the same drug is paid here for this day under another prescription or fill number"
        } else {
            "the same drug is paid for this day at another pharmacy"
        }
    } else {
        return case.note(Stage::Duplicate, Finding::NoDuplicate, None);
    };
    case.refuse(Stage::Duplicate, RejectCode::DuplicatePaid, message, None);
}

/// True if a fill was of the same drug.
pub(crate) fn is_same_drug(case: &Case<'_>, fill: &Fill, dispensed: &Dispensed<'_>) -> bool {
    is_drug(case, fill.counted().ndc, dispensed)
}

/// True if a product is of the same ingredient, strength and form.
pub(crate) fn is_drug(case: &Case<'_>, ndc: Ndc, dispensed: &Dispensed<'_>) -> bool {
    ndc == dispensed.drug.ndc
        || product::find(case, ndc)
            .is_some_and(|other| other.product.equivalence == dispensed.product.equivalence)
}
