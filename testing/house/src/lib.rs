//! A PBM on the sample book, in a directory of its own, at an hour that stands still; and the
//! claims that are sent to it.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "only tests use it, and a test that cannot go on fails"
)]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use openpbm_book::Book;
use openpbm_core::{ClaimId, Timestamp};
use openpbm_service::{Clock, Options, Pbm, enroll};
use openpbm_store::sqlite::SqliteJournal;
use openpbm_wire::ncpdp::segments::request::{Claim, Insurance, Patient, Prescriber, Pricing};
use openpbm_wire::ncpdp::{Date, Encoder, RequestHeader, VERSION};
use tempfile::TempDir;

/// Whether a text tells who a member is: by name, cardholder id or birth date of
/// `sample/members.csv`.
pub fn names_a_member(text: &str) -> bool {
    let members = std::fs::read_to_string(sample().join("members.csv")).unwrap();
    let rows = members.lines().skip(1);
    // Cardholder id, first and last name, birth.
    let values: Vec<_> = rows
        .flat_map(|row| [0, 3, 4, 5].map(|column| row.split(',').nth(column).unwrap()))
        .collect();
    assert!(values.contains(&"Rivera") && values.contains(&"1984-03-12"));
    text.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| values.contains(&word))
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample")
}

/// A running PBM; its journal goes with it.
pub struct House {
    /// The PBM.
    pub pbm: Pbm,
    _directory: TempDir,
}

impl House {
    /// Opens a house and enrolls the sample's members.
    pub fn open() -> Self {
        Self::open_with(&sample())
    }

    /// The same with another book, like the sample with more drugs.
    pub fn open_with(book: &Path) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let book = Book::load(book).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let journal = SqliteJournal::open(directory.path()).unwrap();
        let clock = Arc::new(Still(AtomicU64::new(1)));
        let options = Options { workers: 2, ..Options::default() };
        let pbm = Pbm::start(Arc::new(book), Box::new(journal), clock, options).unwrap();
        let members = File::open(sample().join("members.csv")).unwrap();
        // Enrolling waits for the journal, which a task must not do.
        std::thread::scope(|scope| {
            scope.spawn(|| enroll(&pbm, members, &mut |_| {}).unwrap()).join().unwrap();
        });
        Self { pbm, _directory: directory }
    }
}

/// 2026-03-12 14:05:09, for good.
struct Still(AtomicU64);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(1_773_324_309_000)
    }

    fn next_id(&self) -> ClaimId {
        ClaimId::new(self.now().millis(), self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

/// What one of the sample's members brings to Harborview Pharmacy: a prescription for 30 days.
#[derive(Debug, Clone, Copy)]
pub struct Fill {
    /// 402-D2.
    pub prescription: u64,
    /// 302-C2, with the birth date and the gender that belong to it.
    pub member: (&'static str, [u32; 3], u32),
    /// 407-D7.
    pub ndc: &'static str,
    /// Units.
    pub quantity: u32,
    /// 430-DU and 426-DQ, in cents.
    pub charge: i64,
}

/// 60 tablets a month, a brand.
pub const ELIQUIS: &str = "00003089421";
/// 30 tablets a month, a generic.
pub const ATORVASTATIN: &str = "00093505698";

const RIVERA: (&str, [u32; 3], u32) = ("CSC100001", [1984, 3, 12], 2);
const BROOKS: (&str, [u32; 3], u32) = ("CSC300001", [1996, 7, 7], 2);

impl Fill {
    /// Sixty tablets of Eliquis for Ana Rivera, whose deductible is untouched.
    pub const fn eliquis(prescription: u64) -> Self {
        Self { prescription, member: RIVERA, ndc: ELIQUIS, quantity: 60, charge: 60_000 }
    }

    /// Thirty tablets of atorvastatin for Dana Brooks, who is on Medicaid.
    pub const fn atorvastatin(prescription: u64) -> Self {
        Self { prescription, member: BROOKS, ndc: ATORVASTATIN, quantity: 30, charge: 5_000 }
    }

    /// The billing (B1).
    pub fn billing(self) -> Vec<u8> {
        self.transmission("B1", 1)
    }

    /// The reversal (B2).
    pub fn reversal(self) -> Vec<u8> {
        self.transmission("B2", 1)
    }

    /// The same fill so many times in one transmission.
    pub fn transmission(self, code: &str, count: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let header = RequestHeader {
            bin: "900001".into(),
            version: VERSION.into(),
            transaction_code: code.into(),
            processor_control_number: "OPENPBM".into(),
            transaction_count: count.into(),
            service_provider_id_qualifier: "01".into(),
            service_provider_id: "1999000015".into(),
            date_of_service: Date::new(2026, 3, 12).into(),
            ..Default::default()
        };
        let mut encoder = Encoder::new(&mut bytes, &header);
        let (cardholder, [year, month, day], gender) = self.member;
        let born = Date::new(year as u16, month as u8, day as u8);
        encoder.segment(&Insurance {
            cardholder_id: cardholder.into(),
            person_code: "01".into(),
            ..Default::default()
        });
        let patient =
            Patient { date_of_birth: born.into(), gender: gender.into(), ..Default::default() };
        encoder.segment(&patient);
        (0..count).for_each(|_| self.transaction(&mut encoder));
        encoder.finish().unwrap();
        bytes
    }

    fn transaction(&self, encoder: &mut Encoder<'_>) {
        let number = format!("{:012}", self.prescription);
        encoder.transaction();
        encoder.segment(&Claim {
            prescription_reference_number_qualifier: "1".into(),
            prescription_reference_number: number.as_str().into(),
            product_id_qualifier: "03".into(),
            product_id: self.ndc.into(),
            quantity_dispensed: (i64::from(self.quantity) * 1000).into(),
            fill_number: 0.into(),
            days_supply: 30.into(),
            compound_code: 1.into(),
            dispense_as_written: "0".into(),
            date_prescription_written: Date::new(2026, 3, 10).into(),
            ..Default::default()
        });
        encoder.segment(&Prescriber {
            prescriber_id_qualifier: "01".into(),
            prescriber_id: "1999000114".into(),
            ..Default::default()
        });
        encoder.segment(&Pricing {
            usual_and_customary_cents: self.charge.into(),
            gross_amount_due_cents: self.charge.into(),
            ..Default::default()
        });
    }
}
