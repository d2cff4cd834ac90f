//! A PBM on the sample book in a directory of its own, and a pharmacy to talk to it.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use openpbm_book::Book;
use openpbm_core::{ClaimId, Date, Timestamp};
use openpbm_service::{Clock, Options, Pbm, enroll};
use openpbm_store::sqlite::SqliteJournal;
use openpbm_wire::ncpdp::segments::{request, response};
use openpbm_wire::ncpdp::{self, Encoder, RequestHeader, Response};

/// A day on which it is always noon, and ids that count.
pub(crate) struct NoonClock {
    day: Date,
    next: AtomicU64,
}

impl NoonClock {
    pub(crate) fn on(day: &str) -> Arc<Self> {
        static FIRST: AtomicU64 = AtomicU64::new(0);
        // Two clocks of a test must not give the same ids, as two processes would not.
        let first = FIRST.fetch_add(1_000_000, Ordering::Relaxed);
        Arc::new(Self { day: day.parse().unwrap(), next: AtomicU64::new(first) })
    }
}

impl Clock for NoonClock {
    fn now(&self) -> Timestamp {
        let days = self.day.days_since("1970-01-01".parse().unwrap());
        Timestamp::from_millis(u64::try_from(days).unwrap() * 86_400_000 + 43_200_000)
    }

    fn next_id(&self) -> ClaimId {
        ClaimId::new(self.now().millis(), self.next.fetch_add(1, Ordering::Relaxed))
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

pub(crate) fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample")
}

/// The sample book, compiled once.
pub(crate) fn book() -> Arc<Book> {
    static BOOK: LazyLock<Arc<Book>> = LazyLock::new(|| match Book::load(&sample()) {
        Ok(book) => Arc::new(book),
        Err(mistakes) => panic!("{mistakes}"),
    });
    BOOK.clone()
}

pub(crate) const TODAY: &str = "2026-03-02";

/// A PBM in a directory.
pub(crate) fn open(directory: &Path) -> Pbm {
    let journal = SqliteJournal::open(directory).unwrap();
    Pbm::start(book(), Box::new(journal), NoonClock::on(TODAY), Options::default()).unwrap()
}

/// A PBM with the sample's members, in a fresh directory.
pub(crate) fn sample_house() -> (tempfile::TempDir, Pbm) {
    let directory = tempfile::tempdir().unwrap();
    let pbm = open(directory.path());
    let members = std::fs::read(sample().join("members.csv")).unwrap();
    enroll(&pbm, Cursor::new(members), &mut |_| {}).unwrap();
    (directory, pbm)
}

/// A claim as a pharmacy's system holds it; every field may be changed.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) code: &'static str,
    pub(crate) bin: &'static str,
    pub(crate) pcn: &'static str,
    pub(crate) version: &'static str,
    pub(crate) pharmacy: &'static str,
    pub(crate) date: &'static str,
    pub(crate) cardholder: &'static str,
    pub(crate) group: &'static str,
    pub(crate) person: &'static str,
    pub(crate) birth: &'static str,
    pub(crate) gender: u32,
    pub(crate) prescription: &'static str,
    pub(crate) fill: u32,
    pub(crate) ndc: &'static str,
    pub(crate) quantity: i64,
    pub(crate) days: u32,
    pub(crate) prescriber: &'static str,
    pub(crate) charge: i64,
}

/// Lisinopril 10 mg for Ana Rivera: tier 1, so a copay of $10.00 or the price, if that is less.
pub(crate) fn lisinopril() -> Sent {
    Sent {
        code: "B1",
        bin: "900001",
        pcn: "OPENPBM",
        version: "D0",
        pharmacy: "1999000015",
        date: "20260302",
        cardholder: "CSC100001",
        group: "CSCPPO",
        person: "01",
        birth: "19840312",
        gender: 2,
        prescription: "000000000001",
        fill: 0,
        ndc: "68180098003",
        quantity: 30_000,
        days: 30,
        prescriber: "1999000114",
        charge: 1_500,
    }
}

fn date(text: &str) -> ncpdp::Field<ncpdp::Date> {
    ncpdp::Date::parse(text.as_bytes()).into()
}

