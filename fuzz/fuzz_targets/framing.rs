//! Any stream: it is cut the same in one piece and byte by byte, and memory stays bounded.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openpbm_wire::ncpdp::MAX_TRANSMISSION;
use openpbm_wire::ncpdp::framing::{Deframer, Framing};

fuzz_target!(|stream: &[u8]| {
    assert_eq!(cut(stream, 1), cut(stream, stream.len().max(1)));
});

fn cut(stream: &[u8], size: usize) -> Vec<(Framing, Vec<u8>)> {
    let mut deframer = Deframer::detecting();
    let mut found = Vec::new();
    for piece in stream.chunks(size) {
        deframer.push(piece);
        loop {
            match deframer.next_frame() {
                Ok(Some(frame)) => found.push((frame.framing, frame.transmission.to_vec())),
                Ok(None) => break,
                Err(_) => return found,
            }
        }
        assert!(deframer.pending().len() <= MAX_TRANSMISSION + size);
    }
    found
}
