//! `POST /api/v1/benefit-check`: what drugs would cost a member, and what is covered instead. Who
//! is asked about stands in the body, so that no address names a member.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use openpbm_service::{BenefitAnswer, BenefitCheck, CheckError};

use super::Doors;
use super::error::ApiError;

const HINT: &str = "/api/openapi.json describes the body; its keys are cardholder, person, group, \
                    date, prescriber, diagnoses, drugs and pharmacies";

pub(super) async fn answer(
    State(doors): State<Doors>,
    asked: Result<Json<BenefitCheck>, JsonRejection>,
) -> Result<Json<BenefitAnswer>, ApiError> {
    let Json(asked) = asked.map_err(|error| unreadable(&error))?;
    let pbm = doors.pbm;
    let answered = tokio::task::spawn_blocking(move || pbm.benefit_check(&asked)).await;
    match answered {
        Ok(Ok(answer)) => Ok(Json(answer)),
        Ok(Err(error @ CheckError::Field { .. })) => {
            Err(ApiError::bad_request(error.to_string(), HINT))
        }
        Ok(Err(error @ CheckError::Unknown(_))) => Err(ApiError::new(
            StatusCode::NOT_FOUND,
            error.to_string(),
            "check cardholder and person against the card",
        )),
        Ok(Err(CheckError::Family(error))) => Err(unavailable(&error.to_string())),
        Err(error) => Err(unavailable(&error.to_string())),
    }
}

/// Where the body stops being what it should be, without what it says: that may be personal.
fn unreadable(error: &JsonRejection) -> ApiError {
    let said = match error {
        JsonRejection::MissingJsonContentType(_) => {
            return ApiError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "the body is not said to be JSON",
                "send content-type: application/json",
            );
        }
        JsonRejection::JsonSyntaxError(_) => "the body is no JSON",
        JsonRejection::JsonDataError(_) => "the body has a wrong, missing or unknown key",
        _ => "the body could not be read",
    };
    ApiError::bad_request(said, HINT)
}

fn unavailable(problem: &str) -> ApiError {
    tracing::error!(error = %problem, "a benefit check found no family");
    ApiError::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "the store cannot be read",
        "ask again in a moment; /readyz tells when it can, the log why it cannot",
    )
}
