//! Medicare Part D: who pays which part of a claim, and what a member's year has come to.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::stored;
use crate::{Account, Cents, Overflow, Paid, RejectCode};

/// How the price of a Part D claim divides, by phases of the defined standard benefit and by
/// payers. Both divisions sum to the price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct PartD {
    /// The part of the price in the standard deductible.
    #[n(0)]
    pub deductible_phase: Cents,
    /// The part in the initial coverage phase.
    #[n(1)]
    pub initial_phase: Cents,
    /// The part above the out-of-pocket threshold; with it the claim's GDCA, gross drug cost
    /// above the threshold. The two parts before it are its GDCB.
    #[n(2)]
    pub catastrophic_phase: Cents,
    /// What CMS pays of the member's share: the low-income cost-sharing subsidy (LICS).
    #[n(3)]
    pub low_income_subsidy: Cents,
    /// The manufacturer's discount (42 CFR 423.2305 ff., the Manufacturer Discount Program).
    #[n(4)]
    pub manufacturer_discount: Cents,
    /// What CMS pays of a selected drug in the initial phase (42 CFR 423.329, from 2026 on).
    #[n(5)]
    pub selected_drug_subsidy: Cents,
    /// What CMS pays of the catastrophic phase.
    #[n(6)]
    pub reinsurance: Cents,
    /// What the plan pays of the standard benefit's member share. Below zero
    /// where a copay of the plan is above the standard share: then the basic benefit costs the
    /// plan less.
    #[n(7)]
    pub supplemental: Cents,
    /// What the plan pays for the standard benefit.
    #[n(8)]
    pub basic: Cents,
    /// What of the price counts toward the plan's own deductible.
    #[n(9)]
    pub toward_deductible: Cents,
    /// What counts toward the threshold: true out-of-pocket cost (TrOOP).
    #[n(10)]
    pub toward_threshold: Cents,
    /// The member's gross covered drug cost of the year so far, this claim included.
    #[n(11)]
    pub gross_so_far: Cents,
    /// True if a drug that the plan would have refused was filled once, as a transition supply
    /// (42 CFR 423.120(b)(3)): the member is due a notice within three business days.
    #[serde(default)]
    #[n(12)]
    #[cbor(default)]
    pub transition: bool,
    /// For a transition supply, the first code that it would have been refused with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(13)]
    pub passed: Option<RejectCode>,
    /// What an employer's wrap pays of what Part D leaves to the member. It counts as if the
    /// member had paid it.
    #[serde(default, skip_serializing_if = "stored::is_empty")]
    #[n(14)]
    #[cbor(with = "stored::sparse", has_nil)]
    pub employer: Cents,
}

impl PartD {
    /// True if both divide alike, wherever the year stood by then.
    pub fn comes_to(&self, other: &Self) -> bool {
        Self { gross_so_far: other.gross_so_far, ..self.clone() } == *other
    }

    /// The balance of an account of those who pay the rest; `None` for pharmacy and member.
    pub const fn balance(&self, account: Account) -> Option<Cents> {
        Some(match account {
            Account::LowIncomeSubsidy => self.low_income_subsidy,
            Account::ManufacturerDiscount => self.manufacturer_discount,
            Account::SelectedDrugSubsidy => self.selected_drug_subsidy,
            Account::Reinsurance => self.reinsurance,
            Account::Supplemental => self.supplemental,
            Account::BasicBenefit => self.basic,
            Account::EmployerWrap => self.employer,
            _ => return None,
        })
    }

    /// The price, as the phases divide it.
    pub fn by_phase(&self) -> Result<Cents, Overflow> {
        Cents::sum([self.deductible_phase, self.initial_phase, self.catastrophic_phase])
    }

    /// What everybody but the member pays.
    pub fn by_others(&self) -> Result<Cents, Overflow> {
        Cents::sum([
            self.low_income_subsidy,
            self.manufacturer_discount,
            self.selected_drug_subsidy,
            self.reinsurance,
            self.supplemental,
            self.basic,
            self.employer,
        ])
    }
}

/// What a member's Part D year has come to, beside deductible and out-of-pocket cost.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, Encode, Decode)]
pub struct PartDYear {
    /// Gross covered drug cost.
    #[n(0)]
    pub gross: Cents,
}

/// What a paid claim adds to the accumulators of its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Toward the plan's deductible.
    pub deductible: Cents,
    /// Toward the out-of-pocket maximum, or the threshold of Part D.
    pub out_of_pocket: Cents,
    /// Toward the Part D year, if it is a claim of Part D.
    pub part_d: Option<PartDYear>,
}

impl Counted {
    /// What a claim of these amounts adds.
    ///
    /// # Errors
    /// If an amount does not fit.
    pub fn of(paid: &Paid, part_d: Option<&PartD>) -> Result<Self, Overflow> {
        Ok(match part_d {
            None => Self {
                deductible: paid.counted_deductible()?,
                out_of_pocket: paid.counted_out_of_pocket()?,
                part_d: None,
            },
            Some(part_d) => Self {
                deductible: part_d.toward_deductible,
                out_of_pocket: part_d.toward_threshold,
                part_d: Some(PartDYear { gross: part_d.by_phase()? }),
            },
        })
    }
}
