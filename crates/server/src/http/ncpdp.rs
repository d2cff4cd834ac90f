//! `POST /ncpdp`: one D.0 transmission as the body, its answer as the body. What the bytes say is
//! never an error of HTTP: whatever fits is answered in NCPDP's own terms.

use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use openpbm_wire::ncpdp::MAX_TRANSMISSION;

use super::Doors;
use super::error::ApiError;

pub(super) async fn decide(
    State(doors): State<Doors>,
    body: Body,
) -> Result<impl IntoResponse, ApiError> {
    let arrives = to_bytes(body, MAX_TRANSMISSION);
    let transmission = match tokio::time::timeout(doors.body_within, arrives).await {
        Ok(Ok(transmission)) => transmission,
        Ok(Err(_)) => return Err(not_whole()),
        Err(_) => return Err(too_late()),
    };
    let answer = doors.pbm.submit(transmission.into()).response().await;
    let headers = [(CONTENT_TYPE, "application/octet-stream"), (CACHE_CONTROL, "no-store")];
    Ok((headers, answer))
}

fn not_whole() -> ApiError {
    let error = format!("the body is longer than {MAX_TRANSMISSION} bytes, or broke off");
    let hint = "send one transmission of up to four claims, without framing, in each request";
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, error, hint)
}

fn too_late() -> ApiError {
    let hint = "nothing was decided; send it again";
    ApiError::new(StatusCode::REQUEST_TIMEOUT, "the body did not arrive whole in time", hint)
}
