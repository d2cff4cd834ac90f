//! How much, for how long, and is it time for a refill?
//!
//! Claims may come in late and out of order, so each rule looks at the fills on both sides of
//! the date of service.

use openpbm_book::{Placement, QuantityLimit, Sourced};
use openpbm_core::{Date, DrugUse, Fill, Finding, Quantity, RejectCode, Stage};

use crate::case::Case;
use crate::duplicate::is_same_drug;
use crate::eligibility::Covered;
use crate::formulary;
use crate::partial;
use crate::pharmacy::Dispensing;
use crate::product::Dispensed;
use crate::transition::{self, Lack};

/// Checks the limits; returns how many copays the supply counts as.
pub(crate) fn check(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    dispensed: &Dispensed<'_>,
    placement: Option<&Placement>,
    dispensing: Option<&Dispensing<'_>>,
) -> Option<u8> {
    let copays = dispensing.and_then(|at| days_supply(case, covered, at, placement));
    if !case.is_new() {
        return copays;
    }
    refill(case, covered, dispensed);
    if let Some(placement) = placement {
        first_fill(case, covered, placement);
        if let Some(limit) = &placement.quantity {
            quantity(case, covered, limit);
        }
    }
    copays
}

/// The longest supply is the plan's for the channel or the drug's own, whichever is shorter.
fn days_supply(
    case: &mut Case<'_>,
    covered: &Covered<'_>,
    dispensing: &Dispensing<'_>,
    placement: Option<&Placement>,
) -> Option<u8> {
    let (days, channel) = (case.whole().days_supply, dispensing.channel);
    let Some(supply) = covered.plan.supply.iter().find(|s| s.channel == channel) else {
        let message = format!("the plan does not cover {channel} pharmacies");
        let code = RejectCode::PharmacyNotContracted;
        case.refuse(Stage::Utilization, code, message, covered.plan.source);
        return None;
    };
    let of_plan = (supply.steps.last().map_or(0, |step| step.days), supply.source);
    let of_drug = placement.and_then(|p| p.days_max.as_ref()).map(|most| (most.value, most.source));
    let (most, source) = of_drug.filter(|(most, _)| *most < of_plan.0).unwrap_or(of_plan);
    let step = supply.steps.iter().find(|step| days <= step.days).filter(|_| days <= most);
    let Some(step) = step else {
        let message = format!("at most {most} days; reduce quantity and days supply");
        case.refuse(Stage::Utilization, RejectCode::DaysSupplyExceeded, message, source);
        return None;
    };
    let finding = Finding::DaysAllowed { days: step.days, copays: step.copays };
    case.note(Stage::Utilization, finding, supply.source);
    Some(step.copays)
}

/// Between two fills of the same drug a part of the first one's supply must be used up.
fn refill(case: &mut Case<'_>, covered: &Covered<'_>, dispensed: &Dispensed<'_>) {
    let (date, rule) = (case.date(), covered.plan.refill);
    let rate = if dispensed.product.schedule.is_some() { rule.controlled } else { rule.used };
    let others = partial::supplies(case, covered.person());
    let others: Vec<_> = others.filter(|o| is_same_drug(case, o.fill, dispensed)).collect();
    let before = others.iter().filter(|other| other.from < date).max_by_key(|other| other.from);
    let after = others.iter().map(|other| other.from).filter(|day| *day > date).min();
    let wait = |days: u16| i64::from(rate.of_days(days));
    if let Some(&partial::Supply { drug, from: last, .. }) = before {
        let days = drug.days_supply;
        let since = last.plus_days(wait(days));
        if date < since {
            let message = format!(
                "refill possible on {since}: {rate} of the {days} days filled on {last} must be \
                 used"
            );
            let code = RejectCode::RefillTooSoon;
            if case.refuse(Stage::Utilization, code, message, rule.source) {
                // With a later fill there, that day may be refused as well.
                case.next_fill = case.next_fill.max(Some(since)).filter(|_| after.is_none());
            }
        } else {
            case.note(Stage::Utilization, Finding::RefillAllowed { last, since }, rule.source);
        }
    }
    let days = case.whole().days_supply;
    if let Some(next) = after.filter(|next| *next < date.plus_days(wait(days))) {
        let message = format!(
            "filled again on {next}, before {rate} of these {days} days would have been used"
        );
        case.refuse(Stage::Utilization, RejectCode::RefillTooSoon, message, rule.source);
    }
}

