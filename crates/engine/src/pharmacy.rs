//! Is the pharmacy known, and in a network of the plan on the day?

use openpbm_book::{Contract, Network, Pharmacy};
use openpbm_core::{Finding, RejectCode, Stage};

use crate::case::Case;
use crate::eligibility::Covered;

/// A pharmacy with the terms that apply to the claim.
pub(crate) struct Dispensing<'a> {
    pub(crate) pharmacy: &'a Pharmacy,
    pub(crate) network: &'a Network,
}

pub(crate) fn check<'a>(
    case: &mut Case<'a>,
    covered: Option<&Covered<'a>>,
) -> Option<Dispensing<'a>> {
    let npi = case.claim.key.pharmacy;
    let Some(pharmacy) = case.book.pharmacy(npi) else {
        let message = format!("pharmacy {npi} is not known here; check 201-B1");
        case.refuse(Stage::Pharmacy, RejectCode::UnknownPharmacy, message, None);
        return None;
    };
    let plan = covered?.plan;
    let Some((contract, network)) = contract_with(case, pharmacy, plan) else {
        let message = "out of network on the date of service; the member may use a pharmacy of \
                       the plan's networks";
        let code = RejectCode::PharmacyNotContracted;
        case.refuse(Stage::Pharmacy, code, message, pharmacy.source);
        return None;
    };
    let finding = Finding::InNetwork { network: network.name.clone(), channel: pharmacy.channel };
    case.note(Stage::Pharmacy, finding, contract.source);
    Some(Dispensing { pharmacy, network })
}

/// The pharmacy's contract in the first of the plan's networks that it is in on the day.
fn contract_with<'a>(
    case: &Case<'a>,
    pharmacy: &'a Pharmacy,
    plan: &openpbm_book::Plan,
) -> Option<(&'a Contract, &'a Network)> {
    plan.networks.iter().find_map(|&network| {
        let in_force = |c: &&Contract| c.network == network && c.span.holds(case.date());
        let contract = pharmacy.contracts.iter().find(in_force)?;
        Some((contract, case.book.network(network, case.date())?))
    })
}
