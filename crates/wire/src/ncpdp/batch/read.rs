//! Reads a batch record by record.

use std::fmt;
use std::io::{self, BufRead, Read};

use super::record::{BatchHeader, BatchTrailer, HEADER_LENGTH, TRAILER_LENGTH};
use super::{DETAIL, ETX, HEADER, REFERENCE, STX, TRAILER};
use crate::ncpdp::MAX_TRANSMISSION;

/// Reads a batch from a stream: the header at once, the details one by one, and then the trailer.
///
/// A batch is to be taken whole or not at all. So read it to its end, where the trailer's count is
/// checked, before acting on any detail that cannot be undone.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    header: BatchHeader,
    trailer: Option<BatchTrailer>,
    /// How many records were read.
    records: u64,
    record: Vec<u8>,
    failed: bool,
}

/// One transmission of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Detail<'b> {
    /// 880-K5, x(10): the sender's number for the transmission, to be given back with its answer.
    pub reference: &'b str,
    /// The D.0 transmission.
    pub transmission: &'b [u8],
}

impl<R: BufRead> Reader<R> {
    /// Reads the header.
    ///
    /// # Errors
    ///
    /// If the input does not start with a header record.
    pub fn new(mut input: R) -> Result<Reader<R>, BatchError> {
        let mut record = Vec::new();
        let at = |problem| BatchError { record: 1, problem };
        if !read_record(&mut input, &mut record).map_err(at)? {
            return Err(at(Problem::Missing { expected: "header (00)" }));
        }
        let places = strip(&record, HEADER).ok_or(at(Problem::Missing { expected: "header (00)" }));
        let places = places?;
        if places.len() != HEADER_LENGTH {
            let found = places.len();
            return Err(at(Problem::Length { found, expected: HEADER_LENGTH }));
        }
        let header = BatchHeader::read(places).map_err(|field| at(Problem::Field { field }))?;
        Ok(Reader { input, header, trailer: None, records: 1, record, failed: false })
    }

    /// The header.
    pub const fn header(&self) -> &BatchHeader {
        &self.header
    }

    /// The trailer, once the last detail was read.
    pub const fn trailer(&self) -> Option<&BatchTrailer> {
        self.trailer.as_ref()
    }

    /// The next detail; `None` after the trailer, when the whole batch is known to be in order, and
    /// after an error.
    ///
    /// # Errors
    ///
    /// A record that is out of place or cannot be read, with its number.
    pub fn next_detail(&mut self) -> Result<Option<Detail<'_>>, BatchError> {
        if self.failed || self.trailer.is_some() {
            return Ok(None);
        }
        let number = self.records + 1;
        match self.advance(number) {
            Ok(true) => Ok(Some(self.detail())),
            Ok(false) => Ok(None),
            Err(problem) => {
                self.failed = true;
                Err(BatchError { record: number, problem })
            }
        }
    }

    /// Reads one record; whether it is a detail.
    fn advance(&mut self, number: u64) -> Result<bool, Problem> {
        if !read_record(&mut self.input, &mut self.record)? {
            return Err(Problem::Missing { expected: "trailer (99)" });
        }
        self.records = number;
        if let Some(places) = strip(&self.record, DETAIL) {
            let reference = places.get(..REFERENCE).and_then(reference);
            return match reference {
                Some(_) => Ok(true),
                None => Err(Problem::Field { field: "880-K5" }),
            };
        }
        let places = strip(&self.record, TRAILER)
            .ok_or(Problem::Missing { expected: "detail (G1) or trailer (99)" })?;
        if places.len() != TRAILER_LENGTH {
            return Err(Problem::Length { found: places.len(), expected: TRAILER_LENGTH });
        }
        let trailer = BatchTrailer::read(places).map_err(|field| Problem::Field { field })?;
        if trailer.batch_number != self.header.batch_number {
            return Err(Problem::BatchNumber);
        }
        if trailer.record_count != number {
            return Err(Problem::Count { declared: trailer.record_count, found: number });
        }
        if read_record(&mut self.input, &mut self.record)? {
            return Err(Problem::AfterTrailer);
        }
        self.trailer = Some(trailer);
        Ok(false)
    }

    fn detail(&self) -> Detail<'_> {
        let places = strip(&self.record, DETAIL).unwrap_or_default();
        let (number, transmission) = places.split_at_checked(REFERENCE).unwrap_or_default();
        Detail { reference: reference(number).unwrap_or_default(), transmission }
    }
}

