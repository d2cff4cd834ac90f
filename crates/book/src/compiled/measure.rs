//! Measures of how members take their medications.

use openpbm_core::{Percent, Source};
use rustc_hash::FxHashMap;

use super::{DrugId, DrugSet};

/// A measure of adherence: whose fills count, and how many days are to be covered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// How it is named.
    pub id: Box<str>,
    /// A name for people.
    pub name: Box<str>,
    /// The ingredients that are measured, as the book writes them.
    pub ingredients: Vec<Box<str>>,
    /// Positions in `ingredients` of what each measured drug contains, in order; never none.
    pub(crate) drugs: FxHashMap<DrugId, Box<[u16]>>,
    /// Drugs of which one fill leaves a member out; none of them is measured.
    pub excluded_by: DrugSet,
    /// The proportion of days covered from which on a member is adherent.
    pub adherent_from: Percent,
    /// Its line.
    pub source: Source,
}

impl Measure {
    /// Which of the ingredients a drug contains, by their positions; `None` if it is not measured.
    /// Two drugs that share one are the same for the measure: nobody takes both at once.
    pub fn ingredients_of(&self, drug: DrugId) -> Option<&[u16]> {
        self.drugs.get(&drug).map(|ingredients| &**ingredients)
    }

    /// How many drugs of the book are measured.
    pub fn drugs(&self) -> usize {
        self.drugs.len()
    }
}
