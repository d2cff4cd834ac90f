//! What the pharmacy gets: the lowest of contract price, usual and customary charge, and gross
//! amount due.

use openpbm_book::{Basis, Network, Price};
use openpbm_core::{
    Account, Cents, Finding, Ndc, Overflow, PriceBasis, ProductKind, RejectCode, Stage,
};

use crate::case::Case;
use crate::pharmacy::Dispensing;
use crate::product::Dispensed;

/// The price of a claim.
#[derive(Clone, Copy)]
pub(crate) struct Priced {
    /// What the pharmacy gets in all.
    pub(crate) price: Cents,
    /// What it would get by contract.
    pub(crate) contract: Cents,
    /// What set the price.
    pub(crate) basis: PriceBasis,
}

/// Prices the claim and records how; `None` if no list of the contract has the product.
pub(crate) fn price(
    case: &mut Case<'_>,
    dispensing: &Dispensing<'_>,
    dispensed: &Dispensed<'_>,
) -> Result<Option<Priced>, Overflow> {
    let network = dispensing.network;
    if !charges_are_positive(case) {
        return Ok(None);
    }
    let (ndc, kind) = (dispensed.drug.ndc, dispensed.product.kind);
    let Some((basis, price)) = listed(case, network, kind, ndc) else {
        let message = "no price of this product is in force on the date of service";
        let code = RejectCode::ProductNotCovered;
        case.refuse(Stage::Pricing, code, message, network.source);
        return Ok(None);
    };
    let quantity = case.claim.drug.quantity;
    let ingredient = price.unit.extend(basis.rate, quantity)?;
    let fee = network.dispensing_fee;
    let list = case.book.list(basis.list).map_or_else(Box::default, |list| list.id.clone());
    let finding = Finding::Priced {
        basis: basis.basis,
        list,
        unit: price.unit,
        rate: basis.rate,
        units: quantity,
    };
    let account = Account::IngredientCost;
    case.post(Stage::Pricing, finding, price.source, account, ingredient);
    let account = Account::DispensingFee;
    case.post(Stage::Pricing, Finding::DispensingFee, network.fee_source, account, fee);
    let contract = ingredient.plus(fee)?;
    Ok(Some(lowest(case, contract, basis.basis)))
}

/// A charge of nothing or less is a mistake: taken at its word it would price the claim at zero.
fn charges_are_positive(case: &mut Case<'_>) -> bool {
    let claim = case.claim;
    if claim.gross_amount_due <= Cents::ZERO {
        let code = RejectCode::InvalidGrossAmount;
        case.refuse(Stage::Pricing, code, "430-DU must be above zero", None);
    }
    if claim.usual_and_customary.is_some_and(|charge| charge <= Cents::ZERO) {
        let code = RejectCode::InvalidUsualAndCustomary;
        case.refuse(Stage::Pricing, code, "426-DQ must be above zero", None);
    }
    !case.is_refused()
}

/// Holds the contract price to what the pharmacy charges others and what it asks here. A lower
/// charge pays for everything, so it is reported as ingredient cost without a fee.
fn lowest(case: &mut Case<'_>, contract: Cents, basis: PriceBasis) -> Priced {
    let claim = case.claim;
    let charges = [
        (claim.usual_and_customary, PriceBasis::UsualAndCustomary),
        (Some(claim.gross_amount_due), PriceBasis::GrossAmountDue),
    ];
    let charge = charges
        .into_iter()
        .filter_map(|(charge, basis)| Some((charge?, basis)))
        .filter(|(charge, _)| *charge < contract)
        .min_by_key(|(charge, _)| *charge);
    let Some((price, basis)) = charge else {
        return Priced { price: contract, contract, basis };
    };
    let finding = Finding::LowerPrice { basis };
    case.post(Stage::Pricing, finding, None, Account::IngredientCost, price);
    if case.balance(Account::DispensingFee) != Cents::ZERO {
        let finding = Finding::NotInLowerPrice { basis };
        case.post(Stage::Pricing, finding, None, Account::DispensingFee, Cents::ZERO);
    }
    Priced { price, contract, basis }
}

/// The first list of the network's terms that has the product on the day.
fn listed<'a>(
    case: &Case<'a>,
    network: &'a Network,
    kind: ProductKind,
    ndc: Ndc,
) -> Option<(&'a Basis, &'a Price)> {
    let terms = match kind {
        ProductKind::Brand => &network.brand,
        ProductKind::Generic => &network.generic,
    };
    terms.iter().find_map(|basis| Some((basis, case.book.price(basis.list, ndc, case.date())?)))
}

/// The contract price of another product in the same quantity at this pharmacy; `None` if it
/// has no price.
pub(crate) fn contract_price(
    case: &Case<'_>,
    dispensing: &Dispensing<'_>,
    other: &Dispensed<'_>,
) -> Result<Option<Cents>, Overflow> {
    let network = dispensing.network;
    let Some((basis, price)) = listed(case, network, other.product.kind, other.drug.ndc) else {
        return Ok(None);
    };
    let ingredient = price.unit.extend(basis.rate, case.claim.drug.quantity)?;
    ingredient.plus(network.dispensing_fee).map(Some)
}
