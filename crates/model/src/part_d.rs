//! Medicare Part D: where a price lies in the phases of the standard benefit, what the member
//! pays of it, and who pays the rest. `docs/concepts/part-d.md` is the prose.

use openpbm_core::{Cents, PartD, ProductKind};

use crate::decide::Situation;
use crate::decimal::{WHOLE, half_up};
use crate::household::{Fill, cents, deductible, gross, out_of_pocket};
use crate::money::{Portions, brought, fair_price, period};
use crate::placement::selects;
use crate::rules::PartDPage;

/// Where the year stands before the claim.
struct Year {
    gross: i128,
    plan_deductible: i128,
    counted: i128,
}

/// The member's portions and the parts of a price of which the plan's own tables ask `asked`.
pub(crate) fn divide(
    s: &Situation<'_>,
    law: &PartDPage,
    price: i128,
    asked: Portions,
) -> Option<(Portions, PartD)> {
    let year = year(s)?;
    let left = (law.threshold.0 - year.counted).max(0);
    let open_deductible = (law.deductible.0 - year.counted).max(0);
    let special = insulin_most(s, law, price);
    let has_deductible = special.is_none();
    // As if there were no threshold: the standard share, and what counts.
    let in_deductible = if has_deductible { price.min(open_deductible) } else { 0 };
    let rest = price - in_deductible;
    let usual = half_up(rest * law.coinsurance.0, WHOLE);
    let of_rest = special.map_or(usual, |most| most.min(usual));
    let standard = in_deductible + of_rest;
    // A wrap lowers what Part D leaves, and never asks for more.
    let is_wrapped = law.supplement == "employer";
    let asked_sum = if is_wrapped { 0 } else { asked.sum() };
    let counts = standard.max(asked_sum);
    let open = (left - in_deductible).max(0);
    let below = match has_deductible && standard >= asked_sum {
        // So much of the rest that the standard share of it reaches the threshold,
        true => half_up(open * WHOLE, law.coinsurance.0),
        // or that what counts of it does, in proportion.
        false => half_up(open * rest, (counts - in_deductible).max(1)),
    };
    let below = match left {
        0 => 0,
        _ if counts <= left => price,
        _ => in_deductible.min(left) + below.min(rest),
    };
    let deductible_phase = in_deductible.min(below);
    let (initial, catastrophic) = (below - deductible_phase, price - below);
    let mut pays = if left == 0 { Portions::default() } else { asked };
    let standard = standard.min(left);
    pays.hold_share(if is_wrapped { standard } else { left });
    let share = pays.sum();
    // The share of a drug without a deductible counts toward the plan's deductible all the same.
    let toward_deductible = match (has_deductible, &s.covered.plan.deductible) {
        (false, Some(limit)) => share.min((limit.person.0 - year.plan_deductible).max(0)),
        _ => pays.deductible,
    };
    let copay = low_income(s, law);
    let lics = subsidize(&mut pays, copay, standard, is_wrapped);
    let rest = standard - lics - pays.sum();
    let is_met = has_deductible || left == 0 || deductible_phase >= open_deductible;
    let due = if is_met { initial } else { 0 };
    let others = others(s, law, (due, catastrophic), copay.is_some());
    let part_d = PartD {
        deductible_phase: cents(deductible_phase),
        initial_phase: cents(initial),
        catastrophic_phase: cents(catastrophic),
        low_income_subsidy: cents(lics),
        manufacturer_discount: cents(others.manufacturer),
        selected_drug_subsidy: cents(others.selected),
        reinsurance: cents(others.reinsurance),
        supplemental: cents(if is_wrapped { 0 } else { rest }),
        employer: cents(if is_wrapped { rest } else { 0 }),
        basic: cents(price - standard - others.manufacturer - others.selected - others.reinsurance),
        toward_deductible: cents(toward_deductible),
        toward_threshold: cents(counts.min(left)),
        gross_so_far: cents(year.gross + price),
        transition: s.passed.is_some(),
        passed: s.passed,
    };
    Some((pays, part_d))
}

