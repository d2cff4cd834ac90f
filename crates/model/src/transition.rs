//! The transition supply of Medicare Part D, and whether a drug is Part D's at all.
//! `docs/concepts/part-d.md` is the prose.

use openpbm_core::{Date, RejectCode};

use crate::decide::{Refusals, Situation};
use crate::placement::{Placement, place};
use crate::rules::{Formulary, PartB, within};

/// What of a formulary a drug falls short of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lack {
    Listing,
    Preference,
    Authorization,
    Step,
    Quantity,
    /// Asked for safety, and so of everybody.
    Dose,
}

/// True if a claim that falls short is supplied all the same; noted as the first code passed.
pub(crate) fn passes(
    s: &Situation<'_>,
    lack: Lack,
    code: RejectCode,
    refusals: &mut Refusals,
) -> bool {
    let passes = lack != Lack::Dose && is_offered(s, lack);
    if passes {
        refusals.passed = Some(refusals.passed.map_or(code, |known| known.min(code)));
    }
    passes
}

fn is_offered(s: &Situation<'_>, lack: Lack) -> bool {
    let Some(rule) = s.covered.plan.part_d.as_ref().and_then(|law| law.transition.as_ref()) else {
        return false;
    };
    // What was supplied so stays so.
    if let Some(fill) = s.decided_before() {
        return fill.part_d.as_ref().is_some_and(|part_d| part_d.passed.is_some());
    }
    let listed = place(s.rules, s.formulary, s.drug);
    if s.claim.compound || s.drug.otc || listed.not_part_d == Some(true) {
        return false;
    }
    let supplied = s.of_this_drug().filter(|fill| {
        fill.part_d.as_ref().is_some_and(|part_d| part_d.transition)
            && s.day.days_since(fill.date()).abs() < rule.window
    });
    let days: i64 = supplied.map(|fill| i64::from(fill.claim.drug.days_supply)).sum();
    if days + i64::from(s.whole().days_supply) > rule.days {
        return false;
    }
    let is_recent = |first: Date| s.day.days_since(first) < rule.window;
    if is_recent(first_day(s)) {
        return true;
    }
    let (Some(most), Some((changed, earlier))) = (rule.filled_within, formulary_before(s)) else {
        return false;
    };
    let was_filled = s.of_this_drug().any(|fill| {
        let days = changed.days_since(fill.date());
        1 <= days && days <= most
    });
    is_recent(changed) && was_filled && was_free_of(lack, &place(s.rules, earlier, s.drug))
}

/// The first day of the coverage that the day is in, spans that join being one.
fn first_day(s: &Situation<'_>) -> Date {
    let mut first = s.covered.coverage.from;
    let group = s.covered.coverage.group;
    loop {
        let joins = s.covered.member.coverage.iter().find(|span| {
            let joins = span.to.is_some_and(|to| to.plus_days(1) == first);
            span.group == group && joins && span.from < first
        });
        match joins {
            Some(earlier) => first = earlier.from,
            None => return first,
        }
    }
}

/// When the formulary, or the plan, was changed last, and the formulary before that.
fn formulary_before<'a>(s: &Situation<'a>) -> Option<(Date, &'a Formulary)> {
    let plan = s.covered.plan;
    let changed = plan.from.0.max(s.formulary.from.0);
    let last = changed.plus_days(-1);
    let mut plans = s.rules.plans.iter().filter(|other| other.id == plan.id);
    let earlier = plans.find(|p| within(p.from.0, p.to.map(|to| to.0), last))?;
    let mut formularies = s.rules.formularies.iter().filter(|f| f.id == earlier.formulary);
    Some((changed, formularies.find(|f| within(f.from.0, f.to.map(|to| to.0), last))?))
}

/// True if the earlier formulary listed the drug without that.
fn was_free_of(lack: Lack, before: &Placement<'_>) -> bool {
    before.tier.is_some()
        && before.exclude.is_none()
        && match lack {
            Lack::Listing => true,
            Lack::Preference => before.preferred != Some(false),
            Lack::Authorization => before.authorization.is_none(),
            Lack::Step => before.step.is_none(),
            Lack::Quantity => before.quantity.is_none(),
            Lack::Dose => false,
        }
}

/// Whether a listed drug is Part D's; false if it is not, and nothing more is asked of it.
pub(crate) fn is_of_part_d(s: &Situation<'_>, refusals: &mut Refusals) -> bool {
    if s.covered.plan.part_d.is_none() {
        return true;
    }
    if s.placement.not_part_d == Some(true) {
        refusals.add(RejectCode::NotOfPartD);
        return false;
    }
    let Some(rule) = s.placement.part_b else { return true };
    let on_file = s.covered.member.circumstances.authorizations.iter().any(|authorized| {
        let drug = s.rules.drug(authorized.what);
        authorized.holds(s.day) && drug.is_some_and(|drug| drug.is_same_as(s.drug))
    });
    match (of_part_b(s, rule), on_file) {
        (Some(false), _) | (_, true) => true,
        (Some(true), false) => {
            refusals.add(RejectCode::MayBeOfPartB);
            false
        }
        (None, false) => {
            if s.is_asked() {
                refusals.add(RejectCode::PriorAuthorizationRequired);
            }
            true
        }
    }
}

/// What is not of Part B by one thing known is Part D's; what is of it must be so by both.
fn of_part_b(s: &Situation<'_>, rule: &PartB) -> Option<bool> {
    let codes: Vec<_> = s.claim.diagnoses.iter().chain(&s.covered.member.diagnoses).collect();
    let diagnosis = match rule.diagnoses.is_empty() {
        true => Some(true),
        false if codes.is_empty() => None,
        false => Some(
            codes.iter().any(|code| rule.diagnoses.iter().any(|d| code.starts_with(d.as_str()))),
        ),
    };
    let residence = match s.claim.details.setting.residence {
        _ if rule.residences.is_empty() => Some(true),
        None | Some(0) => None,
        Some(code) => Some(rule.residences.contains(&code)),
    };
    match (diagnosis, residence) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}
