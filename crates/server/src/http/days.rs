//! `GET /api/v1/days?before=&limit=`: what was decided day by day, newest first.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use openpbm_core::Date;
use openpbm_service::Day;
use serde::{Deserialize, Serialize};

use super::Doors;
use super::error::ApiError;

/// Days of a page, unless the query says otherwise.
const USUAL: usize = 31;

/// The most days of a page.
const MOST: usize = 366;

const HINT: &str = "the query takes before, a date like 2026-03-12, and limit, a number from 1 to \
                    366";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    before: Option<String>,
    limit: Option<String>,
}

/// A page of days.
#[derive(Serialize)]
pub(super) struct Page {
    days: Vec<Named>,
    total: Day,
    /// How far the journal had been read.
    cursors: Vec<String>,
    /// The path of the next page; none after the last one.
    next: Option<String>,
}

#[derive(Serialize)]
struct Named {
    date: Date,
    #[serde(flatten)]
    day: Day,
}

pub(super) async fn list(
    State(doors): State<Doors>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Json<Page>, ApiError> {
    let wrong = |error: &str| ApiError::bad_request(error, HINT);
    let Query(asked) = asked.map_err(|_| wrong("the query holds something unknown"))?;
    let before = asked.before.map(|day| day.parse::<Date>()).transpose();
    let before = before.map_err(|_| wrong("before is no date"))?;
    let limit = asked.limit.map_or(Ok(USUAL), |limit| limit.parse());
    let limit = limit.ok().filter(|limit| (1..=MOST).contains(limit));
    let limit = limit.ok_or_else(|| wrong("limit is no number from 1 to 366"))?;
    let known = doors.pbm.days().ok_or_else(|| {
        let hint = "a server that was told to serve counts them";
        ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "nobody counts the days here", hint)
    })?;
    // One more tells whether there is a next page.
    let found = known.state.newest(before).take(limit + 1);
    let mut days: Vec<_> = found.map(|(date, day)| Named { date, day: Day::clone(day) }).collect();
    let more = days.len() > limit;
    days.truncate(limit);
    let last = days.last().filter(|_| more).map(|named| named.date);
    Ok(Json(Page {
        days,
        total: Day::clone(known.state.total()),
        cursors: known.cursors.iter().map(ToString::to_string).collect(),
        next: last.map(|date| format!("/api/v1/days?before={date}&limit={limit}")),
    }))
}
