//! `networks.toml`: what pharmacies are paid.

use openpbm_core::Percent;

use super::book::Lists;
use super::series::{Series, reference, span};
use super::{Kind, Loader};
use crate::documents::{Table, Value, cents, list, positive_rate, text};
use crate::{Basis, Network};

/// Rates outside these are more often a slip ("1%" for "plus 1%") than a contract.
const USUAL_RATES: (Percent, Percent) =
    match (Percent::from_basis_points(5_000), Percent::from_basis_points(20_000)) {
        (Some(low), Some(high)) => (low, high),
        _ => (Percent::WHOLE, Percent::WHOLE),
    };

/// No contract pays more than ten times a list.
const MOST: Percent = match Percent::from_basis_points(100_000) {
    Some(most) => most,
    None => Percent::WHOLE,
};

/// Reads it.
pub(super) fn read(loader: &mut Loader<'_>, lists: &Lists) -> Series<Network> {
    let mut networks = Series::new("network");
    for document in loader.of_kind(|kind| *kind == Kind::Networks) {
        let read = loader.toml(document, |table| {
            for row in table.some_tables("network", "[[network]]") {
                network(row, lists, &mut networks);
            }
            table.end();
        });
        if read.is_none() {
            networks.is_incomplete();
        }
    }
    networks
}

fn network(row: Table<'_>, lists: &Lists, networks: &mut Series<Network>) {
    let id: Option<Box<str>> = row.required("id", text);
    let name = row.required("name", text);
    let brand = row.required("brand", bases(lists));
    let generic = row.required("generic", bases(lists));
    let dispensing_fee = row.required("dispensing_fee", cents);
    let fee_source = row.place_of("dispensing_fee").source();
    let span = span(&row);
    let (place, source) = (row.place(), row.source());
    row.end();
    let network = || {
        Some(Network {
            id: id.clone()?,
            name: name?,
            brand: brand?,
            generic: generic?,
            dispensing_fee: dispensing_fee?,
            fee_source,
            source,
        })
    };
    let network = network();
    networks.add(id, place, span, network);
}

/// Lists with rates, of which the first that has the product counts.
fn bases<'d>(lists: &Lists) -> impl Fn(Value<'d>) -> Option<Vec<Basis>> {
    move |value| {
        let bases = list(|item| basis(item, lists))(value.clone())?;
        for (index, later) in bases.iter().enumerate() {
            if bases.iter().take(index).any(|earlier| earlier.list == later.list) {
                value.mistake("the same price list stands here twice; only the first counts");
                return None;
            }
        }
        Some(bases)
    }
}

fn basis(item: Value<'_>, lists: &Lists) -> Option<Basis> {
    let table = item.table()?;
    let list = table.required("list", reference(&lists.ids));
    let rate = table.required("rate", positive_rate(MOST));
    if let Some(rate) = rate
        && !(USUAL_RATES.0..=USUAL_RATES.1).contains(&rate)
    {
        let text =
            format!("`rate`: pays {rate} of the list's price; a list plus 1% is written `101%`");
        table.report().warning(table.place_of("rate"), text);
    }
    let source = table.source();
    table.end();
    let list = list?;
    let basis = lists.bases.get(usize::from(list.0)).copied()?;
    Some(Basis { list, basis, rate: rate?, source })
}
