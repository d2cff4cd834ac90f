//! Rows of texts under named columns: what CSV and Parquet have in common.

mod csv_file;
mod parquet_file;

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

pub use csv::StringRecord;

/// One column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name, as it stands in the file.
    pub name: &'static str,
    /// What its values are.
    pub kind: Kind,
}

/// What the values of a column are. In CSV all are written as text; an empty cell is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Whole,
    /// A day, `2026-03-12`.
    Date,
    /// Dollars with two decimals, `12.50`.
    Dollars,
    /// A number with three decimals, `2.5`.
    Thousandths,
}

/// How a table is kept in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values in UTF-8 with a header (RFC 4180).
    Csv,
    /// Apache Parquet, compressed by Snappy.
    Parquet,
}

impl Format {
    /// The format that a file's name ends with.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            _ => None,
        }
    }
}

/// A table that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file system failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The bytes are not such a table. It repeats nothing of them: they may be personal.
    #[error("{0}")]
    Damaged(String),
}

impl From<csv::Error> for TableError {
    fn from(error: csv::Error) -> Self {
        let line = |pos: &Option<csv::Position>| pos.as_ref().map_or(0, csv::Position::line);
        match error.into_kind() {
            csv::ErrorKind::Io(error) => Self::Io(error),
            csv::ErrorKind::Utf8 { pos, .. } => {
                Self::Damaged(format!("line {} is not UTF-8", line(&pos)))
            }
            csv::ErrorKind::UnequalLengths { pos, expected_len, len } => Self::Damaged(format!(
                "line {} has {len} cells, expected {expected_len} like the header",
                line(&pos)
            )),
            _ => Self::Damaged("it is not CSV".to_owned()),
        }
    }
}

/// Some rows, each with its number: the line of a CSV file, the row of a Parquet file, from 1.
pub type Batch = Vec<(u64, StringRecord)>;

/// Reads a table in batches, in order.
pub trait Reader: Send {
    /// The names of the columns.
    fn header(&self) -> &StringRecord;

    /// The next rows; none at the end.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is damaged.
    fn next_batch(&mut self) -> Result<Batch, TableError>;

    /// How far it is, of [`total`](Self::total).
    fn position(&self) -> u64;

    /// How long it is, in bytes or rows.
    fn total(&self) -> u64;
}

/// Opens a table.
///
/// # Errors
///
/// If it cannot be read or is not what its name says.
pub fn open(file: File, format: Format) -> Result<Box<dyn Reader>, TableError> {
    match format {
        Format::Csv => Ok(Box::new(csv_file::CsvReader::new(file)?)),
        Format::Parquet => Ok(Box::new(parquet_file::ParquetReader::new(file)?)),
    }
}

/// Writes a table.
pub trait Writer: Send {
    /// Adds a row: a cell for each column.
    ///
    /// # Errors
    ///
    /// If the file cannot be written, or a cell is not what its column says.
    fn write(&mut self, row: &StringRecord) -> Result<(), TableError>;

    /// Writes what is left. A table is whole only after this.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    fn finish(self: Box<Self>) -> Result<(), TableError>;
}

/// Begins a table.
///
/// # Errors
///
/// If it cannot be written.
pub fn create<W: Write + Send + 'static>(
    out: W,
    format: Format,
    columns: &'static [Column],
) -> Result<Box<dyn Writer>, TableError> {
    match format {
        Format::Csv => Ok(Box::new(csv_file::CsvWriter::new(out, columns)?)),
        Format::Parquet => Ok(Box::new(parquet_file::ParquetWriter::new(out, columns)?)),
    }
}
