//! Price lists: unit prices by NDC and day.

use openpbm_core::{Date, Ndc, PriceBasis, Source, UnitPrice};

use super::Span;

/// A unit price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// The product.
    pub ndc: Ndc,
    /// When it is in force.
    pub span: Span,
    /// For one billing unit.
    pub unit: UnitPrice,
    /// Its row.
    pub source: Source,
}

/// A list of unit prices.
#[derive(Debug, Clone)]
pub struct PriceList {
    /// Its id, the name of its file.
    pub id: Box<str>,
    /// What kind of list it is.
    pub basis: PriceBasis,
    /// By product, then by first day.
    pub(crate) prices: Vec<Price>,
}

impl PriceList {
    /// The price of a product on a day.
    pub fn price(&self, ndc: Ndc, date: Date) -> Option<&Price> {
        let after = self.prices.partition_point(|p| (p.ndc, p.span.from) <= (ndc, date));
        let price = self.prices.get(after.checked_sub(1)?)?;
        (price.ndc == ndc && price.span.holds(date)).then_some(price)
    }

    /// All prices, by product, then by first day.
    pub fn prices(&self) -> &[Price] {
        &self.prices
    }
}
