//! Pharmacies and prescribers: who is new, gone, in another network, sanctioned.

use openpbm_core::Npi;

use super::crowd::{Crowds, Said};
use super::{Area, Change, ChangeKind};
use crate::facts::period;
use crate::{Book, Pharmacy, Prescriber};

/// What changed among the pharmacies.
pub(super) fn pharmacies(old: &Book, new: &Book, changes: &mut Vec<Change>) {
    let mut crowds = Crowds::new(Area::Pharmacies, "pharmacy");
    let numbers = old.pharmacies().chain(new.pharmacies()).map(|pharmacy| pharmacy.npi);
    for npi in distinct(numbers) {
        match (old.pharmacy(npi), new.pharmacy(npi)) {
            (None, Some(pharmacy)) => {
                let source = new.locate(pharmacy.source);
                crowds.say(is(ChangeKind::Added, "new"), pharmacy_name(pharmacy), Some(source));
            }
            (Some(pharmacy), None) => {
                let source = old.locate(pharmacy.source);
                crowds.say(is(ChangeKind::Removed, "gone"), pharmacy_name(pharmacy), Some(source));
            }
            (Some(before), Some(after)) => {
                for said in pharmacy_changes(old, before, new, after) {
                    let source = new.locate(after.source);
                    crowds.say(said, pharmacy_name(after), Some(source));
                }
            }
            (None, None) => {}
        }
    }
    changes.extend(crowds.changes());
}

fn pharmacy_changes(old: &Book, before: &Pharmacy, new: &Book, after: &Pharmacy) -> Vec<Said> {
    let mut said = Vec::new();
    if before.name != after.name {
        said.push(verb(ChangeKind::Changed, "was", "were", &format!("named {}", before.name)));
    }
    if before.channel != after.channel {
        let text = format!("now {} instead of {}", after.channel, before.channel);
        said.push(is(ChangeKind::Changed, &text));
    }
    let (a, b) = (memberships(old, before), memberships(new, after));
    for membership in b.iter().filter(|membership| !a.contains(membership)) {
        said.push(is(ChangeKind::Added, &format!("newly in {membership}")));
    }
    for membership in a.iter().filter(|membership| !b.contains(membership)) {
        said.push(is(ChangeKind::Removed, &format!("no longer in {membership}")));
    }
    said
}

/// The networks of a pharmacy by their ids, which are the same in both books.
fn memberships(book: &Book, pharmacy: &Pharmacy) -> Vec<String> {
    let contracts = pharmacy.contracts.iter().map(|contract| {
        let rows = book.networks().get(usize::from(contract.network.0));
        let id = rows.and_then(|rows| rows.rows().first()).map_or("", |(_, network)| &network.id);
        format!("network {id} {}", period(contract.span))
    });
    contracts.collect()
}

/// What changed among the prescribers.
pub(super) fn prescribers(old: &Book, new: &Book, changes: &mut Vec<Change>) {
    let mut crowds = Crowds::new(Area::Prescribers, "prescriber");
    let numbers = old.prescribers().chain(new.prescribers()).map(|prescriber| prescriber.npi);
    for npi in distinct(numbers) {
        let (before, after) = (old.prescriber(npi), new.prescriber(npi));
        match (before, after) {
            (None, Some(prescriber)) => {
                let source = new.locate(prescriber.source);
                crowds.say(is(ChangeKind::Added, "new"), prescriber_name(prescriber), Some(source));
            }
            (Some(prescriber), None) => {
                let (name, source) = (prescriber_name(prescriber), old.locate(prescriber.source));
                crowds.say(is(ChangeKind::Removed, "gone"), name, Some(source));
            }
            (Some(a), Some(b)) => {
                let (name, source) = (prescriber_name(b), new.locate(b.source));
                if a.name != b.name {
                    let said =
                        verb(ChangeKind::Changed, "was", "were", &format!("named {}", a.name));
                    crowds.say(said, name.clone(), Some(source.clone()));
                }
                if let Some(said) = sanction(a, b) {
                    crowds.say(said, name, Some(source));
                }
            }
            (None, None) => {}
        }
    }
    changes.extend(crowds.changes());
}

fn sanction(before: &Prescriber, after: &Prescriber) -> Option<Said> {
    match (before.sanctioned, after.sanctioned) {
        (a, b) if a == b => None,
        (_, Some(span)) => Some(is(ChangeKind::Changed, &format!("sanctioned {}", period(span)))),
        (_, None) => Some(is(ChangeKind::Changed, "no longer sanctioned")),
    }
}

fn pharmacy_name(pharmacy: &Pharmacy) -> String {
    format!("{} ({})", pharmacy.name, pharmacy.npi)
}

fn prescriber_name(prescriber: &Prescriber) -> String {
    format!("{} ({})", prescriber.name, prescriber.npi)
}

fn is(kind: ChangeKind, text: &str) -> Said {
    verb(kind, "is", "are", text)
}

fn verb(kind: ChangeKind, singular: &str, plural: &str, text: &str) -> Said {
    Said { kind, singular: format!("{singular} {text}"), plural: format!("{plural} {text}") }
}

fn distinct(numbers: impl Iterator<Item = Npi>) -> Vec<Npi> {
    let mut numbers: Vec<Npi> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
