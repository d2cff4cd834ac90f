//! The first page: what this is, live counters, and the decisions, newest first.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use openpbm_core::ClaimId;
use openpbm_service::{Day, DecisionRow, Pbm};
use serde::Deserialize;

use crate::Console;
use crate::frame::{Frame, respond};
use crate::money::{dollars, grouped};
use crate::problem;
use crate::read::read;
use crate::status::{Badge, Code, Moment, href};

/// Decisions of a page.
const AT_ONCE: usize = 50;

/// Seconds between two looks at the newest decisions.
const REFRESH_SECONDS: u8 = 5;

/// What the address says of the page.
#[derive(Deserialize)]
pub(crate) struct Asked {
    /// Only decisions older than this one.
    before: Option<String>,
    /// `off` stops the refreshing.
    live: Option<String>,
}

#[derive(Template)]
#[template(path = "decisions.html")]
struct Decisions {
    frame: Frame,
    counters: Vec<Counter>,
    rows: Vec<Row>,
    /// True on the first page, where new decisions appear.
    newest: bool,
    live: bool,
    refresh_seconds: u8,
    /// The address of the next page.
    older: Option<String>,
}

/// A figure of today, and the same since the beginning.
struct Counter {
    label: &'static str,
    today: String,
    ever: String,
}

struct Row {
    href: String,
    moment: Moment,
    pharmacy: String,
    prescription: String,
    drug: String,
    supply: String,
    badge: Badge,
    patient_pays: String,
    plan_pays: String,
    codes: Vec<Code>,
    /// Codes beyond those that a row has room to explain.
    further: Vec<Code>,
    words: String,
}

pub(crate) async fn page(
    State(console): State<Console>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let Ok(Query(asked)) = asked else { return problem::no_decision(&console.pbm) };
    let before: Option<ClaimId> = match asked.before.map(|id| id.parse()).transpose() {
        Ok(before) => before,
        Err(_) => return problem::no_decision(&console.pbm),
    };
    // One more tells whether there is a next page.
    let mut rows = match read(&console, move |pbm| pbm.decisions(before, AT_ONCE + 1)).await {
        Ok(rows) => rows,
        Err(response) => return response,
    };
    let more = rows.len() > AT_ONCE;
    rows.truncate(AT_ONCE);
    let last = rows.last().filter(|_| more).map(|row| row.id);
    let newest = before.is_none();
    let page = Decisions {
        frame: Frame::new(&console.pbm, "Decisions"),
        counters: counters(&console.pbm),
        rows: rows.into_iter().map(Row::of).collect(),
        newest,
        live: newest && asked.live.as_deref() != Some("off"),
        refresh_seconds: REFRESH_SECONDS,
        older: last.map(|id| format!("/?before={id}")),
    };
    respond(StatusCode::OK, &page)
}

/// None where nobody counts.
fn counters(pbm: &Pbm) -> Vec<Counter> {
    let Some(days) = pbm.days() else { return Vec::new() };
    let (today, ever) = (days.state.day(pbm.today()), days.state.total());
    let amount = |sum: Option<_>| sum.map_or_else(|| "too large".to_owned(), dollars);
    let counter =
        |label, of: &dyn Fn(&Day) -> String| Counter { label, today: of(&today), ever: of(ever) };
    vec![
        counter("Paid", &|day| grouped(day.paid)),
        counter("Rejected", &|day| grouped(day.rejected)),
        counter("Reversed", &|day| grouped(day.reversed)),
        counter("Refused", &|day| grouped(day.refused)),
        counter("Plan pays", &|day| amount(day.plan_pays)),
        counter("Patients pay", &|day| amount(day.patients_pay)),
    ]
}

impl Row {
    fn of(row: DecisionRow) -> Self {
        /// Codes of a row that are explained; the others are on the decision's own page.
        const EXPLAINED: usize = 2;
        let mut codes = Code::all(&row.reject_codes);
        let further = codes.split_off(codes.len().min(EXPLAINED));
        let money = |amount: Option<_>| amount.map_or_else(String::new, dollars);
        let pharmacy = row.pharmacy.map(|npi| format!("NPI {npi}"));
        let supply = match (row.quantity, row.days_supply) {
            (Some(quantity), Some(days)) => format!("{quantity} / {days} d"),
            _ => String::new(),
        };
        Self {
            href: href(row.id),
            moment: Moment::of(row.recorded),
            pharmacy: row.pharmacy_name.or(pharmacy).unwrap_or_default(),
            prescription: row.prescription.map_or_else(String::new, |number| number.to_string()),
            drug: row.drug.unwrap_or_default(),
            supply,
            badge: Badge::of(row.status),
            patient_pays: money(row.patient_pay),
            plan_pays: money(row.plan_pays),
            codes,
            further,
            words: match row.status {
                "reversed" | "adjusted" => row.words,
                _ => String::new(),
            },
        }
    }
}
