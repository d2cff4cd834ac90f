//! What a step found: a closed list of reasons, each with its facts, put into words in one
//! place so that every page, message and report says the same thing.

use std::fmt;

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::{
    Cents, ClaimId, Date, ExemptGroup, GroupId, Ndc, PartDFinding, Percent, PersonCode,
    PlanFinding, Quantity, RejectCode, Shared, UnitPrice,
};

/// How a member gets the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[derive(Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// A pharmacy counter.
    #[n(0)]
    Retail,
    /// Home delivery.
    #[n(1)]
    Mail,
    /// A pharmacy for drugs that need handling and monitoring.
    #[n(2)]
    Specialty,
    /// A pharmacy that has no contract in the plan's networks, where the plan covers it.
    #[serde(rename = "out-of-network")]
    #[n(3)]
    OutOfNetwork,
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Retail => "retail",
            Self::Mail => "mail",
            Self::Specialty => "specialty",
            Self::OutOfNetwork => "out-of-network",
        })
    }
}

/// Whether a product is the originator's or another maker's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[derive(Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum ProductKind {
    /// Sold under a new drug or biologics license of its own.
    #[n(0)]
    Brand,
    /// Approved as the same as a brand, or the brand under another label.
    #[n(1)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum PriceBasis {
    /// A maximum allowable cost list; 522-FM `06`.
    #[n(0)]
    Mac,
    /// The NADAC list; 522-FM `20`.
    #[n(1)]
    Nadac,
    /// Another list of the contract; 522-FM `08`.
    #[n(2)]
    Contract,
    /// 426-DQ was lower; 522-FM `04`.
    #[n(3)]
    UsualAndCustomary,
    /// 430-DU was lower; 522-FM `01`.
    #[n(4)]
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

/// The part of a calendar year in which amounts are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Encode, Decode)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// A calendar month.
    #[n(0)]
    Month,
    /// A calendar quarter.
    #[n(1)]
    Quarter,
}

impl Period {
    /// How many months it has.
    pub const fn months(self) -> u8 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
        }
    }

    /// True if both days lie in the same one.
    pub fn is_same(self, one: Date, other: Date) -> bool {
        let place = |date: Date| {
            let (year, month, _) = date.ymd();
            (year, month.saturating_sub(1) / self.months())
        };
        place(one) == place(other)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
        })
    }
}

/// Why a drug is paid without the authorization that it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
pub enum Waiver {
    /// An authorization of the drug is on the member's file.
    #[n(0)]
    OnFile {
        /// The product that it names.
        #[n(0)]
        ndc: Ndc,
    },
    /// It is an emergency.
    #[n(1)]
    Emergency {
        /// Days supply at most.
        #[n(0)]
        days: u16,
        /// Once in so many days.
        #[n(1)]
        within: u16,
    },
}

impl fmt::Display for Waiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnFile { ndc } => {
                write!(f, "an authorization of {} is on file", ndc.hyphenated())
            }
            Self::Emergency { days, within } => {
                write!(f, "emergency supply of up to {days} days, once in {within} days")
            }
        }
    }
}

