//! `groups.toml`: who has which benefit, and when.

use openpbm_core::GroupId;
use rustc_hash::FxHashMap;

use super::series::{Ids, Series, reference, span};
use super::{Kind, Loader};
use crate::documents::{Report, Table, one_of, parsed, text};
use crate::{Dated, Group, LineOfBusiness};

const LINES: [(&str, LineOfBusiness); 3] = [
    ("commercial", LineOfBusiness::Commercial),
    ("medicare", LineOfBusiness::Medicare),
    ("medicaid", LineOfBusiness::Medicaid),
];

/// Reads it.
pub(super) fn read(loader: &mut Loader<'_>, plans: &Ids) -> Series<Group> {
    let mut groups = Series::new("group");
    for document in loader.of_kind(|kind| *kind == Kind::Groups) {
        let read = loader.toml(document, |table| {
            for row in table.some_tables("group", "[[group]]") {
                group(row, plans, &mut groups);
            }
            table.end();
        });
        if read.is_none() {
            groups.is_incomplete();
        }
    }
    groups
}

fn group(row: Table<'_>, plans: &Ids, groups: &mut Series<Group>) {
    let id: Option<GroupId> = row.required("id", parsed);
    let name = row.required("name", text);
    let sponsor = row.required("sponsor", text);
    let line = row.required("line", one_of(&LINES));
    let plan = row.required("plan", reference(plans));
    let span = span(&row);
    let (place, source) = (row.place(), row.source());
    row.end();
    let group = || {
        Some(Group { id: id?, name: name?, sponsor: sponsor?, line: line?, plan: plan?, source })
    };
    groups.add(id.map(|id| id.as_str().into()), place, span, group());
}

/// The groups by their ids.
pub(super) fn by_id(groups: Series<Group>, report: &Report) -> FxHashMap<GroupId, Dated<Group>> {
    let dated = groups.finish(report);
    let keyed = dated.into_iter().filter_map(|rows| {
        let id = rows.rows().first().map(|(_, group)| group.id)?;
        Some((id, rows))
    });
    keyed.collect()
}
