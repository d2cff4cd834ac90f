//! What happens to a family: fills and refills on the day and the day before, reversals, claims
//! sent again or otherwise, rebills, coverage that ends. A few drugs a family, so that its claims
//! meet each other's limits.

use openpbm_core::{Cents, Claim, Date, MedicalTotal, Member, ProductKind, Reversal};

use super::claim::{self, quantity};
use super::family::{coverage, terminated};
use super::partial::{Parts, at_once};
use super::{Rng, day};
use crate::rules::Drug;
use crate::{Event, Rules};

/// The events of a family, in the order in which they come in.
pub(super) fn events(rules: &Rules, members: &[Member], rng: &mut Rng) -> Vec<Event> {
    let drugs = some_drugs(rules, rng);
    let careful = rng.percent(60);
    let length = if careful { rng.pick([8, 12, 16, 24]) } else { rng.pick([4, 6, 8, 12]) };
    let mut today = rng.pick([0, 0, 0, 10, 150, 180, 320]);
    let mut sent: Vec<Claim> = Vec::new();
    let mut events = Vec::new();
    let mut parts = Parts::new(rng);
    while events.len() < length {
        today += rng.pick([0, 0, 1, 3, 7, 12, 23, 29, 30, 31]);
        if today > 375 {
            break;
        }
        for event in parts.next(rules, members) {
            sent.extend(billed(&event).cloned());
            events.push(event);
        }
        let date = if rng.percent(4) { day(rng.between(-2, today)) } else { day(today) };
        let event = match rng.between(1, 103) {
            1..=5 => reversal(&sent, rng).map(Event::Reverse),
            6..=8 => again(&sent, rng).map(|claim| Event::Bill(Box::new(claim))),
            9..=13 => otherwise(rules, &sent, rng).map(|claim| Event::Rebill(Box::new(claim))),
            14..=15 => otherwise(rules, &sent, rng).map(|claim| Event::Bill(Box::new(claim))),
            16 => enrollment(members, day(today), rng),
            17..=20 => medical(members, today, events.len(), rng),
            101..=103 => Some(Event::Reprocess),
            21..=60 => {
                let claim = refill(&sent, careful, &mut today, rng);
                claim.map(|claim| Event::Bill(Box::new(parts.first(claim))))
            }
            _ => rng.choose(members).zip(rng.choose(&drugs)).and_then(|(member, drug)| {
                let claim = claim::new(rules, member, drug, date, careful, rng)?;
                Some(Event::Bill(Box::new(parts.first(claim))))
            }),
        };
        sent.extend(event.as_ref().and_then(billed).cloned());
        let is_late =
            matches!(event, Some(Event::Enroll(_) | Event::Reverse(_) | Event::Medical(_)));
        events.extend(event);
        if is_late && rng.percent(40) {
            events.push(Event::Reprocess);
        }
    }
    events
}

fn billed(event: &Event) -> Option<&Claim> {
    match event {
        Event::Bill(claim) | Event::Rebill(claim) => Some(claim),
        _ => None,
    }
}

/// A few drugs that have to do with each other.
pub(crate) fn some_drugs<'r>(rules: &'r Rules, rng: &mut Rng) -> Vec<&'r Drug> {
    let class = |classes: &'static [&'static str]| {
        move |drug: &Drug| drug.class.as_deref().is_some_and(|class| classes.contains(&class))
    };
    let has_generic = |drug: &Drug| {
        drug.kind == ProductKind::Brand
            && rules.drugs.iter().any(|d| d.kind == ProductKind::Generic && d.is_same_as(drug))
    };
    let is_costly = |drug: &Drug| {
        let usual = drug.usual_30.map_or(0, |usual| usual.0);
        rules.price("nadac", drug.ndc, day(0)).is_some_and(|p| p.0 * usual >= 60_000_000_000)
    };
    let theme: &dyn Fn(&Drug) -> bool = match rng.between(1, 11) {
        1 => &class(&["opioid"]),
        2 => &class(&["opioid", "benzodiazepine"]),
        3 => &class(&["hypnotic", "triptan", "pde5 inhibitor", "nitrate"]),
        4 => &class(&["biguanide", "sglt2 inhibitor", "glp-1 agonist", "insulin"]),
        5 => &class(&["statin", "contraceptive", "vitamin", "retinoid", "penicillin antibiotic"]),
        6 | 7 => &has_generic,
        8 => &is_costly,
        _ => &|_| true,
    };
    let fitting: Vec<_> = rules.drugs.iter().filter(|drug| theme(drug)).collect();
    let all: Vec<_> = rules.drugs.iter().collect();
    let mut chosen = Vec::new();
    for _ in 0..rng.between(1, 4) {
        let from = if fitting.is_empty() || rng.percent(10) { &all } else { &fitting };
        chosen.extend(rng.choose(from).copied());
    }
    chosen
}

