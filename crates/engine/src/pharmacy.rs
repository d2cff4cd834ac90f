//! Is the pharmacy known, and in a network of the plan on the day?

use openpbm_book::{Contract, Network, Pharmacy, Plan};
use openpbm_core::{Channel, Finding, RejectCode, Source, Stage};

use crate::case::Case;
use crate::eligibility::Covered;

/// A pharmacy with the terms that apply to the claim.
pub(crate) struct Dispensing<'a> {
    /// The pharmacy's channel, or out of network.
    pub(crate) channel: Channel,
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
    let found = contract_with(case, pharmacy, plan)
        .map(|(source, network)| (source, network, pharmacy.channel))
        .or_else(|| without_contract(case, plan))
        .or_else(|| for_members(case, pharmacy, plan));
    let Some((source, network, channel)) = found else {
        let message = "out of network on the date of service; the member may use a pharmacy of \
                       the plan's networks";
        let code = RejectCode::PharmacyNotContracted;
        case.refuse(Stage::Pharmacy, code, message, pharmacy.source);
        return None;
    };
    let finding = Finding::InNetwork { network: network.name.clone(), channel };
    case.note(Stage::Pharmacy, finding, source);
    case.design.channel = Some(channel).filter(|channel| *channel != Channel::Retail);
    Some(Dispensing { channel, network })
}

/// The terms for a pharmacy without a contract, where the plan covers it.
fn without_contract<'a>(case: &Case<'a>, plan: &'a Plan) -> Option<(Source, &'a Network, Channel)> {
    let terms = plan.out_of_network.as_ref()?;
    let network = case.book.network(terms.value, case.date())?;
    Some((terms.source, network, Channel::OutOfNetwork))
}

/// The pharmacy's contract in the first of the plan's networks that it is in on the day.
fn contract_with<'a>(
    case: &Case<'a>,
    pharmacy: &'a Pharmacy,
    plan: &Plan,
) -> Option<(Source, &'a Network)> {
    plan.networks.iter().find_map(|&network| {
        let in_force = |c: &&Contract| c.network == network && c.span.holds(case.date());
        let contract = pharmacy.contracts.iter().find(in_force)?;
        Some((contract.source, case.book.network(network, case.date())?))
    })
}

/// The terms by which members are paid who went to another pharmacy.
fn for_members<'a>(
    case: &Case<'a>,
    pharmacy: &Pharmacy,
    plan: &Plan,
) -> Option<(Source, &'a Network, Channel)> {
    let rule = plan.reimbursement.filter(|_| case.claim.details.member_submitted)?;
    let network = case.book.network(rule.network?, case.date())?;
    Some((rule.source, network, pharmacy.channel))
}
