//! A family and what was paid for it, and the transactions that change it: billing, reversal,
//! rebill. Accumulators are not kept: they are added up from the paid fills whenever asked.

use openpbm_core::{
    Accumulator, BillingKey, Cents, Claim, ClaimId, Completed, Date, DrugUse, GroupId,
    MedicalTotal, Member, Npi, Paid, PartD, PartDYear, PersonCode, RejectCode, Reversal,
};
use serde::{Deserialize, Serialize};

use crate::decide::{adjudicate, again};
use crate::{Answer, Observation, Rules};

/// Something that happens to a family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// B1.
    Bill(Box<Claim>),
    /// B2.
    Reverse(Reversal),
    /// B3.
    Rebill(Box<Claim>),
    /// Members as an enrollment file states them; each replaces the one of its person code.
    Enroll(Vec<Member>),
    /// What the medical side has come to, as a feed states it; a line is known again by its id.
    Medical(Vec<MedicalTotal>),
    /// What was paid is decided again, because something came late.
    Reprocess,
}

/// A paid claim that was not reversed.
#[derive(Debug, Clone)]
pub(crate) struct Fill {
    /// Of the decision that paid it; on one day the lower one was first.
    pub(crate) id: ClaimId,
    pub(crate) claim: Claim,
    /// What it comes to.
    pub(crate) paid: Paid,
    pub(crate) part_d: Option<Box<PartD>>,
    /// What the pharmacy was answered.
    pub(crate) first: Paid,
}

impl Fill {
    /// The answer to the same claim sent again. How an adjusted claim divides is not repeated.
    fn again(&self) -> Answer {
        Answer::duplicate(self.first, self.part_d.clone().filter(|_| self.first == self.paid))
    }

    pub(crate) fn key(&self) -> BillingKey {
        self.claim.key
    }

    pub(crate) fn date(&self) -> Date {
        self.claim.key.date_of_service
    }

    /// What rules count: of a compound the ingredient that decided.
    pub(crate) fn drug(&self) -> DrugUse {
        self.paid.compound.unwrap_or(self.claim.drug)
    }

    /// The days by which a plan's rows know it: of a fill in two parts the whole's.
    pub(crate) fn days(&self) -> u16 {
        let part = self.claim.details.partial.as_ref();
        part.map_or(self.drug().days_supply, |part| part.days_intended)
    }

    /// True if it is a part of a fill, and the first one.
    pub(crate) fn is_partial(&self) -> bool {
        self.claim.details.partial.as_ref().is_some_and(|part| part.completes.is_none())
    }

    /// The partial fill that it completes, as it names it.
    pub(crate) fn completes(&self) -> Option<&Completed> {
        self.claim.details.partial.as_ref()?.completes.as_ref()
    }

    /// True if it completes that one.
    pub(crate) fn is_completion_of(&self, first: &Self) -> bool {
        self.completes().is_some_and(|of| first.is_partial_fill_of(self.key().pharmacy, of))
    }

    /// True if it is the partial fill that a completion at a pharmacy names.
    pub(crate) fn is_partial_fill_of(&self, pharmacy: Npi, of: &Completed) -> bool {
        let key = self.key();
        self.is_partial()
            && (key.pharmacy, key.prescription, key.date_of_service)
                == (pharmacy, of.prescription, of.date_of_service)
    }

    fn order(&self) -> (Date, ClaimId) {
        (self.date(), self.id)
    }
}

/// A family: its members, what is paid, what was taken back.
#[derive(Debug, Clone, Default)]
pub struct Household {
    pub(crate) members: Vec<Member>,
    pub(crate) fills: Vec<Fill>,
    /// What was paid and is not covered after all.
    pub(crate) uncovered: Vec<Fill>,
    pub(crate) reversed: Vec<BillingKey>,
    /// What a feed has stated, in its order.
    pub(crate) medical: Vec<MedicalTotal>,
    /// How often something was paid.
    count: u64,
}

impl Household {
    /// A family of these members.
    pub fn new(members: Vec<Member>) -> Self {
        Self { members, ..Self::default() }
    }

