//! Limits of time: whoever keeps too long is told so, and keeps nobody else.

use std::time::{Duration, Instant};

use openpbm_server::Limits;
use openpbm_wire::ncpdp::framing::Framing;

use crate::client::{Client, framed, verdict};
use crate::running::Running;
use openpbm_house::Fill;

const BOTH: [Framing; 2] = [Framing::StxEtx, Framing::Length];

/// Sends a request byte by byte, with a pause before each, until the server has answered.
async fn trickle(mut client: Client, framing: Framing, pause: Duration) -> String {
    for byte in framed(framing, &Fill::eliquis(1).billing()) {
        tokio::select! {
            answer = client.answer(framing) => {
                let answer = answer.expect("an answer before the end");
                client.assert_closed().await;
                return verdict(&answer);
            }
            () = tokio::time::sleep(pause) => {}
        }
        client.raw(&[byte]).await;
    }
    panic!("the whole request was taken");
}

/// The seconds of the default, as twentieths: a byte every 50 ms for half a second.
#[tokio::test]
async fn one_byte_a_second_is_refused_and_the_others_are_unharmed() {
    let limits = Limits { frame_within: Duration::from_millis(500), ..Limits::default() };
    let server = Running::start(limits).await;
    let mut slow = Vec::new();
    for framing in BOTH.repeat(8) {
        let client = server.connect().await;
        slow.push(tokio::spawn(trickle(client, framing, Duration::from_millis(50))));
    }
    let begin = Instant::now();
    let mut client = server.connect().await;
    for number in 1..=50 {
        client.send(Framing::StxEtx, &Fill::atorvastatin(number).billing()).await;
        client.answer(Framing::StxEtx).await.unwrap();
    }
    let took = begin.elapsed();
    assert!(took < Duration::from_secs(5), "50 claims beside slow clients took {took:?}");
    for client in slow {
        assert_eq!(client.await.unwrap(), "R R,R8");
    }
}

#[tokio::test]
async fn the_time_of_a_transmission_begins_with_its_first_byte() {
    let limits = Limits { frame_within: Duration::from_millis(400), ..Limits::default() };
    let server = Running::start(limits).await;
    let mut client = server.connect().await;
    let request = framed(Framing::StxEtx, &Fill::eliquis(1).reversal());
    let (head, tail) = request.split_at(100);
    // Longer than the limit in all, each within it.
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(150)).await;
        client.raw(head).await;
        tokio::time::sleep(Duration::from_millis(150)).await;
        client.raw(tail).await;
        assert_eq!(verdict(&client.answer(Framing::StxEtx).await.unwrap()), "A R,84");
    }
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let limits = Limits { idle_after: Duration::from_millis(200), ..Limits::default() };
    let server = Running::start(limits).await;
    server.connect().await.assert_closed().await;
    let mut client = server.connect().await;
    client.send(Framing::StxEtx, &Fill::eliquis(1).billing()).await;
    assert_eq!(verdict(&client.answer(Framing::StxEtx).await.unwrap()), "A P");
    client.assert_closed().await;
}

/// Sending alone must not fill the server: the sender's window closes, then its time is up.
#[tokio::test]
async fn a_client_that_never_reads_is_cut_off() {
    let read_within = Duration::from_millis(300);
    let server = Running::start(Limits { read_within, ..Limits::default() }).await;
    let mut client = server.connect().await;
    let requests = framed(Framing::StxEtx, b"no claim at all").repeat(1000);
    let flood = async {
        use tokio::io::AsyncWriteExt;
        while client.stream.write_all(&requests).await.is_ok() {}
    };
    let cut = tokio::time::timeout(Duration::from_secs(60), flood).await;
    cut.expect("the server ends a connection whose answers nobody reads");
}
