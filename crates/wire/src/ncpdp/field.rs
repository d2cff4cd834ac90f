//! A field's id, and what became of its value.

use std::fmt;

use super::fields;

/// The two characters that name a field on the wire, as `C2` names 302-C2.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldId(u16);

impl FieldId {
    /// 111-AM, which opens every segment.
    pub const SEGMENT: FieldId = FieldId::new(*b"AM");

    /// The field named by these two characters, known or not.
    pub const fn new(id: [u8; 2]) -> FieldId {
        FieldId(u16::from_be_bytes(id))
    }

    /// The field with this number: the last two characters of, say, `302-C2`.
    pub const fn of(number: &str) -> FieldId {
        match number.as_bytes() {
            [.., first, second] => FieldId::new([*first, *second]),
            _ => FieldId(0),
        }
    }

    /// The two characters.
    pub const fn bytes(self) -> [u8; 2] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for FieldId {
    /// Writes the full number (302-C2) of a known field, the two characters of another.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match fields::lookup(*self) {
            Some(info) => f.write_str(info.number),
            None => write!(f, "{}", self.bytes().escape_ascii()),
        }
    }
}

impl fmt::Debug for FieldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldId({})", self.bytes().escape_ascii())
    }
}

/// What became of one field of a typed segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// The field was not sent.
    #[default]
    Absent,
    /// The field was sent without a value: empty, blanks, or a date of zeros.
    Blank,
    /// The field has this value.
    Value(T),
    /// The field was sent and cannot be read.
    Invalid(InvalidField),
}

impl<T: Copy> Field<T> {
    /// The value, if there is a valid one.
    pub const fn value(&self) -> Option<T> {
        match self {
            Field::Value(value) => Some(*value),
            Field::Absent | Field::Blank | Field::Invalid(_) => None,
        }
    }

    /// The value, `None` where nothing was sent, or what is wrong with it.
    pub const fn get(&self) -> Result<Option<T>, InvalidField> {
        match self {
            Field::Value(value) => Ok(Some(*value)),
            Field::Absent | Field::Blank => Ok(None),
            Field::Invalid(fault) => Err(*fault),
        }
    }

    /// What is wrong with the field, if anything.
    pub const fn fault(&self) -> Option<InvalidField> {
        match self {
            Field::Invalid(fault) => Some(*fault),
            Field::Absent | Field::Blank | Field::Value(_) => None,
        }
    }
}

impl<T> Field<T> {
    /// The field itself; a repeating group answers with its count.
    pub(crate) fn own_field(&mut self) -> &mut Field<T> {
        self
    }
}

impl<T> From<T> for Field<T> {
    fn from(value: T) -> Field<T> {
        Field::Value(value)
    }
}

impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Field<T> {
        value.map_or(Field::Absent, Field::Value)
    }
}

/// A field that cannot be read, exactly enough for an answer to reject it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidField {
    /// Which field.
    pub id: FieldId,
    /// Which occurrence within its repeating group, from 1; 1 for a field that does not repeat.
    pub occurrence: u8,
    /// What is wrong with it.
    pub reason: Reason,
    /// Where the field starts in the transmission, in bytes.
    pub offset: u32,
}

impl fmt::Display for InvalidField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let InvalidField { id, occurrence, reason, offset } = self;
        write!(f, "field {id}, occurrence {occurrence}, at byte {offset} {reason}")?;
        match fields::lookup(*id) {
            Some(info) => write!(f, "; its picture is {}", info.picture),
            None => Ok(()),
        }
    }
}

impl std::error::Error for InvalidField {}

/// What is wrong with a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// It holds control characters or is not UTF-8.
    NotText,
    /// It holds something other than digits.
    NotDigits,
    /// It is longer than its picture.
    TooLong,
    /// It is no day of the calendar.
    NotDate,
    /// It is no time of day.
    NotTime,
    /// Its sign or digits are not those of a signed amount.
    NotSigned,
    /// It was sent more than once, and may not be.
    Repeated,
    /// The count does not agree with the occurrences that follow.
    Count,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::NotText => "holds characters that are not text",
            Reason::NotDigits => "holds something other than digits",
            Reason::TooLong => "is too long",
            Reason::NotDate => "is no day of the calendar (ccyymmdd)",
            Reason::NotTime => "is no time of day (hhmm)",
            Reason::NotSigned => "is no amount with its sign in the last digit",
            Reason::Repeated => "was sent more than once",
            Reason::Count => "does not agree with the occurrences sent",
        })
    }
}
