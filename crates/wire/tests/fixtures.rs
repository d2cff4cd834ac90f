//! The transmissions under `fixtures/ncpdp`, and that each comes out as it went in.

use openpbm_wire::ncpdp::{DecodeError, Header, Request, Response, Transmission};

pub(crate) const B1: &[u8] = include_bytes!("../../../fixtures/ncpdp/b1.d0");
pub(crate) const COMPOUND: &[u8] = include_bytes!("../../../fixtures/ncpdp/b1-compound.d0");
pub(crate) const FOUR: &[u8] = include_bytes!("../../../fixtures/ncpdp/b1-four-claims.d0");
pub(crate) const ODD: &[u8] = include_bytes!("../../../fixtures/ncpdp/b1-odd-separators.d0");
pub(crate) const UNKNOWN: &[u8] = include_bytes!("../../../fixtures/ncpdp/b1-unknown-fields.d0");
pub(crate) const B2: &[u8] = include_bytes!("../../../fixtures/ncpdp/b2.d0");
pub(crate) const E1: &[u8] = include_bytes!("../../../fixtures/ncpdp/e1.d0");
pub(crate) const PAID: &[u8] = include_bytes!("../../../fixtures/ncpdp/response-paid.d0");
pub(crate) const REJECTED: &[u8] = include_bytes!("../../../fixtures/ncpdp/response-rejected.d0");
pub(crate) const DATELESS: &[u8] =
    include_bytes!("../../../fixtures/ncpdp/response-without-date.d0");

pub(crate) const REQUESTS: [&[u8]; 7] = [B1, COMPOUND, FOUR, ODD, UNKNOWN, B2, E1];
pub(crate) const RESPONSES: [&[u8]; 3] = [PAID, REJECTED, DATELESS];

/// Decodes and encodes again.
pub(crate) fn through<'a, H: Header<'a>>(bytes: &'a [u8]) -> Result<Vec<u8>, DecodeError> {
    let mut out = Vec::new();
    Transmission::<H>::decode(bytes)?.encode(&mut out);
    Ok(out)
}

#[test]
fn every_fixture_comes_out_as_it_went_in() {
    for bytes in REQUESTS {
        let mut out = Vec::new();
        Request::decode(bytes).unwrap().encode(&mut out);
        assert_eq!(out, bytes);
    }
    for bytes in RESPONSES {
        let mut out = Vec::new();
        Response::decode(bytes).unwrap().encode(&mut out);
        assert_eq!(out, bytes);
    }
}
