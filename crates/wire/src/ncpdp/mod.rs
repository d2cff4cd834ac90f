//! NCPDP Telecommunication Standard D.0, and the Batch Standard 1.2 around it.
//!
//! Two layers, each usable alone:
//!
//! * the **frame** ([`Request`], [`Response`]) divides bytes into header, transactions, segments
//!   and fields without losing a byte: whatever decodes encodes to what it came from, unknown
//!   fields and odd separators included;
//! * the **typed segments** ([`segments`]) give every D.0 field a name, a type and a unit, and say
//!   of each whether it is absent, blank, a value, or invalid and why.
//!
//! [`Encoder`] writes canonical transmissions from typed segments. [`framing`] cuts a TCP stream
//! into transmissions, [`batch`] reads and writes files of them, [`fields`] explains field ids.
//!
//! ```
//! use openpbm_wire::ncpdp::segments::request::{Claim, Insurance};
//! use openpbm_wire::ncpdp::{Encoder, Request, RequestHeader, VERSION};
//!
//! let header = RequestHeader {
//!     bin: "900001".into(),
//!     version: VERSION.into(),
//!     transaction_code: "B1".into(),
//!     transaction_count: 1.into(),
//!     ..Default::default()
//! };
//! let mut bytes = Vec::new();
//! let mut encoder = Encoder::new(&mut bytes, &header);
//! encoder.segment(&Insurance { cardholder_id: "CSC100001".into(), ..Default::default() });
//! encoder.transaction();
//! encoder.segment(&Claim { quantity_dispensed: 30_000.into(), ..Default::default() });
//! encoder.finish()?;
//!
//! let request = Request::decode(&bytes)?;
//! let claim = request.transactions().next().and_then(|group| group.read::<Claim>());
//! assert_eq!(claim.and_then(|claim| claim.quantity_dispensed.value()), Some(30_000));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[macro_use]
mod block;

pub mod batch;
mod date;
mod encode;
mod error;
mod field;
pub mod fields;
mod format;
mod frame;
pub mod framing;
mod header;
mod overpunch;
mod repeat;
mod scan;
pub mod segments;

pub use block::{Block, Segment, SegmentId};
pub use date::{Date, Time};
pub use encode::{EncodeError, Encoder};
pub use error::DecodeError;
pub use field::{Field, FieldId, InvalidField, Reason};
pub use format::Picture;
pub use frame::{Group, RawField, RawSegment, Request, Response, Transmission};
pub use header::{Header, RequestHeader, ResponseHeader};
pub use overpunch::{read_overpunch, write_overpunch};
pub use repeat::Repeat;

/// The version/release number (102-A2) that this module reads and writes.
pub const VERSION: &str = "D0";

/// The most transactions a transmission may carry.
pub const MAX_TRANSACTIONS: usize = 4;

/// The longest transmission taken, in bytes.
///
/// Four transactions with every repetition full stay well below. The figure is also the largest
/// length whose high byte cannot be mistaken for a letter or a digit, so that unframed text on a
/// length-prefixed connection is told at once (see [`framing`]).
pub const MAX_TRANSMISSION: usize = 0x2FFF;
