//! The thread that folds the journal's log into its file, so that an append never has to.
//!
//! A passive checkpoint copies what it can while the writer goes on, but a log that is always
//! being written never begins anew. When it has grown too long, a checkpoint that does hold the
//! writer follows right behind a passive one: what is left by then is little.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use super::bell::{Bell, Ring};
use super::{Tuning, connection, failure};
use crate::StoreError;

/// How long the writer may be held for readers of the log's end.
const PATIENCE: Duration = Duration::from_millis(20);
/// A log that is left alone is folded after this time.
const QUIET: Duration = Duration::from_secs(30);

/// The thread; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Checkpoints {
    bell: Arc<Bell>,
    thread: Option<JoinHandle<()>>,
    /// Pages written since it was told.
    pages: usize,
    tuning: Tuning,
}

impl Checkpoints {
    pub(super) fn start(path: &Path, tuning: Tuning) -> Result<Self, StoreError> {
        let connection = connection::folder(path, PATIENCE)?;
        let bell = Arc::new(Bell::default());
        let heard = Arc::clone(&bell);
        let thread = std::thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || run(&connection, &heard, tuning.long))
            .map_err(failure::file("starting the thread that folds", path))?;
        Ok(Self { bell, thread: Some(thread), pages: 0, tuning })
    }

    /// So many bytes of entries were committed at once.
    pub(super) fn tell(&mut self, bytes: usize) {
        // The page that the batch begins on and the one above it are written again each time.
        self.pages = self.pages.saturating_add(bytes / 4096).saturating_add(2);
        if self.pages >= self.tuning.fold {
            self.pages = 0;
            self.bell.ring();
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.bell.end();
        // A thread that panicked has nothing more to say.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn run(connection: &Connection, bell: &Bell, long: u64) {
    loop {
        if bell.wait(QUIET) == Ring::Over {
            return;
        }
        if let Err(error) = fold(connection, long) {
            // The log grows meanwhile, and nothing else: it is tried again.
            tracing::warn!("the journal's log could not be folded into its file: {error}");
        }
    }
}

fn fold(connection: &Connection, long: u64) -> rusqlite::Result<()> {
    if passive(connection)? < long {
        return Ok(());
    }
    passive(connection)?;
    // Readers that are not done are waited for but shortly; then the next round does it.
    connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()))
}

/// Copies what can be copied without holding anybody; returns the pages of the log.
fn passive(connection: &Connection) -> rusqlite::Result<u64> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        // It is -1 where there is no log.
        Ok(u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0))
    })
}
