//! Compares two histories of one thing, day by day where it matters.

use openpbm_core::Date;

use super::{Area, Change, ChangeKind, Difference, compare};
use crate::facts::{Fact, period};
use crate::{Book, Dated, Span};

/// The history of one thing in two books.
pub(super) struct Timeline<'b> {
    area: Area,
    subject: String,
    old: &'b Book,
    new: &'b Book,
}

impl<'b> Timeline<'b> {
    pub(super) fn new(area: Area, subject: String, old: &'b Book, new: &'b Book) -> Self {
        Self { area, subject, old, new }
    }

    /// What changed, from the first day on which it does. A version that only the new book has
    /// is compared with the one before it: that is what members will notice.
    pub(super) fn changes<T>(
        &self,
        old: Option<&Dated<T>>,
        new: Option<&Dated<T>>,
        facts: impl Fn(&Book, &T, Date) -> Vec<Fact>,
    ) -> Vec<Change> {
        let mut changes = Vec::new();
        if let (Some(old), None) = (old, new) {
            return self.whole(ChangeKind::Removed, "is gone", old, self.old, facts);
        }
        if let (None, Some(new)) = (old, new) {
            return self.whole(ChangeKind::Added, "is new", new, self.new, facts);
        }
        let (Some(old), Some(new)) = (old, new) else { return changes };
        let mut said: Vec<String> = Vec::new();
        for span in stretches(old, new) {
            let day = span.from;
            let differences = match (old.on(day), new.on(day)) {
                (Some(before), Some(after)) => {
                    compare(&facts(self.old, before, day), &facts(self.new, after, day))
                }
                (None, Some(after)) => {
                    changes.push(self.period(ChangeKind::Added, "has new terms", span));
                    match before(new, day) {
                        Some((last, earlier)) => {
                            compare(&facts(self.new, earlier, last), &facts(self.new, after, day))
                        }
                        None => Vec::new(),
                    }
                }
                (Some(_), None) => {
                    changes.push(self.period(ChangeKind::Removed, "has no terms any more", span));
                    Vec::new()
                }
                (None, None) => Vec::new(),
            };
            // A change that goes on into the next stretch is told once.
            let texts = differences.iter().map(|difference| difference.text.clone()).collect();
            let last = std::mem::replace(&mut said, texts);
            let news = differences.into_iter().filter(|d| !last.contains(&d.text));
            changes.extend(news.map(|difference| self.change(difference, day)));
        }
        changes
    }

    fn change(&self, difference: Difference, from: Date) -> Change {
        let book = if difference.kind == ChangeKind::Removed { self.old } else { self.new };
        Change {
            area: self.area,
            subject: self.subject.clone(),
            kind: difference.kind,
            text: format!("{}: {} from {from}", self.subject, difference.text),
            source: Some(book.locate(difference.source)),
        }
    }

    fn period(&self, kind: ChangeKind, what: &str, span: Span) -> Change {
        Change {
            area: self.area,
            subject: self.subject.clone(),
            kind,
            text: format!("{} {what} {}", self.subject, period(span)),
            source: None,
        }
    }

    /// All of it is new, or gone.
    fn whole<T>(
        &self,
        kind: ChangeKind,
        what: &str,
        rows: &Dated<T>,
        book: &Book,
        facts: impl Fn(&Book, &T, Date) -> Vec<Fact>,
    ) -> Vec<Change> {
        let Some((span, thing)) = rows.rows().first() else { return Vec::new() };
        let all = Span { from: span.from, to: rows.last_day().unwrap_or(span.to) };
        let first = facts(book, thing, span.from).into_iter().next();
        vec![Change {
            source: first.map(|fact| book.locate(fact.source)),
            ..self.period(kind, what, all)
        }]
    }
}

/// The stretches of days in which neither history changes, that one of them has.
pub(super) fn stretches<T>(old: &Dated<T>, new: &Dated<T>) -> Vec<Span> {
    let spans = || old.rows().iter().chain(new.rows()).map(|(span, _)| *span);
    let after = |span: Span| (span.to != Date::LAST).then(|| span.to.plus_days(1));
    let mut starts: Vec<Date> =
        spans().map(|span| span.from).chain(spans().filter_map(after)).collect();
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).map(|next| next.plus_days(-1)).chain([Date::LAST]);
    let stretches = starts.iter().zip(ends).map(|(from, to)| Span { from: *from, to });
    stretches.filter(|stretch| spans().any(|span| span.holds(stretch.from))).collect()
}

/// The last version that ended before a day, and its last day.
pub(super) fn before<T>(rows: &Dated<T>, day: Date) -> Option<(Date, &T)> {
    let earlier = rows.rows().iter().rev().find(|(span, _)| span.to < day);
    earlier.map(|(span, thing)| (span.to, thing))
}
