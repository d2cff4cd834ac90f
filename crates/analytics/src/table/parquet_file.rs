//! Tables as Parquet: typed columns, each optional, none nested.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use openpbm_core::{Cents, Date, Quantity};
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnDescriptor, Type, TypePtr};

use super::{Batch, Column, Kind, Reader, StringRecord, TableError, Writer};

impl From<ParquetError> for TableError {
    fn from(error: ParquetError) -> Self {
        match error {
            ParquetError::External(error) => match error.downcast::<std::io::Error>() {
                Ok(error) => Self::Io(*error),
                Err(_) => Self::Damaged("it is not Parquet".to_owned()),
            },
            ParquetError::NYI(what) => Self::Damaged(format!("its form is not known here: {what}")),
            // The text names places and types, and no values.
            error => Self::Damaged(format!("it is damaged or not Parquet: {error}")),
        }
    }
}

/// Rows that are read at once.
const BATCH: usize = 1024;
/// Rows that are written together.
const ROW_GROUP: usize = 1 << 15;

pub(super) struct ParquetReader {
    reader: SerializedFileReader<File>,
    header: StringRecord,
    row_group: usize,
    /// Those of the row group that is being read.
    columns: Vec<ColumnReader>,
    row: u64,
    total: u64,
}

impl ParquetReader {
    pub(super) fn new(file: File) -> Result<Self, TableError> {
        let reader = SerializedFileReader::new(file)?;
        let metadata = reader.metadata().file_metadata();
        let total = u64::try_from(metadata.num_rows()).unwrap_or(0);
        let columns = metadata.schema_descr().columns();
        for column in columns {
            check(column)?;
        }
        let header = columns.iter().map(|column| column.name()).collect();
        Ok(Self { reader, header, row_group: 0, columns: Vec::new(), row: 0, total })
    }

    /// Opens the next row group; false if there is none.
    fn open_row_group(&mut self) -> Result<bool, TableError> {
        if self.row_group >= self.reader.num_row_groups() {
            return Ok(false);
        }
        let group = self.reader.get_row_group(self.row_group)?;
        self.columns = (0..group.num_columns())
            .map(|number| group.get_column_reader(number))
            .collect::<Result<_, _>>()?;
        self.row_group += 1;
        Ok(true)
    }
}

impl Reader for ParquetReader {
    fn header(&self) -> &StringRecord {
        &self.header
    }

    fn next_batch(&mut self) -> Result<Batch, TableError> {
        loop {
            let mut columns = Vec::with_capacity(self.columns.len());
            let descriptors = self.reader.metadata().file_metadata().schema_descr().columns();
            for (column, reader) in descriptors.iter().zip(&mut self.columns) {
                columns.push(cells(column, reader)?.into_iter());
            }
            let rows = columns.first().map_or(0, ExactSizeIterator::len);
            if columns.iter().any(|column| column.len() != rows) {
                return Err(TableError::Damaged("its columns differ in length".to_owned()));
            }
            if rows == 0 {
                if self.open_row_group()? {
                    continue;
                }
                return Ok(Batch::new());
            }
            return Ok((0..rows)
                .map(|_| {
                    self.row += 1;
                    let cells = columns.iter_mut().map(|column| column.next().unwrap_or_default());
                    (self.row, cells.collect())
                })
                .collect());
        }
    }

    fn position(&self) -> u64 {
        self.row
    }

    fn total(&self) -> u64 {
        self.total
    }
}

/// Refuses a column whose values have no exact text.
fn check(column: &ColumnDescriptor) -> Result<(), TableError> {
    let name = column.name();
    let refuse = |what: &str| Err(TableError::Damaged(format!("column {name} {what}")));
    if column.max_rep_level() > 0 || column.max_def_level() > 1 {
        return refuse("is nested, expected plain values");
    }
    match column.physical_type() {
        Physical::FLOAT | Physical::DOUBLE => {
            refuse("is a binary fraction, expected a decimal, a whole number or text")
        }
        Physical::INT96 => refuse("is an instant, expected a date or text"),
        Physical::INT64 if scale(column).is_none() && is_instant(column) => {
            refuse("is an instant, expected a date or text")
        }
        Physical::FIXED_LEN_BYTE_ARRAY if scale(column).is_none() => {
            refuse("is bytes, expected a decimal or text")
        }
        _ => Ok(()),
    }
}

