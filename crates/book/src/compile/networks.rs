//! `networks.toml`: what pharmacies are paid.

use openpbm_core::{Cents, Percent, QualifiedAmount};

use super::book::Lists;
use super::drugs::DrugTables;
use super::selectors::{Scope, Selector, World};
use super::series::{Series, reference, span};
use super::{Kind, Loader};
use crate::documents::{Table, Value, cents, list, positive_rate, text, whole};
use crate::{AdministrationFee, Basis, Network, PercentageTax, Sourced};

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
pub(super) fn read(loader: &mut Loader<'_>, lists: &Lists, drugs: &DrugTables) -> Series<Network> {
    let world = World::new(drugs);
    let mut networks = Series::new("network");
    for document in loader.of_kind(|kind| *kind == Kind::Networks) {
        let read = loader.toml(document, |table| {
            for row in table.some_tables("network", "[[network]]") {
                network(row, lists, &world, &mut networks);
            }
            table.end();
        });
        if read.is_none() {
            networks.is_incomplete();
        }
    }
    networks
}

fn network(row: Table<'_>, lists: &Lists, world: &World<'_>, networks: &mut Series<Network>) {
    let id: Option<Box<str>> = row.required("id", text);
    let name = row.required("name", text);
    let brand = row.required("brand", bases(lists));
    let generic = row.required("generic", bases(lists));
    let dispensing_fee = row.required("dispensing_fee", cents);
    let fee_source = row.place_of("dispensing_fee").source();
    let effort_fees = none_or(&row, "effort_fees", effort_fees);
    let beside = beside(&row, world);
    let span = span(&row);
    let (place, source) = (row.place(), row.source());
    row.end();
    let network = || {
        let (administration, other_amounts, (flat_tax, percentage_tax)) = beside?;
        Some(Network {
            id: id.clone()?,
            name: name?,
            brand: brand?,
            generic: generic?,
            dispensing_fee: dispensing_fee?,
            fee_source,
            effort_fees: effort_fees?,
            administration,
            other_amounts,
            flat_tax,
            percentage_tax,
            source,
        })
    };
    let network = network();
    networks.add(id, place, span, network);
}

/// The most other amounts that an answer has room for (563-J2).
const MOST_OTHER: usize = 3;

/// What is paid as sales tax: flat and by percentage.
type Taxes = (Option<Sourced<Cents>>, Option<PercentageTax>);

/// What is paid beside the product; `None` if any of it could not be read.
fn beside(
    row: &Table<'_>,
    world: &World<'_>,
) -> Option<(Vec<AdministrationFee>, Vec<Sourced<QualifiedAmount>>, Taxes)> {
    let fees = none_or(row, "administration", list(|item| administration(item, world)));
    let amounts = none_or(row, "other_amounts", other_amounts);
    let taxes = none_or(row, "sales_tax", taxes);
    Some((fees?, amounts?, taxes?))
}

/// Five fees, for the levels of effort 11 to 15.
#[expect(clippy::option_option, reason = "the key may be missing, and it may be wrong")]
fn effort_fees(value: Value<'_>) -> Option<Option<Sourced<[Cents; 5]>>> {
    let source = value.place().source();
    let fees = list(cents)(value.clone())?;
    let Ok(fees) = <[Cents; 5]>::try_from(fees) else {
        value.wrong("five fees, for the levels of effort 11 to 15");
        return None;
    };
    Some(Some(Sourced { value: fees, source }))
}

/// What is under a key; nothing where it is not there, and `None` where it is wrong.
fn none_or<'d, T: Default>(
    row: &Table<'d>,
    key: &'static str,
    read: impl FnOnce(Value<'d>) -> Option<T>,
) -> Option<T> {
    if row.has(key) { row.optional(key, read) } else { Some(T::default()) }
}

fn administration(item: Value<'_>, world: &World<'_>) -> Option<AdministrationFee> {
    let table = item.table()?;
    let drugs = table.required("drugs", |value| {
        let selector = Selector::read(value, world, Scope::Anywhere)?;
        let set = selector.set(world.drugs());
        selector.warn_if_none(set.is_empty(), world, None, &table);
        Some(set)
    });
    let at_most = table.required("at_most", cents);
    let source = table.source();
    table.end();
    Some(AdministrationFee { drugs: drugs?, at_most: at_most?, source })
}

/// Amounts by their qualifiers, each of which stands once.
fn other_amounts(value: Value<'_>) -> Option<Vec<Sourced<QualifiedAmount>>> {
    let rows = list(other_amount)(value.clone())?;
    let twice = rows.iter().enumerate().any(|(index, row)| {
        rows.iter().take(index).any(|earlier| earlier.value.qualifier == row.value.qualifier)
    });
    if twice {
        value.mistake("the same qualifier stands here twice");
        return None;
    }
    if rows.len() > MOST_OTHER {
        value.wrong("at most three amounts, because an answer has no room for more");
        return None;
    }
    Some(rows)
}

fn other_amount(item: Value<'_>) -> Option<Sourced<QualifiedAmount>> {
    let table = item.table()?;
    let qualifier = table.required("qualifier", whole(1..=99));
    let amount = table.required("at_most", cents);
    let source = table.source();
    table.end();
    Some(Sourced { value: QualifiedAmount { qualifier: qualifier?, amount: amount? }, source })
}

/// `sales_tax = { flat = "0.10", rate = "7%" }`, of which one may be missing.
fn taxes(value: Value<'_>) -> Option<Taxes> {
    let table = value.table()?;
    let flat = table.sourced("flat", cents);
    let rate = table.sourced("rate", positive_rate(Percent::WHOLE));
    let is_complete =
        (flat.is_some() || !table.has("flat")) && (rate.is_some() || !table.has("rate"));
    if !table.has("flat") && !table.has("rate") {
        table.missing("found neither `flat` nor `rate`, expected at least one");
        return None;
    }
    table.end();
    let rate = rate.map(|rate| PercentageTax {
        at_most: rate.value.basis_points() * 100,
        source: rate.source,
    });
    is_complete.then_some((flat, rate))
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
