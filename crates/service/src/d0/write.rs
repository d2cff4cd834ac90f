//! Answers to D.0 bytes.

use openpbm_core::{
    Alternative, Date, DurAlert, Paid, PartD, PriceBasis, RefusalReason, RejectCode, Text,
};
use openpbm_engine::transaction::Answer;
use openpbm_wire::ncpdp::segments::response as segments;
use openpbm_wire::ncpdp::{self, Encoder, Field, Header, RequestHeader, ResponseHeader};

/// What is answered to a transmission.
pub(crate) enum Reply<'r> {
    /// Its transactions, each with 402-D2 as it was sent.
    Answers(&'r [(Option<Text<12>>, Answer)]),
    /// The transmission as a whole is refused.
    Refused(&'r [RefusalReason]),
    /// Nothing could be made durable: so many transactions are refused with 92.
    Unavailable(&'r [Option<Text<12>>]),
}

/// Appends the response to a request.
pub(crate) fn write(request: &[u8], reply: &Reply<'_>, out: &mut Vec<u8>) {
    let start = out.len();
    let header = request.get(..RequestHeader::LENGTH).unwrap_or(request);
    let header = RequestHeader::read(header);
    if encode(&header, reply, out).is_err() {
        // An answer that does not fit its fields is our mistake, and still an answer is due.
        tracing::error!("a response could not be encoded");
        out.truncate(start);
        let reason = RefusalReason::new(RejectCode::HostProcessingError, "answer not encodable");
        let plain = RequestHeader::default();
        if encode(&plain, &Reply::Refused(&[reason]), out).is_err() {
            out.truncate(start);
        }
    }
}

fn encode(
    request: &RequestHeader<'_>,
    reply: &Reply<'_>,
    out: &mut Vec<u8>,
) -> Result<(), ncpdp::EncodeError> {
    let (status, count) = match reply {
        Reply::Answers(answers) => ("A", answers.len()),
        Reply::Refused(_) => ("R", 1),
        Reply::Unavailable(transactions) => ("A", transactions.len()),
    };
    let header = ResponseHeader {
        version: ncpdp::VERSION.into(),
        transaction_code: printable(request.transaction_code),
        transaction_count: u32::try_from(count).unwrap_or(u32::MAX).into(),
        header_response_status: status.into(),
        service_provider_id_qualifier: printable(request.service_provider_id_qualifier),
        service_provider_id: printable(request.service_provider_id),
        date_of_service: readable(request.date_of_service),
    };
    let mut encoder = Encoder::new(out, &header);
    match reply {
        Reply::Answers(answers) => {
            insurance(&mut encoder, answers);
            for (prescription, answer) in *answers {
                encoder.transaction();
                transaction(&mut encoder, prescription.as_ref(), answer);
            }
        }
        Reply::Refused(reasons) => {
            encoder.transaction();
            rejected(&mut encoder, None, reasons);
        }
        Reply::Unavailable(transactions) => {
            let message = "nothing was stored; send the claim again";
            let reason = RefusalReason::new(RejectCode::SystemUnavailable, message);
            for prescription in *transactions {
                encoder.transaction();
                rejected(&mut encoder, None, std::slice::from_ref(&reason));
                claim(&mut encoder, prescription.as_ref(), &[]);
            }
        }
    }
    encoder.finish()
}

/// A text with a separator in it was cut out of something else: it is left blank.
fn printable(field: Field<&str>) -> Field<&str> {
    match field {
        Field::Value(text) if !text.bytes().all(|b| matches!(b, b' '..=b'~')) => Field::Blank,
        field => readable(field),
    }
}

/// What the answer repeats of the request; what could not be read is left blank.
fn readable<T>(field: Field<T>) -> Field<T> {
    match field {
        Field::Invalid(_) => Field::Blank,
        readable => readable,
    }
}

/// The group that decided, for the transmission as a whole.
fn insurance(encoder: &mut Encoder<'_>, answers: &[(Option<Text<12>>, Answer)]) {
    let group = answers.iter().find_map(|(_, answer)| match answer {
        Answer::Decided { adjudication, .. } => adjudication.paid().map(|paid| paid.group),
        Answer::Duplicate(fill) => Some(fill.paid.group),
        Answer::Covered { coverage, .. } => Some(coverage.group),
        Answer::Reversed { .. }
        | Answer::Enrolled { .. }
        | Answer::Medical { .. }
        | Answer::Reprocessed { .. }
        | Answer::Refused { .. } => None,
    });
    if let Some(group) = &group {
        encoder.segment(&segments::Insurance {
            group_id: group.as_str().into(),
            ..Default::default()
        });
    }
}

fn transaction(encoder: &mut Encoder<'_>, prescription: Option<&Text<12>>, answer: &Answer) {
    match answer {
        Answer::Decided { id, adjudication } => {
            let id = id.to_string();
            if let Some(paid) = adjudication.paid() {
                let part_d = adjudication.part_d.as_deref();
                paid_status(encoder, "P", &id, part_d);
                claim(encoder, prescription, &[]);
                pricing(encoder, paid, part_d);
            } else {
                let reasons = adjudication.rejections();
                let reasons: Vec<_> =
                    reasons.into_iter().map(|r| RefusalReason::new(r.code, r.message)).collect();
                rejected_with(encoder, Some(&id), &reasons, adjudication.next_fill);
                claim(encoder, prescription, &adjudication.alternatives);
            }
            alerts(encoder, &adjudication.alerts);
        }
        Answer::Duplicate(fill) => {
            paid_status(encoder, "D", &fill.id.to_string(), fill.part_d.as_deref());
            claim(encoder, prescription, &[]);
            pricing(encoder, &fill.paid, fill.part_d.as_deref());
        }
        Answer::Reversed { id, .. } => {
            status(encoder, "A", &id.to_string(), &[]);
            claim(encoder, prescription, &[]);
        }
        Answer::Covered { plan, coverage, .. } => {
            let until = coverage.to.map_or_else(String::new, |to| format!(" to {to}"));
            let text = format!("covered by {plan} from {}{until}", coverage.from);
            status(encoder, "A", "", &lines(&text));
        }
        // No pharmacy asks for these.
        Answer::Enrolled { .. } | Answer::Medical { .. } | Answer::Reprocessed { .. } => {
            status(encoder, "A", "", &[]);
        }
        Answer::Refused { id, reasons } => {
            let id = id.map(|id| id.to_string());
            rejected(encoder, id.as_deref(), reasons);
            claim(encoder, prescription, &[]);
        }
    }
}

/// The most alerts that 567-J6 counts.
const MOST_ALERTS: usize = 9;

/// 544-FY, 30 characters, and the whole text in 570-NS.
fn alerts(encoder: &mut Encoder<'_>, alerts: &[DurAlert]) {
    if alerts.is_empty() {
        return;
    }
    let alerts = alerts.get(..MOST_ALERTS).unwrap_or(alerts);
    let texts: Vec<_> = alerts.iter().map(|alert| plain(&alert.text)).collect();
    let short: Vec<_> = texts.iter().map(|text| cut(text, 30).0).collect();
    let whole: Vec<_> = texts.iter().map(|text| cut(text, 100).0).collect();
    let significance: Vec<_> = alerts.iter().map(|a| a.significance.to_string()).collect();
    let texts = short.iter().zip(&whole).zip(&significance);
    let alerts: Vec<_> = alerts
        .iter()
        .zip(texts)
        .map(|(alert, ((short, whole), significance))| segments::Alert {
            reason_code: (&*alert.reason).into(),
            clinical_significance: significance.as_str().into(),
            previous_fill_date: alert.previous_fill.and_then(wire_date).into(),
            message: (*short).into(),
            additional_text: (*whole).into(),
            ..Default::default()
        })
        .collect();
    encoder.segment(&segments::DurPps { alerts: alerts.into() });
}

fn wire_date(date: Date) -> Option<ncpdp::Date> {
    let (year, month, day) = date.ymd();
    ncpdp::Date::new(u16::try_from(year).ok()?, month, day)
}

fn status(encoder: &mut Encoder<'_>, status: &str, id: &str, lines: &[Line]) {
    let messages: Vec<_> = lines.iter().map(Line::message).collect();
    encoder.segment(&segments::Status {
        status: status.into(),
        authorization_number: Some(id).filter(|id| !id.is_empty()).into(),
        messages: messages.into(),
        ..Default::default()
    });
}

/// A paid claim; of a transition supply of Medicare Part D the pharmacy is told, for the patient
/// needs another drug or an exception before the next fill.
fn paid_status(encoder: &mut Encoder<'_>, status: &str, id: &str, part_d: Option<&PartD>) {
    let supplied = part_d.filter(|part_d| part_d.transition);
    let codes = supplied.map(|part_d| match part_d.passed {
        Some(RejectCode::PriorAuthorizationRequired) => "005",
        Some(RejectCode::NotOnFormulary) => "006",
        _ => "007",
    });
    let codes: Vec<_> =
        codes.iter().map(|code| segments::ApprovedMessage { code: (*code).into() }).collect();
    let words = "transition supply: before the next fill change the drug or ask the plan for it";
    let lines = supplied.map(|_| lines(words)).unwrap_or_default();
    let messages: Vec<_> = lines.iter().map(Line::message).collect();
    encoder.segment(&segments::Status {
        status: status.into(),
        authorization_number: id.into(),
        approved_messages: codes.into(),
        messages: messages.into(),
        ..Default::default()
    });
}

fn rejected(encoder: &mut Encoder<'_>, id: Option<&str>, reasons: &[RefusalReason]) {
    rejected_with(encoder, id, reasons, None);
}

fn rejected_with(
    encoder: &mut Encoder<'_>,
    id: Option<&str>,
    reasons: &[RefusalReason],
    next_fill: Option<Date>,
) {
    let rejects: Vec<_> = reasons
        .iter()
        .map(|reason| segments::Reject {
            code: reason.code.code().into(),
            occurrence: reason.occurrence.map(u32::from).into(),
        })
        .collect();
    let words: Vec<_> = reasons.iter().map(|r| format!("{}: {}", r.code, r.message)).collect();
    let mut lines = lines(&words.join(". "));
    if let Some(date) = next_fill {
        lines.push(Line { qualifier: NEXT_FILL, text: date.compact(), continues: false });
    }
    let messages: Vec<_> = lines.iter().map(Line::message).collect();
    encoder.segment(&segments::Status {
        status: "R".into(),
        authorization_number: id.into(),
        rejects: rejects.into(),
        messages: messages.into(),
        ..Default::default()
    });
}

/// 132-UH for the day on which the next fill is possible.
const NEXT_FILL: &str = "10";

/// 132-UH for free text, line by line; D.0 has nine of them.
const FREE_TEXT: [&str; 9] = ["01", "02", "03", "04", "05", "06", "07", "08", "09"];

/// One line of additional message information (526-FQ).
struct Line {
    qualifier: &'static str,
    text: String,
    continues: bool,
}

impl Line {
    fn message(&self) -> segments::AdditionalMessage<'_> {
        segments::AdditionalMessage {
            qualifier: self.qualifier.into(),
            text: self.text.as_str().into(),
            continuity: self.continues.then_some("+").into(),
        }
    }
}

/// What D.0 has no character for is left blank.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_graphic() { c } else { ' ' }).collect()
}

