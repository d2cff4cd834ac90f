//! The clock and the source of ids: the only places where the outside world enters a decision.
//! Both are arguments, so that a simulation can make the same day happen twice.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use openpbm_core::{ClaimId, Timestamp};

/// What time it is, and what the next id is.
pub trait Clock: Send + Sync {
    /// The instant now.
    fn now(&self) -> Timestamp;

    /// An id that nobody else has.
    fn next_id(&self) -> ClaimId;

    /// Time since some moment of the past. It never goes back, whatever happens to the clock on
    /// the wall: waits and time limits are measured by it.
    fn elapsed(&self) -> Duration;
}

/// The machine's clock, and ids of its instant and random bits.
#[derive(Debug)]
pub struct SystemClock {
    /// Where the random bits started; they count up from there, so that ids of one process
    /// never repeat and those of two are far apart.
    random: AtomicU64,
    /// What is added to the machine's clock, in milliseconds.
    shift: i64,
    started: Instant,
}

impl SystemClock {
    /// A clock with fresh random bits from the operating system.
    ///
    /// # Errors
    ///
    /// If the operating system has none to give.
    pub fn new() -> std::io::Result<Self> {
        let seed = getrandom::u64().map_err(std::io::Error::other)?;
        Ok(Self { random: AtomicU64::new(seed), shift: 0, started: Instant::now() })
    }

    /// The same clock so many days later (or earlier), for a book of another year.
    #[must_use]
    pub fn shifted_by_days(self, days: i64) -> Self {
        Self { shift: days.saturating_mul(86_400_000), ..self }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "this is the one place that reads it")]
        let now = std::time::SystemTime::now();
        let since = now.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let millis = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
        Timestamp::from_millis(millis.saturating_add_signed(self.shift))
    }

    fn next_id(&self) -> ClaimId {
        // An odd step visits every value of the 52 bits before one repeats, and leaves no
        // pattern for people to mistake for a sequence number.
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let random = self.random.fetch_add(STEP, Ordering::Relaxed);
        ClaimId::new(self.now().millis(), random)
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}
