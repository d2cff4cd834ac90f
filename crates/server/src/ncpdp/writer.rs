//! The writing side of a connection: answers in the order of their requests.

use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::mpsc;

use super::answer::Answer;
use super::patience::Patience;
use crate::config::Limits;

/// More than this is not kept back for the next answer.
const ENOUGH: usize = 32 * 1024;

/// Writes answers until the reader has ended and the queue is empty, then closes this side.
/// Answers that are ready together leave together.
pub(super) async fn run(
    mut sink: OwnedWriteHalf,
    mut answers: mpsc::Receiver<Answer>,
    limits: &Limits,
    answer_within: Duration,
) -> io::Result<()> {
    let mut out = Vec::with_capacity(1024);
    let mut patience = Patience::new();
    loop {
        let answer = match answers.try_recv() {
            Ok(answer) => answer,
            Err(_) => {
                flush(&mut sink, &mut out, limits.read_within).await?;
                let Some(answer) = answers.recv().await else { break };
                answer
            }
        };
        if let Err(answer) = answer.at_once(&mut out)? {
            // It has to be waited for: what stands before it leaves first.
            flush(&mut sink, &mut out, limits.read_within).await?;
            answer.framed(&mut patience, answer_within, &mut out).await?;
        }
        if out.len() >= ENOUGH {
            flush(&mut sink, &mut out, limits.read_within).await?;
        }
    }
    sink.shutdown().await
}

/// Sends what was collected. A client that does not read in time has given up its connection.
async fn flush(sink: &mut OwnedWriteHalf, out: &mut Vec<u8>, within: Duration) -> io::Result<()> {
    if out.is_empty() {
        return Ok(());
    }
    // Nearly always there is room for all of it: a time limit is only set for the rest.
    let written = match sink.try_write(out) {
        Ok(written) => written,
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => 0,
        Err(error) => return Err(error),
    };
    if let Some(rest) = out.get(written..).filter(|rest| !rest.is_empty()) {
        tokio::time::timeout(within, sink.write_all(rest))
            .await
            .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "the client does not read"))??;
    }
    out.clear();
    Ok(())
}
