//! Quantity dispensed, in thousandths of the billing unit (442-E7 has three decimals).

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ParseError;
use crate::money::decimal;

/// A quantity in thousandths of a billing unit (each, millilitre, gram); never negative.
#[derive(
    Debug,
    Default,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    Encode,
    Decode
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Quantity(#[n(0)] u64);

impl Quantity {
    /// The most that 442-E7 can carry: 9,999,999.999 units.
    pub const MOST: Self = Self(9_999_999_999);

    /// A quantity from its thousandths, if 442-E7 can carry it.
    pub const fn from_thousandths(thousandths: u64) -> Option<Self> {
        if thousandths <= Self::MOST.0 { Some(Self(thousandths)) } else { None }
    }

    /// A whole number of units.
    pub const fn units(units: u32) -> Self {
        Self(units as u64 * 1000)
    }

    /// The thousandths of a unit.
    pub const fn thousandths(self) -> u64 {
        self.0
    }

    /// True for no units at all.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum of two, which may exceed what one claim can carry.
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// What is left of a limit when this much of it is used; nothing if more is.
    pub const fn left_of(self, limit: Self) -> Self {
        Self(limit.0.saturating_sub(self.0))
    }

    /// This quantity at its daily rate over `days` instead of `over` days, rounded up to a
    /// thousandth. Both are at least one day.
    pub fn at_rate(self, days: u16, over: u16) -> Self {
        Self((self.0 * u64::from(days.max(1))).div_ceil(u64::from(over.max(1))))
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 1000, self.0 % 1000) {
            (whole, 0) => write!(f, "{whole}"),
            (whole, part) => {
                let part = format!("{part:03}");
                write!(f, "{whole}.{}", part.trim_end_matches('0'))
            }
        }
    }
}

impl FromStr for Quantity {
    type Err = ParseError;
    /// Reads a quantity with up to three decimals: `30`, `2.5`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        decimal(text, 3)
            .and_then(|value| u64::try_from(value).ok())
            .and_then(Self::from_thousandths)
            .ok_or_else(|| {
                ParseError::new(text, "a quantity with at most three decimals, like `2.5`")
            })
    }
}