/// The bytes of a transmission; all transactions share the first one's member and day.
pub(crate) fn transmission(sent: &[Sent]) -> Vec<u8> {
    let first = &sent[0];
    let header = RequestHeader {
        bin: first.bin.into(),
        version: first.version.into(),
        transaction_code: first.code.into(),
        processor_control_number: first.pcn.into(),
        transaction_count: u32::try_from(sent.len()).unwrap().into(),
        service_provider_id_qualifier: "01".into(),
        service_provider_id: first.pharmacy.into(),
        date_of_service: date(first.date),
        software_vendor: "TEST".into(),
    };
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, &header);
    encoder.segment(&request::Patient {
        date_of_birth: date(first.birth),
        gender: first.gender.into(),
        ..Default::default()
    });
    let text = |text: &'static str| Some(text).filter(|text| !text.is_empty());
    encoder.segment(&request::Insurance {
        cardholder_id: text(first.cardholder).into(),
        group_id: text(first.group).into(),
        person_code: text(first.person).into(),
        ..Default::default()
    });
    for sent in sent {
        if sent.code == "E1" {
            continue;
        }
        encoder.transaction();
        encoder.segment(&request::Claim {
            prescription_reference_number_qualifier: "1".into(),
            prescription_reference_number: sent.prescription.into(),
            product_id_qualifier: "03".into(),
            product_id: sent.ndc.into(),
            quantity_dispensed: sent.quantity.into(),
            fill_number: sent.fill.into(),
            days_supply: sent.days.into(),
            compound_code: 1.into(),
            dispense_as_written: "0".into(),
            ..Default::default()
        });
        if sent.code == "B2" {
            continue;
        }
        encoder.segment(&request::Prescriber {
            prescriber_id_qualifier: "01".into(),
            prescriber_id: sent.prescriber.into(),
            ..Default::default()
        });
        encoder.segment(&request::Pricing {
            usual_and_customary_cents: sent.charge.into(),
            gross_amount_due_cents: sent.charge.into(),
            ..Default::default()
        });
    }
    encoder.finish().unwrap();
    bytes
}

/// An answer as the pharmacy reads it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Got {
    /// 501-F1.
    pub(crate) header: String,
    /// 112-AN.
    pub(crate) status: String,
    /// 503-F3.
    pub(crate) id: String,
    /// 511-FB, with 546-4F behind a slash where it was sent.
    pub(crate) codes: Vec<String>,
    /// 505-F5.
    pub(crate) patient: Option<i64>,
    /// 509-F9.
    pub(crate) plan: Option<i64>,
    /// 393-MV with 394-MW.
    pub(crate) stages: Vec<(String, i64)>,
    /// 526-FQ, joined.
    pub(crate) message: String,
}

pub(crate) fn read(response: &[u8]) -> Vec<Got> {
    let decoded = Response::decode(response).unwrap();
    let header = decoded.header().header_response_status.value().unwrap_or("").to_owned();
    let groups: Vec<_> = decoded.transactions().collect();
    let got = groups.iter().map(|group| {
        let status = group.read::<response::Status<'_>>().unwrap_or_default();
        let pricing = group.read::<response::Pricing<'_>>().unwrap_or_default();
        let code = |reject: &response::Reject<'_>| match reject.occurrence.value() {
            Some(occurrence) => format!("{}/{occurrence}", reject.code.value().unwrap()),
            None => reject.code.value().unwrap().to_owned(),
        };
        let stage = |stage: &response::BenefitStage<'_>| {
            (stage.qualifier.value().unwrap().to_owned(), stage.amount_cents.value().unwrap())
        };
        let lines = status.messages.iter().filter_map(|line| line.text.value());
        Got {
            header: header.clone(),
            status: status.status.value().unwrap_or("").to_owned(),
            id: status.authorization_number.value().unwrap_or("").to_owned(),
            codes: status.rejects.iter().map(code).collect(),
            patient: pricing.patient_pay_cents.value(),
            plan: pricing.total_amount_paid_cents.value(),
            stages: pricing.benefit_stages.iter().map(stage).collect(),
            message: lines.collect::<Vec<_>>().join(" "),
        }
    });
    got.collect()
}

/// Sends one transaction and reads its answer.
pub(crate) fn ask(pbm: &Pbm, sent: &Sent) -> Got {
    let got = ask_all(pbm, std::slice::from_ref(sent));
    assert_eq!(got.len(), 1, "{got:?}");
    got.into_iter().next().unwrap()
}

pub(crate) fn ask_all(pbm: &Pbm, sent: &[Sent]) -> Vec<Got> {
    read(&pbm.submit(transmission(sent)).wait())
}

pub(crate) fn ask_bytes(pbm: &Pbm, bytes: Vec<u8>) -> Vec<Got> {
    read(&pbm.submit(bytes).wait())
}
