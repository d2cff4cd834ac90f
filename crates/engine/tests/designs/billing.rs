//! A year of the Medicare Prescription Payment Plan, which is billed by the month.

use openpbm_core::Cents;
use openpbm_engine::payment_plan::{Bill, Year, bills};
use toml::Table;

/// A member's year, and its bills as they were reckoned by hand.
pub(super) struct Billing {
    year: Year,
    bills: Vec<Cents>,
}

impl Billing {
    /// Amounts stand in a row, between blanks; costs from January on.
    pub(super) fn read(table: &Table) -> Self {
        let text = |key: &str| table[key].as_str().unwrap();
        let amounts = |key: &str| text(key).split_whitespace().map(|a| a.parse().unwrap());
        let mut costs = [Cents::ZERO; 12];
        costs.iter_mut().zip(amounts("costs")).for_each(|(place, cost)| *place = cost);
        let year = Year {
            threshold: text("threshold").parse().unwrap(),
            incurred: text("incurred").parse().unwrap(),
            first: text("first").parse().unwrap(),
            last: None,
            costs,
            credits: [Cents::ZERO; 12],
        };
        Self { year, bills: amounts("bills").collect() }
    }

    pub(super) fn check(&self) {
        let billed: Vec<_> = bills(&self.year).unwrap().iter().map(|bill| bill.billed).collect();
        assert_eq!(billed, self.bills);
    }

    /// A table of the months.
    pub(super) fn page(&self) -> String {
        let head = "\n| month | cost at pharmacies | at most | billed | owed after |\n\
                    |---|---|---|---|---|\n";
        let line = |bill: &Bill| {
            let Bill { month, cost, cap, billed, owed, .. } = bill;
            format!("| {month} | ${cost} | ${cap} | **${billed}** | ${owed} |\n")
        };
        let lines: String = bills(&self.year).unwrap().iter().map(line).collect();
        format!("{head}{lines}")
    }
}
