//! The most that the plan covers of some drugs: beyond it the member pays all, or the claim is
//! refused.

use openpbm_book::{BenefitMaximum, BenefitPeriod, Most, Supplied};
use openpbm_core::{
    Account, Cents, Channel, Fill, Finding, Overflow, Period, PlanFinding, Quantity, RejectCode,
    Stage,
};

use super::Terms;
use crate::case::Case;
use crate::words::count_of;

/// Holds what the plan pays; false if the claim is refused.
pub(super) fn hold(case: &mut Case<'_>, terms: &Terms<'_, '_>) -> Result<bool, Overflow> {
    for rule in &terms.covered.plan.benefit_maximums {
        if !rule.scope.holds(&terms.supplied) {
            continue;
        }
        let account = Account::OverBenefitMaximum;
        let patient = Cents::sum(MEMBERS.map(|account| case.balance(account)))?;
        let plan = terms.price.price.minus(patient)?;
        let Covered { plan: covered, left, is_reached } = covered(case, terms, rule, plan)?;
        let finding = PlanFinding::BenefitMaximum { name: rule.name.clone(), left: left.into() };
        if is_reached && rule.refuses {
            let message = format!("the plan's maximum for {} is reached: {finding}", rule.name);
            case.refuse(Stage::Benefit, RejectCode::PlanLimitsExceeded, message, rule.source);
            if case.is_refused() {
                return Ok(false);
            }
            continue;
        }
        let finding = Finding::Plan(finding);
        if covered < plan {
            let above = case.balance(account).plus(plan.minus(covered)?)?;
            case.post(Stage::Benefit, finding, rule.source, account, above);
        } else {
            case.note(Stage::Benefit, finding, rule.source);
        }
    }
    Ok(true)
}

/// All that the member pays.
const MEMBERS: [Account; 5] = [
    Account::Deductible,
    Account::Copay,
    Account::Coinsurance,
    Account::ProductSelection,
    Account::OverBenefitMaximum,
];

/// What a maximum leaves of a claim.
struct Covered {
    /// What the plan still pays of its part.
    plan: Cents,
    /// What the maximum has left, in words.
    left: String,
    /// True if the claim takes more than that, even where the plan's part is nothing.
    is_reached: bool,
}

fn covered(
    case: &Case<'_>,
    terms: &Terms<'_, '_>,
    rule: &BenefitMaximum,
    plan: Cents,
) -> Result<Covered, Overflow> {
    let fills: Vec<&Fill> = case
        .other_fills(terms.covered.person())
        .filter(|fill| is_in_period(case, terms, rule.per, fill))
        .filter(|fill| supplied(case, fill).is_some_and(|fill| rule.scope.holds(&fill)))
        .collect();
    match rule.most {
        Most::PlanPays(most) => {
            let mut paid = Cents::ZERO;
            for fill in fills {
                paid = paid.plus(fill.paid.benefit_pays()?)?;
            }
            let left = paid.left_of(most);
            let is_reached = plan > left;
            Ok(Covered { plan: plan.min(left), left: format!("${left}"), is_reached })
        }
        Most::Fills(most) => {
            // A fill in two parts is one, and what this claim completes is this one.
            let is_other = |fill: &&&Fill| !fill.is_completion() && !case.is_completing(fill);
            let used = fills.iter().filter(is_other).count();
            let left = u64::from(most).saturating_sub(u64::try_from(used).unwrap_or(u64::MAX));
            let is_reached = left == 0;
            let plan = if is_reached { Cents::ZERO } else { plan };
            Ok(Covered { plan, left: count_of(left, "fill"), is_reached })
        }
        Most::Units(most) => {
            let used = fills
                .iter()
                .fold(Quantity::units(0), |sum, fill| sum.plus(fill.counted().quantity));
            let left = used.left_of(most);
            let quantity = case.drug.quantity;
            let is_reached = quantity > left;
            let plan = if is_reached { plan.part_for(left, quantity)? } else { plan };
            let units = if left == Quantity::units(1) { "unit" } else { "units" };
            Ok(Covered { plan, left: format!("{left} {units}"), is_reached })
        }
    }
}

fn is_in_period(case: &Case<'_>, terms: &Terms<'_, '_>, per: BenefitPeriod, fill: &Fill) -> bool {
    let (date, of) = (case.date(), fill.key.date_of_service);
    match per {
        BenefitPeriod::PlanYear => {
            let (group, begins) = (terms.covered.group, terms.covered.plan.year_of(date));
            group.counts(fill.paid.group)
                && terms.covered.plan.year_of(of) == begins
                && group.reset_since(begins, date).is_none_or(|reset| reset <= of)
        }
        BenefitPeriod::CalendarQuarter => Period::Quarter.is_same(date, of),
        BenefitPeriod::RollingYear => (0..365).contains(&date.days_since(of)),
        BenefitPeriod::Lifetime => true,
    }
}

/// What the plan's rules look at in an earlier fill.
fn supplied(case: &Case<'_>, fill: &Fill) -> Option<Supplied> {
    Some(Supplied {
        tier: fill.paid.tier,
        channel: fill.paid.design.channel.unwrap_or(Channel::Retail),
        kind: fill.paid.kind,
        days: fill.days_intended(),
        drug: case.book.drugs().find(fill.counted().ndc)?,
    })
}
