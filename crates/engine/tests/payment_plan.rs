//! The Medicare Prescription Payment Plan against published examples, month by month.

use openpbm_core::Cents;
use openpbm_engine::payment_plan::{Bill, PlanError, Sums, Year, bills};
use proptest::prelude::*;

fn dollars(text: &str) -> Cents {
    text.parse().unwrap()
}

/// Costs of January to December; a month that is not written costs nothing.
fn year(threshold: &str, incurred: &str, first: u8, costs: &str) -> Year {
    let (threshold, incurred) = (dollars(threshold), dollars(incurred));
    let (costs, credits) = (by_month(costs), by_month(""));
    Year { threshold, incurred, first, last: None, costs, credits }
}

fn by_month(text: &str) -> [Cents; 12] {
    let mut months = [Cents::ZERO; 12];
    let amounts = text.split_whitespace().map(dollars);
    months.iter_mut().zip(amounts).for_each(|(place, amount)| *place = amount);
    months
}

fn billed(year: &Year) -> String {
    let bills = bills(year).unwrap();
    bills.iter().map(|bill| bill.billed.to_string()).collect::<Vec<_>>().join(" ")
}

/// medicare.gov/prescription-payment-plan/examples, 2025: $500 a month until the threshold of
/// $2,000. 2000 / 12 = 166.67; then (333.33 + 500) / 11 = 75.76; (757.57 + 500) / 10 = 125.76;
/// (1131.81 + 500) / 9 = 181.31. With no further cost it stays there but for the cents: September
/// has 725.26 / 4 = 181.315 and November 362.63 / 2 = 181.315, both rounded up.
#[test]
fn five_hundred_a_month() {
    let year = year("2000.00", "0.00", 1, "500 500 500 500");
    assert_eq!(
        billed(&year),
        "166.67 75.76 125.76 181.31 181.31 181.31 181.31 181.31 181.32 181.31 181.32 181.31"
    );
}

/// The rule's own case, 42 CFR 423.137(b)(2): $2,000 in January, 166.67 of it billed then and
/// 1,833.33 left. 1833.33 / 11 = 166.666, so each later month is 166.67 or, to settle, 166.66.
#[test]
fn all_in_january() {
    let year = year("2000.00", "0.00", 1, "2000");
    let all = bills(&year).unwrap();
    assert_eq!((all[0].billed, all[0].owed), (dollars("166.67"), dollars("1833.33")));
    assert_eq!(
        billed(&year),
        "166.67 166.67 166.67 166.67 166.67 166.66 166.67 166.66 166.67 166.66 166.67 166.66"
    );
}

/// simpra.hlthcard.com: opted in in April, 12.00 incurred before. (2000 - 12) / 9 = 220.89.
#[test]
fn opted_in_in_april() {
    let year = year("2000.00", "12.00", 4, "4 4 4 617 4 4 124 4 4 124 4 4");
    assert_eq!(billed(&year), "220.89 50.01 50.59 71.25 72.05 73.05 114.39 116.39 120.38");
}

/// "Joe" of medicare.gov: 4.00 in January, 1,996.00 in February. The published row bills 181.45
/// eleven times and loses five cents; ours bills (1996 - 181.45) / 10 = 181.455 and so on, and
/// the year sums to its cost.
#[test]
fn joe_pays_to_the_cent() {
    let year = year("2000.00", "0.00", 1, "4 1996");
    let bills = bills(&year).unwrap();
    assert_eq!((bills[0].billed, bills[1].billed), (dollars("4.00"), dollars("181.45")));
    let sum = Cents::sum(bills.iter().map(|bill| bill.billed)).unwrap();
    assert_eq!((sum, bills[11].owed), (dollars("2000.00"), Cents::ZERO));
}

/// "Mary" of the same page: 1,200.00 in January is published as 100.00 twelve times, which is
/// below the cap of the first month. The rule bills 166.67, then (1200 - 166.67) / 11 = 93.94.
#[test]
fn mary_by_the_rule() {
    let bills = bills(&year("2000.00", "0.00", 1, "1200")).unwrap();
    assert_eq!((bills[0].billed, bills[1].billed), (dollars("166.67"), dollars("93.94")));
}

/// 2026: a threshold of 2,100. Opted in in December, everything is due at once.
#[test]
fn december_spreads_over_nothing() {
    let year = year("2100.00", "1500.00", 12, "0 0 0 0 0 0 0 0 0 0 0 300");
    assert_eq!(billed(&year), "300.00");
}

/// Who leaves after March owes no more, but what was owed is billed on: 2100 / 12 = 175.00, then
/// (600 - 175) / 11 = 38.64, (386.36 + 0) / 10 = 38.64.
#[test]
fn who_leaves_pays_off() {
    let year = Year { last: Some(3), ..year("2100.00", "0.00", 1, "600 0 0 900") };
    let bills = bills(&year).unwrap();
    assert_eq!(bills[3].cost, Cents::ZERO);
    let first: Vec<_> = bills.iter().take(3).map(|bill| bill.billed).collect();
    assert_eq!(first, ["175.00", "38.64", "38.64"].map(dollars));
    assert_eq!(Cents::sum(bills.iter().map(|bill| bill.billed)).unwrap(), dollars("600.00"));
}

