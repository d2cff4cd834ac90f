//! `openpbm claim`: a D.0 file in, the answer as a person reads it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use openpbm_core::Cents;
use openpbm_wire::ncpdp::segments::response as segments;
use openpbm_wire::ncpdp::{Field, Group, Response};
use serde::Serialize;
use serde_json::Value;

use crate::cli::Claim;
use crate::data::Data;
use crate::failure::{Context, Failure};
use crate::terminal;

pub(crate) fn run(args: &Claim) -> Result<(), Failure> {
    let transmission = read(&args.file)?;
    let (response, decisions) = match &args.data {
        Some(data) => {
            let data = Data::with_store(data, args.store.url.as_ref());
            decide_here(&data, transmission, args.explain)?
        }
        None => {
            let response = send(args.ncpdp, &transmission)?;
            let ids = answers(&response)?.into_iter().filter_map(|answer| answer.id);
            let fetch = |id: String| fetch(args.http, &id);
            let decisions =
                if args.explain { ids.map(fetch).collect::<Result<_, _>>()? } else { Vec::new() };
            (response, decisions)
        }
    };
    let answers = answers(&response)?;
    if args.json {
        return terminal::json(&serde_json::json!({ "answers": answers, "decisions": decisions }));
    }
    for answer in &answers {
        terminal::out(answer.words());
    }
    for decision in &decisions {
        terminal::out(steps(decision));
    }
    Ok(())
}

/// The transmission without the framing or line end that an editor or a capture left round it.
fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = std::fs::read(file).context(format!("reading {}", file.display()))?;
    while bytes.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r' | 0x03)) {
        bytes.pop();
    }
    if bytes.first() == Some(&0x02) {
        bytes.remove(0);
    }
    Ok(bytes)
}

fn decide_here(
    data: &Data,
    transmission: Vec<u8>,
    explain: bool,
) -> Result<(Vec<u8>, Vec<Value>), Failure> {
    let pbm = data.start_now()?;
    let response = pbm.submit(transmission).wait();
    let mut decisions = Vec::new();
    if explain {
        for id in answers(&response)?.into_iter().filter_map(|answer| answer.id) {
            let id = id.parse().context("reading the authorization number")?;
            let page = pbm.decision(id).map_err(crate::data::store)?;
            decisions.push(serde_json::to_value(page).map_err(Failure::new)?);
        }
    }
    pbm.shut_down();
    Ok((response, decisions))
}

/// Sends between STX and ETX, and reads up to the answer's ETX.
fn send(address: SocketAddr, transmission: &[u8]) -> Result<Vec<u8>, Failure> {
    let unreachable = |error: std::io::Error| {
        Failure::new(format!("sending to {address}: {error}"))
            .hint("start a server with `openpbm demo`, or decide here with --data DIR")
    };
    let mut stream = TcpStream::connect(address).map_err(unreachable)?;
    stream.set_read_timeout(Some(Duration::from_secs(15))).map_err(unreachable)?;
    let mut framed = Vec::with_capacity(transmission.len() + 2);
    framed.push(0x02);
    framed.extend_from_slice(transmission);
    framed.push(0x03);
    stream.write_all(&framed).map_err(unreachable)?;
    let mut response = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).map_err(unreachable)?;
        let chunk = buffer.get(..read).unwrap_or_default();
        let end = chunk.iter().position(|&byte| byte == 0x03);
        response.extend_from_slice(chunk.get(..end.unwrap_or(read)).unwrap_or_default());
        if end.is_some() {
            break;
        }
        if read == 0 {
            return Err(Failure::new(format!("{address} closed before its answer ended")));
        }
    }
    if response.first() == Some(&0x02) {
        response.remove(0);
    }
    Ok(response)
}

/// Asks the server's API for the steps of a decision.
fn fetch(address: SocketAddr, id: &str) -> Result<Value, Failure> {
    let url = format!("http://{address}/api/v1/claims/{id}");
    let failed = |error: ureq::Error| {
        Failure::new(format!("asking {url}: {error}"))
            .hint("name the server's HTTP address with --http ADDR")
    };
    let mut response = ureq::get(&url).call().map_err(failed)?;
    let text = response.body_mut().read_to_string().map_err(failed)?;
    serde_json::from_str(&text).context("reading the steps")
}

