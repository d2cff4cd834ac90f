//! Adherence to medications: whose fills, as the journal has them, last for how much of the time,
//! by each measure of a book.

use std::collections::BTreeMap;

use openpbm_book::{Book, DrugId, Measure, Span};
use openpbm_core::{
    BillingKey, Claim, ClaimId, Coverage, Date, DrugUse, Entry, Event, Family, FamilyId, GroupId,
    Member, Paid, PartialFill, PersonCode,
};
use openpbm_engine::adherence::{Adherence, History, LeftOut, Rate, Supply, measure};
use serde::Serialize;

use crate::csv;

/// The columns of a member's line, in their order.
pub const COLUMNS: [&str; 11] = [
    "measure",
    "group",
    "cardholder_id",
    "person_code",
    "first_fill",
    "last_day",
    "fills",
    "days_covered",
    "days",
    "pdc",
    "adherent",
];

/// Who is measured, and when.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'b> {
    /// The book that knows the drugs, and says what is measured.
    pub book: &'b Book,
    /// The measurement period.
    pub period: Span,
    /// One group alone: what was paid under it, and its coverage.
    pub group: Option<GroupId>,
}

/// What the journal says of members and of the fills that measures ask for.
///
/// It is a fold of entries in the order of the journal; of each family it holds what members'
/// measures need, and of claims those alone that were paid in the period and count or leave out.
#[derive(Debug)]
pub struct Fills<'b> {
    asked: Asked<'b>,
    families: BTreeMap<FamilyId, Household>,
}

#[derive(Debug, Default)]
struct Household {
    people: BTreeMap<PersonCode, Person>,
    fills: Vec<Known>,
}

#[derive(Debug)]
struct Person {
    birth: Date,
    coverage: Vec<Coverage>,
}

/// A paid claim that has not been taken back.
#[derive(Debug)]
struct Known {
    id: ClaimId,
    person: PersonCode,
    group: GroupId,
    /// `None` if the book does not know it.
    drug: Option<DrugId>,
    date_of_service: Date,
    /// Of a completion the day of the partial fill.
    filled: Date,
    days_supply: u16,
}

impl<'b> Fills<'b> {
    /// Before the first entry.
    pub const fn new(asked: Asked<'b>) -> Self {
        Self { asked, families: BTreeMap::new() }
    }

    /// Takes the next entry in.
    pub fn take(&mut self, family: FamilyId, entry: &Entry) {
        if matches!(entry.event, Event::Refused(_) | Event::Retired | Event::Medical { .. }) {
            return;
        }
        let household = self.families.entry(family).or_default();
        match &entry.event {
            Event::Enrolled { members } => household.enroll(members),
            Event::Decided { claim, adjudication, .. } => {
                household.pay(&self.asked, entry.id, claim, adjudication.paid());
            }
            Event::Reversed { claim, .. } => household.forget(*claim),
            Event::Adjusted(adjustment) => {
                household.forget(adjustment.of);
                let paid = adjustment.adjudication.paid();
                household.pay(&self.asked, adjustment.of, &adjustment.claim, paid);
            }
            Event::Carried { family } => *household = Household::of(&self.asked, family),
            Event::Refused(_) | Event::Retired | Event::Medical { .. } => {}
        }
    }

    /// Fills of the period of which the book does not know the drug, so that nobody knows whether
    /// they would count.
    pub fn unknown(&self) -> usize {
        let fills = self.families.values().flat_map(|household| &household.fills);
        fills.filter(|fill| fill.drug.is_none()).count()
    }

    /// What all of it comes to by a measure.
    pub fn measured(&self, by: &'b Measure) -> Measured<'b> {
        let mut measured = Measured {
            measure: by,
            period: self.asked.period,
            members: Vec::new(),
            left_out: LeftOutCounts::default(),
        };
        for (family, household) in &self.families {
            for (code, person) in &household.people {
                let fills = || household.fills.iter().filter(|fill| fill.person == *code);
                match person.measured(&self.asked, by, fills) {
                    None => {}
                    Some(Err(reason)) => measured.left_out.count(reason),
                    Some(Ok((group, found))) => measured.members.push(MeasuredMember {
                        family: *family,
                        person: *code,
                        group,
                        found,
                    }),
                }
            }
        }
        measured
    }
}

impl Household {
    fn of(asked: &Asked<'_>, family: &Family) -> Self {
        let mut household = Self::default();
        household.enroll(&family.members);
        for fill in &family.fills {
            let is_compound = fill.paid.compound.is_some();
            let partial = fill.partial.as_deref();
            household.keep(
                asked,
                fill.id,
                (&fill.key, &fill.drug, partial),
                &fill.paid,
                is_compound,
            );
        }
        household
    }

    fn enroll(&mut self, members: &[Member]) {
        for Member { person_code, birth, coverage, .. } in members {
            let person = Person { birth: *birth, coverage: coverage.clone() };
            self.people.insert(*person_code, person);
        }
    }

    fn pay(&mut self, asked: &Asked<'_>, id: ClaimId, claim: &Claim, paid: Option<&Paid>) {
        let Some(paid) = paid else { return };
        let dispensed = (&claim.key, &claim.drug, claim.details.partial.as_ref());
        self.keep(asked, id, dispensed, paid, claim.compound);
    }

