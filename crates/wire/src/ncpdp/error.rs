//! Why bytes are no D.0 transmission at all.
//!
//! Only what cannot be divided into header, segments and fields is an error here. Everything that
//! can be divided decodes, and what is wrong inside a field or a count is told by the typed layer
//! as an [`InvalidField`](super::InvalidField), which names the field that an answer must reject.

use std::fmt;

use super::{MAX_TRANSACTIONS, MAX_TRANSMISSION, VERSION};

/// Why bytes could not be divided into a header, segments and fields.
///
/// No variant carries a value from the transmission, so an error can be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The transmission is longer than [`MAX_TRANSMISSION`].
    TooLong {
        /// How long it is, in bytes.
        length: usize,
    },
    /// The fixed header is not complete: the input ends in it, or a separator stands in it.
    Header {
        /// Where it breaks off, in bytes.
        offset: usize,
        /// How long a complete header is, in bytes.
        expected: usize,
    },
    /// The version/release number (102-A2) is not D0.
    Version {
        /// Where the version stands, in bytes.
        offset: usize,
    },
    /// A field is shorter than its two-character id.
    Field {
        /// Where the field starts, in bytes.
        offset: usize,
    },
    /// There are more than [`MAX_TRANSACTIONS`] transactions.
    Transactions {
        /// Where the first transaction too many starts, in bytes.
        offset: usize,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::TooLong { length } => write!(
                f,
                "the transmission is {length} bytes long; at most {MAX_TRANSMISSION} are taken"
            ),
            DecodeError::Header { offset, expected } => write!(
                f,
                "the header breaks off at byte {offset}; a complete one has {expected} bytes"
            ),
            DecodeError::Version { offset } => {
                write!(f, "the version (102-A2) at byte {offset} is not {VERSION}")
            }
            DecodeError::Field { offset } => write!(
                f,
                "the field at byte {offset} is too short; a field starts with its two-character id"
            ),
            DecodeError::Transactions { offset } => write!(
                f,
                "a transaction too many starts at byte {offset}; at most {MAX_TRANSACTIONS} are \
                 taken"
            ),
        }
    }
}

impl std::error::Error for DecodeError {}