/// The first fill of such a drug in a while is a short one.
fn first_fill(case: &mut Case<'_>, covered: &Covered<'_>, placement: &Placement) {
    let Some(rule) = &placement.first_fill else { return };
    let within = i64::from(rule.value.within);
    let date = case.date();
    let before = case.other_fills(covered.person()).any(|fill| {
        let age = date.days_since(fill.key.date_of_service);
        (1..=within).contains(&age)
            && placement_of(case, covered, fill).is_some_and(|p| p.first_fill.is_some())
    });
    if !before && case.whole().days_supply > rule.value.days {
        let message =
            format!("first fill in {within} days: at most {} days supply", rule.value.days);
        case.refuse(Stage::Utilization, RejectCode::FirstFillExceeded, message, rule.source);
    }
}

/// Where the product of an earlier fill is placed now.
fn placement_of<'a>(case: &Case<'a>, covered: &Covered<'a>, fill: &Fill) -> Option<&'a Placement> {
    let drug = case.book.drugs().find(fill.counted().ndc)?;
    formulary::of(case, covered)?.placement(drug)
}

/// What a fill takes of a quantity limit: so many units, from its day on for the limit's days or
/// its own days supply, whichever is longer. A longer supply counts at its daily rate.
struct Taken {
    units: Quantity,
    from: Date,
    until: Date,
}

impl Taken {
    fn new(drug: DrugUse, from: Date, limit: QuantityLimit) -> Self {
        let days = drug.days_supply.max(limit.days);
        let units = drug.quantity.at_rate(limit.days, days);
        Self { units, from, until: from.plus_days(i64::from(days)) }
    }

    fn holds(&self, day: Date) -> bool {
        self.from <= day && day < self.until
    }
}

/// At most so many units in so many days, over all products that the same rule limits.
fn quantity(case: &mut Case<'_>, covered: &Covered<'_>, rule: &Sourced<QuantityLimit>) {
    let limit = rule.value;
    let drug = case.whole();
    let here = Taken::new(drug, case.date(), limit);
    if here.units > limit.quantity {
        let most = limit.quantity.at_rate(drug.days_supply.max(limit.days), limit.days);
        let message = format!("at most {most} units for {} days", drug.days_supply);
        let refusal = (RejectCode::QuantityExceeded, message);
        transition::refuse(case, Stage::Utilization, Lack::Quantity, refusal, rule.source);
        return;
    }
    let under_rule = |other: &partial::Supply<'_>| {
        let limited = placement_of(case, covered, other.fill).and_then(|p| p.quantity.as_ref());
        limited.is_some_and(|other| other.source == rule.source)
    };
    let supplies = partial::supplies(case, covered.person()).filter(under_rule);
    let others: Vec<_> = supplies.map(|other| Taken::new(other.drug, other.from, limit)).collect();
    let used = most_taken(&others, drug, case.date(), limit);
    if used <= limit.quantity {
        let days = limit.days;
        let finding = Finding::WithinQuantity { used, limit: limit.quantity, days };
        case.note(Stage::Utilization, finding, rule.source);
        return;
    }
    // Units become free only on days when an earlier fill no longer counts.
    let free = others.iter().map(|other| other.until).filter(|&day| day > case.date());
    let possible =
        free.filter(|&day| most_taken(&others, drug, day, limit) <= limit.quantity).min();
    let day = possible.map_or_else(String::new, |day| format!("; possible on {day}"));
    let message = format!("at most {} units in {} days{day}", limit.quantity, limit.days);
    let refusal = (RejectCode::PlanLimitsExceeded, message);
    if transition::refuse(case, Stage::Utilization, Lack::Quantity, refusal, rule.source) {
        case.next_fill = case.next_fill.max(possible);
    }
}

/// The most that would be taken on any day of a fill on that date. The sum rises only on days
/// when a fill begins.
fn most_taken(others: &[Taken], drug: DrugUse, date: Date, limit: QuantityLimit) -> Quantity {
    let here = Taken::new(drug, date, limit);
    let on = |day: Date| {
        let taken = others.iter().filter(|other| other.holds(day));
        taken.fold(here.units, |sum, other| sum.plus(other.units))
    };
    let begins = others.iter().map(|other| other.from).filter(|&day| here.holds(day));
    begins.chain([date]).map(on).max().unwrap_or(here.units)
}
