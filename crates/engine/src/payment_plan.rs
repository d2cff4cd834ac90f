//! The Medicare Prescription Payment Plan: what a member of a Part D plan owes at the pharmacy is
//! billed by the month instead, without interest (42 CFR 423.137).
//!
//! Each month has a cap. In the first one it is what the member may still have to pay until the
//! out-of-pocket threshold, divided by the months left of the year; in each later one it is all
//! that is owed and not yet billed, divided by the months left (423.137(c)). The cap of the last
//! month is therefore all that is owed: whatever rounding has left over is settled in it, and the
//! bills of a year sum to its costs to the cent.
//!
//! A bill that was sent stands. What a reversal or an adjustment takes off a cost is a credit of
//! the month in which it became known: it lowers what is owed and not yet billed, and what it has
//! beyond that goes back to the member (42 CFR 423.466(a)).

use std::num::NonZeroU32;

use openpbm_core::{Cents, Overflow};

/// How many months a plan year has. Part D's is the calendar year.
pub const MONTHS: u8 = 12;

/// A member's year in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Year {
    /// The annual out-of-pocket threshold (42 CFR 423.104(d)(5)(iii)): $2,100 in 2026.
    pub threshold: Cents,
    /// What counted toward it before the member opted in.
    pub incurred: Cents,
    /// The first month in the program, 1 to 12.
    pub first: u8,
    /// The last month whose costs come into the program, if the member left it; what is owed
    /// then is still billed over the months left.
    pub last: Option<u8>,
    /// What the member owed at pharmacies in each month of the year. The months outside the
    /// program were paid at the counter and are not looked at.
    pub costs: [Cents; MONTHS as usize],
    /// What of the costs of a month or of earlier ones turned out in it not to be owed, by month;
    /// zero or more. It counts after the program, too.
    pub credits: [Cents; MONTHS as usize],
}

/// The bill of one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bill {
    /// 1 to 12.
    pub month: u8,
    /// What the member owed at pharmacies in this month.
    pub cost: Cents,
    /// What turned out not to be owed.
    pub credit: Cents,
    /// What of the credit had been billed before, and goes back to the member.
    pub refunded: Cents,
    /// The most that this month's bill may be.
    pub cap: Cents,
    /// What is billed.
    pub billed: Cents,
    /// What is owed and not yet billed after it.
    pub owed: Cents,
}

/// A year that cannot be billed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The first month is none of the year's, or the last is before it.
    #[error(
        "the program runs from month {first} to month {last}, expected months 1 to 12 in order"
    )]
    Months {
        /// As given.
        first: u8,
        /// As given; 12 where the member stays.
        last: u8,
    },
    /// A month's cost or credit is below zero.
    #[error("the {what} of month {month} is {amount}, expected zero or more")]
    Negative {
        /// Cost or credit.
        what: &'static str,
        /// Which month.
        month: u8,
        /// As given.
        amount: Cents,
    },
    /// The bills are not what the year comes to.
    #[error("the bills and what is left come to {billed}, expected the cost of {cost}")]
    Unsettled {
        /// Bills, less refunds, and what is owed after the last.
        billed: Cents,
        /// Costs less credits.
        cost: Cents,
    },
    /// An amount does not fit.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

/// The bills of the year, one for each month from the first on.
///
/// # Errors
/// If the months are not in order, a cost or credit is negative, or an amount does not fit.
pub fn bills(year: &Year) -> Result<Vec<Bill>, PlanError> {
    let (first, last) = (year.first, year.last.unwrap_or(MONTHS));
    if !(1..=MONTHS).contains(&first) || !(first..=MONTHS).contains(&last) {
        return Err(PlanError::Months { first, last });
    }
    let mut bills = Vec::with_capacity(usize::from(MONTHS));
    let mut owed = Cents::ZERO;
    let months = (1..=MONTHS).zip(year.costs.into_iter().zip(year.credits));
    for (month, (cost, credit)) in months.filter(|(month, _)| *month >= first) {
        for (what, amount) in [("cost", cost), ("credit", credit)] {
            if amount.is_negative() {
                return Err(PlanError::Negative { what, month, amount });
            }
        }
        let cost = if month <= last { cost } else { Cents::ZERO };
        owed = owed.plus(cost)?;
        let refunded = owed.left_of(credit);
        owed = credit.left_of(owed);
        let to_spread = if month == first { year.incurred.left_of(year.threshold) } else { owed };
        let cap = to_spread.part_of(months_left(month))?;
        let billed = owed.min(cap);
        owed = owed.minus(billed)?;
        bills.push(Bill { month, cost, credit, refunded, cap, billed, owed });
    }
    Ok(bills)
}

/// What a year's bills, or the first of them, come to.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    /// What the member owed at pharmacies.
    pub cost: Cents,
    /// What of it turned out not to be owed.
    pub credit: Cents,
    /// What was billed.
    pub billed: Cents,
    /// What of it went back.
    pub refunded: Cents,
    /// What is owed and not yet billed after the last.
    pub owed: Cents,
}

impl Sums {
    /// Adds up bills, which are in the order of their months.
    ///
    /// # Errors
    /// If an amount does not fit, or the bills are not what the costs come to: cost less credit
    /// is billed less refunded and owed.
    pub fn of(bills: &[Bill]) -> Result<Self, PlanError> {
        let sum = |what: fn(&Bill) -> Cents| Cents::sum(bills.iter().map(what));
        let sums = Self {
            cost: sum(|bill| bill.cost)?,
            credit: sum(|bill| bill.credit)?,
            billed: sum(|bill| bill.billed)?,
            refunded: sum(|bill| bill.refunded)?,
            owed: bills.last().map_or(Cents::ZERO, |bill| bill.owed),
        };
        let cost = sums.cost.minus(sums.credit)?;
        let billed = sums.billed.minus(sums.refunded)?.plus(sums.owed)?;
        if cost == billed { Ok(sums) } else { Err(PlanError::Unsettled { billed, cost }) }
    }
}

/// This month and those after it.
fn months_left(month: u8) -> NonZeroU32 {
    NonZeroU32::MIN.saturating_add(u32::from(MONTHS.saturating_sub(month)))
}
