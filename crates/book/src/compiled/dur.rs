//! Drug utilization review rules.

use openpbm_core::Source;

use super::DrugSet;

/// What conflicts with the drugs of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DurConflict {
    /// A drug that the member still has a supply of; 439-E4 `DD`.
    With(DrugSet),
    /// An allergy on the member's file, in lower case; `DA`.
    Allergy(Box<str>),
    /// A reported or known pregnancy; `PG`.
    Pregnancy,
}

/// One rule: these drugs conflict with that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DurRule {
    /// A name for people.
    pub name: Box<str>,
    /// The drugs that the rule watches when they are dispensed.
    pub drugs: DrugSet,
    /// What they conflict with.
    pub conflict: DurConflict,
    /// 439-E4.
    pub reason: Box<str>,
    /// 528-FS: 1 major, 2 moderate, 3 minor.
    pub significance: u8,
    /// 544-FY, what the pharmacist reads.
    pub text: Box<str>,
    /// Results of service (441-E6) with which the pharmacist may go on; empty if none may.
    pub overrides: Vec<Box<str>>,
    /// Its line.
    pub source: Source,
}
