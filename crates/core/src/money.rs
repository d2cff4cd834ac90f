//! Money: whole cents, unit prices with five decimals, rates in basis points.
//!
//! There is one rounding rule, half away from zero ("half up" for the positive amounts of a
//! claim) to the cent, applied once at the end of a product of exact decimals.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::{Overflow, ParseError, Quantity};

/// US cents, signed. Written as dollars with two decimals, `12.34`.
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
pub struct Cents(#[n(0)] i64);

impl Cents {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount from its number of cents.
    pub const fn new(cents: i64) -> Self {
        Self(cents)
    }

    /// The number of cents.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// The sum, or [`Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_add(other.0).map(Self).ok_or(Overflow)
    }

    /// The difference, or [`Overflow`].
    pub fn minus(self, other: Self) -> Result<Self, Overflow> {
        self.0.checked_sub(other.0).map(Self).ok_or(Overflow)
    }

    /// The sum of many, or [`Overflow`].
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, Overflow> {
        amounts.into_iter().try_fold(Self::ZERO, Self::plus)
    }

    /// A whole multiple, or [`Overflow`].
    pub fn times(self, count: u32) -> Result<Self, Overflow> {
        self.0.checked_mul(i64::from(count)).map(Self).ok_or(Overflow)
    }

    /// What is left up to `limit`, never below zero.
    pub fn left_of(self, limit: Self) -> Self {
        Self(limit.0.saturating_sub(self.0).max(0))
    }

    /// A share of the amount, rounded half up to the cent.
    pub fn percent(self, rate: Percent) -> Result<Self, Overflow> {
        round_half_up(i128::from(self.0) * i128::from(rate.0), 10_000)
    }

    /// The part of the amount that belongs to a part of a quantity, rounded half up to the cent;
    /// all of it if the quantity is nothing.
    pub fn part_for(self, part: Quantity, of: Quantity) -> Result<Self, Overflow> {
        if of.is_zero() {
            return Ok(self);
        }
        let exact = i128::from(self.0) * i128::from(part.thousandths());
        round_half_up(exact, of.thousandths().into())
    }

    /// One of so many equal parts, rounded half up to the cent, or [`Overflow`]. The parts of an
    /// amount may differ from it by a few cents in all: whoever bills them settles the last.
    pub fn part_of(self, parts: NonZeroU32) -> Result<Self, Overflow> {
        round_half_up(self.0.into(), parts.get().into())
    }

    /// So many millionths of the amount, rounded half up to the cent: a tax whose rate is in
    /// ten-thousandths of a percent.
    pub fn millionths(self, rate: u32) -> Result<Self, Overflow> {
        round_half_up(i128::from(self.0) * i128::from(rate), 1_000_000)
    }

    /// The amount of which this is a share, rounded half up to the cent; of a rate of nothing,
    /// which no amount is a share of, [`Overflow`].
    pub fn whole_of(self, rate: Percent) -> Result<Self, Overflow> {
        self.scaled(Self(10_000), Self(rate.0.into()))
    }

    /// This amount times `by`, divided by `over`, rounded half up to the cent; [`Overflow`] if
    /// it does not fit or `over` is not above zero.
    pub fn scaled(self, by: Self, over: Self) -> Result<Self, Overflow> {
        if over.0 <= 0 {
            return Err(Overflow);
        }
        round_half_up(i128::from(self.0) * i128::from(by.0), over.0.into())
    }

    /// True below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

/// Divides, rounding half away from zero, into cents.
fn round_half_up(numerator: i128, denominator: i128) -> Result<Cents, Overflow> {
    let half = if numerator < 0 { -(denominator / 2) } else { denominator / 2 };
    let rounded = numerator.checked_add(half).ok_or(Overflow)? / denominator;
    i64::try_from(rounded).map(Cents).map_err(|_| Overflow)
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

impl FromStr for Cents {
    type Err = ParseError;
    /// Reads dollars with up to two decimals: `10`, `2.5`, `112.50`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        decimal(text, 2).map(Self).ok_or_else(|| {
            ParseError::new(text, "an amount in dollars with at most two decimals, like `12.50`")
        })
    }
}

/// A price for one billing unit (each, millilitre or gram), in hundred-thousandths of a dollar,
/// the five decimals that NADAC publishes.
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
pub struct UnitPrice(#[n(0)] i64);

impl UnitPrice {
    /// A price from its hundred-thousandths of a dollar.
    pub const fn new(hundred_thousandths: i64) -> Self {
        Self(hundred_thousandths)
    }

    /// The hundred-thousandths of a dollar.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Unit price x rate x quantity, rounded once, half up, to the cent.
    ///
    /// The exact product has 5 + 4 + 3 decimals of a dollar; a cent is 10 powers above it.
    pub fn extend(self, rate: Percent, quantity: Quantity) -> Result<Cents, Overflow> {
        let exact = i128::from(self.0)
            .checked_mul(i128::from(rate.0))
            .and_then(|p| p.checked_mul(i128::from(quantity.thousandths())))
            .ok_or(Overflow)?;
        round_half_up(exact, 10_000_000_000)
    }
}

impl fmt::Display for UnitPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:05}", self.0 / 100_000, (self.0 % 100_000).abs())
    }
}

