//! Things with an id and dates, gathered from documents: which ids there are, and that no day
//! has two rows of the same id.

use openpbm_core::Date;

use crate::documents::{Place, Report, Table, Value, date};
use crate::{Dated, Ref, Span};

/// Rows of one kind of thing while they are gathered.
pub(super) struct Series<T> {
    noun: &'static str,
    ids: Vec<Box<str>>,
    pub(super) rows: Vec<SeriesRow<T>>,
    /// True if an id may be missing.
    ids_missing: bool,
    /// True if a row is missing.
    rows_missing: bool,
}

/// One row: a thing in force for a span.
pub(super) struct SeriesRow<T> {
    /// Whose row.
    pub(super) id: Ref,
    /// Where it stands.
    pub(super) place: Place,
    /// When it is in force.
    pub(super) span: Span,
    /// What is in force.
    pub(super) thing: T,
}

impl<T> Series<T> {
    /// No rows yet, of things that messages call by this noun.
    pub(super) const fn new(noun: &'static str) -> Self {
        Self { noun, ids: Vec::new(), rows: Vec::new(), ids_missing: false, rows_missing: false }
    }

    /// Adds a row as far as it could be read. Its id is known even if the rest was wrong, so
    /// that what names it is not blamed.
    pub(super) fn add(
        &mut self,
        id: Option<Box<str>>,
        place: Place,
        span: Option<Span>,
        thing: Option<T>,
    ) {
        let Some(id) = id else {
            self.is_incomplete();
            return;
        };
        let index = self.ids.iter().position(|known| *known == id).unwrap_or(self.ids.len());
        if index == self.ids.len() {
            self.ids.push(id);
        }
        match (u16::try_from(index), span, thing) {
            (Ok(index), Some(span), Some(thing)) => {
                self.rows.push(SeriesRow { id: Ref(index), place, span, thing });
            }
            _ => self.rows_missing = true,
        }
    }

    /// Notes that a document could not be read, so that ids may be missing.
    pub(super) const fn is_incomplete(&mut self) {
        self.ids_missing = true;
        self.rows_missing = true;
    }

    /// True if some rows could not be read.
    pub(super) const fn incomplete(&self) -> bool {
        self.rows_missing
    }

    /// The ids, for what names them.
    pub(super) fn ids(&self) -> Ids {
        Ids { noun: self.noun, names: self.ids.clone(), incomplete: self.ids_missing }
    }

    /// What messages call a thing of this id.
    pub(super) fn name(&self, id: Ref) -> String {
        let name = self.ids.get(usize::from(id.0)).map_or("", |id| id);
        format!("{} `{name}`", self.noun)
    }

    /// The rows of one id.
    pub(super) fn of(&self, id: Ref) -> impl Iterator<Item = &SeriesRow<T>> {
        self.rows.iter().filter(move |row| row.id == id)
    }

    /// The first row of each id.
    pub(super) fn firsts(&self) -> impl Iterator<Item = &SeriesRow<T>> {
        (0..u16::try_from(self.ids.len()).unwrap_or(u16::MAX))
            .filter_map(|index| self.of(Ref(index)).next())
    }

    /// The rows of each id over time. Rows of one id that share a day are a mistake.
    pub(super) fn finish(self, report: &Report) -> Vec<Dated<T>> {
        let mut places: Vec<Vec<Place>> = self.ids.iter().map(|_| Vec::new()).collect();
        let mut rows: Vec<Vec<(Span, T)>> = self.ids.iter().map(|_| Vec::new()).collect();
        for row in self.rows {
            let index = usize::from(row.id.0);
            if let (Some(places), Some(rows)) = (places.get_mut(index), rows.get_mut(index)) {
                places.push(row.place);
                rows.push((row.span, row.thing));
            }
        }
        let mut dated = Vec::new();
        for ((id, places), rows) in self.ids.iter().zip(places).zip(rows) {
            match Dated::new(rows) {
                Ok(rows) => dated.push(rows),
                Err(pair) => note_overlap(report, &format!("{} `{id}`", self.noun), &places, pair),
            }
        }
        dated
    }
}

/// Notes that two rows share a day, at the later of the two lines.
fn note_overlap(report: &Report, name: &str, places: &[Place], (first, second): (usize, usize)) {
    if let (Some(a), Some(b)) = (places.get(first), places.get(second)) {
        let (earlier, later) = (a.min(b), a.max(b));
        let other = report.locate(*earlier);
        report.mistake(*later, format!("{name} is in force on days that {other} has, too"));
    }
}

/// The ids of one kind of thing, for what names them.
#[derive(Debug, Clone)]
pub(super) struct Ids {
    noun: &'static str,
    names: Vec<Box<str>>,
    incomplete: bool,
}

impl Ids {
    /// Ids of things that messages call by this noun.
    pub(super) const fn new(noun: &'static str, names: Vec<Box<str>>, incomplete: bool) -> Self {
        Self { noun, names, incomplete }
    }

    /// The position of an id.
    pub(super) fn find(&self, id: &str) -> Option<Ref> {
        let index = self.names.iter().position(|name| **name == *id)?;
        u16::try_from(index).ok().map(Ref)
    }

    /// The names, in order.
    pub(super) fn names(&self) -> Vec<&str> {
        self.names.iter().map(|name| &**name).collect()
    }

    /// True if ids may be missing because something could not be read.
    pub(super) const fn incomplete(&self) -> bool {
        self.incomplete
    }

    /// What messages expect.
    pub(super) fn expected(&self) -> String {
        format!("the id of a {}", self.noun)
    }
}

/// Reads a name of one of the things.
pub(super) fn reference<'d>(ids: &Ids) -> impl Fn(Value<'d>) -> Option<Ref> {
    move |value| {
        let name = value.str(&ids.expected())?;
        let found = ids.find(name);
        if found.is_none() && !ids.incomplete {
            value.wrong_among(&ids.expected(), &ids.names());
        }
        found
    }
}

/// Reads the days on which a table is in force: `from`, and `to` if it has an end.
pub(super) fn span(table: &Table<'_>) -> Option<Span> {
    let from = table.required("from", date);
    let to = if table.has("to") { table.optional("to", date) } else { Some(Date::LAST) };
    let span = Span { from: from?, to: to? };
    if span.to < span.from {
        let text = format!("`to` is {}, which is before `from`, {}", span.to, span.from);
        table.report().mistake(table.place_of("to"), text);
        return None;
    }
    Some(span)
}
