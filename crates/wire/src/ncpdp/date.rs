//! Civil dates and times as D.0 writes them. A date that the calendar does not have is no date.

use std::fmt;

/// A day of the calendar, years 1 to 9999. On the wire CCYYMMDD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day, if the (Gregorian) calendar has it.
    pub const fn new(year: u16, month: u8, day: u8) -> Option<Date> {
        let exists = year >= 1
            && year <= 9999
            && month >= 1
            && month <= 12
            && day >= 1
            && day <= days_in(year, month);
        if exists { Some(Date { year, month, day }) } else { None }
    }

    /// The year, 1 to 9999.
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    pub const fn day(self) -> u8 {
        self.day
    }

    /// Reads CCYYMMDD; `None` if it is not eight digits or not a day of the calendar.
    #[inline]
    pub fn parse(digits: &[u8]) -> Option<Date> {
        let &[a, b, c, d, e, f, g, h] = digits else { return None };
        let year = two(a, b)? * 100 + two(c, d)?;
        Date::new(year, u8::try_from(two(e, f)?).ok()?, u8::try_from(two(g, h)?).ok()?)
    }
}

impl fmt::Display for Date {
    /// Writes CCYYMMDD.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}{:02}", self.year, self.month, self.day)
    }
}

/// A time of day to the minute. On the wire HHMM, 24 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    hour: u8,
    minute: u8,
}

impl Time {
    /// The time, if a day has it.
    pub const fn new(hour: u8, minute: u8) -> Option<Time> {
        if hour < 24 && minute < 60 { Some(Time { hour, minute }) } else { None }
    }

    /// The hour, 0 to 23.
    pub const fn hour(self) -> u8 {
        self.hour
    }

    /// The minute, 0 to 59.
    pub const fn minute(self) -> u8 {
        self.minute
    }

    /// Reads HHMM; `None` if it is not four digits or not a time of day.
    pub fn parse(digits: &[u8]) -> Option<Time> {
        let &[a, b, c, d] = digits else { return None };
        Time::new(u8::try_from(two(a, b)?).ok()?, u8::try_from(two(c, d)?).ok()?)
    }
}

impl fmt::Display for Time {
    /// Writes HHMM.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}{:02}", self.hour, self.minute)
    }
}

const fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 31,
    }
}

fn two(tens: u8, units: u8) -> Option<u16> {
    let digits = tens.is_ascii_digit() && units.is_ascii_digit();
    digits.then(|| u16::from(tens - b'0') * 10 + u16::from(units - b'0'))
}
