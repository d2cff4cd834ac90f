//! What the pharmacy gets beside ingredient cost and fee: each amount as the network says, and
//! never more than it asks.

use openpbm_core::{Beside, Cents, QualifiedAmount, RejectCode, TaxBasis};

use crate::decide::{Refusals, Situation};
use crate::decimal::half_up;
use crate::household::cents;
use crate::placement::selects;
use crate::rules::Network;

fn asked(amount: Option<Cents>) -> i128 {
    i128::from(amount.unwrap_or_default().get())
}

/// All that is asked for beside the product.
pub(crate) fn asked_beside(s: &Situation<'_>) -> i128 {
    let c = &s.claim.details.charges;
    let other: i128 = c.other_amounts.iter().map(|other| i128::from(other.amount.get())).sum();
    other
        + asked(c.professional_service_fee)
        + asked(c.incentive)
        + asked(c.flat_tax)
        + asked(c.percentage_tax)
}

/// What is paid of it, with the price of the product as it was found.
pub(crate) fn beside(
    s: &Situation<'_>,
    network: &Network,
    ingredients: i128,
    fee: i128,
    refusals: &mut Refusals,
) -> Beside {
    let (details, mut paid) = (&s.claim.details, Beside::default());
    let charges = &details.charges;
    if details.professional_services.iter().any(|service| service == "MA")
        || s.claim.dur_overrides.iter().any(|answer| answer.service == "MA")
    {
        let row = network.administration.iter().find(|row| selects(&row.drugs, s.drug));
        let most = row.map_or(0, |row| row.at_most.0);
        paid.incentive = cents(asked(charges.incentive).min(most));
    }
    for (place, row) in paid.other_amounts.iter_mut().zip(&network.other_amounts) {
        let of_row = charges.other_amounts.iter().filter(|o| o.qualifier == row.qualifier);
        let sum: i128 = of_row.map(|other| i128::from(other.amount.get())).sum();
        let amount = cents(sum.min(row.at_most.0));
        *place = (sum > 0).then_some(QualifiedAmount { qualifier: row.qualifier, amount });
    }
    let most = network.sales_tax.flat.map_or(0, |most| most.0);
    paid.flat_tax = cents(asked(charges.flat_tax).min(most));
    let tax = asked(charges.percentage_tax);
    let Some(most) = network.sales_tax.rate.filter(|_| tax > 0) else { return paid };
    match (charges.tax_rate, charges.tax_basis) {
        (None, _) => {
            refusals.add(RejectCode::InvalidTaxRate);
        }
        (_, None) => {
            refusals.add(RejectCode::InvalidTaxBasis);
        }
        (Some(rate), Some(basis)) => {
            let of = match basis {
                TaxBasis::IngredientCost => ingredients,
                TaxBasis::IngredientCostAndFee => ingredients + fee,
                TaxBasis::ProfessionalServiceFee => 0,
            };
            // The network's rate has two decimals of a percent, the claim's four.
            let rate = i128::from(rate).min(most.0 * 100);
            paid.percentage_tax = cents(half_up(of * rate, 1_000_000).min(tax));
            paid.tax_rate = u32::try_from(rate).ok();
            paid.tax_basis = Some(basis);
        }
    }
    paid
}
