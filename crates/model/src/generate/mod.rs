//! Generators: books near the sample, families, and what happens to them. Well-formed histories
//! go deep (across deductibles and maximums, refills on the very day); odd ones find edges.

mod book;
mod circumstances;
pub(crate) mod claim;
mod design;
pub(crate) mod family;
pub(crate) mod history;
mod part_d;
pub(crate) mod partial;
mod payers;
mod rng;
mod row;
mod version;

use openpbm_core::{Date, Member};

pub use rng::Rng;

use crate::{Change, Documents, Event, Rules, Unreadable};

/// Makes cases near a book.
#[derive(Debug)]
pub struct Generator {
    base: Documents,
    rules: Rules,
}

impl Generator {
    /// A generator of cases that start from these documents.
    ///
    /// # Errors
    /// If the documents cannot be read.
    pub fn new(base: &Documents) -> Result<Self, Unreadable> {
        Ok(Self { base: base.clone(), rules: Rules::read(base)? })
    }

    /// How a book differs from the base.
    pub fn changes(&self, rng: &mut Rng) -> Vec<Change> {
        book::changes(&self.base, &self.rules, rng)
    }

    /// A family and what happens to it.
    pub fn history(&self, rng: &mut Rng) -> (Vec<Member>, Vec<Event>) {
        let mut aside = rng.aside();
        let mut members = family::members(rng);
        if aside.percent(15) {
            family::move_on(&mut members, &mut aside);
        }
        let events = history::events(&self.rules, &members, rng);
        (members, events)
    }
}

/// A day of 2026, from 0 for the first; below and beyond are the years around it.
fn day(ordinal: i64) -> Date {
    Date::new(2026, 1, 1).unwrap_or(Date::FIRST).plus_days(ordinal)
}
