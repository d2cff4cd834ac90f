//! Things that are in force from one day to another.

use openpbm_core::Date;

/// A range of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// Last day; [`Date::LAST`] if it has no end.
    pub to: Date,
}

impl Span {
    /// True if the range holds the day.
    pub fn holds(&self, date: Date) -> bool {
        self.from <= date && date <= self.to
    }

    /// True if the two share a day.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

/// The versions of one thing over time, in order, without overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated<T> {
    rows: Vec<(Span, T)>,
}

impl<T> Dated<T> {
    /// Sorts the rows by their first day; the indices of the first two that overlap, as they
    /// were given, if any do.
    pub fn new(rows: Vec<(Span, T)>) -> Result<Self, (usize, usize)> {
        let mut order: Vec<_> = rows.iter().map(|row| row.0).enumerate().collect();
        order.sort_by_key(|(_, span)| span.from);
        for pair in order.windows(2) {
            if let [(first, a), (second, b)] = pair
                && a.overlaps(b)
            {
                return Err((*first, *second));
            }
        }
        let mut rows = rows;
        rows.sort_by_key(|row| row.0.from);
        Ok(Self { rows })
    }

    /// What is in force on a day.
    pub fn on(&self, date: Date) -> Option<&T> {
        self.rows.iter().find(|(span, _)| span.holds(date)).map(|(_, thing)| thing)
    }

    /// All rows, earliest first.
    pub fn rows(&self) -> &[(Span, T)] {
        &self.rows
    }

    /// The last day of the last row.
    pub fn last_day(&self) -> Option<Date> {
        self.rows.last().map(|(span, _)| span.to)
    }

    /// The first day of the first row.
    pub fn first_day(&self) -> Option<Date> {
        self.rows.first().map(|(span, _)| span.from)
    }
}
