//! Connections that read, as many as there are reads at once.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rusqlite::Connection;

use crate::StoreError;

/// Connections that wait for the next read; more are opened as needed and closed after it.
const IDLE_MOST: usize = 4;

/// The connections to one file.
#[derive(Debug)]
pub(super) struct Pool {
    path: PathBuf,
    open: fn(&Path) -> Result<Connection, StoreError>,
    idle: Mutex<Vec<Connection>>,
}

impl Pool {
    pub(super) const fn new(
        path: PathBuf,
        open: fn(&Path) -> Result<Connection, StoreError>,
    ) -> Self {
        Self { path, open, idle: Mutex::new(Vec::new()) }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs a read in one transaction, so that all of it is of one moment: that of its first
    /// statement.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let waiting = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = waiting.map_or_else(|| (self.open)(&self.path), Ok)?;
        let failed = super::failure::database("beginning a read", &self.path);
        // Rolled back when it is dropped, which for a read is as good as committed.
        let result = connection.transaction().map_err(failed).and_then(|begun| read(&begun));
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if result.is_ok() && idle.len() < IDLE_MOST {
            idle.push(connection);
        }
        result
    }

    /// Closes the connections that wait.
    pub(super) fn clear(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
