//! Cuts a TCP stream into transmissions, and wraps answers for one.
//!
//! Two framings are in use: STX (0x02), the transmission, ETX (0x03); and a length of two bytes,
//! high byte first, then the transmission. They are told apart for each transmission by itself:
//!
//! * A first byte other than STX is the high byte of a length. A length beyond
//!   [`MAX_TRANSMISSION`], as any text makes, is an error at once.
//! * STX may also be the high byte of a length from 512 to 767. A request starts with six digits
//!   (101-A1) and the version (102-A2), so it is the length where those stand two bytes behind:
//!   bytes 2 to 7 are digits, and either bytes 8 and 9 are `D0`, or byte 1 is no digit and so can
//!   be no start of a request. In every other case, and where ETX comes within these ten bytes, it
//!   is STX. After STX, `D0` stands at bytes 7 and 8, and byte 7 is then no digit, so that a D.0
//!   request is never mistaken in either framing.
//!
//! A client knows how it sent its request and expects the answer in that framing.
//!
//! Nothing here does I/O: bytes are pushed in, frames are taken out.

use std::fmt;

use super::MAX_TRANSMISSION;

const STX: u8 = 0x02;
const ETX: u8 = 0x03;

/// The bytes that tell a length from an STX, at most.
const TELLING: usize = 10;
/// The bytes of a length.
const PREFIX: usize = 2;

/// How a transmission is marked off in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Framing {
    /// STX, the transmission, ETX.
    StxEtx,
    /// The transmission's length in two bytes, high byte first, then the transmission.
    Length,
}

impl Framing {
    /// Appends `transmission` in this framing.
    ///
    /// # Errors
    ///
    /// [`FramingError::TooLong`] if it is longer than a frame may be; nothing is then appended.
    pub fn wrap(self, transmission: &[u8], out: &mut Vec<u8>) -> Result<(), FramingError> {
        let length = transmission.len();
        let too_long = FramingError::TooLong { framing: self, length };
        if length > MAX_TRANSMISSION {
            return Err(too_long);
        }
        match self {
            Framing::StxEtx => {
                out.push(STX);
                out.extend_from_slice(transmission);
                out.push(ETX);
            }
            Framing::Length => {
                let length = u16::try_from(length).map_err(|_| too_long)?;
                out.extend_from_slice(&length.to_be_bytes());
                out.extend_from_slice(transmission);
            }
        }
        Ok(())
    }
}

/// One transmission taken out of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'b> {
    /// How it came, and how its answer should go.
    pub framing: Framing,
    /// The transmission, without its framing.
    pub transmission: &'b [u8],
}

/// Collects a stream's bytes and gives out its transmissions, holding no more than one frame and
/// what was pushed last.
#[derive(Debug, Clone, Default)]
pub struct Deframer {
    buffer: Vec<u8>,
    /// How many bytes at the front of the buffer were given out.
    taken: usize,
    /// How many bytes after them were searched for ETX in vain.
    searched: usize,
    expected: Option<Framing>,
}

impl Deframer {
    /// For a server: each transmission's framing is told by its first bytes.
    pub fn detecting() -> Deframer {
        Deframer::default()
    }

    /// For a client: all transmissions are in this framing.
    pub fn expecting(framing: Framing) -> Deframer {
        Deframer { expected: Some(framing), ..Deframer::default() }
    }

