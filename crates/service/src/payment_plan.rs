//! The Medicare Prescription Payment Plan (42 CFR 423.137): the bills of the members who are in
//! it, of their claims of Part D as the journal has them.
//!
//! A claim comes into the month in which it was decided, and what reverses or adjusts it into the
//! month in which that was: a bill that was sent never changes. All days are UTC.

use std::collections::{BTreeMap, BTreeSet};

use openpbm_book::Book;
use openpbm_core::{
    Adjudication, Cents, Claim, ClaimId, Coverage, Date, Entry, Event, Family, FamilyId, GroupId,
    InPaymentPlan, Member, Overflow, Paid, PartD, PersonCode,
};
use openpbm_engine::payment_plan::{Bill, MONTHS, PlanError, Sums, Year, bills};
use serde::Serialize;

use crate::csv;

/// The columns of a bill's line, in their order.
pub const COLUMNS: [&str; 11] = [
    "group",
    "cardholder_id",
    "person_code",
    "month",
    "cap_of",
    "cap",
    "cost",
    "credit",
    "billed",
    "refunded",
    "owed",
];

/// Which bills.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'b> {
    /// The book that knows the year's threshold.
    pub book: &'b Book,
    /// The calendar year, which is Part D's.
    pub year: i32,
    /// The last day that is looked at, of that year; `None` for all that is known, what was
    /// decided after the year being of December.
    pub through: Option<Date>,
    /// One group alone.
    pub group: Option<GroupId>,
}

/// A year that cannot be billed.
#[derive(Debug, thiserror::Error)]
pub enum BillingError {
    /// The book has no threshold.
    #[error("the book has no plan of Part D for group {group} on {day}, expected its threshold")]
    NoPlan {
        /// Under which claims were paid.
        group: GroupId,
        /// The day of service of one of them.
        day: Date,
    },
    /// The bills cannot be made.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// An amount does not fit.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

/// What the journal says of the claims of Part D of a year, and of who is in the program: a fold
/// of entries in the order of the journal.
#[derive(Debug)]
pub struct Claims<'b> {
    asked: Asked<'b>,
    families: BTreeMap<FamilyId, Household>,
}

#[derive(Debug, Default)]
struct Household {
    people: BTreeMap<PersonCode, Person>,
    /// Claims as they stand now.
    standing: BTreeMap<ClaimId, Standing>,
    changes: Vec<Change>,
}

#[derive(Debug)]
struct Person {
    coverage: Vec<Coverage>,
    in_plan: Option<InPaymentPlan>,
}

/// What a claim comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    person: PersonCode,
    group: GroupId,
    date_of_service: Date,
    /// What the member owes of it, if the program is to bill it.
    share: Cents,
    /// What counts toward the threshold.
    counted: Cents,
}

/// What a decision did to a claim; of a reversal both amounts are negative.
#[derive(Debug, Clone, Copy)]
struct Change {
    claim: Standing,
    /// The month in which it was decided, held to the year.
    month: u8,
}

impl<'b> Claims<'b> {
    /// Before the first entry.
    pub const fn new(asked: Asked<'b>) -> Self {
        Self { asked, families: BTreeMap::new() }
    }

    /// Takes the next entry in.
    ///
    /// # Errors
    ///
    /// [`Overflow`] if an amount does not fit.
    pub fn take(&mut self, family: FamilyId, entry: &Entry) -> Result<(), Overflow> {
        let (asked, day) = (self.asked, entry.recorded.date());
        let household = self.families.entry(family).or_default();
        match &entry.event {
            Event::Enrolled { members } => household.enroll(&asked, members),
            Event::Decided { claim, adjudication, .. } => {
                if let Some(paid) = adjudication.paid() {
                    let stands = standing(claim, adjudication, paid)?;
                    household.change(&asked, day, entry.id, stands)?;
                }
            }
            Event::Reversed { claim, .. } => household.change(&asked, day, *claim, None)?,
            Event::Adjusted(adjustment) => {
                let (claim, answered) = (&adjustment.claim, &adjustment.answered);
                let stands = standing(claim, &adjustment.adjudication, answered)?;
                household.change(&asked, day, adjustment.of, stands)?;
            }
            Event::Carried { family } => *household = Household::of(&asked, family)?,
            Event::Refused(_) | Event::Retired | Event::Medical { .. } => {}
        }
        Ok(())
    }

    /// The bills of all who are in the program and have claims in it, in order of family, person
    /// and group.
    ///
    /// # Errors
    ///
    /// [`BillingError`], as it says.
    pub fn billed(&self) -> Result<Vec<Billed>, BillingError> {
        let mut billed = Vec::new();
        for (family, household) in &self.families {
            for (code, person) in &household.people {
                let Some(span) = person.in_plan else { continue };
                for group in household.groups_of(*code, self.asked.group) {
                    let begins = person.begins(span, group);
                    let Some(year) = self.year(household, (*code, group), begins, span)? else {
                        continue;
                    };
                    let mut bills = bills(&year)?;
                    bills.retain(|bill| bill.month <= self.asked.last_month());
                    let sums = Sums::of(&bills)?;
                    let left = span.to.filter(|to| to.ymd().0 == self.asked.year);
                    let (family, person) = (*family, *code);
                    billed.push(Billed { family, person, group, left, bills, sums });
                }
            }
        }
        Ok(billed)
    }

