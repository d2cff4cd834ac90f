//! Must a drug that is taken on and on be filled elsewhere from now on?

use openpbm_book::{MandatoryChannel, Supplied};
use openpbm_core::{Channel, Fill, Finding, PlanFinding, RejectCode, Stage};

use crate::case::Case;
use crate::duplicate::is_same_drug;
use crate::eligibility::Covered;
use crate::product::Dispensed;
use crate::words::count_of;

/// 461-EU: an exemption of the payer's own.
const PAYERS_EXEMPTION: u8 = 8;

pub(crate) fn check(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    dispensed: &Dispensed<'_>,
    supplied: &Supplied,
) {
    let rule = covered.plan.mandatory_channels.iter().find(|rule| rule.scope.holds(supplied));
    let Some(rule) = rule else { return };
    if rule.fill_at.contains(&supplied.channel) || has_opted_out(case, rule) {
        return;
    }
    let Some(channel) = rule.fill_at.first().copied() else { return };
    let used = filled_elsewhere(case, covered, dispensed, rule);
    if used < rule.after {
        let finding = PlanFinding::GraceFill { used, allowed: rule.after, channel };
        case.note(Stage::Utilization, Finding::Plan(finding), rule.source);
        return;
    }
    let at: Vec<String> = rule.fill_at.iter().map(ToString::to_string).collect();
    let message = format!(
        "after {} elsewhere covered at {} pharmacies alone; transfer the prescription",
        count_of(rule.after, "fill"),
        at.join(" or ")
    );
    case.refuse(Stage::Utilization, RejectCode::PlanLimitsExceeded, message, rule.source);
}

/// True if the pharmacy claims by the number that the plan gives to those who opt out.
fn has_opted_out(case: &Case<'_>, rule: &MandatoryChannel) -> bool {
    let claimed = case.claim.details.authorization.as_ref();
    rule.opt_out.is_some_and(|number| {
        claimed.is_some_and(|a| a.kind == PAYERS_EXEMPTION && a.number == number)
    })
}

/// Fills of the same drug in other channels, in the days before.
fn filled_elsewhere(
    case: &Case<'_>,
    covered: &Covered<'_>,
    dispensed: &Dispensed<'_>,
    rule: &MandatoryChannel,
) -> u16 {
    let date = case.date();
    let counts = |fill: &&Fill| {
        let channel = fill.paid.design.channel.unwrap_or(Channel::Retail);
        let days = date.days_since(fill.key.date_of_service);
        (1..=i64::from(rule.within)).contains(&days)
            && !rule.fill_at.contains(&channel)
            && !fill.is_completion()
            && is_same_drug(case, fill, dispensed)
    };
    let count = case.other_fills(covered.person()).filter(counts).count();
    u16::try_from(count).unwrap_or(u16::MAX)
}
