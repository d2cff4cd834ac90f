//! What the pharmacy gets beside ingredient cost and dispensing fee: a fee for giving a vaccine,
//! other amounts, sales tax. Each is paid as the network's terms say and never above what the
//! pharmacy asks; what no term names is not paid.

use openpbm_book::{Network, PercentageTax};
use openpbm_core::{
    Account, Cents, Charges, Finding, Overflow, QualifiedAmount, RejectCode, Stage, TaxBasis,
};

use crate::case::Case;
use crate::product::Dispensed;

/// 440-E5 of a pharmacist who gave the product to the patient.
const ADMINISTERED: &str = "MA";

/// What is asked for beside the product. 430-DU has it in its sum; what is left of that is asked
/// for the product.
pub(super) fn asked(charges: &Charges) -> Result<Cents, Overflow> {
    let single = [
        charges.professional_service_fee,
        charges.incentive,
        charges.flat_tax,
        charges.percentage_tax,
    ];
    let other = charges.other_amounts.iter().map(|other| other.amount);
    Cents::sum(single.into_iter().flatten().chain(other))
}

/// Pays what the network's terms name.
pub(super) fn pay(
    case: &mut Case<'_>,
    network: &Network,
    dispensed: &Dispensed<'_>,
) -> Result<(), Overflow> {
    administration(case, network, dispensed);
    other_amounts(case, network)?;
    flat_tax(case, network);
    match &network.percentage_tax {
        Some(rule) => percentage_tax(case, rule),
        None => Ok(()),
    }
}

/// Flat and percentage tax together.
pub(super) fn tax(case: &Case<'_>) -> Result<Cents, Overflow> {
    case.balance(Account::FlatTax).plus(case.balance(Account::PercentageTax))
}

/// 438-E3 with 440-E5 `MA`, by the first row of the network that has the product.
fn administration(case: &mut Case<'_>, network: &Network, dispensed: &Dispensed<'_>) {
    let details = &case.claim.details;
    let Some(asked) = details.charges.incentive.filter(|asked| *asked > Cents::ZERO) else {
        return;
    };
    if !case.claim.has_service(ADMINISTERED) {
        return;
    }
    let row = network.administration.iter().find(|row| row.drugs.contains(dispensed.id));
    let Some(row) = row else { return };
    let finding = Finding::AdministrationFee { at_most: row.at_most };
    let paid = asked.min(row.at_most);
    case.post(Stage::Pricing, finding, row.source, Account::Incentive, paid);
}

/// 480-H9, of each qualifier (479-H8) that the network names.
fn other_amounts(case: &mut Case<'_>, network: &Network) -> Result<(), Overflow> {
    let charged = &case.claim.details.charges.other_amounts;
    let mut paid = [None; 3];
    for (place, row) in paid.iter_mut().zip(&network.other_amounts) {
        let QualifiedAmount { qualifier, amount: at_most } = row.value;
        let of_row = charged.iter().filter(|other| other.qualifier == qualifier);
        let asked = Cents::sum(of_row.map(|other| other.amount))?;
        if asked == Cents::ZERO {
            continue;
        }
        let amount = asked.min(at_most);
        *place = Some(QualifiedAmount { qualifier, amount });
        let after = case.balance(Account::OtherAmounts).plus(amount)?;
        let finding = Finding::OtherAmount { qualifier, at_most };
        case.post(Stage::Pricing, finding, row.source, Account::OtherAmounts, after);
    }
    case.beside.other_amounts = paid;
    Ok(())
}

/// 481-HA.
fn flat_tax(case: &mut Case<'_>, network: &Network) {
    let asked = case.claim.details.charges.flat_tax.unwrap_or_default();
    if let Some(rule) = &network.flat_tax
        && asked > Cents::ZERO
    {
        let finding = Finding::FlatTax { at_most: rule.value };
        let paid = asked.min(rule.value);
        case.post(Stage::Pricing, finding, rule.source, Account::FlatTax, paid);
    }
}

/// 482-GE: what its rate (483-HE), held to the network's, makes of its basis (484-JE).
fn percentage_tax(case: &mut Case<'_>, rule: &PercentageTax) -> Result<(), Overflow> {
    let charges = &case.claim.details.charges;
    let Some(asked) = charges.percentage_tax.filter(|asked| *asked > Cents::ZERO) else {
        return Ok(());
    };
    let (Some(sent), Some(basis)) = (charges.tax_rate, charges.tax_basis) else {
        let (code, field) = match charges.tax_rate {
            None => (RejectCode::InvalidTaxRate, "483-HE"),
            Some(_) => (RejectCode::InvalidTaxBasis, "484-JE"),
        };
        let message = format!("{field} must be sent with a percentage sales tax (482-GE)");
        case.refuse(Stage::Pricing, code, message, rule.source);
        return Ok(());
    };
    let rate = sent.min(rule.at_most);
    let ingredient = case.balance(Account::IngredientCost);
    let of = match basis {
        TaxBasis::IngredientCost => ingredient,
        TaxBasis::IngredientCostAndFee => ingredient.plus(case.balance(Account::DispensingFee))?,
        // No fee for a professional service is paid on a claim for a product.
        TaxBasis::ProfessionalServiceFee => Cents::ZERO,
    };
    let paid = of.millionths(rate)?.min(asked);
    let finding = Finding::PercentageTax { rate, of };
    case.post(Stage::Pricing, finding, rule.source, Account::PercentageTax, paid);
    case.beside.tax_rate = Some(rate);
    case.beside.tax_basis = Some(basis);
    Ok(())
}
