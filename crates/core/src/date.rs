//! Civil dates, and the instants that only the service's clock makes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::Month;

use crate::ParseError;

/// 1970-01-01 as a Julian day.
const EPOCH: i32 = 2_440_588;

/// A day of the calendar, without a time zone. Written `2026-03-12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

impl Date {
    /// The last day that can be written; stands for "no end" in ranges of dates.
    pub const LAST: Self = Self(time::Date::MAX);
    /// The first day of year 1; stands for "always" in ranges of dates.
    pub const FIRST: Self = match time::Date::from_ordinal_date(1, 1) {
        Ok(date) => Self(date),
        Err(_) => Self(time::Date::MIN),
    };

    /// The day of that year, month and day of month, if the calendar has it.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        let month = Month::try_from(month).ok()?;
        time::Date::from_calendar_date(year, month, day).ok().map(Self)
    }

    /// Reads `CCYYMMDD`, the form of D.0 and of the FDA's files.
    pub fn from_compact(text: &str) -> Result<Self, ParseError> {
        let error = || ParseError::new(text, "a calendar date as CCYYMMDD, like `20260312`");
        let digits = (text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit())).then_some(text);
        let number = digits.and_then(|d| d.parse::<u32>().ok()).ok_or_else(error)?;
        let part = |divisor: u32, modulus: u32| (number / divisor) % modulus;
        let year = i32::try_from(part(10_000, 10_000)).map_err(|_| error())?;
        let month = u8::try_from(part(100, 100)).map_err(|_| error())?;
        let day = u8::try_from(part(1, 100)).map_err(|_| error())?;
        Self::new(year, month, day).ok_or_else(error)
    }

    /// Year, month and day of month.
    pub fn ymd(self) -> (i32, u8, u8) {
        let (year, month, day) = self.0.to_calendar_date();
        (year, u8::from(month), day)
    }

    /// `CCYYMMDD`.
    pub fn compact(self) -> String {
        let (year, month, day) = self.ymd();
        format!("{year:04}{month:02}{day:02}")
    }

    /// The day that many days later (or earlier), held to the calendar's ends.
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(time::Duration::days(days)))
    }

    /// The day so many months earlier, or the first of the next month where that one has no such
    /// day.
    pub fn minus_months(self, months: u8) -> Self {
        let (year, month, day) = self.ymd();
        let place = year * 12 + i32::from(month) - 1 - i32::from(months);
        let of = |place: i32, day| {
            let month = u8::try_from(place.rem_euclid(12) + 1).ok()?;
            Self::new(place.div_euclid(12), month, day)
        };
        of(place, day).or_else(|| of(place + 1, 1)).unwrap_or(Self::FIRST)
    }

    /// Days from `earlier` to this day; negative if it is the later one.
    pub fn days_since(self, earlier: Self) -> i64 {
        i64::from(self.0.to_julian_day()) - i64::from(earlier.0.to_julian_day())
    }

    /// Days since 1970-01-01; negative before it.
    pub const fn epoch_days(self) -> i32 {
        self.0.to_julian_day() - EPOCH
    }

    /// The day that many days after 1970-01-01, if the calendar has it.
    pub fn from_epoch_days(days: i32) -> Option<Self> {
        time::Date::from_julian_day(days.checked_add(EPOCH)?).ok().map(Self)
    }

    /// Full years from a birth date to this day; negative before it.
    pub fn age_on(self, birth: Self) -> i32 {
        let (year, month, day) = self.ymd();
        let (birth_year, birth_month, birth_day) = birth.ymd();
        let before_birthday = (month, day) < (birth_month, birth_day);
        year - birth_year - i32::from(before_birthday)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = ParseError;
    /// Reads `2026-03-12`.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let error = || ParseError::new(text, "a calendar date like `2026-03-12`");
        let mut parts = text.split('-');
        let (Some(year), Some(month), Some(day), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(error());
        };
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return Err(error());
        }
        Self::from_compact(&format!("{year}{month}{day}")).map_err(|_| error())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// An instant in milliseconds since 1970-01-01T00:00:00Z, made by the service's clock alone.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// An instant from its milliseconds since 1970.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    pub const fn millis(self) -> u64 {
        self.0
    }

    /// The UTC day of the instant.
    pub fn date(self) -> Date {
        let days = i64::try_from(self.0 / 86_400_000).unwrap_or(i64::MAX);
        Date(time::Date::from_julian_day(EPOCH).unwrap_or(time::Date::MIN)).plus_days(days)
    }
}

impl fmt::Display for Timestamp {
    /// `2026-03-12T14:05:09.120Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of_day = self.0 % 86_400_000;
        let (hour, minute) = (of_day / 3_600_000, of_day / 60_000 % 60);
        let (second, milli) = (of_day / 1000 % 60, of_day % 1000);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z", self.date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        for bad in ["20260231", "20260000", "2026-2-3", "00000000", "", "2026022é", "+2026021"] {
            assert!(Date::from_compact(bad).is_err(), "{bad}");
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
        let day: Date = "2024-02-29".parse().unwrap();
        assert_eq!(day, Date::from_compact("20240229").unwrap());
        assert_eq!(day.plus_days(366).to_string(), "2025-03-01");
        assert_eq!(Date::LAST.plus_days(1), Date::LAST);
    }

    #[test]
    fn months_earlier_is_the_same_day_or_the_first_after_it() {
        let day = |text: &str| -> Date { text.parse().unwrap() };
        for (from, months, to) in [
            ("2026-07-01", 3, "2026-04-01"),
            ("2026-01-01", 3, "2025-10-01"),
            ("2026-12-31", 3, "2026-10-01"),
            ("2026-05-31", 3, "2026-03-01"),
            ("2024-03-29", 1, "2024-02-29"),
            ("2026-01-31", 1, "2025-12-31"),
        ] {
            assert_eq!(day(from).minus_months(months), day(to), "{from} less {months}");
        }
    }

    #[test]
    fn age_changes_on_the_birthday() {
        let birth: Date = "2005-07-01".parse().unwrap();
        assert_eq!("2026-06-30".parse::<Date>().unwrap().age_on(birth), 20);
        assert_eq!("2026-07-01".parse::<Date>().unwrap().age_on(birth), 21);
    }

    #[test]
    fn instants_are_shown_in_utc() {
        let instant = Timestamp::from_millis(1_767_225_600_000 + 50_709_120);
        assert_eq!(instant.to_string(), "2026-01-01T14:05:09.120Z");
        assert_eq!(Timestamp::default().date().to_string(), "1970-01-01");
    }
}
