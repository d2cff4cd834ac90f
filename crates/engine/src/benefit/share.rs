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
    let copay = |each: Cents| -> Result<(Amount, Cents), Overflow> {
        let whole = each.times(u32::from(terms.copays))?;
        let finding = Finding::Copay { each, copays: terms.copays };
        Ok(((Account::Copay, finding, whole), case.borne(whole, |rule| rule.copay)?))
    };
    let part = |part| coinsurance(case, part, terms.copays, after_deductible);
    let (account, finding, pays) = match row.share {
        ShareKind::Copay(each) => copay(each)?.0,
        ShareKind::Coinsurance(of) => part(of)?,
        ShareKind::Greater(each, of) => {
            let ((copay, borne), part) = (copay(each)?, part(of)?);
            if part.2 > borne { part } else { copay }
        }
        ShareKind::Lesser(each, of) => {
            let ((copay, borne), part) = (copay(each)?, part(of)?);
            if part.2 < borne { part } else { copay }
        }
    };
    case.post(Stage::Benefit, finding, row.source, account, pays);
    if account == Account::Copay {
        case.post_borne(Stage::Benefit, account, |rule| rule.copay)?;
    }
    if case.balance(account) > most {
        let price = terms.price.price;
        case.post(Stage::Benefit, Finding::HeldToPrice { price }, None, account, most);
    }
    Ok(())
}

/// A part of an amount, rounded half up, within its bounds.
fn coinsurance(
    case: &Case<'_>,
    part: Coinsurance,
    copays: u8,
    of: Cents,
) -> Result<Amount, Overflow> {
    let bound = |amount: Option<Cents>| {
        let borne = |each: Cents| case.borne(each.times(copays.into())?, |rule| rule.copay);
        amount.map(borne).transpose()
    };
    let (at_least, at_most) = (bound(part.at_least)?, bound(part.at_most)?);
    let pays = of.percent(part.rate)?.max(at_least.unwrap_or_default());
    let finding = Finding::Coinsurance { rate: part.rate, at_least, at_most };
    Ok((Account::Coinsurance, finding, at_most.map_or(pays, |most| pays.min(most))))
}
