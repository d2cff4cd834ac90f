//! The public samples, which are not part of this repository.

use std::path::PathBuf;

use openpbm_wire::ncpdp::{Request, RequestHeader, Response, ResponseHeader};

use crate::fixtures::through;

#[test]
#[ignore = "real-data lane"]
fn public_samples_come_out_as_they_went_in() {
    let shared = std::env::var_os("OPENPBM_SHARED").expect("OPENPBM_SHARED names the samples");
    let directory = PathBuf::from(shared).join("data/ncpdp");
    let mut samples = 0;
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "d0") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        let (out, fields): (_, usize) = if bytes.starts_with(b"D0") {
            let decoded = Response::decode(&bytes).unwrap();
            let groups = decoded.transactions().map(|group| group.segments().count());
            (through::<ResponseHeader<'_>>(&bytes), groups.sum())
        } else {
            let decoded = Request::decode(&bytes).unwrap();
            (through::<RequestHeader<'_>>(&bytes), decoded.transmission().segments().count())
        };
        assert_eq!(out.as_ref(), Ok(&bytes), "{}", path.display());
        assert!(fields > 0, "{}", path.display());
        samples += 1;
    }
    assert!(samples >= 4, "{samples} samples");
}
