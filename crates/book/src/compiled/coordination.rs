//! How a plan shares a claim with other payers, with a manufacturer's coupon, and
//! how it pays members.

use openpbm_core::{CoordinationMethod, PayerKind, Source};

use super::{Ref, Sourced};

/// How a plan answers where another payer covers the member, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoordinationRule {
    /// What it pays after another payer.
    pub method: Sourced<CoordinationMethod>,
    /// Other coverage codes (308-C8) that it pays under, beside none: some of 2, 3, 4 and 8.
    pub accepts: Sourced<Vec<u8>>,
    /// Its line, if a claim is refused that should go first to a payer on the member's file.
    pub refuses_on_file: Option<Source>,
    /// Claims that are paid although another payer should be first, and recovered from it.
    pub chase: Vec<Sourced<Chase>>,
}

/// Claims that are paid and chased (42 CFR 433.139(b)(3)); all conditions must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chase {
    /// Members below this age.
    pub under_age: Option<u8>,
    /// Tiers; empty for all.
    pub tiers: Vec<u8>,
    /// Kinds of the other payer; empty for all.
    pub payers: Vec<PayerKind>,
}

impl Chase {
    /// True if the row is for such a claim.
    pub fn fits(&self, age: i32, tier: u8, payer: PayerKind) -> bool {
        self.under_age.is_none_or(|limit| age < i32::from(limit))
            && (self.tiers.is_empty() || self.tiers.contains(&tier))
            && (self.payers.is_empty() || self.payers.contains(&payer))
    }
}

/// When what a manufacturer's coupon pays counts toward deductible and out-of-pocket maximum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CouponCounts {
    /// Always, as many states ask.
    Always,
    /// Never: copay accumulator adjustment, or a maximizer.
    Never,
    /// Unless the brand has a generic on the formulary, as 45 CFR 156.130(h) of 2020 lets plans
    /// ask.
    WithoutGeneric,
}

/// What a plan does with what a coupon pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CouponRule {
    /// When it counts.
    pub counts: CouponCounts,
    /// Whether what counts counts toward the deductible, too; not in a plan with a health
    /// savings account (26 USC 223).
    pub toward_deductible: bool,
    /// Its line.
    pub source: Source,
}

/// How claims that members submit are paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reimbursement {
    /// They are accepted for so many days after the date of service.
    pub accepted_for: u16,
    /// The terms for a pharmacy that is in none of the plan's networks; `None` if nothing is
    /// paid there.
    pub network: Option<Ref>,
    /// Its line.
    pub source: Source,
}
