//! D.0 bytes to requests: the header, and what each transaction asks for.

use openpbm_core::{
    Bin, Date, Npi, Pcn, PrescriptionNumber, Refusal, RefusalReason, RejectCode, Text,
};
use openpbm_engine::transaction::Request;
use openpbm_wire::ncpdp::segments::request as segments;
use openpbm_wire::ncpdp::{self, DecodeError, Field, Group, Header, RequestHeader};

use super::collect::Collector;
use super::transaction::Parts;

/// What a transmission asks for.
pub(crate) enum Reading {
    /// Its transactions, one to four.
    Transactions(Vec<Transaction>),
    /// The transmission as a whole is refused.
    Refused(Refusal),
}

/// One transaction, and what its answer repeats of it.
pub(crate) struct Transaction {
    /// What is asked.
    pub(crate) request: Request,
    /// 402-D2 as it was sent.
    pub(crate) prescription: Option<Text<12>>,
}

/// What the transmission says of all its transactions.
pub(super) struct Common {
    pub(super) code: &'static str,
    pub(super) pharmacy: Npi,
    pub(super) date_of_service: Date,
    pub(super) received: Date,
}

/// The transactions that are served.
const SERVED: [&str; 4] = ["B1", "B2", "B3", "E1"];

/// Reads a transmission that came in on a day, for a book of this BIN and PCN.
pub(crate) fn read(bytes: &[u8], received: Date, bin: Bin, pcn: Pcn) -> Reading {
    let header = RequestHeader::read(bytes);
    let mut collector = Collector::default();
    let common = common(&header, &mut collector, received, bin, pcn);
    let request = decode(bytes, &mut collector);
    match (request, common) {
        (Some(request), Some(common)) if collector.is_clean() => {
            Reading::Transactions(transactions(&request, &common))
        }
        _ => Reading::Refused(refusal(&header, reasons(collector))),
    }
}

/// Refuses what was received of a transmission that never became whole. Cut short, a claim may
/// still look whole, so nothing but its header is read.
pub(crate) fn cut_short(received: &[u8], why: &str) -> Refusal {
    let header = received.get(..RequestHeader::LENGTH).unwrap_or(received);
    let reason = RefusalReason::new(RejectCode::SyntaxError, why);
    refusal(&RequestHeader::read(header), vec![reason])
}

/// The record of a refused transmission, as far as its header can be read.
fn refusal(header: &RequestHeader<'_>, reasons: Vec<RefusalReason>) -> Refusal {
    Refusal {
        transaction: transaction_code(header).to_owned(),
        pharmacy: header.service_provider_id.value().and_then(|id| id.trim().parse().ok()),
        prescription: None,
        date_of_service: header.date_of_service.value().and_then(civil),
        reasons,
    }
}

/// Divides the transmission; what cannot be divided is a syntax error.
fn decode<'a>(bytes: &'a [u8], collector: &mut Collector) -> Option<ncpdp::Request<'a>> {
    match ncpdp::Request::decode(bytes) {
        Ok(request) => {
            if let Some(fault) = request.count_fault() {
                let code = RejectCode::CountMismatch;
                collector.refuse(code, fault.to_string());
            }
            Some(request)
        }
        Err(error @ DecodeError::Transactions { .. }) => {
            collector.refuse(RejectCode::InvalidTransactionCount, error.to_string());
            None
        }
        // The header's own check has said so already.
        Err(DecodeError::Version { .. }) => None,
        Err(error) => {
            collector.refuse(RejectCode::SyntaxError, error.to_string());
            None
        }
    }
}

/// 103-A3 for the record; only letters and digits, whatever was sent.
fn transaction_code<'a>(header: &RequestHeader<'a>) -> &'a str {
    let code = header.transaction_code.value().unwrap_or_default();
    if code.bytes().all(|b| b.is_ascii_alphanumeric()) { code } else { "" }
}

/// The day of the calendar that D.0 wrote.
pub(super) fn civil(date: ncpdp::Date) -> Option<Date> {
    Date::new(i32::from(date.year()), date.month(), date.day())
}

