//! A family as the journal has made it: members, paid fills and accumulators.

use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::{
    BillingKey, Cents, ClaimId, Completed, Date, DrugUse, FamilyId, GroupId, MedicalTotal, Member,
    Npi, Paid, PartD, PartDYear, PartialFill, PersonCode,
};

/// A paid claim that has not been reversed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Fill {
    /// The decision that paid it.
    #[n(0)]
    pub id: ClaimId,
    /// Pharmacy, prescription, fill and day.
    #[n(1)]
    pub key: BillingKey,
    /// Product, quantity and days.
    #[n(2)]
    pub drug: DrugUse,
    /// The amounts, so that a claim sent again gets the same answer.
    #[n(3)]
    pub paid: Paid,
    /// [`Claim::fingerprint`](crate::Claim::fingerprint), by which a claim sent again is known.
    #[n(4)]
    pub fingerprint: u64,
    /// The amounts that the pharmacy was answered, where they were adjusted since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(5)]
    pub first: Option<Box<Paid>>,
    /// How a claim of Medicare Part D divides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(6)]
    pub part_d: Option<Box<PartD>>,
    /// For a fill in two parts, which part this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(7)]
    pub partial: Option<Box<PartialFill>>,
}

impl Fill {
    /// The amounts that the pharmacy was answered, and is paid by.
    pub fn answered(&self) -> &Paid {
        self.first.as_deref().unwrap_or(&self.paid)
    }

    /// Its place in the order in which claims are decided again: by day of service, and on one
    /// day by decision.
    pub const fn order(&self) -> (Date, ClaimId) {
        (self.key.date_of_service, self.id)
    }

    /// What refill, quantity and interaction rules count: the product, or of a compound the
    /// ingredient that decided.
    pub fn counted(&self) -> DrugUse {
        self.paid.compound.unwrap_or(self.drug)
    }

    /// The days supply by which a plan's rows know the fill: of a fill in two parts the whole's.
    pub fn days_intended(&self) -> u16 {
        self.partial.as_ref().map_or(self.counted().days_supply, |part| part.days_intended)
    }

    /// True if it completes another fill, so that the two are one.
    pub fn is_completion(&self) -> bool {
        self.partial.as_ref().is_some_and(|part| part.completes.is_some())
    }

    /// True if it is the partial fill that a completion at a pharmacy names.
    pub fn is_completed_by(&self, pharmacy: Npi, completes: &Completed) -> bool {
        self.partial.as_ref().is_some_and(|part| part.completes.is_none())
            && self.key.pharmacy == pharmacy
            && self.key.prescription == completes.prescription
            && self.key.date_of_service == completes.date_of_service
    }
}

/// What one person has paid in one period of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[derive(Serialize, Deserialize, Encode, Decode)]
pub struct Accumulator {
    /// Who.
    #[n(0)]
    pub person: PersonCode,
    /// Under which group's plan.
    #[n(1)]
    pub group: GroupId,
    /// First day of the period in which they add up, by the plan: mostly the plan year.
    #[n(2)]
    pub plan_year: Date,
    /// Paid toward the deductible.
    #[n(3)]
    pub deductible: Cents,
    /// Paid toward the out-of-pocket maximum.
    #[n(4)]
    pub out_of_pocket: Cents,
    /// What a year of Medicare Part D has come to beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[n(5)]
    pub part_d: Option<PartDYear>,
}

impl Accumulator {
    /// Where a year begins.
    pub const fn empty(person: PersonCode, group: GroupId, plan_year: Date) -> Self {
        let (deductible, out_of_pocket) = (Cents::ZERO, Cents::ZERO);
        Self { person, group, plan_year, deductible, out_of_pocket, part_d: None }
    }

    /// True if nothing has been counted.
    pub fn is_zero(&self) -> bool {
        *self == Self::empty(self.person, self.group, self.plan_year)
    }
}

