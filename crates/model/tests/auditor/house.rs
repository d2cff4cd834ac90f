//! A house without walls: the engine on families in memory, one request after the other, and the
//! journal that a store would have kept.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use openpbm_book::{Book, InMemory};
use openpbm_core::{
    BookVersion, ClaimId, Date, Entry, Event, Family, FamilyId, Outcome, Timestamp,
};
use openpbm_engine::ledger;
use openpbm_engine::transaction::{self, Answer, Stamp, decide};
use openpbm_model::auditor::{Auditor, Finding, Ticket};
use openpbm_model::workload::{Operation, Request, Shape, Workload};
use openpbm_model::{Change, Reply, Rules, Status};

use crate::setting::sample;

/// The sample book with fills in two parts, compiled for the engine and read by the model.
static BOOKS: LazyLock<(Book, Arc<Rules>)> = LazyLock::new(|| {
    let mut documents = sample();
    let in_parts: toml::Table =
        toml::from_str("dispensing_fee = 'shared'\ncopay = 'first'").unwrap();
    let plans = ["ppo", "hdhp", "medicaid", "pdp"].map(|plan| format!("plans/{plan}.toml"));
    let changes = plans.map(|plan| Change::set(&plan, &["partial_fills"], in_parts.clone()));
    Change::apply(&changes, &mut documents).unwrap();
    let in_memory: InMemory = documents.iter().collect();
    let book = Book::from_documents(&in_memory).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    (book, Arc::new(Rules::read(&documents).unwrap()))
});

pub(crate) fn rules() -> Arc<Rules> {
    BOOKS.1.clone()
}

pub(crate) fn version() -> BookVersion {
    BOOKS.0.version()
}

pub(crate) fn today() -> Date {
    "2026-06-15".parse().unwrap()
}

/// A transmission, and what was answered to it.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) operation: Operation,
    pub(crate) reply: Reply,
}

#[derive(Default)]
pub(crate) struct House {
    families: BTreeMap<FamilyId, Family>,
    pub(crate) journal: BTreeMap<FamilyId, Vec<Entry>>,
    pub(crate) calls: Vec<Call>,
    ids: u64,
}

impl House {
    /// A workload on it, each request answered before the next is sent.
    pub(crate) fn at_work(seed: u64, calls: usize) -> (Workload, Self) {
        let shape = Shape { families: 12, busy_families: 3, ..Shape::default() };
        let mut workload = Workload::new(rules(), seed, shape).unwrap();
        let mut house = Self::default();
        for (family, members) in workload.families() {
            let members = members.to_vec();
            house.decide(family, &transaction::Request::Enrollment(members));
        }
        for _ in 0..calls {
            let operation = workload.next(today());
            let reply = house.ask(&operation);
            workload.learn(&operation, &reply);
            house.calls.push(Call { operation, reply });
        }
        (workload, house)
    }

    /// Decides a request and keeps what it changes.
    pub(crate) fn ask(&mut self, operation: &Operation) -> Reply {
        let family = self.family_of(operation);
        let request = match &operation.request {
            Request::Bill(claim) => transaction::Request::Billing((**claim).clone().into()),
            Request::Rebill(claim) => transaction::Request::Rebill((**claim).clone().into()),
            Request::Reverse(reversal) => transaction::Request::Reversal(reversal.clone()),
            Request::Inquire(inquiry) => transaction::Request::Eligibility(transaction::Inquiry {
                cardholder: inquiry.cardholder,
                group: inquiry.group,
                person_code: inquiry.person_code,
                birth: Some(inquiry.birth),
                sex: inquiry.sex,
                date: inquiry.date,
            }),
        };
        reply(&self.decide(family, &request))
    }

    fn decide(&mut self, id: FamilyId, request: &transaction::Request) -> Answer {
        let family = self.families.entry(id).or_insert_with(|| Family::unknown(id));
        self.ids += 2;
        let stamp = Stamp {
            recorded: Timestamp::from_millis(self.ids),
            id: ClaimId::new(self.ids, 1),
            second: ClaimId::new(self.ids + 1, 1),
        };
        let decision = decide(&BOOKS.0, family, request, stamp);
        for entry in &decision.entries {
            ledger::apply(family, entry).unwrap();
        }
        self.journal.entry(id).or_default().extend(decision.entries);
        decision.answer
    }

