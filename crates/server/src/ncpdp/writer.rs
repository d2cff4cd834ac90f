//! The writing side of a connection: answers in the order of their requests.

use std::future::ready;
use std::io;
use std::pin::pin;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::sync::mpsc;

use super::answer::Answer;

/// More than this is not kept back for the next answer.
const ENOUGH: usize = 32 * 1024;

/// Writes answers until the reader has ended and the queue is empty, then closes this side.
/// Answers that are ready together leave together.
pub(super) async fn run(
    mut sink: OwnedWriteHalf,
    mut answers: mpsc::Receiver<Answer>,
    within: Duration,
) -> io::Result<()> {
    let mut out = Vec::with_capacity(1024);
    loop {
        let answer = match answers.try_recv() {
            Ok(answer) => answer,
            Err(_) => {
                flush(&mut sink, &mut out, within).await?;
                let Some(answer) = answers.recv().await else { break };
                answer
            }
        };
        let framed = answer.framed();
        let mut framed = pin!(framed);
        let at_once = tokio::select! {
            biased;
            framed = &mut framed => Some(framed),
            () = ready(()) => None,
        };
        match at_once {
            Some(framed) => out.extend_from_slice(&framed?),
            None => {
                // It has to be waited for: what stands before it leaves first.
                flush(&mut sink, &mut out, within).await?;
                out.extend_from_slice(&framed.await?);
            }
        }
        if out.len() >= ENOUGH {
            flush(&mut sink, &mut out, within).await?;
        }
    }
    sink.shutdown().await
}

/// Sends what was collected. A client that does not read in time has given up its connection.
async fn flush(sink: &mut OwnedWriteHalf, out: &mut Vec<u8>, within: Duration) -> io::Result<()> {
    if out.is_empty() {
        return Ok(());
    }
    tokio::time::timeout(within, sink.write_all(out))
        .await
        .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "the client does not read"))??;
    out.clear();
    Ok(())
}
