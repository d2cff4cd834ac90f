//! The families of a workload, and the file that enrolls them.

use std::fmt::Write as _;

use openpbm_core::{
    CardholderId, Cents, Circumstances, Date, During, ExemptGroup, FamilyId, Member, Ndc,
    OtherCoverage, PayerKind, PayerOrder, Relationship, Sex,
};

use crate::generate::family;
use crate::{Rng, Unreadable};

/// A family and the few drugs that it takes.
#[derive(Debug)]
pub(super) struct Card {
    pub(super) id: FamilyId,
    pub(super) members: Vec<Member>,
    pub(super) drugs: Vec<Ndc>,
}

impl Card {
    /// The family of that number.
    pub(super) fn new(number: u32, drugs: Vec<Ndc>, rng: &mut Rng) -> Result<Self, Unreadable> {
        let id = format!("SIM{number:09}").parse();
        let id = id.map_err(|error| Unreadable::new("the roster", error))?;
        Ok(Self { id, members: family::members(rng), drugs })
    }
}

/// A card of that number that nobody has.
pub(super) fn stranger(number: u32) -> Option<CardholderId> {
    format!("NOS{number:09}").parse().ok()
}

/// One row for each span of coverage, the rows of a card together.
pub(super) fn csv(cards: &[Card]) -> String {
    let mut csv = "cardholder_id,person_code,group,first_name,last_name,birth,sex,relationship,\
                   from,to,diagnoses,allergies,pregnant_until,exempt,monthly_income,\
                   low_income_level,authorizations,other_payer,other_kind,other_pays,other_bin,\
                   other_from,other_to\n"
        .to_owned();
    for card in cards {
        for member in &card.members {
            rows(card.id, member, &mut csv);
        }
    }
    csv
}

fn rows(card: FamilyId, member: &Member, csv: &mut String) {
    let Member { person_code, first_name, last_name, birth, .. } = member;
    let sex = match member.sex {
        Some(Sex::Female) => "female",
        Some(Sex::Male) => "male",
        None => "",
    };
    let relationship = match member.relationship {
        Relationship::Subscriber => "subscriber",
        Relationship::Spouse => "spouse",
        Relationship::Child => "child",
        Relationship::Other => "other",
    };
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let (diagnoses, allergies) = (member.diagnoses.join(" "), member.allergies.join(" "));
    let Circumstances {
        exempt,
        monthly_income,
        other_coverage,
        low_income,
        authorizations,
        // It bills what was decided, and decides nothing.
        payment_plan: _,
    } = &member.circumstances;
    let exempt = spans(exempt, |group| word(&ExemptGroup::ALL, *group).to_owned());
    let level = spans(low_income, u8::to_string);
    let (income, authorized) =
        (spans(monthly_income, Cents::to_string), spans(authorizations, Ndc::to_string));
    for place in 0..member.coverage.len().max(other_coverage.len()) {
        let span = member.coverage.get(place);
        let coverage = span.map_or(",,".to_owned(), |span| {
            format!("{},{},{}", span.group, span.from, day(span.to))
        });
        let other = other_coverage.get(place).map_or(",,,,,".to_owned(), |other| {
            let OtherCoverage { payer, kind, pays, bin, .. } = &other.what;
            let kind = word(&PayerKind::ALL, *kind);
            let pays = if *pays == PayerOrder::Before { "before" } else { "after" };
            let bin = bin.map(|bin| bin.to_string()).unwrap_or_default();
            format!("{payer},{kind},{pays},{bin},{},{}", day(other.from), day(other.to))
        });
        let (group, from_to) = coverage.split_once(',').unwrap_or_default();
        // Writing to a string does not fail.
        let _ = writeln!(
            csv,
            "{card},{person_code},{group},{first_name},{last_name},{birth},{sex},{relationship},\
             {from_to},{diagnoses},{allergies},{},{exempt},{income},{level},{authorized},{other}",
            day(member.pregnant_until)
        );
    }
}

fn spans<T>(spans: &[During<T>], what: impl Fn(&T) -> String) -> String {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let span = |s: &During<T>| format!("{}@{}..{}", what(&s.what), day(s.from), day(s.to));
    spans.iter().map(span).collect::<Vec<_>>().join(" ")
}

fn word<T: PartialEq>(all: &[(&'static str, T)], what: T) -> &'static str {
    all.iter().find(|(_, known)| *known == what).map_or("", |(word, _)| word)
}
