//! What changed from one book to another, in words that a benefits person understands. What
//! matters to many drugs or stores alike is told once, with their number and the first few.

mod crowd;
mod difference;
mod drugs;
mod placements;
mod prices;
mod rosters;
mod timeline;

use std::collections::BTreeSet;
use std::fmt;

use openpbm_core::Source;
use serde::Serialize;

use crate::facts::{
    Fact, dur_facts, group_facts, measure_facts, network_facts, plan_facts, tier_counts,
};
use crate::{Book, Dated};
use difference::{Difference, compare};
use timeline::Timeline;

/// Which part of the book changed. The order is the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Area {
    /// Name and routing.
    Book,
    /// Groups.
    Groups,
    /// Plans.
    Plans,
    /// Formularies.
    Formularies,
    /// Networks.
    Networks,
    /// Pharmacies.
    Pharmacies,
    /// Prescribers.
    Prescribers,
    /// Tables of drugs.
    Drugs,
    /// Price lists.
    Prices,
    /// Drug utilization review.
    Dur,
    /// Measures of adherence.
    Measures,
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Book => "Book",
            Self::Groups => "Groups",
            Self::Plans => "Plans",
            Self::Formularies => "Formularies",
            Self::Networks => "Networks",
            Self::Pharmacies => "Pharmacies",
            Self::Prescribers => "Prescribers",
            Self::Drugs => "Drugs",
            Self::Prices => "Prices",
            Self::Dur => "Drug utilization review",
            Self::Measures => "Measures",
        })
    }
}

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// Something is new.
    Added,
    /// Something is gone.
    Removed,
    /// An amount rises.
    Raised,
    /// An amount falls.
    Lowered,
    /// Anything else.
    Changed,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Which part of the book.
    pub area: Area,
    /// What changed: an id, a drug, or a number of them.
    pub subject: String,
    /// What kind of change.
    pub kind: ChangeKind,
    /// The change as a sentence.
    pub text: String,
    /// The line of the new book, or of the old one for what is gone, where there is one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "{} ({source})", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// All changes, by area.
pub fn diff(old: &Book, new: &Book) -> Vec<Change> {
    let mut changes = Vec::new();
    head(old, new, &mut changes);
    groups(old, new, &mut changes);
    plans(old, new, &mut changes);
    placements::changes(old, new, &mut changes);
    networks(old, new, &mut changes);
    rosters::pharmacies(old, new, &mut changes);
    rosters::prescribers(old, new, &mut changes);
    drugs::changes(old, new, &mut changes);
    prices::changes(old, new, &mut changes);
    dur(old, new, &mut changes);
    measures(old, new, &mut changes);
    changes
}

/// The changes as text, under a heading for each area.
pub fn diff_report(changes: &[Change]) -> String {
    let mut text = String::new();
    let mut area = None;
    for change in changes {
        if area != Some(change.area) {
            let blank = if area.is_some() { "\n" } else { "" };
            text.push_str(&format!("{blank}{}\n", change.area));
            area = Some(change.area);
        }
        text.push_str(&format!("  {change}\n"));
    }
    if changes.is_empty() {
        text.push_str("nothing changed\n");
    }
    text
}

fn head(old: &Book, new: &Book, changes: &mut Vec<Change>) {
    let pairs = [
        ("the book's name", old.name().to_owned(), new.name().to_owned()),
        ("the BIN", old.bin().to_string(), new.bin().to_string()),
        ("the PCN", old.pcn().to_string(), new.pcn().to_string()),
    ];
    for (what, before, after) in pairs.into_iter().filter(|(_, before, after)| before != after) {
        changes.push(Change {
            area: Area::Book,
            subject: what.to_owned(),
            kind: ChangeKind::Changed,
            text: format!("{what} changes from {before} to {after}"),
            source: None,
        });
    }
}

fn groups(old: &Book, new: &Book, changes: &mut Vec<Change>) {
    let mut ids: Vec<_> = old.groups().chain(new.groups()).map(|(id, _)| *id).collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        let timeline = Timeline::new(Area::Groups, format!("group {id}"), old, new);
        changes.extend(timeline.changes(old.group(id), new.group(id), group_facts));
    }
}

fn plans(old: &Book, new: &Book, changes: &mut Vec<Change>) {
    let by_id = |book: &'_ Book| ids(book.plans(), |plan| &plan.id);
    // The shares of both books are told for the same tiers: a tier that no drug is in any more
    // is no change of a plan.
    let tiers = BTreeSet::from_iter(tiers(old).chain(tiers(new)));
    let tiers = Vec::from_iter(tiers);
    for id in union(by_id(old), by_id(new)) {
        let timeline = Timeline::new(Area::Plans, format!("plan {id}"), old, new);
        let (before, after) =
            (of_id(old.plans(), &id, |p| &p.id), of_id(new.plans(), &id, |p| &p.id));
        changes.extend(
            timeline.changes(before, after, |book, plan, day| plan_facts(book, plan, day, &tiers)),
        );
    }
}

