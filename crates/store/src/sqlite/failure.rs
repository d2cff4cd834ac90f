//! What SQLite and the file system say, as a [`StoreError`] that says what to do.

use std::io;
use std::path::Path;

use rusqlite::ErrorCode;

use super::INDEX;
use crate::StoreError;

/// Turns SQLite's error into ours, by its code.
pub(super) fn database(
    doing: &'static str,
    path: &Path,
) -> impl Fn(rusqlite::Error) -> StoreError + use<> {
    let path = path.to_owned();
    move |error| match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::DiskFull { doing },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            StoreError::ReadOnly { path: path.clone() }
        }
        Some(ErrorCode::NotADatabase) => StoreError::Foreign { path: path.clone() },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Corrupt { detail: error.to_string() },
        _ => StoreError::Database { doing, source: Box::new(error) },
    }
}

/// Turns SQLite's error about the index into ours.
pub(super) fn index(doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    let other = database(doing, Path::new(INDEX));
    move |error| match (&error, error.sqlite_error_code()) {
        (_, Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt))
        | (
            rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..),
            _,
        ) => StoreError::IndexDamaged { detail: error.to_string() },
        _ => other(error),
    }
}

/// Turns the file system's error into ours.
pub(super) fn file(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> StoreError + use<> {
    let path = path.to_owned();
    move |source| match source.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            StoreError::ReadOnly { path: path.clone() }
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::DiskFull { doing },
        _ => StoreError::File { doing, path: path.clone(), source },
    }
}