    /// Takes an event in, and says what the pharmacy is answered and how the family then stands.
    pub fn meet(&mut self, rules: &Rules, event: &Event) -> Observation {
        let answer = match event {
            Event::Bill(claim) => self.bill(rules, claim),
            Event::Reverse(reversal) => self.reverse(reversal),
            Event::Rebill(claim) => self.rebill(rules, claim),
            Event::Enroll(members) => self.enroll(members),
            Event::Medical(totals) => self.state_medical(totals),
            Event::Reprocess => self.reprocess(rules),
        };
        Observation { answer, accumulators: self.accumulators(), fills: self.fills.len() }
    }

    /// Each member replaces the one of its person code.
    pub(crate) fn enroll(&mut self, members: &[Member]) -> Answer {
        for member in members {
            self.members.retain(|known| known.person_code != member.person_code);
            self.members.push(member.clone());
        }
        Answer::accepted()
    }

    pub(crate) fn state_medical(&mut self, totals: &[MedicalTotal]) -> Answer {
        for total in totals {
            if !self.medical.iter().any(|known| known.id == total.id) {
                self.medical.push(*total);
            }
        }
        Answer::accepted()
    }

    /// What the medical side of a year had come to on a day for one person or for all: of each
    /// person what was stated last for the latest day before.
    pub(crate) fn medical(
        &self,
        (groups, year): (&dyn Fn(GroupId) -> bool, Date),
        day: Date,
        person: Option<PersonCode>,
        amount: fn(&MedicalTotal) -> Cents,
    ) -> i128 {
        let counts = |total: &&MedicalTotal| {
            groups(total.group) && total.plan_year == year && total.as_of < day
        };
        let mut persons: Vec<_> = self.medical.iter().map(|total| total.person).collect();
        persons.sort();
        persons.dedup();
        persons.retain(|known| person.is_none_or(|person| person == *known));
        let latest = persons.iter().filter_map(|person| {
            let of_person = self.medical.iter().filter(|total| total.person == *person);
            // Of equal days the last one is the greatest.
            of_person.filter(counts).max_by_key(|total| total.as_of)
        });
        latest.map(|total| i128::from(amount(total).get())).sum()
    }

    /// The same claim again is answered as it was; any other is decided.
    pub(crate) fn bill(&mut self, rules: &Rules, claim: &Claim) -> Answer {
        if let Some(fill) = self.paid_before(claim) {
            return fill.again();
        }
        let answer = adjudicate(rules, self, claim);
        self.pay(claim, &answer);
        answer
    }

    fn pay(&mut self, claim: &Claim, answer: &Answer) {
        let Some(paid) = answer.paid else { return };
        self.count += 1;
        let (id, part_d) = (ClaimId::new(self.count, 0), answer.part_d.clone());
        self.fills.push(Fill { id, claim: claim.clone(), paid, part_d, first: paid });
    }

    /// Everything that a pharmacy was paid for.
    pub(crate) fn dispensed(&self) -> impl Iterator<Item = &Fill> {
        self.fills.iter().chain(&self.uncovered)
    }

    /// The completion of a partial fill.
    pub(crate) fn completion(&self, first: &Fill) -> Option<&Fill> {
        self.dispensed().find(|fill| fill.is_completion_of(first))
    }

    /// The same claim as it was paid before: the same thing for the same person under the same
    /// key, and of a fill in two parts the same part; a compound if nothing of it is another.
    fn paid_before(&self, claim: &Claim) -> Option<&Fill> {
        let is_compound = |fill: &&Fill| fill.key() == claim.key && fill.claim.compound;
        if claim.compound || self.dispensed().any(|fill| is_compound(&fill)) {
            return self.rebilled_before(claim);
        }
        self.dispensed().find(|fill| {
            let person = claim.person_code.is_none_or(|person| person == fill.paid.person);
            let is_same_part = fill.claim.details.partial == claim.details.partial;
            fill.key() == claim.key && fill.claim.drug == claim.drug && person && is_same_part
        })
    }

    /// The very same claim as it was paid before, on whatever day it comes in again.
    fn rebilled_before(&self, claim: &Claim) -> Option<&Fill> {
        let sent = |received| Claim { received, ..claim.clone() };
        self.dispensed().find(|fill| fill.claim == sent(fill.claim.received))
    }