/// What a step found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the sentences in Display say what each field is")]
pub enum Finding {
    #[n(0)]
    Covered {
        #[n(0)]
        person: PersonCode,
        #[n(1)]
        group: GroupId,
        #[n(2)]
        from: Date,
    },
    #[n(1)]
    InNetwork {
        #[n(0)]
        network: Box<str>,
        #[n(1)]
        channel: Channel,
    },
    #[n(2)]
    PrescriberAccepted,
    #[n(3)]
    Product {
        #[n(0)]
        ndc: Ndc,
        #[n(1)]
        name: Box<str>,
        #[n(2)]
        kind: ProductKind,
    },
    #[n(4)]
    NoDuplicate,
    #[n(5)]
    Placed {
        #[n(0)]
        tier: u8,
    },
    #[n(6)]
    PlacedForAge {
        #[n(0)]
        tier: u8,
        #[n(1)]
        from: u8,
        #[n(2)]
        to: u8,
        /// Who, like `females with diagnosis Z803`; `None` if ages alone decide.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[n(3)]
        who: Option<Box<str>>,
    },
    #[n(7)]
    DaysAllowed {
        #[n(0)]
        days: u16,
        #[n(1)]
        copays: u8,
    },
    #[n(8)]
    RefillAllowed {
        #[n(0)]
        last: Date,
        #[n(1)]
        since: Date,
    },
    #[n(9)]
    WithinQuantity {
        #[n(0)]
        used: Quantity,
        #[n(1)]
        limit: Quantity,
        #[n(2)]
        days: u16,
    },
    #[n(10)]
    WithinOpioidDose {
        #[n(0)]
        mme: Quantity,
        #[n(1)]
        limit: Quantity,
    },
    #[n(11)]
    DurOverridden {
        #[n(0)]
        reason: Box<str>,
        #[n(1)]
        result: Box<str>,
    },
    #[n(12)]
    DiagnosisMet {
        #[n(0)]
        code: Box<str>,
    },
    #[n(13)]
    StepMet {
        #[n(0)]
        ndc: Ndc,
        #[n(1)]
        date: Date,
    },
    #[n(14)]
    Priced {
        #[n(0)]
        basis: PriceBasis,
        #[n(1)]
        list: Box<str>,
        #[n(2)]
        unit: UnitPrice,
        #[n(3)]
        rate: Percent,
        #[n(4)]
        units: Quantity,
    },
    #[n(15)]
    DispensingFee,
    #[n(16)]
    LowerPrice {
        #[n(0)]
        basis: PriceBasis,
    },
    #[n(17)]
    NotInLowerPrice {
        #[n(0)]
        basis: PriceBasis,
    },
    #[n(18)]
    Deductible {
        #[n(0)]
        left: Cents,
        #[n(1)]
        family: bool,
    },
    #[n(19)]
    DeductibleWaived {
        #[n(0)]
        tier: u8,
        /// What it does not apply to, where that is not the tier.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[n(1)]
        to: Option<Box<str>>,
    },
    #[n(20)]
    Copay {
        #[n(0)]
        each: Cents,
        #[n(1)]
        copays: u8,
    },
    #[n(21)]
    Coinsurance {
        #[n(0)]
        rate: Percent,
        #[n(1)]
        at_least: Option<Cents>,
        #[n(2)]
        at_most: Option<Cents>,
    },
    #[n(22)]
    HeldToPrice {
        #[n(0)]
        price: Cents,
    },
    #[n(23)]
    HeldToMaximum {
        #[n(0)]
        left: Cents,
        #[n(1)]
        family: bool,
    },
    #[n(24)]
    Exempt {
        #[n(0)]
        under_age: Option<u8>,
    },
    #[n(25)]
    ProductSelection {
        #[n(0)]
        generic: Ndc,
        #[n(1)]
        generic_price: Cents,
    },
    #[n(26)]
    PrescriberChoseBrand,
    #[n(27)]
    Refused {
        #[n(0)]
        code: RejectCode,
        #[n(1)]
        message: Box<str>,
    },
    #[n(28)]
    ReversedClaim {
        #[n(0)]
        id: ClaimId,
    },
    #[n(42)]
    AuthorizationWaived(#[n(0)] Waiver),
    #[n(44)]
    Shared(#[n(0)] Shared),
    #[n(40)]
    ExemptGroup {
        #[n(0)]
        group: ExemptGroup,
    },
    #[n(41)]
    HeldToIncome {
        #[n(0)]
        left: Cents,
        #[n(1)]
        rate: Percent,
        #[n(2)]
        period: Period,
    },
    #[n(70)]
    AdministrationFee {
        #[n(0)]
        at_most: Cents,
    },
    #[n(71)]
    OtherAmount {
        #[n(0)]
        qualifier: u8,
        #[n(1)]
        at_most: Cents,
    },
    #[n(72)]
    FlatTax {
        #[n(0)]
        at_most: Cents,
    },
    #[n(73)]
    PercentageTax {
        /// Ten-thousandths of a percent.
        #[n(0)]
        rate: u32,
        #[n(1)]
        of: Cents,
    },
    #[n(74)]
    TaxPaidByPlan,
    #[n(75)]
    IngredientCovered {
        #[n(0)]
        ndc: Ndc,
        #[n(1)]
        name: Box<str>,
        #[n(2)]
        tier: u8,
    },
    #[n(76)]
    IngredientSkipped {
        #[n(0)]
        ndc: Ndc,
    },
    #[n(77)]
    IngredientDecides {
        #[n(0)]
        ndc: Ndc,
    },
    #[n(78)]
    LevelOfEffort {
        #[n(0)]
        level: u8,
    },
    #[n(79)]
    Bought340B {
        #[n(0)]
        clarified: bool,
    },
    #[n(60)]
    DecidedAgain {
        #[n(0)]
        id: ClaimId,
    },
    #[n(61)]
    PaidToPharmacy,
    /// How a claim of Medicare Part D divides.
    #[n(29)]
    PartD(#[n(0)] PartDFinding),
    /// What a plan's design did.
    #[n(62)]
    Plan(#[n(0)] PlanFinding),
}

const DECIDED_AGAIN: &str = "decided again by what is known now; what is asked before a drug is \
                             dispensed is not asked again";

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Covered { person, group, from } => {
                write!(f, "person {person} is covered in group {group} since {from}")
            }
            Self::InNetwork { network, channel } => f.write_str(&dispensed(network, *channel)),
            Self::PrescriberAccepted => f.write_str("the prescriber may prescribe for this plan"),
            Self::Product { ndc, name, kind } => {
                write!(f, "{} is {name}, a {kind}", ndc.hyphenated())
            }
            Self::NoDuplicate => f.write_str("not billed before"),
            Self::Placed { tier } => write!(f, "on the formulary in tier {tier}"),
            Self::PlacedForAge { tier, from, to, who } => {
                write!(f, "tier {tier} as preventive care for {}", whom(*from, *to, who.as_deref()))
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
            Self::Priced { .. }
            | Self::DispensingFee
            | Self::LowerPrice { .. }
            | Self::NotInLowerPrice { .. }
            | Self::AdministrationFee { .. }
            | Self::OtherAmount { .. }
            | Self::FlatTax { .. }
            | Self::PercentageTax { .. }
            | Self::TaxPaidByPlan
            | Self::LevelOfEffort { .. }
            | Self::Bought340B { .. } => self.price_words(f),
            Self::IngredientCovered { .. }
            | Self::IngredientSkipped { .. }
            | Self::IngredientDecides { .. } => self.compound_words(f),
            Self::Deductible { .. }
            | Self::DeductibleWaived { .. }
            | Self::Copay { .. }
            | Self::Coinsurance { .. }
            | Self::HeldToPrice { .. }
            | Self::HeldToMaximum { .. } => self.share_words(f),
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
            Self::ExemptGroup { group } => write!(f, "no share for {group}"),
            Self::Shared(shared) => shared.fmt(f),
            Self::AuthorizationWaived(waiver) => waiver.fmt(f),
            Self::HeldToIncome { left, rate, period } => {
                write!(f, "{rate} of the household's income in the {period} had ${left} left")
            }
            Self::DecidedAgain { id } => write!(f, "claim {id} is {DECIDED_AGAIN}"),
            Self::PaidToPharmacy => f.write_str("the pharmacy keeps what it was paid"),
            Self::Plan(finding) => finding.fmt(f),
            Self::PartD(finding) => finding.fmt(f),
        }
    }
}

impl Finding {
    /// What makes up the price, in words.
    fn price_words(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Priced { basis, list, unit, rate, units } => {
                write!(f, "{basis}: ${unit} in list {list} x {rate} x {units} units")
            }
            Self::DispensingFee => f.write_str("dispensing fee of the contract"),
            Self::LowerPrice { basis } => write!(f, "the {basis} is lower and is paid instead"),
            Self::NotInLowerPrice { basis } => {
                write!(f, "the {basis} pays for everything, so no fee is added")
            }
            Self::AdministrationFee { at_most } => {
                write!(f, "fee for giving the product, at most ${at_most}")
            }
            Self::OtherAmount { qualifier, at_most } => {
                write!(f, "other amount {qualifier:02}, at most ${at_most}")
            }
            Self::FlatTax { at_most } => write!(f, "flat sales tax, at most ${at_most}"),
            Self::PercentageTax { rate, of } => {
                let percent = format!("{}.{:04}", rate / 10_000, rate % 10_000);
                let percent = percent.trim_end_matches('0').trim_end_matches('.');
                write!(f, "sales tax of {percent}% of ${of}, and no more than is asked")
            }
            Self::TaxPaidByPlan => f.write_str("the plan pays the sales tax alone"),
            Self::LevelOfEffort { level } => {
                write!(f, "fee for preparing a compound at level of effort {level}")
            }
            Self::Bought340B { clarified } => {
                let says = if *clarified { "420-DK 20" } else { "423-DN 08" };
                write!(f, "the pharmacy bought it at a 340B price ({says}): no rebate is due")
            }
            _ => Ok(()),
        }
    }

    /// What a compound is made of, in words.
    fn compound_words(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IngredientCovered { ndc, name, tier } => {
                write!(f, "ingredient {} is {name}, in tier {tier}", ndc.hyphenated())
            }
            Self::IngredientSkipped { ndc } => {
                write!(f, "ingredient {} is not covered and not paid", ndc.hyphenated())
            }
            Self::IngredientDecides { ndc } => {
                write!(f, "the compound goes by its ingredient {}", ndc.hyphenated())
            }
            _ => Ok(()),
        }
    }

