//! What holds of every input.

use openpbm_wire::ncpdp::fields::SEGMENTS;
use openpbm_wire::ncpdp::segments::{request, response};
use openpbm_wire::ncpdp::{
    Encoder, Group, Request, RequestHeader, Response, ResponseHeader, Segment, SegmentId,
};
use proptest::collection::vec;
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::{Just, Strategy};

use crate::choices::Choices;
use crate::fixtures::{B1, COMPOUND, PAID, REJECTED, through};

/// Calls `$call!(module::Segment)` for every segment.
macro_rules! every_segment {
    ($call:ident) => {
        $call! {
            request::Patient, request::PharmacyProvider, request::Prescriber, request::Insurance,
            request::CoordinationOfBenefits, request::WorkersCompensation, request::Claim,
            request::DurPps, request::Coupon, request::Compound, request::Pricing,
            request::PriorAuthorization, request::Clinical, request::AdditionalDocumentation,
            request::Facility, request::Narrative, response::Message, response::Status,
            response::Claim, response::Pricing, response::DurPps, response::Insurance,
            response::PriorAuthorization, response::InsuranceAdditionalInformation,
            response::CoordinationOfBenefits, response::Patient,
        }
    };
}

/// Writes every segment of `group` from what its typed form holds.
fn rewrite(group: &Group<'_, '_>, encoder: &mut Encoder<'_>) -> Result<(), String> {
    for raw in group.segments() {
        let mut known = false;
        macro_rules! each {
            ($($module:ident::$segment:ident),+ $(,)?) => {$(
                if raw.id() == Some(<$module::$segment as Segment>::ID) {
                    let typed = <$module::$segment as Segment>::read(&raw);
                    if !typed.faults().is_empty() {
                        return Err(format!("{:?}", typed.faults()));
                    }
                    encoder.segment(&typed);
                    known = true;
                }
            )+};
        }
        every_segment!(each);
        if !known {
            return Err(format!("segment {:?} is not known", raw.id()));
        }
    }
    Ok(())
}

/// Reads every segment as every type, which must never fail.
fn read_all(group: &Group<'_, '_>) -> usize {
    let mut faults = 0;
    for raw in group.segments() {
        macro_rules! each {
            ($($module:ident::$segment:ident),+ $(,)?) => {$(
                faults += <$module::$segment as Segment>::read(&raw).faults().len();
            )+};
        }
        every_segment!(each);
    }
    faults
}

fn request_header() -> RequestHeader<'static> {
    let header = Request::decode(B1).unwrap().header();
    RequestHeader { transaction_count: 1.into(), ..header }
}

/// Bytes that often look like a transmission.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => Just(vec![0x1c]),
        1 => Just(vec![0x1d]),
        2 => Just(vec![0x1e]),
        2 => Just(b"AM07".to_vec()),
        2 => prop::sample::select(&[b"E7", b"D7", b"DE", b"NX", b"DK", b"7E", b"HB", b"DV"])
            .prop_map(|id| id.to_vec()),
        3 => vec(any::<u8>(), 0..6),
        3 => "[0-9A-R{}]{0,9}".prop_map(String::into_bytes),
    ];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic_and_what_decodes_encodes_the_same(bytes in any::<Vec<u8>>()) {
        if let Ok(out) = through::<RequestHeader<'_>>(&bytes) {
            prop_assert_eq!(&out, &bytes);
        }
        if let Ok(out) = through::<ResponseHeader<'_>>(&bytes) {
            prop_assert_eq!(&out, &bytes);
        }
    }

    #[test]
    fn nearly_a_transmission(body in nearly(), response in any::<bool>()) {
        let header = if response { &PAID[..31] } else { &B1[..56] };
        let bytes = [header, &body].concat();
        if response {
            if let Ok(decoded) = Response::decode(&bytes) {
                prop_assert_eq!(through::<ResponseHeader<'_>>(&bytes), Ok(bytes.clone()));
                read_all(&decoded.transmission());
                decoded.transactions().for_each(|group| { read_all(&group); });
            }
        } else if let Ok(decoded) = Request::decode(&bytes) {
            prop_assert_eq!(through::<RequestHeader<'_>>(&bytes), Ok(bytes.clone()));
            read_all(&decoded.transmission());
            decoded.transactions().for_each(|group| { read_all(&group); });
        }
    }

    #[test]
    fn a_mutated_transmission(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        which in 0usize..4,
    ) {
        let mut bytes = [B1, COMPOUND, PAID, REJECTED][which].to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if which < 2 {
            if let Ok(decoded) = Request::decode(&bytes) {
                decoded.transactions().for_each(|group| { read_all(&group); });
                prop_assert_eq!(through::<RequestHeader<'_>>(&bytes), Ok(bytes.clone()));
            }
        } else if let Ok(decoded) = Response::decode(&bytes) {
            decoded.transactions().for_each(|group| { read_all(&group); });
            prop_assert_eq!(through::<ResponseHeader<'_>>(&bytes), Ok(bytes.clone()));
        }
    }

    /// Canonical bytes of every segment, with arbitrary values in arbitrary fields, are read
    /// without a fault and written the same: so typed values survive, and canonical form is one.
    #[test]
    fn canonical_segments_come_back(
        which in any::<prop::sample::Index>(),
        choices in vec(any::<u16>(), 0..600),
    ) {
        let known: Vec<_> = SEGMENTS.iter().filter(|segment| segment.id.is_some()).collect();
        let segment = which.get(&known);
        let mut bytes = B1[..56].to_vec();
        bytes.extend_from_slice(b"\x1d\x1e\x1cAM");
        bytes.extend_from_slice(&segment.id.map(SegmentId::bytes).unwrap_or_default());
        let opened = bytes.len();
        Choices(&choices).block(segment.fields, &mut bytes);
        prop_assert!(bytes.len() > opened || segment.fields.len() <= 3);
        if bytes.len() == opened {
            return Ok(());
        }

        let decoded = Request::decode(&bytes).unwrap();
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, &request_header());
        encoder.transaction();
        prop_assert_eq!(rewrite(&decoded.transactions().next().unwrap(), &mut encoder), Ok(()));
        encoder.finish().unwrap();
        prop_assert_eq!(out.escape_ascii().to_string(), bytes.escape_ascii().to_string());
    }
}

#[test]
fn typed_values_survive_the_wire() {
    for (bytes, transactions) in [(B1, 1), (COMPOUND, 1), (crate::fixtures::FOUR, 4)] {
        let decoded = Request::decode(bytes).unwrap();
        let header = RequestHeader { transaction_count: transactions.into(), ..decoded.header() };
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, &header);
        rewrite(&decoded.transmission(), &mut encoder).unwrap();
        for group in decoded.transactions() {
            encoder.transaction();
            rewrite(&group, &mut encoder).unwrap();
        }
        encoder.finish().unwrap();
        let again = Request::decode(&out).unwrap();
        assert_eq!(again.header(), decoded.header());
        for (one, other) in again.transactions().zip(decoded.transactions()) {
            assert_eq!(one.read::<request::Claim>(), other.read::<request::Claim>());
            assert_eq!(one.read::<request::Pricing>(), other.read::<request::Pricing>());
            assert_eq!(
                one.read::<request::CoordinationOfBenefits>(),
                other.read::<request::CoordinationOfBenefits>()
            );
        }
    }
}