/// Breaks a text into lines of 40 characters at its blanks; nine lines are all there is.
fn lines(text: &str) -> Vec<Line> {
    let text = plain(text);
    let mut rest = text.trim();
    let mut lines = Vec::new();
    for qualifier in FREE_TEXT {
        let (line, after) = cut(rest, 40);
        rest = after;
        if line.is_empty() {
            break;
        }
        lines.push(Line { qualifier, text: line.to_owned(), continues: !rest.is_empty() });
    }
    if let Some(last) = lines.last_mut() {
        last.continues = false;
    }
    lines
}

/// The longest beginning of at most so many bytes that ends at a blank (or at the limit, if a
/// word is longer), and the rest.
fn cut(text: &str, most: usize) -> (&str, &str) {
    if text.len() <= most {
        return (text.trim_end(), "");
    }
    let limit = (0..=most).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let (head, _) = text.split_at_checked(limit).unwrap_or((text, ""));
    let ends_word = text.as_bytes().get(limit) == Some(&b' ');
    let at = if ends_word { limit } else { head.rfind(' ').unwrap_or(limit) };
    let (line, rest) = text.split_at_checked(at).unwrap_or((text, ""));
    (line.trim_end(), rest.trim_start())
}

fn claim(encoder: &mut Encoder<'_>, prescription: Option<&Text<12>>, alternatives: &[Alternative]) {
    let Some(prescription) = prescription else { return };
    let products: Vec<_> = alternatives
        .iter()
        .map(|a| {
            let text = plain(&format!("${} {}", a.patient_pay, a.name));
            (a.ndc.to_string(), cut(&text, 40).0.to_owned())
        })
        .collect();
    let products: Vec<_> = products
        .iter()
        .map(|(ndc, description)| segments::PreferredProduct {
            product_id_qualifier: "03".into(),
            product_id: ndc.as_str().into(),
            description: description.as_str().into(),
            ..Default::default()
        })
        .collect();
    encoder.segment(&segments::Claim {
        prescription_reference_number_qualifier: "1".into(),
        prescription_reference_number: prescription.as_str().into(),
        preferred_products: products.into(),
        ..Default::default()
    });
}

