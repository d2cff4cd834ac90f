//! Deductible and out-of-pocket maximum: what is left of them, and what they do to a share.

use openpbm_book::{Counts, IncomeCap, Limit};
use openpbm_core::{
    Account, Accumulator, Brought, Cents, Fill, Finding, Overflow, PartDYear, Source, Stage,
};

use super::brought;
use super::selection::Choice;
use super::{Terms, benefit_price};
use crate::case::Case;
use crate::eligibility::Covered;

/// The accounts of what counts toward a maximum, in the order in which they give way.
pub(super) const SHARE: [Account; 3] = [Account::Copay, Account::Coinsurance, Account::Deductible];

/// What a limit has left, and whose it is.
#[derive(Clone, Copy)]
pub(super) struct Left {
    pub(super) amount: Cents,
    pub(super) family: bool,
}

/// The person's and the family's balances of a plan year, before this claim.
pub(super) struct Balances {
    pub(super) person: Accumulator,
    pub(super) family_deductible: Cents,
    pub(super) family_out_of_pocket: Cents,
    /// What of the person's is not of the claims of the year.
    pub(super) brought: Brought,
    /// True if more than one person is covered in the group on the day.
    pub(super) several: bool,
}

pub(super) fn balances(case: &mut Case<'_>, covered: &Covered<'_>) -> Result<Balances, Overflow> {
    let (group, plan_year) = (covered.group.id, covered.plan_year);
    let mut balances = Balances {
        person: Accumulator::empty(covered.person(), group, plan_year),
        family_deductible: Cents::ZERO,
        family_out_of_pocket: Cents::ZERO,
        brought: Brought::default(),
        several: covered_persons(case, covered) > 1,
    };
    for accumulator in case.family.accumulators_in(group, plan_year) {
        if accumulator.person == covered.person() {
            balances.person = *accumulator;
        }
        balances.family_deductible = balances.family_deductible.plus(accumulator.deductible)?;
        balances.family_out_of_pocket =
            balances.family_out_of_pocket.plus(accumulator.out_of_pocket)?;
    }
    brought::bring(case, covered, &mut balances)?;
    Ok(balances)
}

/// How many persons the family has in the group on the day.
fn covered_persons(case: &Case<'_>, covered: &Covered<'_>) -> usize {
    let date = case.date();
    let is_covered = |m: &&openpbm_core::Member| {
        m.coverage.iter().any(|c| c.group == covered.group.id && c.holds(date))
    };
    case.family.members.iter().filter(is_covered).count()
}

/// What is left of a limit: embedded, the smaller of the person's and the family's; aggregate,
/// the family's alone as soon as it is a family, of which one person pays no more than the limit
/// lets a person.
pub(super) fn left_of(limit: &Limit, person: Cents, family: Cents, several: bool) -> Left {
    let of_person = Left { amount: person.left_of(limit.person), family: false };
    let of_family = limit.family.map(|f| Left { amount: family.left_of(f), family: true });
    match of_family {
        Some(of_family) if !limit.embedded && several => match limit.embedded_person {
            Some(most) if person.left_of(most) < of_family.amount => {
                Left { amount: person.left_of(most), family: false }
            }
            _ => of_family,
        },
        Some(of_family) if limit.embedded && of_family.amount < of_person.amount => of_family,
        _ => of_person,
    }
}

/// The deductible's rest comes first.
pub(super) fn deductible(
    case: &mut Case<'_>,
    terms: &Terms<'_, '_>,
    balances: &Balances,
    choice: Choice,
) -> Result<(), Overflow> {
    let Some(limit) = &terms.covered.plan.deductible else { return Ok(()) };
    let tier = terms.supplied.tier;
    if let Some(missed) = limit.scope.misses(&terms.supplied) {
        let to = Some(missed).filter(|missed| *missed != format!("tier {tier}"));
        let finding = Finding::DeductibleWaived { tier, to: to.map(Into::into) };
        case.note(Stage::Benefit, finding, limit.source);
        return Ok(());
    }
    let so_far = (balances.person.deductible, balances.family_deductible);
    let mut left = left_of(limit, so_far.0, so_far.1, balances.several);
    if choice.counts == Counts::Both {
        let selection = case.balance(Account::ProductSelection).min(left.amount);
        case.design.selection_toward_deductible = selection;
        left.amount = left.amount.minus(selection)?;
    }
    let pays = left.amount.min(benefit_price(case, terms)?);
    let finding = Finding::Deductible { left: left.amount, family: left.family };
    case.post(Stage::Benefit, finding, limit.source, Account::Deductible, pays);
    Ok(())
}

/// What counts toward the maximum stops at the maximum.
pub(super) fn hold_to_maximum(
    case: &mut Case<'_>,
    terms: &Terms<'_, '_>,
    balances: &Balances,
    choice: Choice,
) -> Result<(), Overflow> {
    let limit = terms.covered.plan.out_of_pocket.as_ref();
    if let Some(limit) = limit.filter(|limit| limit.scope.holds(&terms.supplied)) {
        let so_far = (balances.person.out_of_pocket, balances.family_out_of_pocket);
        let left = left_of(limit, so_far.0, so_far.1, balances.several);
        let finding = Finding::HeldToMaximum { left: left.amount, family: left.family };
        hold(case, left.amount, &finding, limit.source, choice)?;
    }
    Ok(())
}

/// What a household has paid for in a month or quarter, by date of service, and what this claim
/// adds to it, stays within a part of its income.
pub(super) fn hold_to_income(
    case: &mut Case<'_>,
    terms: &Terms<'_, '_>,
    choice: Choice,
) -> Result<(), Overflow> {
    let covered = terms.covered;
    let Some(IncomeCap { rate, period, source }) = covered.plan.income_cap else { return Ok(()) };
    let Some(monthly) = covered.member.circumstances.income_on(case.date()) else { return Ok(()) };
    let cap = monthly.times(u32::from(period.months()))?.percent(rate)?;
    let (key, date) = (case.claim.key, case.date());
    let counts = |fill: &&Fill| {
        fill.paid.group == covered.group.id
            && fill.key != key
            && period.is_same(fill.key.date_of_service, date)
    };
    let mut so_far = Cents::ZERO;
    for fill in case.family.fills.iter().filter(counts) {
        so_far = so_far.plus(fill.paid.counted_out_of_pocket()?)?;
    }
    let left = so_far.left_of(cap);
    hold(case, left, &Finding::HeldToIncome { left, rate, period }, source, choice)
}

/// Cuts what counts down to what is left: the share gives way first, then the deductible, then
/// the price of a choice that counts.
pub(super) fn hold(
    case: &mut Case<'_>,
    left: Cents,
    finding: &Finding,
    source: Source,
    choice: Choice,
) -> Result<(), Overflow> {
    let mut counted = SHARE.to_vec();
    if choice.counts != Counts::Nothing {
        counted.push(Account::ProductSelection);
    }
    let pays = Cents::sum(counted.iter().map(|account| case.balance(*account)))?;
    let mut excess = left.left_of(pays);
    for account in counted {
        let balance = case.balance(account);
        let cut = balance.min(excess);
        if cut > Cents::ZERO {
            case.post(Stage::Benefit, finding.clone(), source, account, balance.minus(cut)?);
            excess = excess.minus(cut)?;
        }
    }
    Ok(())
}

/// What the person's Part D year has come to, before this claim.
pub(super) fn part_d_year(balances: &Balances) -> PartDYear {
    balances.person.part_d.unwrap_or_default()
}
