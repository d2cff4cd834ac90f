//! The transition supply of Medicare Part D (42 CFR 423.120(b)(3)): a month of a drug that the
//! formulary lacks or restricts, for a member who is new to the plan, or whose drug was dropped
//! or restricted since the last fill. It leaves time to change the drug or to ask for it.

use openpbm_book::{Placement, Transition};
use openpbm_core::{Date, Fill, Finding, PartDFinding, RejectCode, Source, Stage};

use crate::case::Case;
use crate::duplicate::is_same_drug;
use crate::eligibility::Covered;
use crate::formulary;
use crate::product::Dispensed;

/// What of a formulary a drug falls short of. What is asked for safety is none of it.
#[derive(Clone, Copy)]
pub(crate) enum Lack {
    /// It is not listed.
    Listing,
    /// It is not preferred.
    Preference,
    /// It needs a prior authorization.
    Authorization,
    /// Another drug must be tried first.
    Step,
    /// It is more than the limit of units.
    Quantity,
}

/// What a plan supplies in transition of the drug of a claim.
#[derive(Clone, Copy)]
pub(crate) struct Offer<'a> {
    rule: &'a Transition,
    /// Where the drug stood before the formulary changed; `None` for a new member, to whom all
    /// of it is new.
    before: Option<&'a Placement>,
    /// Days' supply that were not supplied so before.
    left: u16,
}

impl Offer<'_> {
    fn is_about(&self, lack: Lack) -> bool {
        let Some(before) = self.before else { return true };
        match lack {
            Lack::Listing => true,
            Lack::Preference => before.preferred.as_ref().is_none_or(|rule| rule.value),
            Lack::Authorization => before.authorization.is_none(),
            Lack::Step => before.step.is_none(),
            Lack::Quantity => before.quantity.is_none(),
        }
    }

    /// The tier of a drug that the formulary does not list.
    pub(crate) const fn tier(&self) -> (u8, Source) {
        (self.rule.tier, self.rule.source)
    }
}

/// Looks for what the plan would supply. What was supplied so stays so when it is
/// decided again, and when it is completed.
pub(crate) fn find<'a>(case: &mut Case<'a>, covered: &Covered<'a>, dispensed: &Dispensed<'a>) {
    let rule = covered.plan.part_d.as_ref().and_then(|part_d| part_d.transition.as_ref());
    let (Some(rule), Some(formulary)) = (rule, formulary::of(case, covered)) else { return };
    if let Some(fill) = case.asked() {
        case.passed = fill.part_d.as_ref().and_then(|part_d| part_d.passed);
        let offer = Offer { rule, before: None, left: u16::MAX };
        case.transition = case.passed.map(|_| offer);
        return;
    }
    let placement = formulary.placement(dispensed.id);
    let not_part_d = placement.and_then(|p| p.not_part_d.as_ref()).is_some_and(|not| not.value);
    if case.claim.compound || dispensed.product.otc || not_part_d {
        return;
    }
    let before = if is_new(case, covered, rule) {
        None
    } else {
        let Some(before) = before_change(case, covered, dispensed, rule) else { return };
        Some(before)
    };
    let used = case.other_fills(covered.person()).filter(|fill| {
        fill.part_d.as_ref().is_some_and(|part_d| part_d.transition)
            && case.date().days_since(fill.key.date_of_service).abs() < i64::from(rule.window)
            && is_same_drug(case, fill, dispensed)
    });
    let used = used.fold(0_u16, |sum, fill| sum.saturating_add(fill.drug.days_supply));
    case.transition = Some(Offer { rule, before, left: rule.days.saturating_sub(used) });
}

/// True within the window of the first day of the group's unbroken coverage.
fn is_new(case: &Case<'_>, covered: &Covered<'_>, rule: &Transition) -> bool {
    let spans = || covered.member.coverage.iter().filter(|span| span.group == covered.group.id);
    let Some(mut first) = spans().find(|span| span.holds(case.date())).map(|span| span.from) else {
        return false;
    };
    let before =
        |first: Date| spans().find(|s| s.from < first && s.to == Some(first.plus_days(-1)));
    while let Some(earlier) = before(first) {
        first = earlier.from;
    }
    case.date().days_since(first) < i64::from(rule.window)
}

/// Where a drug stood before the formulary changed, if that was within the window and the member
/// had filled the drug not long before.
fn before_change<'a>(
    case: &Case<'a>,
    covered: &Covered<'a>,
    dispensed: &Dispensed<'_>,
    rule: &Transition,
) -> Option<&'a Placement> {
    let within = i64::from(rule.filled_within?);
    let (changed, earlier) = case.book.formulary_before(covered.group, case.date())?;
    if case.date().days_since(changed) >= i64::from(rule.window) {
        return None;
    }
    let before = earlier.placement(dispensed.id)?;
    let was_listed = before.tier.is_some() && before.excluded.is_none();
    let was_filled = |fill: &Fill| {
        (1..=within).contains(&changed.days_since(fill.key.date_of_service))
            && is_same_drug(case, fill, dispensed)
    };
    let is_current = was_listed && case.other_fills(covered.person()).any(was_filled);
    is_current.then_some(before)
}

/// Refuses what the formulary lacks or restricts, unless it is supplied in transition; true if it
/// is refused.
pub(crate) fn refuse(
    case: &mut Case<'_>,
    stage: Stage,
    lack: Lack,
    (code, mut message): (RejectCode, String),
    source: Source,
) -> bool {
    let days = case.whole().days_supply;
    if let Some(Offer { rule, left, .. }) = case.transition.filter(|offer| offer.is_about(lack)) {
        if days <= left {
            let finding = Finding::PartD(PartDFinding::TransitionSupply { code, days });
            case.note(stage, finding, rule.source);
            case.passed = Some(case.passed.map_or(code, |known| known.min(code)));
            return false;
        }
        if left > 0 {
            let days = if left == 1 { "1 day is".to_owned() } else { format!("{left} days are") };
            message.push_str(&format!("; as a transition supply {days} covered now"));
        }
    }
    case.refuse(stage, code, message, source)
}