/// 2100 / 12 = 175.00 of 600.00 in January, (425 + 0) / 11 = 38.64 in February: 386.36 are left.
/// In March 100.00 are credited: 286.36 / 10 = 28.64 and 257.72 are left. In April the other
/// 500.00 are, of which 257.72 were not billed yet; 242.28 = 175.00 + 38.64 + 28.64 go back.
#[test]
fn a_credit_lowers_what_is_not_yet_billed_and_returns_the_rest() {
    let credits = by_month("0 0 100 500");
    let all = bills(&Year { credits, ..year("2100.00", "0.00", 1, "600") }).unwrap();
    let billed: Vec<_> = all.iter().take(5).map(|bill| bill.billed.to_string()).collect();
    assert_eq!(billed, ["175.00", "38.64", "28.64", "0.00", "0.00"]);
    assert_eq!((all[2].refunded, all[2].owed), (Cents::ZERO, dollars("257.72")));
    assert_eq!((all[3].refunded, all[3].owed), (dollars("242.28"), Cents::ZERO));
    let sums = Sums::of(&all).unwrap();
    assert_eq!((sums.billed, sums.refunded), (dollars("242.28"), dollars("242.28")));
}

/// A credit of the month of its cost leaves nothing to bill, nor anything to give back.
#[test]
fn what_is_brought_back_in_its_month_is_not_billed() {
    let credits = by_month("600");
    let all = bills(&Year { credits, ..year("2100.00", "0.00", 1, "600") }).unwrap();
    let sums = Sums::of(&all).unwrap();
    assert_eq!((sums.billed, sums.refunded, sums.owed), (Cents::ZERO, Cents::ZERO, Cents::ZERO));
}

#[test]
fn bills_that_lose_a_cent_are_told() {
    let mut all = bills(&year("2100.00", "0.00", 1, "600")).unwrap();
    all[3].billed = all[3].billed.minus(Cents::new(1)).unwrap();
    let told = Sums::of(&all).unwrap_err().to_string();
    assert_eq!(told, "the bills and what is left come to 599.99, expected the cost of 600.00");
}

#[test]
fn months_out_of_order_and_negative_costs_are_refused() {
    for (first, last) in [(0, None), (13, None), (5, Some(4)), (5, Some(13))] {
        let year = Year { last, ..year("2100.00", "0.00", first, "") };
        assert!(matches!(bills(&year), Err(PlanError::Months { .. })), "{first} {last:?}");
    }
    let wrong = bills(&year("2100.00", "0.00", 1, "0 -1.00")).unwrap_err();
    assert_eq!(wrong.to_string(), "the cost of month 2 is -1.00, expected zero or more");
    let credits = by_month("0 0 -1.00");
    let wrong = bills(&Year { credits, ..year("2100.00", "0.00", 1, "") }).unwrap_err();
    assert_eq!(wrong.to_string(), "the credit of month 3 is -1.00, expected zero or more");
}

proptest! {
    /// Whatever the costs: the bills sum to them, none is negative, none is above its cap, and
    /// nothing is owed after December.
    #[test]
    fn the_bills_sum_to_the_costs(
        costs in proptest::array::uniform12(0_i64..210_000),
        incurred in 0_i64..250_000,
        first in 1_u8..=12,
    ) {
        let costs = costs.map(Cents::new);
        let (threshold, incurred) = (dollars("2100.00"), Cents::new(incurred));
        let credits = by_month("");
        let year = Year { threshold, incurred, first, last: None, costs, credits };
        let all = bills(&year).unwrap();
        let cost = Cents::sum(all.iter().map(|bill| bill.cost)).unwrap();
        let billed = Cents::sum(all.iter().map(|bill| bill.billed)).unwrap();
        let fair = |bill: &Bill| !bill.billed.is_negative() && bill.billed <= bill.cap;
        prop_assert!(all.iter().all(fair));
        if first < 12 {
            prop_assert_eq!((billed, all.last().unwrap().owed), (cost, Cents::ZERO));
        }
    }

    /// Whatever is credited when: not a cent is lost, and nobody gets back what was not billed.
    #[test]
    fn bills_refunds_and_rest_sum_to_what_is_owed(
        costs in proptest::array::uniform12(0_i64..210_000),
        parts in proptest::array::uniform12(0_i64..=100),
        first in 1_u8..=12,
        months in proptest::option::of(0_u8..12),
        through in 1_usize..=12,
    ) {
        let last = months.map(|months| first.saturating_add(months).min(12));
        // Each month credits a part of what was owed until then and not credited.
        let (mut open, mut credits) = (0, [Cents::ZERO; 12]);
        for ((month, credit), (cost, part)) in
            (1..).zip(&mut credits).zip(costs.iter().zip(parts)).skip(usize::from(first) - 1)
        {
            open += if last.is_none_or(|last| month <= last) { *cost } else { 0 };
            *credit = Cents::new(open * part / 100);
            open -= credit.get();
        }
        let (threshold, incurred) = (dollars("2100.00"), Cents::ZERO);
        let costs = costs.map(Cents::new);
        let year = Year { threshold, incurred, first, last, costs, credits };
        let mut all = bills(&year).unwrap();
        let mut billed = Cents::ZERO;
        for bill in &all {
            prop_assert!(bill.refunded <= billed && !bill.billed.is_negative());
            billed = billed.plus(bill.billed).unwrap().minus(bill.refunded).unwrap();
        }
        let sums = Sums::of(&all).unwrap();
        if first < 12 {
            prop_assert_eq!(sums.owed, Cents::ZERO);
        }
        // The first bills of a year are right by themselves.
        all.truncate(through);
        prop_assert!(Sums::of(&all).is_ok());
    }
}
