//! Families of one to six, with birthdays near the ages that rules ask for, and coverage that
//! sometimes begins late, ends early, stops in between or changes its group.

use openpbm_core::{Coverage, Date, GroupId, Member, Relationship, Sex};

use super::{Rng, circumstances, day};

/// The members of a family.
pub(crate) fn members(rng: &mut Rng) -> Vec<Member> {
    let group = rng.pick(["CSCPPO", "CSCPPO", "CSCHDHP", "CSCMCD", "CSCPDP", "CSCPDP"]);
    let others = rng.pick([0, 0, 1, 1, 2, 3, 5]);
    (0..=others).filter_map(|position| member(position, group, rng)).collect()
}

fn member(position: i64, group: &str, rng: &mut Rng) -> Option<Member> {
    // Around the ages at which rules begin and end, and birthdays in the middle of the year.
    let age = match position {
        0 | 1 => rng.pick([26, 39, 40, 41, 58, 65, 75, 76]),
        _ => rng.pick([0, 11, 12, 17, 18, 20, 21, 25]),
    };
    let born = day(rng.between(0, 364)).plus_days(-365 * age - age / 4);
    let relationship = match position {
        0 => Relationship::Subscriber,
        1 => Relationship::Spouse,
        _ => Relationship::Child,
    };
    let has = |chance, text: &str, rng: &mut Rng| {
        if rng.percent(chance) { vec![text.to_owned()] } else { Vec::new() }
    };
    Some(Member {
        person_code: format!("{:02}", position + 1).parse().ok()?,
        first_name: format!("Person {}", position + 1),
        last_name: "Example".to_owned(),
        birth: born,
        sex: rng.pick([
            Some(Sex::Female),
            Some(Sex::Male),
            Some(Sex::Female),
            Some(Sex::Male),
            None,
        ]),
        relationship,
        coverage: coverage(group, rng),
        diagnoses: has(20, "E119", rng),
        allergies: has(15, "penicillin", rng),
        pregnant_until: rng.percent(10).then(|| day(rng.between(30, 300))),
        circumstances: circumstances::of(rng),
    })
}

/// Mostly the whole year and beyond; otherwise odd.
pub(super) fn coverage(group: &str, rng: &mut Rng) -> Vec<Coverage> {
    let span = |group: &str, from: i64, to: Option<i64>| {
        let group: Option<GroupId> = group.parse().ok();
        group.map(|group| Coverage { group, from: day(from), to: to.map(day) })
    };
    let split = rng.between(60, 300);
    let spans = match rng.between(1, 22) {
        1 => vec![span(group, 0, Some(split))],
        2 => vec![span(group, split, None)],
        3 => vec![span(group, 0, Some(split)), span(group, split + rng.between(1, 60), None)],
        4 | 21 | 22 => {
            let next = rng.pick(["CSCPPO", "CSCHDHP", "CSCMCD", "CSCPDP"]);
            vec![span(group, 0, Some(split)), span(next, split + 1, None)]
        }
        5 => vec![span(group, -200, Some(-1)), span(group, 0, None)],
        _ => vec![span(group, 0, None)],
    };
    spans.into_iter().flatten().collect()
}

/// Members of Medicare move to the group beside it, which the book may not know.
pub(crate) fn move_on(members: &mut [Member], rng: &mut Rng) {
    let last = rng.between(30, 250);
    for member in members {
        let Some(span) = member.coverage.last_mut() else { continue };
        let next = if span.group.as_str() == "CSCPDP" { "CSCEGW".parse().ok() } else { None };
        if let Some(group) = next.filter(|_| span.to.is_none() && span.from < day(last)) {
            span.to = Some(day(last));
            member.coverage.push(Coverage { group, from: day(last + 1), to: None });
        }
    }
}

/// The day a member's coverage is changed to end on.
pub(super) fn terminated(member: &Member, last: Date) -> Member {
    let mut changed = member.clone();
    changed.coverage.retain(|coverage| coverage.from <= last);
    for coverage in &mut changed.coverage {
        coverage.to = Some(coverage.to.map_or(last, |to| to.min(last)));
    }
    changed
}
