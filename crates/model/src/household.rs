//! A family and what was paid for it, and the transactions that change it: billing, reversal,
//! rebill. Accumulators are not kept: they are added up from the paid fills whenever asked.

use openpbm_core::{
    Accumulator, BillingKey, Cents, Claim, Date, DrugUse, GroupId, Member, Paid, PersonCode,
    RejectCode, Reversal,
};
use serde::{Deserialize, Serialize};

use crate::decide::adjudicate;
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
}

/// A paid claim that was not reversed.
#[derive(Debug, Clone)]
pub(crate) struct Fill {
    pub(crate) claim: Claim,
    pub(crate) paid: Paid,
}

impl Fill {
    pub(crate) fn key(&self) -> BillingKey {
        self.claim.key
    }

    pub(crate) fn date(&self) -> Date {
        self.claim.key.date_of_service
    }

    pub(crate) fn drug(&self) -> DrugUse {
        self.claim.drug
    }
}

/// A family: its members, what is paid, what was taken back.
#[derive(Debug, Clone, Default)]
pub struct Household {
    pub(crate) members: Vec<Member>,
    pub(crate) fills: Vec<Fill>,
    pub(crate) reversed: Vec<BillingKey>,
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
            Event::Enroll(members) => {
                for member in members {
                    self.members.retain(|known| known.person_code != member.person_code);
                    self.members.push(member.clone());
                }
                Answer::accepted()
            }
        };
        Observation { answer, accumulators: self.accumulators(), fills: self.fills.len() }
    }

    /// The same claim again is answered as it was; any other is decided.
    fn bill(&mut self, rules: &Rules, claim: &Claim) -> Answer {
        if let Some(paid) = self.paid_before(claim) {
            return Answer::duplicate(paid);
        }
        let answer = adjudicate(rules, self, claim);
        self.fills.extend(answer.paid.map(|paid| Fill { claim: claim.clone(), paid }));
        answer
    }

    /// What was paid for the same claim: the same thing for the same person under the same key.
    fn paid_before(&self, claim: &Claim) -> Option<Paid> {
        let same = self.fills.iter().find(|fill| {
            let person = claim.person_code.is_none_or(|person| person == fill.paid.person);
            fill.key() == claim.key && fill.drug() == claim.drug && person
        });
        same.map(|fill| fill.paid)
    }

    /// What was paid for the very same claim, on whatever day it comes in again.
    fn rebilled_before(&self, claim: &Claim) -> Option<Paid> {
        let sent = |received| Claim { received, ..claim.clone() };
        let same = self.fills.iter().find(|fill| fill.claim == sent(fill.claim.received));
        same.map(|fill| fill.paid)
    }

    fn reverse(&mut self, reversal: &Reversal) -> Answer {
        match self.take_back(reversal) {
            Ok(_) => Answer::accepted(),
            Err(code) => Answer::rejected(vec![code]),
        }
    }

    /// Reversal and billing in one: if the new claim is rejected, the old one stays paid.
    fn rebill(&mut self, rules: &Rules, claim: &Claim) -> Answer {
        if let Some(paid) = self.rebilled_before(claim) {
            return Answer::duplicate(paid);
        }
        let mut without = self.clone();
        if let Err(code) = without.take_back(&Reversal::of_rebill(claim)) {
            return Answer::rejected(vec![code]);
        }
        let answer = adjudicate(rules, &without, claim);
        if let Some(paid) = answer.paid {
            without.fills.push(Fill { claim: claim.clone(), paid });
            *self = without;
        }
        answer
    }

    /// Removes the latest fill that a reversal means.
    fn take_back(&mut self, reversal: &Reversal) -> Result<Fill, RejectCode> {
        let meant = |fill: &Fill| reversal.means(&fill.key(), fill.drug().ndc);
        if let Some(index) = self.fills.iter().rposition(meant) {
            let fill = self.fills.remove(index);
            self.reversed.push(fill.key());
            return Ok(fill);
        }
        let was_reversed = self.reversed.iter().any(|key| reversal.means_key(key));
        Err(if was_reversed { RejectCode::ReversalNotProcessed } else { RejectCode::NotPaid })
    }

    /// What the fills of one plan year of one group add up to, for one person or for all.
    pub(crate) fn spent(
        &self,
        group: GroupId,
        year: Date,
        person: Option<PersonCode>,
        amount: impl Fn(&Paid) -> i128,
    ) -> i128 {
        let paid = self.fills.iter().map(|fill| &fill.paid);
        let counted = paid.filter(|p| p.group == group && p.plan_year == year);
        counted.filter(|p| person.is_none_or(|person| p.person == person)).map(amount).sum()
    }

    /// What each person has paid in each plan year of each group; nothing that is zero.
    fn accumulators(&self) -> Vec<Accumulator> {
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
        });
        all.filter(|a| (a.deductible, a.out_of_pocket) != (Cents::ZERO, Cents::ZERO)).collect()
    }
}

/// What of a claim counts toward the deductible.
pub(crate) fn deductible(paid: &Paid) -> i128 {
    paid.deductible.get().into()
}

/// What of a claim counts toward the out-of-pocket maximum: all but the choice of brand.
pub(crate) fn out_of_pocket(paid: &Paid) -> i128 {
    i128::from(paid.deductible.get())
        + i128::from(paid.copay.get())
        + i128::from(paid.coinsurance.get())
}

/// Cents as the outside knows them. No document and no claim can name an amount beyond `i64`.
pub(crate) fn cents(amount: i128) -> Cents {
    Cents::new(i64::try_from(amount).unwrap_or(i64::MAX))
}
