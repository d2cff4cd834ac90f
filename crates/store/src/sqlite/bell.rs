//! How one thread wakes another, and tells it to end.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Rung by whoever has work for a thread that waits.
#[derive(Debug, Default)]
pub(super) struct Bell {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_rung: bool,
    is_over: bool,
}

/// Why a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ring {
    /// There is work.
    Rung,
    /// Nobody rang for the time given.
    Quiet,
    /// The thread is to end.
    Over,
}

impl Bell {
    pub(super) fn ring(&self) {
        self.lock().is_rung = true;
        self.changed.notify_all();
    }

    pub(super) fn end(&self) {
        self.lock().is_over = true;
        self.changed.notify_all();
    }

    /// Waits until somebody rings, but no longer than that.
    pub(super) fn wait(&self, most: Duration) -> Ring {
        let waits = |state: &mut State| !state.is_rung && !state.is_over;
        let waited = self.changed.wait_timeout_while(self.lock(), most, waits);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if state.is_over {
            return Ring::Over;
        }
        if std::mem::take(&mut state.is_rung) { Ring::Rung } else { Ring::Quiet }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
