//! Bytes that are no claim: each gets the answer that it deserves, and harms nobody else.

use openpbm_server::Limits;
use openpbm_wire::ncpdp::framing::Framing;
use openpbm_wire::ncpdp::{MAX_TRANSMISSION, Response};
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof};
use proptest::test_runner::TestRunner;

use crate::client::{framed, verdict};
use crate::running::Running;
use openpbm_house::Fill;

const BOTH: [Framing; 2] = [Framing::StxEtx, Framing::Length];

/// Asserts that a claim of somebody else is still decided.
async fn assert_unharmed(server: &Running) {
    let mut client = server.connect().await;
    client.send(Framing::StxEtx, &Fill::eliquis(9).reversal()).await;
    let answer = verdict(&client.answer(Framing::StxEtx).await.unwrap());
    assert_eq!(answer, "A R,84", "nothing was ever paid");
}

/// Sends bytes, closes the sending side, and returns what is answered before the end.
async fn answers(server: &Running, framing: Framing, bytes: &[u8]) -> Vec<String> {
    let mut client = server.connect().await;
    client.raw(bytes).await;
    client.half_close().await;
    let mut answers = Vec::new();
    while let Some(answer) = client.answer(framing).await {
        answers.push(verdict(&answer));
    }
    answers
}

#[tokio::test]
async fn a_transmission_cut_anywhere_is_refused() {
    let server = Running::start(Limits::default()).await;
    for framing in BOTH {
        let whole = framed(framing, &Fill::eliquis(1).billing());
        // Every beginning, up to all but the last byte: what looks whole is not decided either.
        for length in (3..whole.len()).step_by(7).chain([whole.len() - 1]) {
            let found = answers(&server, framing, &whole[..length]).await;
            assert_eq!(found, ["R R,R8"], "{framing:?} cut after {length} bytes");
        }
    }
    assert_unharmed(&server).await;
}

#[tokio::test]
async fn what_is_whole_before_the_cut_is_decided() {
    let server = Running::start(Limits::default()).await;
    let claim = framed(Framing::StxEtx, &Fill::eliquis(1).billing());
    let bytes = [claim.as_slice(), &claim[..200]].concat();
    assert_eq!(answers(&server, Framing::StxEtx, &bytes).await, ["A P", "R R,R8"]);
}

/// The prefix says another length than the transmission has.
#[tokio::test]
async fn a_length_that_disagrees_with_its_transmission_is_refused() {
    let server = Running::start(Limits::default()).await;
    let claim = Fill::eliquis(1).billing();
    let length = u16::try_from(claim.len()).unwrap();
    for declared in [10, 56, 100, length - 150] {
        let bytes = [&declared.to_be_bytes()[..], &claim].concat();
        let found = answers(&server, Framing::Length, &bytes).await;
        assert!(found.len() == 2 && found.iter().all(|one| one.contains(" R,")), "{found:?}");
    }
    for declared in [length + 1, length + 1000] {
        let bytes = [&declared.to_be_bytes()[..], &claim].concat();
        assert_eq!(answers(&server, Framing::Length, &bytes).await, ["R R,R8"]);
    }
    assert_unharmed(&server).await;
}

/// A gateway has put its own prefix before that of the pharmacy, and the two disagree or agree.
#[tokio::test]
async fn two_length_prefixes_are_refused() {
    let server = Running::start(Limits::default()).await;
    let claim = Fill::eliquis(1).billing();
    let length = u16::try_from(claim.len()).unwrap();
    for inner in [length, length + 2, 5, 0xFFFF] {
        let bytes = [&(length + 2).to_be_bytes()[..], &inner.to_be_bytes(), &claim].concat();
        let found = answers(&server, Framing::Length, &bytes).await;
        assert!(found.len() == 1 && found[0].starts_with("R R,"), "{inner}: {found:?}");
    }
    assert_unharmed(&server).await;
}

