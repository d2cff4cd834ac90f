//! Plays a table: each line on a fresh family that has what was before it, through the same
//! transactions and ledger as any claim, and compares every cell of the answer.

use openpbm_core::{
    Accumulator, Adjudication, BillingKey, CardholderId, Cents, Claim, ClaimId, Date, DrugUse,
    DurOverride, Family, Paid, PrescriptionNumber, Reversal, Sex, Timestamp,
};
use openpbm_engine::ledger;
use openpbm_engine::transaction::{self, Answer as Given, Decision, Inquiry, Request, Stamp};

use crate::tables::notation::{Answer, Asks, Billed, Row, date, parse};
use crate::{books, cast};

/// Checks every line of a table and fails with all that is wrong.
pub(crate) fn check(table: &str) {
    let rows = parse(table);
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let wrong = compare(row, &play(&rows, row));
            (!wrong.is_empty()).then(|| format!("{}:\n    {}", row.label, wrong.join("\n    ")))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} lines:\n  {}", wrong.len(), rows.len(), wrong.join("\n  "));
}

/// The answer to a line.
fn play(rows: &[Row<'_>], row: &Row<'_>) -> Given {
    let card = card(rows, row);
    let mut family = Family::unknown(card);
    let members = cast::on_card(card);
    if !members.is_empty() {
        let enrolled = decide(&family, rows, row, &Request::Enrollment(members));
        take(&mut family, &enrolled);
    }
    for line in history(rows, row) {
        let decision = decide(&family, rows, line, &request(rows, line));
        take(&mut family, &decision);
    }
    if let Some(amount) = row.extra("carried") {
        forge(&mut family, amount.parse().unwrap());
    }
    let decision = decide(&family, rows, row, &request(rows, row));
    take(&mut family, &decision);
    decision.answer
}

/// Gives everybody in the family balances that no journal leads to.
fn forge(family: &mut Family, amount: Cents) {
    let plan_year = date("01-01");
    family.accumulators = family
        .members
        .iter()
        .map(|member| Accumulator {
            person: member.person_code,
            group: member.coverage[0].group,
            plan_year,
            deductible: amount,
            out_of_pocket: amount,
        })
        .collect();
}

fn take(family: &mut Family, decision: &Decision) {
    for entry in &decision.entries {
        ledger::apply(family, entry).expect("an entry follows from its family");
    }
}

fn decide(family: &Family, rows: &[Row<'_>], row: &Row<'_>, request: &Request) -> Decision {
    // An enrollment has an id of its own, before those of all lines.
    let number = if matches!(request, Request::Enrollment(_)) { 0 } else { row.number };
    let stamp = Stamp {
        recorded: Timestamp::from_millis(number),
        id: ClaimId::new(number, 1),
        second: ClaimId::new(number, 2),
    };
    let book = row.extra("book").or_else(|| match row.asks {
        Asks::Reversal { of } => find(rows, of).extra("book"),
        _ => None,
    });
    transaction::decide(books::named(book.unwrap_or("sample")), family, request, stamp)
}

/// The lines before a line: each that it names after those that that one names, none twice.
fn history<'r, 't>(rows: &'r [Row<'t>], row: &Row<'t>) -> Vec<&'r Row<'t>> {
    let mut lines: Vec<&Row<'_>> = Vec::new();
    for label in &row.before {
        let named = find(rows, label);
        for line in history(rows, named).into_iter().chain([named]) {
            if lines.iter().all(|known| known.label != line.label) {
                lines.push(line);
            }
        }
    }
    lines
}

fn find<'r, 't>(rows: &'r [Row<'t>], label: &str) -> &'r Row<'t> {
    let found = rows.iter().find(|row| row.label == label);
    found.unwrap_or_else(|| panic!("no line is called `{label}`"))
}

