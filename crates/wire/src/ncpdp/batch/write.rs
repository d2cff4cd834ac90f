//! Writes a batch record by record.

use std::io::Write;

use super::record::{BatchHeader, BatchTrailer, text};
use super::{BatchError, DETAIL, ETX, HEADER, Problem, REFERENCE, STX, TRAILER};
use crate::ncpdp::MAX_TRANSMISSION;

/// Writes a batch to a stream: the header at once, then the details, then the trailer, which it
/// counts itself.
#[derive(Debug)]
pub struct Writer<W> {
    output: W,
    batch_number: u32,
    records: u64,
    record: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Writes the header.
    ///
    /// # Errors
    ///
    /// A field that cannot hold its value, or a failure to write.
    pub fn new(output: W, header: &BatchHeader) -> Result<Writer<W>, BatchError> {
        let batch_number = header.batch_number;
        let mut writer = Writer { output, batch_number, records: 0, record: Vec::new() };
        writer.write(HEADER, |record| header.write(record))?;
        Ok(writer)
    }

    /// Writes a detail: the number (880-K5) under which its answer will come, and a transmission.
    ///
    /// # Errors
    ///
    /// A number of more than ten characters, a transmission that is too long or holds STX or ETX,
    /// or a failure to write.
    pub fn detail(&mut self, reference: &str, transmission: &[u8]) -> Result<(), BatchError> {
        let fits = transmission.len() <= MAX_TRANSMISSION
            && !transmission.iter().any(|&byte| matches!(byte, STX | ETX));
        self.write(DETAIL, |record| {
            text(reference, REFERENCE, record).ok_or("880-K5")?;
            record.extend_from_slice(if fits { transmission } else { return Err("880-K4") });
            Ok(())
        })
    }

    /// Writes the trailer, with what is to be said about the file (504-F4), and gives the output
    /// back.
    ///
    /// # Errors
    ///
    /// A message of more than 35 characters, or a failure to write.
    pub fn finish(mut self, message: &str) -> Result<W, BatchError> {
        let trailer = BatchTrailer {
            batch_number: self.batch_number,
            record_count: self.records + 1,
            message: message.to_owned(),
        };
        self.write(TRAILER, |record| trailer.write(record))?;
        let record = self.records;
        match self.output.flush() {
            Ok(()) => Ok(self.output),
            Err(error) => Err(BatchError { record, problem: Problem::Io(error) }),
        }
    }

    fn write(
        &mut self,
        kind: [u8; 2],
        fields: impl FnOnce(&mut Vec<u8>) -> Result<(), &'static str>,
    ) -> Result<(), BatchError> {
        let number = self.records + 1;
        let at = |problem| BatchError { record: number, problem };
        self.record.clear();
        self.record.push(STX);
        self.record.extend_from_slice(&kind);
        fields(&mut self.record).map_err(|field| at(Problem::Field { field }))?;
        self.record.push(ETX);
        self.output.write_all(&self.record).map_err(|error| at(Problem::Io(error)))?;
        self.records = number;
        Ok(())
    }
}
