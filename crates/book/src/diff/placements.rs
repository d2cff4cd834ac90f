//! Formularies: which drugs are placed otherwise, drug by drug.

use openpbm_core::{Date, Ndc};

use super::crowd::{Crowds, Said};
use super::timeline::{before, stretches};
use super::{Area, Change, ChangeKind, ids, of_id, union};
use crate::facts::{Part, label, parts, period};
use crate::{Book, Dated, DrugId, Formulary, Placement, Sourced};

/// What changed in each formulary, for the drugs that both books have.
pub(super) fn changes(old: &Book, new: &Book, changes: &mut Vec<Change>) {
    let all = |book: &'_ Book| ids(book.formularies(), |formulary| &formulary.id);
    for id in union(all(old), all(new)) {
        let find = |book| of_id(Book::formularies(book), &id, |formulary| &formulary.id);
        match (find(old), find(new)) {
            (Some(before), Some(after)) => history(old, new, &id, (before, after), changes),
            (Some(_), None) => changes.push(whole(ChangeKind::Removed, &id, "is gone")),
            (None, _) => changes.push(whole(ChangeKind::Added, &id, "is new")),
        }
    }
}

/// What changed over time. A version that only the new book has is compared with the one before
/// it.
fn history(
    old: &Book,
    new: &Book,
    id: &str,
    (earlier, later): (&Dated<Formulary>, &Dated<Formulary>),
    changes: &mut Vec<Change>,
) {
    let mut told = Vec::new();
    for span in stretches(earlier, later) {
        let sides = match (earlier.on(span.from), later.on(span.from)) {
            (Some(a), Some(b)) => Some((Side(old, a), Side(new, b))),
            (None, Some(b)) => {
                let text = format!("has new terms {}", period(span));
                changes.push(whole(ChangeKind::Added, id, &text));
                before(later, span.from).map(|(_, a)| (Side(new, a), Side(new, b)))
            }
            (Some(_), None) => {
                let text = format!("has no terms any more {}", period(span));
                changes.push(whole(ChangeKind::Removed, id, &text));
                None
            }
            (None, None) => None,
        };
        let differences = sides.map_or(Vec::new(), |(a, b)| compare(&a, &b));
        // What goes on into the next stretch is told once.
        let last = std::mem::replace(&mut told, differences.clone());
        let news = differences.into_iter().filter(|difference| !last.contains(difference));
        changes.extend(tell(new, news, span.from));
    }
}

fn whole(kind: ChangeKind, id: &str, text: &str) -> Change {
    let subject = format!("formulary {id}");
    let text = format!("{subject} {text}");
    Change { area: Area::Formularies, subject, kind, text, source: None }
}

/// A formulary in its book.
struct Side<'b>(&'b Book, &'b Formulary);

impl<'b> Side<'b> {
    fn placement(&self, id: DrugId) -> Option<&'b Placement> {
        self.1.placement(id)
    }
}

/// What is said of one drug.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Difference {
    ndc: Ndc,
    said: Said,
    source: Option<String>,
}

fn tell(new: &Book, news: impl Iterator<Item = Difference>, from: Date) -> Vec<Change> {
    let mut crowds = Crowds::new(Area::Formularies, "drug");
    for Difference { ndc, said, source } in news {
        let dated = Said {
            kind: said.kind,
            singular: format!("{} from {from}", said.singular),
            plural: format!("{} from {from}", said.plural),
        };
        crowds.say(dated, label(new, ndc), source);
    }
    crowds.changes()
}

/// What differs for each drug that both books have.
fn compare(old: &Side<'_>, new: &Side<'_>) -> Vec<Difference> {
    let mut differences = Vec::new();
    for id in new.0.drugs().ids() {
        let Some(drug) = new.0.drugs().drug(id) else { continue };
        let Some(earlier) = old.0.drugs().find(drug.ndc) else { continue };
        let (a, b) = (old.placement(earlier), new.placement(id));
        let said = placement_changes(old.0, new.0, a, b);
        differences.extend(said.into_iter().map(|(said, source)| Difference {
            ndc: drug.ndc,
            said,
            source,
        }));
    }
    differences
}

/// What is said, and where the new book says it, or the old one for what is gone.
type SaidAt = (Said, Option<String>);

fn placement_changes(
    old: &Book,
    new: &Book,
    before: Option<&Placement>,
    after: Option<&Placement>,
) -> Vec<SaidAt> {
    let tier = |placement: Option<&Placement>| placement.and_then(|p| p.tier.clone());
    match (tier(before), tier(after)) {
        // What else is gone with a drug's coverage needs no words.
        (Some(a), None) => {
            let one = format!("is no longer covered (it was in tier {})", a.value);
            let many = format!("are no longer covered (they were in tier {})", a.value);
            vec![said(ChangeKind::Removed, one, many, old.locate(a.source))]
        }
        (a, b) => {
            let moved = b.and_then(|b| tier_change(a.map(|a| a.value), &b, new));
            let parts_of = |placement: Option<&Placement>| placement.map(parts).unwrap_or_default();
            let others = part_changes(old, new, &parts_of(before), &parts_of(after));
            moved.into_iter().chain(others).collect()
        }
    }
}

fn tier_change(before: Option<u8>, after: &Sourced<u8>, new: &Book) -> Option<SaidAt> {
    let (tier, source) = (after.value, new.locate(after.source));
    match before {
        Some(before) if before == tier => None,
        Some(before) => {
            let kind = if tier > before { ChangeKind::Raised } else { ChangeKind::Lowered };
            let one = format!("moves from tier {before} to tier {tier}");
            let many = format!("move from tier {before} to tier {tier}");
            Some(said(kind, one, many, source))
        }
        None => {
            let one = format!("is newly covered in tier {tier}");
            let many = format!("are newly covered in tier {tier}");
            Some(said(ChangeKind::Added, one, many, source))
        }
    }
}

fn part_changes(old: &Book, new: &Book, before: &[Part], after: &[Part]) -> Vec<SaidAt> {
    let mut changes = Vec::new();
    for part in after {
        let earlier = before.iter().find(|earlier| earlier.key == part.key);
        if earlier.is_some_and(|earlier| earlier.text == part.text) {
            continue;
        }
        let (kind, adverb, instead) = match earlier {
            Some(earlier) => (ChangeKind::Changed, "now", format!(" instead of {}", earlier.text)),
            None => (ChangeKind::Added, "newly", String::new()),
        };
        let one = format!("{adverb} {} {}{instead}", part.verb, part.text);
        let many = format!("{adverb} {} {}{instead}", part.verb_plural, part.text);
        changes.push(said(kind, one, many, new.locate(part.source)));
    }
    for part in before.iter().filter(|part| !after.iter().any(|later| later.key == part.key)) {
        let one = format!("no longer {} {}", part.verb, part.text);
        let many = format!("no longer {} {}", part.verb_plural, part.text);
        changes.push(said(ChangeKind::Removed, one, many, old.locate(part.source)));
    }
    changes
}

fn said(kind: ChangeKind, singular: String, plural: String, source: String) -> SaidAt {
    (Said { kind, singular, plural }, Some(source))
}
