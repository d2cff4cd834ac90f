//! Whether, how much, for how long and when again: everything that refuses a claim of a covered
//! person for a known product, but its price.

use openpbm_core::{Channel, Date, DrugUse, DurAlert, RejectCode};

use crate::decide::{Refusals, Situation};
use crate::decimal::{Units, WHOLE, up};
use crate::household::Fill;
use crate::placement::{place, selects};
use crate::rules::{DispenseAsWritten, Drug, QuantityLimit, Written};
use crate::transition::{self, Lack};

/// An earlier fill as refill and quantity rules count it.
struct Whole<'a> {
    drug: &'a Drug,
    /// What was dispensed of it so far.
    supply: DrugUse,
    /// Of a fill in two parts the day of the first.
    from: Date,
}

impl<'a> Situation<'a> {
    /// The person's fills, each with its drug; not one under the claim's own key.
    pub(crate) fn fills(&self) -> impl Iterator<Item = (&'a Fill, &'a Drug)> {
        let (rules, person) = (self.rules, self.covered.member.person_code);
        let own = self.claim.key;
        let fills = self.household.fills.iter().filter(move |fill| fill.paid.person == person);
        let fills = fills.filter(move |fill| fill.key() != own);
        fills.filter_map(move |fill| rules.drug(fill.drug().ndc).map(|drug| (fill, drug)))
    }

    /// The same, but that a completed fill is one: its completion, from the day of the first part.
    fn wholes(&self) -> impl Iterator<Item = Whole<'a>> {
        let covered = &self.household.fills;
        let waits = |fill: &Fill| !covered.iter().any(|rest| rest.is_completion_of(fill));
        self.fills().filter(move |(fill, _)| waits(fill)).map(|(fill, drug)| {
            let (mut supply, mut from) = (fill.drug(), fill.date());
            if let Some(first) = covered.iter().find(|first| fill.is_completion_of(first)) {
                supply.quantity = supply.quantity.plus(first.drug().quantity);
                supply.days_supply = supply.days_supply.saturating_add(first.drug().days_supply);
                from = first.date();
            }
            Whole { drug, supply, from }
        })
    }

    /// As how many copays the supply counts; `None` if it is too long or not covered here.
    pub(crate) fn copays(&self) -> Option<i128> {
        let (days, drug_max) = (self.whole().days_supply, self.placement.days_max);
        let steps = self.covered.plan.supply.of(self.channel?)?;
        let step = steps.iter().find(|step| days <= step.days)?;
        drug_max.is_none_or(|most| days <= most).then_some(step.copays)
    }

    /// The plan's row for the claim's code of 408-D8.
    pub(crate) fn written(&self, tier: u8) -> Option<&'a DispenseAsWritten> {
        let mut rows = self.covered.plan.dispense_as_written.iter();
        rows.find(|row| row.codes.contains(&self.claim.daw) && row.scope.holds(self, tier))
    }

    /// The fills up to the day of service.
    fn history(&self) -> impl Iterator<Item = (&'a Fill, &'a Drug)> {
        let day = self.day;
        self.fills().filter(move |(fill, _)| fill.date() <= day)
    }

    /// The fills of the claim's drug.
    pub(crate) fn of_this_drug(&self) -> impl Iterator<Item = &'a Fill> {
        let this = self.drug;
        self.fills().filter(|(_, drug)| drug.is_same_as(this)).map(|(fill, _)| fill)
    }
}

/// The day on which a fill is used up.
fn end(fill: &Fill) -> Date {
    fill.date().plus_days(fill.drug().days_supply.into())
}

/// Another claim under the key of a paid one, or the same drug twice on a day.
pub(crate) fn duplicate(s: &Situation<'_>, refusals: &mut Refusals) {
    let same_key = s.household.dispensed().any(|fill| fill.key() == s.claim.key);
    if same_key || s.of_this_drug().any(|fill| fill.date() == s.day) {
        refusals.add(RejectCode::DuplicatePaid);
    }
}

