//! `openpbm quote`: what drugs would cost a member now, and what is covered instead.

use std::net::SocketAddr;

use openpbm_core::Cents;
use openpbm_service::{AskedDrug, BenefitCheck};
use serde_json::Value;

use crate::cli::Quote;
use crate::commands::claim::steps;
use crate::data::Data;
use crate::failure::{Context, Failure};
use crate::terminal;

pub(crate) fn run(args: &Quote) -> Result<(), Failure> {
    let question = question(args)?;
    let answer = match &args.data {
        Some(data) => {
            let pbm = Data::with_store(data, args.store.url.as_ref()).start_now()?;
            let answered = pbm.benefit_check(&question);
            pbm.shut_down();
            let answer = answered.map_err(|error| {
                Failure::new(error.to_string()).hint("`openpbm quote --help` shows an example")
            })?;
            serde_json::to_value(answer).map_err(Failure::new)?
        }
        None => ask(args.http, &question)?,
    };
    if args.json {
        return terminal::json(&answer);
    }
    for quote in items(&answer, "quotes") {
        terminal::out(words(quote, args.explain));
    }
    Ok(())
}

fn question(args: &Quote) -> Result<BenefitCheck, Failure> {
    let (cardholder, person) = args.member.split_once('/').unwrap_or((&args.member, "01"));
    let drugs = args.drugs.iter().map(|text| drug(text)).collect::<Result<_, _>>()?;
    Ok(BenefitCheck {
        cardholder: cardholder.to_owned(),
        person: person.to_owned(),
        group: args.group.clone(),
        date: args.date.map(|date| date.to_string()),
        prescriber: args.prescriber.clone(),
        diagnoses: args.diagnoses.clone(),
        drugs,
        pharmacies: args.pharmacies.clone(),
    })
}

/// `NDC:QUANTITY:DAYS`, or with `:DAW` behind it.
fn drug(text: &str) -> Result<AskedDrug, Failure> {
    let wrong = || {
        Failure::new(format!("--drug: found `{text}`, expected NDC:QUANTITY:DAYS[:DAW]"))
            .hint("for example --drug 00003089421:60:30")
    };
    let mut parts = text.split(':');
    let (Some(ndc), Some(quantity), Some(days)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    let daw = parts.next().map_or(Ok(0), str::parse).map_err(|_| wrong())?;
    if parts.next().is_some() {
        return Err(wrong());
    }
    let days = days.parse().map_err(|_| wrong())?;
    Ok(AskedDrug { ndc: ndc.to_owned(), quantity: quantity.to_owned(), days, daw })
}

/// Asks a server. Its error and hint become ours.
fn ask(address: SocketAddr, question: &BenefitCheck) -> Result<Value, Failure> {
    let url = format!("http://{address}/api/v1/benefit-check");
    let failed = |error: ureq::Error| {
        Failure::new(format!("asking {url}: {error}"))
            .hint("start a server with `openpbm demo`, or ask here with --data DIR")
    };
    let body = serde_json::to_string(question).map_err(Failure::new)?;
    let agent: ureq::Agent =
        ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let sent = agent.post(&url).header("content-type", "application/json").send(body);
    let mut response = sent.map_err(failed)?;
    let text = response.body_mut().read_to_string().map_err(failed)?;
    let answer: Value = serde_json::from_str(&text).context("reading the answer")?;
    if response.status().is_success() {
        return Ok(answer);
    }
    let said = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or("nothing").to_owned();
    Err(Failure::new(said("error")).hint(said("hint")))
}

fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn dollars(value: &Value, key: &str) -> String {
    let cents = value.get(key).and_then(Value::as_i64).map(Cents::new);
    cents.map_or_else(|| "-".to_owned(), |cents| format!("${cents}"))
}

/// A quote as a person reads it: what was asked, and a line for each alternative.
fn words(quote: &Value, explain: bool) -> String {
    let days = |offer: &Value| offer.get("days").and_then(Value::as_u64).unwrap_or_default();
    let what = |offer: &Value| {
        let drug = match text(offer, "drug") {
            "" => text(offer, "ndc"),
            drug => drug,
        };
        format!("{drug}, {} for {} days", text(offer, "quantity"), days(offer))
    };
    let at = |offer: &Value| match text(offer, "pharmacy_name") {
        "" => text(offer, "pharmacy").to_owned(),
        name => name.to_owned(),
    };
    let mut lines = vec![format!("{} at {}", what(quote), at(quote))];
    if quote.get("covered").and_then(Value::as_bool) == Some(true) {
        for (name, key) in [
            ("patient pays", "patient_pay"),
            ("plan pays", "plan_pays"),
            ("deductible left", "deductible_left"),
            ("out of pocket left", "out_of_pocket_left"),
        ] {
            lines.push(format!("  {name:<20}{:>12}", dollars(quote, key)));
        }
        if let Some(part_d) = quote.get("part_d").filter(|part_d| part_d.is_object()) {
            for (name, key) in [
                ("in the deductible", "deductible_phase"),
                ("in the initial phase", "initial_phase"),
                ("catastrophic", "catastrophic_phase"),
                ("counts as TrOOP", "true_out_of_pocket"),
            ] {
                lines.push(format!("  {name:<20}{:>12}", dollars(part_d, key)));
            }
        }
    } else {
        lines.push("  not covered:".to_owned());
        for reason in items(quote, "restrictions") {
            lines.push(format!("  {:<4}{}", text(reason, "code"), text(reason, "message")));
        }
        let next = text(quote, "next_fill");
        if !next.is_empty() {
            lines.push(format!("  possible on {next}"));
        }
    }
    let alternatives = items(quote, "alternatives");
    if !alternatives.is_empty() {
        lines.push("  covered as well, by what 30 days cost the patient:".to_owned());
    }
    for offer in alternatives {
        lines.push(format!(
            "  {:>10} patient, {:>10} plan  {} at {} ({})",
            dollars(offer, "patient_pay"),
            dollars(offer, "plan_pays"),
            what(offer),
            at(offer),
            text(offer, "relation"),
        ));
    }
    if explain {
        lines.push(steps(&serde_json::json!({ "steps": quote.get("why") })));
    }
    lines.join("\n")
}
