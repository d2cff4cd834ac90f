//! The Batch Standard 1.2: a file of transmissions between a header and a trailer record.
//!
//! Each record stands between STX and ETX (880-K4): the header (`00`), any number of details
//! (`G1`), each a transaction reference number and one D.0 transmission, and the trailer (`99`)
//! with the number of all records, header and trailer included. Line ends between records are
//! tolerated. Reading and writing go record by record, so a file may be larger than memory.

mod read;
mod record;
mod write;

pub use read::{BatchError, Detail, Problem, Reader};
pub use record::{BatchHeader, BatchTrailer};
pub use write::Writer;

/// Opens every record.
const STX: u8 = 0x02;
/// Closes every record.
const ETX: u8 = 0x03;

/// The segment identifier (701) of the header.
const HEADER: [u8; 2] = *b"00";
/// The segment identifier (701) of a detail.
const DETAIL: [u8; 2] = *b"G1";
/// The segment identifier (701) of the trailer.
const TRAILER: [u8; 2] = *b"99";

/// The length of a transaction reference number (880-K5), blank-filled.
const REFERENCE: usize = 10;
