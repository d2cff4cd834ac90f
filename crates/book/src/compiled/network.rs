//! Networks, the pharmacies in them, and prescribers.

use openpbm_core::{Cents, Channel, Npi, Percent, PriceBasis, QualifiedAmount, Source};

use super::{DrugSet, Ref, Sourced, Span};

/// A way to price an ingredient: a list and a rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The list.
    pub list: Ref,
    /// What kind of list it is.
    pub basis: PriceBasis,
    /// The part of the list's price that is paid.
    pub rate: Percent,
    /// Its line.
    pub source: Source,
}

/// The terms of a network at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// Its id.
    pub id: Box<str>,
    /// For people.
    pub name: Box<str>,
    /// For brands: the first list that has the product counts.
    pub brand: Vec<Basis>,
    /// For generics, likewise.
    pub generic: Vec<Basis>,
    /// A fee for each fill.
    pub dispensing_fee: Cents,
    /// The line of the fee.
    pub fee_source: Source,
    /// What a compound's levels of effort 11 to 15 (474-8E) add to the fee; `None` for nothing.
    pub effort_fees: Option<Sourced<[Cents; 5]>>,
    /// Fees for giving a product to the patient (438-E3); the first row that has it counts.
    pub administration: Vec<AdministrationFee>,
    /// Other amounts (480-H9) that are paid, each up to its amount; three at most.
    pub other_amounts: Vec<Sourced<QualifiedAmount>>,
    /// The most that is paid as flat sales tax (481-HA); `None` where it is not paid.
    pub flat_tax: Option<Sourced<Cents>>,
    /// How percentage sales tax (482-GE) is paid; `None` where it is not.
    pub percentage_tax: Option<PercentageTax>,
    /// Its first line.
    pub source: Source,
}

/// A fee for giving products to patients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdministrationFee {
    /// Which products.
    pub drugs: DrugSet,
    /// The most that is paid.
    pub at_most: Cents,
    /// Its line.
    pub source: Source,
}

/// How sales tax by percentage is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PercentageTax {
    /// The highest rate, in ten-thousandths of a percent.
    pub at_most: u32,
    /// Its line.
    pub source: Source,
}

/// A pharmacy's place in a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contract {
    /// The network.
    pub network: Ref,
    /// When.
    pub span: Span,
    /// Its row.
    pub source: Source,
}

/// A pharmacy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pharmacy {
    /// Its number.
    pub npi: Npi,
    /// For people.
    pub name: Box<str>,
    /// How members get products from it.
    pub channel: Channel,
    /// Its places in networks; none if it is out of every network.
    pub contracts: Vec<Contract>,
    /// Its first row.
    pub source: Source,
}

/// A prescriber.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prescriber {
    /// The number.
    pub npi: Npi,
    /// For people.
    pub name: Box<str>,
    /// Sanctioned in this span: claims reject.
    pub sanctioned: Option<Span>,
    /// The row.
    pub source: Source,
}