    /// Everything that was paid is decided again in the order of the days of service, on the
    /// members as they are now: as if they had been so from the start, and nothing had come late.
    fn reprocess(&mut self, rules: &Rules) -> Answer {
        let mut all: Vec<_> = self.dispensed().cloned().collect();
        all.sort_by_key(Fill::order);
        let (members, medical) = (self.members.clone(), self.medical.clone());
        let mut history = Self { members, medical, ..Self::default() };
        for fill in &all {
            let was_covered = self.fills.iter().any(|covered| covered.id == fill.id);
            history.keep(fill, was_covered, again(rules, &history, fill));
        }
        (self.fills, self.uncovered) = (history.fills, history.uncovered);
        self.fills.sort_by_key(|fill| fill.id);
        self.uncovered.sort_by_key(|fill| fill.id);
        Answer::reprocessed(self.fills.iter().map(|fill| fill.paid).collect())
    }

    /// Keeps what a claim comes to now, where it comes to something else than before; a claim that
    /// was not covered came to nothing.
    fn keep(&mut self, fill: &Fill, was_covered: bool, now: Answer) {
        let (fill, part_d) = (fill.clone(), now.part_d);
        let is_same = |paid: &Paid| paid.comes_to(&fill.paid) && same_parts(&part_d, &fill.part_d);
        match now.paid {
            Some(paid) if was_covered && is_same(&paid) => self.fills.push(fill),
            Some(paid) => self.fills.push(Fill { paid, part_d, ..fill }),
            None => self.uncovered.push(Fill { paid: fill.first, ..fill }),
        }
    }

    /// Decides one claim again, on what comes before it.
    pub(crate) fn again(&self, rules: &Rules, fill: &Fill) -> Answer {
        let mut before = self.clone();
        before.fills.retain(|other| other.order() < fill.order());
        again(rules, &before, fill)
    }

    /// From now on a claim comes to that. One that is covered no more, or again, stands before the
    /// first that was decided later.
    pub(crate) fn adjust(&mut self, id: ClaimId, paid: Option<Paid>, part_d: Option<Box<PartD>>) {
        let Some(fill) = self.dispensed().find(|fill| fill.id == id).cloned() else { return };
        let part_d = if paid.is_some() { part_d } else { fill.part_d.clone() };
        let now = Fill { paid: paid.unwrap_or(fill.first), part_d, ..fill };
        let was_covered = self.fills.iter().any(|fill| fill.id == id);
        if let Some(known) = self.fills.iter_mut().find(|fill| fill.id == id && paid.is_some()) {
            *known = now;
        } else if was_covered != paid.is_some() {
            self.fills.retain(|fill| fill.id != id);
            self.uncovered.retain(|fill| fill.id != id);
            let to = if paid.is_some() { &mut self.fills } else { &mut self.uncovered };
            let place = to.iter().position(|other| other.id > id).unwrap_or(to.len());
            to.insert(place, now);
        }
    }

    /// Gives what was paid last the id that the decision has elsewhere.
    pub(crate) fn name_last(&mut self, id: ClaimId) {
        if let Some(last) = self.fills.last_mut() {
            last.id = id;
        }
    }

    pub(crate) fn reverse(&mut self, reversal: &Reversal) -> Answer {
        match self.take_back(reversal) {
            Ok(_) => Answer::accepted(),
            Err(code) => Answer::rejected(vec![code]),
        }
    }

    /// Reversal and billing in one: if the new claim is rejected, the old one stays paid.
    pub(crate) fn rebill(&mut self, rules: &Rules, claim: &Claim) -> Answer {
        if let Some(fill) = self.rebilled_before(claim) {
            return fill.again();
        }
        let mut without = self.clone();
        if let Err(code) = without.take_back(&Reversal::of_rebill(claim)) {
            return Answer::rejected(vec![code]);
        }
        let answer = adjudicate(rules, &without, claim);
        if answer.paid.is_some() {
            without.pay(claim, &answer);
            *self = without;
        }
        answer
    }

    /// Removes the latest fill that a reversal means.
    fn take_back(&mut self, reversal: &Reversal) -> Result<(), RejectCode> {
        let meant = self.meant(reversal)?.clone();
        self.fills.retain(|fill| fill.id != meant.id);
        self.uncovered.retain(|fill| fill.id != meant.id);
        self.reversed.push(meant.key());
        Ok(())
    }