    /// `None` if the member has no claim in the program.
    fn year(
        &self,
        household: &Household,
        (person, group): (PersonCode, GroupId),
        begins: Date,
        span: InPaymentPlan,
    ) -> Result<Option<Year>, BillingError> {
        let first = if begins.ymd().0 < self.asked.year { 1 } else { begins.ymd().1 };
        let of_person = household.changes.iter().filter(|change| change.claim.person == person);
        let (mut costs, mut credits) = ([Cents::ZERO; 12], [Cents::ZERO; 12]);
        let (mut incurred, mut served) = (Cents::ZERO, None);
        for Change { claim, month } in of_person {
            if claim.date_of_service < begins {
                if *month <= first {
                    incurred = incurred.plus(claim.counted)?;
                }
            } else if claim.group == group && span.holds(claim.date_of_service) {
                served = served.or(Some(claim.date_of_service));
                let is_credit = claim.share.is_negative();
                let months = if is_credit { &mut credits } else { &mut costs };
                let amount = if is_credit { Cents::ZERO.minus(claim.share)? } else { claim.share };
                let place = usize::from(month.saturating_sub(1));
                if let Some(sum) = months.get_mut(place) {
                    *sum = sum.plus(amount)?;
                }
            }
        }
        let Some(day) = served else { return Ok(None) };
        let threshold = self.asked.threshold(group, day)?;
        // Nothing that was dispensed after it is among the costs; what is put right later is.
        let last = None;
        Ok(Some(Year { threshold, incurred, first, last, costs, credits }))
    }
}

impl Asked<'_> {
    fn last_month(&self) -> u8 {
        self.through.map_or(MONTHS, |through| through.ymd().1)
    }

    /// The month that a decision of a day is billed in; `None` if it is not looked at.
    fn month_of(&self, day: Date) -> Option<u8> {
        if self.through.is_some_and(|through| through < day) {
            return None;
        }
        let (year, month, _) = day.ymd();
        Some(match year.cmp(&self.year) {
            std::cmp::Ordering::Less => 1,
            std::cmp::Ordering::Equal => month,
            std::cmp::Ordering::Greater => MONTHS,
        })
    }

    fn threshold(&self, group: GroupId, day: Date) -> Result<Cents, BillingError> {
        let found = self.book.group(group).and_then(|rows| rows.on(day));
        let plan = found.and_then(|group| self.book.plan(group, day));
        let part_d = plan.and_then(|plan| plan.part_d.as_ref());
        Ok(part_d.ok_or(BillingError::NoPlan { group, day })?.threshold.value)
    }
}

/// How a claim stands by a decision; `None` if it is not covered by Part D.
fn standing(
    claim: &Claim,
    adjudication: &Adjudication,
    answered: &Paid,
) -> Result<Option<Standing>, Overflow> {
    let Some((paid, part_d)) = adjudication.paid().zip(adjudication.part_d.as_deref()) else {
        return Ok(None);
    };
    let mut stands = Standing::of(claim.key.date_of_service, paid, part_d, answered)?;
    if claim.details.member_submitted {
        // It was paid at the counter.
        stands.share = Cents::ZERO;
    }
    Ok(Some(stands))
}

impl Standing {
    fn of(
        date_of_service: Date,
        paid: &Paid,
        part_d: &PartD,
        answered: &Paid,
    ) -> Result<Self, Overflow> {
        Ok(Self {
            person: paid.person,
            group: paid.group,
            date_of_service,
            share: paid.owed_by_member(answered)?,
            counted: part_d.toward_threshold,
        })
    }

    /// The same claim with the amounts less those.
    fn less(self, share: Cents, counted: Cents) -> Result<Self, Overflow> {
        Ok(Self { share: self.share.minus(share)?, counted: self.counted.minus(counted)?, ..self })
    }
}

impl Household {
    /// What is carried on knows the amounts that stood then, and no more what was taken back.
    fn of(asked: &Asked<'_>, family: &Family) -> Result<Self, Overflow> {
        let mut household = Self::default();
        household.enroll(asked, &family.members);
        for fill in &family.fills {
            let Some(part_d) = fill.part_d.as_deref() else { continue };
            let day = fill.key.date_of_service;
            let stands = Standing::of(day, &fill.paid, part_d, fill.answered())?;
            household.change(asked, fill.id.made().date(), fill.id, Some(stands))?;
        }
        Ok(household)
    }

    fn enroll(&mut self, asked: &Asked<'_>, members: &[Member]) {
        for Member { person_code, coverage, circumstances, .. } in members {
            let in_plan = circumstances.payment_plan_in(asked.year).copied();
            let person = Person { coverage: coverage.clone(), in_plan };
            self.people.insert(*person_code, person);
        }
    }