/// 522-FM.
const fn basis_code(basis: PriceBasis) -> u32 {
    match basis {
        PriceBasis::GrossAmountDue => 1,
        PriceBasis::UsualAndCustomary => 4,
        PriceBasis::Mac => 6,
        PriceBasis::Contract => 8,
        PriceBasis::Nadac => 20,
    }
}

/// 393-MV with 394-MW: how much of the price falls into each stage of Medicare Part D.
fn stages(part_d: &PartD) -> Vec<segments::BenefitStage<'static>> {
    let stages = [
        ("01", part_d.deductible_phase),
        ("02", part_d.initial_phase),
        ("04", part_d.catastrophic_phase),
    ];
    let reached = stages.into_iter().filter(|(_, amount)| *amount != openpbm_core::Cents::ZERO);
    reached
        .map(|(stage, amount)| segments::BenefitStage {
            qualifier: stage.into(),
            amount_cents: amount.get().into(),
        })
        .collect()
}

fn pricing(encoder: &mut Encoder<'_>, paid: &Paid, part_d: Option<&PartD>) {
    // Amounts of nothing are left out, but for what the pharmacy and the patient pay and get.
    let some = |cents: openpbm_core::Cents| Some(cents.get()).filter(|&cents| cents != 0);
    let total = |sum: Result<openpbm_core::Cents, _>| sum.ok().map(openpbm_core::Cents::get);
    let deductible = paid.remaining_deductible;
    let beside = &paid.beside;
    let has_rate = beside.percentage_tax != openpbm_core::Cents::ZERO;
    let qualifiers = beside.other_amounts.map(|other| other.map(|o| format!("{:02}", o.qualifier)));
    let other = beside.other_amounts.iter().flatten().zip(qualifiers.iter().flatten());
    let other: Vec<_> = other
        .map(|(other, qualifier)| segments::OtherAmountPaid {
            qualifier: qualifier.as_str().into(),
            amount_cents: other.amount.get().into(),
        })
        .collect();
    let stages = part_d.map(stages).unwrap_or_default();
    encoder.segment(&segments::Pricing {
        patient_pay_cents: total(paid.patient_pay()).into(),
        ingredient_cost_cents: paid.ingredient_cost.get().into(),
        dispensing_fee_cents: paid.dispensing_fee.get().into(),
        total_amount_paid_cents: total(paid.plan_pays()).into(),
        basis_of_reimbursement: basis_code(paid.basis).into(),
        accumulated_deductible_cents: deductible.map(|_| paid.accumulated_deductible.get()).into(),
        remaining_deductible_cents: deductible.map(openpbm_core::Cents::get).into(),
        applied_to_deductible_cents: some(paid.deductible).into(),
        copay_cents: some(paid.copay).into(),
        coinsurance_cents: some(paid.coinsurance).into(),
        benefit_stages: stages.into(),
        brand_selection_cents: some(paid.product_selection).into(),
        flat_sales_tax_cents: some(beside.flat_tax).into(),
        percentage_sales_tax_cents: some(beside.percentage_tax).into(),
        percentage_sales_tax_rate: beside.tax_rate.filter(|_| has_rate).map(i64::from).into(),
        percentage_sales_tax_basis: beside
            .tax_basis
            .filter(|_| has_rate)
            .map(openpbm_core::TaxBasis::code)
            .into(),
        incentive_cents: some(beside.incentive).into(),
        other_amounts: other.into(),
        other_payer_amount_recognized_cents: some(paid.coordination.other_payers).into(),
        exceeding_benefit_maximum_cents: some(paid.design.over_benefit_maximum).into(),
        ..Default::default()
    });
}

