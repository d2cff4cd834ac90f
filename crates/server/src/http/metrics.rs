//! `GET /metrics`: what an operator watches, as OpenMetrics text.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use prometheus_client::encoding::text::encode;

use super::Doors;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The last line of a text, after which nothing may stand.
const END: &str = "# EOF\n";

pub(super) async fn text(State(doors): State<Doors>) -> impl IntoResponse {
    let mut text = doors.pbm.metrics();
    if let Some(before) = text.strip_suffix(END) {
        text.truncate(before.len());
    }
    // Writing to a string does not fail. It ends with the end.
    let _ = encode(&mut text, &doors.connections.registry());
    ([(CONTENT_TYPE, OPEN_METRICS)], text)
}
