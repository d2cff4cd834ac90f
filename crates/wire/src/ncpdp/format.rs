//! How values are written: one marker type for each kind of picture that D.0 uses.

use std::fmt;

use super::date::{Date, Time};
use super::field::{Field, InvalidField, Reason};
use super::frame::RawField;
use super::overpunch::{read_digits, read_overpunch, write_digits, write_overpunch};

/// The form of a field's value, shown as the standard shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Picture {
    /// Up to this many characters: `x(20)`.
    Text(u16),
    /// Up to this many digits: `9(3)`.
    Digits(u8),
    /// A day, `9(8)` as CCYYMMDD.
    Date,
    /// A time of day, `9(4)` as HHMM.
    Time,
    /// Digits before and after an implied decimal point: `9(7)v999`.
    Decimal(u8, u8),
    /// The same with a sign in the last digit: `s9(6)v99`.
    Signed(u8, u8),
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Picture::Text(width) => write!(f, "x({width})"),
            Picture::Digits(width) => write!(f, "9({width})"),
            Picture::Date => write!(f, "9(8) ccyymmdd"),
            Picture::Time => write!(f, "9(4) hhmm"),
            Picture::Decimal(whole, scale) => write!(f, "9({whole})v{}", nines(scale)),
            Picture::Signed(whole, scale) => write!(f, "s9({whole})v{}", nines(scale)),
        }
    }
}

fn nines(scale: u8) -> String {
    "9".repeat(usize::from(scale))
}

/// Reads and writes the value of one kind of picture.
pub(crate) trait Format<'a> {
    /// What the value becomes.
    type Value: Copy;
    /// The form on the wire.
    const PICTURE: Picture;
    /// The value of a field; `None` if it is blank.
    fn read(field: &RawField<'a>) -> Result<Option<Self::Value>, Reason>;
    /// Appends the value, or says why the field cannot hold it.
    fn write(value: Self::Value, out: &mut Vec<u8>) -> Result<(), Reason>;
}

/// Reads one field by its format, in place: the fields of a claim are many, and moving each once
/// more would cost as much as reading it.
#[inline]
pub(crate) fn read_into<'a, F: Format<'a>>(
    slot: &mut Field<F::Value>,
    field: &RawField<'a>,
    occurrence: u8,
) {
    match F::read(field) {
        Ok(Some(value)) => *slot = Field::Value(value),
        Ok(None) => *slot = Field::Blank,
        Err(reason) => *slot = Field::Invalid(invalid(field, occurrence, reason)),
    }
}

/// Reads one field by its format.
pub(crate) fn read<'a, F: Format<'a>>(field: &RawField<'a>, occurrence: u8) -> Field<F::Value> {
    let mut read = Field::Absent;
    read_into::<F>(&mut read, field, occurrence);
    read
}

/// Describes what is wrong with `field`.
#[cold]
pub(crate) fn invalid(field: &RawField<'_>, occurrence: u8, reason: Reason) -> InvalidField {
    InvalidField { id: field.id(), occurrence, reason, offset: field.offset() }
}

/// Text of up to `N` bytes, `x(N)`; trailing blanks mean nothing.
pub(crate) struct Text<const N: u16>;

impl<'a, const N: u16> Format<'a> for Text<N> {
    type Value = &'a str;
    const PICTURE: Picture = Picture::Text(N);

    #[inline]
    fn read(field: &RawField<'a>) -> Result<Option<&'a str>, Reason> {
        let text = field.trimmed_text().ok_or(Reason::NotText)?;
        if text.len() > usize::from(N) {
            return Err(Reason::TooLong);
        }
        Ok(if text.is_empty() { None } else { Some(text) })
    }

    fn write(value: &'a str, out: &mut Vec<u8>) -> Result<(), Reason> {
        let bytes = value.trim_end_matches(' ').as_bytes();
        if bytes.len() > usize::from(N) {
            return Err(Reason::TooLong);
        }
        if bytes.iter().fold(false, |control, byte| control | byte.is_ascii_control()) {
            return Err(Reason::NotText);
        }
        out.extend_from_slice(bytes);
        Ok(())
    }
}

/// Text of up to `N` digits, `9(N)`, kept as sent because leading zeros belong to it.
pub(crate) struct Digits<const N: u8>;

impl<'a, const N: u8> Format<'a> for Digits<N> {
    type Value = &'a str;
    const PICTURE: Picture = Picture::Digits(N);

