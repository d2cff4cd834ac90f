//! The tier's share: a copay, a part of the price within bounds, or one of the two.

use openpbm_book::{Coinsurance, Share, ShareKind};
use openpbm_core::{Account, Cents, Finding, Overflow, RejectCode, Stage};

use super::selection::Choice;
use super::{Terms, benefit_price};
use crate::case::Case;

/// The row of the plan's share table that fits the claim; refused if none does.
pub(super) fn row<'a>(case: &mut Case<'_>, terms: &Terms<'_, 'a>) -> Option<&'a Share> {
    let rows = &terms.covered.plan.shares;
    let row = rows.iter().find(|row| row.scope.holds(&terms.supplied));
    if row.is_none() {
        // The book's check finds such a gap, so this is a book that was not checked.
        let message = "the plan names no member's share for this tier and channel";
        let code = RejectCode::HostProcessingError;
        case.refuse(Stage::Benefit, code, message, terms.covered.plan.source);
    }
    row
}

/// What a share comes to, and where it is posted.
type Amount = (Account, Finding, Cents);

/// The tier's share of what the deductible leaves of the price, and never more than is left.
pub(super) fn tier_share(
    case: &mut Case<'_>,
    terms: &Terms<'_, '_>,
    row: &Share,
    choice: Choice,
) -> Result<(), Overflow> {
    let deductible = case.balance(Account::Deductible);
    // A percentage is of the price less the deductible, and above a reference price of nothing.
    let after_deductible = terms.price.price.minus(choice.above_reference)?.minus(deductible)?;
    let most = benefit_price(case, terms)?.minus(deductible)?;
    let copay = |each| copay(each, terms.copays);
    let part = |part| coinsurance(part, terms.copays, after_deductible);
    let (account, finding, pays) = match row.share {
        ShareKind::Copay(each) => copay(each)?,
        ShareKind::Coinsurance(of) => part(of)?,
        ShareKind::Greater(each, of) => {
            let (copay, part) = (copay(each)?, part(of)?);
            if part.2 > copay.2 { part } else { copay }
        }
        ShareKind::Lesser(each, of) => {
            let (copay, part) = (copay(each)?, part(of)?);
            if part.2 < copay.2 { part } else { copay }
        }
    };
    case.post(Stage::Benefit, finding, row.source, account, pays);
    if pays > most {
        let price = terms.price.price;
        case.post(Stage::Benefit, Finding::HeldToPrice { price }, None, account, most);
    }
    Ok(())
}

fn copay(each: Cents, copays: u8) -> Result<Amount, Overflow> {
    let pays = each.times(u32::from(copays))?;
    Ok((Account::Copay, Finding::Copay { each, copays }, pays))
}

/// A part of an amount, rounded half up, within its bounds.
fn coinsurance(part: Coinsurance, copays: u8, of: Cents) -> Result<Amount, Overflow> {
    let bound = |amount: Option<Cents>| amount.map(|a| a.times(u32::from(copays))).transpose();
    let (at_least, at_most) = (bound(part.at_least)?, bound(part.at_most)?);
    let pays = of.percent(part.rate)?.max(at_least.unwrap_or_default());
    let finding = Finding::Coinsurance { rate: part.rate, at_least, at_most };
    Ok((Account::Coinsurance, finding, at_most.map_or(pays, |most| pays.min(most))))
}