/// The tiers of all formularies.
fn tiers(book: &Book) -> impl Iterator<Item = u8> {
    let formularies = book.formularies().iter().flat_map(|rows| rows.rows());
    formularies.flat_map(|(_, formulary)| tier_counts(formulary, book.drugs()).into_keys())
}

fn networks(old: &Book, new: &Book, changes: &mut Vec<Change>) {
    let by_id = |book: &'_ Book| ids(book.networks(), |network| &network.id);
    for id in union(by_id(old), by_id(new)) {
        let timeline = Timeline::new(Area::Networks, format!("network {id}"), old, new);
        let (before, after) =
            (of_id(old.networks(), &id, |n| &n.id), of_id(new.networks(), &id, |n| &n.id));
        changes.extend(
            timeline.changes(before, after, |book, network, _| network_facts(book, network)),
        );
    }
}

fn dur(old: &Book, new: &Book, changes: &mut Vec<Change>) {
    let named = |book: &Book| -> Vec<Named> {
        let rules = book.dur_rules().iter();
        let facts = rules.map(|rule| (rule.name.to_string(), rule.source, dur_facts(rule)));
        facts.collect()
    };
    by_name(Area::Dur, "rule", (old, named(old)), (new, named(new)), changes);
}

fn measures(old: &Book, new: &Book, changes: &mut Vec<Change>) {
    let named = |book: &Book| -> Vec<Named> {
        let measures = book.measures().iter();
        let facts = measures.map(|it| (it.id.to_string(), it.source, measure_facts(it)));
        facts.collect()
    };
    by_name(Area::Measures, "measure", (old, named(old)), (new, named(new)), changes);
}

/// A rule's name, its line, and what it says.
type Named = (String, Source, Vec<Fact>);

/// The changes of rules that have a name and are in force always.
fn by_name(
    area: Area,
    noun: &str,
    (old, before): (&Book, Vec<Named>),
    (new, after): (&Book, Vec<Named>),
    changes: &mut Vec<Change>,
) {
    let find = |rules: &'_ [Named], name: &str| -> Option<Named> {
        rules.iter().find(|(known, ..)| known == name).cloned()
    };
    let names = before.iter().chain(&after).map(|(name, ..)| name.clone());
    for name in union(names.collect(), Vec::new()) {
        let subject = format!("{noun} \"{name}\"");
        let change = |kind, what: &str, book: &Book, source| Change {
            area,
            subject: subject.clone(),
            kind,
            text: format!("{subject} {what}"),
            source: Some(book.locate(source)),
        };
        match (find(&before, &name), find(&after, &name)) {
            (Some((_, source, _)), None) => {
                changes.push(change(ChangeKind::Removed, "is gone", old, source));
            }
            (None, Some((_, source, _))) => {
                changes.push(change(ChangeKind::Added, "is new", new, source));
            }
            (Some((.., before)), Some((.., after))) => {
                let pairs = compare(&before, &after);
                let place = |difference: &Difference| match difference.kind {
                    ChangeKind::Removed => old.locate(difference.source),
                    _ => new.locate(difference.source),
                };
                changes.extend(pairs.into_iter().map(|difference| Change {
                    area,
                    subject: subject.clone(),
                    kind: difference.kind,
                    source: Some(place(&difference)),
                    text: format!("{subject}: {}", difference.text),
                }));
            }
            (None, None) => {}
        }
    }
}

/// The ids of a table of dated things.
fn ids<T>(table: &[Dated<T>], id: impl Fn(&T) -> &str) -> Vec<String> {
    table.iter().filter_map(|rows| Some(id(&rows.rows().first()?.1).to_owned())).collect()
}

/// The things of one id over time.
fn of_id<'b, T>(
    table: &'b [Dated<T>],
    wanted: &str,
    id: impl Fn(&T) -> &str,
) -> Option<&'b Dated<T>> {
    table.iter().find(|rows| rows.rows().first().is_some_and(|(_, thing)| id(thing) == wanted))
}

/// The ids of both, in order.
fn union(old: Vec<String>, new: Vec<String>) -> Vec<String> {
    let mut all: Vec<String> = old.into_iter().chain(new).collect();
    all.sort_unstable();
    all.dedup();
    all
}
