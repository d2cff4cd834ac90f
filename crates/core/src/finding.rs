//! What a step found: a closed list of reasons, each with its facts, put into words in one
//! place so that every page, message and report says the same thing.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    Cents, ClaimId, Date, GroupId, Ndc, Percent, PersonCode, Quantity, RejectCode, UnitPrice,
};

/// How a member gets the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// A pharmacy counter.
    Retail,
    /// Home delivery.
    Mail,
    /// A pharmacy for drugs that need handling and monitoring.
    Specialty,
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Retail => "retail",
            Self::Mail => "mail",
            Self::Specialty => "specialty",
        })
    }
}

/// Whether a product is the originator's or another maker's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProductKind {
    /// Sold under a new drug or biologics license of its own.
    Brand,
    /// Approved as the same as a brand, or the brand under another label.
    Generic,
}

impl fmt::Display for ProductKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Brand => "brand",
            Self::Generic => "generic",
        })
    }
}

/// What set the price, reported as 522-FM, basis of reimbursement determination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PriceBasis {
    /// A maximum allowable cost list; 522-FM `06`.
    Mac,
    /// The NADAC list; 522-FM `20`.
    Nadac,
    /// Another list of the contract; 522-FM `08`.
    Contract,
    /// 426-DQ was lower; 522-FM `04`.
    UsualAndCustomary,
    /// 430-DU was lower; 522-FM `01`.
    GrossAmountDue,
}

impl fmt::Display for PriceBasis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Mac => "MAC",
            Self::Nadac => "NADAC",
            Self::Contract => "contract price",
            Self::UsualAndCustomary => "usual and customary charge",
            Self::GrossAmountDue => "gross amount due",
        })
    }
}

/// What a step found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the sentences in Display say what each field is")]
pub enum Finding {
    Covered { person: PersonCode, group: GroupId, from: Date },
    InNetwork { network: Box<str>, channel: Channel },
    PrescriberAccepted,
    Product { ndc: Ndc, name: Box<str>, kind: ProductKind },
    NoDuplicate,
    Placed { tier: u8 },
    PlacedForAge { tier: u8, from: u8, to: u8 },
    DaysAllowed { days: u16, copays: u8 },
    RefillAllowed { last: Date, since: Date },
    WithinQuantity { used: Quantity, limit: Quantity, days: u16 },
    WithinOpioidDose { mme: Quantity, limit: Quantity },
    DurOverridden { reason: Box<str>, result: Box<str> },
    DiagnosisMet { code: Box<str> },
    StepMet { ndc: Ndc, date: Date },
    Priced { basis: PriceBasis, list: Box<str>, unit: UnitPrice, rate: Percent, units: Quantity },
    DispensingFee,
    LowerPrice { basis: PriceBasis },
    NotInLowerPrice { basis: PriceBasis },
    Deductible { left: Cents, family: bool },
    DeductibleWaived { tier: u8 },
    Copay { each: Cents, copays: u8 },
    Coinsurance { rate: Percent, at_least: Option<Cents>, at_most: Option<Cents> },
    HeldToPrice { price: Cents },
    HeldToMaximum { left: Cents, family: bool },
    Exempt { under_age: Option<u8> },
    ProductSelection { generic: Ndc, generic_price: Cents },
    PrescriberChoseBrand,
    Refused { code: RejectCode, message: Box<str> },
    ReversedClaim { id: ClaimId },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whose = |family: bool| if family { "family's" } else { "person's" };
        match self {
            Self::Covered { person, group, from } => {
                write!(f, "person {person} is covered in group {group} since {from}")
            }
            Self::InNetwork { network, channel } => {
                write!(f, "the pharmacy is in the {network} network, {channel} channel")
            }
            Self::PrescriberAccepted => f.write_str("the prescriber may prescribe for this plan"),
            Self::Product { ndc, name, kind } => {
                write!(f, "{} is {name}, a {kind}", ndc.hyphenated())
            }
            Self::NoDuplicate => f.write_str("not billed before"),
            Self::Placed { tier } => write!(f, "on the formulary in tier {tier}"),
            Self::PlacedForAge { tier, from, to } => {
                write!(f, "tier {tier} as preventive care for ages {from} to {to}")
            }
            Self::DaysAllowed { days, copays } => {
                let ending = if *copays == 1 { "y" } else { "ys" };
                write!(f, "a supply of up to {days} days counts as {copays} copa{ending}")
            }
            Self::RefillAllowed { last, since } => {
                write!(f, "last filled on {last}, so a refill is possible since {since}")
            }
            Self::WithinQuantity { used, limit, days } => {
                write!(f, "{used} of at most {limit} units in {days} days")
            }
            Self::WithinOpioidDose { mme, limit } => {
                write!(f, "{mme} MME a day is below the limit of {limit}")
            }
            Self::DurOverridden { reason, result } => {
                write!(f, "the pharmacist reviewed alert {reason} with result {result}")
            }
            Self::DiagnosisMet { code } => {
                write!(f, "prior authorization is met by diagnosis {code}")
            }
            Self::StepMet { ndc, date } => {
                write!(f, "step therapy is met by {} filled on {date}", ndc.hyphenated())
            }
            Self::Priced { basis, list, unit, rate, units } => {
                write!(f, "{basis}: ${unit} in list {list} x {rate} x {units} units")
            }
            Self::DispensingFee => f.write_str("dispensing fee of the contract"),
            Self::LowerPrice { basis } => write!(f, "the {basis} is lower and is paid instead"),
            Self::NotInLowerPrice { basis } => {
                write!(f, "the {basis} pays for everything, so no fee is added")
            }
            Self::Deductible { left, family } => {
                write!(f, "the {} deductible had ${left} left", whose(*family))
            }
            Self::DeductibleWaived { tier } => {
                write!(f, "the deductible does not apply to tier {tier}")
            }
            Self::Copay { each, copays } => write!(f, "copay of ${each} x {copays}"),
            Self::Coinsurance { rate, at_least, at_most } => {
                write!(f, "coinsurance of {rate}")?;
                if let Some(floor) = at_least {
                    write!(f, ", at least ${floor}")?;
                }
                at_most.map_or(Ok(()), |cap| write!(f, ", at most ${cap}"))
            }
            Self::HeldToPrice { price } => {
                write!(f, "the member never pays more than the price of ${price}")
            }
            Self::HeldToMaximum { left, family } => {
                write!(f, "the {} out-of-pocket maximum had ${left} left", whose(*family))
            }
            Self::Exempt { under_age: Some(age) } => write!(f, "no share under age {age}"),
            Self::Exempt { under_age: None } => f.write_str("no share while pregnant"),
            Self::ProductSelection { generic, generic_price } => {
                let generic = generic.hyphenated();
                write!(f, "the patient chose the brand over {generic} at ${generic_price}")
            }
            Self::PrescriberChoseBrand => {
                f.write_str("the prescriber asked for the brand: no penalty")
            }
            Self::Refused { code, message } => {
                write!(f, "reject {code} ({}): {message}", code.meaning())
            }
            Self::ReversedClaim { id } => write!(f, "claim {id} was reversed first"),
        }
    }
}
