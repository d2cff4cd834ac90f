//! The stored form of entries and families: CBOR (RFC 8949), structures as arrays whose places
//! are the numbers of the fields (`#[n(..)]`).
//!
//! A number once written is never given to another field or variant. What is added later gets
//! the next number and is an `Option` or has a default, so that this program reads what an
//! earlier one wrote; `tests/stored.rs` holds bytes of every kind against that. A third of the
//! size of JSON and several times as fast, it can still be read without this program: any CBOR
//! reader shows its values, and `openpbm export` writes every entry as JSON.

use std::str::FromStr;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

use crate::{
    Adjudication, Bin, BookVersion, CardholderId, Claim, ClaimId, Date, Entry, Family, FeedLineId,
    GroupId, Ndc, Npi, Pcn, PersonCode, RejectCode, Reversal, Timestamp,
};

/// Bytes that are not an entry or a family. It repeats nothing of them: they are about people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored bytes cannot be read at byte {position}")]
pub struct Unreadable {
    /// Where reading ended, from 0; 0 if that is not known.
    pub position: usize,
}

macro_rules! stored {
    ($name:ident, $capacity:literal) => {
        impl $name {
            /// The stored form.
            pub fn to_bytes(&self) -> Vec<u8> {
                let mut bytes = Vec::with_capacity($capacity);
                encode(self, &mut bytes);
                bytes
            }

            /// Reads the stored form.
            ///
            /// # Errors
            ///
            /// [`Unreadable`] if the bytes are something else, or more than one value.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
                decode(bytes)
            }
        }
    };
}

// Room for nearly all of them without growing.
stored!(Entry, 1024);
stored!(Family, 4096);
stored!(Claim, 256);
stored!(Reversal, 64);

/// Appends the CBOR of a value.
pub(crate) fn encode(value: &impl Encode<()>, bytes: &mut Vec<u8>) {
    #[expect(clippy::expect_used, reason = "a vector takes every write, and no value refuses")]
    minicbor::encode(value, Appending(bytes)).expect("writing to a vector does not fail");
}

/// The 64-bit FNV-1a hash of bytes. It is stored and written to files, so it stays the same from
/// release to release.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Adjudication {
    /// A number that is the same for the same answer with the same reasons, and in all
    /// likelihood another for any other: the hash of the stored form.
    pub fn fingerprint(&self) -> u64 {
        let mut bytes = Vec::with_capacity(1024);
        encode(self, &mut bytes);
        hash(&bytes)
    }
}

/// A vector that is written to byte by byte: a call for each would cost more than the byte.
struct Appending<'a>(&'a mut Vec<u8>);

impl Write for Appending<'_> {
    type Error = std::convert::Infallible;

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

fn decode<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, Unreadable> {
    let mut decoder = Decoder::new(bytes);
    let unreadable = |position| Unreadable { position };
    let value = decoder.decode().map_err(|e: DecodeError| unreadable(e.position().unwrap_or(0)))?;
    let end = decoder.position();
    if end == bytes.len() { Ok(value) } else { Err(unreadable(end)) }
}

/// What an entry shares with the answer to the pharmacy is stored like what it alone has.
pub(crate) mod shared {
    use std::sync::Arc;

    use super::{Decode, DecodeError, Decoder, Encode, EncodeError, Encoder, Write};

    pub(crate) fn encode<C, T: Encode<C>, W: Write>(
        value: &Arc<T>,
        encoder: &mut Encoder<W>,
        context: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        value.as_ref().encode(encoder, context)
    }

    pub(crate) fn decode<'b, C, T: Decode<'b, C>>(
        decoder: &mut Decoder<'b>,
        context: &mut C,
    ) -> Result<Arc<T>, DecodeError> {
        T::decode(decoder, context).map(Arc::new)
    }
}

/// True for what says nothing, and so takes no room in JSON or in the stored form.
pub(crate) fn is_empty<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A part that is stored only where it says something, so that what was stored before the part
/// existed reads the same, and a claim without it has the fingerprint that it always had.
pub(crate) mod sparse {
    use minicbor::data::Type;

    use super::{Decode, DecodeError, Decoder, Encode, EncodeError, Encoder, Write};

    pub(crate) fn encode<C, T: Encode<C>, W: Write>(
        value: &T,
        encoder: &mut Encoder<W>,
        context: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        value.encode(encoder, context)
    }

    pub(crate) fn decode<'b, C, T: Default + Decode<'b, C>>(
        decoder: &mut Decoder<'b>,
        context: &mut C,
    ) -> Result<T, DecodeError> {
        if decoder.datatype()? == Type::Null {
            decoder.null()?;
            return Ok(T::default());
        }
        T::decode(decoder, context)
    }

    pub(crate) fn is_nil<T: Default + PartialEq>(value: &T) -> bool {
        super::is_empty(value)
    }

    #[expect(clippy::unnecessary_wraps, reason = "the derived code asks for an option")]
    pub(crate) fn nil<T: Default>() -> Option<T> {
        Some(T::default())
    }
}

/// Says how a type of one value is written and read.
macro_rules! as_value {
    ($name:ty, $type:ty, $to:expr, $from:expr) => {
        impl<C> Encode<C> for $name {
            fn encode<W: Write>(
                &self,
                encoder: &mut Encoder<W>,
                context: &mut C,
            ) -> Result<(), EncodeError<W::Error>> {
                let to: fn(&Self) -> $type = $to;
                to(self).encode(encoder, context)
            }
        }
        impl<'b, C> Decode<'b, C> for $name {
            fn decode(decoder: &mut Decoder<'b>, context: &mut C) -> Result<Self, DecodeError> {
                let position = decoder.position();
                let from: fn($type) -> Option<Self> = $from;
                from(<$type>::decode(decoder, context)?).ok_or_else(|| {
                    DecodeError::message(concat!("not a ", stringify!($name))).at(position)
                })
            }
        }
    };
}

/// Says that a type is written as text.
macro_rules! as_text {
    ($($name:ty, $to:expr;)*) => {$(
        impl<C> Encode<C> for $name {
            fn encode<W: Write>(
                &self,
                encoder: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), EncodeError<W::Error>> {
                let to: fn(&Self) -> &str = $to;
                encoder.str(to(self))?.ok()
            }
        }
        impl<'b, C> Decode<'b, C> for $name {
            fn decode(decoder: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
                let position = decoder.position();
                let found = Self::from_str(decoder.str()?).ok();
                found.ok_or_else(|| {
                    DecodeError::message(concat!("not a ", stringify!($name))).at(position)
                })
            }
        }
    )*};
}

as_text! {
    Bin, Self::as_str;
    CardholderId, Self::as_str;
    FeedLineId, Self::as_str;
    GroupId, Self::as_str;
    Pcn, Self::as_str;
    PersonCode, Self::as_str;
    RejectCode, |code| code.code();
}

as_value!(Ndc, u64, |ndc| ndc.number(), Self::from_number);
as_value!(Npi, u64, |npi| npi.number(), Self::from_number);
as_value!(Timestamp, u64, |instant| instant.millis(), |millis| Some(Self::from_millis(millis)));
as_value!(BookVersion, minicbor::bytes::ByteArray<32>, |v| v.digest().into(), |digest| {
    Some(Self::from_digest(digest.into()))
});
// Days since 1970-01-01: three bytes for the days of our lives.
as_value!(Date, i32, |date| date.epoch_days(), Self::from_epoch_days);
// The 100 bits of an id, the highest first.
as_value!(ClaimId, minicbor::bytes::ByteArray<13>, |id| id.to_bytes().into(), |bytes| {
    Self::from_bytes(bytes.into())
});
