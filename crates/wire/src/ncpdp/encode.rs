//! Writes canonical transmissions from typed segments into a buffer of the caller's.

use std::fmt;

use super::block::{Segment, SegmentId};
use super::field::{Field, FieldId, Reason};
use super::format::Format;
use super::header::Header;
use super::scan::{FIELD, GROUP, SEGMENT};
use super::{MAX_TRANSACTIONS, MAX_TRANSMISSION, fields};

/// Writes one transmission, request or response: its header, the segments of the transmission,
/// then each transaction and its segments.
///
/// The buffer is appended to, so it can be reused. The first mistake is kept and told by
/// [`finish`](Encoder::finish), which then takes everything back out of the buffer.
#[derive(Debug)]
pub struct Encoder<'b> {
    out: &'b mut Vec<u8>,
    start: usize,
    declared: Field<u32>,
    transactions: usize,
    /// Whether a transaction was announced that has no segment yet.
    opening: bool,
    segment: Option<SegmentId>,
    error: Option<EncodeError>,
}

impl<'b> Encoder<'b> {
    /// Starts a transmission by writing its header.
    pub fn new<'a, H: Header<'a>>(out: &'b mut Vec<u8>, header: &H) -> Encoder<'b> {
        let start = out.len();
        let declared = header.transaction_count();
        let mut encoder = Encoder {
            out,
            start,
            declared,
            transactions: 0,
            opening: false,
            segment: None,
            error: None,
        };
        header.write(&mut encoder);
        encoder
    }

    /// Writes a segment in the current transaction, or before the first one in the transmission
    /// itself. A segment without any field is left out.
    pub fn segment<'a, S: Segment<'a>>(&mut self, segment: &S) -> &mut Self {
        let before = self.out.len();
        if self.opening {
            self.out.push(GROUP);
        }
        let [first, second] = S::ID.bytes();
        self.out.extend_from_slice(&[SEGMENT, FIELD, b'A', b'M', first, second]);
        let opened = self.out.len();
        self.segment = Some(S::ID);
        segment.write(self);
        if self.out.len() == opened {
            self.out.truncate(before);
        } else {
            self.opening = false;
        }
        self
    }

    /// Starts the next transaction.
    pub fn transaction(&mut self) -> &mut Self {
        if self.opening {
            self.fail(EncodeError::EmptyTransaction { transaction: self.transactions });
        }
        self.transactions += 1;
        self.opening = true;
        self
    }

    /// Ends the transmission.
    ///
    /// # Errors
    ///
    /// The first value that its field cannot hold, a transaction without segments, or a
    /// transaction count (109-A9) that is not the number of transactions written. The buffer is
    /// then as it was before.
    pub fn finish(mut self) -> Result<(), EncodeError> {
        let written = self.transactions;
        if self.opening {
            self.fail(EncodeError::EmptyTransaction { transaction: written });
        }
        // A transmission of one transaction may have all its segments on its own level.
        let counted = written.max(1);
        let declared = self.declared.value().and_then(|count| usize::try_from(count).ok());
        if declared != Some(counted) || written > MAX_TRANSACTIONS {
            self.fail(EncodeError::Count { written });
        }
        let length = self.out.len() - self.start;
        if length > MAX_TRANSMISSION {
            self.fail(EncodeError::TooLong { length });
        }
        match self.error {
            None => Ok(()),
            Some(error) => {
                self.out.truncate(self.start);
                Err(error)
            }
        }
    }

    /// Writes one field of the current segment, if it was given.
    #[inline]
    pub(crate) fn field<'a, F: Format<'a>>(&mut self, id: FieldId, field: &Field<F::Value>) {
        if matches!(field, Field::Absent) {
            return;
        }
        let [first, second] = id.bytes();
        self.out.extend_from_slice(&[FIELD, first, second]);
        self.value::<F>(id, field);
    }

    /// Writes one field of a fixed header, filled to its width with blanks.
    pub(crate) fn fixed<'a, F: Format<'a>>(
        &mut self,
        id: FieldId,
        field: &Field<F::Value>,
        width: usize,
    ) {
        let end = self.out.len() + width;
        self.value::<F>(id, field);
        self.out.resize(end, b' ');
    }

    #[inline]
    fn value<'a, F: Format<'a>>(&mut self, id: FieldId, field: &Field<F::Value>) {
        let written = match field {
            Field::Absent | Field::Blank => Ok(()),
            Field::Value(value) => F::write(*value, self.out),
            Field::Invalid(fault) => Err(fault.reason),
        };
        if let Err(reason) = written {
            self.fail(EncodeError::Field { segment: self.segment, id, reason });
        }
    }

    #[cold]
    fn fail(&mut self, error: EncodeError) {
        self.error.get_or_insert(error);
    }
}

/// Why a transmission could not be written. Holds no value, so it can be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// A field cannot hold its value.
    Field {
        /// The segment; `None` in the header.
        segment: Option<SegmentId>,
        /// The field.
        id: FieldId,
        /// What is wrong with the value.
        reason: Reason,
    },
    /// A transaction was started and given no segment.
    EmptyTransaction {
        /// Which transaction, from 1.
        transaction: usize,
    },
    /// The transaction count (109-A9) is not the number of transactions written, or that is more
    /// than [`MAX_TRANSACTIONS`].
    Count {
        /// How many transactions were written.
        written: usize,
    },
    /// The transmission is longer than [`MAX_TRANSMISSION`].
    TooLong {
        /// How long it would be, in bytes.
        length: usize,
    },
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EncodeError::Field { segment, id, reason } => {
                write!(f, "the value given for {id}")?;
                match segment {
                    Some(segment) => write!(f, " in segment {segment} {reason}")?,
                    None => write!(f, " in the header {reason}")?,
                }
                match fields::lookup(*id) {
                    Some(info) => write!(f, "; its picture is {}", info.picture),
                    None => Ok(()),
                }
            }
            EncodeError::EmptyTransaction { transaction } => {
                write!(f, "transaction {transaction} has no segment; it needs at least one")
            }
            EncodeError::Count { written } => write!(
                f,
                "{written} transactions were written, which is not what 109-A9 declares or more \
                 than {MAX_TRANSACTIONS}"
            ),
            EncodeError::TooLong { length } => write!(
                f,
                "the transmission would be {length} bytes long; at most {MAX_TRANSMISSION} fit"
            ),
        }
    }
}

impl std::error::Error for EncodeError {}