/// An answer, as far as people ask for it.
#[derive(Debug, Serialize)]
struct Answer {
    status: &'static str,
    /// 503-F3.
    id: Option<String>,
    prescription: Option<String>,
    /// Amounts in cents.
    patient_pay: Option<Cents>,
    plan_pays: Option<Cents>,
    ingredient_cost: Option<Cents>,
    dispensing_fee: Option<Cents>,
    incentive: Option<Cents>,
    other_amounts: Option<Cents>,
    flat_sales_tax: Option<Cents>,
    percentage_sales_tax: Option<Cents>,
    deductible: Option<Cents>,
    copay: Option<Cents>,
    coinsurance: Option<Cents>,
    product_selection: Option<Cents>,
    over_benefit_maximum: Option<Cents>,
    other_payers: Option<Cents>,
    remaining_deductible: Option<Cents>,
    reject_codes: Vec<String>,
    message: String,
    alternatives: Vec<String>,
}

fn answers(response: &[u8]) -> Result<Vec<Answer>, Failure> {
    let response = Response::decode(response).context("reading the answer")?;
    let groups: Vec<_> = response.transactions().collect();
    Ok(groups.iter().map(answer).collect())
}

fn answer(group: &Group<'_, '_>) -> Answer {
    let status = group.read::<segments::Status<'_>>().unwrap_or_default();
    let claim = group.read::<segments::Claim<'_>>().unwrap_or_default();
    let pricing = group.read::<segments::Pricing<'_>>().unwrap_or_default();
    let cents = |field: Field<i64>| field.value().map(Cents::new);
    let text = |field: Field<&str>| field.value().map(str::to_owned);
    let codes = status.rejects.iter().filter_map(|reject| text(reject.code));
    let products = claim.preferred_products.iter();
    let other: Vec<_> =
        pricing.other_amounts.iter().filter_map(|other| cents(other.amount_cents)).collect();
    let other = Some(other).filter(|other| !other.is_empty());
    Answer {
        status: status_words(status.status.value().unwrap_or_default()),
        id: text(status.authorization_number),
        prescription: text(claim.prescription_reference_number),
        patient_pay: cents(pricing.patient_pay_cents),
        plan_pays: cents(pricing.total_amount_paid_cents),
        ingredient_cost: cents(pricing.ingredient_cost_cents),
        dispensing_fee: cents(pricing.dispensing_fee_cents),
        incentive: cents(pricing.incentive_cents),
        other_amounts: other.and_then(|other| Cents::sum(other).ok()),
        flat_sales_tax: cents(pricing.flat_sales_tax_cents),
        percentage_sales_tax: cents(pricing.percentage_sales_tax_cents),
        deductible: cents(pricing.applied_to_deductible_cents),
        copay: cents(pricing.copay_cents),
        coinsurance: cents(pricing.coinsurance_cents),
        product_selection: cents(pricing.brand_selection_cents),
        over_benefit_maximum: cents(pricing.exceeding_benefit_maximum_cents),
        other_payers: cents(pricing.other_payer_amount_recognized_cents),
        remaining_deductible: cents(pricing.remaining_deductible_cents),
        reject_codes: codes.collect(),
        message: message(&status),
        alternatives: products.filter_map(|product| text(product.description)).collect(),
    }
}

/// 112-AN.
fn status_words(status: &str) -> &'static str {
    match status {
        "P" => "paid",
        "D" => "duplicate of paid",
        "A" => "approved",
        "C" => "captured",
        "R" => "rejected",
        _ => "of unknown status",
    }
}

/// The lines of free text, joined.
fn message(status: &segments::Status<'_>) -> String {
    let free = status.messages.iter().filter(|line| {
        line.qualifier.value().and_then(|q| q.parse().ok()).is_some_and(|q: u8| q < 10)
    });
    free.filter_map(|line| line.text.value()).collect::<Vec<_>>().join(" ")
}