    /// Which fill a reversal means: the latest that it fits, covered before uncovered. A partial
    /// fill stays as long as its completion does.
    pub(crate) fn meant(&self, reversal: &Reversal) -> Result<&Fill, RejectCode> {
        let meant = |fill: &&Fill| reversal.means(&fill.key(), fill.claim.drug.ndc);
        let was_reversed = || self.reversed.iter().any(|key| reversal.means_key(key));
        let found = self.fills.iter().rfind(meant);
        let found = found.or_else(|| self.uncovered.iter().rfind(meant));
        let found = found.ok_or_else(|| match was_reversed() {
            true => RejectCode::ReversalNotProcessed,
            false => RejectCode::NotPaid,
        })?;
        let is_completed = self.completion(found).is_some();
        if is_completed { Err(RejectCode::PartialIsCompleted) } else { Ok(found) }
    }

    /// What the fills of one plan year of one group add up to, for one person or for all.
    pub(crate) fn spent(
        &self,
        group: GroupId,
        year: Date,
        person: Option<PersonCode>,
        amount: impl Fn(&Fill) -> i128,
    ) -> i128 {
        let in_year = |fill: &&Fill| fill.paid.group == group && fill.paid.plan_year == year;
        let of_person = |fill: &&Fill| person.is_none_or(|person| fill.paid.person == person);
        self.fills.iter().filter(in_year).filter(of_person).map(amount).sum()
    }

    /// What each person has paid in each plan year of each group; nothing that is zero.
    pub(crate) fn accumulators(&self) -> Vec<Accumulator> {
        let paid = self.fills.iter().map(|fill| &fill.paid);
        let mut kinds: Vec<_> = paid.map(|p| (p.person, p.group, p.plan_year)).collect();
        kinds.sort();
        kinds.dedup();
        let all = kinds.into_iter().map(|(person, group, plan_year)| Accumulator {
            person,
            group,
            plan_year,
            deductible: cents(self.spent(group, plan_year, Some(person), deductible)),
            out_of_pocket: cents(self.spent(group, plan_year, Some(person), out_of_pocket)),
            part_d: self.part_d_year(group, plan_year, person),
        });
        all.filter(|a| !a.is_zero()).collect()
    }

    fn part_d_year(&self, group: GroupId, year: Date, person: PersonCode) -> Option<PartDYear> {
        let gross = cents(self.spent(group, year, Some(person), gross));
        Some(PartDYear { gross }).filter(|year| *year != PartDYear::default())
    }
}

/// True if two claims divide alike, wherever the year stood by then.
pub(crate) fn same_parts(one: &Option<Box<PartD>>, other: &Option<Box<PartD>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.comes_to(other),
        _ => one.is_none() && other.is_none(),
    }
}

/// The gross covered drug cost of a claim of Part D.
pub(crate) fn gross(fill: &Fill) -> i128 {
    let Some(part_d) = &fill.part_d else { return 0 };
    let phases = [part_d.deductible_phase, part_d.initial_phase, part_d.catastrophic_phase];
    phases.iter().map(|part| i128::from(part.get())).sum()
}

/// What of a claim counts toward the deductible.
pub(crate) fn deductible(fill: &Fill) -> i128 {
    if let Some(part_d) = &fill.part_d {
        return part_d.toward_deductible.get().into();
    }
    let paid = &fill.paid;
    i128::from(paid.deductible.get()) + i128::from(paid.design.selection_toward_deductible.get())
        - i128::from(paid.coordination.uncounted_deductible.get())
}

/// What of a claim counts toward the out-of-pocket maximum: all but the choice of brand.
pub(crate) fn out_of_pocket(fill: &Fill) -> i128 {
    if let Some(part_d) = &fill.part_d {
        return part_d.toward_threshold.get().into();
    }
    let paid = &fill.paid;
    let counted =
        [paid.deductible, paid.copay, paid.coinsurance, paid.design.selection_toward_maximum];
    counted.iter().map(|part| i128::from(part.get())).sum::<i128>()
        - i128::from(paid.coordination.uncounted_out_of_pocket.get())
}

/// Cents as the outside knows them. No document and no claim can name an amount beyond `i64`.
pub(crate) fn cents(amount: i128) -> Cents {
    Cents::new(i64::try_from(amount).unwrap_or(i64::MAX))
}
