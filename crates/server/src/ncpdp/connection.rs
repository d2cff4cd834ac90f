//! One connection: a reader that takes transmissions in, a writer that sends answers in the order
//! of their requests, and between them a queue of bounded length.
//!
//! The queue is the back-pressure: while it is full the connection is not read. Reader and
//! writer end independently, so a client that has closed its sending side still gets its answers.

use std::io;
use std::time::Duration;

use openpbm_service::Pbm;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedReadHalf;
use tokio::sync::{mpsc, watch};

use super::reader::{End, Reader};
use super::writer;
use crate::config::Limits;

/// Serves a connection until either side ends it.
pub(super) async fn serve(
    stream: TcpStream,
    pbm: Pbm,
    limits: Limits,
    stopping: watch::Receiver<bool>,
) {
    // An answer is one small packet; to hold it back for more would only cost time.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "no delay could not be set");
    }
    let (mut source, sink) = stream.into_split();
    let (queue, answers) = mpsc::channel(limits.pipelined.max(1));
    let answer_within = pbm.answer_within();
    let reader = Reader::new(pbm, limits.clone(), queue, stopping);
    let (end, written) =
        tokio::join!(reader.run(&mut source), writer::run(sink, answers, &limits, answer_within));
    match written {
        Err(error) => tracing::debug!(%error, "a client left before its answers"),
        Ok(()) if end == End::Lost => linger(source).await,
        Ok(()) => {}
    }
}

/// Reads on for a while without listening. To close a socket with bytes unread resets the
/// connection, and the reset may overtake the answer that says what was wrong.
async fn linger(mut source: OwnedReadHalf) {
    const PATIENCE: Duration = Duration::from_secs(2);
    let mut sink = vec![0; 16 * 1024];
    let drain = async {
        while source.read(&mut sink).await? > 0 {}
        io::Result::Ok(())
    };
    // The client has closed, left, or been given its chance.
    let _ = tokio::time::timeout(PATIENCE, drain).await;
}
