//! Fills in two parts: mostly a third or half of the fill and some days later the rest, as a
//! careful pharmacy sends them; now and then something that does not go together.

use openpbm_core::{
    Claim, Completed, Date, Member, PartialFill, PrescriptionNumber, Quantity, Reversal,
};

use super::Rng;
use super::claim::npi;
use crate::rules::Drug;
use crate::{Event, Rules};

/// The fills of a family that are dispensed in two parts. They have numbers of their own, so that
/// a seed's other histories stay as they are.
pub(super) struct Parts {
    rng: Rng,
    is_used: bool,
    /// Partial fills to be completed.
    open: Vec<Claim>,
    /// Partial fills and their completions.
    completed: Vec<(Claim, Claim)>,
}

impl Parts {
    /// In some histories none at all.
    pub(super) fn new(rng: &Rng) -> Self {
        let mut rng = rng.aside();
        let is_used = rng.percent(25);
        Self { rng, is_used, open: Vec::new(), completed: Vec::new() }
    }

    /// Makes of some claims the first part alone.
    pub(super) fn first(&mut self, claim: Claim) -> Claim {
        if !self.is_used || !self.rng.percent(30) {
            return claim;
        }
        let claim = first_part(claim, self.rng.pick([2, 2, 3, 3, 4, 10]));
        let claim = if self.rng.percent(10) { odd_first(claim, &mut self.rng) } else { claim };
        self.open.push(claim.clone());
        claim
    }

    /// What follows on earlier parts: mostly a completion, if anything.
    pub(super) fn next(&mut self, rules: &Rules, members: &[Member]) -> Vec<Event> {
        let rng = &mut self.rng;
        if !self.open.is_empty() && rng.percent(40) {
            let place = rng.between(0, i64::try_from(self.open.len()).unwrap_or(1) - 1);
            let first = self.open.swap_remove(usize::try_from(place).unwrap_or_default());
            let mut rest = completion(&first, first.key.date_of_service.plus_days(days(rng)));
            if rng.percent(35) {
                odd_rest(&mut rest, &first, (rules, members), rng);
            }
            if rng.percent(20) {
                self.open.push(first.clone());
            }
            self.completed.push((first, rest.clone()));
            return vec![bill(rest)];
        }
        let Some((first, rest)) = rng.choose(&self.completed).cloned() else { return Vec::new() };
        if rng.percent(20) { later(first, rest, rng) } else { Vec::new() }
    }
}

fn bill(claim: Claim) -> Event {
    Event::Bill(Box::new(claim))
}

/// When the rest is there.
fn days(rng: &mut Rng) -> i64 {
    rng.pick([1, 1, 2, 3, 5, 10, 25])
}

/// The part of a fill that a pharmacy has at once: the whole by so many.
pub(crate) fn first_part(mut claim: Claim, by: u16) -> Claim {
    let (quantity_intended, days_intended) = (claim.drug.quantity, claim.drug.days_supply);
    claim.details.partial = Some(PartialFill { quantity_intended, days_intended, completes: None });
    claim.drug.quantity = thousandths(quantity_intended.thousandths() / u64::from(by));
    claim.drug.days_supply = (days_intended / by).max(1);
    claim
}

/// The rest of a fill, on a day.
pub(crate) fn completion(first: &Claim, day: Date) -> Claim {
    let mut claim = first.clone();
    claim.key.date_of_service = day;
    claim.received = day;
    let (prescription, date_of_service) = (first.key.prescription, first.key.date_of_service);
    if let Some(part) = &mut claim.details.partial {
        let left = part.quantity_intended.thousandths();
        claim.drug.quantity = thousandths(left.saturating_sub(first.drug.quantity.thousandths()));
        let left = part.days_intended.saturating_sub(first.drug.days_supply);
        claim.drug.days_supply = left.max(1);
        part.completes = Some(Completed { prescription, date_of_service });
    }
    claim
}

/// All of a fill, on the day of its first part, as if it had been dispensed at once.
pub(crate) fn at_once(mut claim: Claim) -> Claim {
    if let Some(part) = claim.details.partial.take() {
        claim.drug.quantity = part.quantity_intended;
        claim.drug.days_supply = part.days_intended;
        let first = part.completes.map(|of| of.date_of_service);
        claim.key.date_of_service = first.unwrap_or(claim.key.date_of_service);
    }
    claim
}

