//! What the member pays: the price of choosing a brand, the deductible, the tier's share, held to
//! the out-of-pocket maximum, and never more than the price.

mod brought;
mod coupon;
mod exemption;
mod limits;
mod maximum;
mod outcome;
mod part_d;
mod selection;
mod share;

use openpbm_book::Supplied;
use openpbm_core::{Account, Cents, Counted, Overflow, Paid, Stage};

use crate::case::Case;
use crate::coordination;
use crate::eligibility::Covered;
use crate::pharmacy::Dispensing;
use crate::pricing::Priced;
use crate::product::Dispensed;

/// Everything that a share depends on.
pub(crate) struct Terms<'t, 'a> {
    pub(crate) covered: &'t Covered<'a>,
    pub(crate) dispensed: &'t Dispensed<'a>,
    pub(crate) dispensing: &'t Dispensing<'a>,
    /// As how many copays the supply counts.
    pub(crate) copays: u8,
    pub(crate) price: Priced,
    /// What the plan's rules look at; a brand may stand there as its generic.
    pub(crate) supplied: Supplied,
}

/// The story of a share: what other payers cover; who pays nothing; what choosing the product
/// costs; the deductible; the tier's share of the rest; both held to the out-of-pocket maximum;
/// what other payers leave of it; and what is above the most that the plan covers.
pub(crate) fn share<'a>(
    case: &mut Case<'a>,
    mut terms: Terms<'_, 'a>,
) -> Result<Option<Paid>, Overflow> {
    let balances = limits::balances(case, terms.covered)?;
    if let Some(parameters) = &terms.covered.plan.part_d {
        return part_d::decide(case, &terms, parameters, &balances);
    }
    let (covered, price, tax) = (terms.covered, terms.price.price, terms.price.plan_tax);
    let recognized = coordination::recognize(case, covered, price.plus(tax)?)?;
    // They cover the price first, and then what the plan would pay of sales tax alone.
    let others = recognized.min(price);
    case.design.plan_tax = tax.minus(recognized.minus(others)?)?;
    terms.price.price = coordination::benefit_of(case, covered, price, others)?;
    let exemption = exemption::find(case, terms.covered);
    if let Some((finding, source)) = exemption {
        case.note(Stage::Benefit, finding, source);
    } else {
        let choice = selection::choose(case, &mut terms)?;
        let terms = &terms;
        limits::deductible(case, terms, &balances, choice)?;
        let Some(row) = share::row(case, terms) else { return Ok(None) };
        share::tier_share(case, terms, row, choice)?;
        limits::hold_to_maximum(case, terms, &balances, choice)?;
        limits::hold_to_income(case, terms, choice)?;
        choice.count(case, terms);
    }
    coordination::share_after(case, covered, price, others)?;
    terms.price.price = price.minus(others)?;
    if !maximum::hold(case, &terms)? {
        return Ok(None);
    }
    coupon::of(case, &terms)?;
    outcome::of(case, &terms, &balances, |paid| Counted::of(paid, None)).map(Some)
}

/// What is left of the price when the price of choosing a brand is taken off: that one counts
/// toward nothing, so nothing that counts may be taken of it.
fn benefit_price(case: &Case<'_>, terms: &Terms<'_, '_>) -> Result<Cents, Overflow> {
    terms.price.price.minus(case.balance(Account::ProductSelection))
}
