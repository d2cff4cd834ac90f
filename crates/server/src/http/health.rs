//! `GET /healthz`: the program runs. `GET /readyz`: it can decide claims.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;

use super::Doors;
use super::error::{ApiError, read};

pub(super) async fn alive() -> &'static str {
    "alive\n"
}

pub(super) async fn ready(State(doors): State<Doors>) -> Result<&'static str, ApiError> {
    /// A store that takes longer than this to say that it is there is not.
    const WITHIN: Duration = Duration::from_secs(2);
    let asked = read(doors.pbm, |pbm| Ok::<_, Infallible>(pbm.is_ready()));
    match tokio::time::timeout(WITHIN, asked).await {
        Ok(Ok(true)) => Ok("ready\n"),
        _ => Err(ApiError::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "the store cannot be reached, so no claim can be decided",
            "the log says why; claims are answered with reject 92 until it can",
        )),
    }
}
