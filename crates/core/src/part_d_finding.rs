//! What a step of a Medicare Part D claim found, in words.

use std::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::{Account, Cents, Percent, Quantity, RejectCode, UnitPrice};

/// What a step of a Medicare Part D claim found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the sentences in Display say what each field is")]
pub enum PartDFinding {
    #[n(0)]
    MaximumFairPrice {
        #[n(0)]
        unit: UnitPrice,
        #[n(1)]
        units: Quantity,
    },
    #[n(1)]
    Phases {
        #[n(0)]
        deductible: Cents,
        #[n(1)]
        initial: Cents,
        #[n(2)]
        catastrophic: Cents,
    },
    #[n(2)]
    InsulinShare {
        #[n(0)]
        most: Cents,
    },
    #[n(3)]
    VaccineShare,
    #[n(4)]
    HeldToThreshold {
        #[n(0)]
        left: Cents,
    },
    #[n(5)]
    LowIncomeCopay {
        #[n(0)]
        level: u8,
        #[n(1)]
        copay: Cents,
    },
    #[n(6)]
    PaidByRate {
        #[n(0)]
        payer: Account,
        #[n(1)]
        initial: Percent,
        #[n(2)]
        catastrophic: Percent,
    },
    #[n(7)]
    PaidRest {
        #[n(0)]
        payer: Account,
    },
    #[n(8)]
    TransitionSupply {
        #[n(0)]
        code: RejectCode,
        #[n(1)]
        days: u16,
    },
    #[n(9)]
    NotOfPartB,
    #[n(10)]
    HeldToStandard {
        #[n(0)]
        share: Cents,
    },
}

impl fmt::Display for PartDFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MaximumFairPrice { unit, units } => {
                write!(f, "held to Medicare's maximum fair price: ${unit} x {units} units")
            }
            Self::Phases { deductible, initial, catastrophic } => write!(
                f,
                "${deductible} of the price are in the deductible, ${initial} in initial coverage, \
                 ${catastrophic} in catastrophic coverage"
            ),
            Self::InsulinShare { most } => write!(f, "insulin costs the member at most ${most}"),
            Self::VaccineShare => f.write_str("a recommended vaccine costs the member nothing"),
            Self::HeldToThreshold { left } => {
                write!(f, "the out-of-pocket threshold had ${left} left")
            }
            Self::LowIncomeCopay { level, copay } => {
                write!(f, "low-income subsidy of level {level}: a copay of ${copay}")
            }
            Self::PaidByRate { payer, initial, catastrophic } => {
                write!(f, "{payer}: {initial} of initial, {catastrophic} of catastrophic coverage")
            }
            Self::PaidRest { payer } => write!(f, "{payer}: what nobody else pays of it"),
            Self::TransitionSupply { code, days } => write!(
                f,
                "{code} would refuse it: paid as a transition supply of {days} days; the member is \
                 due a notice within three business days"
            ),
            Self::HeldToStandard { share } => {
                write!(f, "an employer's wrap only lowers the ${share} that Part D leaves")
            }
            Self::NotOfPartB => f.write_str("Medicare Part B does not cover it here"),
        }
    }
}
