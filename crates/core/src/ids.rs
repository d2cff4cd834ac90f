//! Typed identifiers. Short texts are held in place, so that ids are `Copy` and cost no
//! allocation on a claim's way.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{ParseError, Timestamp};

/// A text of at most `N` printable ASCII characters, held in place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
    length: u8,
}

impl<const N: usize> Text<N> {
    /// The text without surrounding blanks; `None` if it is empty, longer than `N` or holds
    /// other than printable ASCII.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim_matches(' ');
        let fits = !text.is_empty() && text.len() <= N && N <= 255;
        if !fits || !text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
            return None;
        }
        let mut bytes = [0; N];
        bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        Some(Self { bytes, length: u8::try_from(text.len()).ok()? })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        let bytes = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

impl<const N: usize> fmt::Display for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<const N: usize> fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// Writes and reads a type through its `Display` and `FromStr`.
macro_rules! serde_as_text {
    ($name:ty) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// An identifier that is a short text: what it is, and how long it may be.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $length:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(Text<$length>);

        impl $name {
            /// The id as it is written.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseError;
            fn from_str(text: &str) -> Result<Self, ParseError> {
                Text::new(text).map(Self).ok_or_else(|| ParseError::new(text, $expected))
            }
        }

        serde_as_text!($name);
    };
}

text_id!(
    /// 101-A1, the bank identification number that routes a claim to its processor.
    Bin, 6, "a BIN of at most 6 characters"
);
text_id!(
    /// 104-A4, the processor control number.
    Pcn, 10, "a PCN of at most 10 characters"
);
text_id!(
    /// 301-C1, the group whose benefit applies.
    GroupId, 15, "a group id of at most 15 characters"
);
text_id!(
    /// 302-C2, the id on the member's card, shared by a family.
    CardholderId, 20, "a cardholder id of at most 20 characters"
);
text_id!(
    /// What a feed calls one of its lines, once and for all.
    FeedLineId, 40, "an id of at most 40 characters"
);
text_id!(
    /// 303-C3, who in the family: `01` is the subscriber.
    PersonCode, 3, "a person code of at most 3 characters"
);

/// The unit of consistency: everyone on one card. It is the cardholder id of the subscriber,
/// or, for transmissions that name nobody, a `~` and the pharmacy's number.
pub type FamilyId = CardholderId;

/// A national drug code in 11 digits (5-4-2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ndc(u64);

impl Ndc {
    /// Stands for the product of a compound, which has no NDC of its own; no product has this one.
    pub const NONE: Self = Self(99_999_999_999);

    /// The code of that number, if it has at most 11 digits and is not zero.
    pub const fn from_number(number: u64) -> Option<Self> {
        if number > 0 && number < 100_000_000_000 { Some(Self(number)) } else { None }
    }

    /// The code as a number below 10^11.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// Reads a 10-digit code by its hyphens (4-4-2, 5-3-2 or 5-4-1), or an 11-digit one with
    /// hyphens (5-4-2), by putting the missing zero in front of the short part.
    pub fn from_hyphenated(text: &str) -> Result<Self, ParseError> {
        let expected = "an NDC with hyphens: 4-4-2, 5-3-2, 5-4-1 or 5-4-2 digits";
        let error = || ParseError::new(text, expected);
        let mut parts = text.split('-');
        let (Some(labeler), Some(product), Some(package), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(error());
        };
        let shape = (labeler.len(), product.len(), package.len());
        if !matches!(shape, (4, 4, 2) | (5, 3, 2) | (5, 4, 1) | (5, 4, 2)) {
            return Err(error());
        }
        format!("{labeler:0>5}{product:0>4}{package:0>2}").parse().map_err(|_| error())
    }

    /// The code with hyphens, `00093-7270-98`, as people read it.
    pub fn hyphenated(self) -> String {
        let (labeler, product) = (self.0 / 1_000_000, self.0 / 100 % 10_000);
        format!("{labeler:05}-{product:04}-{:02}", self.0 % 100)
    }
}

