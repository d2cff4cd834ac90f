//! The frame: a transmission divided into header, transactions, segments and fields, without
//! losing a byte.
//!
//! Nothing is copied: fields are places in the input. What stands between two fields is kept as it
//! was met, so that [`Transmission::encode`] gives back the very bytes that were decoded. These
//! liberties are known from the field and taken: a segment without a field separator before its
//! 111-AM, a first segment directly after the header, a response header without its date.

use std::marker::PhantomData;
use std::ops::Range;

use super::block::{Segment, SegmentId};
use super::error::DecodeError;
use super::field::{Field, FieldId, InvalidField, Reason};
use super::header::{Header, RequestHeader, ResponseHeader};
use super::scan::{GROUP, SEGMENT, each_separator, is_plain};
use super::{MAX_TRANSACTIONS, MAX_TRANSMISSION, VERSION};

/// What a pharmacy sends.
pub type Request<'a> = Transmission<'a, RequestHeader<'a>>;

/// What a processor answers.
pub type Response<'a> = Transmission<'a, ResponseHeader<'a>>;

/// A transmission divided into its parts; see [`Request`] and [`Response`].
#[derive(Debug, Clone)]
pub struct Transmission<'a, H> {
    bytes: &'a [u8],
    /// The same bytes as text, when all are printable: then no field needs a check of its own.
    text: Option<&'a str>,
    header_length: usize,
    fields: Vec<Span>,
    segments: Vec<SegmentSpan>,
    header: PhantomData<H>,
}

/// Where a field stands, its id included. What lies between two fields are separators.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: u32,
    end: u32,
    id: FieldId,
}

/// Which fields a segment has, and the transaction it belongs to (0: the transmission itself).
#[derive(Debug, Clone, Copy)]
struct SegmentSpan {
    id: Option<SegmentId>,
    first: u32,
    end: u32,
    group: u8,
}

impl<'a, H: Header<'a>> Transmission<'a, H> {
    /// Divides `bytes`, which hold one transmission without the framing of its transport.
    ///
    /// # Errors
    ///
    /// Only what cannot be divided; see [`DecodeError`]. The header can then still be read, as far
    /// as it goes, by [`Header::read`].
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        if bytes.len() > MAX_TRANSMISSION {
            return Err(DecodeError::TooLong { length: bytes.len() });
        }
        let header_length = H::length(unseparated(bytes, H::LENGTH))?;
        if bytes.get(H::VERSION_AT..).and_then(|rest| rest.get(..2)) != Some(VERSION.as_bytes()) {
            return Err(DecodeError::Version { offset: H::VERSION_AT });
        }
        let text = if is_plain(bytes) { std::str::from_utf8(bytes).ok() } else { None };
        let (fields, segments) = divide(bytes, place(header_length))?;
        Ok(Transmission { bytes, text, header_length, fields, segments, header: PhantomData })
    }

    /// The fixed header.
    pub fn header(&self) -> H {
        H::read(self.bytes.get(..self.header_length).unwrap_or_default())
    }

    /// The segments before the first transaction: patient and insurance in a request; message,
    /// insurance and patient in a response.
    pub fn transmission(&self) -> Group<'a, '_> {
        self.group(self.segments.get(..self.own_segments()).unwrap_or_default())
    }

    /// The transactions, in the order sent. One without segments does not exist.
    pub fn transactions(&self) -> impl Iterator<Item = Group<'a, '_>> {
        self.segments
            .get(self.own_segments()..)
            .unwrap_or_default()
            .chunk_by(|one, other| one.group == other.group)
            .map(|segments| self.group(segments))
    }

    fn own_segments(&self) -> usize {
        self.segments.iter().take_while(|segment| segment.group == 0).count()
    }

    fn group<'t>(&'t self, segments: &'t [SegmentSpan]) -> Group<'a, 't> {
        let Transmission { bytes, text, .. } = *self;
        let frame = Frame { bytes, text, fields: &self.fields };
        Group { frame, segments }
    }

    /// What is wrong with the transaction count (109-A9): unreadable, or not the number of
    /// transactions sent. A transmission of one transaction may have all its segments at the
    /// transmission's own level, as eligibility verifications do.
    pub fn count_fault(&self) -> Option<InvalidField> {
        let header = self.header();
        let sent = self.transactions().count().max(1);
        match header.transaction_count() {
            Field::Value(count) if usize::try_from(count) == Ok(sent) => None,
            Field::Invalid(fault) => Some(fault),
            Field::Absent | Field::Blank | Field::Value(_) => Some(InvalidField {
                id: FieldId::of("109-A9"),
                occurrence: 1,
                reason: Reason::Count,
                offset: place(H::COUNT_AT),
            }),
        }
    }

    /// Appends the transmission as it was decoded, byte for byte.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let mut copy = |from: usize, to: usize| {
            out.extend_from_slice(self.bytes.get(from..to).unwrap_or_default());
        };
        let mut end = 0;
        copy(end, self.header_length);
        end = self.header_length;
        for span in &self.fields {
            copy(end, span.start as usize);
            copy(span.start as usize, span.end as usize);
            end = span.end as usize;
        }
        copy(end, self.bytes.len());
    }
}

