//! Price lists: new, gone and moved prices; many moves are summed up by the largest.

use std::collections::BTreeMap;

use openpbm_core::{Date, Ndc, UnitPrice};

use super::crowd::{Crowds, Said};
use super::{Area, Change, ChangeKind, union};
use crate::facts::label;
use crate::{Book, Dated, Price, PriceList};

use super::timeline::stretches;

/// Up to so many moves of a list are told one by one; of more, the largest so many.
const TOLD: usize = 10;

/// What changed in each list.
pub(super) fn changes(old: &Book, new: &Book, changes: &mut Vec<Change>) {
    let ids = |book: &Book| book.lists().iter().map(|list| list.id.to_string()).collect();
    for id in union(ids(old), ids(new)) {
        let find = |book: &'_ Book| book.lists().iter().position(|list| *list.id == *id);
        let whole = |kind, text: String| Change {
            area: Area::Prices,
            subject: format!("list {id}"),
            kind,
            text,
            source: None,
        };
        let list = |book| find(book).and_then(|index| Book::lists(book).get(index));
        match (list(old), list(new)) {
            (Some(_), None) => {
                changes.push(whole(ChangeKind::Removed, format!("list {id} is gone")));
            }
            (None, Some(list)) => {
                let count = list.prices().len();
                let text = format!("list {id} is new, with {count} prices");
                changes.push(whole(ChangeKind::Added, text));
            }
            (Some(before), Some(after)) => {
                if before.basis != after.basis {
                    let (a, b) = (before.basis, after.basis);
                    let text = format!("list {id} changes from basis {a} to basis {b}");
                    changes.push(whole(ChangeKind::Changed, text));
                }
                compare(new, &id, before, after, changes);
            }
            (None, None) => {}
        }
    }
}

/// One price that rises or falls.
struct Move {
    ndc: Ndc,
    from: Date,
    before: UnitPrice,
    after: Price,
    /// Change in thousandths of the price before.
    thousandths: i128,
}

fn compare(new: &Book, id: &str, before: &PriceList, after: &PriceList, out: &mut Vec<Change>) {
    let mut histories: BTreeMap<Ndc, (&[Price], &[Price])> = BTreeMap::new();
    for prices in before.prices().chunk_by(|a, b| a.ndc == b.ndc) {
        if let Some(first) = prices.first() {
            histories.entry(first.ndc).or_default().0 = prices;
        }
    }
    for prices in after.prices().chunk_by(|a, b| a.ndc == b.ndc) {
        if let Some(first) = prices.first() {
            histories.entry(first.ndc).or_default().1 = prices;
        }
    }
    let mut crowds = Crowds::new(Area::Prices, "price");
    let mut moves = Vec::new();
    for (ndc, (a, b)) in histories {
        let same = |(x, y): (&Price, &Price)| (x.span, x.unit) == (y.span, y.unit);
        if a.len() == b.len() && a.iter().zip(b).all(same) {
            continue;
        }
        let name = || label(new, ndc);
        if a.is_empty() {
            let text = format!("new in list {id}");
            crowds.say(are(ChangeKind::Added, &text), name(), None);
        } else if b.is_empty() {
            let text = format!("gone from list {id}");
            crowds.say(are(ChangeKind::Removed, &text), name(), None);
        } else {
            follow(id, ndc, a, b, &mut moves, &mut |said| crowds.say(said, name(), None));
        }
    }
    out.extend(crowds.changes());
    tell_moves(new, id, moves, out);
}

/// Follows one product's price through time.
fn follow(
    id: &str,
    ndc: Ndc,
    before: &[Price],
    after: &[Price],
    moves: &mut Vec<Move>,
    say: &mut dyn FnMut(Said),
) {
    let dated = |prices: &[Price]| {
        Dated::new(prices.iter().map(|price| (price.span, *price)).collect()).ok()
    };
    let (Some(old), Some(new)) = (dated(before), dated(after)) else { return };
    let mut last = None;
    for span in stretches(&old, &new) {
        let pair = (old.on(span.from).map(|p| p.unit), new.on(span.from).map(|p| p.unit));
        if last.replace(pair) == Some(pair) {
            continue;
        }
        match (old.on(span.from), new.on(span.from)) {
            (Some(a), Some(b)) if a.unit != b.unit => {
                moves.push(moved(ndc, span.from, a.unit, *b));
            }
            // A later week's price is compared with the week before it.
            (None, Some(b)) => match new.on(span.from.plus_days(-1)) {
                Some(a) if a.unit != b.unit => moves.push(moved(ndc, span.from, a.unit, *b)),
                Some(_) => {}
                None => {
                    let text = format!("in force in list {id} from {}", span.from);
                    say(are(ChangeKind::Added, &text));
                }
            },
            (Some(_), None) => {
                let text = format!("no longer in force in list {id} from {}", span.from);
                say(are(ChangeKind::Removed, &text));
            }
            _ => {}
        }
    }
}

fn moved(ndc: Ndc, from: Date, before: UnitPrice, after: Price) -> Move {
    let (old, new) = (i128::from(before.get()), i128::from(after.unit.get()));
    let change = (new - old).saturating_mul(1000);
    // Half up, away from zero; a price is never zero.
    let half = if change < 0 { -(old / 2) } else { old / 2 };
    let thousandths = (change + half).checked_div(old).unwrap_or_default();
    Move { ndc, from, before, after, thousandths }
}

fn tell_moves(new: &Book, id: &str, mut moves: Vec<Move>, out: &mut Vec<Change>) {
    moves.sort_by_key(|m| (std::cmp::Reverse(m.thousandths.unsigned_abs()), m.ndc, m.from));
    if moves.len() <= TOLD {
        out.extend(moves.iter().map(|m| Change {
            area: Area::Prices,
            subject: label(new, m.ndc),
            kind: direction(m),
            text: format!("the price of {} in list {id} {}", label(new, m.ndc), words(m)),
            source: Some(new.locate(m.after.source)),
        }));
        return;
    }
    let risen = moves.iter().filter(|m| direction(m) == ChangeKind::Raised).count();
    let largest = moves.iter().take(TOLD);
    let largest: Vec<String> =
        largest.map(|m| format!("{} {}", label(new, m.ndc), words(m))).collect();
    out.push(Change {
        area: Area::Prices,
        subject: format!("list {id}"),
        kind: ChangeKind::Changed,
        text: format!(
            "{} prices of list {id} move: {risen} rise and {} fall; the largest moves: {}",
            moves.len(),
            moves.len() - risen,
            largest.join("; "),
        ),
        source: None,
    });
}

fn direction(m: &Move) -> ChangeKind {
    if m.after.unit > m.before { ChangeKind::Raised } else { ChangeKind::Lowered }
}

fn words(m: &Move) -> String {
    let verb = if direction(m) == ChangeKind::Raised { "rises" } else { "falls" };
    let size = m.thousandths.unsigned_abs();
    let (whole, tenth) = (size / 10, size % 10);
    let (before, after, from) = (m.before, m.after.unit, m.from);
    format!("{verb} {whole}.{tenth}% from ${before} to ${after} from {from}")
}

/// What is said of prices by their drugs' names.
fn are(kind: ChangeKind, text: &str) -> Said {
    Said { kind, singular: format!("is {text}"), plural: format!("are {text}") }
}
