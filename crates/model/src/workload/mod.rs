//! The workload generator: from one seed, families and then, at any time, the next thing that a
//! pharmacy asks for. It learns from the answers what there is to refill, to take back and to
//! bill anew, so that it goes deep where random claims would be refused at the door.
//!
//! No clock, no I/O: the day is an argument, and what it gives are values, not bytes. What the
//! answers should be is not its business but the [auditor](crate::auditor)'s.

mod learned;
mod operation;
mod roster;

use std::sync::Arc;

use openpbm_core::{Date, FamilyId, Member, Npi, PrescriptionNumber, Reversal};

use crate::generate::{claim, history, partial};
use crate::rules::Drug;
use crate::{Event, Reply, Rng, Rules, Unreadable};
use learned::Learned;
pub use operation::{Inquiry, Operation, Request};
use roster::Card;

/// How large a workload is, and where its numbers start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// How many families there are, at least one.
    pub families: u32,
    /// Half of all requests are about the first so many families, so that their claims meet.
    pub busy_families: u32,
    /// The number of the first family. Workloads side by side have families of their own.
    pub first_family: u32,
    /// The first prescription number, above zero. Pharmacies do not use a number twice, and
    /// workloads side by side must not either.
    pub first_prescription: u64,
}

impl Default for Shape {
    fn default() -> Self {
        Self { families: 200, busy_families: 8, first_family: 0, first_prescription: 1 }
    }
}

/// Pharmacies at work. One serves all connections.
#[derive(Debug)]
pub struct Workload {
    rules: Arc<Rules>,
    rng: Rng,
    shape: Shape,
    cards: Vec<Card>,
    learned: Learned,
    /// The pharmacy that asks who is covered.
    counter: Npi,
    next_prescription: u64,
}

impl Workload {
    /// The workload of a seed, on the products and providers of a book.
    ///
    /// # Errors
    ///
    /// If the book has no pharmacy or no product.
    pub fn new(rules: Arc<Rules>, seed: u64, shape: Shape) -> Result<Self, Unreadable> {
        let none = |path| move || Unreadable::new(path, "it has no row");
        let counter = rules.pharmacies.first().ok_or_else(none("pharmacies.csv"))?.npi;
        rules.drugs.first().ok_or_else(none("drugs"))?;
        let mut rng = Rng::new(seed);
        let places = 0..shape.families.max(1);
        let cards: Vec<_> = places
            .map(|place| {
                let number = shape.first_family.saturating_add(place);
                let drugs = history::some_drugs(&rules, &mut rng);
                Card::new(number, drugs.iter().map(|drug| drug.ndc).collect(), &mut rng)
            })
            .collect::<Result<_, _>>()?;
        let (learned, next_prescription) = (Learned::new(cards.len()), shape.first_prescription);
        Ok(Self { rules, rng, shape, cards, learned, counter, next_prescription })
    }

    /// Every family with its members, as they have to be enrolled.
    pub fn families(&self) -> impl Iterator<Item = (FamilyId, &[Member])> {
        self.cards.iter().map(|card| (card.id, card.members.as_slice()))
    }

    /// The members of all families as an enrollment file.
    pub fn members_csv(&self) -> String {
        roster::csv(&self.cards)
    }

    /// What a pharmacy asks for next, on a day.
    pub fn next(&mut self, today: Date) -> Operation {
        let place = self.place();
        let operation = match self.rng.between(1, 100) {
            1..=8 => self.reversal(place),
            9..=20 => self.rebill(place),
            21..=23 => self.learned.again(&mut self.rng),
            24..=25 => self.once_more(place),
            26..=27 => None,
            28 => self.reversal_of_nothing(today),
            29..=30 => self.stranger(place, today),
            31..=50 => self
                .completion(place, today)
                .or_else(|| self.refill(place, today))
                .or_else(|| self.fill(place, today)),
            _ => self.fill(place, today),
        };
        let operation = operation.unwrap_or_else(|| self.inquiry(place, today));
        self.learned.sent(&operation, &mut self.rng);
        operation
    }

