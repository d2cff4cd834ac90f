//! Networks, the pharmacies in them, and prescribers.

use openpbm_core::{Cents, Channel, Npi, Percent, PriceBasis, Source};

use super::{Ref, Span};

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
    /// Its first line.
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