fn reference(bytes: &[u8]) -> Option<&str> {
    let plain = bytes.iter().all(|byte| matches!(byte, b' '..=b'~'));
    plain.then(|| std::str::from_utf8(bytes).ok())?.map(|text| text.trim_end_matches(' '))
}

/// What follows the segment identifier `kind` of a record, if the record is of that kind.
fn strip(record: &[u8], kind: [u8; 2]) -> Option<&[u8]> {
    record.strip_prefix(kind.as_slice())
}

/// Reads what stands between the next STX and ETX; whether there was a record.
fn read_record(input: &mut impl BufRead, record: &mut Vec<u8>) -> Result<bool, Problem> {
    const MOST: usize = HEADER.len() + REFERENCE + MAX_TRANSMISSION;
    record.clear();
    if !skip_to_record(input)? {
        return Ok(false);
    }
    // One more than fits, for the ETX.
    let mut limited = input.take(MOST as u64 + 1);
    limited.read_until(ETX, record)?;
    match record.pop() {
        Some(ETX) => Ok(true),
        Some(_) if record.len() == MOST => Err(Problem::TooLong { most: MOST }),
        _ => Err(Problem::Unended),
    }
}

/// Moves behind the next STX, over blanks and line ends; whether there was one.
fn skip_to_record(input: &mut impl BufRead) -> Result<bool, Problem> {
    loop {
        let buffer = input.fill_buf()?;
        if buffer.is_empty() {
            return Ok(false);
        }
        let blanks = buffer.iter().take_while(|byte| matches!(byte, b'\r' | b'\n' | b' ')).count();
        let next = buffer.get(blanks).copied();
        input.consume(blanks + usize::from(next.is_some()));
        match next {
            Some(STX) => return Ok(true),
            Some(_) => return Err(Problem::Unbegun),
            None => {}
        }
    }
}

/// What is wrong with a batch, and in which record.
#[derive(Debug)]
pub struct BatchError {
    /// The record, from 1, which is the header.
    pub record: u64,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What can be wrong with a record of a batch. Holds no value of a detail, so it can be logged.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// Another kind of record stands there, or none.
    Missing {
        /// What should stand there.
        expected: &'static str,
    },
    /// Something other than STX stands between two records.
    Unbegun,
    /// The input ends before the record's ETX.
    Unended,
    /// There is no ETX within the longest record taken.
    TooLong {
        /// The most bytes that a record may have.
        most: usize,
    },
    /// A header or trailer of the wrong length, segment identifier not counted.
    Length {
        /// Its length, in bytes.
        found: usize,
        /// The right length, in bytes.
        expected: usize,
    },
    /// A field that cannot be read, or, in writing, cannot hold its value.
    Field {
        /// The field's number.
        field: &'static str,
    },
    /// The trailer's batch number (806-5C) is not the header's.
    BatchNumber,
    /// The trailer's record count (751) is not the number of records.
    Count {
        /// What the trailer says.
        declared: u64,
        /// How many records there are.
        found: u64,
    },
    /// A record follows the trailer.
    AfterTrailer,
    /// Reading or writing itself failed.
    Io(io::Error),
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Problem {
        Problem::Io(error)
    }
}

impl fmt::Display for BatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record {}: ", self.record)?;
        match &self.problem {
            Problem::Missing { expected } => write!(f, "expected a {expected} record here"),
            Problem::Unbegun => f.write_str("expected stx (0x02) at the start of the record"),
            Problem::Unended => f.write_str("the file ends before the record's etx (0x03)"),
            Problem::TooLong { most } => write!(f, "no etx (0x03) within {most} bytes"),
            Problem::Length { found, expected } => {
                write!(f, "the record has {found} bytes of fields; it must have {expected}")
            }
            Problem::Field { field } => write!(f, "field {field} does not hold a valid value"),
            Problem::BatchNumber => {
                f.write_str("the trailer's batch number (806-5C) is not the header's")
            }
            Problem::Count { declared, found } => write!(
                f,
                "the trailer counts {declared} records (751); there are {found}, header and \
                 trailer included"
            ),
            Problem::AfterTrailer => f.write_str("another record follows the trailer"),
            Problem::Io(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for BatchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            Problem::Io(error) => Some(error),
            _ => None,
        }
    }
}