fn card(rows: &[Row<'_>], row: &Row<'_>) -> CardholderId {
    if let Some(card) = row.extra("card") {
        return card.parse().unwrap();
    }
    match row.asks {
        Asks::Claim(Billed { member, .. }) | Asks::Coverage { member, .. } => {
            cast::person(member).card
        }
        Asks::Reversal { of } => card(rows, find(rows, of)),
    }
}

fn request(rows: &[Row<'_>], row: &Row<'_>) -> Request {
    match row.asks {
        Asks::Claim(billed) => {
            let claim = Box::new(claim(rows, row, &billed));
            match row.extra("rebill") {
                Some(_) => Request::Rebill(claim),
                None => Request::Billing(claim),
            }
        }
        Asks::Reversal { of } => Request::Reversal(reversal(rows, row, find(rows, of))),
        Asks::Coverage { member, date } => {
            let person = cast::person(member);
            Request::Eligibility(Inquiry {
                cardholder: card(rows, row),
                group: or(row, "group", || Some(person.group())),
                person_code: or(row, "person", || Some(person.member.person_code)),
                birth: or(row, "birth", || Some(person.member.birth)),
                sex: sex(row, person.member.sex),
                date,
            })
        }
    }
}

fn claim(rows: &[Row<'_>], row: &Row<'_>, billed: &Billed<'_>) -> Claim {
    let person = cast::person(billed.member);
    let of = row.extra("rx").map_or(row, |label| find(rows, label));
    let charge = |name: &str| row.extra(name).map(|text| text.parse::<Cents>().unwrap());
    Claim {
        key: BillingKey {
            pharmacy: cast::provider(billed.pharmacy),
            prescription: PrescriptionNumber::new(1000 + of.number).unwrap(),
            fill: row.extra("fill").map_or(0, |fill| fill.parse().unwrap()),
            date_of_service: billed.date,
        },
        received: row.extra("received").map_or(billed.date, date),
        group: or(row, "group", || Some(person.group())),
        cardholder: card(rows, row),
        person_code: or(row, "person", || Some(person.member.person_code)),
        birth: row.extra("birth").map_or(person.member.birth, date),
        sex: sex(row, person.member.sex),
        pregnant: row.extra("pregnant").is_some(),
        prescriber: cast::provider(row.extra("by").unwrap_or("Diaz")),
        drug: DrugUse {
            ndc: cast::drug(billed.drug),
            quantity: billed.quantity.parse().unwrap(),
            days_supply: billed.days,
        },
        daw: billed.daw,
        compound: row.extra("compound").is_some(),
        other_coverage: row.extra("other").map(|code| code.parse().unwrap()),
        usual_and_customary: charge("usual"),
        // More than any price here, unless the line says what is due.
        gross_amount_due: charge("due").unwrap_or(Cents::new(9_999_999)),
        diagnoses: row.extra("diagnosis").map(str::to_owned).into_iter().collect(),
        dur_overrides: row.extra("reviewed").map(reviewed).into_iter().collect(),
    }
}

/// `DD/1G`: the conflict and the result of service.
fn reviewed(text: &str) -> DurOverride {
    let (reason, result) = text.split_once('/').unwrap();
    DurOverride { reason: reason.to_owned(), service: "M0".to_owned(), result: result.to_owned() }
}

fn reversal(rows: &[Row<'_>], row: &Row<'_>, of: &Row<'_>) -> Reversal {
    let Asks::Claim(billed) = of.asks else { panic!("`{}` is no claim", of.label) };
    let claim = claim(rows, of, &billed);
    Reversal {
        pharmacy: row.extra("at").map_or(claim.key.pharmacy, cast::provider),
        prescription: claim.key.prescription,
        fill: Some(claim.key.fill),
        date_of_service: row.extra("on").map_or(claim.key.date_of_service, date),
        ndc: Some(claim.drug.ndc),
        cardholder: Some(claim.cardholder),
    }
}

/// What the line says in place of what is usual; `-` leaves the field out.
fn or<T: std::str::FromStr<Err: std::fmt::Debug>>(
    row: &Row<'_>,
    name: &str,
    usual: impl FnOnce() -> Option<T>,
) -> Option<T> {
    match row.extra(name) {
        Some("-") => None,
        Some(text) => Some(text.parse().unwrap()),
        None => usual(),
    }
}

fn sex(row: &Row<'_>, usual: Option<Sex>) -> Option<Sex> {
    match row.extra("sex") {
        Some("M") => Some(Sex::Male),
        Some("F") => Some(Sex::Female),
        Some(_) => None,
        None => usual,
    }
}

/// What is wrong with the answer to a line.
fn compare(row: &Row<'_>, given: &Given) -> Vec<String> {
    match (&row.answer, given) {
        (Answer::Paid { amounts, also }, Given::Decided { adjudication, .. }) => {
            let sums = adjudication.check_sums().err().map(|error| error.to_string());
            let steps = || adjudication.steps.iter().map(|s| s.finding.to_string()).collect();
            let Some(paid) = adjudication.paid() else { return vec![said(adjudication)] };
            sums.into_iter().chain(amounts_of(paid, amounts, also, steps)).collect()
        }
        (Answer::Duplicate { amounts, also }, Given::Duplicate(fill)) => {
            amounts_of(&fill.paid, amounts, also, Vec::new)
        }
        (Answer::Reject { codes, also }, Given::Decided { adjudication, .. }) => {
            let found: Vec<_> = adjudication.rejections().iter().map(|r| r.code.code()).collect();
            if &found != codes {
                return vec![format!("expected {codes:?}, {}", said(adjudication))];
            }
            let sums = adjudication.check_sums().err().map(|error| error.to_string());
            let messages = adjudication.rejections().iter().map(|r| r.message.to_owned()).collect();
            sums.into_iter().chain(words(also, messages, adjudication.next_fill)).collect()
        }
        (Answer::Reject { codes, also }, Given::Refused { reasons, .. }) => {
            let found: Vec<_> = reasons.iter().map(|reason| reason.code.code()).collect();
            if &found != codes {
                return vec![format!("expected {codes:?}, found {reasons:?}")];
            }
            words(also, reasons.iter().map(|reason| reason.message.clone()).collect(), None)
        }
        (Answer::Reversed, Given::Reversed { .. }) => Vec::new(),
        (Answer::Covered { also }, Given::Covered { plan, .. }) => {
            words(also, vec![plan.to_string()], None)
        }
        (expected, Given::Decided { adjudication, .. }) => {
            vec![format!("expected {expected:?}, {}", said(adjudication))]
        }
        (expected, given) => vec![format!("expected {expected:?}, found {given:?}")],
    }
}

/// The decision in a few words.
fn said(adjudication: &Adjudication) -> String {
    match adjudication.paid() {
        Some(paid) => format!("found paid, the patient pays {:?}", paid.patient_pay()),
        None => {
            let reasons = adjudication.rejections().into_iter();
            let reasons: Vec<_> = reasons.map(|r| format!("{} ({})", r.code, r.message)).collect();
            format!("found rejected: {}", reasons.join(", "))
        }
    }
}

fn amounts_of(
    paid: &Paid,
    expected: &[Cents; 6],
    also: &[&str],
    steps: impl FnOnce() -> Vec<String>,
) -> Vec<String> {
    let names = ["price", "patient pays", "deductible", "copay", "coinsurance", "selection"];
    let found = [
        paid.price().unwrap(),
        paid.patient_pay().unwrap(),
        paid.deductible,
        paid.copay,
        paid.coinsurance,
        paid.product_selection,
    ];
    let different = names.iter().zip(found).zip(expected);
    let mut wrong: Vec<String> = different
        .filter(|((_, found), expected)| found != *expected)
        .map(|((name, found), expected)| format!("{name}: expected {expected}, found {found}"))
        .collect();
    let none = || "none".to_owned();
    let left = |amount: Option<Cents>| amount.map_or_else(none, |amount| amount.to_string());
    let facts = [
        ("deductible so far", paid.accumulated_deductible.to_string()),
        ("deductible left", left(paid.remaining_deductible)),
        ("out of pocket so far", paid.accumulated_out_of_pocket.to_string()),
        ("out of pocket left", left(paid.remaining_out_of_pocket)),
        ("tier", paid.tier.to_string()),
        ("basis", paid.basis.to_string()),
    ];
    let mut said = Vec::new();
    for part in also {
        match facts.iter().find(|(name, _)| is_about(part, name)) {
            Some((name, found)) if *part != format!("{name} {found}") => {
                wrong.push(format!("expected {part}, found {found}"));
            }
            Some(_) => {}
            None => said.push(*part),
        }
    }
    wrong.extend(words(&said, steps(), None));
    wrong
}

/// True if a part of the answer states a fact: its name, then one word.
fn is_about(part: &str, name: &str) -> bool {
    part.strip_prefix(name).is_some_and(|rest| rest.starts_with(' '))
}

/// Which of the words are in none of the texts.
fn words(also: &[&str], texts: Vec<String>, next_fill: Option<Date>) -> Vec<String> {
    let missing = |part: &&&str| match part.strip_prefix("next fill ") {
        Some(day) => next_fill != Some(date(day)),
        None => !texts.iter().any(|text| text.contains(**part)),
    };
    also.iter()
        .filter(missing)
        .map(|part| format!("expected `{part}`, found {texts:?}, next fill {next_fill:?}"))
        .collect()
}
