//! What a claim says, in words.

use openpbm_core::Date;

use crate::cast;
use crate::tables::notation::{Billed, Row, date};

/// A claim in one line: who, when, where, what; then what it says beside.
pub(super) fn claim(row: &Row<'_>, billed: &Billed<'_>, product: Option<&str>) -> String {
    let mut words = vec![billed.date.to_string(), pharmacy(billed.pharmacy).to_owned()];
    match row.extra("mix") {
        Some(value) => words.push(format!("a compound of {}", mix(value))),
        None => {
            let product = product.unwrap_or(billed.drug);
            let ending = if billed.days == 1 { "" } else { "s" };
            let (quantity, days) = (billed.quantity, billed.days);
            words.push(format!("{quantity} x {product} for {days} day{ending}"));
        }
    }
    if billed.daw > 0 {
        words.push(format!("dispense as written {} (408-D8)", billed.daw));
    }
    words.extend(row.extra.iter().filter_map(|extra| said(extra.name, extra.value)));
    format!("**{}**, {}", billed.member, words.join(", "))
}

/// What the medical side had come to, in one line.
pub(super) fn medical(row: &Row<'_>, member: &str, as_of: Date) -> String {
    let amount = |name: &str| row.extra(name).unwrap_or("0.00");
    format!(
        "**{member}**, {as_of}, a file states ${} of medical costs toward the deductible, ${} \
         toward the maximum",
        amount("deductible"),
        amount("maximum")
    )
}

fn pharmacy(word: &str) -> &'static str {
    match word {
        "Harborview" => "retail",
        "mail" => "mail",
        "Summit" => "specialty",
        "Faraway" => "out of network",
        _ => panic!("no design fills at {word}"),
    }
}

/// What an extra says; `None` for one that goes with another.
fn said(name: &str, value: &str) -> Option<String> {
    Some(match name {
        "usual" => format!("usual charge ${value}"),
        "due" => format!("${value} paid there"),
        "by-member" => "submitted by the member (391-MT)".to_owned(),
        "coupon" => format!("a coupon of ${} (487-NE)", value.rsplit('/').next()?),
        "other" => format!("other coverage code {value} (308-C8)"),
        "payer" => payer(value),
        "scc" => format!("clarification {value} (420-DK)"),
        "incentive" => format!("${value} for giving it (438-E3)"),
        "tax" => format!("${value} of sales tax (482-GE)"),
        "level" => format!("level of service {value} (418-DI)"),
        "effort" => format!("level of effort {value} (474-8E)"),
        "pregnant" => "pregnant (335-2C)".to_owned(),
        "diagnosis" => format!("diagnosis {value} (424-DO)"),
        "cost-basis" => format!("basis of cost {value} (423-DN)"),
        "auth" => format!("authorization {} (462-EV)", value.rsplit('/').next()?),
        "partial" => {
            let (quantity, days) = value.split_once('/')?;
            format!("a part (343-HD P) of {quantity} for {days} days")
        }
        "completes" => "which completes it (343-HD C)".to_owned(),
        "group" => format!("now in {value} (301-C1)"),
        "received" => format!("received {}", date(value)),
        "mix" | "professional" | "rate" | "tax-of" => return None,
        _ => panic!("no words for `{name}`"),
    })
}

/// `lisinopril_10*30,metformin_500*60`.
fn mix(value: &str) -> String {
    let part = |part: &str| {
        let (label, quantity) = part.split_once('*').unwrap();
        let label = label.replace('_', " ");
        // Only what is a drug of the tests.
        let _ = cast::drug(&label);
        format!("{quantity} of {label}")
    };
    value.split(',').map(part).collect::<Vec<_>>().join(" and ")
}

/// `1;paid=7:75.00` or `1;left=1:30.00,5:10.00`.
fn payer(value: &str) -> String {
    let amounts = |text: &str| {
        let amount = |part: &str| format!("${}", part.split_once(':').unwrap().1);
        text.split(',').map(amount).collect::<Vec<_>>().join(" and ")
    };
    let said = |part: &str| match part.split_once('=') {
        Some(("paid", text)) => Some(format!("another payer paid {} (431-DV)", amounts(text))),
        Some(("left", text)) => Some(format!("another payer left {} (352-NQ)", amounts(text))),
        _ => None,
    };
    value.split(';').filter_map(said).collect::<Vec<_>>().join(", ")
}
