//! What all pages share: the frame around them, and the headers they are sent with.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::response::{Html, IntoResponse, Response};
use openpbm_service::Pbm;

use crate::assets;

/// Nothing from elsewhere, nothing inline, nothing around it.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'; object-src 'none'";

/// The parts of a page that are the same on all of them.
pub(crate) struct Frame {
    pub(crate) title: String,
    pub(crate) style: String,
    pub(crate) script: String,
    pub(crate) icon: String,
    pub(crate) release: &'static str,
    /// The book that decides now.
    pub(crate) book: String,
    pub(crate) book_version: String,
}

impl Frame {
    pub(crate) fn new(pbm: &Pbm, title: impl Into<String>) -> Self {
        let book = pbm.book();
        Self {
            title: title.into(),
            style: assets::STYLE.href(),
            script: assets::SCRIPT.href(),
            icon: assets::ICON.href(),
            release: env!("CARGO_PKG_VERSION"),
            book: book.name().to_owned(),
            book_version: book.version().short(),
        }
    }
}

/// Renders a page. What it shows is of this moment, so nobody keeps it.
pub(crate) fn respond(status: StatusCode, page: &impl Template) -> Response {
    let headers = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    match page.render() {
        Ok(html) => (status, headers, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, headers, "the page could not be made\n")
                .into_response()
        }
    }
}
