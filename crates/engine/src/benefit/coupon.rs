//! A manufacturer's coupon: it pays a part of the member's share, which the plan may leave out
//! of the accumulators (a copay accumulator adjustment program).

use openpbm_book::{CouponCounts, CouponRule};
use openpbm_core::{Account, Cents, Finding, Overflow, ProductKind, Shared, Stage};

use super::{Terms, selection};
use crate::case::Case;
use crate::coordination;
use crate::written::BY_PRESCRIBER;

/// 485-KE of a coupon that gives the product for nothing.
const FREE_PRODUCT: u8 = 2;

/// The coupon pays copay and coinsurance first, then the deductible, last the choice of brand.
pub(super) fn of<'a>(case: &mut Case<'a>, terms: &Terms<'_, 'a>) -> Result<(), Overflow> {
    let rule = terms.covered.plan.coupon.as_ref();
    let share =
        Cents::sum([Account::Copay, Account::Coinsurance].map(|account| case.balance(account)))?;
    let deductible = case.balance(Account::Deductible);
    let selection = case.balance(Account::ProductSelection);
    let patient = Cents::sum([share, deductible, selection])?;
    let pays = match (case.dispensed, rule) {
        // Its maker has paid what it paid, whatever the share or the plan is now.
        (Some(fill), _) => fill.answered().coordination.coupon,
        (None, Some(_)) => value(case, patient)?,
        (None, None) => Cents::ZERO,
    };
    let pays = pays.min(patient);
    if pays == Cents::ZERO {
        return Ok(());
    }
    let toward_deductible = deductible.plus(case.design.selection_toward_deductible)?;
    let toward_maximum = Cents::sum([share, deductible, case.design.selection_toward_maximum])?;
    let counts = rule.map_or(Ok(true), |rule| counts(case, terms, rule))?;
    let toward_all = rule.is_none_or(|rule| rule.toward_deductible);
    let none_if = |counts: bool, amount: Cents| if counts { Cents::ZERO } else { amount };
    let of_deductible = none_if(counts && toward_all, share.left_of(pays).min(toward_deductible));
    let of_out_of_pocket = none_if(counts, pays.min(toward_maximum));
    case.coordination.coupon = pays;
    case.coordination.uncounted_deductible = of_deductible;
    case.coordination.uncounted_out_of_pocket = of_out_of_pocket;
    let finding = Shared::Coupon { pays, of_deductible, of_out_of_pocket };
    case.note(Stage::Benefit, Finding::Shared(finding), rule.map(|rule| rule.source));
    Ok(())
}

/// 487-NE, all of the share for a free product, or what a coupon that answers as a payer paid.
fn value(case: &Case<'_>, patient: Cents) -> Result<Cents, Overflow> {
    match &case.claim.details.coupon {
        Some(coupon) => {
            let free = coupon.kind == FREE_PRODUCT;
            Ok(coupon.value.unwrap_or(if free { patient } else { Cents::ZERO }))
        }
        None => coordination::paid_by_coupon(case),
    }
}

/// Whether what a coupon pays counts. A brand has a generic where one of the same drug is on the
/// formulary; who gets the brand because the prescriber asks for it (DAW 1) has no choice.
fn counts<'a>(case: &Case<'a>, terms: &Terms<'_, 'a>, rule: &CouponRule) -> Result<bool, Overflow> {
    Ok(match rule.counts {
        CouponCounts::Always => true,
        CouponCounts::Never => false,
        CouponCounts::WithoutGeneric => {
            terms.dispensed.product.kind != ProductKind::Brand
                || case.claim.daw == BY_PRESCRIBER
                || selection::cheapest_generic(case, terms)?.is_none()
        }
    })
}
