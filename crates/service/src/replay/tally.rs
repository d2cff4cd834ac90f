//! Sums of what became of claims, which can be added up in any order.

use std::collections::BTreeMap;

use openpbm_core::{Cents, GroupId, Ndc, Overflow, Paid, PersonCode, RejectCode};
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::change::differs;
use super::family::{Claimed, Played};
use super::world::{Difference, Fate};

/// What claims cost, in cents.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// What pharmacies get in all: ingredient cost and dispensing fee.
    pub gross: Cents,
    /// 509-F9, what the plan pays of it.
    pub plan: Cents,
    /// 505-F5, what members pay of it.
    pub member: Cents,
}

impl Cost {
    fn of(paid: &Paid) -> Result<Self, Overflow> {
        Ok(Self { gross: paid.price()?, plan: paid.plan_pays()?, member: paid.patient_pay()? })
    }

    /// Both together.
    pub(super) fn plus(self, other: Self) -> Result<Self, Overflow> {
        Ok(Self {
            gross: self.gross.plus(other.gross)?,
            plan: self.plan.plus(other.plan)?,
            member: self.member.plus(other.member)?,
        })
    }

    /// How much more this is.
    pub(super) fn minus(self, other: Self) -> Result<Self, Overflow> {
        Ok(Self {
            gross: self.gross.minus(other.gross)?,
            plan: self.plan.minus(other.plan)?,
            member: self.member.minus(other.member)?,
        })
    }
}

/// What became of claims under one book.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Claims that are paid in the end.
    pub paid: u64,
    /// Claims that were refused.
    pub rejected: u64,
    /// Claims that another one had paid for before.
    pub duplicates: u64,
    /// Claims that were paid and taken back.
    pub reversed: u64,
    /// What the paid ones cost.
    #[serde(flatten)]
    pub cost: Cost,
}

impl Side {
    fn add(&mut self, fate: &Fate) -> Result<(), Overflow> {
        match fate {
            Fate::Paid(paid) => {
                self.paid += 1;
                self.cost = self.cost.plus(Cost::of(paid)?)?;
            }
            Fate::Rejected(_) => self.rejected += 1,
            Fate::Duplicate => self.duplicates += 1,
            Fate::TakenBack => self.reversed += 1,
        }
        Ok(())
    }

    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.paid += other.paid;
        self.rejected += other.rejected;
        self.duplicates += other.duplicates;
        self.reversed += other.reversed;
        self.cost = self.cost.plus(other.cost)?;
        Ok(())
    }
}

/// Under the book and under the other.
pub(super) type Sides = [Side; 2];

/// Paid claims that went from one tier to another; `None` is not paid.
pub(super) type Tiers = (Option<u8>, Option<u8>);

/// What a move between tiers changed.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Moved {
    pub(super) claims: u64,
    pub(super) change: Cost,
}

/// How members fare.
#[derive(Debug, Default, Clone)]
pub(super) struct Members {
    pub(super) all: u64,
    pub(super) same: u64,
    /// With a claim that is no longer paid.
    pub(super) lost: u64,
    /// Without such a one, but with a claim that is paid only now.
    pub(super) gained: u64,
    /// The others, by how much more they pay.
    pub(super) worse: [InBand; BANDS],
    /// The others, by how much less they pay.
    pub(super) better: [InBand; BANDS],
}

/// Members in one band of a distribution.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct InBand {
    pub(super) members: u64,
    pub(super) change: Cents,
}

/// Where the bands end, in cents; the last one has no end.
pub(super) const ENDS: [i64; BANDS - 1] = [1_000, 5_000, 10_000, 25_000, 50_000, 100_000];
pub(super) const BANDS: usize = 7;

/// All sums.
#[derive(Debug, Default, Clone)]
pub(super) struct Tally {
    pub(super) families: u64,
    pub(super) claims: u64,
    pub(super) reversals: u64,
    pub(super) changed: u64,
    pub(super) all: Sides,
    pub(super) groups: BTreeMap<Option<GroupId>, Sides>,
    pub(super) drugs: FxHashMap<Ndc, Sides>,
    pub(super) tiers: BTreeMap<Tiers, Moved>,
    /// Claims that are refused for it only now, and only before.
    pub(super) rejects: BTreeMap<RejectCode, [u64; 2]>,
    pub(super) members: Members,
    pub(super) verified: u64,
    pub(super) different: u64,
    pub(super) first: Option<Difference>,
}

impl Tally {
    /// Adds a family's year; the claims that changed are told to `visit`.
    pub(super) fn add(
        &mut self,
        played: Played,
        visit: &mut dyn FnMut(Claimed),
    ) -> Result<(), Overflow> {
        self.families += 1;
        self.reversals += played.reversals;
        self.verified += played.verified;
        self.different += played.different;
        self.difference(played.first);
        let mut persons = Vec::new();
        for claimed in played.claims {
            self.claims += 1;
            let changed = self.claim(&claimed, &mut persons)?;
            if changed {
                self.changed += 1;
                visit(claimed);
            }
        }
        persons.into_iter().try_for_each(|person| self.members.add(&person))
    }

    fn difference(&mut self, other: Option<Difference>) {
        let Some(other) = other else { return };
        if self.first.as_ref().is_none_or(|first| other.place < first.place) {
            self.first = Some(other);
        }
    }

