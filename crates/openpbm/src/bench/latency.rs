//! What the answers were and how long they took, as a whole and for every tenth of a second.

use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use memchr::memmem;

use crate::failure::{Context, Failure};

/// The time that one point of the series covers.
const WINDOW_MILLIS: u64 = 100;

/// What was answered, by 112-AN and, for a rejection, 511-FB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Paid,
    Rejected,
    /// Reject 92: nothing was decided, the pharmacy sends again.
    Unavailable,
    /// Anything else; what an echo sends back is one.
    Other,
}

impl Kind {
    /// Reads the answer to a transmission of one claim.
    pub(super) fn of(response: &[u8]) -> Self {
        let status = memmem::find(response, b"\x1cAN").and_then(|at| response.get(at + 3));
        match status {
            Some(b'P') => Self::Paid,
            Some(b'R') if is_unavailable(response) => Self::Unavailable,
            Some(b'R') => Self::Rejected,
            _ => Self::Other,
        }
    }
}

/// True if one of the reject codes is 92, and not one that only begins so.
fn is_unavailable(response: &[u8]) -> bool {
    let mut found = memmem::find_iter(response, b"\x1cFB92");
    found.any(|at| response.get(at + 5).is_none_or(|byte| !byte.is_ascii_alphanumeric()))
}

/// Claims by kind of answer.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Answers {
    pub(super) paid: u64,
    pub(super) rejected: u64,
    pub(super) unavailable: u64,
    pub(super) other: u64,
}

impl Answers {
    fn add(&mut self, kind: Kind) {
        let counter = match kind {
            Kind::Paid => &mut self.paid,
            Kind::Rejected => &mut self.rejected,
            Kind::Unavailable => &mut self.unavailable,
            Kind::Other => &mut self.other,
        };
        *counter += 1;
    }

    pub(super) const fn all(&self) -> u64 {
        self.paid + self.rejected + self.unavailable + self.other
    }
}

/// Latencies of the answers that came within a tenth of a second, in microseconds.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub(super) answers: u64,
    pub(super) p50: u64,
    pub(super) p99: u64,
    pub(super) most: u64,
}

/// Collects the answers of a run.
#[derive(Debug)]
pub(super) struct Record {
    start: Instant,
    last: Instant,
    pub(super) sent: u64,
    pub(super) answers: Answers,
    whole: Histogram<u64>,
    window: Histogram<u64>,
    /// From the intended instant to the one at which the generator sent.
    lateness: Histogram<u64>,
    series: Vec<Point>,
}

impl Record {
    pub(super) fn new(start: Instant) -> Result<Self, Failure> {
        let microseconds = || {
            // To three digits, up to ten minutes.
            Histogram::new_with_bounds(1, 600_000_000, 3).context("making a histogram")
        };
        Ok(Self {
            start,
            last: start,
            sent: 0,
            answers: Answers::default(),
            whole: microseconds()?,
            window: microseconds()?,
            lateness: microseconds()?,
            series: Vec::new(),
        })
    }

    /// A claim leaves that should have left at `intended`.
    pub(super) fn send(&mut self, intended: Instant, now: Instant) {
        self.sent += 1;
        self.lateness.saturating_record(micros(now.saturating_duration_since(intended)));
    }

    /// Its answer has come. Latency counts from the intended instant: a claim that a slow server
    /// kept from being sent in time waited, too.
    pub(super) fn answer(&mut self, intended: Instant, now: Instant, kind: Kind) {
        let latency = micros(now.saturating_duration_since(intended));
        self.close_windows_before(now);
        self.last = now;
        self.answers.add(kind);
        self.whole.saturating_record(latency);
        self.window.saturating_record(latency);
    }

    fn close_windows_before(&mut self, now: Instant) {
        let millis = now.saturating_duration_since(self.start).as_millis();
        let window = usize::try_from(millis / u128::from(WINDOW_MILLIS)).unwrap_or(usize::MAX);
        while self.series.len() < window {
            self.close_window();
        }
    }

    fn close_window(&mut self) {
        let window = &mut self.window;
        if window.is_empty() {
            self.series.push(Point::default());
            return;
        }
        self.series.push(Point {
            answers: window.len(),
            p50: window.value_at_quantile(0.5),
            p99: window.value_at_quantile(0.99),
            most: window.max(),
        });
        window.reset();
    }

    /// From the first claim sent to the last answer.
    pub(super) fn elapsed(&self) -> Duration {
        self.last.saturating_duration_since(self.start)
    }

    /// The latency, in microseconds, that so large a share of the answers did not exceed.
    pub(super) fn quantile(&self, share: f64) -> u64 {
        self.whole.value_at_quantile(share)
    }

    /// The longest latency in microseconds.
    pub(super) fn most(&self) -> u64 {
        self.whole.max()
    }

    /// How late 99 of 100 claims left at most, in microseconds.
    pub(super) fn late_p99(&self) -> u64 {
        self.lateness.value_at_quantile(0.99)
    }

    /// Every tenth of a second, with the one that had begun.
    pub(super) fn into_series(mut self) -> Vec<Point> {
        if !self.window.is_empty() {
            self.close_window();
        }
        self.series
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart() {
        assert_eq!(Kind::of(b"..\x1eAM21\x1cANP\x1cF3123"), Kind::Paid);
        assert_eq!(Kind::of(b"\x1cANR\x1cFA1\x1cFB79"), Kind::Rejected);
        assert_eq!(Kind::of(b"\x1cANR\x1cFA1\x1cFB92"), Kind::Unavailable);
        assert_eq!(Kind::of(b"\x1cANR\x1cFA2\x1cFB925\x1cFB92\x1e"), Kind::Unavailable);
        assert_eq!(Kind::of(b"\x1cANR\x1cFA1\x1cFB925"), Kind::Rejected);
        assert_eq!(Kind::of(b"900001D0B1"), Kind::Other);
    }

    #[test]
    fn latency_counts_from_the_intended_instant_and_windows_follow_the_clock() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut record = Record::new(start).unwrap();
        record.send(at(0), at(4));
        record.answer(at(0), at(10), Kind::Paid);
        record.answer(at(40), at(50), Kind::Paid);
        // Nothing comes for two tenths of a second.
        record.answer(at(60), at(350), Kind::Rejected);
        assert_eq!(record.answers.all(), 3);
        assert_eq!(record.elapsed(), Duration::from_millis(350));
        assert!((289_000..292_000).contains(&record.most()), "{}", record.most());
        assert!((3_900..4_100).contains(&record.late_p99()), "{}", record.late_p99());
        let series = record.into_series();
        let counts: Vec<_> = series.iter().map(|point| point.answers).collect();
        assert_eq!(counts, [2, 0, 0, 1]);
        assert!((9_900..10_100).contains(&series[0].p50), "{series:?}");
    }
}
