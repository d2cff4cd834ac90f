//! Tables as CSV.

use std::fs::File;
use std::io::Write;

use super::{Batch, Column, Reader, StringRecord, TableError, Writer};

/// Rows that are read at once.
const BATCH: usize = 1024;

pub(super) struct CsvReader {
    reader: csv::Reader<File>,
    header: StringRecord,
    total: u64,
}

impl CsvReader {
    pub(super) fn new(file: File) -> Result<Self, TableError> {
        let total = file.metadata()?.len();
        let mut reader = csv::ReaderBuilder::new().buffer_capacity(1 << 17).from_reader(file);
        let mut header = reader.headers()?.clone();
        header.trim();
        Ok(Self { reader, header, total })
    }
}

impl Reader for CsvReader {
    fn header(&self) -> &StringRecord {
        &self.header
    }

    fn next_batch(&mut self) -> Result<Batch, TableError> {
        let mut batch = Batch::with_capacity(BATCH);
        while batch.len() < BATCH {
            let mut record = StringRecord::with_capacity(256, self.header.len());
            if !self.reader.read_record(&mut record)? {
                break;
            }
            let line = record.position().map_or(0, csv::Position::line);
            batch.push((line, record));
        }
        Ok(batch)
    }

    fn position(&self) -> u64 {
        self.reader.position().byte()
    }

    fn total(&self) -> u64 {
        self.total
    }
}

pub(super) struct CsvWriter<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvWriter<W> {
    pub(super) fn new(out: W, columns: &[Column]) -> Result<Self, TableError> {
        let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 16).from_writer(out);
        writer.write_record(columns.iter().map(|column| column.name))?;
        Ok(Self { writer })
    }
}

impl<W: Write + Send> Writer for CsvWriter<W> {
    fn write(&mut self, row: &StringRecord) -> Result<(), TableError> {
        Ok(self.writer.write_record(row)?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), TableError> {
        Ok(self.writer.flush()?)
    }
}