    /// Keeps a fill if a measure asks for it.
    fn keep(
        &mut self,
        asked: &Asked<'_>,
        id: ClaimId,
        (key, used, partial): (&BillingKey, &DrugUse, Option<&PartialFill>),
        paid: &Paid,
        is_compound: bool,
    ) {
        let drug = asked.book.drugs().find(used.ndc);
        let asks = |drug| {
            let measures = &mut asked.book.measures().iter();
            measures.any(|by| by.ingredients_of(drug).is_some() || by.excluded_by.contains(drug))
        };
        let is_asked_for = !is_compound
            && asked.period.holds(key.date_of_service)
            && asked.group.is_none_or(|group| group == paid.group)
            && drug.is_none_or(asks);
        if is_asked_for {
            let completes = partial.and_then(|part| part.completes.as_ref());
            self.fills.push(Known {
                id,
                person: paid.person,
                group: paid.group,
                drug,
                date_of_service: key.date_of_service,
                filled: completes.map_or(key.date_of_service, |of| of.date_of_service),
                days_supply: used.days_supply,
            });
        }
    }

    fn forget(&mut self, claim: ClaimId) {
        self.fills.retain(|fill| fill.id != claim);
    }
}

impl Person {
    /// With the group that paid the first fill.
    fn measured<'f, F: Iterator<Item = &'f Known>>(
        &self,
        asked: &Asked<'_>,
        by: &Measure,
        fills: impl Fn() -> F,
    ) -> Option<Result<(GroupId, Adherence), LeftOut>> {
        let supplied = |fill: &'f Known| {
            let ingredients = by.ingredients_of(fill.drug?)?;
            let Known { date_of_service: from, filled, days_supply: days, .. } = *fill;
            Some((fill.group, Supply { from, filled, days, ingredients }))
        };
        let supplied: Vec<_> = fills().filter_map(supplied).collect();
        let (group, _) = supplied.iter().min_by_key(|(_, supply)| supply.from)?;
        let supplies: Vec<_> = supplied.iter().map(|(_, supply)| *supply).collect();
        let excludes = |fill: &&Known| fill.drug.is_some_and(|drug| by.excluded_by.contains(drug));
        let excluding: Vec<_> = fills().filter(excludes).map(|it| it.date_of_service).collect();
        let in_group = |span: &&Coverage| asked.group.is_none_or(|group| group == span.group);
        let coverage: Vec<_> = self.coverage.iter().filter(in_group).copied().collect();
        let history = History {
            birth: self.birth,
            coverage: &coverage,
            supplies: &supplies,
            excluding: &excluding,
        };
        let found = measure(&history, asked.period)?;
        Some(found.map(|found| (*group, found)))
    }
}

/// A member of a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeasuredMember {
    /// Cardholder id.
    pub family: FamilyId,
    /// Who in the family.
    pub person: PersonCode,
    /// The group that paid the first fill.
    pub group: GroupId,
    /// What the fills come to.
    pub found: Adherence,
}

/// How many members who have filled a measured drug are not in the measure, by the reason.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LeftOutCounts {
    /// Younger than 18.
    pub young: u64,
    /// Without coverage on the day of the first fill.
    pub not_covered: u64,
    /// With fills on fewer than two days.
    pub one_fill: u64,
    /// With less than 91 days from the first fill to the end.
    pub late: u64,
    /// With a fill of a drug that leaves out.
    pub excluded: u64,
}

impl LeftOutCounts {
    const fn count(&mut self, reason: LeftOut) {
        let place = match reason {
            LeftOut::Young => &mut self.young,
            LeftOut::NotCovered => &mut self.not_covered,
            LeftOut::OneFill => &mut self.one_fill,
            LeftOut::Late => &mut self.late,
            LeftOut::Excluded => &mut self.excluded,
        };
        *place += 1;
    }
}

/// What a measure comes to.
#[derive(Debug, Clone)]
pub struct Measured<'b> {
    /// The measure.
    pub measure: &'b Measure,
    /// The measurement period.
    pub period: Span,
    /// Its members, in order of family and person.
    pub members: Vec<MeasuredMember>,
    /// Who is not among them.
    pub left_out: LeftOutCounts,
}

/// The same in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The measure's id.
    pub measure: String,
    /// Its name.
    pub name: String,
    /// First day of the measurement period.
    pub from: Date,
    /// Its last day.
    pub to: Date,
    /// Members in the measure.
    pub members: u64,
    /// Those of them who are adherent.
    pub adherent: u64,
    /// Adherent members of members, in percent with one decimal, rounded half up; `None` if there
    /// are no members.
    pub rate: Option<String>,
    /// Who is not in the measure.
    pub left_out: LeftOutCounts,
}

impl Measured<'_> {
    /// The numbers.
    pub fn summary(&self) -> Summary {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let members = count(self.members.len());
        let adherent = count(self.members.iter().filter(|it| self.is_adherent(it)).count());
        Summary {
            measure: self.measure.id.to_string(),
            name: self.measure.name.to_string(),
            from: self.period.from,
            to: self.period.to,
            members,
            adherent,
            rate: Rate::of(adherent, members).map(|rate| rate.to_string()),
            left_out: self.left_out,
        }
    }

    /// The members' lines, without the header.
    pub fn lines(&self) -> impl Iterator<Item = String> {
        self.members.iter().map(|member| {
            let MeasuredMember { family, person, group, found } = member;
            let cells = [
                self.measure.id.to_string(),
                group.to_string(),
                family.to_string(),
                person.to_string(),
                found.period.from.to_string(),
                found.period.to.to_string(),
                found.fills.to_string(),
                found.days_covered.to_string(),
                found.days.to_string(),
                found.pdc().map(|pdc| pdc.to_string()).unwrap_or_default(),
                self.is_adherent(member).to_string(),
            ];
            csv::line(cells)
        })
    }

    fn is_adherent(&self, member: &MeasuredMember) -> bool {
        member.found.reaches(self.measure.adherent_from)
    }
}

/// The line of the columns' names.
pub fn header() -> String {
    COLUMNS.join(",")
}
