//! One decision, explained so that somebody who never saw the code understands it.

use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use openpbm_core::{Account, Cents, Overflow, Paid, RefusalReason};
use openpbm_service::{AdjustmentView, DecisionPage};

use crate::Console;
use crate::frame::{Frame, respond};
use crate::money::{self, Bar, dollars};
use crate::problem;
use crate::read::read;
use crate::status::{Badge, Moment, href};
use crate::timeline::{StageView, stages};

#[derive(Template)]
#[template(path = "claim.html")]
struct Claim {
    frame: Frame,
    id: String,
    badge: Badge,
    headline: String,
    moment: Moment,
    facts: Vec<Fact>,
    money: Option<Money>,
    reasons: Vec<Reason>,
    alternatives: Vec<Alternative>,
    alerts: Vec<Alert>,
    stages: Vec<StageView>,
    /// The address of the claim that a reversal takes back.
    takes_back: Option<String>,
    adjusted: Option<Adjusted>,
    book: Option<String>,
}

/// What an adjustment changed, and why.
struct Adjusted {
    why: &'static str,
    /// The address of the claim as it was first decided.
    claim: String,
    /// The address of what came late, where it has a page.
    late: Option<String>,
    rows: Vec<BeforeAndNow>,
}

struct BeforeAndNow {
    label: String,
    before: String,
    now: String,
}

/// A line of what the claim is about.
struct Fact {
    label: &'static str,
    value: String,
    /// What stands smaller beside it.
    note: String,
}

/// The amounts of a paid claim.
struct Money {
    bars: [Bar; 2],
    /// Where the patient stands in the plan year.
    standing: Vec<Standing>,
}

struct Standing {
    label: &'static str,
    counted: String,
    /// None where the plan has no limit.
    left: Option<String>,
}

struct Reason {
    code: &'static str,
    meaning: &'static str,
    message: String,
    occurrence: Option<u8>,
}

struct Alternative {
    name: String,
    ndc: String,
    patient_pays: String,
}

struct Alert {
    text: String,
    code: String,
    previous_fill: Option<String>,
}

pub(crate) async fn page(
    State(console): State<Console>,
    id: Result<Path<String>, PathRejection>,
) -> Response {
    let Some(id) = id.ok().and_then(|Path(id)| id.parse().ok()) else {
        return problem::no_decision(&console.pbm);
    };
    match read(&console, move |pbm| pbm.decision(id)).await {
        Ok(Some(decision)) => respond(StatusCode::OK, &Claim::of(decision, &console)),
        Ok(None) => problem::no_decision(&console.pbm),
        Err(response) => response,
    }
}

impl Claim {
    fn of(decision: DecisionPage, console: &Console) -> Self {
        let headline = headline(&decision);
        let row = &decision.row;
        let badge = Badge::of(row.status);
        Self {
            frame: Frame::new(&console.pbm, format!("{}: {headline}", badge.label)),
            id: row.id.to_string(),
            badge,
            moment: Moment::of(row.recorded),
            facts: facts(&decision),
            money: decision.paid.as_ref().and_then(|paid| Money::of(paid).ok()),
            reasons: decision.reasons.into_iter().map(Reason::of).collect(),
            alternatives: decision
                .alternatives
                .into_iter()
                .map(|other| Alternative {
                    ndc: other.ndc.hyphenated(),
                    patient_pays: dollars(other.patient_pay),
                    name: other.name.into(),
                })
                .collect(),
            alerts: decision
                .alerts
                .into_iter()
                .map(|alert| Alert {
                    text: alert.text.into(),
                    code: alert.reason.into(),
                    previous_fill: alert.previous_fill.map(|day| day.to_string()),
                })
                .collect(),
            // What was refused before it was a claim has not been on the way.
            stages: if decision.steps.is_empty() { Vec::new() } else { stages(decision.steps) },
            takes_back: decision.takes_back.map(href),
            adjusted: decision.adjusts.map(|it| Adjusted::of(&it, decision.paid.as_ref())),
            book: decision.book.map(|version| version.to_string()),
            headline,
        }
    }
}

