//! Both framings, alone and mixed; transmissions of one to five transactions.

use openpbm_server::Limits;
use openpbm_wire::ncpdp::framing::Framing;

use crate::client::{framed, prescription, verdict};
use crate::running::Running;
use openpbm_house::Fill;

const BOTH: [Framing; 2] = [Framing::StxEtx, Framing::Length];

#[tokio::test]
async fn each_request_is_answered_in_its_own_framing() {
    let server = Running::start(Limits::default()).await;
    let mut client = server.connect().await;
    for (number, framing) in (1..).zip([BOTH, BOTH].concat()) {
        client.send(framing, &Fill::atorvastatin(number).billing()).await;
        let answer = client.answer(framing).await.unwrap();
        assert_eq!(prescription(&answer), number);
        let expected = if number == 1 { "A P" } else { "A R,83" };
        assert_eq!(verdict(&answer), expected);
    }
}

#[tokio::test]
async fn a_request_may_come_in_any_pieces() {
    let server = Running::start(Limits::default()).await;
    for framing in BOTH {
        let bytes = framed(framing, &Fill::eliquis(1).reversal());
        for size in [1, 2, 3, 50] {
            let mut client = server.connect().await;
            for piece in bytes.chunks(size) {
                client.raw(piece).await;
                tokio::task::yield_now().await;
            }
            let answer = client.answer(framing).await.unwrap();
            assert_eq!(verdict(&answer), "A R,84", "nothing was paid that could be reversed");
        }
    }
}

#[tokio::test]
async fn four_claims_of_a_transmission_are_answered_together() {
    let server = Running::start(Limits::default()).await;
    let mut client = server.connect().await;
    for framing in BOTH {
        client.send(framing, &Fill::eliquis(1).transmission("B1", 4)).await;
        let answer = verdict(&client.answer(framing).await.unwrap());
        assert_eq!(answer.split(' ').count(), 5, "{answer}");
    }
}

#[tokio::test]
async fn five_claims_are_too_many() {
    let server = Running::start(Limits::default()).await;
    let mut client = server.connect().await;
    let four = Fill::eliquis(1).transmission("B1", 4);
    let (rest, last) = four.split_at(four.iter().rposition(|&byte| byte == 0x1D).unwrap());
    let mut five = [rest, last, last].concat();
    // 109-A9 stands at byte 20.
    five[20] = b'5';
    for framing in BOTH {
        client.send(framing, &five).await;
        let answer = verdict(&client.answer(framing).await.unwrap());
        assert!(answer.starts_with("R R,A9"), "{answer}");
    }
    // Nobody was paid, and the connection goes on.
    client.send(Framing::StxEtx, &Fill::eliquis(1).billing()).await;
    assert_eq!(verdict(&client.answer(Framing::StxEtx).await.unwrap()), "A P");
}
