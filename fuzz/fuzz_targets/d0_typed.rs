//! Any segments: reading them typed never panics, and typed values without a fault survive being
//! written and read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openpbm_wire::ncpdp::segments::{request, response};
use openpbm_wire::ncpdp::{Encoder, RawSegment, Request, RequestHeader, Segment, VERSION};

const HEADER: &[u8] = b"900001D0B1OPENPBM   1011999000015     20260629OPENPBM   ";

fuzz_target!(|body: &[u8]| {
    let bytes = [HEADER, b"\x1d", body].concat();
    let Ok(decoded) = Request::decode(&bytes) else { return };
    for segment in decoded.transactions().flat_map(|group| group.segments()) {
        every_type(&segment);
    }
});

/// Reads the segment as the type it says it is.
fn every_type(raw: &RawSegment<'_, '_>) {
    macro_rules! each {
        ($($module:ident::$segment:ident)+) => {$(
            if raw.id() == Some(<$module::$segment as Segment>::ID) {
                let typed = <$module::$segment as Segment>::read(raw);
                if typed.faults().is_empty() && let Some(bytes) = write(&typed) {
                    let again = Request::decode(&bytes).expect("what is written decodes");
                    let group = again.transactions().next().expect("a transaction is written");
                    let read = group.read::<$module::$segment>().unwrap_or_default();
                    assert_eq!(read, typed);
                }
            }
        )+};
    }
    each! {
        request::Patient request::PharmacyProvider request::Prescriber request::Insurance
        request::CoordinationOfBenefits request::WorkersCompensation request::Claim
        request::DurPps request::Coupon request::Compound request::Pricing
        request::PriorAuthorization request::Clinical request::AdditionalDocumentation
        request::Narrative response::Message response::Status response::Claim
        response::Pricing response::DurPps response::Insurance response::PriorAuthorization
        response::InsuranceAdditionalInformation response::CoordinationOfBenefits
        response::Patient
    }
}

/// Writes the segment, unless it is longer written than it was read and no longer fits.
fn write<'a>(segment: &impl Segment<'a>) -> Option<Vec<u8>> {
    let version = VERSION.into();
    let header = RequestHeader { version, transaction_count: 1.into(), ..Default::default() };
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, &header);
    encoder.transaction().segment(segment);
    // A segment without fields is not written, so something else must be there.
    encoder.segment(&request::Facility { facility_id: "1".into(), ..Default::default() });
    encoder.finish().ok().map(|()| out)
}
