//! The two records of fixed places: header and trailer.

use crate::ncpdp::{Date, Time};

/// The record that opens a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchHeader {
    /// 880-K6, x(1): what the file holds, `T` transactions, `R` responses, `E` an error.
    pub transmission_type: char,
    /// 880-K1, x(24): who sends the file.
    pub sender_id: String,
    /// 806-5C, 9(7): the sender's number of the batch.
    pub batch_number: u32,
    /// 880-K2, 9(8): the day on which the file was made.
    pub creation_date: Date,
    /// 880-K3, 9(4): the time at which the file was made.
    pub creation_time: Time,
    /// 702, x(1): `P` production, `T` test.
    pub file_type: char,
    /// 102-A2, x(2): the version of the batch standard, `12`.
    pub version: String,
    /// 880-K7, x(24): who is to receive the file.
    pub receiver_id: String,
}

/// The record that closes a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchTrailer {
    /// 806-5C, 9(7): the header's batch number.
    pub batch_number: u32,
    /// 751, 9(10): how many records the file has, header and trailer included.
    pub record_count: u64,
    /// 504-F4, x(35): what is to be said about the file.
    pub message: String,
}

/// The length of a header's places, without STX, segment identifier and ETX.
pub(super) const HEADER_LENGTH: usize = 71;
/// The length of a trailer's places, without STX, segment identifier and ETX.
pub(super) const TRAILER_LENGTH: usize = 52;

/// The most that a batch number can be.
const BATCH_NUMBER_MOST: u32 = 9_999_999;
/// The most that a record count can be.
const RECORD_COUNT_MOST: u64 = 9_999_999_999;

impl BatchHeader {
    /// Reads the places of a header; the error is the first field that cannot be read.
    pub(super) fn read(bytes: &[u8]) -> Result<BatchHeader, &'static str> {
        let mut places = Places { rest: bytes };
        let header = BatchHeader {
            transmission_type: places.character().ok_or("880-K6")?,
            sender_id: places.text(24).ok_or("880-K1")?,
            batch_number: places.number(7).and_then(narrow).ok_or("806-5C")?,
            creation_date: places.take(8).and_then(Date::parse).ok_or("880-K2")?,
            creation_time: places.take(4).and_then(Time::parse).ok_or("880-K3")?,
            file_type: places.character().ok_or("702")?,
            version: places.text(2).ok_or("102-A2")?,
            receiver_id: places.text(24).ok_or("880-K7")?,
        };
        if places.rest.is_empty() { Ok(header) } else { Err("880-K4") }
    }

    /// Appends the places of a header; the error is the first field that cannot hold its value.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), &'static str> {
        character(self.transmission_type, out).ok_or("880-K6")?;
        text(&self.sender_id, 24, out).ok_or("880-K1")?;
        if self.batch_number > BATCH_NUMBER_MOST {
            return Err("806-5C");
        }
        out.extend_from_slice(format!("{:07}", self.batch_number).as_bytes());
        out.extend_from_slice(self.creation_date.to_string().as_bytes());
        out.extend_from_slice(self.creation_time.to_string().as_bytes());
        character(self.file_type, out).ok_or("702")?;
        text(&self.version, 2, out).ok_or("102-A2")?;
        text(&self.receiver_id, 24, out).ok_or("880-K7")
    }
}

impl BatchTrailer {
    /// Reads the places of a trailer; the error is the first field that cannot be read.
    pub(super) fn read(bytes: &[u8]) -> Result<BatchTrailer, &'static str> {
        let mut places = Places { rest: bytes };
        let trailer = BatchTrailer {
            batch_number: places.number(7).and_then(narrow).ok_or("806-5C")?,
            record_count: places.number(10).ok_or("751")?,
            message: places.text(35).ok_or("504-F4")?,
        };
        if places.rest.is_empty() { Ok(trailer) } else { Err("880-K4") }
    }

    /// Appends the places of a trailer; the error is the first field that cannot hold its value.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<(), &'static str> {
        if self.record_count > RECORD_COUNT_MOST {
            return Err("751");
        }
        out.extend_from_slice(
            format!("{:07}{:010}", self.batch_number, self.record_count).as_bytes(),
        );
        text(&self.message, 35, out).ok_or("504-F4")
    }
}

/// Takes fields of fixed widths one after the other.
struct Places<'a> {
    rest: &'a [u8],
}

impl<'a> Places<'a> {
    fn take(&mut self, width: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(width)?;
        self.rest = rest;
        Some(taken)
    }

    fn text(&mut self, width: usize) -> Option<String> {
        let taken = std::str::from_utf8(self.take(width)?).ok()?;
        is_text(taken).then(|| taken.trim_end_matches(' ').to_owned())
    }

    fn character(&mut self) -> Option<char> {
        let &[byte] = self.take(1)? else { return None };
        matches!(byte, b' '..=b'~').then_some(char::from(byte))
    }

    fn number(&mut self, width: usize) -> Option<u64> {
        let digits = self.take(width)?;
        let all = digits.iter().all(u8::is_ascii_digit);
        all.then(|| std::str::from_utf8(digits).ok()?.parse().ok())?
    }
}

fn narrow(number: u64) -> Option<u32> {
    u32::try_from(number).ok()
}

fn is_text(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

pub(super) fn text(value: &str, width: usize, out: &mut Vec<u8>) -> Option<()> {
    let fits = value.len() <= width && is_text(value);
    fits.then(|| out.extend_from_slice(format!("{value:<width$}").as_bytes()))
}

fn character(value: char, out: &mut Vec<u8>) -> Option<()> {
    matches!(value, ' '..='~').then(|| out.extend_from_slice(value.to_string().as_bytes()))
}
