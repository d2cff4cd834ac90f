//! What a pharmacy asks for, after the wire's fields have been read and found well formed.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::stored;
use crate::{
    CardholderId, Cents, Date, Details, GroupId, Ndc, Npi, PersonCode, PrescriptionNumber,
    Quantity, Sex,
};

/// What makes a fill the same fill: this pharmacy, this prescription, this fill, this day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[derive(Serialize, Deserialize, Encode, Decode)]
pub struct BillingKey {
    /// 201-B1, the pharmacy.
    #[n(0)]
    pub pharmacy: Npi,
    /// 402-D2, its prescription number.
    #[n(1)]
    pub prescription: PrescriptionNumber,
    /// 403-D3, 0 for the first fill.
    #[n(2)]
    pub fill: u8,
    /// 401-D1.
    #[n(3)]
    pub date_of_service: Date,
}

/// How the product is used up: what refill and quantity rules count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct DrugUse {
    /// 407-D7 under qualifier 03.
    #[n(0)]
    pub ndc: Ndc,
    /// 442-E7, in billing units.
    #[n(1)]
    pub quantity: Quantity,
    /// 405-D5, at least 1.
    #[n(2)]
    pub days_supply: u16,
}

/// A pharmacist's answer to a drug utilization review alert.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct DurOverride {
    /// 439-E4, the conflict seen, like `DD`.
    #[n(0)]
    pub reason: String,
    /// 440-E5, what the pharmacist did, like `M0`.
    #[n(1)]
    pub service: String,
    /// 441-E6, with what result, like `1G`.
    #[n(2)]
    pub result: String,
}

/// A claim for one product (B1).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct Claim {
    /// Pharmacy, prescription, fill and day.
    #[n(0)]
    pub key: BillingKey,
    /// The day the claim came in, UTC.
    #[n(1)]
    pub received: Date,
    /// 301-C1, where it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(2)]
    pub group: Option<GroupId>,
    /// 302-C2.
    #[n(3)]
    pub cardholder: CardholderId,
    /// 303-C3, where it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(4)]
    pub person_code: Option<PersonCode>,
    /// 304-C4.
    #[n(5)]
    pub birth: Date,
    /// 305-C5; `None` where the pharmacy does not know it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(6)]
    pub sex: Option<Sex>,
    /// 335-2C, true if the pharmacy reports a pregnancy.
    #[serde(default)]
    #[n(7)]
    pub pregnant: bool,
    /// 411-DB under qualifier 01.
    #[n(8)]
    pub prescriber: Npi,
    /// Product, quantity and days.
    #[n(9)]
    pub drug: DrugUse,
    /// 408-D8, 0 to 9.
    #[n(10)]
    pub daw: u8,
    /// 406-D6, true for a compound.
    #[serde(default)]
    #[n(11)]
    pub compound: bool,
    /// 308-C8, where it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(12)]
    pub other_coverage: Option<u8>,
    /// 426-DQ, where it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(13)]
    pub usual_and_customary: Option<Cents>,
    /// 430-DU.
    #[n(14)]
    pub gross_amount_due: Cents,
    /// 424-DO under qualifier 02: ICD-10-CM codes without dots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[n(15)]
    pub diagnoses: Vec<String>,
    /// Answers to drug utilization review alerts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[n(16)]
    pub dur_overrides: Vec<DurOverride>,
    /// What was sent beyond what every claim must say.
    #[serde(default, skip_serializing_if = "stored::is_empty")]
    #[n(17)]
    #[cbor(with = "stored::sparse", has_nil)]
    pub details: Details,
}

impl Claim {
    /// True if the pharmacist did this (440-E5), for whatever reason.
    pub fn has_service(&self, code: &str) -> bool {
        let answers = self.dur_overrides.iter().map(|answer| &answer.service);
        self.details.professional_services.iter().chain(answers).any(|service| service == code)
    }

    /// A number that is the same for the same claim sent again, on whatever day it comes in, and
    /// another for another content: the 64-bit FNV-1a hash of its stored form. It is stored with
    /// a family's remembered state, so it stays the same from release to release.
    pub fn fingerprint(&self) -> u64 {
        let content = Self { received: self.key.date_of_service, ..self.clone() };
        let mut bytes = Vec::with_capacity(256);
        stored::encode(&content, &mut bytes);
        stored::hash(&bytes)
    }
}

/// A request to take a paid claim back (B2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Reversal {
    /// 201-B1.
    #[n(0)]
    pub pharmacy: Npi,
    /// 402-D2.
    #[n(1)]
    pub prescription: PrescriptionNumber,
    /// 403-D3, where it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(2)]
    pub fill: Option<u8>,
    /// 401-D1, the day of the fill that is taken back.
    #[n(3)]
    pub date_of_service: Date,
    /// 407-D7, where it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(4)]
    pub ndc: Option<Ndc>,
    /// 302-C2, where it was sent; the key finds the claim without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(5)]
    pub cardholder: Option<CardholderId>,
}

impl Reversal {
    /// True if the reversal means a fill of that key.
    pub fn means_key(&self, key: &BillingKey) -> bool {
        self.pharmacy == key.pharmacy
            && self.prescription == key.prescription
            && self.date_of_service == key.date_of_service
            && self.fill.is_none_or(|fill| fill == key.fill)
    }

    /// True if the reversal means the fill of that key and product.
    pub fn means(&self, key: &BillingKey, ndc: Ndc) -> bool {
        self.means_key(key) && self.ndc.is_none_or(|sent| sent == ndc)
    }

    /// The reversal that takes back what a rebill (B3) bills anew.
    pub fn of_rebill(claim: &Claim) -> Self {
        Self {
            pharmacy: claim.key.pharmacy,
            prescription: claim.key.prescription,
            fill: Some(claim.key.fill),
            date_of_service: claim.key.date_of_service,
            ndc: None,
            cardholder: Some(claim.cardholder),
        }
    }
}
