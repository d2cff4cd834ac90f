//! `GET /metrics`: what an operator watches, as OpenMetrics text.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use super::Doors;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub(super) async fn text(State(doors): State<Doors>) -> impl IntoResponse {
    ([(CONTENT_TYPE, OPEN_METRICS)], doors.pbm.metrics())
}
