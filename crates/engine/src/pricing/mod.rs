//! What the pharmacy gets: the lowest of contract price, usual and customary charge, and gross
//! amount due for the product; and what the network pays beside it.

mod beside;

use openpbm_book::{Basis, Network, Price};
use openpbm_core::{
    Account, Cents, Fill, Finding, Ndc, Overflow, PartDFinding, Percent, PriceBasis, ProductKind,
    Quantity, RejectCode, Stage,
};

use crate::case::Case;
use crate::eligibility::Covered;
use crate::pharmacy::Dispensing;
use crate::product::Dispensed;

/// The price of a claim.
#[derive(Clone, Copy)]
pub(crate) struct Priced {
    /// What the pharmacy gets in all, but for sales tax that the plan pays alone: what the
    /// member's share is taken of.
    pub(crate) price: Cents,
    /// That sales tax.
    pub(crate) plan_tax: Cents,
    /// What it would get by contract.
    pub(crate) contract: Cents,
    /// What set the price.
    pub(crate) basis: PriceBasis,
}

/// Prices the claim and records how; `None` if no list of the contract has the product. What was
/// dispensed needs none: its price is what was paid.
pub(crate) fn price(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    dispensing: &Dispensing<'_>,
    dispensed: &Dispensed<'_>,
) -> Result<Option<Priced>, Overflow> {
    let network = dispensing.network;
    let asked = beside::asked(&case.claim.details.charges)?;
    if !charges_are_positive(case, asked) {
        return Ok(None);
    }
    let Some((ingredient, basis)) = ingredients(case, network, dispensed)? else {
        return Ok(None);
    };
    let contract = ingredient.plus(fee(case, network)?)?;
    mark_340b(case);
    let product = lowest(case, contract, basis, asked)?;
    if case.dispensed.is_none() {
        beside::pay(case, network, dispensed)?;
    }
    let basis = hold(case)?.unwrap_or(product.basis);
    let mut price = Cents::sum(Account::PHARMACY.map(|account| case.balance(account)))?;
    let tax = beside::tax(case)?;
    let mut plan_tax = Cents::ZERO;
    if let Some(source) = covered.plan.pays_tax
        && tax > Cents::ZERO
    {
        case.note(Stage::Pricing, Finding::TaxPaidByPlan, source);
        price = price.minus(tax)?;
        plan_tax = tax;
    }
    Ok(Some(Priced { price, plan_tax, basis, ..product }).filter(|_| !case.is_refused()))
}

/// What was dispensed keeps its price, whatever group turned out to be the right one: the
/// pharmacy was paid. Returns what set that price.
fn hold(case: &mut Case<'_>) -> Result<Option<PriceBasis>, Overflow> {
    let Some(paid) = case.dispensed.map(Fill::answered) else { return Ok(None) };
    for account in Account::PHARMACY {
        let amount = paid.balance(account).unwrap_or_default();
        if case.balance(account) != amount {
            case.post(Stage::Pricing, Finding::PaidToPharmacy, None, account, amount);
        }
    }
    case.beside = paid.beside;
    Ok(Some(paid.basis))
}

/// The contract price of the product or of a compound's ingredients, and its basis; `None` if no
/// list has it.
fn ingredients(
    case: &mut Case<'_>,
    network: &Network,
    dispensed: &Dispensed<'_>,
) -> Result<Option<(Cents, PriceBasis)>, Overflow> {
    let (ndc, kind) = (dispensed.drug.ndc, dispensed.product.kind);
    let Some((basis, price)) = listed(case, network, kind, ndc) else {
        if let Some(paid) = case.dispensed.map(Fill::answered) {
            return Ok(Some((paid.ingredient_cost, paid.basis)));
        }
        let message = "no price of this product is in force on the date of service";
        let code = RejectCode::ProductNotCovered;
        case.refuse(Stage::Pricing, code, message, network.source);
        return Ok(None);
    };
    if case.mixture.is_empty() {
        ingredient(case, basis, price, case.drug.quantity)?;
        hold_to_fair_price(case, dispensed)?;
    }
    for part in case.mixture.clone() {
        if let Some((basis, price)) = part.listed {
            ingredient(case, basis, price, part.quantity)?;
        }
    }
    Ok(Some((case.balance(Account::IngredientCost), basis.basis)))
}

/// Medicare's maximum fair price, if it is lower.
fn hold_to_fair_price(case: &mut Case<'_>, dispensed: &Dispensed<'_>) -> Result<(), Overflow> {
    let account = Account::IngredientCost;
    if let Some((fair, listed)) = maximum_fair_price(case, dispensed)?
        && fair < case.balance(account)
    {
        let units = case.drug.quantity;
        let finding = Finding::PartD(PartDFinding::MaximumFairPrice { unit: listed.unit, units });
        case.post(Stage::Pricing, finding, listed.source, account, fair);
    }
    Ok(())
}

/// Adds unit price x rate x quantity to the ingredient cost.
fn ingredient(
    case: &mut Case<'_>,
    basis: &Basis,
    price: &Price,
    units: Quantity,
) -> Result<(), Overflow> {
    let account = Account::IngredientCost;
    let after = case.balance(account).plus(price.unit.extend(basis.rate, units)?)?;
    let list = case.book.list(basis.list).map_or_else(Box::default, |list| list.id.clone());
    let (rate, unit) = (basis.rate, price.unit);
    let finding = Finding::Priced { basis: basis.basis, list, unit, rate, units };
    case.post(Stage::Pricing, finding, price.source, account, after);
    Ok(())
}