/// Whether the drug is covered, for this person and channel; false if it is for nobody.
pub(crate) fn formulary(s: &Situation<'_>, refusals: &mut Refusals) -> bool {
    let (placement, plan) = (&s.placement, s.covered.plan);
    if s.network.is_some() && s.channel.is_some_and(|channel| plan.supply.of(channel).is_none()) {
        refusals.add(RejectCode::PharmacyNotContracted);
    }
    if placement.exclude.is_some() {
        refusals.add(RejectCode::ProductNotCovered);
        return false;
    }
    if !transition::is_of_part_d(s, refusals) {
        return false;
    }
    if placement.tier.is_none() {
        let code = RejectCode::NotOnFormulary;
        if !transition::passes(s, Lack::Listing, code, refusals) {
            refusals.add(code);
        }
        return false;
    }
    if placement.ages.is_some_and(|(from, to)| s.age < from || to < s.age) {
        refusals.add(RejectCode::AgeNotCovered);
    }
    let sex = s.covered.member.sex.or(s.claim.sex);
    if placement.sex.is_some_and(|wanted| Some(wanted) != sex) {
        refusals.add(RejectCode::SexNotCovered);
    }
    if placement.channel.is_some_and(|wanted| s.channel.is_some_and(|channel| channel != wanted)) {
        refusals.add(RejectCode::PharmacyNotContracted);
    }
    true
}

/// At most the channel's last supply, and the drug's own. Without a contract no channel counts.
pub(crate) fn supply(s: &Situation<'_>, refusals: &mut Refusals) {
    let contracted = s.channel.filter(|_| s.network.is_some());
    let Some(steps) = contracted.and_then(|channel| s.covered.plan.supply.of(channel)) else {
        return;
    };
    let of_plan = steps.iter().map(|step| step.days).max();
    let most = of_plan.into_iter().chain(s.placement.days_max).min();
    if most.is_some_and(|most| most < s.whole().days_supply) {
        refusals.add(RejectCode::DaysSupplyExceeded);
    }
}

/// What is asked of a drug that is not dispensed yet: is it time, is it safe, is it authorized?
pub(crate) fn before_dispensing(s: &Situation<'_>, refusals: &mut Refusals) {
    refill(s, refusals);
    quantity(s, refusals);
    first_fill(s, refusals);
    review(s, refusals);
    channel(s, refusals);
    written(s, refusals);
}

/// A refill is possible once the plan's part of the last fill's days is used, rounded up. A claim
/// that comes in late is held to the fill after it as well.
fn refill(s: &Situation<'_>, refusals: &mut Refusals) {
    let refill = &s.covered.plan.refill;
    let part = if s.drug.schedule.is_some() { refill.controlled } else { refill.used };
    let used_up = |filled: Date, days: u16| {
        let used = up(i128::from(days) * part.0, WHOLE);
        filled.plus_days(i64::try_from(used).unwrap_or(i64::MAX))
    };
    let fills = || s.wholes().filter(|whole| whole.drug.is_same_as(s.drug));
    let last = fills().filter(|fill| fill.from < s.day).max_by_key(|fill| fill.from);
    let next = fills().map(|fill| fill.from).filter(|date| s.day < *date).min();
    let possible = last.map(|last| used_up(last.from, last.supply.days_supply));
    if possible.is_some_and(|possible| s.day < possible) && refusals.add(RejectCode::RefillTooSoon)
    {
        // With a later fill there, that day may be refused as well.
        refusals.next_fill = possible.filter(|_| next.is_none());
    }
    if next.is_some_and(|next| next < used_up(s.day, s.whole().days_supply)) {
        refusals.add(RejectCode::RefillTooSoon);
    }
}

