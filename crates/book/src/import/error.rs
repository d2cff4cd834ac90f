//! Why an import as a whole fails. What is wrong with a single row is a [`Reason`] instead.
//!
//! [`Reason`]: super::Reason

use std::io;

use super::Summary;

/// An import that could not be done. The document that was there before is untouched.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file could not be opened or read.
    #[error("cannot read {file}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The document could not be written.
    #[error("cannot write {file}")]
    Write {
        /// The document.
        file: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The first line is not the header of the file that was expected.
    #[error("{file}:1: no column {missing}; expected the header of {expected}")]
    Header {
        /// The file.
        file: String,
        /// The columns that are not there, in quotes.
        missing: String,
        /// What file it should be.
        expected: &'static str,
    },
    /// Every row was refused, or there was none.
    #[error("no row could be taken: {document} is left as it was", document = .0.document)]
    NothingTaken(
        /// Why not.
        Box<Summary>,
    ),
}