    /// What the member pays, in words.
    fn share_words(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whose = |family: bool| if family { "family's" } else { "person's" };
        match self {
            Self::Deductible { left, family } => {
                write!(f, "the {} deductible had ${left} left", whose(*family))
            }
            Self::DeductibleWaived { tier, to } => {
                let to = to.as_deref().map_or_else(|| format!("tier {tier}"), str::to_owned);
                write!(f, "the deductible does not apply to {to}")
            }
            Self::Copay { each, copays } => write!(f, "copay of ${each} x {copays}"),
            Self::Coinsurance { rate, at_least, at_most } => bounds(f, *rate, *at_least, *at_most),
            Self::HeldToPrice { price } => {
                write!(f, "the member never pays more than the price of ${price}")
            }
            Self::HeldToMaximum { left, family } => {
                write!(f, "the {} out-of-pocket maximum had ${left} left", whose(*family))
            }
            _ => Ok(()),
        }
    }
}

/// For whom a drug is preventive care.
fn whom(from: u8, to: u8, who: Option<&str>) -> String {
    match (from, to, who) {
        (0, u8::MAX, Some(who)) => who.to_owned(),
        (from, to, None) => format!("ages {from} to {to}"),
        (from, to, Some(who)) => format!("{who} of ages {from} to {to}"),
    }
}

/// By which terms the pharmacy dispenses.
fn dispensed(network: &str, channel: Channel) -> String {
    match channel {
        Channel::OutOfNetwork => {
            format!("the pharmacy has no contract; it is paid by the terms of {network}")
        }
        channel => format!("the pharmacy is in the {network} network, {channel} channel"),
    }
}

fn bounds(
    f: &mut fmt::Formatter<'_>,
    rate: Percent,
    at_least: Option<Cents>,
    at_most: Option<Cents>,
) -> fmt::Result {
    write!(f, "coinsurance of {rate}")?;
    if let Some(floor) = at_least {
        write!(f, ", at least ${floor}")?;
    }
    at_most.map_or(Ok(()), |cap| write!(f, ", at most ${cap}"))
}
