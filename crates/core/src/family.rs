//! A family as the journal has made it: members, paid fills and accumulators.

use serde::{Deserialize, Serialize};

use crate::{
    BillingKey, Cents, ClaimId, Date, DrugUse, FamilyId, GroupId, Member, Paid, PersonCode,
};

/// A paid claim that has not been reversed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    /// The decision that paid it.
    pub id: ClaimId,
    /// Pharmacy, prescription, fill and day.
    pub key: BillingKey,
    /// Product, quantity and days.
    pub drug: DrugUse,
    /// The amounts, so that a claim sent again gets the same answer.
    pub paid: Paid,
    /// [`Claim::fingerprint`](crate::Claim::fingerprint), by which a claim sent again is known.
    pub fingerprint: u64,
}

/// What one person has paid in one plan year of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Accumulator {
    /// Who.
    pub person: PersonCode,
    /// Under which group's plan.
    pub group: GroupId,
    /// First day of the plan year.
    pub plan_year: Date,
    /// Paid toward the deductible.
    pub deductible: Cents,
    /// Paid toward the out-of-pocket maximum.
    pub out_of_pocket: Cents,
}

/// Everyone on one card: the unit that is read, decided and committed as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Family {
    /// Whose card.
    pub id: FamilyId,
    /// How many journal entries it is made of; what compare-and-swap compares.
    pub version: u64,
    /// In order of person code.
    pub members: Vec<Member>,
    /// Paid and not reversed, in the order of the journal.
    pub fills: Vec<Fill>,
    /// In order of person, group and plan year; none is kept that is zero.
    pub accumulators: Vec<Accumulator>,
    /// Fills that were reversed, so that a second reversal is told from an unknown claim.
    pub reversed: Vec<(BillingKey, ClaimId)>,
}

impl Family {
    /// A family of which nothing is known.
    pub const fn unknown(id: FamilyId) -> Self {
        Self {
            id,
            version: 0,
            members: Vec::new(),
            fills: Vec::new(),
            accumulators: Vec::new(),
            reversed: Vec::new(),
        }
    }

    /// The fills of one person.
    pub fn fills_of(&self, person: PersonCode) -> impl DoubleEndedIterator<Item = &Fill> {
        self.fills.iter().filter(move |fill| fill.paid.person == person)
    }

    /// The accumulators of everyone for one plan year of one group.
    pub fn accumulators_in(
        &self,
        group: GroupId,
        plan_year: Date,
    ) -> impl Iterator<Item = &Accumulator> {
        self.accumulators.iter().filter(move |a| a.group == group && a.plan_year == plan_year)
    }
}
