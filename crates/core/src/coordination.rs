//! Sharing a claim with others: other payers, and the words for what each rule did.

use std::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::stored::{is_empty, sparse};
use crate::{Cents, Overflow, PayerKind};

/// What a plan pays after another payer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum CoordinationMethod {
    /// What others left of the price, at most what it would have paid alone.
    #[n(0)]
    Standard,
    /// What it would have paid alone, less what others paid: also called carve-out.
    #[n(1)]
    NonDuplication,
    /// Its benefit for what others left of the price.
    #[n(2)]
    MaintenanceOfBenefits,
}

impl CoordinationMethod {
    /// Every method, with the word that books have for it.
    pub const ALL: [(&str, Self); 3] = [
        ("standard", Self::Standard),
        ("non-duplication", Self::NonDuplication),
        ("maintenance-of-benefits", Self::MaintenanceOfBenefits),
    ];
}

impl fmt::Display for CoordinationMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Standard => "standard coordination",
            Self::NonDuplication => "non-duplication",
            Self::MaintenanceOfBenefits => "maintenance of benefits",
        })
    }
}

/// What others have to do with a paid claim.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(default)]
pub struct Coordination {
    /// 566-J5: what of the price other payers cover, so that neither plan nor patient pays it.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(0)]
    #[cbor(with = "sparse", has_nil)]
    pub other_payers: Cents,
    /// True if another payer should have paid first, from whom the plan gets it back.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(1)]
    #[cbor(with = "sparse", has_nil)]
    pub recover: bool,
    /// What a coupon pays of the patient's share (505-F5), which the pharmacy gets of its maker.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(2)]
    #[cbor(with = "sparse", has_nil)]
    pub coupon: Cents,
    /// The part of the deductible that a coupon paid and that does not count.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(3)]
    #[cbor(with = "sparse", has_nil)]
    pub uncounted_deductible: Cents,
    /// The part of the out-of-pocket cost that a coupon paid and that does not count.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(4)]
    #[cbor(with = "sparse", has_nil)]
    pub uncounted_out_of_pocket: Cents,
    /// True if the member submitted the claim, so that the plan pays the member.
    #[serde(skip_serializing_if = "is_empty")]
    #[n(5)]
    #[cbor(with = "sparse", has_nil)]
    pub to_member: bool,
}

/// What a rule about others found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the sentences in Display say what each field is")]
pub enum Shared {
    #[n(0)]
    OtherPayers {
        #[n(0)]
        paid: Cents,
        #[n(1)]
        left: Option<Cents>,
    },
    #[n(1)]
    OtherPayersRefused {
        #[n(0)]
        codes: Box<str>,
    },
    #[n(2)]
    OffTheShare {
        #[n(0)]
        method: CoordinationMethod,
        #[n(1)]
        amount: Cents,
    },
    #[n(3)]
    HeldToRest {
        #[n(0)]
        method: CoordinationMethod,
        #[n(1)]
        rest: Cents,
    },
    #[n(4)]
    BenefitOfRest {
        #[n(0)]
        method: CoordinationMethod,
        #[n(1)]
        rest: Cents,
    },
    #[n(5)]
    PaidAndChased {
        #[n(0)]
        payer: Box<str>,
    },
    #[n(6)]
    NotOfPartD,
    #[n(8)]
    ToMember,
    #[n(7)]
    Coupon {
        #[n(0)]
        pays: Cents,
        #[n(1)]
        of_deductible: Cents,
        #[n(2)]
        of_out_of_pocket: Cents,
    },
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherPayers { paid, left: None } => write!(f, "other payers paid ${paid}"),
            Self::OtherPayers { paid, left: Some(left) } => {
                write!(f, "other payers paid ${paid} and left ${left} to the patient")
            }
            Self::OtherPayersRefused { codes } => {
                write!(f, "other payers refused the claim with {codes}")
            }
            Self::OffTheShare { method, amount } => {
                write!(f, "{method}: the ${amount} of others come off the member's share first")
            }
            Self::HeldToRest { method, rest } => {
                write!(f, "{method}: others left ${rest} of the price, and no share is more")
            }
            Self::BenefitOfRest { method, rest } => {
                write!(f, "{method}: the benefit is that of the ${rest} that others left")
            }
            Self::PaidAndChased { payer } => {
                write!(f, "{payer} should pay first: paid all the same, to be recovered")
            }
            Self::Coupon { pays, of_deductible, of_out_of_pocket } => {
                write!(f, "a coupon pays ${pays} of the share, of which do not count ")?;
                write!(f, "${of_deductible} toward the deductible and ")?;
                write!(f, "${of_out_of_pocket} toward the out-of-pocket maximum")
            }
            Self::ToMember => f.write_str("the member submitted the claim and is paid"),
            Self::NotOfPartD => f.write_str("the law excludes the drug from Medicare Part D"),
        }
    }
}

impl Coordination {
    /// What plan and patient pay of a price.
    pub fn rest_of(&self, price: Cents) -> Result<Cents, Overflow> {
        price.minus(self.other_payers)
    }
}

impl fmt::Display for PayerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Commercial => "a commercial plan",
            Self::Medicare => "Medicare",
            Self::PartD => "a Medicare Part D plan",
            Self::Medicaid => "Medicaid",
            Self::Tricare => "TRICARE",
            Self::Liability => "a liable third party",
            Self::ChildSupport => "coverage through child support",
        })
    }
}