fn another(prescription: PrescriptionNumber) -> PrescriptionNumber {
    PrescriptionNumber::new(prescription.number() + 1).unwrap_or(prescription)
}

fn thousandths(thousandths: u64) -> Quantity {
    Quantity::from_thousandths(thousandths.max(1)).unwrap_or(Quantity::units(1))
}

/// A first part that is none, or that lasts as long as the whole.
fn odd_first(mut claim: Claim, rng: &mut Rng) -> Claim {
    let Some(part) = &mut claim.details.partial else { return claim };
    match rng.between(1, 4) {
        1 => claim.drug.quantity = part.quantity_intended,
        2 => claim.drug.days_supply = part.days_intended,
        3 => claim.drug.days_supply = (part.days_intended + 1).min(999),
        _ => part.quantity_intended = claim.drug.quantity.plus(thousandths(1)),
    }
    claim
}

/// One thing in which the rest does not go with the first part, or goes with it all the same.
fn odd_rest(rest: &mut Claim, first: &Claim, (rules, members): (&Rules, &[Member]), rng: &mut Rng) {
    let day = first.key.date_of_service;
    let drugs = |is_same: bool| -> Vec<&Drug> {
        let this = rules.drug(first.drug.ndc);
        let fits = |drug: &&Drug| this.is_some_and(|this| this.is_same_as(drug)) == is_same;
        rules.drugs.iter().filter(fits).collect()
    };
    let quantity = rest.drug.quantity.thousandths();
    let Some(part) = &mut rest.details.partial else { return };
    let Some(of) = &mut part.completes else { return };
    match rng.between(1, 17) {
        1 => of.date_of_service = day.plus_days(rng.pick([-1, 1])),
        2 => rest.key.date_of_service = day,
        3 => rest.key.date_of_service = day.plus_days(-rng.between(1, 3)),
        4 => of.prescription = another(rest.key.prescription),
        5 => rest.drug.quantity = thousandths(quantity + rng.pick([1, 1_000])),
        6 => rest.drug.days_supply = (rest.drug.days_supply + 1).min(999),
        7 => part.quantity_intended = part.quantity_intended.plus(thousandths(1)),
        8 => part.days_intended = (part.days_intended + 1).min(999),
        9 => rest.drug.quantity = thousandths(quantity / 2),
        10 => rest.key.fill = rest.key.fill.saturating_add(1).min(99),
        11 => rest.key.pharmacy = npi("1999000031").unwrap_or(rest.key.pharmacy),
        12 => rest.daw = rng.pick([0, 1, 2]),
        13 => (rest.drug, rest.key.date_of_service) = (first.drug, day),
        14 | 15 => {
            let drugs = drugs(rng.percent(50));
            rest.drug.ndc = rng.choose(&drugs).map_or(rest.drug.ndc, |drug| drug.ndc);
        }
        _ => {
            let others: Vec<_> =
                members.iter().filter(|m| Some(m.person_code) != first.person_code).collect();
            if let Some(member) = rng.choose(&others) {
                rest.person_code = Some(member.person_code);
                (rest.birth, rest.sex) = (member.birth, member.sex);
            }
        }
    }
    rest.received = rest.received.max(rest.key.date_of_service);
}

/// What comes when both parts were sent: either is taken back, billed anew or sent again.
fn later(first: Claim, mut rest: Claim, rng: &mut Rng) -> Vec<Event> {
    let back = |claim: &Claim| Event::Reverse(Reversal::of_rebill(claim));
    let rebill = |claim| Event::Rebill(Box::new(claim));
    match rng.between(1, 9) {
        1 => vec![back(&first)],
        2 => vec![back(&rest), bill(rest)],
        3 => vec![back(&rest), back(&first)],
        4 => vec![back(&rest), back(&first), bill(rest)],
        5 => {
            let mut other = first;
            other.drug.quantity = thousandths(other.drug.quantity.thousandths() / 2);
            vec![rebill(other)]
        }
        6 => {
            rest.drug.quantity = thousandths(rest.drug.quantity.thousandths() / 2);
            vec![rebill(rest)]
        }
        7 => vec![rebill(at_once(rest))],
        8 => {
            rest.key.date_of_service = rest.key.date_of_service.plus_days(1);
            rest.received = rest.received.plus_days(1);
            vec![bill(rest)]
        }
        _ => vec![bill(rest), Event::Reprocess],
    }
}
