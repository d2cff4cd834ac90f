//! Plays a table: each line on a fresh family that has what was before it, through the same
//! transactions and ledger as any claim, and compares every cell of the answer.

use std::sync::Arc;

use openpbm_book::Book;
use openpbm_core::{
    Accumulator, Adjudication, BillingKey, CardholderId, Cents, Claim, ClaimId, Date, DrugUse,
    DurOverride, Family, MedicalTotal, Ndc, Paid, PartD, PrescriptionNumber, Reversal, Sex,
    Timestamp,
};
use openpbm_engine::drug_event::drug_event;
use openpbm_engine::ledger;
use openpbm_engine::transaction::{self, Answer as Given, Decision, Inquiry, Request, Stamp};

use crate::tables::notation::{Answer, Asks, Billed, Row, date, parse};
use crate::{books, cast, details};

/// Checks every line of a table and fails with all that is wrong.
pub(crate) fn check(table: &str) {
    check_in(books::sample(), table);
}

/// The same, where lines that name no book mean this one.
pub(crate) fn check_in(usual: &Book, table: &str) {
    let rows = parse(table);
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let wrong = compare(usual, row, &play(usual, &rows, row));
            (!wrong.is_empty()).then(|| format!("{}:\n    {}", row.label, wrong.join("\n    ")))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} lines:\n  {}", wrong.len(), rows.len(), wrong.join("\n  "));
}

