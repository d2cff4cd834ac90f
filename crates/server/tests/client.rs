//! What pharmacies and browsers do.

use std::net::SocketAddr;
use std::time::Duration;

use openpbm_wire::ncpdp::framing::Framing;
use openpbm_wire::ncpdp::segments::response;
use openpbm_wire::ncpdp::{Field, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longer than anything here takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A pharmacy's connection.
pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    received: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream, received: Vec::new() }
    }

    /// Sends a transmission.
    pub(crate) async fn send(&mut self, framing: Framing, transmission: &[u8]) {
        self.raw(&framed(framing, transmission)).await;
    }

    /// Sends bytes as they are.
    pub(crate) async fn raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// Says that no more will be sent.
    pub(crate) async fn half_close(&mut self) {
        self.stream.shutdown().await.unwrap();
    }

    /// The next answer, which must come in this framing; `None` at the end of the stream.
    pub(crate) async fn answer(&mut self, framing: Framing) -> Option<Vec<u8>> {
        loop {
            if let Some((answer, length)) = first_frame(framing, &self.received) {
                self.received.drain(..length);
                return Some(answer);
            }
            let read = self.stream.read_buf(&mut self.received);
            let read = tokio::time::timeout(PATIENCE, read).await.expect("an answer in time");
            // A reset is no orderly end: it may take an answer with it.
            if read.expect("the connection is not reset") == 0 {
                assert!(self.received.is_empty(), "the stream ends within an answer");
                return None;
            }
        }
    }

    /// Asserts that the server has closed its side, without another byte.
    pub(crate) async fn assert_closed(&mut self) {
        let rest = self.answer(Framing::StxEtx).await;
        assert_eq!(rest, None, "an answer that nobody asked for");
    }
}

/// The first answer, and how many bytes it takes with its framing.
fn first_frame(framing: Framing, bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    match framing {
        Framing::StxEtx => {
            assert_eq!(*bytes.first()?, 0x02, "an answer in the framing of its request");
            let end = bytes.iter().position(|&byte| byte == 0x03)?;
            Some((bytes[1..end].to_vec(), end + 1))
        }
        Framing::Length => {
            let end = 2 + usize::from(u16::from_be_bytes([*bytes.first()?, *bytes.get(1)?]));
            Some((bytes.get(2..end)?.to_vec(), end))
        }
    }
}

/// A transmission in its framing.
pub(crate) fn framed(framing: Framing, transmission: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    framing.wrap(transmission, &mut bytes).unwrap();
    bytes
}

/// What an answer says: 501-F1, then of each transaction 112-AN and its reject codes.
pub(crate) fn verdict(answer: &[u8]) -> String {
    let response = Response::decode(answer).expect("an answer is NCPDP");
    assert_eq!(response.count_fault(), None);
    let text = |field: Field<&str>| field.value().unwrap_or("?").to_owned();
    let mut verdict = text(response.header().header_response_status);
    for transaction in response.transactions() {
        let status: response::Status<'_> = transaction.read().expect("each has a status");
        verdict.push_str(&format!(" {}", text(status.status)));
        for reject in &status.rejects {
            verdict.push_str(&format!(",{}", text(reject.code)));
        }
    }
    verdict
}

/// 402-D2 of the first transaction.
pub(crate) fn prescription(answer: &[u8]) -> u64 {
    let response = Response::decode(answer).unwrap();
    let transaction = response.transactions().next().unwrap();
    let claim: response::Claim<'_> = transaction.read().expect("the answer repeats 402-D2");
    claim.prescription_reference_number.value().unwrap().parse().unwrap()
}

/// What HTTP answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The head, in lower case.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        assert!(self.head.contains("content-type: application/json"), "{}", self.head);
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Asserts that this is an error of the API, whole.
    pub(crate) fn assert_error(&self, status: u16) {
        assert_eq!(self.status, status, "{}", self.text());
        let body = self.json();
        for part in ["error", "hint"] {
            assert!(!body[part].as_str().unwrap().is_empty(), "{body}");
        }
    }
}

/// Sends a request on a connection of its own. `request` may leave the host out, and the blank
/// line after a head without a body.
pub(crate) async fn ask(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(&whole(request, address)).await.unwrap();
    read_answer(&mut stream).await
}

/// Reads until the server closes.
pub(crate) async fn read_answer(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    read.expect("an answer in time").unwrap();
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a whole head");
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head, body: bytes[end + 4..].to_vec() }
}

fn whole(request: &[u8], address: SocketAddr) -> Vec<u8> {
    let line = request.iter().position(|&byte| byte == b'\r').unwrap_or(request.len());
    let (line, rest) = request.split_at(line);
    let mut whole = line.to_vec();
    whole.extend_from_slice(b" HTTP/1.1\r\nconnection: close");
    if !rest.windows(7).any(|seven| seven == b"\r\nhost:") {
        whole.extend_from_slice(format!("\r\nhost: {address}").as_bytes());
    }
    whole.extend_from_slice(rest);
    if !rest.windows(4).any(|four| four == b"\r\n\r\n") {
        whole.extend_from_slice(b"\r\n\r\n");
    }
    whole
}

/// `POST /ncpdp` with a body.
pub(crate) fn post(body: &[u8]) -> Vec<u8> {
    let mut request = format!("POST /ncpdp\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
    request.extend_from_slice(body);
    request
}