impl Answer {
    fn words(&self) -> String {
        let mut lines = Vec::new();
        let prescription = self.prescription.as_deref().unwrap_or("-");
        let id = self.id.as_deref().unwrap_or("-");
        let status = self.status;
        lines.push(format!("prescription {prescription}: {status} (authorization {id})"));
        let amounts = [
            ("patient pays", self.patient_pay),
            ("  deductible", self.deductible),
            ("  copay", self.copay),
            ("  coinsurance", self.coinsurance),
            ("  choice of brand", self.product_selection),
            ("  above the maximum", self.over_benefit_maximum),
            ("plan pays", self.plan_pays),
            ("other payers cover", self.other_payers),
            ("ingredient cost", self.ingredient_cost),
            ("dispensing fee", self.dispensing_fee),
            ("incentive amount", self.incentive),
            ("other amounts", self.other_amounts),
            ("flat sales tax", self.flat_sales_tax),
            ("sales tax", self.percentage_sales_tax),
            ("deductible left", self.remaining_deductible),
        ];
        for (name, amount) in amounts {
            if let Some(amount) = amount {
                lines.push(format!("  {name:<20}{:>12}", format!("${amount}")));
            }
        }
        for code in &self.reject_codes {
            let known: Option<openpbm_core::RejectCode> = code.parse().ok();
            let meaning = known.map_or("", |known| known.meaning());
            lines.push(format!("  {code:<4}{meaning}"));
        }
        if !self.message.is_empty() {
            lines.push(format!("  {}", self.message));
        }
        for alternative in &self.alternatives {
            lines.push(format!("  covered instead: {alternative}"));
        }
        lines.join("\n")
    }
}

/// The steps of a decision, a line each.
pub(crate) fn steps(decision: &Value) -> String {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut lines = vec![String::new(), "why:".to_owned()];
    let steps = decision.get("steps").and_then(Value::as_array);
    for step in steps.into_iter().flatten() {
        let stage = text(step, "stage").unwrap_or_default();
        let words = text(step, "words").unwrap_or_default();
        let source = text(step, "source").map_or_else(String::new, |s| format!("  [{s}]"));
        let amount = step.get("amount").map_or_else(String::new, change);
        lines.push(format!("  {stage:<14}{words}{amount}{source}"));
    }
    lines.join("\n")
}

fn change(amount: &Value) -> String {
    let cents = |key| amount.get(key).and_then(Value::as_i64).map(Cents::new);
    match (amount.get("account").and_then(Value::as_str), cents("before"), cents("after")) {
        (Some(account), Some(before), Some(after)) => {
            format!(": {} ${before} -> ${after}", account.replace('_', " "))
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use openpbm_wire::ncpdp::{Encoder, ResponseHeader, VERSION};

    use super::*;

    #[test]
    fn what_an_answer_shows_sums_to_what_the_pharmacy_gets() {
        let mut bytes = Vec::new();
        let header = ResponseHeader {
            version: VERSION.into(),
            transaction_code: "B1".into(),
            transaction_count: 1.into(),
            header_response_status: "A".into(),
            ..Default::default()
        };
        let mut encoder = Encoder::new(&mut bytes, &header);
        encoder.transaction();
        let other = |qualifier: &'static str, cents: i64| segments::OtherAmountPaid {
            qualifier: qualifier.into(),
            amount_cents: cents.into(),
        };
        encoder.segment(&segments::Pricing {
            patient_pay_cents: 500.into(),
            ingredient_cost_cents: 1_000.into(),
            dispensing_fee_cents: 150.into(),
            total_amount_paid_cents: 850.into(),
            other_amounts: vec![other("01", 400), other("09", 200)].into(),
            other_payer_amount_recognized_cents: 400.into(),
            ..Default::default()
        });
        encoder.finish().unwrap();
        let answers = answers(&bytes).unwrap();
        let [answer] = answers.as_slice() else { panic!("{answers:?}") };
        let sum = |amounts: [Option<Cents>; 3]| Cents::sum(amounts.into_iter().flatten()).unwrap();
        let payers = sum([answer.patient_pay, answer.plan_pays, answer.other_payers]);
        let gets = sum([answer.ingredient_cost, answer.dispensing_fee, answer.other_amounts]);
        assert_eq!((payers, gets), (Cents::new(1_750), Cents::new(1_750)));
        assert!(answer.words().contains("other payers cover"));
    }
}
