//! `prescribers.csv`: who may prescribe, and who may not.

use openpbm_core::Npi;
use rustc_hash::FxHashMap;

use super::pharmacies::span;
use super::{Kind, Loader};
use crate::Prescriber;
use crate::documents::{Place, Row};

/// Reads it.
pub(super) fn read(loader: &mut Loader<'_>) -> FxHashMap<Npi, Prescriber> {
    let mut prescribers: FxHashMap<Npi, Prescriber> = FxHashMap::default();
    let report = loader.report;
    for document in loader.of_kind(|kind| *kind == Kind::Prescribers) {
        loader.csv(document, &["npi", "name"], &["sanctioned_from", "sanctioned_to"], |row| {
            let Some(prescriber) = prescriber(row) else { return };
            if let Some(first) = prescribers.get(&prescriber.npi) {
                let first = report.locate(Place::line(first.source.document, first.source.line));
                row.mistake(format!("this prescriber stands in {first}, too"));
                return;
            }
            prescribers.insert(prescriber.npi, prescriber);
        });
    }
    prescribers
}

fn prescriber(row: &Row<'_>) -> Option<Prescriber> {
    let npi = row.required("npi");
    let name = row.text("name");
    let marked = !row.cell("sanctioned_from").is_empty() || !row.cell("sanctioned_to").is_empty();
    let sanctioned = if marked { span(row, "sanctioned_from", "sanctioned_to") } else { None };
    if marked && sanctioned.is_none() {
        return None;
    }
    Some(Prescriber { npi: npi?, name: name?.into(), sanctioned, source: row.place().source() })
}