impl FromStr for Ndc {
    type Err = ParseError;
    /// Reads exactly 11 digits.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let digits = text.len() == 11 && text.bytes().all(|b| b.is_ascii_digit());
        let number = digits.then(|| text.parse().ok()).flatten();
        number
            .and_then(Self::from_number)
            .ok_or_else(|| ParseError::new(text, "an NDC of 11 digits, not all zero"))
    }
}

impl fmt::Display for Ndc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:011}", self.0)
    }
}

impl fmt::Debug for Ndc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A national provider identifier: ten digits, the last of them a check digit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Npi(u64);

impl Npi {
    /// The identifier as a number of ten digits.
    pub const fn number(self) -> u64 {
        self.0
    }

    /// The identifier of that number, if it has at most ten digits and a right check digit.
    pub fn from_number(number: u64) -> Option<Self> {
        (number < 10_000_000_000 && Self::luhn_holds(number)).then_some(Self(number))
    }

    /// The Luhn sum of the ten digits behind the prefix 80840, which adds 24 (45 CFR 162.406).
    fn luhn_holds(number: u64) -> bool {
        let mut rest = number;
        let mut sum = 24;
        for place in 0..10 {
            let digit = rest % 10;
            let weighted = if place % 2 == 1 { digit * 2 } else { digit };
            sum += weighted / 10 + weighted % 10;
            rest /= 10;
        }
        sum % 10 == 0
    }
}

impl FromStr for Npi {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let digits = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit());
        let number = digits.then(|| text.parse().ok()).flatten();
        number
            .and_then(Self::from_number)
            .ok_or_else(|| ParseError::new(text, "an NPI of 10 digits with a right check digit"))
    }
}

impl fmt::Display for Npi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}

impl fmt::Debug for Npi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// 402-D2, the pharmacy's own number of a prescription: up to 12 digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[derive(Serialize, Deserialize, Encode, Decode)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct PrescriptionNumber(#[n(0)] u64);

impl PrescriptionNumber {
    /// The highest number, which a pharmacy's count hardly reaches.
    pub const MOST: Self = Self(999_999_999_999);

    /// The number, if it is not zero and has at most 12 digits.
    pub const fn new(number: u64) -> Option<Self> {
        if number > 0 && number < 1_000_000_000_000 { Some(Self(number)) } else { None }
    }

    /// The number.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for PrescriptionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The id of one decision, given to the pharmacy as 503-F3, authorization number. Its 20
/// characters are 48 bits of the instant and 52 random bits, so that ids sort by time, say
/// nothing of the member, and need no agreement between nodes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClaimId(u128);

/// Crockford's base 32: no I, L, O or U to misread over the telephone.
const BASE32: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl ClaimId {
    const RANDOM_BITS: u32 = 52;

    /// An id from an instant (its low 48 bits) and random bits (the low 52 of them).
    pub const fn new(millis: u64, random: u64) -> Self {
        let time = (millis as u128) & ((1 << 48) - 1);
        let random = (random as u128) & ((1 << Self::RANDOM_BITS) - 1);
        Self(time << Self::RANDOM_BITS | random)
    }

    /// The instant that it was made of.
    pub fn made(self) -> Timestamp {
        // 48 bits fit.
        Timestamp::from_millis(u64::try_from(self.0 >> Self::RANDOM_BITS).unwrap_or_default())
    }

    /// Its 100 bits, the highest first, behind four that are zero.
    pub fn to_bytes(self) -> [u8; 13] {
        let [_, _, _, bytes @ ..] = self.0.to_be_bytes();
        bytes
    }

    /// The id of these bytes, if the highest four bits are zero.
    pub fn from_bytes(bytes: [u8; 13]) -> Option<Self> {
        let id = bytes.iter().fold(0, |id, byte| id << 8 | u128::from(*byte));
        (id >> 100 == 0).then_some(Self(id))
    }
}

impl fmt::Display for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b'0'; 20];
        let mut rest = self.0;
        for place in text.iter_mut().rev() {
            let digit = usize::try_from(rest & 31).unwrap_or_default();
            *place = BASE32.get(digit).copied().unwrap_or(b'0');
            rest >>= 5;
        }
        f.pad(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for ClaimId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ClaimId {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let error = || ParseError::new(text, "a claim id of 20 characters");
        if text.len() != 20 {
            return Err(error());
        }
        text.bytes()
            .try_fold(0_u128, |id, byte| {
                let digit = BASE32.iter().position(|&c| c == byte.to_ascii_uppercase())?;
                Some(id << 5 | u128::try_from(digit).ok()?)
            })
            .map(Self)
            .ok_or_else(error)
    }
}

