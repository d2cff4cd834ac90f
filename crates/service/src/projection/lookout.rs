//! Looks at the end of the journal once a second: is the store there, and how far are the
//! projections behind? A projection cannot tell itself while it is stuck.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use openpbm_store::Cursor;
use prometheus_client::metrics::gauge::Gauge;

use super::Places;
use crate::shared::Shared;

const EVERY: Duration = Duration::from_secs(1);

/// A store that has said nothing for so long is not there.
const SILENT_AFTER: Duration = Duration::from_secs(5);

/// The thread that looks; it ends when this is dropped.
pub(crate) struct Lookout {
    shared: Arc<Shared>,
    watched: Arc<Mutex<Vec<(Gauge, Places)>>>,
    /// When the store last answered, in milliseconds of the clock's `elapsed`; [`NEVER`] while it
    /// does not.
    answered: Arc<AtomicU64>,
    _end: Sender<()>,
}

const NEVER: u64 = u64::MAX;

impl Lookout {
    pub(super) fn start(shared: Arc<Shared>) -> std::io::Result<Self> {
        let (end, ended) = mpsc::channel();
        let watched: Arc<Mutex<Vec<(Gauge, Places)>>> = Arc::default();
        let answered = Arc::new(AtomicU64::new(millis(shared.clock.elapsed())));
        let lookout = Self { shared, watched, answered, _end: end };
        let (shared, watched) = (lookout.shared.clone(), lookout.watched.clone());
        let answered = lookout.answered.clone();
        let look = move || {
            while ended.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
                let at = match shared.reader.heads() {
                    Ok(heads) => {
                        measure(&watched.lock().unwrap_or_else(PoisonError::into_inner), &heads);
                        millis(shared.clock.elapsed())
                    }
                    Err(_) => NEVER,
                };
                answered.store(at, Ordering::Relaxed);
            }
        };
        std::thread::Builder::new().name("lookout".to_owned()).spawn(look)?;
        Ok(lookout)
    }

    /// Measures from now on how far someone is behind.
    pub(super) fn watch(&self, lag: Gauge, places: Places) {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner).push((lag, places));
    }

    pub(super) fn store_up(&self) -> bool {
        let answered = self.answered.load(Ordering::Relaxed);
        let now = millis(self.shared.clock.elapsed());
        answered != NEVER && now.saturating_sub(answered) < millis(SILENT_AFTER)
    }
}

fn measure(watched: &[(Gauge, Places)], heads: &[Cursor]) {
    for (lag, places) in watched {
        lag.set(i64::try_from(behind(&places(), heads)).unwrap_or(i64::MAX));
    }
}

/// Entries between the places and the ends of the shards.
pub(super) fn behind(places: &[Cursor], heads: &[Cursor]) -> u64 {
    let of_shard = |head: &Cursor| {
        let place = places.iter().find(|place| place.shard == head.shard);
        head.sequence.saturating_sub(place.map_or(0, |place| place.sequence))
    };
    heads.iter().map(of_shard).fold(0, u64::saturating_add)
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(NEVER - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shard_that_was_never_read_is_wholly_behind() {
        let at = |shard, sequence| Cursor { shard, sequence };
        let heads = [at(0, 10), at(1, 5), at(2, 7)];
        assert_eq!(behind(&[at(0, 4), at(2, 7)], &heads), 6 + 5);
        assert_eq!(behind(&[], &heads), 22);
        // The journal is seen at one moment, the projection at a later one.
        assert_eq!(behind(&[at(0, 11), at(1, 5), at(2, 9)], &heads), 0);
    }
}
