//! Exact decimals: an integer and how many of its digits stand behind the point.
//!
//! `i128` holds every product of this model with room to spare: unit price x rate x quantity has at
//! most 29 digits of 38, the doses of five opioids brought to one denominator as many. Written
//! apart from the engine's arithmetic on purpose.

use serde::Deserialize;

/// A number with `PLACES` decimals, as the integer that it is without its point.
///
/// How a value must be written is checked by the book; here it is only read. A percent sign is
/// skipped, so that `25%` is 2500 hundredths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Decimal<const PLACES: usize>(pub(crate) i128);

/// Dollars, in cents.
pub(crate) type Money = Decimal<2>;
/// A percentage, in hundredths of a percent.
pub(crate) type Rate = Decimal<2>;
/// Billing units, in thousandths.
pub(crate) type Units = Decimal<3>;
/// Dollars for one unit, in hundred-thousandths.
pub(crate) type UnitPrice = Decimal<5>;

/// A whole in hundredths of a percent.
pub(crate) const WHOLE: i128 = 10_000;

impl<const PLACES: usize> TryFrom<String> for Decimal<PLACES> {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let number = text.trim().trim_end_matches('%').trim_end();
        let (whole, part) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() || part.len() > PLACES {
            return Err(format!(
                "found `{text}`, expected a number with at most {PLACES} decimals"
            ));
        }
        let digits = format!("{whole}{part:0<PLACES$}");
        digits.parse().map(Self).map_err(|_| format!("found `{text}`, expected a number"))
    }
}

/// Divides a number that is not negative, rounding half up.
pub(crate) const fn half_up(numerator: i128, denominator: i128) -> i128 {
    (2 * numerator + denominator) / (2 * denominator)
}

/// Divides a number that is not negative, rounding up.
pub(crate) const fn up(numerator: i128, denominator: i128) -> i128 {
    (numerator + denominator - 1) / denominator
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly() {
        let read = |text: &str| Decimal::<3>::try_from(text.to_owned()).map(|d| d.0);
        assert_eq!(read("2.5"), Ok(2500));
        assert_eq!(read("0.179"), Ok(179));
        assert_eq!(read("30"), Ok(30_000));
        assert!(read("1.0005").is_err() && read("x").is_err() && read("").is_err());
        assert_eq!(Rate::try_from("101.5%".to_owned()).map(|r| r.0), Ok(10_150));
    }

    #[test]
    fn half_a_cent_goes_up() {
        assert_eq!([half_up(5, 10), half_up(4, 10), half_up(15, 10), half_up(0, 10)], [1, 0, 2, 0]);
        assert_eq!([up(0, 4), up(1, 4), up(4, 4), up(5, 4)], [0, 1, 1, 2]);
    }
}