/// Checks the header.
fn common(
    header: &RequestHeader<'_>,
    collector: &mut Collector,
    received: Date,
    bin: Bin,
    pcn: Pcn,
) -> Option<Common> {
    header_faults(header, collector);
    routing(header, collector, bin, pcn);
    let code = served_code(header, collector);
    let count = collector.required(header.transaction_count, "109-A9");
    if count.is_some_and(|count| !(1..=4).contains(&count)) {
        collector.wrong("109-A9", "1 to 4");
    }
    let qualifier = collector.required(header.service_provider_id_qualifier, "202-B2");
    if qualifier.is_some_and(|qualifier| qualifier != "01") {
        collector.wrong("202-B2", "01, because pharmacies are known by NPI");
    }
    let id = collector.required(header.service_provider_id, "201-B1");
    let pharmacy = collector.parsed(id, "201-B1", NPI, |id| id.parse().ok());
    let date_of_service = collector.required(header.date_of_service, "401-D1").and_then(civil);
    Some(Common { code: code?, pharmacy: pharmacy?, date_of_service: date_of_service?, received })
}

/// What an identifier of a provider must be.
pub(super) const NPI: &str = "an NPI of 10 digits with a right check digit";

/// Fields of the header that cannot be read.
fn header_faults(header: &RequestHeader<'_>, collector: &mut Collector) {
    let texts = [
        header.bin,
        header.version,
        header.transaction_code,
        header.processor_control_number,
        header.service_provider_id_qualifier,
        header.service_provider_id,
    ];
    let faults = texts.iter().filter_map(Field::fault);
    let count = header.transaction_count.fault();
    let faults = faults.chain(count).chain(header.date_of_service.fault());
    faults.for_each(|fault| collector.fault(fault));
}

fn routing(header: &RequestHeader<'_>, collector: &mut Collector, bin: Bin, pcn: Pcn) {
    let sent = collector.required(header.bin, "101-A1");
    if sent.is_some_and(|sent| sent != bin.as_str()) {
        collector.wrong("101-A1", &format!("{bin}, which is served here"));
    }
    let version = collector.required(header.version, "102-A2");
    if version.is_some_and(|version| version != ncpdp::VERSION) {
        let message = format!("102-A2 version must be {}", ncpdp::VERSION);
        collector.refuse(RejectCode::UnsupportedVersion, message);
    }
    let sent = collector.required(header.processor_control_number, "104-A4");
    if sent.is_some_and(|sent| sent.trim() != pcn.as_str()) {
        collector.wrong("104-A4", &format!("{pcn}, which is served here"));
    }
}

fn served_code(header: &RequestHeader<'_>, collector: &mut Collector) -> Option<&'static str> {
    let code = collector.required(header.transaction_code, "103-A3")?;
    let served = SERVED.into_iter().find(|served| *served == code);
    if served.is_none() {
        let message = format!("103-A3 transaction is not supported; {} are", SERVED.join(", "));
        collector.refuse(RejectCode::UnsupportedTransaction, message);
    }
    served
}

fn transactions(request: &ncpdp::Request<'_>, common: &Common) -> Vec<Transaction> {
    let shared = request.transmission();
    let mut groups: Vec<_> = request.transactions().collect();
    if groups.is_empty() {
        // A single transaction may have all its segments at the transmission's own level.
        groups.push(shared);
    }
    groups.iter().map(|group| transaction(&shared, group, common)).collect()
}

fn transaction(shared: &Group<'_, '_>, group: &Group<'_, '_>, common: &Common) -> Transaction {
    let mut collector = Collector::default();
    let claim = group.read::<segments::Claim<'_>>();
    let prescription =
        claim.as_ref().and_then(|c| Text::new(c.prescription_reference_number.value()?));
    let parts = Parts { shared, group, claim: claim.as_ref(), common };
    let request = match common.code {
        "E1" => parts.inquiry(&mut collector).map(Request::Eligibility),
        "B2" => parts.reversal(&mut collector).map(Request::Reversal),
        "B3" => parts.claim(&mut collector).map(|claim| Request::Rebill(claim.into())),
        _ => parts.claim(&mut collector).map(|claim| Request::Billing(claim.into())),
    };
    let request = match request {
        Some(request) if collector.is_clean() => request,
        _ => Request::Unreadable(Refusal {
            transaction: common.code.to_owned(),
            pharmacy: Some(common.pharmacy),
            prescription: prescription.as_ref().and_then(|text| number(text.as_str())),
            date_of_service: Some(common.date_of_service),
            reasons: reasons(collector),
        }),
    };
    Transaction { request, prescription }
}

/// 402-D2.
pub(super) fn number(text: &str) -> Option<PrescriptionNumber> {
    text.parse().ok().and_then(PrescriptionNumber::new)
}

/// The collected reasons: what could not be read says at least that.
fn reasons(collector: Collector) -> Vec<RefusalReason> {
    let reasons = collector.into_reasons();
    if reasons.is_empty() {
        let message = "the transmission could not be read";
        return vec![RefusalReason::new(RejectCode::SyntaxError, message)];
    }
    reasons
}