/// The version of a book: the SHA-256 of its documents. Shown by its first 12 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BookVersion([u8; 32]);

impl BookVersion {
    /// A version from the digest of the documents.
    pub const fn from_digest(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// The digest.
    pub const fn digest(&self) -> [u8; 32] {
        self.0
    }

    /// The first 12 hex digits, enough for people.
    pub fn short(&self) -> String {
        self.to_string().chars().take(12).collect()
    }
}

impl fmt::Display for BookVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for BookVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short())
    }
}

impl FromStr for BookVersion {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let error = || ParseError::new(text, "a book version of 64 hex digits");
        if text.len() != 64 || !text.is_ascii() {
            return Err(error());
        }
        let mut digest = [0; 32];
        for (index, byte) in digest.iter_mut().enumerate() {
            let pair = text.get(index * 2..index * 2 + 2).ok_or_else(error)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| error())?;
        }
        Ok(Self(digest))
    }
}

serde_as_text!(Ndc);
serde_as_text!(Npi);
serde_as_text!(ClaimId);
serde_as_text!(BookVersion);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_digit_codes_become_eleven_by_their_hyphens() {
        for (hyphenated, eleven) in [
            ("0002-8215-01", "00002821501"),
            ("50242-040-62", "50242004062"),
            ("60575-4112-1", "60575411201"),
            ("00093-7270-98", "00093727098"),
        ] {
            assert_eq!(Ndc::from_hyphenated(hyphenated).unwrap().to_string(), eleven);
        }
        for bad in ["0002-821-01", "0002821501", "0002-8215-01-1", "0002-82a5-01", "--", ""] {
            assert!(Ndc::from_hyphenated(bad).is_err(), "{bad}");
        }
        let ndc: Ndc = "00093727098".parse().unwrap();
        assert_eq!(ndc.hyphenated(), "00093-7270-98");
        assert!("00000000000".parse::<Ndc>().is_err());
    }

    #[test]
    fn an_npi_has_a_right_check_digit() {
        for good in ["1999000015", "1999000023", "1999000114", "1234567893"] {
            assert!(good.parse::<Npi>().is_ok(), "{good}");
        }
        for bad in ["1999000016", "199900001", "19990000150", "199900001x", ""] {
            assert!(bad.parse::<Npi>().is_err(), "{bad}");
        }
    }

    #[test]
    fn claim_ids_sort_by_time_and_read_back() {
        let earlier = ClaimId::new(1_767_225_600_000, u64::MAX);
        let later = ClaimId::new(1_767_225_600_001, 0);
        assert!(earlier < later && earlier.to_string() < later.to_string());
        assert_eq!(later.to_string().parse::<ClaimId>().unwrap(), later);
        assert_eq!(later.to_string().len(), 20);
    }

    #[test]
    fn ids_are_trimmed_and_bounded() {
        assert_eq!("CSCPPO   ".parse::<GroupId>().unwrap().as_str(), "CSCPPO");
        assert!("".parse::<GroupId>().is_err());
        assert!("A234567890123456".parse::<GroupId>().is_err());
        assert!("CSC\u{1c}".parse::<GroupId>().is_err());
    }
}