#[cfg(test)]
mod tests {
    use openpbm_core::{
        Beside, BillingKey, Cents, ClaimId, DrugUse, Fill, PrescriptionNumber, ProductKind,
        QualifiedAmount, Quantity, TaxBasis,
    };

    use super::*;

    /// 10.00 for the product and 1.50 for dispensing it, with what is paid beside.
    fn paid(beside: Beside) -> Paid {
        let day = Date::new(2026, 3, 2).unwrap();
        Paid {
            person: "01".parse().unwrap(),
            group: "CSCPPO".parse().unwrap(),
            plan_year: day,
            tier: 1,
            kind: ProductKind::Generic,
            basis: PriceBasis::Nadac,
            ingredient_cost: Cents::new(1_000),
            dispensing_fee: Cents::new(150),
            deductible: Cents::ZERO,
            copay: Cents::new(500),
            coinsurance: Cents::ZERO,
            product_selection: Cents::ZERO,
            accumulated_deductible: Cents::ZERO,
            remaining_deductible: None,
            accumulated_out_of_pocket: Cents::new(500),
            remaining_out_of_pocket: None,
            beside,
            compound: None,
            bought_340b: false,
            design: openpbm_core::Design::default(),
            emergency_supply: false,
            coordination: openpbm_core::Coordination::default(),
            brought: openpbm_core::Brought::default(),
        }
    }