/// The decision in one sentence, behind the word for how it ended.
fn headline(decision: &DecisionPage) -> String {
    let row = &decision.row;
    match (row.status, row.patient_pay, row.plan_pays) {
        ("paid", Some(patient), Some(plan)) => {
            let (patient, plan) = (dollars(patient), dollars(plan));
            format!("the patient pays {patient}, the plan pays the pharmacy {plan}")
        }
        ("adjusted", ..) => row.words.clone(),
        ("reversed", ..) => "the pharmacy took a paid claim back".to_owned(),
        _ => {
            let meaning = decision.reasons.first().map_or("", |reason| reason.code.meaning());
            match decision.reasons.len() {
                0 | 1 => meaning.to_owned(),
                2 => format!("{meaning}, and one more reason"),
                count => format!("{meaning}, and {} more reasons", count - 1),
            }
        }
    }
}

fn facts(decision: &DecisionPage) -> Vec<Fact> {
    let row = &decision.row;
    let mut facts = Vec::new();
    let mut fact = |label, value: Option<String>, note: String| {
        facts.extend(value.map(|value| Fact { label, value, note }));
    };
    let supply = match (row.quantity, row.days_supply) {
        (Some(quantity), Some(days)) => format!("{quantity} units for {days} days"),
        _ => String::new(),
    };
    fact("Drug", row.drug.clone(), supply);
    let npi = row.pharmacy.map(|npi| format!("NPI {npi}"));
    match &row.pharmacy_name {
        Some(name) => fact("Pharmacy", Some(name.clone()), npi.unwrap_or_default()),
        None => fact("Pharmacy", npi, String::new()),
    }
    let prescription = row.prescription.map(|number| number.to_string());
    fact("Prescription", prescription, String::new());
    fact("Date of service", row.date_of_service.map(|day| day.to_string()), String::new());
    if let Some(paid) = &decision.paid {
        let tier = format!("{}, tier {} of the formulary", paid.kind, paid.tier);
        fact("Group", Some(paid.group.to_string()), tier);
    }
    facts
}

impl Adjusted {
    fn of(adjustment: &AdjustmentView, now: Option<&Paid>) -> Self {
        let because = adjustment.because_of;
        let why = match because {
            Some("enrolled") => "The member's enrollment was changed for days gone by.",
            Some("reversed") => "An earlier claim of the family was taken back.",
            Some("paid") => "A claim of the family came in after its day.",
            _ => "Something about the family came late.",
        };
        let late = adjustment.because.filter(|_| because.is_some_and(|kind| kind != "enrolled"));
        let before = adjustment.before.as_ref();
        let row = |label: String, of: &dyn Fn(&Paid) -> Option<Cents>| {
            let say = |paid: Option<&Paid>| match paid {
                Some(paid) => of(paid).map_or_else(String::new, dollars),
                None => "not covered".to_owned(),
            };
            BeforeAndNow { label, before: say(before), now: say(now) }
        };
        let changes = |account: &Account| {
            let of = |paid: Option<&Paid>| paid.map(|paid| paid.balance(*account));
            of(before) != of(now)
        };
        let mut rows: Vec<_> = Account::ALL
            .into_iter()
            .filter(|account| before.is_some() && now.is_some() && changes(account))
            .map(|account| row(account.to_string(), &|paid| paid.balance(account)))
            .collect();
        rows.push(row("patient pays".to_owned(), &|paid| paid.patient_pay().ok()));
        rows.push(row("plan pays".to_owned(), &|paid| paid.plan_pays().ok()));
        Self { why, claim: href(adjustment.claim), late: late.map(href), rows }
    }
}

impl Money {
    fn of(paid: &Paid) -> Result<Self, Overflow> {
        let standing = |label, counted, left: Option<Cents>| Standing {
            label,
            counted: dollars(counted),
            left: left.map(dollars),
        };
        Ok(Self {
            bars: [money::payers(paid)?, money::price(paid)?],
            standing: vec![
                standing("Deductible", paid.accumulated_deductible, paid.remaining_deductible),
                standing(
                    "Out-of-pocket maximum",
                    paid.accumulated_out_of_pocket,
                    paid.remaining_out_of_pocket,
                ),
            ],
        })
    }
}

impl Reason {
    fn of(reason: RefusalReason) -> Self {
        Self {
            code: reason.code.code(),
            meaning: reason.code.meaning(),
            message: reason.message,
            occurrence: reason.occurrence,
        }
    }
}
