//! Pipelining: answers in the order of their requests, however many connections there are.

use std::time::Duration;

use openpbm_server::Limits;
use openpbm_wire::ncpdp::framing::Framing;
use tokio::task::JoinSet;

use crate::client::{Client, framed, prescription};
use crate::running::Running;
use openpbm_house::Fill;

/// Sends `count` requests at once on each of `connections` and checks the order of the answers.
async fn pipeline(server: &Running, connections: u64, count: u64) {
    let mut clients = JoinSet::new();
    for connection in 0..connections {
        let address = server.ncpdp;
        clients.spawn(async move {
            let framing = if connection % 2 == 0 { Framing::StxEtx } else { Framing::Length };
            let numbers: Vec<_> = (1..=count).map(|n| connection * 1000 + n).collect();
            let fill = |number| match number % 3 {
                // Families of different workers take different times.
                0 => Fill::eliquis(number).billing(),
                1 => Fill::atorvastatin(number).billing(),
                _ => Fill::atorvastatin(number).reversal(),
            };
            let requests = numbers.iter().map(|&number| framed(framing, &fill(number)));
            let mut client = Client::connect(address).await;
            client.raw(&requests.collect::<Vec<_>>().concat()).await;
            for number in numbers {
                let answer = client.answer(framing).await.expect("an answer for each request");
                assert_eq!(prescription(&answer), number);
            }
            client.half_close().await;
            client.assert_closed().await;
        });
    }
    while let Some(client) = clients.join_next().await {
        client.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_keep_the_order_of_requests_on_many_connections() {
    let server = Running::start(Limits::default()).await;
    pipeline(&server, 32, 50).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_queue_slows_the_sender_and_loses_nothing() {
    let limits = Limits { pipelined: 1, ..Limits::default() };
    let server = Running::start(limits).await;
    pipeline(&server, 4, 200).await;
}

#[tokio::test]
async fn a_client_that_has_closed_its_side_gets_its_answers() {
    let server = Running::start(Limits::default()).await;
    let mut client = server.connect().await;
    for number in 1..=20 {
        client.send(Framing::StxEtx, &Fill::atorvastatin(number).billing()).await;
    }
    client.half_close().await;
    for number in 1..=20 {
        assert_eq!(prescription(&client.answer(Framing::StxEtx).await.unwrap()), number);
    }
    client.assert_closed().await;
}

#[tokio::test]
async fn one_connection_too_many_is_closed_and_the_others_go_on() {
    let server = Running::start(Limits { connections: 2, ..Limits::default() }).await;
    let request = Fill::eliquis(1).reversal();
    let mut clients = [server.connect().await, server.connect().await];
    for client in &mut clients {
        client.send(Framing::StxEtx, &request).await;
        client.answer(Framing::StxEtx).await.unwrap();
    }
    server.connect().await.assert_closed().await;
    let [mut first, second] = clients;
    first.send(Framing::StxEtx, &request).await;
    first.answer(Framing::StxEtx).await.unwrap();
    drop(second);
    // There is room again, once the server has seen that one left.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let mut third = server.connect().await;
    third.send(Framing::StxEtx, &request).await;
    third.answer(Framing::StxEtx).await.unwrap();
}
