//! Tables of drugs: what is new, gone, or said otherwise.

use super::crowd::{Crowds, Said};
use super::{Area, Change, ChangeKind, compare};
use crate::facts::{drug_facts, label};
use crate::{Book, DrugId};

/// What changed.
pub(super) fn changes(old: &Book, new: &Book, changes: &mut Vec<Change>) {
    let mut crowds = Crowds::new(Area::Drugs, "drug");
    for id in new.drugs().ids() {
        let Some(drug) = new.drugs().drug(id) else { continue };
        match old.drugs().find(drug.ndc) {
            None => {
                crowds.say(
                    said(ChangeKind::Added, "is new", "are new"),
                    label(new, drug.ndc),
                    None,
                );
            }
            Some(earlier) if is_same(old, earlier, new, id) => {}
            Some(earlier) => {
                for difference in compare(&drug_facts(old, earlier), &drug_facts(new, id)) {
                    let text = format!("change: {}", difference.text);
                    let one = format!("changes: {}", difference.text);
                    let source = match difference.kind {
                        ChangeKind::Removed => old.locate(difference.source),
                        _ => new.locate(difference.source),
                    };
                    crowds.say(
                        said(difference.kind, &one, &text),
                        label(new, drug.ndc),
                        Some(source),
                    );
                }
            }
        }
    }
    for id in old.drugs().ids() {
        if let Some(drug) = old.drugs().drug(id)
            && new.drugs().find(drug.ndc).is_none()
        {
            crowds.say(
                said(ChangeKind::Removed, "is gone", "are gone"),
                label(old, drug.ndc),
                None,
            );
        }
    }
    changes.extend(crowds.changes());
}

/// True if both tables say the same of a drug. It is asked for every drug, so it compares the
/// rows before anything is put into words.
fn is_same(old: &Book, a: DrugId, new: &Book, b: DrugId) -> bool {
    let (before, after) = (old.drugs(), new.drugs());
    let (Some(drug), Some(other)) = (before.drug(a), after.drug(b)) else { return false };
    let (Some(p), Some(q)) = (before.product(a), after.product(b)) else { return false };
    let same = |x, y| before.words().text(x) == after.words().text(y);
    drug.discontinued == other.discontinued
        && (p.kind, p.schedule, p.otc, p.unit) == (q.kind, q.schedule, q.otc, q.unit)
        && (p.usual_30, p.mme, &p.name) == (q.usual_30, q.mme, &q.name)
        && same(p.ingredient, q.ingredient)
        && same(p.strength, q.strength)
        && same(p.form, q.form)
        && match (p.class, q.class) {
            (Some(x), Some(y)) => same(x, y),
            (x, y) => x.is_none() && y.is_none(),
        }
}

fn said(kind: ChangeKind, singular: &str, plural: &str) -> Said {
    Said { kind, singular: singular.to_owned(), plural: plural.to_owned() }
}
