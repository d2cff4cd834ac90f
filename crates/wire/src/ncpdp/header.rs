//! The fixed headers: fields by place, without ids or separators.
//!
//! Reading a header never fails. It gives whatever the bytes hold, so that an answer can be
//! addressed even when the rest of the transmission makes no sense.

use super::encode::Encoder;
use super::error::DecodeError;
use super::field::{Field, FieldId};
use super::fields::{FieldInfo, Repeats};
use super::format::{self, Format, Picture};
use super::frame::RawField;
use super::scan::is_plain;

/// A fixed header: [`RequestHeader`] or [`ResponseHeader`].
pub trait Header<'a>: Default {
    /// The header's fields, in their places.
    const FIELDS: &'static [FieldInfo];
    /// The length of a complete header, in bytes.
    const LENGTH: usize;
    /// Where the version (102-A2) stands, in bytes.
    const VERSION_AT: usize;
    /// Where the transaction count (109-A9) stands, in bytes.
    const COUNT_AT: usize;

    /// Reads as much of a header as is there; what the input does not reach is absent.
    fn read(bytes: &'a [u8]) -> Self;

    /// Writes the header, blank-filled.
    fn write(&self, encoder: &mut Encoder<'_>);

    /// The transaction count (109-A9).
    fn transaction_count(&self) -> Field<u32>;

    /// How long the header is, if `unseparated` bytes come before the first separator.
    ///
    /// # Errors
    ///
    /// [`DecodeError::Header`] if the header is cut short.
    fn length(unseparated: usize) -> Result<usize, DecodeError> {
        if unseparated >= Self::LENGTH {
            Ok(Self::LENGTH)
        } else {
            Err(DecodeError::Header { offset: unseparated, expected: Self::LENGTH })
        }
    }
}

macro_rules! header {
    (
        $(#[doc = $about:literal])+
        $name:ident<$lt:lifetime>, version at $version:literal, count at $count:literal {
            $( $(#[doc = $doc:literal])+ $number:literal $member:ident: $format:ident $args:tt, )+
        }
        $($length:item)?
    ) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct $name<$lt> {
            $(
                #[doc = concat!("Field ", $number, ", `", stringify!($format $args), "`.\n\n")]
                $(#[doc = $doc])+
                pub $member: slot!($lt $format $args),
            )+
        }

        impl<$lt> Header<$lt> for $name<$lt> {
            const FIELDS: &'static [FieldInfo] = &[
                $(
                    FieldInfo {
                        number: $number,
                        id: FieldId::of($number),
                        name: stringify!($member),
                        meaning: concat!($($doc),+),
                        picture: <format_of!($lt $format $args) as Format<$lt>>::PICTURE,
                        repeats: Repeats::No,
                        items: &[],
                    },
                )+
            ];
            const LENGTH: usize = 0 $( + width(<format_of!($lt $format $args)>::PICTURE) )+;
            const VERSION_AT: usize = $version;
            const COUNT_AT: usize = $count;

            fn read(bytes: &$lt [u8]) -> Self {
                let text = if is_plain(bytes) { std::str::from_utf8(bytes).ok() } else { None };
                let mut places = Places { bytes, text, at: 0 };
                $name {
                    $(
                        $member: places.next::<format_of!($lt $format $args)>(
                            const { FieldId::of($number) },
                        ),
                    )+
                }
            }

            fn write(&self, encoder: &mut Encoder<'_>) {
                $(
                    encoder.fixed::<format_of!($lt $format $args)>(
                        const { FieldId::of($number) },
                        &self.$member,
                        const { width(<format_of!($lt $format $args)>::PICTURE) },
                    );
                )+
            }

            fn transaction_count(&self) -> Field<u32> {
                self.transaction_count
            }

            $($length)?
        }
    };
}

/// The bytes that a field takes in a fixed header.
const fn width(picture: Picture) -> usize {
    match picture {
        Picture::Text(width) => width as usize,
        Picture::Digits(width) => width as usize,
        Picture::Date => 8,
        Picture::Time => 4,
        Picture::Decimal(whole, scale) | Picture::Signed(whole, scale) => {
            whole as usize + scale as usize
        }
    }
}

/// Takes a header's fields one after the other.
struct Places<'a> {
    bytes: &'a [u8],
    text: Option<&'a str>,
    at: usize,
}

impl<'a> Places<'a> {
    fn next<F: Format<'a>>(&mut self, id: FieldId) -> Field<F::Value> {
        let start = self.at;
        self.at += width(F::PICTURE);
        match RawField::fixed(id, start..self.at, self.bytes, self.text) {
            Some(field) => format::read::<F>(&field, 1),
            None => Field::Absent,
        }
    }
}

header! {
    /// The header of a request, 56 bytes.
    RequestHeader<'a>, version at 6, count at 20 {
        /// Routes the transmission to its processor: the bank or issuer identification number.
        "101-A1" bin: digits(6),
        /// The version of the standard; `D0`.
        "102-A2" version: text(2),
        /// What is asked for: `B1` billing, `B2` reversal, `B3` rebill, `E1` eligibility…
        "103-A3" transaction_code: text(2),
        /// Routes further within the processor.
        "104-A4" processor_control_number: text(10),
        /// How many transactions follow, 1 to 4.
        "109-A9" transaction_count: number(1),
        /// Which kind of id 201-B1 is; `01` is an NPI.
        "202-B2" service_provider_id_qualifier: text(2),
        /// The pharmacy.
        "201-B1" service_provider_id: text(15),
        /// The day of the fill.
        "401-D1" date_of_service: date(),
        /// The certified software that made the request.
        "110-AK" software_vendor: text(10),
    }
}

header! {
    /// The header of a response, 31 bytes; some processors leave the date out and send 23.
    ResponseHeader<'a>, version at 0, count at 4 {
        /// The version of the standard; `D0`.
        "102-A2" version: text(2),
        /// The request's transaction code.
        "103-A3" transaction_code: text(2),
        /// How many transactions are answered, 1 to 4.
        "109-A9" transaction_count: number(1),
        /// Whether the transmission as a whole was taken: `A` accepted, `R` rejected.
        "501-F1" header_response_status: text(1),
        /// Which kind of id 201-B1 is; `01` is an NPI.
        "202-B2" service_provider_id_qualifier: text(2),
        /// The pharmacy.
        "201-B1" service_provider_id: text(15),
        /// The day of the fill.
        "401-D1" date_of_service: date(),
    }

    fn length(unseparated: usize) -> Result<usize, DecodeError> {
        let dateless = Self::LENGTH - width(Picture::Date);
        match unseparated {
            bytes if bytes >= Self::LENGTH => Ok(Self::LENGTH),
            bytes if bytes == dateless => Ok(dateless),
            offset => Err(DecodeError::Header { offset, expected: Self::LENGTH }),
        }
    }
}