/// What CMS pays of a subsidized member's share: the copay takes the place of what the plan asks,
/// or, of the standard share, is the most that a wrap can ask.
fn subsidize(pays: &mut Portions, copay: Option<i128>, standard: i128, is_wrapped: bool) -> i128 {
    let Some(copay) = copay else { return 0 };
    let before = if is_wrapped { standard } else { pays.sum() };
    if is_wrapped {
        pays.hold_share(copay);
    } else if copay < before {
        *pays = Portions { copay, ..Portions::default() };
    }
    (before - copay).max(0)
}

/// Maker and CMS.
struct Others {
    manufacturer: i128,
    selected: i128,
    reinsurance: i128,
}

/// What maker and CMS pay, each by its rates of the phases; of the initial phase a discount or the
/// subsidy of a selected drug is due only of those who have met the deductible.
fn others(
    s: &Situation<'_>,
    law: &PartDPage,
    (due, catastrophic): (i128, i128),
    subsidized: bool,
) -> Others {
    let is_selected = fair_price(s, s.drug).is_some();
    let applicable = s.drug.kind == ProductKind::Brand && !is_selected && s.mixture.is_empty();
    let discount = law.discount.iter().filter(|_| applicable).find(|row| {
        row.drugs.as_ref().is_none_or(|drugs| selects(drugs, s.drug))
            && (subsidized || row.low_income_only != Some(true))
    });
    let manufacturer = discount.map_or(0, |row| {
        half_up(due * row.initial.0, WHOLE) + half_up(catastrophic * row.catastrophic.0, WHOLE)
    });
    let selected = law.selected.as_ref().filter(|_| is_selected);
    let selected = selected.map_or(0, |row| half_up(due * row.subsidy.0, WHOLE));
    let rate = match discount {
        Some(_) => law.reinsurance.applicable.0,
        None => law.reinsurance.other.0,
    };
    Others { manufacturer, selected, reinsurance: half_up(catastrophic * rate, WHOLE) }
}

/// What was paid under the group, and what goes on of an earlier group's claims.
fn year(s: &Situation<'_>) -> Option<Year> {
    let (group, person) = (s.covered.coverage.group, Some(s.covered.member.person_code));
    let year = period(s)?;
    let before = brought(s);
    let sum = |amount: fn(&Fill) -> i128, brought: Cents| {
        s.household.spent(group, year, person, amount) + i128::from(brought.get())
    };
    Some(Year {
        gross: sum(gross, before.gross),
        plan_deductible: sum(deductible, before.deductible),
        counted: sum(out_of_pocket, before.out_of_pocket),
    })
}

/// The most that insulin or a vaccine costs the member; `None` for other drugs.
pub(crate) fn insulin_most(s: &Situation<'_>, law: &PartDPage, price: i128) -> Option<i128> {
    if law.vaccines.as_ref().is_some_and(|row| selects(&row.drugs, s.drug)) {
        return Some(0);
    }
    let row = law.insulin.as_ref().filter(|row| selects(&row.drugs, s.drug))?;
    // Up to 34 days are a month, 60 are two, 90 three, and so on by thirties.
    let months = match i128::from(s.whole().days_supply) {
        ..=34 => 1,
        days => (days + 29) / 30,
    };
    let flat = s.once(row.a_month.0 * months);
    let Some(part) = &row.of_price else { return Some(flat) };
    let lower = fair_price(s, s.drug).map_or(price, |fair| fair.min(price));
    Some(flat.min(half_up(lower * part.0, WHOLE)))
}

/// The copay of a subsidized member: the lower one for generics and for what the plan names beside
/// them, such as biosimilars.
fn low_income(s: &Situation<'_>, law: &PartDPage) -> Option<i128> {
    let levels = &s.covered.member.circumstances.low_income;
    let level = levels.iter().find(|level| level.holds(s.day))?.what;
    let row = law.low_income.iter().find(|row| row.level == level)?;
    let is_named = law.lower_copay.as_ref().is_some_and(|named| selects(&named.drugs, s.drug));
    let is_lower = is_named || s.drug.kind == ProductKind::Generic;
    Some(s.once(if is_lower { row.generic.0 } else { row.brand.0 }))
}