/// Everyone on one card: the unit that is read, decided and committed as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Encode, Decode)]
pub struct Family {
    /// Whose card.
    #[n(0)]
    pub id: FamilyId,
    /// How many journal entries it is made of; what compare-and-swap compares.
    #[n(1)]
    pub version: u64,
    /// In order of person code.
    #[n(2)]
    pub members: Vec<Member>,
    /// Paid and not reversed, in the order of the journal.
    #[n(3)]
    pub fills: Vec<Fill>,
    /// In order of person, group and plan year; none is kept that is zero.
    #[n(4)]
    pub accumulators: Vec<Accumulator>,
    /// Fills that were reversed, so that a second reversal is told from an unknown claim.
    #[n(5)]
    pub reversed: Vec<(BillingKey, ClaimId)>,
    /// Claims that were paid and turned out not to be covered, with the amounts that the pharmacy
    /// was answered. They count toward nothing, can be taken back, and may be covered again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cbor(default)]
    #[n(6)]
    pub uncovered: Vec<Fill>,
    /// What the medical side has come to, in the order in which it was stated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cbor(default)]
    #[n(7)]
    pub medical: Vec<MedicalTotal>,
}

impl Family {
    /// About as many bytes as it takes in memory: what its lists have room for, and a little for
    /// each text.
    pub fn bytes_in_memory(&self) -> usize {
        /// Names, spans of coverage and the like of a member.
        const BESIDE_A_MEMBER: usize = 200;
        let fills = self.fills.capacity().saturating_add(self.uncovered.capacity());
        // Who has one claim of Part D mostly has no others.
        let is_part_d = self.fills.last().is_some_and(|fill| fill.part_d.is_some());
        let of_part_d = if is_part_d { size_of::<PartD>() } else { 0 };
        let lists = [
            (self.members.capacity(), size_of::<Member>().saturating_add(BESIDE_A_MEMBER)),
            (fills, size_of::<Fill>().saturating_add(of_part_d)),
            (self.accumulators.capacity(), size_of::<Accumulator>()),
            (self.reversed.capacity(), size_of::<(BillingKey, ClaimId)>()),
            (self.medical.capacity(), size_of::<MedicalTotal>()),
        ];
        let lists = lists.into_iter().map(|(room, each)| room.saturating_mul(each));
        lists.fold(size_of::<Self>(), usize::saturating_add)
    }

    /// A family of which nothing is known.
    pub const fn unknown(id: FamilyId) -> Self {
        Self {
            id,
            version: 0,
            members: Vec::new(),
            fills: Vec::new(),
            accumulators: Vec::new(),
            reversed: Vec::new(),
            uncovered: Vec::new(),
            medical: Vec::new(),
        }
    }

    /// Everything that a pharmacy was paid for and has not taken back, covered or not.
    pub fn dispensed(&self) -> impl DoubleEndedIterator<Item = &Fill> {
        self.fills.iter().chain(&self.uncovered)
    }

    /// True if a claim of the family is paid now.
    pub fn covers(&self, claim: ClaimId) -> bool {
        self.fills.iter().any(|fill| fill.id == claim)
    }

    /// The completion of a partial fill.
    pub fn completion_of(&self, partial: &Fill) -> Option<&Fill> {
        self.dispensed().find(|fill| {
            let completes = fill.partial.as_ref().and_then(|part| part.completes.as_ref());
            completes.is_some_and(|of| partial.is_completed_by(fill.key.pharmacy, of))
        })
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

    /// What the medical side of a period has come to for a claim of a day, under the groups that
    /// count: of each person the total of the latest day before it, and of one day what was
    /// stated last.
    pub fn medical_on(
        &self,
        counts: impl Fn(GroupId) -> bool,
        plan_year: Date,
        day: Date,
    ) -> Vec<&MedicalTotal> {
        let mut latest: Vec<&MedicalTotal> = Vec::new();
        let of_year = self.medical.iter().filter(|t| t.plan_year == plan_year && t.as_of < day);
        for total in of_year.filter(|total| counts(total.group)) {
            match latest.iter_mut().find(|known| known.person == total.person) {
                Some(known) if known.as_of <= total.as_of => *known = total,
                Some(_) => {}
                None => latest.push(total),
            }
        }
        latest
    }
}
