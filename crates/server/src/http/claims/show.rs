//! `GET /api/v1/claims/{id}`: one decision with everything that explains it.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use openpbm_service::DecisionPage;

use super::claim_id;
use crate::http::Doors;
use crate::http::error::{ApiError, read};

pub(in crate::http) async fn show(
    State(doors): State<Doors>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<DecisionPage>, ApiError> {
    // A path that is no UTF-8 is no id.
    let id = claim_id(id.as_deref().map_or("", String::as_str))?;
    let found = read(doors.pbm, move |pbm| pbm.decision(id)).await?;
    found.map(Json).ok_or_else(|| {
        ApiError::new(
            StatusCode::NOT_FOUND,
            format!("no decision has the id {id}"),
            "look for 503-F3 in the answer; /api/v1/claims lists the newest decisions",
        )
    })
}