#[tokio::test]
async fn too_long_is_said_and_then_the_connection_ends() {
    let server = Running::start(Limits::default()).await;
    let mut long = Fill::eliquis(1).billing();
    long.resize(MAX_TRANSMISSION + 1, b'X');
    for framing in BOTH {
        let mut bytes = match framing {
            Framing::StxEtx => vec![0x02],
            Framing::Length => u16::try_from(long.len()).unwrap().to_be_bytes().to_vec(),
        };
        bytes.extend_from_slice(&long);
        // A client that goes on sending still hears what is wrong, not a reset.
        bytes.resize(4 << 20, b'X');
        let mut client = server.connect().await;
        client.raw(&bytes).await;
        let answer = client.answer(framing).await.unwrap();
        assert_eq!(verdict(&answer), "R R,R8");
        if framing == Framing::StxEtx {
            let response = Response::decode(&answer).unwrap();
            assert_eq!(response.header().service_provider_id.value(), Some("1999000015"));
        }
        client.assert_closed().await;
    }
    assert_unharmed(&server).await;
}

#[tokio::test]
async fn a_mebibyte_of_separators_is_refused() {
    const MEBIBYTE: usize = 1 << 20;
    let server = Running::start(Limits::default()).await;
    for separator in [0x1C, 0x1D, 0x1E] {
        let bare = vec![separator; MEBIBYTE];
        // Two of them are a length, so this is many transmissions and the beginning of one.
        let length = usize::from(u16::from_be_bytes([separator, separator]));
        let found = answers(&server, Framing::Length, &bare).await;
        assert_eq!(found.len(), MEBIBYTE.div_ceil(length + 2));
        assert!(found.iter().all(|one| one.starts_with("R R,")), "{:?}", found.first());

        let framed = [&[0x02], bare.as_slice(), &[0x03]].concat();
        assert_eq!(answers(&server, Framing::StxEtx, &framed).await, ["R R,R8"]);
    }
    assert_unharmed(&server).await;
}

#[tokio::test]
async fn empty_frames_are_refused() {
    let server = Running::start(Limits::default()).await;
    assert_eq!(answers(&server, Framing::Length, &[0, 0]).await, ["R R,R8"]);
    let empty = b"\x02\x03and then some more";
    assert_eq!(answers(&server, Framing::StxEtx, empty).await, ["R R,R8"]);
    assert_unharmed(&server).await;
}

/// Bytes of any kind, with the bytes that mean something more often than chance has them.
fn hostile_bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => any::<u8>(),
        2 => prop_oneof![Just(0x02_u8), Just(0x03), Just(0x1C), Just(0x1D), Just(0x1E), Just(0)],
        4 => b' '..=b'~',
    ];
    let claim = Fill::eliquis(9).reversal();
    let damaged = (0..claim.len(), any::<u8>()).prop_map(move |(place, byte)| {
        let mut bytes = framed(Framing::StxEtx, &claim);
        bytes[place] = byte;
        bytes
    });
    prop_oneof![proptest::collection::vec(byte, 0..2000), damaged]
}

#[test]
fn arbitrary_bytes_never_lose_a_connection() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Running::start(Limits::default()));
    let mut runner = TestRunner::new(ProptestConfig::with_cases(256));
    let outcome = runner.run(&hostile_bytes(), |bytes| {
        runtime.block_on(async {
            let mut client = server.connect().await;
            client.raw(&bytes).await;
            client.half_close().await;
            // Whatever the framing: answers come whole, then the end; never a reset, never nothing.
            let mut received = Vec::new();
            let end = tokio::io::AsyncReadExt::read_to_end(&mut client.stream, &mut received);
            end.await.expect("an orderly end");
            let answered = received.windows(3).any(|three| three == b"\x1CAN");
            assert!(answered || bytes.is_empty(), "no word to {bytes:02x?}");
            assert_unharmed(&server).await;
        });
        Ok(())
    });
    outcome.unwrap();
}
