//! `GET /api/v1/claims?before=&limit=`: a page of decisions, newest first.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use openpbm_core::ClaimId;
use openpbm_service::DecisionRow;
use serde::{Deserialize, Serialize};

use super::claim_id;
use crate::http::Doors;
use crate::http::error::{ApiError, read};

/// Decisions of a page, unless the query says otherwise.
const USUAL: usize = 50;

/// The most decisions of a page.
const MOST: usize = 500;

const HINT: &str = "the query takes before, a claim id, and limit, a number from 1 to 500";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Asked {
    before: Option<String>,
    limit: Option<String>,
}

/// A page of decisions.
#[derive(Serialize)]
pub(in crate::http) struct Page {
    claims: Vec<DecisionRow>,
    /// The path of the next page; none after the last one.
    next: Option<String>,
}

pub(in crate::http) async fn list(
    State(doors): State<Doors>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Page>, ApiError> {
    let unknown = |_| ApiError::bad_request("the query holds something unknown", HINT);
    let Query(Asked { before, limit }) = asked.map_err(unknown)?;
    let before = before.as_deref().map(claim_id).transpose()?;
    let limit = limit.as_deref().map_or(Ok(USUAL), page_size)?;
    // One more tells whether there is a next page.
    let mut claims = read(doors.pbm, move |pbm| pbm.decisions(before, limit + 1)).await?;
    let more = claims.len() > limit;
    claims.truncate(limit);
    let last = claims.last().filter(|_| more).map(|row| row.id);
    Ok(Json(Page { claims, next: last.map(|id| path_of(id, limit)) }))
}

fn page_size(text: &str) -> Result<usize, ApiError> {
    let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
    limit.ok_or_else(|| ApiError::bad_request("limit is no number from 1 to 500", HINT))
}

fn path_of(before: ClaimId, limit: usize) -> String {
    format!("/api/v1/claims?before={before}&limit={limit}")
}
