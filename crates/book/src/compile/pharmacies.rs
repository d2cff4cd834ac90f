//! `pharmacies.csv`: who dispenses, and in which networks. A pharmacy has a row for each of its
//! contracts, or one row without a network.

use openpbm_core::{Channel, Date, Npi};
use rustc_hash::FxHashMap;

use super::series::Ids;
use super::{Kind, Loader};
use crate::documents::{Place, Report, Row};
use crate::{Contract, Pharmacy, Span};

/// How members get products, by the words of the documents.
pub(super) const CHANNELS: [(&str, Channel); 3] =
    [("retail", Channel::Retail), ("mail", Channel::Mail), ("specialty", Channel::Specialty)];

/// The pharmacies, and whether their table had no mistake.
pub(super) struct Pharmacies {
    pub(super) by_npi: FxHashMap<Npi, Pharmacy>,
    /// False if a pharmacy may be missing because something was wrong.
    pub(super) clean: bool,
}

/// Reads it.
pub(super) fn read(loader: &mut Loader<'_>, networks: &Ids) -> Pharmacies {
    let mut pharmacies = FxHashMap::default();
    let report = loader.report;
    let before = report.mistakes();
    for document in loader.of_kind(|kind| *kind == Kind::Pharmacies) {
        let required = ["npi", "name", "channel", "network", "from"];
        loader.csv(document, &required, &["to"], |row| {
            add(row, networks, &mut pharmacies, report);
        });
    }
    let clean = report.mistakes() == before && !networks.incomplete();
    Pharmacies { by_npi: pharmacies, clean }
}

fn add(row: &Row<'_>, networks: &Ids, pharmacies: &mut FxHashMap<Npi, Pharmacy>, report: &Report) {
    let npi: Option<Npi> = row.required("npi");
    let name = row.text("name");
    let channel = row.choice("channel", &CHANNELS);
    let contract = contract(row, networks);
    let (Some(npi), Some(name), Some(channel), Ok(contract)) = (npi, name, channel, contract)
    else {
        return;
    };
    let source = row.place().source();
    match pharmacies.get_mut(&npi) {
        Some(known) => again(known, name, channel, contract, row, report),
        None => {
            let contracts = contract.into_iter().collect();
            let pharmacy = Pharmacy { npi, name: name.into(), channel, contracts, source };
            pharmacies.insert(npi, pharmacy);
        }
    }
}

/// A second row of the same pharmacy must agree with the first and add a contract.
fn again(
    known: &mut Pharmacy,
    name: &str,
    channel: Channel,
    contract: Option<Contract>,
    row: &Row<'_>,
    report: &Report,
) {
    let first = report.locate(Place::line(known.source.document, known.source.line));
    if *known.name != *name || known.channel != channel {
        row.mistake(format!("this pharmacy has another name or channel in {first}"));
    }
    let Some(contract) = contract else {
        row.mistake(format!("this pharmacy stands in {first}, too; a row adds a network"));
        return;
    };
    if known.contracts.is_empty() {
        row.mistake(format!("{first} says that this pharmacy is in no network"));
    }
    let clash = known
        .contracts
        .iter()
        .find(|other| other.network == contract.network && other.span.overlaps(&contract.span));
    if let Some(other) = clash {
        let other = report.locate(Place::line(other.source.document, other.source.line));
        row.mistake(format!("this pharmacy is in this network on days that {other} has, too"));
    }
    known.contracts.push(contract);
}

/// The contract of a row, none if the pharmacy is out of network; `Err` if a mistake was noted.
fn contract(row: &Row<'_>, networks: &Ids) -> Result<Option<Contract>, ()> {
    let name = row.cell("network");
    if name.is_empty() {
        let stray = ["from", "to"].into_iter().find(|column| !row.cell(column).is_empty());
        if let Some(column) = stray {
            row.wrong(column, "nothing, because the row has no network");
        }
        return if stray.is_some() { Err(()) } else { Ok(None) };
    }
    let network = networks.find(name);
    if network.is_none() && !networks.incomplete() {
        row.wrong_among("network", &networks.expected(), &networks.names());
    }
    let span = span(row, "from", "to");
    let (network, span) = (network.ok_or(())?, span.ok_or(())?);
    Ok(Some(Contract { network, span, source: row.place().source() }))
}

/// The days of a row: a first day, and a last one unless it has no end.
pub(super) fn span(row: &Row<'_>, first: &'static str, last: &'static str) -> Option<Span> {
    let from: Option<Date> = row.required(first);
    let to = if row.cell(last).is_empty() { Some(Date::LAST) } else { row.required(last) };
    let span = Span { from: from?, to: to? };
    if span.to < span.from {
        row.wrong(last, &format!("a day not before `{first}`, {}", span.from));
        return None;
    }
    Some(span)
}
