//! The amounts of a paid claim, and where they leave the balances.

use openpbm_core::{Account, Beside, Coordination, Counted, Overflow, Paid};

use super::Terms;
use super::limits::{Balances, left_of};
use crate::case::Case;

/// The balances after the claim, to which `counted` says what it adds.
pub(super) fn of(
    case: &Case<'_>,
    terms: &Terms<'_, '_>,
    balances: &Balances,
    counted: impl FnOnce(&Paid) -> Result<Counted, Overflow>,
) -> Result<Paid, Overflow> {
    let plan = terms.covered.plan;
    let mut paid = Paid {
        person: terms.covered.person(),
        group: terms.covered.group.id,
        plan_year: terms.covered.plan_year,
        tier: terms.supplied.tier,
        kind: terms.dispensed.product.kind,
        basis: terms.price.basis,
        ingredient_cost: case.balance(Account::IngredientCost),
        dispensing_fee: case.balance(Account::DispensingFee),
        deductible: case.balance(Account::Deductible),
        copay: case.balance(Account::Copay),
        coinsurance: case.balance(Account::Coinsurance),
        product_selection: case.balance(Account::ProductSelection),
        accumulated_deductible: balances.person.deductible,
        remaining_deductible: None,
        accumulated_out_of_pocket: balances.person.out_of_pocket,
        remaining_out_of_pocket: None,
        beside: Beside {
            incentive: case.balance(Account::Incentive),
            flat_tax: case.balance(Account::FlatTax),
            percentage_tax: case.balance(Account::PercentageTax),
            ..case.beside
        },
        compound: case.claim.compound.then_some(case.drug),
        bought_340b: case.bought_340b,
        design: case.design,
        emergency_supply: case.emergency,
        coordination: Coordination {
            other_payers: case.balance(Account::OtherPayers),
            to_member: case.claim.details.member_submitted,
            ..case.coordination
        },
        brought: balances.brought,
    };
    paid.design.over_benefit_maximum = case.balance(Account::OverBenefitMaximum);
    let counted = counted(&paid)?;
    paid.accumulated_deductible = paid.accumulated_deductible.plus(counted.deductible)?;
    paid.accumulated_out_of_pocket = paid.accumulated_out_of_pocket.plus(counted.out_of_pocket)?;
    let family_deductible = balances.family_deductible.plus(counted.deductible)?;
    let family_out_of_pocket = balances.family_out_of_pocket.plus(counted.out_of_pocket)?;
    paid.remaining_deductible = plan.deductible.as_ref().map(|limit| {
        left_of(limit, paid.accumulated_deductible, family_deductible, balances.several).amount
    });
    let person = paid.accumulated_out_of_pocket;
    let of_limit = plan
        .out_of_pocket
        .as_ref()
        .map(|limit| left_of(limit, person, family_out_of_pocket, balances.several).amount);
    let of_threshold = plan.part_d.as_ref().map(|part_d| person.left_of(part_d.threshold.value));
    paid.remaining_out_of_pocket = of_limit.or(of_threshold);
    Ok(paid)
}