/// At most so many units in so many days, by this claim and by all. If the days have to pass, the
/// pharmacist is told when they have.
fn quantity(s: &Situation<'_>, refusals: &mut Refusals) {
    let Some(limit) = s.placement.quantity else { return };
    let passes = |code, refusals: &mut Refusals| {
        transition::passes(s, Lack::Quantity, code, refusals) || !refusals.add(code)
    };
    if counted(limit, &s.whole()) > limit.units.0 {
        passes(RejectCode::QuantityExceeded, refusals);
    } else if is_too_much(s, limit, s.day) {
        if passes(RejectCode::PlanLimitsExceeded, refusals) {
            return;
        }
        let mut later = (1..2000).map(|days| s.day.plus_days(days));
        let possible = later.find(|day| !is_too_much(s, limit, *day));
        refusals.next_fill = refusals.next_fill.max(possible);
    }
}

/// True if the claim on a day would exceed the limit on that day or, if it comes in late, on the
/// day of a fill after it.
fn is_too_much(s: &Situation<'_>, limit: &QuantityLimit, day: Date) -> bool {
    let is_under_rule = |drug: &Drug| {
        let other = place(s.rules, s.formulary, drug).quantity;
        other.is_some_and(|other| std::ptr::eq(other, limit))
    };
    let fills: Vec<_> = s.wholes().filter(|whole| is_under_rule(whole.drug)).collect();
    let later = fills.iter().map(|fill| fill.from).filter(|date| day < *date);
    let counts = |from: Date, dispensed: DrugUse, on: Date| {
        let days = i64::from(limit.days.max(dispensed.days_supply));
        if from <= on && on < from.plus_days(days) { counted(limit, &dispensed) } else { 0 }
    };
    std::iter::once(day).chain(later).any(|on| {
        let this = counts(day, s.whole(), on);
        let others: i128 = fills.iter().map(|fill| counts(fill.from, fill.supply, on)).sum();
        this > 0 && this + others > limit.units.0
    })
}

/// What a supply counts on each of its days, in thousandths of a unit: a fill counts whole for the
/// limit's days, and a longer supply at its daily rate for all of its own.
fn counted(limit: &QuantityLimit, dispensed: &DrugUse) -> i128 {
    let (quantity, days) = (dispensed.quantity.thousandths().into(), dispensed.days_supply);
    if days > limit.days { up(quantity * i128::from(limit.days), days.into()) } else { quantity }
}

/// What the pharmacist may override: what the first row for a code sent allows, if it has not been
/// used up for the person and drug.
pub(crate) fn overridable(s: &Situation<'_>) -> Vec<(RejectCode, u16)> {
    let mut decided: Vec<RejectCode> = Vec::new();
    let mut passing = Vec::new();
    for row in s.covered.plan.overrides.iter().filter(|o| s.claim.details.clarifies(o.code)) {
        let used = s.of_this_drug().filter(|fill| {
            fill.paid.design.clarification == Some(row.code)
                && s.day.days_since(fill.date()).abs() < row.per_days
        });
        // What was let pass stays so when the claim is decided again.
        let is_left = s.dispensed.is_some() || used.count() < row.times;
        for code in row.allows.iter().filter(|code| !decided.contains(code)) {
            passing.extend(is_left.then_some((*code, row.code)));
        }
        decided.extend(&row.allows);
    }
    passing
}

/// After some fills elsewhere a drug is covered in some channels alone.
fn channel(s: &Situation<'_>, refusals: &mut Refusals) {
    let (Some(tier), Some(channel)) = (s.placement.tier_for(s), s.channel) else { return };
    if s.network.is_none() || s.copays().is_none() {
        return;
    }
    let rules = &s.covered.plan.mandatory_channel;
    let Some(rule) = rules.iter().find(|rule| rule.scope.holds(s, tier)) else { return };
    let opted_out = rule.opt_out.as_ref().is_some_and(|number| {
        let claimed = s.claim.details.authorization.as_ref();
        claimed.is_some_and(|a| a.kind == 8 && a.number.to_string() == *number)
    });
    let elsewhere = s.of_this_drug().filter(|fill| {
        let days = s.day.days_since(fill.date());
        let channel = fill.paid.design.channel.unwrap_or(Channel::Retail);
        let is_other = fill.completes().is_none() && !rule.fill_at.any(|at| *at == channel);
        1 <= days && days <= rule.within && is_other
    });
    if !rule.fill_at.any(|at| *at == channel) && !opted_out && elsewhere.count() >= rule.after {
        refusals.add(RejectCode::PlanLimitsExceeded);
    }
}