/// How many bytes, `most` at most, come before the first separator.
fn unseparated(bytes: &[u8], most: usize) -> usize {
    let head = bytes.get(..most).unwrap_or(bytes);
    match each_separator(head, 0, Err::<(), u32>) {
        Ok(()) => head.len(),
        Err(at) => at as usize,
    }
}

/// Walks the separators once.
fn divide(bytes: &[u8], start: u32) -> Result<(Vec<Span>, Vec<SegmentSpan>), DecodeError> {
    let mut divider = Divider {
        bytes,
        // A field takes nine bytes on average, a segment eighty; one allocation each is enough.
        fields: Vec::with_capacity(bytes.len() / 8),
        segments: Vec::with_capacity(bytes.len() / 32),
        at: start,
        opens: Opens::Segment,
    };
    each_separator(bytes, start, |separator| divider.separator(separator))?;
    divider.separator(place(bytes.len()))?;
    let Divider { fields, mut segments, .. } = divider;
    if let Some(last) = segments.last_mut() {
        last.end = place(fields.len());
    }
    Ok((fields, segments))
}

struct Divider<'a> {
    bytes: &'a [u8],
    fields: Vec<Span>,
    segments: Vec<SegmentSpan>,
    /// Behind the last separator.
    at: u32,
    /// What the separators since the last field open together.
    opens: Opens,
}

impl Divider<'_> {
    /// Adds the field before the separator, or before the end, unless there is none.
    #[inline(always)]
    fn separator(&mut self, separator: u32) -> Result<(), DecodeError> {
        let start = self.at;
        if separator > start {
            let field = self.bytes.get(start as usize..separator as usize).unwrap_or_default();
            let &[first, second, ..] = field else {
                return Err(DecodeError::Field { offset: start as usize });
            };
            if self.opens != Opens::Field {
                self.open_segment(field)?;
            }
            let id = FieldId::new([first, second]);
            self.fields.push(Span { start, end: separator, id });
        }
        match self.bytes.get(separator as usize) {
            Some(&GROUP) => self.opens = Opens::Group,
            Some(&SEGMENT) => self.opens = self.opens.max(Opens::Segment),
            _ => {}
        }
        self.at = separator + 1;
        Ok(())
    }

    /// Ends the last segment and starts the next one with its first field.
    fn open_segment(&mut self, field: &[u8]) -> Result<(), DecodeError> {
        let first = place(self.fields.len());
        let mut group = u8::from(self.opens == Opens::Group);
        if let Some(last) = self.segments.last_mut() {
            last.end = first;
            group += last.group;
        }
        if usize::from(group) > MAX_TRANSACTIONS {
            return Err(DecodeError::Transactions { offset: self.at as usize });
        }
        self.segments.push(SegmentSpan { id: segment_id(field), first, end: first, group });
        self.opens = Opens::Field;
        Ok(())
    }
}

/// The id that a segment's first field gives, if it gives one.
fn segment_id(field: &[u8]) -> Option<SegmentId> {
    match field {
        [b'A', b'M', first, second] => Some(SegmentId::new([*first, *second])),
        _ => None,
    }
}

/// What the separators before a field open, the least first.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
enum Opens {
    Field,
    Segment,
    Group,
}

/// A place within a transmission, which is never longer than [`MAX_TRANSMISSION`].
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// What segments and fields need of their transmission.
#[derive(Debug, Clone, Copy)]
struct Frame<'a, 't> {
    bytes: &'a [u8],
    text: Option<&'a str>,
    fields: &'t [Span],
}

/// The segments of one transaction, or those of the transmission itself.
#[derive(Debug, Clone, Copy)]
pub struct Group<'a, 't> {
    frame: Frame<'a, 't>,
    segments: &'t [SegmentSpan],
}

impl<'a, 't> Group<'a, 't> {
    /// The segments, in the order sent.
    pub fn segments(&self) -> impl Iterator<Item = RawSegment<'a, 't>> + use<'a, 't> {
        let Group { frame, segments } = *self;
        segments.iter().map(move |&span| RawSegment { frame, span })
    }

