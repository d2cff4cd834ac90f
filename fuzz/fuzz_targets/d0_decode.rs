//! Any bytes: decoding never panics, and what decodes encodes to the same bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openpbm_wire::ncpdp::{Header, RequestHeader, ResponseHeader, Transmission};

fuzz_target!(|bytes: &[u8]| {
    through::<RequestHeader<'_>>(bytes);
    through::<ResponseHeader<'_>>(bytes);
});

fn through<'a, H: Header<'a>>(bytes: &'a [u8]) {
    H::read(bytes);
    let Ok(decoded) = Transmission::<H>::decode(bytes) else { return };
    let mut out = Vec::new();
    decoded.encode(&mut out);
    assert_eq!(out, bytes);
}
