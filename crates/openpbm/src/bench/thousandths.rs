//! Figures with three decimals, counted in whole thousandths: milliseconds from microseconds,
//! microseconds from nanoseconds, ratios.

use std::fmt;

use serde::{Serialize, Serializer};

/// A number of thousandths; a decimal number in JSON and for people.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Thousandths(pub(super) u64);

impl Thousandths {
    /// `part` of `whole`, rounded down; `None` of nothing.
    pub(super) fn ratio(part: u64, whole: u64) -> Option<Self> {
        let ratio = (u128::from(part) * 1000).checked_div(u128::from(whole))?;
        Some(Self(u64::try_from(ratio).unwrap_or(u64::MAX)))
    }
}

impl fmt::Display for Thousandths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{:03}", self.0 / 1000, self.0 % 1000))
    }
}

impl Serialize for Thousandths {
    #[expect(
        clippy::float_arithmetic,
        reason = "JSON has no other decimal number, and this is a measurement, not money"
    )]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0 as f64 / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_decimals_for_people_and_programs() {
        assert_eq!(Thousandths(12_034).to_string(), "12.034");
        assert_eq!(serde_json::to_string(&Thousandths(12_034)).unwrap(), "12.034");
        assert_eq!(Thousandths::ratio(1, 3), Some(Thousandths(333)));
        assert_eq!(Thousandths::ratio(1, 0), None);
        assert_eq!(Thousandths::ratio(u64::MAX, 1), Some(Thousandths(u64::MAX)));
    }
}
