//! `GET /healthz`: the program runs. `GET /readyz`: it can decide claims.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use openpbm_service::Pbm;
use tokio::sync::Mutex;
use tokio::task::{JoinHandle, spawn_blocking};

use super::Doors;
use super::error::ApiError;

/// Asks the store whether it is there, one question at a time: a store that is away may keep a
/// question for a long time, and however often somebody asks, no more than one thread waits.
#[derive(Clone, Default)]
pub(super) struct Probe(Arc<Mutex<Option<JoinHandle<bool>>>>);

impl Probe {
    async fn ask(&self, pbm: Pbm) -> bool {
        let mut under_way = self.0.lock().await;
        // An answer that came when nobody waited any more is too old.
        under_way.take_if(|asked| asked.is_finished());
        let asked = under_way.get_or_insert_with(|| spawn_blocking(move || pbm.is_ready()));
        let ready = asked.await.unwrap_or(false);
        *under_way = None;
        ready
    }
}

pub(super) async fn alive() -> &'static str {
    "alive\n"
}

pub(super) async fn ready(State(doors): State<Doors>) -> Result<&'static str, ApiError> {
    /// A store that takes longer than this to say that it is there is not.
    const WITHIN: Duration = Duration::from_secs(2);
    match tokio::time::timeout(WITHIN, doors.probe.ask(doors.pbm)).await {
        Ok(true) => Ok("ready\n"),
        _ => Err(ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the store cannot be reached, so no claim can be decided",
            "the log says why; claims are answered with reject 92 until it can",
        )),
    }
}