    #[test]
    fn what_is_paid_beside_the_product_has_its_fields() {
        let other =
            |qualifier, cents| Some(QualifiedAmount { qualifier, amount: Cents::new(cents) });
        let beside = Beside {
            incentive: Cents::new(2_000),
            other_amounts: [other(1, 500), None, other(9, 200)],
            flat_tax: Cents::new(10),
            percentage_tax: Cents::new(70),
            tax_rate: Some(70_000),
            tax_basis: Some(TaxBasis::IngredientCost),
        };
        let paid = paid(beside);
        let key = BillingKey {
            pharmacy: "1999000015".parse().unwrap(),
            prescription: PrescriptionNumber::new(1).unwrap(),
            fill: 0,
            date_of_service: paid.plan_year,
        };
        let drug = DrugUse {
            ndc: "68180098003".parse().unwrap(),
            quantity: Quantity::units(30),
            days_supply: 30,
        };
        let id = ClaimId::new(1, 1);
        let fill =
            Fill { id, key, drug, paid, fingerprint: 0, first: None, part_d: None, partial: None };
        let answer = Answer::Duplicate(Box::new(fill));
        let mut bytes = Vec::new();
        write(&[], &Reply::Answers(&[(None, answer)]), &mut bytes);
        let response = ncpdp::Response::decode(&bytes).unwrap();
        let group = response.transactions().next().unwrap();
        let pricing: segments::Pricing<'_> = group.read().unwrap();
        assert_eq!(pricing.incentive_cents.value(), Some(2_000));
        assert_eq!(pricing.flat_sales_tax_cents.value(), Some(10));
        assert_eq!(pricing.percentage_sales_tax_cents.value(), Some(70));
        assert_eq!(pricing.percentage_sales_tax_rate.value(), Some(70_000));
        assert_eq!(pricing.percentage_sales_tax_basis.value(), Some("02"));
        let other = pricing.other_amounts.iter();
        let other: Vec<_> = other.map(|o| (o.qualifier.value(), o.amount_cents.value())).collect();
        assert_eq!(other, [(Some("01"), Some(500)), (Some("09"), Some(200))]);
        // 10.00 + 1.50 + 20.00 + 5.00 + 2.00 + 0.10 + 0.70, less the copay of 5.00.
        assert_eq!(pricing.total_amount_paid_cents.value(), Some(3_430));
    }

