//! Medicare Part D: the year's standard benefit, and who pays what the member does not.

use openpbm_core::{Cents, Percent, ProductKind, Source};

use super::{DrugId, DrugSet, Ref, Sourced};

/// The parameters of a Part D plan's year (42 CFR 423.104). The member's share is the plan's own:
/// its deductible and its share table. Where these are the standard's, the plan is the defined
/// standard benefit; where they cost the member less, it is an enhanced alternative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartD {
    /// The standard deductible.
    pub deductible: Sourced<Cents>,
    /// The standard member's share of the initial coverage phase.
    pub coinsurance: Sourced<Percent>,
    /// The out-of-pocket threshold.
    pub threshold: Sourced<Cents>,
    /// Who pays what the plan's share table spares the member.
    pub supplement: Supplement,
    /// The manufacturers' discounts: the first row that fits a drug and a member applies.
    pub discounts: Vec<Discount>,
    /// What CMS pays above the threshold.
    pub reinsurance: Sourced<Reinsurance>,
    /// The maximum fair prices of the year's selected drugs, if it has any.
    pub selected: Option<SelectedDrugs>,
    /// What insulin costs at most, where the plan names its insulins.
    pub insulin: Option<Insulin>,
    /// Vaccines that cost the member nothing (42 CFR 423.120(g)).
    pub vaccines: Option<Sourced<DrugSet>>,
    /// What members with a low-income subsidy pay.
    pub low_income: Vec<LowIncome>,
    /// Drugs beside generics that cost them as little as a generic: biosimilars, and preferred
    /// drugs of several sources (42 CFR 423.782(a)(2)(iii)).
    pub lower_copay: Option<Sourced<DrugSet>>,
    /// What is paid once of a drug that would be refused, where the plan says.
    pub transition: Option<Transition>,
}

impl PartD {
    /// The manufacturer's discount for a drug and a member; `None` if it is not an applicable
    /// drug, or no row fits.
    pub fn discount(&self, drug: DrugId, kind: ProductKind, subsidized: bool) -> Option<&Discount> {
        let fits = |row: &&Discount| {
            row.drugs.as_ref().is_none_or(|drugs| drugs.contains(drug))
                && (subsidized || !row.low_income_only)
        };
        // Applicable drugs are those licensed as new (NDA, BLA): here, the brands.
        self.discounts.iter().filter(|_| kind == ProductKind::Brand).find(fits)
    }

    /// The row of a copay category.
    pub fn copays_of(&self, level: u8) -> Option<&LowIncome> {
        self.low_income.iter().find(|row| row.level == level)
    }

    /// True if subsidized members pay the lower copay for a drug.
    pub fn has_lower_copay(&self, drug: DrugId, kind: ProductKind) -> bool {
        kind == ProductKind::Generic
            || self.lower_copay.as_ref().is_some_and(|drugs| drugs.value.contains(drug))
    }
}

/// Who pays a supplemental benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supplement {
    /// The plan itself, of its premium.
    Plan,
    /// An employer, as the wrap around an employer group waiver plan (EGWP).
    Employer,
}

/// A manufacturer's discount (42 CFR 423.2305; section 1860D-14C(g) of the Social Security Act
/// for the years in which it is phased in).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discount {
    /// Which drugs; `None` for all.
    pub drugs: Option<DrugSet>,
    /// True if it is for subsidized members only.
    pub low_income_only: bool,
    /// The part of the price in the initial coverage phase.
    pub initial: Percent,
    /// The part above the threshold.
    pub catastrophic: Percent,
    /// Its line.
    pub source: Source,
}

/// A supply of a drug that the formulary lacks or restricts, for members who are new to it or
/// whose drug is (42 CFR 423.120(b)(3)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// Days from the first day of coverage, or of a changed formulary.
    pub window: u16,
    /// Days' supply of a drug in all: a month's.
    pub days: u16,
    /// The tier of a drug that the formulary does not list.
    pub tier: u8,
    /// A changed formulary matters to those who filled the drug so many days before; `None` if
    /// new members alone are supplied.
    pub filled_within: Option<u16>,
    /// Its line.
    pub source: Source,
}

/// What CMS pays above the threshold (42 CFR 423.329(c)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reinsurance {
    /// Of applicable drugs.
    pub applicable: Percent,
    /// Of all others.
    pub other: Percent,
}

/// Drugs whose price CMS has negotiated (42 CFR 423.104(h)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SelectedDrugs {
    /// Their maximum fair prices: the most that the ingredients cost.
    pub list: Ref,
    /// What CMS pays of the initial coverage phase.
    pub subsidy: Percent,
    /// Its line.
    pub source: Source,
}

/// The limit of a member's share of insulin (42 CFR 423.120(h)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insulin {
    /// The insulins.
    pub drugs: DrugSet,
    /// For each month of supply.
    pub a_month: Cents,
    /// The part of the negotiated price, and of the maximum fair price where there is one, that it
    /// costs at most: from 2026 on. `None` if the amount a month is the only limit.
    pub of_price: Option<Percent>,
    /// Its line.
    pub source: Source,
}

/// What members of a copay category pay (42 CFR 423.782).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LowIncome {
    /// The category, 1 to 3.
    pub level: u8,
    /// For a generic, and what the plan lets cost as little.
    pub generic: Cents,
    /// For any other drug.
    pub brand: Cents,
    /// Its line.
    pub source: Source,
}
