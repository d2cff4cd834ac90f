//! Waiting with a limit, over and over, at nearly no cost.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// A timer that is set again only when it rings. To set and clear one for each of many short
/// waits would cost more than the waits: here a timer that was set for an earlier wait rings too
/// early at times, and is then set for the wait at hand.
pub(super) struct Patience {
    timer: Pin<Box<Sleep>>,
}

/// A time limit too long to count is none.
const FOREVER: Duration = Duration::from_secs(365 * 86_400);

impl Patience {
    pub(super) fn new() -> Self {
        Self { timer: Box::pin(sleep(FOREVER)) }
    }

    /// Ends when so much time has passed since that moment.
    pub(super) async fn until(&mut self, since: Instant, limit: Duration) {
        let deadline = since.checked_add(limit.min(FOREVER)).unwrap_or(since);
        if self.timer.deadline() > deadline {
            self.timer.as_mut().reset(deadline);
        }
        loop {
            self.timer.as_mut().await;
            if Instant::now() >= deadline {
                // A timer that has rung is not asked again.
                self.timer.set(sleep_until(deadline + FOREVER));
                return;
            }
            self.timer.as_mut().reset(deadline);
        }
    }
}
