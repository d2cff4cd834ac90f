//! Fills in two parts: a partial fill and, on a later day, its completion.
//! `docs/reference/book.md` is the prose.

use openpbm_core::{BillingKey, Claim, Completed, DrugUse, PartialFill, RejectCode};

use crate::decide::{Covered, Situation};
use crate::decimal::half_up;
use crate::household::{Fill, Household};
use crate::rules::{Borne, Network, PartialFills, Rules};

/// The part of a fill that a claim is.
pub(crate) struct Part<'a> {
    /// What both are to dispense.
    whole: DrugUse,
    is_completion: bool,
    /// The partial fill that it completes.
    pub(crate) first: Option<&'a Fill>,
}

impl<'a> Part<'a> {
    /// What a claim says of it; `None` if it dispenses all at once.
    pub(crate) fn of(household: &'a Household, claim: &Claim) -> Option<Self> {
        let PartialFill { quantity_intended, days_intended, completes } =
            claim.details.partial.as_ref()?;
        let (quantity, days_supply) = (*quantity_intended, *days_intended);
        let whole = DrugUse { quantity, days_supply, ..claim.drug };
        let meant = |of: &Completed| {
            household.dispensed().find(|fill| fill.is_partial_fill_of(claim.key.pharmacy, of))
        };
        let first = completes.as_ref().and_then(meant);
        Some(Self { whole, is_completion: completes.is_some(), first })
    }
}

impl<'a> Situation<'a> {
    /// What the plan limits, and by whose days its rows go: of a fill in two parts the whole.
    pub(crate) fn whole(&self) -> DrugUse {
        self.part.as_ref().map_or(self.claim.drug, |part| part.whole)
    }

    /// The partial fill that the claim completes.
    pub(crate) fn first_part(&self) -> Option<&'a Fill> {
        self.part.as_ref()?.first
    }

    /// What the claim came to before, or else the partial fill that it completes.
    pub(crate) fn decided_before(&self) -> Option<&'a Fill> {
        self.dispensed.or_else(|| self.first_part())
    }

    /// True if the claim is not decided again and does not complete a fill: both were asked.
    pub(crate) fn is_asked(&self) -> bool {
        self.dispensed.is_none() && !self.part.as_ref().is_some_and(|part| part.is_completion)
    }

    /// What of the network's dispensing fee the claim bears.
    pub(crate) fn fee(&self, network: &Network) -> i128 {
        self.borne(network.dispensing_fee.0, |rule| rule.dispensing_fee)
    }

    /// What the claim bears of an amount that the member pays once for a fill.
    pub(crate) fn once(&self, amount: i128) -> i128 {
        self.borne(amount, |rule| rule.copay)
    }

    fn borne(&self, amount: i128, by: fn(&PartialFills) -> Borne) -> i128 {
        let Some(part) = &self.part else { return amount };
        let earlier = part.first.map_or(0, |fill| fill.drug().quantity.thousandths());
        let up_to = |thousandths: u64| {
            half_up(amount * i128::from(thousandths), part.whole.quantity.thousandths().into())
        };
        // A plan that takes no partial fills may still decide one again.
        let rule = self.covered.plan.partial_fills.as_ref();
        match rule.map_or(Borne::First, by) {
            Borne::First if part.is_completion => 0,
            Borne::Last if !part.is_completion => 0,
            Borne::First | Borne::Last => amount,
            Borne::Shared => {
                up_to(earlier + self.claim.drug.quantity.thousandths()) - up_to(earlier)
            }
        }
    }
}

/// The first reason for which a part of a fill is not taken.
pub(crate) fn refusal(
    rules: &Rules,
    household: &Household,
    claim: &Claim,
    covered: &Covered<'_>,
) -> Option<RejectCode> {
    let part = claim.details.partial.as_ref()?;
    if claim.compound || covered.plan.partial_fills.is_none() {
        return Some(RejectCode::PartialNotSupported);
    }
    let (other, (quantity, days)) = match &part.completes {
        None => {
            // On the same day it is a duplicate.
            let again = |fill: &Fill| {
                let (key, own) = (fill.key(), claim.key);
                let is_own = BillingKey { date_of_service: own.date_of_service, ..key } == own;
                fill.is_partial() && is_own && key != own
            };
            if household.dispensed().any(again) {
                return Some(RejectCode::PartialAgain);
            }
            // Less than the whole, if only by a thousandth of a unit.
            let most = part.quantity_intended.thousandths().saturating_sub(1);
            (None, (most, part.days_intended))
        }
        Some(of) => {
            let meant = |fill: &&Fill| fill.is_partial_fill_of(claim.key.pharmacy, of);
            let first = household.fills.iter().find(meant);
            let is_open = |first: &&Fill| {
                household.completion(first).is_none_or(|known| known.key() == claim.key)
            };
            let Some(first) = first.filter(is_open) else {
                return Some(RejectCode::PartialNotOnFile);
            };
            let (earlier, whole) = (first.drug(), first.claim.details.partial.as_ref()?);
            let quantity = whole.quantity_intended.thousandths();
            let quantity = quantity.saturating_sub(earlier.quantity.thousandths());
            let days = whole.days_intended.saturating_sub(earlier.days_supply);
            (other(rules, claim, covered, first), (quantity, days))
        }
    };
    let is_too_much = claim.drug.quantity.thousandths() > quantity;
    let is_too_long = claim.drug.days_supply > days;
    other
        .or(is_too_much.then_some(RejectCode::InvalidQuantity))
        .or(is_too_long.then_some(RejectCode::InvalidDaysSupply))
}

/// What shows that a claim does not complete the partial fill that it names.
fn other(rules: &Rules, claim: &Claim, covered: &Covered<'_>, first: &Fill) -> Option<RejectCode> {
    let (day, before) = (claim.key.date_of_service, first.date());
    let (part, whole) = (claim.details.partial.as_ref()?, first.claim.details.partial.as_ref()?);
    let of = (covered.member.person_code, covered.coverage.group);
    let (drug, known) = (rules.drug(claim.drug.ndc), rules.drug(first.drug().ndc));
    let is_other_drug = drug.zip(known).is_some_and(|(drug, known)| !drug.is_same_as(known));
    let checks = [
        (of != (first.paid.person, first.paid.group), RejectCode::OtherPatientCompleted),
        (is_other_drug, RejectCode::OtherDrugCompleted),
        (day == before, RejectCode::CompletedSameDay),
        (day < before, RejectCode::CompletedBefore),
        (part.quantity_intended != whole.quantity_intended, RejectCode::InvalidQuantityIntended),
        (part.days_intended != whole.days_intended, RejectCode::InvalidDaysIntended),
    ];
    checks.into_iter().find(|(is_other, _)| *is_other).map(|(_, code)| code)
}
