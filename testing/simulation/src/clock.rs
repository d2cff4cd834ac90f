//! Time that passes only when the simulation says so. The wall clock may jump in both directions,
//! as real ones do; the time that waits are measured by never goes back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use openpbm_core::{ClaimId, Date, Timestamp};
use openpbm_service::Clock;

/// The time of the whole simulation, in milliseconds.
#[derive(Debug)]
pub(crate) struct Time {
    /// Since the simulation began.
    elapsed: AtomicU64,
    /// How many ids were given.
    ids: AtomicU64,
}

/// What one node takes for the time.
#[derive(Debug)]
pub(crate) struct NodeClock {
    time: Arc<Time>,
    /// What its wall showed when the simulation began, with all the jumps that it made since.
    began: AtomicU64,
}

const DAY: u64 = 86_400_000;

impl Time {
    /// No time has passed yet.
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { elapsed: AtomicU64::new(0), ids: AtomicU64::new(0) })
    }

    /// Milliseconds since the beginning.
    pub(crate) fn now(&self) -> u64 {
        self.elapsed.load(Ordering::Relaxed)
    }

    /// Lets so many milliseconds pass.
    pub(crate) fn pass(&self, millis: u64) {
        self.elapsed.fetch_add(millis, Ordering::Relaxed);
    }
}

impl NodeClock {
    /// A clock that shows the noon of a day when the simulation begins.
    pub(crate) fn new(time: Arc<Time>, day: Date) -> Arc<Self> {
        let days = u64::try_from(day.epoch_days()).unwrap_or_default();
        Arc::new(Self { time, began: AtomicU64::new(days * DAY + DAY / 2) })
    }

    /// The wall clock jumps by so many milliseconds.
    pub(crate) fn jump(&self, millis: i64) {
        let shown = self.began.load(Ordering::Relaxed);
        self.began.store(shown.saturating_add_signed(millis), Ordering::Relaxed);
    }
}

impl Clock for NodeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.began.load(Ordering::Relaxed) + self.time.now())
    }

    fn next_id(&self) -> ClaimId {
        // Real ids have random bits that do not meet; counting is as good and says more.
        ClaimId::new(self.now().millis(), self.time.ids.fetch_add(1, Ordering::Relaxed))
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.time.now())
    }
}