/// The next fill of a prescription, on the first possible day by one of the usual parts, the day
/// before, or after all of it is used. What was a part is now dispensed at once.
fn refill(sent: &[Claim], careful: bool, today: &mut i64, rng: &mut Rng) -> Option<Claim> {
    let mut claim = at_once(rng.choose(sent)?.clone());
    let part = if careful { rng.pick([75, 85, 90, 100, 100]) } else { rng.pick([50, 75, 85, 100]) };
    let used = (i64::from(claim.drug.days_supply) * part + 99) / 100;
    let date = claim.key.date_of_service.plus_days(used + rng.pick([-1, 0, 0, 0, 1, 2]));
    claim.key.date_of_service = date;
    claim.key.fill = claim.key.fill.saturating_add(1).min(99);
    claim.received = date;
    *today = (*today).max(date.days_since(day(0)));
    Some(claim)
}

/// A claim sent again, perhaps long after.
fn again(sent: &[Claim], rng: &mut Rng) -> Option<Claim> {
    let mut claim = rng.choose(sent)?.clone();
    claim.received = claim.received.plus_days(rng.pick([0, 1, 400]));
    if rng.percent(20) {
        claim.daw = rng.pick([0, 1, 2]);
    }
    Some(claim)
}

/// A claim of the same key with another content.
pub(crate) fn otherwise(rules: &Rules, sent: &[Claim], rng: &mut Rng) -> Option<Claim> {
    let mut claim = rng.choose(sent)?.clone();
    let drug = rules.drug(claim.drug.ndc)?;
    match rng.between(1, 6) {
        1 => claim.drug.days_supply = rng.pick([7, 30, 90, 91]),
        2 | 3 => claim.drug.quantity = quantity(drug, claim.drug.days_supply, rng),
        4 => claim.daw = rng.pick([0, 1, 2]),
        5 => claim.key.fill = claim.key.fill.saturating_add(1).min(99),
        _ => claim.drug.ndc = rng.choose(&rules.drugs)?.ndc,
    }
    Some(claim)
}

fn reversal(sent: &[Claim], rng: &mut Rng) -> Option<Reversal> {
    let claim = rng.choose(sent)?;
    let mut reversal = Reversal::of_rebill(claim);
    match rng.between(1, 8) {
        1 => reversal.fill = None,
        2 => reversal.ndc = Some(claim.drug.ndc),
        3 => reversal.cardholder = None,
        4 => reversal.date_of_service = claim.key.date_of_service.plus_days(1),
        _ => {}
    }
    Some(reversal)
}

/// What the medical side of one or two persons has come to by a day, mostly lately; now and then
/// a line that was stated before.
fn medical(members: &[Member], today: i64, number: usize, rng: &mut Rng) -> Option<Event> {
    let mut totals = Vec::new();
    for line in 0..rng.between(1, 2) {
        let member = rng.choose(members)?;
        let as_of = day(today - rng.pick([-3, 0, 1, 1, 2, 40]));
        let id = if rng.percent(10) { 1 } else { 2 * number + usize::try_from(line).ok()? };
        let starts = rng.pick(["01-01", "01-01", "01-01", "04-01", "07-01", "04-15"]);
        let out_of_pocket = rng.pick([0, 999, 12_345, 40_000, 100_000]);
        totals.push(MedicalTotal {
            id: format!("line {id}").parse().ok()?,
            person: member.person_code,
            group: rng.choose(&member.coverage)?.group,
            plan_year: crate::money::plan_year(starts, as_of)?,
            as_of,
            deductible: Cents::new(rng.pick([0, 1, 5_000, 25_000]).min(out_of_pocket)),
            out_of_pocket: Cents::new(out_of_pocket),
        });
    }
    Some(Event::Medical(totals))
}

/// A member whose coverage ends, or is other than it was.
pub(crate) fn enrollment(members: &[Member], last: Date, rng: &mut Rng) -> Option<Event> {
    let member = rng.choose(members)?;
    let mut changed = terminated(member, last.plus_days(rng.between(-40, 10)));
    if rng.percent(40) {
        changed.coverage = coverage(rng.pick(["CSCPPO", "CSCHDHP"]), rng);
    }
    Some(Event::Enroll(vec![changed]))
}
