//! `GET /api/openapi.json`: the API's description, kept by hand in the file beside this one.

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

pub(super) async fn document() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], include_str!("openapi.json"))
}