    /// A reversal without a cardholder finds the family that has a decision of its key.
    fn family_of(&self, operation: &Operation) -> FamilyId {
        match &operation.request {
            Request::Reverse(reversal) if reversal.cardholder.is_none() => {
                let decided = |entry: &Entry| match &entry.event {
                    Event::Decided { claim, .. } => {
                        let any_fill = openpbm_core::Reversal { fill: None, ..reversal.clone() };
                        any_fill.means_key(&claim.key)
                    }
                    _ => false,
                };
                let entries = self.journal.get(&operation.family);
                match entries.is_some_and(|entries| entries.iter().any(decided)) {
                    true => operation.family,
                    false => "~1999000015.20260615".parse().unwrap(),
                }
            }
            _ => operation.family,
        }
    }

    /// True if a request of that family was answered with that id.
    pub(crate) fn is_answer_of(&self, id: ClaimId, family: FamilyId) -> bool {
        let mut calls = self.calls.iter().filter(|call| call.operation.family == family);
        calls.any(|call| call.reply.id == Some(id))
    }

    /// The place in a family's journal of the first entry that passes.
    pub(crate) fn find(&self, passes: impl Fn(&Entry) -> bool) -> (FamilyId, usize) {
        let mut families = self.journal.iter();
        families
            .find_map(|(id, entries)| Some((*id, entries.iter().position(&passes)?)))
            .expect("the workload has one")
    }

    pub(crate) fn entries(&mut self, family: FamilyId) -> &mut Vec<Entry> {
        self.journal.get_mut(&family).unwrap()
    }

    pub(crate) fn family(&self, id: FamilyId) -> &Family {
        &self.families[&id]
    }
}

/// What the auditor says of calls, each answered before the next one left, and of a journal.
pub(crate) fn audit(workload: &Workload, house: &House) -> Vec<Finding> {
    let mut auditor = begin(workload);
    for call in &house.calls {
        let ticket = auditor.send(&call.operation);
        auditor.answer(ticket, &call.reply);
    }
    end(auditor, house)
}

pub(crate) fn begin(workload: &Workload) -> Auditor {
    let mut auditor = Auditor::new();
    auditor.book(version(), rules());
    for (family, members) in workload.families() {
        auditor.enroll(family, members);
    }
    auditor
}

pub(crate) fn end(mut auditor: Auditor, house: &House) -> Vec<Finding> {
    for (family, entries) in &house.journal {
        for (version, entry) in (1..).zip(entries) {
            auditor.follow(*family, version, entry);
        }
    }
    auditor.finish().findings
}

/// Sends everything, and answers where `answers` says so.
pub(crate) fn send_all(auditor: &mut Auditor, house: &House) -> Vec<Ticket> {
    house.calls.iter().map(|call| auditor.send(&call.operation)).collect()
}

fn reply(answer: &Answer) -> Reply {
    match answer {
        Answer::Decided { id, adjudication } => match &adjudication.outcome {
            Outcome::Paid(paid) => Reply::paid(*id, paid).unwrap(),
            Outcome::Rejected(codes) => Reply::rejected(Some(*id), codes.clone()),
        },
        Answer::Duplicate(fill) => Reply::duplicate(fill.id, &fill.paid).unwrap(),
        Answer::Reversed { id, .. } => Reply::accepted(Some(*id)),
        Answer::Covered { .. }
        | Answer::Enrolled { .. }
        | Answer::Medical { .. }
        | Answer::Reprocessed { .. } => Reply::accepted(None),
        Answer::Refused { id, reasons } => {
            Reply::rejected(*id, reasons.iter().map(|reason| reason.code).collect())
        }
    }
}

pub(crate) fn is_paid(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Decided { adjudication, .. } if adjudication.paid().is_some())
}

pub(crate) fn is_rejected(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Decided { adjudication, .. } if adjudication.paid().is_none())
}

pub(crate) fn is_reversed(entry: &Entry) -> bool {
    matches!(entry.event, Event::Reversed { .. })
}

pub(crate) fn is_first_paid(reply: &Reply) -> bool {
    reply.status == Status::Paid
}