    /// What an enrollment file may say next of somebody: coverage that ends, or is another.
    pub fn enrollment(&mut self, today: Date) -> Option<(FamilyId, Vec<Member>)> {
        let place = self.place();
        let mut rng = self.rng.clone();
        let card = self.card(place);
        let event = history::enrollment(&card.members, today, &mut rng);
        let id = card.id;
        self.rng = rng;
        match event {
            Some(Event::Enroll(members)) => Some((id, members)),
            _ => None,
        }
    }

    /// Takes note of an answer: what was paid can be refilled, taken back and billed anew.
    pub fn learn(&mut self, operation: &Operation, reply: &Reply) {
        let place = self.cards.binary_search_by_key(&operation.family, |card| card.id);
        if let Ok(place) = place {
            self.learned.answered(place, operation, reply);
        }
    }

    /// Which family comes next: a busy one half of the time.
    fn place(&mut self) -> usize {
        let last = i64::try_from(self.cards.len()).unwrap_or(i64::MAX) - 1;
        let busy = i64::from(self.shape.busy_families.max(1)) - 1;
        let last = if self.rng.percent(50) { last.min(busy) } else { last };
        usize::try_from(self.rng.between(0, last)).unwrap_or_default()
    }

    #[expect(clippy::indexing_slicing, reason = "places are below the number of cards")]
    fn card(&self, place: usize) -> &Card {
        &self.cards[place]
    }

    /// A new prescription for somebody of the family.
    fn fill(&mut self, place: usize, today: Date) -> Option<Operation> {
        let rules = self.rules.clone();
        let mut rng = self.rng.clone();
        let card = self.card(place);
        let drugs: Vec<&Drug> = card.drugs.iter().filter_map(|ndc| rules.drug(*ndc)).collect();
        let member = rng.choose(&card.members)?;
        let drug = rng.choose(&drugs)?;
        let day = today.plus_days(-rng.pick([0, 0, 0, 1, 3, 14, 30, 31, 60, 75]));
        let careful = rng.percent(85);
        let mut claim = claim::new(&rules, member, drug, day, careful, &mut rng)?;
        claim.cardholder = card.id;
        claim.received = today;
        // By numbers of their own, so that a seed's other claims stay as they are.
        let mut aside = rng.aside();
        if careful && aside.percent(8) {
            claim = partial::first_part(claim, aside.pick([2, 3]));
        }
        self.rng = rng;
        claim.key.prescription = self.prescription()?;
        Some(Operation::bill(claim))
    }

    /// The rest of a fill that was dispensed in part before today.
    fn completion(&mut self, place: usize, today: Date) -> Option<Operation> {
        let first = self.learned.waiting(place, &mut self.rng)?;
        let day = first.key.date_of_service.plus_days(self.rng.pick([1, 2, 5])).min(today);
        let mut claim = partial::completion(first, day);
        claim.received = today;
        let is_later = first.key.date_of_service < day;
        is_later.then(|| Operation::bill(claim))
    }

    /// The next fill of something paid: when it is used up, a little before, or today. What was
    /// dispensed in two parts is now dispensed at once.
    fn refill(&mut self, place: usize, today: Date) -> Option<Operation> {
        let mut claim = partial::at_once(self.learned.paid(place, &mut self.rng)?.clone());
        let days = i64::from(claim.drug.days_supply);
        let used = (days * self.rng.pick([50, 75, 85, 90, 100]) + 99) / 100;
        let day = claim.key.date_of_service.plus_days(used).min(today);
        claim.key.fill = claim.key.fill.saturating_add(1).min(99);
        claim.key.date_of_service = day;
        claim.received = today;
        Some(Operation::bill(claim))
    }

