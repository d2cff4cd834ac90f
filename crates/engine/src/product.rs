//! What is dispensed?

use openpbm_book::{Drug, DrugId, Product};
use openpbm_core::{Finding, RejectCode, Stage};

use crate::case::Case;

/// The product of the claim.
#[derive(Clone, Copy)]
pub(crate) struct Dispensed<'a> {
    pub(crate) id: DrugId,
    pub(crate) drug: &'a Drug,
    pub(crate) product: &'a Product,
}

/// Looks a product up.
pub(crate) fn find<'a>(case: &Case<'a>, ndc: openpbm_core::Ndc) -> Option<Dispensed<'a>> {
    let book = case.book;
    let id = book.drugs().find(ndc)?;
    Some(Dispensed { id, drug: book.drugs().drug(id)?, product: book.drugs().product(id)? })
}

pub(crate) fn check<'a>(case: &mut Case<'a>) -> Option<Dispensed<'a>> {
    let ndc = case.drug.ndc;
    let Some(found) = find(case, ndc) else {
        let message = format!("NDC {} is not known here; check 407-D7", ndc.hyphenated());
        case.refuse(Stage::Product, RejectCode::UnknownProduct, message, None);
        return None;
    };
    let name = found.product.name.clone();
    let finding = Finding::Product { ndc, name, kind: found.product.kind };
    case.note(Stage::Product, finding, found.drug.source);
    if let Some(last) = found.drug.discontinued.filter(|&last| last < case.date()) {
        let message = format!("the maker's last day for this NDC was {last}; use a current one");
        let code = RejectCode::DiscontinuedProduct;
        case.refuse(Stage::Product, code, message, found.drug.source);
    }
    Some(found)
}
