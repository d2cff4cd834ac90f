//! What the API says when it cannot do what was asked: JSON with the error and a hint.

use axum::Json;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use openpbm_service::Pbm;
use serde::Serialize;

/// An answer that is an error.
#[derive(Debug)]
pub(super) struct ApiError {
    status: StatusCode,
    error: String,
    hint: &'static str,
}

#[derive(Serialize)]
struct Body {
    error: String,
    hint: &'static str,
}

impl ApiError {
    pub(super) fn new(status: StatusCode, error: impl Into<String>, hint: &'static str) -> Self {
        Self { status, error: error.into(), hint }
    }

    pub(super) fn bad_request(error: impl Into<String>, hint: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, hint)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status, Json(Body { error: self.error, hint: self.hint })).into_response()
    }
}

/// Reads from the store on a thread that may wait for it.
pub(super) async fn read<T: Send + 'static, E: std::fmt::Display + Send + 'static>(
    pbm: Pbm,
    query: impl FnOnce(&Pbm) -> Result<T, E> + Send + 'static,
) -> Result<T, ApiError> {
    let found = tokio::task::spawn_blocking(move || query(&pbm)).await;
    let problem = match found {
        Ok(Ok(found)) => return Ok(found),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    tracing::error!(error = %problem, "the store could not be read");
    Err(ApiError::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "the store cannot be read",
        "ask again in a moment; /readyz tells when it can, the log why it cannot",
    ))
}

/// Nothing is there.
pub(super) async fn no_resource() -> ApiError {
    let hint = "/api/openapi.json lists what there is";
    ApiError::new(StatusCode::NOT_FOUND, "no resource has this path", hint)
}

/// Something is there, and does not do this.
pub(super) async fn wrong_method(method: Method, uri: Uri) -> ApiError {
    let error = format!("{} does not take {method}", uri.path());
    let hint = "the allow header names what it takes";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, error, hint)
}