    /// Adds bytes that were received.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.taken > 0 {
            self.buffer.drain(..self.taken);
            self.taken = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole transmission; `None` if more bytes are needed.
    ///
    /// # Errors
    ///
    /// A frame that is too long, empty or not begun as a frame. The stream cannot be followed after
    /// that: answer what [`pending`](Deframer::pending) shows of the header, then close.
    pub fn next_frame(&mut self) -> Result<Option<Frame<'_>>, FramingError> {
        let Some(framing) = self.framing() else { return Ok(None) };
        let found = match framing {
            Framing::StxEtx => self.until_etx()?,
            Framing::Length => self.counted()?,
        };
        let Some((start, end, next)) = found else { return Ok(None) };
        let (start, end) = (self.taken + start, self.taken + end);
        self.taken += next;
        self.searched = 0;
        let transmission = self.buffer.get(start..end).unwrap_or_default();
        Ok(Some(Frame { framing, transmission }))
    }

    /// The framing of the transmission at the front, once it can be told.
    pub fn framing(&self) -> Option<Framing> {
        self.expected.or_else(|| tell(self.rest()))
    }

    /// What was received of the transmission at the front, without its framing, so that even one
    /// that never ends can be answered.
    pub fn pending(&self) -> &[u8] {
        let skipped = match self.framing() {
            Some(Framing::StxEtx) => usize::from(self.rest().first() == Some(&STX)),
            Some(Framing::Length) => PREFIX,
            None => 0,
        };
        self.rest().get(skipped..).unwrap_or_default()
    }

    /// Whether nothing is left of what was pushed: a stream may end here.
    pub fn is_empty(&self) -> bool {
        self.rest().is_empty()
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.taken..).unwrap_or_default()
    }

    /// Start and end of the transmission and start of what follows, all from the front.
    fn until_etx(&mut self) -> Result<Option<(usize, usize, usize)>, FramingError> {
        let framing = Framing::StxEtx;
        let rest = self.rest();
        match rest.first() {
            None => return Ok(None),
            Some(&STX) => {}
            Some(_) => return Err(FramingError::NoFrame),
        }
        let from = self.searched.max(1);
        let end =
            rest.get(from..).and_then(|unseen| memchr::memchr(ETX, unseen)).map(|at| from + at);
        let length = end.unwrap_or(rest.len()) - 1;
        if length > MAX_TRANSMISSION {
            return Err(FramingError::TooLong { framing, length });
        }
        self.searched = rest.len();
        match end {
            Some(1) => Err(FramingError::Empty { framing }),
            Some(end) => Ok(Some((1, end, end + 1))),
            None => Ok(None),
        }
    }

    fn counted(&self) -> Result<Option<(usize, usize, usize)>, FramingError> {
        let framing = Framing::Length;
        let rest = self.rest();
        let &[high, low, ..] = rest else { return Ok(None) };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if length > MAX_TRANSMISSION {
            return Err(FramingError::TooLong { framing, length });
        }
        if length == 0 {
            return Err(FramingError::Empty { framing });
        }
        let end = PREFIX + length;
        Ok((rest.len() >= end).then_some((PREFIX, end, end)))
    }
}

/// Tells the framing of a transmission by its first bytes; `None` if more are needed.
fn tell(bytes: &[u8]) -> Option<Framing> {
    let &first = bytes.first()?;
    if first != STX {
        return Some(Framing::Length);
    }
    let start = bytes.get(..TELLING).unwrap_or(bytes);
    // No request ends so early, but a stream may hold anything. The second byte does not count: it
    // may be the low byte of a length.
    if start.iter().skip(PREFIX).any(|&byte| byte == ETX) {
        return Some(Framing::StxEtx);
    }
    let &[_, second, ref bin @ .., v1, v2] = start.first_chunk::<TELLING>()?;
    let six_digits = bin.iter().all(u8::is_ascii_digit);
    if six_digits && ([v1, v2] == *b"D0" || !second.is_ascii_digit()) {
        Some(Framing::Length)
    } else {
        Some(Framing::StxEtx)
    }
}

/// Why a stream cannot be cut into transmissions any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FramingError {
    /// A frame is longer than a transmission may be.
    TooLong {
        /// The frame's framing.
        framing: Framing,
        /// Its length as declared, or as far as it was received, in bytes.
        length: usize,
    },
    /// A frame holds nothing.
    Empty {
        /// The frame's framing.
        framing: Framing,
    },
    /// No frame starts where one should.
    NoFrame,
}

impl fmt::Display for FramingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FramingError::TooLong { framing: Framing::Length, length } => write!(
                f,
                "the length prefix says {length} bytes; at most {MAX_TRANSMISSION} are taken"
            ),
            FramingError::TooLong { framing: Framing::StxEtx, length } => write!(
                f,
                "no etx in the {length} bytes after stx; at most {MAX_TRANSMISSION} are taken"
            ),
            FramingError::Empty { framing: Framing::Length } => {
                f.write_str("the length prefix says 0 bytes; a transmission has at least a header")
            }
            FramingError::Empty { framing: Framing::StxEtx } => {
                f.write_str("etx follows stx directly; a transmission has at least a header")
            }
            FramingError::NoFrame => f.write_str("the stream goes on without stx"),
        }
    }
}

impl std::error::Error for FramingError {}
