//! Invented families, as many as are asked for, held small: there may be millions of them.

use std::io::{self, Write};

use openpbm_core::Date;

use crate::dice::Dice;

/// One invented member; what is a text is a place in a list below.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    family: u32,
    pub(super) birth: Date,
    /// 303-C3: 1 is the subscriber.
    pub(super) number: u8,
    group: u8,
    first_name: u8,
    last_name: u8,
}

/// Most of the sample's members are in the commercial PPO.
const GROUPS: [&str; 5] = ["CSCPPO", "CSCPPO", "CSCPPO", "CSCHDHP", "CSCMCD"];
const FIRST_NAMES: [(&str, bool); 8] = [
    ("Alma", true),
    ("Bram", false),
    ("Cleo", true),
    ("Dario", false),
    ("Edda", true),
    ("Falk", false),
    ("Greta", true),
    ("Hamid", false),
];
const LAST_NAMES: [&str; 6] = ["Benchmark", "Measure", "Yardstick", "Gauge", "Ruler", "Meter"];
const HEADER: &str = "cardholder_id,person_code,group,first_name,last_name,birth,sex,\
                      relationship,from,to,diagnoses,allergies,pregnant_until";

impl Person {
    /// 302-C2, the card that the family shares.
    pub(super) fn write_cardholder(&self, out: &mut impl std::fmt::Write) -> std::fmt::Result {
        write!(out, "CSC8{:07}", self.family)
    }

    /// 301-C1.
    pub(super) fn group(&self) -> &'static str {
        entry(&GROUPS, self.group)
    }

    /// Given name and family name.
    pub(super) fn names(&self) -> (&'static str, &'static str) {
        (entry(&FIRST_NAMES, self.first_name).0, entry(&LAST_NAMES, self.last_name))
    }

    /// As the given name suggests.
    pub(super) fn is_female(&self) -> bool {
        entry(&FIRST_NAMES, self.first_name).1
    }
}

/// The text at a place that was rolled from the list's own length.
fn entry<T: Copy + Default>(list: &[T], place: u8) -> T {
    list.get(usize::from(place)).copied().unwrap_or_default()
}

/// So many members, in families of one to four; the same ones in every run.
pub(super) fn people(members: u32) -> Vec<Person> {
    let mut dice = Dice::new(0xFA41_11E5);
    let count = usize::try_from(members).unwrap_or(usize::MAX);
    let mut people = Vec::with_capacity(count);
    let mut family = 0;
    let place = |dice: &mut Dice, of: usize| u8::try_from(dice.roll(of)).unwrap_or(0);
    while people.len() < count {
        let group = place(&mut dice, GROUPS.len());
        let last_name = place(&mut dice, LAST_NAMES.len());
        let size = (1 + dice.roll(4)).min(count - people.len());
        for number in (1..).take(size) {
            let first_name = place(&mut dice, FIRST_NAMES.len());
            let birth = birth(&mut dice, number);
            people.push(Person { family, birth, number, group, first_name, last_name });
        }
        family += 1;
    }
    people
}

/// Adults come first, then children.
fn birth(dice: &mut Dice, number: u8) -> Date {
    let age = if number < 3 { 25 + dice.roll(45) } else { 3 + dice.roll(15) };
    let year = i32::try_from(age).map_or(1986, |age| 2026 - age);
    let month = u8::try_from(1 + dice.roll(12)).unwrap_or(1);
    let day = u8::try_from(1 + dice.roll(28)).unwrap_or(1);
    Date::new(year, month, day).unwrap_or(Date::FIRST)
}

/// How many families they are.
pub(super) fn families(people: &[Person]) -> u32 {
    people.last().map_or(0, |last| last.family + 1)
}

/// Writes an enrollment file.
pub(super) fn write_csv(people: &[Person], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{HEADER}")?;
    let mut cardholder = String::new();
    for person in people {
        cardholder.clear();
        // Writing to a string does not fail.
        let _ = person.write_cardholder(&mut cardholder);
        let Person { number, birth, .. } = person;
        let (first_name, last_name) = person.names();
        let group = person.group();
        let sex = if person.is_female() { "female" } else { "male" };
        let relationship = match number {
            1 => "subscriber",
            2 => "spouse",
            _ => "child",
        };
        writeln!(
            out,
            "{cardholder},{number:02},{group},{first_name},{last_name},{birth},{sex},\
             {relationship},2026-01-01,,,,"
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_asked_for_and_every_family_together() {
        for members in [1, 2, 999] {
            let people = people(members);
            assert_eq!(people.len(), usize::try_from(members).unwrap());
            let mut csv = Vec::new();
            write_csv(&people, &mut csv).unwrap();
            assert_eq!(String::from_utf8(csv).unwrap().lines().count(), people.len() + 1);
            assert!(people.windows(2).all(|pair| pair[0].family <= pair[1].family));
        }
        assert_eq!(families(&people(1)), 1);
    }
}
