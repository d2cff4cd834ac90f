//! The pages for what cannot be shown.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use openpbm_service::Pbm;

use crate::Console;
use crate::frame::{Frame, respond};

#[derive(Template)]
#[template(path = "problem.html")]
struct Problem {
    frame: Frame,
    heading: &'static str,
    words: &'static str,
}

/// No page has the path.
pub(crate) async fn no_page(State(console): State<Console>) -> Response {
    let words = "The address may be mistyped, or from another release.";
    page(&console.pbm, StatusCode::NOT_FOUND, "There is no such page", words)
}

/// No decision has the id.
pub(crate) fn no_decision(pbm: &Pbm) -> Response {
    let words = "A decision is found by its claim id of 20 letters and digits, which the pharmacy \
                 has got as the authorization number (503-F3) of its answer.";
    page(pbm, StatusCode::NOT_FOUND, "There is no such decision", words)
}

/// The store does not answer.
pub(crate) fn unreadable(pbm: &Pbm) -> Response {
    let words = "The store does not answer. Claims are refused with reject 92 until it does; the \
                 log says why.";
    page(pbm, StatusCode::SERVICE_UNAVAILABLE, "Decisions cannot be read now", words)
}

fn page(pbm: &Pbm, status: StatusCode, heading: &'static str, words: &'static str) -> Response {
    respond(status, &Problem { frame: Frame::new(pbm, heading), heading, words })
}
