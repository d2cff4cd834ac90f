//! What a member of the Medicare Prescription Payment Plan is billed by the month, from the rule
//! in prose (`docs/reference/payment-plan.md`): each month looks back at the year as a whole.

use openpbm_core::Cents;

use crate::decimal::half_up;

/// What a month asks of the member, or gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Billed {
    /// 1 to 12.
    pub month: u8,
    /// What is asked.
    pub asked: Cents,
    /// What goes back.
    pub returned: Cents,
}

/// The months from the first in the plan on. Each change is of a month, above zero what was
/// dispensed and below zero what turned out not to be owed; `left` is what the threshold had left
/// when the member opted in.
pub fn monthly(left: Cents, first: u8, changes: &[(u8, Cents)]) -> Vec<Billed> {
    let mut months: Vec<Billed> = Vec::new();
    for month in first..=12 {
        let until_now = changes.iter().filter(|(of, _)| (first..=month).contains(of));
        let owed: i128 = until_now.map(|(_, cents)| i128::from(cents.get())).sum();
        let net = |it: &Billed| i128::from(it.asked.get()) - i128::from(it.returned.get());
        let open = owed - months.iter().map(net).sum::<i128>();
        let spread = if month == first { i128::from(left.get()) } else { open };
        let cap = half_up(spread.max(0), i128::from(13 - month));
        let cents = |amount: i128| Cents::new(i64::try_from(amount).unwrap_or(i64::MAX));
        let (asked, returned) = (cents(open.clamp(0, cap.max(0))), cents((-open).max(0)));
        months.push(Billed { month, asked, returned });
    }
    months
}