    /// The first segment with this id.
    pub fn segment(&self, id: SegmentId) -> Option<RawSegment<'a, 't>> {
        let Group { frame, segments } = *self;
        let &span = segments.iter().find(|span| span.id == Some(id))?;
        Some(RawSegment { frame, span })
    }

    /// Reads the first segment of this type, if the group has one.
    #[inline]
    pub fn read<S: Segment<'a>>(&self) -> Option<S> {
        self.segment(S::ID).map(|segment| S::read(&segment))
    }
}

/// One segment as it stands in the transmission.
#[derive(Debug, Clone, Copy)]
pub struct RawSegment<'a, 't> {
    frame: Frame<'a, 't>,
    span: SegmentSpan,
}

impl<'a, 't> RawSegment<'a, 't> {
    /// Which segment it is; `None` if it does not start with a 111-AM of two characters.
    pub fn id(&self) -> Option<SegmentId> {
        self.span.id
    }

    /// The fields after 111-AM, in the order sent.
    pub fn fields(&self) -> impl Iterator<Item = RawField<'a>> + use<'a, 't> {
        let RawSegment { frame, span } = *self;
        let spans = frame.fields.get(span.first as usize..span.end as usize).unwrap_or_default();
        let opening = usize::from(spans.first().is_some_and(|field| field.id == FieldId::SEGMENT));
        let fields = spans.get(opening..).unwrap_or_default();
        fields.iter().map(move |&field| frame.field(field))
    }
}

impl<'a> Frame<'a, '_> {
    #[inline]
    fn field(&self, Span { start, end, id }: Span) -> RawField<'a> {
        let value = start as usize + 2..end as usize;
        let value = match self.text.and_then(|text| text.get(value.clone())) {
            Some(text) => Value::Text(text),
            None => Value::Bytes(self.bytes.get(value).unwrap_or_default()),
        };
        RawField { id, offset: start, value }
    }
}

/// One field as it stands in the transmission.
#[derive(Debug, Clone, Copy)]
pub struct RawField<'a> {
    id: FieldId,
    offset: u32,
    value: Value<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Value<'a> {
    /// Known to be printable.
    Text(&'a str),
    /// Not known to be anything.
    Bytes(&'a [u8]),
}

impl<'a> RawField<'a> {
    /// A field of a fixed header; `text` is the header if all of it is printable.
    pub(crate) fn fixed(
        id: FieldId,
        place: Range<usize>,
        bytes: &'a [u8],
        text: Option<&'a str>,
    ) -> Option<RawField<'a>> {
        let offset = u32::try_from(place.start).ok()?;
        let value = match text.and_then(|text| text.get(place.clone())) {
            Some(text) => Value::Text(text),
            None => Value::Bytes(bytes.get(place)?),
        };
        Some(RawField { id, offset, value })
    }

    /// Which field it is.
    #[inline]
    pub const fn id(&self) -> FieldId {
        self.id
    }

    /// Where its id stands in the transmission, in bytes.
    pub const fn offset(&self) -> u32 {
        self.offset
    }

    /// Its value as sent.
    #[inline]
    pub const fn bytes(&self) -> &'a [u8] {
        match self.value {
            Value::Text(text) => text.as_bytes(),
            Value::Bytes(bytes) => bytes,
        }
    }

    /// Its value as text; `None` if it is not UTF-8 or holds control characters.
    #[inline]
    pub fn text(&self) -> Option<&'a str> {
        match self.value {
            Value::Text(text) => Some(text),
            Value::Bytes(bytes) => checked_text(bytes),
        }
    }

    /// Its value without the blanks at its end, which mean nothing.
    #[inline]
    pub(crate) fn trimmed(&self) -> &'a [u8] {
        let bytes = self.bytes();
        match bytes.last() {
            Some(b' ') => bytes.get(..without_blanks(bytes)).unwrap_or_default(),
            _ => bytes,
        }
    }

    /// The same as text; `None` if it is not UTF-8 or holds control characters.
    #[inline]
    pub(crate) fn trimmed_text(&self) -> Option<&'a str> {
        let text = self.text()?;
        match text.as_bytes().last() {
            Some(b' ') => text.get(..without_blanks(text.as_bytes())),
            _ => Some(text),
        }
    }
}

/// Text of a transmission that is not plain throughout, and therefore looked at field by field.
#[cold]
fn checked_text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| !text.bytes().any(|byte| byte.is_ascii_control()))
}

fn without_blanks(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|&byte| byte != b' ').map_or(0, |last| last + 1)
}
