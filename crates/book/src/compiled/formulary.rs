//! Formularies: where each drug is placed, and under which conditions it is covered.

use openpbm_core::{Channel, Quantity, Sex, Source};
use rustc_hash::FxHashMap;

use super::{DrugId, DrugSet, Word};

/// A value and the line that set it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Its line.
    pub source: Source,
}

/// Another tier for those for whom the drug is preventive care. All that is set must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preventive {
    /// The tier for them.
    pub tier: u8,
    /// Youngest age, in full years.
    pub from: u8,
    /// Oldest age, included.
    pub to: u8,
    /// Members of this sex alone.
    pub sex: Option<Sex>,
    /// Pregnant members alone.
    pub pregnant: bool,
    /// ICD-10-CM codes or their beginnings, without dots, one of which must be on the claim or
    /// on file: a risk; empty if none is asked for.
    pub diagnoses: Vec<Box<str>>,
}

/// A prior authorization, and what meets it without a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorization {
    /// ICD-10-CM codes or their beginnings, without dots, one of which meets it; empty if only
    /// a review does.
    pub diagnoses: Vec<Box<str>>,
}

/// When Medicare Part B covers a drug: where all that is set holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartB {
    /// With one of these ICD-10-CM codes or beginnings of codes, without dots; empty for any.
    pub diagnoses: Vec<Box<str>>,
    /// At one of these residences (384-4X); empty for any.
    pub residences: Vec<u8>,
}

/// A drug that must have been tried first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepTherapy {
    /// Any of these.
    pub drugs: DrugSet,
    /// For people: `metformin`.
    pub name: Box<str>,
    /// Days' supply that must have been filled in all.
    pub days: u16,
    /// Looking back so many days from the date of service.
    pub within: u16,
}

/// At most so many units in so many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuantityLimit {
    /// Units.
    pub quantity: Quantity,
    /// Days, counted back from the date of service, which is one of them.
    pub days: u16,
}

/// A shorter supply for the first fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FirstFill {
    /// Days supply at most.
    pub days: u16,
    /// A fill is a first one if no drug under such a rule was filled so many days before.
    pub within: u16,
}

/// Where a drug stands and what its coverage asks for. Each part may come from another line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placement {
    /// The tier; a drug without one is not on the formulary.
    pub tier: Option<Sourced<u8>>,
    /// Another tier for those for whom it is preventive care.
    pub preventive: Option<Sourced<Preventive>>,
    /// Not covered at all, and why.
    pub excluded: Option<Sourced<Box<str>>>,
    /// Prior authorization.
    pub authorization: Option<Sourced<Authorization>>,
    /// Step therapy.
    pub step: Option<Sourced<StepTherapy>>,
    /// Units in a number of days.
    pub quantity: Option<Sourced<QuantityLimit>>,
    /// Days supply at most.
    pub days_max: Option<Sourced<u16>>,
    /// Ages covered, both included.
    pub ages: Option<Sourced<(u8, u8)>>,
    /// The only sex covered.
    pub sex: Option<Sourced<Sex>>,
    /// The only channel covered.
    pub channel: Option<Sourced<Channel>>,
    /// A shorter first fill.
    pub first_fill: Option<Sourced<FirstFill>>,
    /// Morphine milligram equivalents a day, over all such drugs, from which on a prior
    /// authorization is needed.
    pub mme_a_day: Option<Sourced<Quantity>>,
    /// On a preferred drug list, whether it is preferred; what is not needs an authorization.
    pub preferred: Option<Sourced<bool>>,
    /// Whether the law excludes it from Medicare Part D (42 USC 1395w-102(e)(2)).
    pub not_part_d: Option<Sourced<bool>>,
    /// When Medicare Part B covers it, so that Part D does not (42 CFR 423.100).
    pub part_b: Option<Sourced<PartB>>,
}

/// A formulary at one time.
#[derive(Debug)]
pub struct Formulary {
    /// Its id.
    pub id: Box<str>,
    /// For people.
    pub name: Box<str>,
    /// For each drug, one more than its place in `distinct`; 0 if no rule places it.
    pub(crate) by_drug: Vec<u32>,
    /// The placements, each held once.
    pub(crate) distinct: Vec<Placement>,
    /// For each class, one drug of each equivalence that is covered without authorization, step
    /// or restriction to a channel, lowest tier first, then lowest price.
    pub(crate) preferred: FxHashMap<Word, Vec<DrugId>>,
    /// Its document's first line.
    pub source: Source,
}

impl Formulary {
    /// Where a drug is placed; `None` if it is not on the formulary.
    pub fn placement(&self, drug: DrugId) -> Option<&Placement> {
        let place = usize::try_from(*self.by_drug.get(drug.index())?).ok()?;
        self.distinct.get(place.checked_sub(1)?)
    }

    /// Drugs of a class that are covered without more ado, best placed first.
    pub fn preferred(&self, class: Word) -> &[DrugId] {
        self.preferred.get(&class).map_or(&[], Vec::as_slice)
    }
}
