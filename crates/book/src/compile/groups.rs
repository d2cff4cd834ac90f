//! `groups.toml`: who has which benefit, and when.

use openpbm_core::GroupId;
use rustc_hash::FxHashMap;

use super::scopes::maybe;
use super::series::{Ids, Series, reference, span};
use super::{Kind, Loader};
use crate::documents::{Place, Report, Table, distinct, flag, one_of, parsed, text};
use crate::{Dated, Group, LineOfBusiness};

const LINES: [(&str, LineOfBusiness); 3] = [
    ("commercial", LineOfBusiness::Commercial),
    ("medicare", LineOfBusiness::Medicare),
    ("medicaid", LineOfBusiness::Medicaid),
];

/// Reads it.
pub(super) fn read(loader: &mut Loader<'_>, plans: &Ids) -> Series<Group> {
    let mut groups = Series::new("group");
    let mut continued = Vec::new();
    for document in loader.of_kind(|kind| *kind == Kind::Groups) {
        let read = loader.toml(document, |table| {
            for row in table.some_tables("group", "[[group]]") {
                group(row, plans, &mut groups, &mut continued);
            }
            table.end();
        });
        if read.is_none() {
            groups.is_incomplete();
        }
    }
    let is_known = |id| groups.rows.iter().any(|row| row.thing.id == id);
    for (place, id) in continued {
        if !is_known(id) && !groups.incomplete() {
            let text = format!("`continues`: found `{id}`, expected ids of groups of the book");
            loader.report.mistake(place, text);
        }
    }
    groups
}

fn group(
    row: Table<'_>,
    plans: &Ids,
    groups: &mut Series<Group>,
    continued: &mut Vec<(Place, GroupId)>,
) {
    let id: Option<GroupId> = row.required("id", parsed);
    let name = row.required("name", text);
    let sponsor = row.required("sponsor", text);
    let line = row.required("line", one_of(&LINES));
    let plan = row.required("plan", reference(plans));
    let span = span(&row);
    let continues = maybe(&row, "continues", distinct(parsed::<GroupId>));
    let resets = maybe(&row, "resets", flag);
    note_balances(&row, id, continues.as_ref().and_then(Option::as_ref));
    for id in continues.iter().flatten().flatten() {
        continued.push((row.place_of("continues"), *id));
    }
    let (place, source) = (row.place(), row.source());
    row.end();
    let group = || {
        let resets = resets?.unwrap_or_default().then_some(span?.from);
        Some(Group {
            id: id?,
            name: name?,
            sponsor: sponsor?,
            line: line?,
            plan: plan?,
            continues: continues?.unwrap_or_default(),
            resets,
            source,
        })
    };
    groups.add(id.map(|id| id.as_str().into()), place, span, group());
}

/// What cannot be carried on.
fn note_balances(row: &Table<'_>, id: Option<GroupId>, continues: Option<&Vec<GroupId>>) {
    let Some(continues) = continues else { return };
    let mistake = |text: &str| {
        row.report().mistake(row.place_of("continues"), format!("`continues`: {text}"));
    };
    if id.is_some_and(|id| continues.contains(&id)) {
        mistake("found the group itself, whose balances go on without being named");
    }
    if row.has("resets") {
        mistake("found beside `resets`, expected one of both: balances go on or begin anew");
    }
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
