//! The end: what was taken in is answered, what comes later finds the door closed.

use openpbm_server::{Config, Limits, ServeError, Server};
use openpbm_wire::ncpdp::framing::Framing;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::client::{framed, prescription, read_answer, verdict};
use crate::running::{Running, config};
use openpbm_house::{Fill, House};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_is_answered() {
    let house = House::open();
    let mut server = Running::on(house.pbm.clone(), Limits::default()).await;
    let mut clients = Vec::new();
    for _ in 0..8 {
        let mut client = server.connect().await;
        let requests: Vec<_> = (1..=100)
            .map(|number| framed(Framing::StxEtx, &Fill::atorvastatin(number).billing()))
            .collect();
        client.raw(&requests.concat()).await;
        // The first answer says that the connection was accepted.
        client.answer(Framing::StxEtx).await.unwrap();
        clients.push(client);
    }
    server.stop();
    for client in &mut clients {
        for number in 2..=100 {
            let answer = client.answer(Framing::StxEtx).await.expect("an answer to each request");
            assert_eq!(prescription(&answer), number);
            assert!(!verdict(&answer).contains("92"), "it is decided, not put off");
        }
        client.assert_closed().await;
    }
    let address = server.ncpdp;
    server.stopped().await;
    assert!(TcpStream::connect(address).await.is_err(), "the door is closed");
    let late = house.pbm.submit(Fill::eliquis(1).billing()).response().await;
    assert_eq!(verdict(&late), "A R,92", "the house is closed, too");
}

#[tokio::test]
async fn a_transmission_that_has_begun_may_end() {
    let mut server = Running::start(Limits::default()).await;
    let mut client = server.connect().await;
    // An answer says that the connection was accepted.
    client.send(Framing::StxEtx, &Fill::eliquis(1).reversal()).await;
    client.answer(Framing::StxEtx).await.unwrap();
    let request = framed(Framing::StxEtx, &Fill::eliquis(1).billing());
    let (head, tail) = request.split_at(200);
    client.raw(head).await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    server.stop();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    client.raw(tail).await;
    assert_eq!(verdict(&client.answer(Framing::StxEtx).await.unwrap()), "A P");
    client.assert_closed().await;
    server.stopped().await;
}

#[tokio::test]
async fn an_http_request_that_has_begun_may_end() {
    let mut server = Running::start(Limits::default()).await;
    let mut stream = TcpStream::connect(server.http).await.unwrap();
    let body = Fill::eliquis(1).billing();
    let head = format!(
        "POST /ncpdp HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        server.http,
        body.len(),
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    server.stop();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    stream.write_all(&body).await.unwrap();
    assert_eq!(verdict(&read_answer(&mut stream).await.body), "A P");
    server.stopped().await;
}

#[tokio::test]
async fn a_client_that_keeps_on_is_cut_off_in_the_end() {
    let grace = std::time::Duration::from_millis(300);
    let mut server = Running::start(Limits { grace, ..Limits::default() }).await;
    let mut client = server.connect().await;
    client.raw(b"\x02900001").await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    server.stop();
    server.stopped().await;
}

#[tokio::test]
async fn http_stays_on_this_machine_unless_it_is_told() {
    let house = House::open();
    let remote = Config { http: "0.0.0.0:0".parse().unwrap(), ..config(Limits::default()) };
    let refused = Server::bind(house.pbm.clone(), remote.clone()).await;
    let Err(error @ ServeError::RemoteHttp(_)) = refused else { panic!("it must not listen") };
    assert_eq!(
        error.to_string(),
        "http would listen on 0.0.0.0:0, beyond this machine, and there is no login yet"
    );
    assert!(error.hint().contains("--allow-remote-http"));
    let told = Config { allow_remote_http: true, ..remote };
    assert!(Server::bind(house.pbm.clone(), told).await.is_ok());
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let house = House::open();
    let first = Server::bind(house.pbm.clone(), config(Limits::default())).await.unwrap();
    let taken = Config { ncpdp: first.ncpdp_addr(), ..config(Limits::default()) };
    let Err(error) = Server::bind(house.pbm.clone(), taken).await else { panic!("it is taken") };
    let expected = format!("ncpdp cannot listen on {}: ", first.ncpdp_addr());
    assert!(error.to_string().starts_with(&expected), "{error}");
}
