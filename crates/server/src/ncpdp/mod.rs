//! NCPDP over TCP: accepts connections, so many at once, and lets each run by itself.

mod answer;
mod connection;
mod patience;
mod reader;
mod writer;

use std::io;
use std::time::Duration;

use openpbm_service::Pbm;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use crate::config::Limits;
use crate::connections::Connections;

/// After an accept that failed (no more file descriptors, say) it is too early to try at once.
const AFTER_FAILURE: Duration = Duration::from_millis(100);

/// Serves connections until told to stop; returns when the last one has its answers.
pub(crate) async fn serve(
    listener: TcpListener,
    pbm: Pbm,
    limits: Limits,
    counted: Connections,
    mut stopping: watch::Receiver<bool>,
) -> io::Result<()> {
    let mut connections = JoinSet::new();
    let mut full = false;
    loop {
        counted.open(connections.len());
        let accepted = tokio::select! {
            biased;
            _ = stopping.wait_for(|&stop| stop) => break,
            Some(ended) = connections.join_next() => {
                report(ended);
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        let Some(stream) = usable(accepted).await else { continue };
        let was_full = std::mem::replace(&mut full, connections.len() >= limits.connections);
        if full {
            counted.turned_away();
            // Once for a flood, not once for each of its drops.
            if !was_full {
                tracing::warn!(most = limits.connections, "too many connections; closing new ones");
            }
            continue;
        }
        counted.accepted();
        connections.spawn(connection::serve(stream, pbm.clone(), limits.clone(), stopping.clone()));
    }
    drop(listener);
    while let Some(ended) = connections.join_next().await {
        counted.open(connections.len());
        report(ended);
    }
    Ok(())
}

/// The connection, if one came of it.
async fn usable<A>(accepted: io::Result<(TcpStream, A)>) -> Option<TcpStream> {
    match accepted {
        Ok((stream, _)) => Some(stream),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(AFTER_FAILURE).await;
            None
        }
    }
}

fn report(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a connection ended by a defect of ours");
    }
}