    #[inline]
    fn read(field: &RawField<'a>) -> Result<Option<&'a str>, Reason> {
        let text = field.trimmed_text().ok_or(Reason::NotText)?;
        checked_digits(text.as_bytes(), N)?;
        Ok(if text.is_empty() { None } else { Some(text) })
    }

    fn write(value: &'a str, out: &mut Vec<u8>) -> Result<(), Reason> {
        checked_digits(value.as_bytes(), N)?;
        out.extend_from_slice(value.as_bytes());
        Ok(())
    }
}

/// A whole number of at most `most` digits; `None` if there are none.
#[inline]
fn decimal(bytes: &[u8], most: u8) -> Result<Option<i64>, Reason> {
    let value = read_digits(bytes).ok_or(Reason::NotDigits)?;
    if bytes.len() > usize::from(most) {
        return Err(Reason::TooLong);
    }
    Ok(if bytes.is_empty() { None } else { Some(value) })
}

fn checked_digits(bytes: &[u8], most: u8) -> Result<(), Reason> {
    if !bytes.iter().all(u8::is_ascii_digit) {
        Err(Reason::NotDigits)
    } else if bytes.len() > usize::from(most) {
        Err(Reason::TooLong)
    } else {
        Ok(())
    }
}

/// A whole number of up to `N` digits (9 at most), `9(N)`.
pub(crate) struct Number<const N: u8>;

impl<'a, const N: u8> Format<'a> for Number<N> {
    type Value = u32;
    const PICTURE: Picture = Picture::Digits(N);

    #[inline]
    fn read(field: &RawField<'a>) -> Result<Option<u32>, Reason> {
        let Some(value) = decimal(field.trimmed(), N)? else { return Ok(None) };
        u32::try_from(value).map(Some).map_err(|_| Reason::TooLong)
    }

    fn write(value: u32, out: &mut Vec<u8>) -> Result<(), Reason> {
        if i64::from(value) >= limit(N) {
            return Err(Reason::TooLong);
        }
        write_digits(u64::from(value), 1, out);
        Ok(())
    }
}

/// A day, CCYYMMDD. Eight zeros are how many systems say "no date" and are read as blank.
pub(crate) struct Day;

impl<'a> Format<'a> for Day {
    type Value = Date;
    const PICTURE: Picture = Picture::Date;

    #[inline]
    fn read(field: &RawField<'a>) -> Result<Option<Date>, Reason> {
        match field.trimmed() {
            b"" | b"00000000" => Ok(None),
            bytes => Date::parse(bytes).map(Some).ok_or(Reason::NotDate),
        }
    }

    fn write(value: Date, out: &mut Vec<u8>) -> Result<(), Reason> {
        write_digits(u64::from(value.year()), 4, out);
        write_digits(u64::from(value.month()), 2, out);
        write_digits(u64::from(value.day()), 2, out);
        Ok(())
    }
}

/// A time of day, HHMM.
pub(crate) struct Clock;

impl<'a> Format<'a> for Clock {
    type Value = Time;
    const PICTURE: Picture = Picture::Time;

    #[inline]
    fn read(field: &RawField<'a>) -> Result<Option<Time>, Reason> {
        match field.trimmed() {
            b"" => Ok(None),
            bytes => Time::parse(bytes).map(Some).ok_or(Reason::NotTime),
        }
    }

    fn write(value: Time, out: &mut Vec<u8>) -> Result<(), Reason> {
        write_digits(u64::from(value.hour()), 2, out);
        write_digits(u64::from(value.minute()), 2, out);
        Ok(())
    }
}

/// An unsigned decimal, `9(W)v9…` with `S` decimals, as a whole number of its smallest unit.
pub(crate) struct Decimal<const W: u8, const S: u8>;

impl<'a, const W: u8, const S: u8> Format<'a> for Decimal<W, S> {
    type Value = i64;
    const PICTURE: Picture = Picture::Decimal(W, S);

    #[inline]
    fn read(field: &RawField<'a>) -> Result<Option<i64>, Reason> {
        decimal(field.trimmed(), W + S)
    }

    fn write(value: i64, out: &mut Vec<u8>) -> Result<(), Reason> {
        let magnitude = u64::try_from(value).map_err(|_| Reason::NotDigits)?;
        if value >= limit(W + S) {
            return Err(Reason::TooLong);
        }
        write_digits(magnitude, usize::from(S) + 1, out);
        Ok(())
    }
}

/// A signed decimal, `s9(W)v9…` with `S` decimals, as a whole number of its smallest unit.
pub(crate) struct Signed<const W: u8, const S: u8>;

impl<'a, const W: u8, const S: u8> Format<'a> for Signed<W, S> {
    type Value = i64;
    const PICTURE: Picture = Picture::Signed(W, S);

    #[inline]
    fn read(field: &RawField<'a>) -> Result<Option<i64>, Reason> {
        let bytes = field.trimmed();
        if bytes.is_empty() {
            return Ok(None);
        }
        let value = read_overpunch(bytes).ok_or(Reason::NotSigned)?;
        if bytes.len() > usize::from(W + S) { Err(Reason::TooLong) } else { Ok(Some(value)) }
    }

    fn write(value: i64, out: &mut Vec<u8>) -> Result<(), Reason> {
        if value >= limit(W + S) || value <= -limit(W + S) {
            return Err(Reason::TooLong);
        }
        write_overpunch(value, usize::from(S) + 1, out);
        Ok(())
    }
}

/// The first whole number that has more than `digits` digits (18 at most).
const fn limit(digits: u8) -> i64 {
    10i64.saturating_pow(digits as u32)
}