impl FromStr for UnitPrice {
    type Err = ParseError;
    /// Reads dollars with up to five decimals: `0.02483`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let expected = "a unit price in dollars with at most five decimals, like `0.02483`";
        match decimal(text, 5) {
            Some(value) if value >= 0 => Ok(Self(value)),
            _ => Err(ParseError::new(text, expected)),
        }
    }
}

/// A rate in basis points (hundredths of a percent), from 0% to 10000%.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[derive(Serialize, Deserialize, Encode, Decode)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Percent(#[n(0)] u32);

impl Percent {
    /// The whole: 100%.
    pub const WHOLE: Self = Self(10_000);
    /// Nothing: 0%.
    pub const NONE: Self = Self(0);

    /// A rate from its basis points, if it is at most 10000%.
    pub const fn from_basis_points(points: u32) -> Option<Self> {
        if points <= 1_000_000 { Some(Self(points)) } else { None }
    }

    /// Hundredths of a percent.
    pub const fn basis_points(self) -> u32 {
        self.0
    }

    /// The share of a number of days, rounded up to a whole day.
    pub fn of_days(self, days: u16) -> u16 {
        let points = u64::from(days) * u64::from(self.0);
        u16::try_from(points.div_ceil(10_000)).unwrap_or(u16::MAX)
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 100, self.0 % 100) {
            (whole, 0) => write!(f, "{whole}%"),
            (whole, part) => write!(f, "{whole}.{part:02}%"),
        }
    }
}

impl FromStr for Percent {
    type Err = ParseError;
    /// Reads a percentage with its sign and up to two decimals: `25%`, `101.5%`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        text.strip_suffix('%')
            .and_then(|number| decimal(number.trim_end(), 2))
            .and_then(|points| u32::try_from(points).ok())
            .and_then(Self::from_basis_points)
            .ok_or_else(|| ParseError::new(text, "a percentage like `25%` or `101.5%`"))
    }
}

/// Reads a decimal exactly as an integer of the given number of decimals; `None` if it has more
/// decimals, other characters or too many digits.
pub(crate) fn decimal(text: &str, decimals: usize) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(part) {
        return None;
    }
    if digits.ends_with('.') {
        return None;
    }
    // Trailing zeros beyond the scale say nothing and lose nothing.
    let (kept, beyond) = part.split_at_checked(decimals).unwrap_or((part, ""));
    if beyond.bytes().any(|b| b != b'0') {
        return None;
    }
    let scale = 10_i64.checked_pow(u32::try_from(decimals).ok()?)?;
    let pad = 10_i64.checked_pow(u32::try_from(decimals - kept.len()).ok()?)?;
    let part_value = if kept.is_empty() { 0 } else { kept.parse::<i64>().ok()? };
    let whole_value = whole.parse::<i64>().ok()?.checked_mul(scale)?;
    whole_value.checked_add(part_value.checked_mul(pad)?)?.checked_mul(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ingredient_cost_rounds_once_half_up() {
        let cost = |price: &str, rate: &str, quantity: &str| {
            let price: UnitPrice = price.parse().unwrap();
            price.extend(rate.parse().unwrap(), quantity.parse().unwrap()).unwrap().to_string()
        };
        // Eliquis 5 mg, 60 tablets at NADAC + 1%: 5.52654 x 1.01 x 60 = 334.908324.
        assert_eq!(cost("5.52654", "101%", "60"), "334.91");
        // 0.02483 x 30 = 0.7449; 0.00500 x 1 is exactly half a cent and goes up.
        assert_eq!(cost("0.02483", "100%", "30"), "0.74");
        assert_eq!(cost("0.00500", "100%", "1"), "0.01");
        assert_eq!(cost("0.00499", "100%", "1"), "0.00");
    }

    #[test]
    fn decimals_are_read_exactly_or_not_at_all() {
        for (text, cents) in [("10", 1000), ("2.5", 250), ("112.50", 11250), ("-0.01", -1)] {
            assert_eq!(text.parse::<Cents>().unwrap(), Cents::new(cents));
        }
        for text in ["", ".", "1.", ".5", "1.005", "1e3", "1,000", "$5", "99999999999999999999"] {
            assert!(text.parse::<Cents>().is_err(), "{text}");
        }
        assert_eq!("0.024830".parse::<UnitPrice>().unwrap(), UnitPrice::new(2483));
        assert!("0.0248301".parse::<UnitPrice>().is_err());
    }

    #[test]
    fn money_never_wraps() {
        let most = Cents::new(i64::MAX);
        assert_eq!(most.plus(Cents::new(1)), Err(Overflow));
        assert_eq!(most.times(2), Err(Overflow));
        assert_eq!(Cents::new(i64::MIN).minus(Cents::new(1)), Err(Overflow));
    }

    #[test]
    fn three_quarters_of_thirty_days_is_day_twenty_three() {
        let rate: Percent = "75%".parse().unwrap();
        assert_eq!(rate.of_days(30), 23);
        assert_eq!("85%".parse::<Percent>().unwrap().of_days(30), 26);
        assert_eq!(rate.of_days(0), 0);
    }
}
