//! An instant as people type it.

use openpbm_core::{Date, ParseError, Timestamp};

/// `2026-06-30T12:00:00Z`, to the millisecond if need be. Only UTC, so that nobody has to guess.
pub(crate) fn parse(text: &str) -> Result<Timestamp, ParseError> {
    instant(text).ok_or_else(|| ParseError {
        found: text.chars().take(40).collect(),
        expected: "an instant in UTC like `2026-06-30T12:00:00Z`",
    })
}

/// The first instant of a day.
pub(crate) fn start_of(day: Date) -> Timestamp {
    let days = u64::try_from(day.days_since(Timestamp::default().date())).unwrap_or(0);
    Timestamp::from_millis(days.saturating_mul(86_400_000))
}

fn instant(text: &str) -> Option<Timestamp> {
    let (day, time) = text.strip_suffix('Z')?.split_once('T')?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut parts = time.split(':').map(number_of_two);
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next()??);
    let is_fraction = (1..=3).contains(&fraction.len()) && digits(fraction);
    let fits = hour < 24 && minute < 60 && second < 60 && parts.next().is_none() && is_fraction;
    let day: Date = day.parse().ok()?;
    if !fits || day < Timestamp::default().date() {
        return None;
    }
    let millis: u64 = format!("{fraction:0<3}").parse().ok()?;
    let of_day = ((hour * 60 + minute) * 60 + second) * 1000 + millis;
    Some(Timestamp::from_millis(start_of(day).millis().checked_add(of_day)?))
}

fn number_of_two(text: &str) -> Option<u64> {
    if text.len() == 2 && digits(text) { text.parse().ok() } else { None }
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_can_be_typed() {
        for text in ["2026-06-30T12:00:00.000Z", "1970-01-01T00:00:00.007Z"] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
        assert_eq!(parse("2026-06-30T12:00:00Z").unwrap().millis(), 1_782_820_800_000);
        assert_eq!(parse("2026-06-30T12:00:00.5Z").unwrap().millis() % 1000, 500);
    }

    #[test]
    fn what_could_be_guessed_in_two_ways_is_refused() {
        for text in [
            "2026-06-30",
            "2026-06-30T12:00:00",
            "2026-06-30T12:00:00+02:00",
            "2026-06-30T12:00Z",
            "2026-06-30T24:00:00Z",
            "2026-06-30T12:60:00Z",
            "2026-06-31T12:00:00Z",
            "2026-06-30T12:00:00.0000Z",
            "2026-06-30T12:00:00.Z",
            "2026-06-30T1:00:00Z",
            "1969-12-31T12:00:00Z",
            "Z",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_starts_at_midnight() {
        let day: Date = "2016-02-29".parse().unwrap();
        assert_eq!(start_of(day).to_string(), "2016-02-29T00:00:00.000Z");
    }
}