    #[test]
    fn no_alert_and_no_name_keeps_an_answer_from_the_pharmacy() {
        let alert = |significance| DurAlert {
            reason: "DD".into(),
            significance,
            text: "raises the level of cyclosporine \u{2014} Sj\u{f6}gren".into(),
            previous_fill: None,
        };
        let step = |code| openpbm_core::Step {
            stage: openpbm_core::Stage::Dur,
            finding: openpbm_core::Finding::Refused { code, message: "twice".into() },
            source: None,
            amount: None,
        };
        let adjudication = openpbm_core::Adjudication {
            outcome: openpbm_core::Outcome::Rejected(vec![RejectCode::DurReject]),
            steps: vec![step(RejectCode::DurReject)],
            // A compound of twenty ingredients may have as many.
            alerts: (0..20).map(|of| alert(of % 3 + 1)).collect(),
            next_fill: None,
            alternatives: vec![Alternative {
                ndc: "68180098003".parse().unwrap(),
                name: "M\u{f6}ller\u{2019}s tablet".into(),
                patient_pay: Cents::new(500),
            }],
            part_d: None,
        };
        let id = ClaimId::new(1, 1);
        let answer = Answer::Decided { id, adjudication: adjudication.into() };
        let mut bytes = Vec::new();
        write(&[], &Reply::Answers(&[(Text::new("1"), answer)]), &mut bytes);
        assert!(bytes.is_ascii());
        let response = ncpdp::Response::decode(&bytes).unwrap();
        let group = response.transactions().next().unwrap();
        let status: segments::Status<'_> = group.read().unwrap();
        assert_eq!(status.rejects.len(), 1);
        let alerts: segments::DurPps<'_> = group.read().unwrap();
        assert_eq!(alerts.alerts.len(), MOST_ALERTS);
    }

    #[test]
    fn messages_break_at_blanks() {
        let text = "79: refill possible on 2026-03-24: 75% of the 30 days filled on 2026-03-01";
        let lines = lines(text);
        let texts: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(
            texts,
            ["79: refill possible on 2026-03-24: 75%", "of the 30 days filled on 2026-03-01",]
        );
        assert_eq!(lines.iter().map(|l| l.continues).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn long_words_and_long_texts_end_somewhere() {
        let lines = lines(&"x".repeat(1000));
        assert_eq!(lines.len(), 9);
        assert!(lines.iter().all(|line| line.text.len() == 40));
        assert!(!lines[8].continues);
    }
}