/// The dispensing fee, and for a compound what its level of effort (474-8E) adds.
fn fee(case: &mut Case<'_>, network: &Network) -> Result<Cents, Overflow> {
    let (account, fee) = (Account::DispensingFee, network.dispensing_fee);
    case.post(Stage::Pricing, Finding::DispensingFee, network.fee_source, account, fee);
    let level = case.claim.details.level_of_effort.filter(|_| case.claim.compound);
    if let (Some(level), Some(fees)) = (level, &network.effort_fees)
        && let Some(effort) = fees.value.get(usize::from(level.wrapping_sub(11)))
    {
        let finding = Finding::LevelOfEffort { level };
        case.post(Stage::Pricing, finding, fees.source, account, fee.plus(*effort)?);
    }
    case.post_borne(Stage::Pricing, account, |rule| rule.dispensing_fee)?;
    Ok(case.balance(account))
}

/// What the claim bears of the network's dispensing fee.
pub(crate) fn fee_borne(case: &Case<'_>, network: &Network) -> Result<Cents, Overflow> {
    case.borne(network.dispensing_fee, |rule| rule.dispensing_fee)
}

/// 420-DK of a product bought at a 340B price, and 423-DN of its cost.
const BOUGHT_340B: (u16, u8) = (20, 8);

/// Marks what a covered entity bought at a 340B price: its maker owes no rebate beside.
fn mark_340b(case: &mut Case<'_>) {
    let details = &case.claim.details;
    let clarified = details.clarifies(BOUGHT_340B.0);
    if clarified || details.charges.cost_basis == Some(BOUGHT_340B.1) {
        case.note(Stage::Pricing, Finding::Bought340B { clarified }, None);
        case.bought_340b = true;
    }
}

/// A charge of nothing or less is a mistake: taken at its word it would price the claim at zero.
/// So is a gross amount due that leaves nothing for the product.
fn charges_are_positive(case: &mut Case<'_>, asked_beside: Cents) -> bool {
    let claim = case.claim;
    let code = RejectCode::InvalidGrossAmount;
    if claim.gross_amount_due <= Cents::ZERO {
        case.refuse(Stage::Pricing, code, "430-DU must be above zero", None);
    } else if claim.gross_amount_due <= asked_beside {
        let message = format!("430-DU must be above the ${asked_beside} asked beside the product");
        case.refuse(Stage::Pricing, code, message, None);
    }
    if claim.usual_and_customary.is_some_and(|charge| charge <= Cents::ZERO) {
        let code = RejectCode::InvalidUsualAndCustomary;
        case.refuse(Stage::Pricing, code, "426-DQ must be above zero", None);
    }
    !case.is_refused()
}

/// Holds the contract price to what the pharmacy charges others and what it asks here. A lower
/// charge pays for all of the product, so it is reported as ingredient cost without a fee. The
/// gross amount due (430-DU) is counted without what it asks beside the product; the usual and
/// customary charge (426-DQ) never has that in it.
fn lowest(
    case: &mut Case<'_>,
    contract: Cents,
    basis: PriceBasis,
    asked_beside: Cents,
) -> Result<Priced, Overflow> {
    let claim = case.claim;
    let due = claim.gross_amount_due.minus(asked_beside)?;
    let charges = [
        (claim.usual_and_customary, PriceBasis::UsualAndCustomary),
        (Some(due), PriceBasis::GrossAmountDue),
    ];
    let charge = charges
        .into_iter()
        .filter_map(|(charge, basis)| Some((charge?, basis)))
        .filter(|(charge, _)| *charge < contract)
        .min_by_key(|(charge, _)| *charge);
    let Some((price, basis)) = charge else {
        return Ok(Priced { price: contract, plan_tax: Cents::ZERO, contract, basis });
    };
    let finding = Finding::LowerPrice { basis };
    case.post(Stage::Pricing, finding, None, Account::IngredientCost, price);
    if case.balance(Account::DispensingFee) != Cents::ZERO {
        let finding = Finding::NotInLowerPrice { basis };
        case.post(Stage::Pricing, finding, None, Account::DispensingFee, Cents::ZERO);
    }
    Ok(Priced { price, plan_tax: Cents::ZERO, contract, basis })
}

/// The first list of the network's terms that has the product on the day.
pub(crate) fn listed<'a>(
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

/// The most that the ingredients of a drug may cost a Part D plan, where CMS has negotiated its
/// price (42 CFR 423.104(h)): unit price x quantity. `None` if it is not a selected drug; a
/// compound is none, whatever is in it.
pub(crate) fn maximum_fair_price<'a>(
    case: &Case<'a>,
    dispensed: &Dispensed<'_>,
) -> Result<Option<(Cents, &'a Price)>, Overflow> {
    let plan = case.plan.filter(|_| case.mixture.is_empty());
    let list = plan.and_then(|plan| plan.part_d.as_ref()?.selected).map(|s| s.list);
    let price = list.and_then(|list| case.book.price(list, dispensed.drug.ndc, case.date()));
    let Some(price) = price else { return Ok(None) };
    let most = price.unit.extend(Percent::WHOLE, case.drug.quantity)?;
    Ok(Some((most, price)))
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
    let listed = price.unit.extend(basis.rate, case.drug.quantity)?;
    let fair = maximum_fair_price(case, other)?;
    let ingredient = fair.map_or(listed, |(fair, _)| listed.min(fair));
    ingredient.plus(fee_borne(case, network)?).map(Some)
}