/// Codes of 408-D8 that the plan does not take.
fn written(s: &Situation<'_>, refusals: &mut Refusals) {
    let Some(tier) = s.placement.tier_for(s).filter(|_| s.network.is_some()) else { return };
    if s.copays().is_some() && s.written(tier).is_some_and(|row| row.pays == Written::Reject) {
        refusals.add(RejectCode::InvalidDaw);
    }
}

/// A first fill is short, unless a drug under such a rule was filled in the days before.
fn first_fill(s: &Situation<'_>, refusals: &mut Refusals) {
    let Some(rule) = s.placement.first_fill else { return };
    let before = s.history().any(|(fill, drug)| {
        let days = s.day.days_since(fill.date());
        let is_under_rule = place(s.rules, s.formulary, drug).first_fill.is_some();
        1 <= days && days <= rule.within && is_under_rule
    });
    if !before && s.whole().days_supply > rule.days {
        refusals.add(RejectCode::FirstFillExceeded);
    }
}

/// Drug utilization review: what conflicts and was not answered by the pharmacist.
fn review(s: &Situation<'_>, refusals: &mut Refusals) {
    let of_compound = s.mixture.iter().map(|(drug, _)| *drug);
    let drugs = of_compound.chain(Some(s.drug).filter(|_| s.mixture.is_empty()));
    drugs.for_each(|drug| review_drug(s, drug, refusals));
}

fn review_drug(s: &Situation<'_>, drug: &Drug, refusals: &mut Refusals) {
    let member = s.covered.member;
    for rule in s.rules.reviews.iter().filter(|rule| selects(&rule.drugs, drug)) {
        let conflicting = rule.with.as_ref().and_then(|with| {
            // Both supplies overlap, also with a fill after a claim that comes in late.
            let last = s.day.plus_days(s.whole().days_supply.into());
            let fills = s.fills().filter(|(_, drug)| selects(with, drug)).map(|(fill, _)| fill);
            let overlap = fills.filter(|f| f.date() < last && s.day < end(f));
            overlap.map(|fill| fill.date()).max()
        });
        let allergic = rule.allergy.as_ref().is_some_and(|allergy| {
            member.allergies.iter().any(|on_file| on_file.eq_ignore_ascii_case(allergy))
        });
        let pregnant = rule.pregnancy == Some(true) && s.pregnant;
        let answered =
            s.claim.dur_overrides.iter().any(|answer| {
                answer.reason == rule.reason && rule.overrides.contains(&answer.result)
            });
        if !(conflicting.is_some() || allergic || pregnant) || answered {
            continue;
        }
        refusals.add(RejectCode::DurReject);
        refusals.alerts.push(DurAlert {
            reason: rule.reason.as_str().into(),
            significance: rule.significance,
            text: rule.text.as_str().into(),
            previous_fill: conflicting,
        });
    }
}

/// What a claim lacks that an authorization would mend.
pub(crate) fn lacking(s: &Situation<'_>) -> Vec<(Lack, RejectCode)> {
    let on_file = s.covered.member.circumstances.authorizations.iter().any(|authorized| {
        let drug = s.rules.drug(authorized.what);
        authorized.holds(s.day) && drug.is_some_and(|drug| drug.is_same_as(s.drug))
    });
    if on_file {
        return Vec::new();
    }
    let checks = [
        (s.placement.preferred != Some(false), Lack::Preference),
        (authorization(s), Lack::Authorization),
        (step(s), Lack::Step),
        (opioids(s), Lack::Dose),
    ];
    let lacking = checks.into_iter().filter(|(met, _)| !met).map(|(_, lack)| lack);
    let code = |lack| match lack {
        Lack::Step => RejectCode::StepTherapyRequired,
        _ => RejectCode::PriorAuthorizationRequired,
    };
    lacking.map(|lack| (lack, code(lack))).collect()
}