fn is_instant(column: &ColumnDescriptor) -> bool {
    matches!(column.logical_type_ref(), Some(LogicalType::Timestamp(_) | LogicalType::Time(_)))
        || matches!(
            column.converted_type(),
            ConvertedType::TIMESTAMP_MILLIS | ConvertedType::TIMESTAMP_MICROS
        )
}

fn is_date(column: &ColumnDescriptor) -> bool {
    matches!(column.logical_type_ref(), Some(LogicalType::Date))
        || column.converted_type() == ConvertedType::DATE
}

/// The decimals of a decimal.
fn scale(column: &ColumnDescriptor) -> Option<usize> {
    let is_decimal = matches!(column.logical_type_ref(), Some(LogicalType::Decimal(_)))
        || column.converted_type() == ConvertedType::DECIMAL;
    usize::try_from(column.type_scale()).ok().filter(|_| is_decimal)
}

/// The next values of a column as texts; an empty one where there is none.
fn cells(column: &ColumnDescriptor, reader: &mut ColumnReader) -> Result<Vec<String>, TableError> {
    match reader {
        ColumnReader::BoolColumnReader(reader) => {
            texts(column, reader, |_, value| Ok(value.to_string()))
        }
        ColumnReader::Int32ColumnReader(reader) => texts(column, reader, |column, value| {
            if is_date(column) {
                let date = Date::from_epoch_days(*value);
                return date.map(|date| date.to_string()).ok_or("a day that is none");
            }
            Ok(number(i128::from(*value), scale(column)))
        }),
        ColumnReader::Int64ColumnReader(reader) => {
            texts(column, reader, |column, value| Ok(number(i128::from(*value), scale(column))))
        }
        ColumnReader::ByteArrayColumnReader(reader) => texts(column, reader, |column, value| {
            if let Some(scale) = scale(column) {
                return big_endian(value.data(), scale);
            }
            value.as_utf8().map(str::to_owned).map_err(|_| "text that is not UTF-8")
        }),
        ColumnReader::FixedLenByteArrayColumnReader(reader) => {
            texts(column, reader, |column, value| {
                big_endian(value.data(), scale(column).unwrap_or_default())
            })
        }
        _ => Err(TableError::Damaged("it has a column of an unknown kind".to_owned())),
    }
}

/// The number of rows decides how many: each batch of a row group has the same in every column.
fn texts<T: DataType>(
    column: &ColumnDescriptor,
    reader: &mut ColumnReaderImpl<T>,
    text: impl Fn(&ColumnDescriptor, &T::T) -> Result<String, &'static str>,
) -> Result<Vec<String>, TableError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let optional = column.max_def_level() > 0;
    let (records, _, _) =
        reader.read_records(BATCH, optional.then_some(&mut levels), None, &mut values)?;
    let mut values = values.iter();
    let mut cell = |is_there: bool| {
        // Only what is there has a value.
        let value = if is_there { values.next() } else { None };
        let Some(value) = value else { return Ok(String::new()) };
        text(column, value)
            .map_err(|what| TableError::Damaged(format!("column {} holds {what}", column.name())))
    };
    if optional {
        levels.iter().map(|level| cell(*level > 0)).collect()
    } else {
        (0..records).map(|_| cell(true)).collect()
    }
}

/// A whole number of units of the last decimal.
fn number(units: i128, scale: Option<usize>) -> String {
    let Some(scale) = scale.filter(|scale| *scale > 0) else { return units.to_string() };
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = scale + 1);
    let (whole, part) = digits.split_at(digits.len() - scale);
    let sign = if units < 0 { "-" } else { "" };
    match part.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        part => format!("{sign}{whole}.{part}"),
    }
}