    fn claim(&mut self, claimed: &Claimed, persons: &mut Vec<Person>) -> Result<bool, Overflow> {
        let Claimed { claim, book, against, .. } = claimed;
        let [all, other] = &mut self.all;
        all.add(book)?;
        let Some(against) = against else { return Ok(false) };
        other.add(against)?;
        let paid = book.paid().or(against.paid());
        let group = paid.map(|paid| paid.group).or(claim.group);
        let changed = differs(book, against)?;
        let groups = self.groups.entry(group).or_default();
        let drugs = self.drugs.entry(claim.drug.ndc).or_default();
        for sides in [groups, drugs] {
            let [before, after] = sides;
            before.add(book)?;
            after.add(against)?;
        }
        let code = paid.map(|paid| paid.person).or(claim.person_code);
        if let Some(code) = code {
            Person::find(persons, code).add(book, against)?;
        }
        if changed {
            self.moves(book, against)?;
        }
        Ok(changed)
    }

    fn moves(&mut self, book: &Fate, against: &Fate) -> Result<(), Overflow> {
        let tier = |fate: &Fate| fate.paid().map(|paid| paid.tier);
        let cost = |fate: &Fate| fate.paid().map_or(Ok(Cost::default()), Cost::of);
        let tiers = (tier(book), tier(against));
        if tiers != (None, None) {
            let moved = self.tiers.entry(tiers).or_default();
            moved.claims += 1;
            moved.change = moved.change.plus(cost(against)?.minus(cost(book)?)?)?;
        }
        for code in against.codes().iter().filter(|code| !book.codes().contains(code)) {
            let [appear, _] = self.rejects.entry(*code).or_default();
            *appear += 1;
        }
        for code in book.codes().iter().filter(|code| !against.codes().contains(code)) {
            let [_, vanish] = self.rejects.entry(*code).or_default();
            *vanish += 1;
        }
        Ok(())
    }

    /// Adds the sums of other families.
    pub(super) fn merge(&mut self, other: Self) -> Result<(), Overflow> {
        self.families += other.families;
        self.claims += other.claims;
        self.reversals += other.reversals;
        self.changed += other.changed;
        self.verified += other.verified;
        self.different += other.different;
        self.difference(other.first);
        merge_sides(&mut self.all, &other.all)?;
        for (group, sides) in other.groups {
            merge_sides(self.groups.entry(group).or_default(), &sides)?;
        }
        for (ndc, sides) in other.drugs {
            merge_sides(self.drugs.entry(ndc).or_default(), &sides)?;
        }
        for (tiers, moved) in other.tiers {
            let sum = self.tiers.entry(tiers).or_default();
            sum.claims += moved.claims;
            sum.change = sum.change.plus(moved.change)?;
        }
        for (code, [appear, vanish]) in other.rejects {
            let [appeared, vanished] = self.rejects.entry(code).or_default();
            *appeared += appear;
            *vanished += vanish;
        }
        self.members.merge(&other.members)
    }
}

fn merge_sides(sides: &mut Sides, other: &Sides) -> Result<(), Overflow> {
    sides.iter_mut().zip(other).try_for_each(|(side, other)| side.merge(other))
}

/// How one member fares.
struct Person {
    code: PersonCode,
    change: Cents,
    has_lost: bool,
    has_gained: bool,
}

impl Person {
    fn find(persons: &mut Vec<Self>, code: PersonCode) -> &mut Self {
        let place = persons.iter().position(|person| person.code == code);
        let place = place.unwrap_or(persons.len());
        if place == persons.len() {
            let new = Self { code, change: Cents::ZERO, has_lost: false, has_gained: false };
            persons.push(new);
        }
        // It is there: found, or pushed just now.
        #[expect(clippy::indexing_slicing, reason = "the place is one of the list")]
        &mut persons[place]
    }

    fn add(&mut self, book: &Fate, against: &Fate) -> Result<(), Overflow> {
        let pays = |fate: &Fate| fate.paid().map_or(Ok(Cents::ZERO), Paid::patient_pay);
        self.change = self.change.plus(pays(against)?.minus(pays(book)?)?)?;
        match (book, against) {
            (Fate::Paid(_), Fate::Rejected(_)) => self.has_lost = true,
            (Fate::Rejected(_), Fate::Paid(_)) => self.has_gained = true,
            _ => {}
        }
        Ok(())
    }
}

impl Members {
    fn add(&mut self, person: &Person) -> Result<(), Overflow> {
        self.all += 1;
        if person.has_lost {
            self.lost += 1;
        } else if person.has_gained {
            self.gained += 1;
        } else if person.change == Cents::ZERO {
            self.same += 1;
        } else {
            let amount = person.change.get().saturating_abs();
            let bands =
                if person.change.is_negative() { &mut self.better } else { &mut self.worse };
            let place = ENDS.iter().position(|end| amount <= *end).unwrap_or(BANDS - 1);
            if let Some(band) = bands.get_mut(place) {
                band.members += 1;
                band.change = band.change.plus(person.change)?;
            }
        }
        Ok(())
    }

    fn merge(&mut self, other: &Self) -> Result<(), Overflow> {
        self.all += other.all;
        self.same += other.same;
        self.lost += other.lost;
        self.gained += other.gained;
        let bands = self.worse.iter_mut().zip(&other.worse);
        for (band, other) in bands.chain(self.better.iter_mut().zip(&other.better)) {
            band.members += other.members;
            band.change = band.change.plus(other.change)?;
        }
        Ok(())
    }
}