/// Claimed as an emergency, short enough, and no other of the same drug in so many days.
pub(crate) fn is_emergency(s: &Situation<'_>) -> bool {
    let Some(rule) = &s.covered.plan.emergency_supply else { return false };
    let details = &s.claim.details;
    let by_type = rule.authorization_type.is_some()
        && details.authorization.as_ref().map(|a| a.kind) == rule.authorization_type;
    let is_near = |fill: &Fill| s.day.days_since(fill.date()).abs() < rule.within;
    (details.setting.level_of_service == Some(3) || by_type)
        && s.whole().days_supply <= rule.days
        && !s.of_this_drug().any(|fill| fill.paid.emergency_supply && is_near(fill))
}

/// Prior authorization: met by a diagnosis on the claim or on file, where the row names some.
fn authorization(s: &Situation<'_>) -> bool {
    let Some(rule) = s.placement.authorization else { return true };
    let mut codes = s.claim.diagnoses.iter().chain(&s.covered.member.diagnoses);
    codes.any(|code| rule.diagnoses.iter().any(|wanted| code.starts_with(wanted)))
}

/// Step therapy: so many days' supply of another drug within so many days.
fn step(s: &Situation<'_>) -> bool {
    let Some(rule) = s.placement.step else { return true };
    let tried: i64 = s
        .history()
        .filter(|(fill, _)| s.day.days_since(fill.date()) <= rule.within)
        .filter(|(_, drug)| selects(&rule.drugs, drug))
        .map(|(fill, _)| i64::from(fill.drug().days_supply))
        .sum();
    tried >= rule.days
}

/// Morphine equivalents a day, on the day of service and, for a claim that comes in late, on the
/// day of every fill after it that its supply reaches.
fn opioids(s: &Situation<'_>) -> bool {
    let (Some(limit), Some(mme)) = (s.placement.mme_a_day, s.drug.mme) else { return true };
    let last = s.day.plus_days(s.whole().days_supply.into());
    let later = s.fills().map(|(fill, _)| fill.date()).filter(|date| s.day < *date && *date < last);
    let reaches = |day: Date| {
        let mut doses = others(s, day);
        doses.push((s.whole(), mme));
        // A sum of fractions, quantity x factor / days each, in thousandths of thousandths.
        let (sum, days) = doses.into_iter().fold((0_i128, 1_i128), |(sum, under), (used, mme)| {
            let (dose, days) = (i128::from(used.quantity.thousandths()) * mme.0, used.days_supply);
            (sum * i128::from(days) + dose * under, under * i128::from(days))
        });
        sum >= limit.0 * 1000 * days
    };
    !std::iter::once(s.day).chain(later).any(reaches)
}

/// The other opioids on hand on a day. A refill follows the last fill of the same drug, so of each
/// drug the fills of the latest day count alone, and none of the claim's own.
fn others(s: &Situation<'_>, day: Date) -> Vec<(DrugUse, Units)> {
    let is_on_hand = |fill: &Fill| fill.date() <= day && day < end(fill);
    let on_hand: Vec<_> = s.fills().filter(|(fill, _)| is_on_hand(fill)).collect();
    let latest = on_hand.iter().filter(|(fill, drug)| {
        let is_newer = |other: &Fill| other.date() > fill.date();
        !drug.is_same_as(s.drug)
            && !on_hand.iter().any(|(other, of)| of.is_same_as(drug) && is_newer(other))
    });
    latest.filter_map(|(fill, drug)| Some((fill.drug(), drug.mme?))).collect()
}
