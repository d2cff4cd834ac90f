//! Generated families and what their pharmacies send, in the sample book's world.

use std::sync::Arc;

use openpbm_book::Book;
use openpbm_core::{
    BillingKey, CardholderId, Cents, Circumstances, Claim, ClaimId, Coverage, Date, DrugUse,
    During, Entry, Family, Member, Npi, PersonCode, PrescriptionNumber, Quantity, Relationship,
    Reversal, Sex, Timestamp,
};
use openpbm_engine::ledger;
use openpbm_engine::transaction::{self, Answer, Request, Stamp};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof};

use crate::books;
use crate::placing::drugs;

const PHARMACIES: [&str; 5] =
    ["1999000015", "1999000023", "1999000031", "1999000049", "1999000056"];
const DAYS: [u16; 9] = [7, 14, 28, 30, 34, 35, 60, 90, 91];

/// One to four persons covered all year in a group.
pub(crate) fn household(group: &str) -> impl Strategy<Value = Vec<Member>> + use<> {
    let group = group.parse().unwrap();
    let person = (1..80_i32, 1..=12_u8, 1..=28_u8, any::<bool>());
    vec(person, 1..=4).prop_map(move |persons| {
        let member = |(place, (age, month, day, female))| Member {
            person_code: code(place),
            first_name: format!("Person {place}"),
            last_name: "Sample".to_owned(),
            birth: Date::new(2026 - age, month, day).unwrap(),
            sex: Some(if female { Sex::Female } else { Sex::Male }),
            relationship: if place == 0 { Relationship::Subscriber } else { Relationship::Other },
            coverage: vec![Coverage { group, from: Date::new(2026, 1, 1).unwrap(), to: None }],
            diagnoses: Vec::new(),
            allergies: Vec::new(),
            pregnant_until: None,
            circumstances: Circumstances::default(),
        };
        persons.into_iter().enumerate().map(member).collect()
    })
}

fn code(place: usize) -> PersonCode {
    format!("{:02}", place + 1).parse().unwrap()
}

/// A claim before it is known of which family.
#[derive(Debug, Clone)]
pub(crate) struct Sketch {
    person: usize,
    day: i64,
    pharmacy: usize,
    drug: usize,
    days: u16,
    factor: u64,
    daw: u8,
    usual: Option<i64>,
    due: Option<i64>,
    pregnant: bool,
    prescription: u64,
}

pub(crate) fn sketch() -> impl Strategy<Value = Sketch> {
    let charge = || option::weighted(0.15, 1..200_000_i64);
    let who = (0..4_usize, 0..365_i64, prop_oneof![9 => 0..4_usize, 1 => Just(4_usize)]);
    let brands: Vec<_> = (0..drugs().len()).filter(|place| drugs()[*place].brand).collect();
    let drug = prop_oneof![0..drugs().len(), prop::sample::select(brands)];
    let what = (drug, 0..DAYS.len(), prop_oneof![9 => Just(1_u64), 1 => Just(3_u64)]);
    let how = (prop_oneof![4 => Just(0_u8), 2 => Just(1_u8), 4 => Just(2_u8)], charge(), charge());
    (who, what, how, any::<u8>(), 1..9_999_u64).prop_map(|(who, what, how, odd, prescription)| {
        Sketch {
            person: who.0,
            day: who.1,
            pharmacy: who.2,
            drug: what.0,
            days: DAYS[what.1],
            factor: what.2,
            daw: how.0,
            usual: how.1,
            due: how.2,
            pregnant: odd < 20,
            prescription,
        }
    })
}

/// So many claims in the order of their days.
pub(crate) fn claims(count: usize) -> impl Strategy<Value = Vec<Sketch>> {
    vec(sketch(), count).prop_map(|mut sketches| {
        sketches.sort_by_key(|sketch| sketch.day);
        sketches
    })
}

impl Sketch {
    /// The claim for a member of a family.
    pub(crate) fn claim(&self, family: &Family) -> Claim {
        let member = &family.members[self.person % family.members.len()];
        let drug = &drugs()[self.drug];
        let date = Date::new(2026, 1, 1).unwrap().plus_days(self.day);
        let usual = u64::try_from(drug.usual_30).unwrap() * u64::from(self.days) / 30;
        let quantity = Quantity::from_thousandths((usual * self.factor).max(1)).unwrap();
        Claim {
            key: BillingKey {
                pharmacy: PHARMACIES[self.pharmacy].parse::<Npi>().unwrap(),
                prescription: PrescriptionNumber::new(self.prescription).unwrap(),
                fill: 0,
                date_of_service: date,
            },
            received: date,
            group: Some(member.coverage[0].group),
            cardholder: family.id,
            person_code: Some(member.person_code),
            birth: member.birth,
            sex: member.sex,
            pregnant: self.pregnant && member.sex == Some(Sex::Female),
            prescriber: "1999000114".parse().unwrap(),
            drug: DrugUse { ndc: drug.ndc, quantity, days_supply: self.days },
            daw: self.daw,
            compound: false,
            other_coverage: None,
            usual_and_customary: self.usual.map(Cents::new),
            gross_amount_due: Cents::new(self.due.unwrap_or(99_999_999)),
            diagnoses: vec!["E119".to_owned()],
            dur_overrides: Vec::new(),
            details: openpbm_core::Details::default(),
        }
    }
}

