//! Rules of a plan beyond deductible, maximum and share.

use openpbm_core::{Cents, Channel, Quantity, RejectCode, Source};

use super::{Ref, Scope};

/// What a choice that the member pays for counts toward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// Nothing.
    Nothing,
    /// The out-of-pocket maximum.
    Maximum,
    /// Deductible and out-of-pocket maximum.
    Both,
}

/// What a brand costs that is dispensed as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// The member's share alone.
    Share,
    /// The share, and the difference to the cheapest generic's contract price.
    Difference(Counts),
    /// The share of the cheapest generic's tier.
    AsGeneric,
    /// The claim is refused.
    Refused,
}

/// What codes of 408-D8 do. The first row that fits applies; without one, the share alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DispenseAsWritten {
    /// 408-D8, 0 to 9.
    pub codes: Vec<u8>,
    /// Which claims it is about.
    pub scope: Scope,
    /// What it costs.
    pub pays: Written,
    /// Its line.
    pub source: Source,
}

/// What a reference price is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// The contract price of the cheapest generic of the same ingredient, strength and form.
    Generic,
    /// The price of a list, and the contract's fee.
    List(Ref),
}

/// The plan pays no more than a reference price; the member pays the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReferencePrice {
    /// Which claims it is about.
    pub scope: Scope,
    /// What the price is.
    pub of: Reference,
    /// What the rest counts toward.
    pub counts: Counts,
    /// Its line.
    pub source: Source,
}

/// For how long amounts are added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BenefitPeriod {
    /// The plan's year.
    PlanYear,
    /// January to March, April to June, and so on.
    CalendarQuarter,
    /// The 365 days that end with the date of service.
    RollingYear,
    /// For ever.
    Lifetime,
}

/// The most that a plan covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Most {
    /// Dollars that the plan pays.
    PlanPays(Cents),
    /// Fills.
    Fills(u16),
    /// Billing units.
    Units(Quantity),
}

/// Beyond it the member pays all, or the claim is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenefitMaximum {
    /// For people.
    pub name: Box<str>,
    /// Which claims it is about.
    pub scope: Scope,
    /// How much.
    pub most: Most,
    /// For how long.
    pub per: BenefitPeriod,
    /// True if a claim beyond it is refused.
    pub refuses: bool,
    /// Its line.
    pub source: Source,
}

/// After some fills elsewhere a drug is covered in some channels alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandatoryChannel {
    /// Which claims it is about.
    pub scope: Scope,
    /// Where such drugs are to be filled.
    pub fill_at: Vec<Channel>,
    /// Fills of the same drug that are allowed elsewhere.
    pub after: u16,
    /// Counted in so many days before the date of service.
    pub within: u16,
    /// 462-EV under 461-EU 8 that lets a member stay elsewhere.
    pub opt_out: Option<u64>,
    /// Its line.
    pub source: Source,
}

/// A submission clarification that lets refusals pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// 420-DK: 3 vacation supply, 4 lost prescription, 5 therapy change, 6 starter dose, 7
    /// medically necessary.
    pub code: u16,
    /// The refusals.
    pub allows: Vec<RejectCode>,
    /// So often for a person and drug.
    pub times: u16,
    /// In so many days.
    pub per_days: u16,
    /// Its line.
    pub source: Source,
}
