//! A fill in two parts (343-HD), because the pharmacy had not all of it at once: a partial fill,
//! and its completion. The two are one fill: what is asked before a drug is dispensed is asked of
//! the whole, at the partial fill; what is asked once for a fill is borne by one part or by both.

use openpbm_book::{Borne, PartialFills};
use openpbm_core::{
    Account, Cents, Completed, Date, DrugUse, Family, Fill, Finding, Overflow, PartialFill,
    PersonCode, PlanFinding, Quantity, RejectCode, Stage,
};

use crate::case::Case;
use crate::duplicate::is_same_drug;
use crate::eligibility::Covered;
use crate::product::Dispensed;

impl<'a> Case<'a> {
    fn partial(&self) -> Option<&'a PartialFill> {
        self.claim.details.partial.as_ref()
    }

    /// True if what is asked before a drug is dispensed has to be asked.
    pub(crate) fn is_new(&self) -> bool {
        let completes = self.partial().is_some_and(|part| part.completes.is_some());
        self.dispensed.is_none() && !completes
    }

    /// The fill of which that was asked before: the claim itself, or the partial fill.
    pub(crate) fn asked(&self) -> Option<&'a Fill> {
        self.dispensed.or_else(|| self.completes())
    }

    /// The partial fill that this claim completes.
    fn completes(&self) -> Option<&'a Fill> {
        let (family, pharmacy) = (self.family, self.claim.key.pharmacy);
        let of = self.partial()?.completes.as_ref()?;
        family.dispensed().find(|fill| fill.is_completed_by(pharmacy, of))
    }

    /// True if this claim completes that fill.
    pub(crate) fn is_completing(&self, fill: &Fill) -> bool {
        self.completes().is_some_and(|partial| partial.id == fill.id)
    }

    /// What is asked for in all: the whole of a fill in two parts.
    pub(crate) fn whole(&self) -> DrugUse {
        let Some(part) = self.partial().filter(|_| !self.claim.compound) else { return self.drug };
        let (quantity, days_supply) = (part.quantity_intended, part.days_intended);
        DrugUse { quantity, days_supply, ..self.drug }
    }

    /// What this claim bears of an amount that is asked once for a fill. The parts' shares are
    /// rounded so that those of a fill that was completed sum to the whole.
    pub(crate) fn borne(
        &self,
        whole: Cents,
        by: impl Fn(&PartialFills) -> Borne,
    ) -> Result<Cents, Overflow> {
        let Some(part) = self.partial() else { return Ok(whole) };
        // Where a plan without the rule decides a part again, the partial fill bears it.
        let rule = self.plan.and_then(|plan| plan.partial_fills.as_ref());
        match (rule.map_or(Borne::First, by), &part.completes) {
            (Borne::First, None) | (Borne::Last, Some(_)) => Ok(whole),
            (Borne::First, Some(_)) | (Borne::Last, None) => Ok(Cents::ZERO),
            (Borne::Shared, _) => {
                let earlier = self.earlier();
                let until = |quantity| whole.part_for(quantity, part.quantity_intended);
                until(earlier.plus(self.claim.drug.quantity))?.minus(until(earlier)?)
            }
        }
    }

    /// What was dispensed of the fill before.
    fn earlier(&self) -> Quantity {
        self.completes().map_or(Quantity::units(0), |partial| partial.drug.quantity)
    }

    /// Lowers an amount that is asked once for a fill to what this claim bears of it.
    pub(crate) fn post_borne(
        &mut self,
        stage: Stage,
        account: Account,
        by: impl Fn(&PartialFills) -> Borne,
    ) -> Result<(), Overflow> {
        let whole = self.balance(account);
        let borne = self.borne(whole, by)?;
        if borne != whole {
            let source = self.plan.and_then(|plan| Some(plan.partial_fills.as_ref()?.source));
            let finding = Finding::Plan(PlanFinding::BorneByPart { whole });
            self.post(stage, finding, source, account, borne);
        }
        Ok(())
    }
}

/// False if the claim is not a part of a fill that it could be: then nothing more is asked of it.
pub(crate) fn check(case: &mut Case<'_>, covered: &Covered<'_>, dispensed: &Dispensed<'_>) -> bool {
    let Some(part) = case.partial() else { return true };
    if case.dispensed.is_none() {
        let wrong = match &part.completes {
            _ if covered.plan.partial_fills.is_none() => {
                Some((RejectCode::PartialNotSupported, "the plan takes no fill in parts".into()))
            }
            _ if case.claim.compound => {
                Some((RejectCode::PartialNotSupported, "a compound is not taken in parts".into()))
            }
            None => wrong_partial(case, part),
            Some(of) => wrong_completion(case, covered, dispensed, part, of),
        };
        if let Some((code, message)) = wrong {
            case.refuse(Stage::Duplicate, code, message, covered.plan.source);
            return false;
        }
    }
    let (earlier, intended) = (case.earlier(), part.quantity_intended);
    let finding = PlanFinding::PartOfFill { quantity: case.claim.drug.quantity, earlier, intended };
    let source = covered.plan.partial_fills.as_ref().map(|rule| rule.source);
    case.note(Stage::Duplicate, Finding::Plan(finding), source);
    true
}

/// Why a claim is not taken as a part.
type Wrong = Option<(RejectCode, String)>;

