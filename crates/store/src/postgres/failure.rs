//! What the server and the network say, as a [`StoreError`] that says what to do.
//!
//! A server's message may repeat values of rows, and its detail does. So a message is kept only
//! for the classes of errors that are about connections, rights and resources; of all others the
//! code says what it was.

use std::error::Error as _;
use std::io;

use tokio_postgres::Error;
use tokio_postgres::error::{DbError, SqlState};

use crate::StoreError;

/// What can be done about a failed statement.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Somebody else was first, or the server had to choose: the same may be tried again.
    Again,
    /// The connection is gone, or its server is about to go.
    Lost(String),
    /// Neither.
    Failed(StoreError),
}

impl Trouble {
    pub(super) fn of(doing: &'static str, error: &Error) -> Self {
        let Some(said) = error.as_db_error() else {
            return if is_network(error) {
                Self::Lost(network_words(error))
            } else {
                Self::Failed(StoreError::Database { doing, source: error.to_string().into() })
            };
        };
        let code = said.code();
        let again = [
            SqlState::UNIQUE_VIOLATION,
            // Two that make the first table at once: the loser may meet its row type (42710).
            SqlState::DUPLICATE_OBJECT,
            SqlState::DUPLICATE_TABLE,
            SqlState::T_R_SERIALIZATION_FAILURE,
            SqlState::T_R_DEADLOCK_DETECTED,
            SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN,
            SqlState::LOCK_NOT_AVAILABLE,
            SqlState::QUERY_CANCELED,
        ];
        let lost = [
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
            SqlState::TOO_MANY_CONNECTIONS,
            // A standby, or a primary that has become one.
            SqlState::READ_ONLY_SQL_TRANSACTION,
        ];
        if again.contains(code) {
            Self::Again
        } else if lost.contains(code) || code.code().starts_with("08") {
            Self::Lost(words(said))
        } else {
            Self::Failed(refused(doing, said))
        }
    }

    /// What it is called when nothing helped.
    pub(super) fn into_error(self, doing: &'static str) -> StoreError {
        match self {
            Self::Again => StoreError::Busy,
            Self::Lost(reason) => StoreError::Unreachable { doing, reason },
            Self::Failed(error) => error,
        }
    }
}

fn refused(doing: &'static str, said: &DbError) -> StoreError {
    match said.code() {
        code if *code == SqlState::DISK_FULL => StoreError::DiskFull { doing },
        code if *code == SqlState::DATA_CORRUPTED || *code == SqlState::INDEX_CORRUPTED => {
            StoreError::Corrupt { detail: format!("the server reports code {}", code.code()) }
        }
        _ => StoreError::Database { doing, source: words(said).into() },
    }
}

/// The code, and the message where it cannot be about a row.
fn words(said: &DbError) -> String {
    const SAFE: [&str; 9] = ["08", "0A", "25", "28", "3D", "53", "55", "57", "58"];
    let code = said.code().code();
    let class = code.get(..2).unwrap_or_default();
    if SAFE.contains(&class) {
        format!("the server says: {} (code {code})", said.message())
    } else {
        format!("the server refused with code {code}")
    }
}

fn is_network(error: &Error) -> bool {
    let by_source = error.source().is_some_and(|source| source.is::<io::Error>());
    let text = error.to_string();
    by_source || error.is_closed() || text.contains("connect") || text.contains("timeout")
}

fn network_words(error: &Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}
