//! `prices/<list>.csv`: unit prices by NDC and day.

use openpbm_core::{Ndc, UnitPrice};

use super::book::Lists;
use super::drugs::DrugTables;
use super::pharmacies::span;
use super::{Kind, Loader};
use crate::documents::{Place, Report, Row};
use crate::{Price, PriceList};

/// No unit costs more: ten million dollars. It keeps every product of a price within an amount.
const MOST: UnitPrice = UnitPrice::new(1_000_000_000_000);

/// The price lists, and whether they had no mistake.
pub(super) struct Prices {
    pub(super) lists: Vec<PriceList>,
    /// False if a price may be missing because something was wrong.
    pub(super) clean: bool,
}

/// Reads the lists that `book.toml` declares, in its order.
pub(super) fn read(loader: &mut Loader<'_>, lists: &Lists, drugs: &DrugTables) -> Prices {
    let before = loader.report.mistakes();
    for document in loader.of_kind(|kind| matches!(kind, Kind::Prices(_))) {
        let undeclared = |id: &str| lists.ids.find(id).is_none() && !lists.ids.incomplete();
        if let Some(Kind::Prices(id)) = loader.kind(document)
            && undeclared(id)
        {
            let text = format!("book.toml declares no [[list]] with the id `{id}`");
            loader.report.mistake_among(Place::whole(document), text, id, lists.ids.names());
        }
    }
    let names = lists.ids.names().into_iter().zip(&lists.bases);
    let lists: Vec<PriceList> = names
        .map(|(id, basis)| {
            let prices = list(loader, id, drugs);
            PriceList { id: id.into(), basis: *basis, prices }
        })
        .collect();
    Prices { lists, clean: loader.report.mistakes() == before }
}

fn list(loader: &mut Loader<'_>, id: &str, drugs: &DrugTables) -> Vec<Price> {
    let documents = loader.of_kind(|kind| matches!(kind, Kind::Prices(list) if **list == *id));
    let Some(&document) = documents.first() else {
        let path = format!("prices/{id}.csv");
        loader.report.misplaced(&path, "book.toml declares this list, but the file is missing");
        return Vec::new();
    };
    let mut prices = Vec::new();
    loader.csv(document, &["ndc", "unit_price", "from"], &["to"], |row| {
        prices.extend(price(row));
    });
    prices.sort_by_key(|price| (price.ndc, price.span.from, price.source));
    prices.shrink_to_fit();
    note_overlaps(loader.report, &prices);
    note_strangers(loader.report, document, &prices, drugs);
    prices
}

fn price(row: &Row<'_>) -> Option<Price> {
    let ndc: Option<Ndc> = row.required("ndc");
    let unit: Option<UnitPrice> = row.required("unit_price");
    let fits = |unit: &UnitPrice| unit.get() > 0 && *unit <= MOST;
    if unit.is_some_and(|unit| !fits(&unit)) {
        row.wrong("unit_price", "a price above zero and at most 10000000");
    }
    let span = span(row, "from", "to");
    let source = row.place().source();
    Some(Price { ndc: ndc?, span: span?, unit: unit.filter(fits)?, source })
}

fn note_overlaps(report: &Report, prices: &[Price]) {
    for pair in prices.windows(2) {
        if let [earlier, later] = pair
            && earlier.ndc == later.ndc
            && earlier.span.overlaps(&later.span)
        {
            let (a, b) = (earlier.source.min(later.source), earlier.source.max(later.source));
            let other = report.locate(Place::line(a.document, a.line));
            let text = format!("{} has a price on days that {other} has, too", later.ndc);
            report.mistake(Place::line(b.document, b.line), text);
        }
    }
}

/// A price of an unknown product is never used: one warning says how many there are.
fn note_strangers(report: &Report, document: u16, prices: &[Price], drugs: &DrugTables) {
    let unknown = |price: &&Price| drugs.drugs.find(price.ndc).is_none();
    let count = prices.iter().filter(unknown).count();
    if let Some(first) = prices.iter().find(unknown)
        && drugs.clean
    {
        let text = format!(
            "{count} of {} prices are of products that no drug table has, the first of them {}",
            prices.len(),
            first.ndc,
        );
        report.warning(Place::line(document, first.source.line), text);
    }
}