fn wrong_partial(case: &Case<'_>, part: &PartialFill) -> Wrong {
    let (drug, key) = (case.claim.drug, case.claim.key);
    let is_same = |fill: &&Fill| {
        let same = fill.key.pharmacy == key.pharmacy
            && fill.key.prescription == key.prescription
            && fill.key.fill == key.fill
            && fill.key != key;
        same && fill.partial.is_some() && !fill.is_completion()
    };
    let another = case.family.dispensed().find(is_same);
    let intended = (part.quantity_intended, part.days_intended);
    if let Some(fill) = another {
        let day = fill.key.date_of_service;
        Some((
            RejectCode::PartialAgain,
            format!("this fill was dispensed in part on {day}; send its completion (343-HD C)"),
        ))
    } else if drug.quantity >= intended.0 {
        let message = format!("a partial fill dispenses less than the {} intended", intended.0);
        Some((RejectCode::InvalidQuantity, message))
    } else if drug.days_supply > intended.1 {
        let message = format!("a partial fill is of at most the {} days intended", intended.1);
        Some((RejectCode::InvalidDaysSupply, message))
    } else {
        None
    }
}

fn wrong_completion(
    case: &Case<'_>,
    covered: &Covered<'_>,
    dispensed: &Dispensed<'_>,
    part: &PartialFill,
    of: &Completed,
) -> Wrong {
    let (claim, day) = (case.claim, of.date_of_service);
    let paid = case.completes().filter(|partial| case.family.covers(partial.id));
    let Some(partial) = paid else {
        let message =
            format!("no partial fill of prescription {} on {day} is paid here", of.prescription);
        return Some((RejectCode::PartialNotOnFile, message));
    };
    let completed = case.family.completion_of(partial).filter(|fill| fill.key != claim.key);
    let whole = partial.partial.as_deref();
    let left = partial.drug.quantity.left_of(part.quantity_intended);
    let days_left = part.days_intended.saturating_sub(partial.drug.days_supply);
    let wrong = if let Some(fill) = completed {
        let message = format!("completed on {} already", fill.key.date_of_service);
        (RejectCode::PartialNotOnFile, message)
    } else if partial.paid.person != covered.person() || partial.paid.group != covered.group.id {
        let message = "the partial fill was for another member or group; bill a fill of its own";
        (RejectCode::OtherPatientCompleted, message.to_owned())
    } else if !is_same_drug(case, partial, dispensed) {
        let message = "the partial fill was of another drug; bill a fill of its own";
        (RejectCode::OtherDrugCompleted, message.to_owned())
    } else if case.date() == day {
        let message = "the partial fill is of the same day; rebill it with all of it";
        (RejectCode::CompletedSameDay, message.to_owned())
    } else if case.date() < day {
        let message = format!("the partial fill is of {day}, which is later");
        (RejectCode::CompletedBefore, message)
    } else if let Some(whole) = whole.filter(|w| w.quantity_intended != part.quantity_intended) {
        let message = format!("the partial fill was of {} intended", whole.quantity_intended);
        (RejectCode::InvalidQuantityIntended, message)
    } else if let Some(whole) = whole.filter(|w| w.days_intended != part.days_intended) {
        let message = format!("the partial fill was of {} days intended", whole.days_intended);
        (RejectCode::InvalidDaysIntended, message)
    } else if claim.drug.quantity > left {
        let message = format!("{left} units are left of what was intended");
        (RejectCode::InvalidQuantity, message)
    } else if claim.drug.days_supply > days_left {
        let message = format!("{days_left} days are left of what was intended");
        (RejectCode::InvalidDaysSupply, message)
    } else {
        return None;
    };
    Some(wrong)
}

/// A supply that refill and quantity rules count.
pub(crate) struct Supply<'a> {
    /// The fill, or the completion of one in two parts.
    pub(crate) fill: &'a Fill,
    /// What of it counts: of one in two parts both.
    pub(crate) drug: DrugUse,
    /// The day of the first part.
    pub(crate) from: Date,
}

/// The person's supplies beside this claim, each fill in two parts once.
pub(crate) fn supplies<'a>(
    case: &Case<'a>,
    person: PersonCode,
) -> impl Iterator<Item = Supply<'a>> + use<'a> {
    let family = case.family;
    case.other_fills(person).filter_map(move |fill| supply(family, fill))
}

/// `None` of a partial fill that is completed: its completion has all of it.
fn supply<'a>(family: &'a Family, fill: &'a Fill) -> Option<Supply<'a>> {
    let (drug, from) = (fill.counted(), fill.key.date_of_service);
    let alone = Supply { fill, drug, from };
    let Some(part) = &fill.partial else { return Some(alone) };
    let pharmacy = fill.key.pharmacy;
    let Some(of) = &part.completes else {
        let completed = family.completion_of(fill).is_some_and(|other| family.covers(other.id));
        return (!completed).then_some(alone);
    };
    let is_partial = |other: &&Fill| other.is_completed_by(pharmacy, of);
    let Some(partial) = family.fills.iter().find(is_partial) else { return Some(alone) };
    let quantity = drug.quantity.plus(partial.drug.quantity);
    let days_supply = drug.days_supply.saturating_add(partial.drug.days_supply);
    let drug = DrugUse { quantity, days_supply, ..drug };
    Some(Supply { fill, drug, from: partial.key.date_of_service })
}