/// The answer to a line.
pub(crate) fn play(usual: &Book, rows: &[Row<'_>], row: &Row<'_>) -> Given {
    let card = card(rows, row);
    let mut family = Family::unknown(card);
    let members = cast::on_card(card);
    if !members.is_empty() {
        let enrolled = decide(usual, &family, rows, row, &Request::Enrollment(members));
        take(&mut family, &enrolled);
    }
    for line in history(rows, row) {
        let decision = decide(usual, &family, rows, line, &request(rows, line));
        take(&mut family, &decision);
    }
    if let Some(amount) = row.extra("carried") {
        forge(&mut family, amount.parse().unwrap());
    }
    let decision = decide(usual, &family, rows, row, &request(rows, row));
    take(&mut family, &decision);
    decision.answer
}

/// Gives everybody in the family balances that no journal leads to.
fn forge(family: &mut Family, amount: Cents) {
    let plan_year = date("01-01");
    family.accumulators = family
        .members
        .iter()
        .map(|member| {
            let empty = Accumulator::empty(member.person_code, member.coverage[0].group, plan_year);
            Accumulator { deductible: amount, out_of_pocket: amount, ..empty }
        })
        .collect();
}

fn take(family: &mut Family, decision: &Decision) {
    for entry in &decision.entries {
        ledger::apply(family, entry).expect("an entry follows from its family");
    }
}

fn decide(
    usual: &Book,
    family: &Family,
    rows: &[Row<'_>],
    row: &Row<'_>,
    request: &Request,
) -> Decision {
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
    let book: &Book = book.map_or(usual, |name| books::named(name));
    transaction::decide(book, family, request, stamp)
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

pub(crate) fn find<'r, 't>(rows: &'r [Row<'t>], label: &str) -> &'r Row<'t> {
    let found = rows.iter().find(|row| row.label == label);
    found.unwrap_or_else(|| panic!("no line is called `{label}`"))
}

fn card(rows: &[Row<'_>], row: &Row<'_>) -> CardholderId {
    if let Some(card) = row.extra("card") {
        return card.parse().unwrap();
    }
    match row.asks {
        Asks::Claim(Billed { member, .. })
        | Asks::Coverage { member, .. }
        | Asks::Medical { member, .. } => cast::person(member).card,
        Asks::Reversal { of } => card(rows, find(rows, of)),
    }
}

fn request(rows: &[Row<'_>], row: &Row<'_>) -> Request {
    match row.asks {
        Asks::Claim(billed) => {
            let claim = Arc::new(claim(rows, row, &billed));
            match row.extra("rebill") {
                Some(_) => Request::Rebill(claim),
                None => Request::Billing(claim),
            }
        }
        Asks::Reversal { of } => Request::Reversal(reversal(rows, row, find(rows, of))),
        Asks::Medical { member, as_of } => Request::Medical(vec![medical(row, member, as_of)]),
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

/// What the medical side had come to.
fn medical(row: &Row<'_>, member: &str, as_of: Date) -> MedicalTotal {
    let person = cast::person(member);
    let amount = |name: &str| row.extra(name).map_or(Cents::ZERO, |text| text.parse().unwrap());
    MedicalTotal {
        id: row.extra("id").unwrap_or(row.label).parse().unwrap(),
        person: person.member.person_code,
        group: row.extra("group").map_or(person.group(), |group| group.parse().unwrap()),
        plan_year: date(row.extra("year").unwrap_or("01-01")),
        as_of,
        deductible: amount("deductible"),
        out_of_pocket: amount("maximum"),
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
            ndc: match row.extra("mix") {
                Some(_) => Ndc::NONE,
                None => cast::drug(billed.drug),
            },
            quantity: billed.quantity.parse().unwrap(),
            days_supply: billed.days,
        },
        daw: billed.daw,
        compound: row.extra("compound").is_some() || row.extra("mix").is_some(),
        other_coverage: row.extra("other").map(|code| code.parse().unwrap()),
        usual_and_customary: charge("usual"),
        // More than any price here, unless the line says what is due.
        gross_amount_due: charge("due").unwrap_or(Cents::new(9_999_999)),
        diagnoses: row.extra("diagnosis").map(str::to_owned).into_iter().collect(),
        dur_overrides: row.extra("reviewed").map(reviewed).into_iter().collect(),
        details: details::of(rows, row),
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
fn compare(usual: &Book, row: &Row<'_>, given: &Given) -> Vec<String> {
    match (&row.answer, given) {
        (Answer::Paid { amounts, also }, Given::Decided { adjudication, .. }) => {
            let sums = adjudication.check_sums().err().map(|error| error.to_string());
            let steps = || adjudication.steps.iter().map(|s| s.finding.to_string()).collect();
            let Some(paid) = adjudication.paid() else { return vec![said(adjudication)] };
            let part_d = adjudication.part_d.as_deref();
            sums.into_iter().chain(amounts_of(paid, part_d, amounts, also, steps)).collect()
        }
        (Answer::PartD { amounts, also }, Given::Decided { adjudication, .. }) => {
            let sums = adjudication.check_sums().err().map(|error| error.to_string());
            let Some(paid) = adjudication.paid() else { return vec![said(adjudication)] };
            let book = row.extra("book").map_or(usual, |name| books::named(name));
            let Asks::Claim(billed) = row.asks else { return vec!["no claim".to_owned()] };
            let wrong = parts_of((book, billed.date), adjudication, paid, amounts, also);
            sums.into_iter().chain(wrong).collect()
        }
        (Answer::Duplicate { amounts, also }, Given::Duplicate(fill)) => {
            amounts_of(&fill.paid, fill.part_d.as_deref(), amounts, also, Vec::new)
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
        (Answer::Reversed, Given::Reversed { .. }) | (Answer::Stated, Given::Medical { .. }) => {
            Vec::new()
        }
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
    part_d: Option<&PartD>,
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
    let parts = |part: fn(&PartD) -> Cents| part_d.map_or_else(none, |d| part(d).to_string());
    let facts = [
        ("D", part_d.map_or_else(none, divided)),
        ("gross so far", parts(|d| d.gross_so_far)),
        ("deductible so far", paid.accumulated_deductible.to_string()),
        ("deductible left", left(paid.remaining_deductible)),
        ("out of pocket so far", paid.accumulated_out_of_pocket.to_string()),
        ("out of pocket left", left(paid.remaining_out_of_pocket)),
        ("other payers", paid.coordination.other_payers.to_string()),
        ("plan pays", paid.plan_pays().unwrap().to_string()),
        ("over the maximum", paid.design.over_benefit_maximum.to_string()),
        ("tier", paid.tier.to_string()),
        ("basis", paid.basis.to_string()),
        ("340B", if paid.bought_340b { "yes" } else { "no" }.to_owned()),
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

/// What is wrong with the parts of a Part D claim.
fn parts_of(
    (book, date): (&Book, Date),
    adjudication: &Adjudication,
    paid: &Paid,
    expected: &[Cents; 12],
    also: &[&str],
) -> Vec<String> {
    let Some(part_d) = adjudication.part_d.as_deref() else {
        return vec!["found no claim of Part D".to_owned()];
    };
    let found = [
        ("price", paid.price().unwrap()),
        ("patient pays", paid.patient_pay().unwrap()),
        ("deductible phase", part_d.deductible_phase),
        ("initial phase", part_d.initial_phase),
        ("catastrophic phase", part_d.catastrophic_phase),
        ("low-income subsidy", part_d.low_income_subsidy),
        ("manufacturer", part_d.manufacturer_discount),
        ("CMS", part_d.reinsurance.plus(part_d.selected_drug_subsidy).unwrap()),
        ("basic", part_d.basic),
        ("supplemental", part_d.supplemental),
        ("TrOOP so far", paid.accumulated_out_of_pocket),
        ("gross so far", part_d.gross_so_far),
    ];
    let different = found.iter().zip(expected).filter(|((_, found), expected)| found != *expected);
    let wrong = different
        .map(|((name, found), expected)| format!("{name}: expected {expected}, found {found}"));
    let mut texts: Vec<_> = adjudication.steps.iter().map(|s| s.finding.to_string()).collect();
    texts.push(event_of(book, date, adjudication));
    wrong.chain(words(also, texts, None)).collect()
}

/// The drug event of a claim in a few words, which a table writes as it needs: the fields that
/// are not nothing, in the order of CMS's record.
fn event_of(book: &Book, date: Date, adjudication: &Adjudication) -> String {
    let paid = adjudication.paid().unwrap();
    let group = book.group(paid.group).unwrap().on(date).unwrap();
    let event = drug_event(book.plan(group, date).unwrap(), adjudication).unwrap().unwrap();
    assert_eq!(event.payers().unwrap(), event.gross().unwrap(), "{event:?}");
    let amounts = [
        ("ingredient", event.ingredient_cost),
        ("fee", event.dispensing_fee),
        ("tax", event.sales_tax),
        ("vaccine", event.vaccine_administration),
        ("GDCB", event.gdcb),
        ("GDCA", event.gdca),
        ("patient", event.patient_pay),
        ("other TrOOP", event.other_troop),
        ("LICS", event.lics),
        ("PLRO", event.plro),
        ("CPP", event.cpp),
        ("NPP", event.npp),
        ("discount", event.manufacturer_discount),
        ("TGCDCA", event.gross_accumulator),
        ("TrOOP", event.troop_accumulator),
    ];
    let some = amounts.iter().filter(|(_, amount)| *amount != Cents::ZERO);
    let amounts: Vec<_> = some.map(|(name, amount)| format!("{name} {amount}")).collect();
    let (begins, ends) = (event.begins.code(), event.ends.code());
    let phases = format!("{begins} to {ends} {}", event.catastrophic_code());
    format!("PDE {}, {}", phases.trim(), amounts.join(", "))
}

/// A Part D claim's phases and payers, as a table writes them: deductible + initial +
/// catastrophic = LICS + manufacturer + selected + reinsurance + supplemental + basic.
fn divided(d: &PartD) -> String {
    let sum = |parts: &[Cents]| parts.iter().map(Cents::to_string).collect::<Vec<_>>().join("+");
    format!(
        "{}={}",
        sum(&[d.deductible_phase, d.initial_phase, d.catastrophic_phase]),
        sum(&[
            d.low_income_subsidy,
            d.manufacturer_discount,
            d.selected_drug_subsidy,
            d.reinsurance,
            d.supplemental,
            d.basic,
        ])
    )
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