/// What a pharmacy sends; an index means one of the fills that are paid, if there is any.
#[derive(Debug, Clone)]
pub(crate) enum Sent {
    Bill(Sketch),
    Again(usize),
    Reverse(usize),
    Rebill(usize, Sketch),
}

/// A family's year.
pub(crate) fn year() -> impl Strategy<Value = Vec<Sent>> {
    let sent = prop_oneof![
        7 => sketch().prop_map(Sent::Bill),
        1 => any::<usize>().prop_map(Sent::Again),
        2 => any::<usize>().prop_map(Sent::Reverse),
        1 => (any::<usize>(), sketch()).prop_map(|(of, sketch)| Sent::Rebill(of, sketch)),
    ];
    vec(sent, 1..=25)
}

/// A household of any group.
pub(crate) fn anybody() -> impl Strategy<Value = Vec<Member>> {
    prop_oneof![
        household("CSCPPO"),
        household("CSCHDHP"),
        household("CSCMCD"),
        household("CSCPDP"),
        subsidized(),
    ]
}

/// A household of Part D in which everybody has the low-income subsidy.
fn subsidized() -> impl Strategy<Value = Vec<Member>> {
    (household("CSCPDP"), Circumstances::LOW_INCOME_LEVELS).prop_map(|(mut members, level)| {
        for member in &mut members {
            member.circumstances.low_income = vec![During { what: level, from: None, to: None }];
        }
        members
    })
}

/// A family that is carried from answer to answer, with its journal.
pub(crate) struct Carried {
    pub(crate) family: Family,
    pub(crate) journal: Vec<Entry>,
    /// Every claim that was billed, so that it can be sent again.
    claims: Vec<Claim>,
    stamps: u64,
    /// What decides it.
    pub(crate) book: Arc<Book>,
}

impl Carried {
    pub(crate) fn new(members: Vec<Member>) -> Self {
        Self::under(books::sample().clone(), members)
    }

    pub(crate) fn under(book: Arc<Book>, members: Vec<Member>) -> Self {
        let card: CardholderId = "CSC900001".parse().unwrap();
        let family = Family::unknown(card);
        let (journal, claims) = (Vec::new(), Vec::new());
        let mut carried = Self { family, journal, claims, stamps: 0, book };
        carried.ask(&Request::Enrollment(members));
        carried
    }

    /// Decides a request, and takes the family on.
    pub(crate) fn ask(&mut self, request: &Request) -> Answer {
        self.stamps += 1;
        let stamp = Stamp {
            recorded: Timestamp::from_millis(self.stamps),
            id: ClaimId::new(self.stamps, 1),
            second: ClaimId::new(self.stamps, 2),
        };
        let decision = transaction::decide(&self.book, &self.family, request, stamp);
        for entry in &decision.entries {
            ledger::apply(&mut self.family, entry).expect("an entry follows from its family");
        }
        self.journal.extend(decision.entries);
        decision.answer
    }

    pub(crate) fn bill(&mut self, claim: &Claim) -> Answer {
        self.claims.push(claim.clone());
        self.ask(&Request::Billing(Arc::new(claim.clone())))
    }

    /// The request that something sent comes to; `None` if there is nothing that it could mean.
    pub(crate) fn request(&self, sent: &Sent) -> Option<Request> {
        let paid = |place: usize| self.family.fills.get(place % self.family.fills.len().max(1));
        match sent {
            Sent::Bill(sketch) => Some(Request::Billing(Arc::new(sketch.claim(&self.family)))),
            Sent::Again(place) => {
                let claim = self.claims.get(place % self.claims.len().max(1))?;
                Some(Request::Billing(Arc::new(claim.clone())))
            }
            Sent::Reverse(place) => Some(Request::Reversal(reversal(&paid(*place)?.key))),
            Sent::Rebill(place, sketch) => {
                let claim = Claim { key: paid(*place)?.key, ..sketch.claim(&self.family) };
                Some(Request::Rebill(Arc::new(claim)))
            }
        }
    }

    /// Sends it, if it means something.
    pub(crate) fn send(&mut self, sent: &Sent) -> Option<(Request, Answer)> {
        let request = self.request(sent)?;
        if let Request::Billing(claim) = &request {
            self.claims.push((**claim).clone());
        }
        let answer = self.ask(&request);
        Some((request, answer))
    }
}

pub(crate) fn reversal(key: &BillingKey) -> Reversal {
    Reversal {
        pharmacy: key.pharmacy,
        prescription: key.prescription,
        fill: Some(key.fill),
        date_of_service: key.date_of_service,
        ndc: None,
        cardholder: None,
    }
}