    /// A claim stands otherwise from a day on.
    fn change(
        &mut self,
        asked: &Asked<'_>,
        day: Date,
        id: ClaimId,
        after: Option<Standing>,
    ) -> Result<(), Overflow> {
        let after = after.filter(|claim| claim.date_of_service.ymd().0 == asked.year);
        let before = match after {
            Some(after) => self.standing.insert(id, after),
            None => self.standing.remove(&id),
        };
        let nothing = Cents::ZERO;
        let changes = match (before, after) {
            (Some(before), Some(after)) if before.group == after.group => {
                [Some(after.less(before.share, before.counted)?), None]
            }
            (before, after) => {
                let taken = |before: Standing| {
                    Standing { share: nothing, counted: nothing, ..before }
                        .less(before.share, before.counted)
                };
                [before.map(taken).transpose()?, after]
            }
        };
        for claim in changes.into_iter().flatten() {
            if let Some(month) = asked.month_of(day.max(claim.date_of_service)) {
                self.changes.push(Change { claim, month });
            }
        }
        Ok(())
    }

    fn groups_of(&self, person: PersonCode, asked: Option<GroupId>) -> BTreeSet<GroupId> {
        let claims = self.changes.iter().map(|change| change.claim);
        let claims = claims.filter(|claim| claim.person == person);
        let groups = claims.map(|claim| claim.group);
        groups.filter(|group| asked.is_none_or(|asked| asked == *group)).collect()
    }
}

impl Person {
    /// The first day in the program of a group's plan: who moves to another plan begins anew.
    fn begins(&self, span: InPaymentPlan, group: GroupId) -> Date {
        let covered = self.coverage.iter().filter(|it| it.group == group);
        let during = covered.filter(|it| it.to.is_none_or(|to| span.from <= to));
        during.map(|it| it.from).min().map_or(span.from, |from| from.max(span.from))
    }
}

/// The bills of a member's year in one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Billed {
    /// Cardholder id.
    pub family: FamilyId,
    /// Who in the family.
    pub person: PersonCode,
    /// Whose plan bills.
    pub group: GroupId,
    /// The last day in the program, of a member who leaves it in the year.
    pub left: Option<Date>,
    /// One for each month from the first in the program on.
    pub bills: Vec<Bill>,
    /// What they come to.
    pub sums: Sums,
}

impl Billed {
    /// The lines of the bills, without the header.
    pub fn lines(&self, year: i32) -> impl Iterator<Item = String> {
        self.bills.iter().enumerate().map(move |(place, bill)| {
            let Bill { month, cap, cost, credit, billed, refunded, owed } = bill;
            let Self { group, family, person, .. } = self;
            let cap_of = if place == 0 { "first" } else { "later" };
            let ids = [group.to_string(), family.to_string(), person.to_string()];
            let ids = csv::line(ids);
            format!(
                "{ids},{year:04}-{month:02},{cap_of},{cap},{cost},{credit},{billed},{refunded},\
                 {owed}"
            )
        })
    }
}

/// What all bills come to; amounts in cents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The calendar year.
    pub year: i32,
    /// The last day that was looked at, if not all was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub through: Option<Date>,
    /// Members who are billed, each once for every plan.
    pub members: u64,
    /// What they owed at pharmacies.
    pub cost: Cents,
    /// What of it turned out not to be owed.
    pub credit: Cents,
    /// What is billed in the months that were looked at.
    pub billed: Cents,
    /// What of earlier bills goes back.
    pub refunded: Cents,
    /// What is owed and not yet billed after them.
    pub owed: Cents,
    /// Those of them who have left the program by the last day that was looked at.
    pub left: u64,
    /// What of `owed` is theirs.
    pub owed_by_left: Cents,
}

impl Summary {
    /// Adds the bills up.
    ///
    /// # Errors
    ///
    /// [`Overflow`] if an amount does not fit.
    pub fn of(asked: &Asked<'_>, all: &[Billed]) -> Result<Self, Overflow> {
        let sum = |what: fn(&Sums) -> Cents| Cents::sum(all.iter().map(|it| what(&it.sums)));
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let has_left = |it: &&Billed| {
            it.left.is_some_and(|left| asked.through.is_none_or(|through| left < through))
        };
        let left = || all.iter().filter(has_left);
        Ok(Self {
            year: asked.year,
            through: asked.through,
            members: count(all.len()),
            cost: sum(|sums| sums.cost)?,
            credit: sum(|sums| sums.credit)?,
            billed: sum(|sums| sums.billed)?,
            refunded: sum(|sums| sums.refunded)?,
            owed: sum(|sums| sums.owed)?,
            left: count(left().count()),
            owed_by_left: Cents::sum(left().map(|it| it.sums.owed))?,
        })
    }
}

/// The line of the columns' names.
pub fn header() -> String {
    COLUMNS.join(",")
}
