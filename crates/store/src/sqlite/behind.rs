//! The thread that writes behind: what is recent goes into the index when there is enough of it,
//! or when nothing was appended for a while.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use super::bell::{Bell, Ring};
use super::recent::Generation;
use super::shared::Shared;
use super::{INDEX, Tuning, failure, index};
use crate::StoreError;

/// Without a new entry for so long, what there is gets merged.
const QUIET: Duration = Duration::from_secs(2);
/// How often to try again what failed.
const AGAIN: Duration = Duration::from_millis(500);
/// How often an append looks whether there is room.
const GLANCE: Duration = Duration::from_millis(5);

/// The index's writing side and its thread, which ends when this is dropped.
#[derive(Debug)]
pub(super) struct Behind {
    shared: Arc<Shared>,
    index: Arc<Mutex<Connection>>,
    bell: Arc<Bell>,
    thread: Option<JoinHandle<()>>,
    tuning: Tuning,
}

impl Behind {
    pub(super) fn start(
        shared: &Arc<Shared>,
        index: Connection,
        tuning: Tuning,
    ) -> Result<Self, StoreError> {
        let (shared, index) = (Arc::clone(shared), Arc::new(Mutex::new(index)));
        let bell = Arc::new(Bell::default());
        let merger = Merger { shared: Arc::clone(&shared), index: Arc::clone(&index), tuning };
        let heard = Arc::clone(&bell);
        let thread = std::thread::Builder::new()
            .name("index".to_owned())
            .spawn(move || merger.run(&heard))
            .map_err(failure::file("starting the thread that writes", shared.directory()))?;
        Ok(Self { shared, index, bell, thread: Some(thread), tuning })
    }

    /// Something was appended or remembered.
    pub(super) fn tell(&self) {
        if self.shared.recent().open().weight() >= self.tuning.merge {
            self.bell.ring();
        }
    }

    /// Waits until there is room for more in memory.
    ///
    /// # Errors
    ///
    /// [`StoreError::Behind`] if there is none for too long.
    pub(super) fn wait_for_room(&self) -> Result<(), StoreError> {
        let weight = || self.shared.recent().open().weight();
        let mut waited = Duration::ZERO;
        while weight() >= self.tuning.most() {
            if waited >= self.tuning.patience {
                let entries = u64::try_from(weight()).unwrap_or(u64::MAX);
                return Err(StoreError::Behind { entries });
            }
            self.bell.ring();
            std::thread::sleep(GLANCE);
            waited = waited.saturating_add(GLANCE);
        }
        Ok(())
    }

    /// Writes now what would be written behind.
    pub(super) fn settle(&self) -> Result<(), StoreError> {
        let mut index = self.settled()?;
        if self.shared.recent().open().is_empty() {
            return Ok(());
        }
        merge_frozen(&self.shared, &mut index)
    }

    /// The index, when no merge is under way and none has been left, until the guard is dropped.
    pub(super) fn settled(&self) -> Result<MutexGuard<'_, Connection>, StoreError> {
        let mut index = self.unsettled();
        if self.shared.recent().is_frozen() {
            merge_frozen(&self.shared, &mut index)?;
        }
        Ok(index)
    }

    /// The index, when no merge is under way, until the guard is dropped.
    pub(super) fn unsettled(&self) -> MutexGuard<'_, Connection> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Behind {
    fn drop(&mut self) {
        self.bell.end();
        // A thread that panicked has nothing more to say.
        let _ = self.thread.take().map(JoinHandle::join);
        // So that nothing has to be read again at the next start; what fails here is.
        if let Err(error) = self.settle() {
            complain(&self.shared, &error);
        }
    }
}

struct Merger {
    shared: Arc<Shared>,
    index: Arc<Mutex<Connection>>,
    tuning: Tuning,
}

impl Merger {
    fn run(&self, bell: &Bell) {
        let (mut seen, mut failed) = (0, false);
        loop {
            let ring = bell.wait(if failed { AGAIN } else { QUIET });
            let (last, is_due) = {
                let recent = self.shared.recent();
                let open = recent.open();
                let is_quiet = ring == Ring::Quiet && seen == recent.last() && !open.is_empty();
                (
                    recent.last(),
                    open.weight() >= self.tuning.merge || is_quiet || recent.is_frozen(),
                )
            };
            seen = last;
            if ring == Ring::Over {
                return;
            }
            if is_due {
                failed = self.merge().inspect_err(|error| complain(&self.shared, error)).is_err();
            }
        }
    }

    fn merge(&self) -> Result<(), StoreError> {
        let mut index = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        merge_frozen(&self.shared, &mut index)
    }
}

fn complain(shared: &Shared, error: &StoreError) {
    let index = shared.directory().join(INDEX);
    tracing::error!(index = %index.display(), "the index could not be written: {error}");
    if index::is_damage(error) {
        index::note_damage(shared.directory(), error);
    }
}

/// Merges what is recent, or what a merge that failed has left. Whoever holds the index does.
fn merge_frozen(shared: &Shared, index: &mut Connection) -> Result<(), StoreError> {
    let frozen = shared.recent_mut().freeze();
    merge(index, &frozen)?;
    shared.recent_mut().thaw();
    Ok(())
}

/// Merges a generation and folds the index's log into its file.
pub(super) fn merge(index: &mut Connection, generation: &Generation) -> Result<(), StoreError> {
    let failed = failure::index("writing the index");
    index::merge(index, generation).map_err(&failed)?;
    // No other thread writes the index, so its log begins anew with the next merge, unless a
    // read is still under way; then with a later one.
    index.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).map_err(&failed)
}