    /// Something paid is taken back, a quarter of the time without a cardholder id; or something
    /// that was taken back already.
    fn reversal(&mut self, place: usize) -> Option<Operation> {
        let again = self.rng.percent(10);
        let claim = match again {
            true => self.learned.reversed(place, &mut self.rng)?,
            false => self.learned.paid(place, &mut self.rng)?,
        };
        let mut reversal = Reversal::of_rebill(claim);
        let (family, ndc) = (claim.cardholder, claim.drug.ndc);
        match self.rng.between(1, 8) {
            1 | 2 => reversal.cardholder = None,
            3 => reversal.ndc = Some(ndc),
            4 => reversal.fill = None,
            _ => {}
        }
        Some(Operation::reverse(family, reversal))
    }

    /// What was taken back is billed once more, as it was.
    fn once_more(&mut self, place: usize) -> Option<Operation> {
        self.learned.reversed(place, &mut self.rng).cloned().map(Operation::bill)
    }

    /// The same prescription and fill with another content.
    fn rebill(&mut self, place: usize) -> Option<Operation> {
        let known = self.learned.paid(place, &mut self.rng)?.clone();
        let known = [known];
        let claim = history::otherwise(&self.rules, &known, &mut self.rng)?;
        Some(Operation::rebill(claim))
    }

    /// A prescription that nobody ever sent is taken back.
    fn reversal_of_nothing(&mut self, today: Date) -> Option<Operation> {
        let place = self.place();
        let mut operation = self.fill(place, today)?;
        let Request::Bill(claim) = &operation.request else { return None };
        let mut reversal = Reversal::of_rebill(claim);
        if self.rng.percent(50) {
            reversal.cardholder = None;
        }
        operation.request = Request::Reverse(reversal);
        Some(operation)
    }

    /// A claim for a card that nobody has.
    fn stranger(&mut self, place: usize, today: Date) -> Option<Operation> {
        let mut operation = self.fill(place, today)?;
        if let Request::Bill(claim) = &mut operation.request {
            let number = self.shape.first_family.saturating_add(u32::try_from(place).ok()?);
            claim.cardholder = roster::stranger(number)?;
            claim.group = None;
            operation.family = claim.cardholder;
        }
        Some(operation)
    }

    /// Is somebody of the family covered?
    fn inquiry(&mut self, place: usize, today: Date) -> Operation {
        let mut rng = self.rng.clone();
        let card = self.card(place);
        let member = rng.choose(&card.members);
        let inquiry = Inquiry {
            cardholder: card.id,
            group: None,
            person_code: member.map(|member| member.person_code),
            birth: member.map_or(today, |member| member.birth),
            sex: member.and_then(|member| member.sex),
            date: today.plus_days(-rng.pick([0, 0, 30, 200])),
        };
        let family = card.id;
        let pharmacy = self.counter;
        self.rng = rng;
        Operation { family, pharmacy, request: Request::Inquire(inquiry) }
    }

    fn prescription(&mut self) -> Option<PrescriptionNumber> {
        let number = PrescriptionNumber::new(self.next_prescription);
        self.next_prescription = self.next_prescription.saturating_add(1);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::rules;

    fn operations(seed: u64, count: usize) -> Vec<Operation> {
        let mut workload = Workload::new(rules(), seed, Shape::default()).unwrap();
        let today = "2026-06-15".parse().unwrap();
        (0..count).map(|_| workload.next(today)).collect()
    }

    #[test]
    fn a_seed_is_one_history() {
        assert_eq!(operations(7, 300), operations(7, 300));
        assert_ne!(operations(7, 300), operations(8, 300));
    }

    #[test]
    fn no_prescription_number_stands_for_two_families() {
        let mut owners = std::collections::BTreeMap::new();
        for operation in operations(3, 2_000) {
            if let Request::Bill(claim) = operation.request {
                let owner =
                    owners.entry(claim.key.prescription.number()).or_insert(operation.family);
                assert_eq!(*owner, operation.family);
            }
        }
        assert!(owners.len() > 500, "{}", owners.len());
    }
}