fn big_endian(bytes: &[u8], scale: usize) -> Result<String, &'static str> {
    if bytes.is_empty() || bytes.len() > 16 {
        return Err("a decimal of more than 38 digits");
    }
    let negative = bytes.first().is_some_and(|first| *first >= 0x80);
    let units = bytes
        .iter()
        .fold(if negative { -1 } else { 0 }, |units: i128, byte| units << 8 | i128::from(*byte));
    Ok(number(units, Some(scale)))
}

pub(super) struct ParquetWriter<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: &'static [Column],
    rows: Vec<StringRecord>,
}

impl<W: Write + Send> ParquetWriter<W> {
    pub(super) fn new(out: W, columns: &'static [Column]) -> Result<Self, TableError> {
        let fields = columns.iter().map(|column| Ok(Arc::new(field(column)?)));
        let fields = fields.collect::<Result<Vec<TypePtr>, ParquetError>>()?;
        let schema = Type::group_type_builder("schema").with_fields(fields).build()?;
        let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
        let writer = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?;
        Ok(Self { writer, columns, rows: Vec::new() })
    }

    fn write_row_group(&mut self) -> Result<(), TableError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for (number, column) in self.columns.iter().enumerate() {
            let Some(mut writer) = group.next_column()? else { break };
            let cells = || self.rows.iter().map(|row| row.get(number).unwrap_or_default());
            let levels: Vec<i16> = cells().map(|cell| i16::from(!cell.is_empty())).collect();
            let cells = cells().filter(|cell| !cell.is_empty());
            let wrong =
                || TableError::Damaged(format!("column {} holds another kind", column.name));
            match column.kind {
                Kind::Text => {
                    let values: Vec<_> =
                        cells.map(|cell| ByteArray::from(cell.as_bytes().to_vec())).collect();
                    writer.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None)?;
                }
                Kind::Date => {
                    let days = cells.map(|cell| Some(cell.parse::<Date>().ok()?.epoch_days()));
                    let days: Vec<_> = days.collect::<Option<_>>().ok_or_else(wrong)?;
                    writer.typed::<Int32Type>().write_batch(&days, Some(&levels), None)?;
                }
                kind => {
                    let units = cells.map(|cell| units(kind, cell));
                    let units: Vec<_> = units.collect::<Option<_>>().ok_or_else(wrong)?;
                    writer.typed::<Int64Type>().write_batch(&units, Some(&levels), None)?;
                }
            }
            writer.close()?;
        }
        group.close()?;
        self.rows.clear();
        Ok(())
    }
}

/// A number in units of its last decimal.
fn units(kind: Kind, cell: &str) -> Option<i64> {
    match kind {
        Kind::Dollars => Some(cell.parse::<Cents>().ok()?.get()),
        Kind::Thousandths => i64::try_from(cell.parse::<Quantity>().ok()?.thousandths()).ok(),
        Kind::Whole | Kind::Text | Kind::Date => cell.parse().ok(),
    }
}

/// A column's name and type.
fn field(column: &Column) -> Result<Type, ParquetError> {
    let decimal = |scale| Some(LogicalType::decimal(scale, 18));
    let (physical, logical) = match column.kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Whole => (Physical::INT64, None),
        Kind::Date => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Dollars => (Physical::INT64, decimal(2)),
        Kind::Thousandths => (Physical::INT64, decimal(3)),
    };
    let (scale, precision) = match column.kind {
        Kind::Dollars => (2, 18),
        Kind::Thousandths => (3, 18),
        Kind::Text | Kind::Whole | Kind::Date => (-1, -1),
    };
    Type::primitive_type_builder(column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .with_scale(scale)
        .with_precision(precision)
        .build()
}

impl<W: Write + Send> Writer for ParquetWriter<W> {
    fn write(&mut self, row: &StringRecord) -> Result<(), TableError> {
        self.rows.push(row.clone());
        if self.rows.len() >= ROW_GROUP { self.write_row_group() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<(), TableError> {
        self.write_row_group()?;
        self.writer.close()?;
        Ok(())
    }
}
