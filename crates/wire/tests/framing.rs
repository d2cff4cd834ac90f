//! A stream cut into transmissions, however it arrives.

use openpbm_wire::ncpdp::MAX_TRANSMISSION;
use openpbm_wire::ncpdp::framing::{Deframer, Frame, Framing, FramingError};
use proptest::prelude::{any, prop_assert_eq, proptest};

use crate::fixtures::{B1, PAID, REQUESTS};

const BOTH: [Framing; 2] = [Framing::StxEtx, Framing::Length];

/// A request of exactly `length` bytes.
fn request(length: usize) -> Vec<u8> {
    let mut bytes = B1.to_vec();
    bytes.resize(length, b'X');
    bytes
}

fn wrap(framing: Framing, transmission: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    framing.wrap(transmission, &mut out).unwrap();
    out
}

/// Everything that comes out of `stream`, pushed in pieces of `size` bytes.
fn frames(mut deframer: Deframer, stream: &[u8], size: usize) -> Vec<(Framing, Vec<u8>)> {
    let mut found = Vec::new();
    for piece in stream.chunks(size) {
        deframer.push(piece);
        while let Some(Frame { framing, transmission }) = deframer.next_frame().unwrap() {
            found.push((framing, transmission.to_vec()));
        }
    }
    assert!(deframer.is_empty());
    found
}

#[test]
fn every_length_in_both_framings_byte_by_byte_where_it_could_be_mistaken() {
    for length in 56..=1500 {
        let transmission = request(length);
        for framing in BOTH {
            let size = if (505..775).contains(&length) { 1 } else { 100 };
            let stream = wrap(framing, &transmission);
            let found = frames(Deframer::detecting(), &stream, size);
            assert_eq!(found, [(framing, transmission.clone())], "{length}");
        }
    }
}

#[test]
fn the_longest_lengths() {
    for length in [MAX_TRANSMISSION - 1, MAX_TRANSMISSION] {
        for framing in BOTH {
            let stream = wrap(framing, &request(length));
            assert_eq!(frames(Deframer::detecting(), &stream, 1000).len(), 1);
        }
    }
}

#[test]
fn pipelined_requests_in_mixed_framings_keep_their_order() {
    let sent: Vec<_> = REQUESTS
        .iter()
        .enumerate()
        .map(|(index, bytes)| (BOTH[index % 2], bytes.to_vec()))
        .collect();
    let stream: Vec<u8> = sent.iter().flat_map(|(framing, bytes)| wrap(*framing, bytes)).collect();
    for size in [1, 7, 100, stream.len()] {
        assert_eq!(frames(Deframer::detecting(), &stream, size), sent);
    }
}

#[test]
fn a_client_expects_the_framing_it_used() {
    for framing in BOTH {
        for length in 31..=1500 {
            let mut answer = PAID.to_vec();
            answer.resize(length, b'X');
            let stream = wrap(framing, &answer);
            let found = frames(Deframer::expecting(framing), &stream, 97);
            assert_eq!(found, [(framing, answer)]);
        }
    }
}

#[test]
fn a_wrong_version_after_stx_is_still_framed() {
    let mut transmission = B1.to_vec();
    transmission[6..8].copy_from_slice(b"51");
    for framing in BOTH {
        let stream = wrap(framing, &transmission);
        assert_eq!(frames(Deframer::detecting(), &stream, 3).len(), 1);
    }
}

#[test]
fn short_garbage_between_stx_and_etx_is_framed() {
    let found = frames(Deframer::detecting(), b"\x02hello\x03", 1);
    assert_eq!(found, [(Framing::StxEtx, b"hello".to_vec())]);
}

#[test]
fn early_etx_decides_the_same_in_one_piece_and_byte_by_byte() {
    let stream = b"\x02\xb3260406\x03\x02\xb3260406\x03";
    for size in [1, 5, stream.len()] {
        let found = frames(Deframer::detecting(), stream, size);
        assert_eq!(found, [(); 2].map(|()| (Framing::StxEtx, b"\xb3260406".to_vec())));
    }
}

#[test]
fn too_long_is_told_as_soon_as_it_is_known_and_the_header_can_be_read() {
    let mut deframer = Deframer::detecting();
    deframer.push(b"\x30\x00");
    let length = 0x3000;
    let error = FramingError::TooLong { framing: Framing::Length, length };
    assert_eq!(deframer.next_frame(), Err(error));

    let mut deframer = Deframer::detecting();
    deframer.push(b"\x02");
    deframer.push(&request(MAX_TRANSMISSION));
    assert_eq!(deframer.next_frame(), Ok(None));
    deframer.push(b"X");
    let length = MAX_TRANSMISSION + 1;
    let error = FramingError::TooLong { framing: Framing::StxEtx, length };
    assert_eq!(deframer.next_frame(), Err(error));
    assert!(deframer.pending().starts_with(&B1[..56]));
    assert_eq!(deframer.framing(), Some(Framing::StxEtx));
}

#[test]
fn text_without_framing_is_told_at_once() {
    let mut deframer = Deframer::detecting();
    deframer.push(&B1[..2]);
    assert!(matches!(deframer.next_frame(), Err(FramingError::TooLong { .. })));
}

#[test]
fn a_length_that_disagrees_with_what_follows() {
    // The prefix is ten bytes short, so the rest of the request stands where a prefix should.
    let mut stream = wrap(Framing::Length, B1);
    stream[..2].copy_from_slice(&u16::try_from(B1.len() - 10).unwrap().to_be_bytes());
    let mut deframer = Deframer::detecting();
    deframer.push(&stream);
    let frame = deframer.next_frame().unwrap().unwrap();
    assert_eq!(frame.transmission, &B1[..B1.len() - 10]);
    assert!(matches!(deframer.next_frame(), Err(FramingError::TooLong { .. })));
}

#[test]
fn nothing_is_no_transmission() {
    let mut deframer = Deframer::detecting();
    deframer.push(b"\0\0");
    let error = FramingError::Empty { framing: Framing::Length };
    assert_eq!(deframer.next_frame(), Err(error));
    let mut deframer = Deframer::expecting(Framing::StxEtx);
    deframer.push(b"\x02\x03");
    let error = FramingError::Empty { framing: Framing::StxEtx };
    assert_eq!(deframer.next_frame(), Err(error));
    let mut deframer = Deframer::expecting(Framing::StxEtx);
    deframer.push(b"D0");
    assert_eq!(deframer.next_frame(), Err(FramingError::NoFrame));
    let long = vec![b'X'; MAX_TRANSMISSION + 1];
    for framing in BOTH {
        let mut out = Vec::new();
        assert!(framing.wrap(&long, &mut out).is_err());
        assert!(out.is_empty());
    }
}

proptest! {
    #[test]
    fn arbitrary_streams_are_cut_the_same_however_they_arrive(
        stream in any::<Vec<u8>>(),
        size in 1usize..20,
    ) {
        let cut = |size| {
            let mut deframer = Deframer::detecting();
            let mut found = Vec::new();
            for piece in stream.chunks(size) {
                deframer.push(piece);
                loop {
                    match deframer.next_frame() {
                        Ok(Some(frame)) => found.push(frame.transmission.to_vec()),
                        Ok(None) => break,
                        Err(_) => return found,
                    }
                }
            }
            found
        };
        prop_assert_eq!(cut(size), cut(stream.len().max(1)));
    }
}
