//! The auditor: it keeps its own account of what pharmacies sent and what they were answered,
//! reads the journal beside it, and says where the two do not agree.
//!
//! It decides by the model's reference adjudicator and folds by itself; it uses nothing of the
//! engine. Three things are all it rests on: what was sent, what was answered (both in the order
//! in which the harness tells of them), and the order of the journal. So it needs no knowledge of
//! nodes, caches or threads, and whatever they do, these hold:
//!
//! - every entry was asked for, and is there no more often than it was sent;
//! - every decision is the model's, at that place of its family's history, under its book;
//! - every answer says what the entry of its id says, and was not given before it was there;
//! - nothing that was answered is missing;
//! - a claim called a duplicate was paid at some moment between question and answer;
//! - nothing that was answered stands behind what was asked only later.
//!
//! A transmission that was not answered may have happened or not, and may still happen.

mod account;
mod asked;
mod finding;
mod journal;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use openpbm_core::{
    BookVersion, ClaimId, Entry, Event, Family, FamilyId, Member, Refusal, RejectCode, Reversal,
};

pub use finding::{Finding, Report, Tally, Wrong};

use crate::workload::{Operation, Request};
use crate::{Reply, Rules, Status};
use account::Account;
use asked::Copy;

/// The books that may decide.
type Books = BTreeMap<BookVersion, Book>;

/// A book, and from when to when nodes decide by it.
#[derive(Debug)]
struct Book {
    rules: Arc<Rules>,
    from: u64,
    until: u64,
}

impl Book {
    /// True if it was in force at some moment between these two.
    const fn is_in_force(&self, sent: u64, answered: u64) -> bool {
        self.from < answered && sent < self.until
    }
}

/// One transmission of a request: what an answer has to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket {
    family: usize,
    asked: usize,
    copy: usize,
}

/// The account of everything that was sent, answered and journaled.
#[derive(Debug, Default)]
pub struct Auditor {
    is_live: bool,
    now: u64,
    books: Books,
    places: BTreeMap<FamilyId, usize>,
    /// A family that was closed has none.
    accounts: Vec<Option<Box<Account>>>,
    strays: Strays,
    report: Report,
}

impl Auditor {
    /// An auditor that is given the journal now and then, or at the end.
    pub fn new() -> Self {
        Self::default()
    }

    /// An auditor that is always given the journal before an answer, so that an answer ahead of
    /// its journal is noticed.
    pub fn live() -> Self {
        Self { is_live: true, ..Self::default() }
    }

    /// From now on some node may decide by this book.
    pub fn book(&mut self, version: BookVersion, rules: Arc<Rules>) {
        let from = self.tick();
        self.books.insert(version, Book { rules, from, until: u64::MAX });
    }

    /// From now on no node decides by this book.
    pub fn withdraw(&mut self, version: BookVersion) {
        let until = self.tick();
        if let Some(book) = self.books.get_mut(&version) {
            book.until = until;
        }
    }

    /// Members are about to be enrolled, and may be from now on.
    pub fn enroll(&mut self, family: FamilyId, members: &[Member]) {
        let place = self.place(family);
        if let Some(account) = self.account(place) {
            account.offered.extend_from_slice(members);
        }
    }

    /// A transmission is about to leave a pharmacy. The same request sent again is another copy
    /// of it.
    pub fn send(&mut self, operation: &Operation) -> Ticket {
        let (sent, family) = (self.tick(), self.place(operation.family));
        self.report.tally.sent += 1;
        let Some(account) = self.account(family) else {
            // Nothing is told of a closed family any more; `answer` says so.
            return Ticket { family, asked: usize::MAX, copy: 0 };
        };
        let asked = account.requests.place(operation);
        let mut copy = 0;
        if let Some(it) = account.requests.get_mut(asked) {
            copy = it.copies.len();
            it.copies.push(Copy { sent, answer: None });
        }
        if let Request::Reverse(reversal) = &operation.request
            && reversal.cardholder.is_none()
            && copy == 0
        {
            self.strays.may_come(reversal, (family, asked));
        }
        Ticket { family, asked, copy }
    }

    /// An answer was read. One that says that nothing was decided (92 or 99) is none. Returns
    /// what is wrong with it, as far as the journal is known by now.
    pub fn answer(&mut self, ticket: Ticket, reply: &Reply) -> Option<&Finding> {
        let now = self.tick();
        if reply.is_no_answer() {
            return None;
        }
        let tally = &mut self.report.tally;
        tally.answered += 1;
        tally.duplicates += u64::from(reply.status == Status::Duplicate);
        let is_stray = reply.id.is_some_and(|id| self.strays.has(id));
        let is_live = self.is_live;
        let Some(account) = self.account(ticket.family) else {
            // A family that was closed has no entries any more.
            return self.find(ticket.family, None, Wrong::Missing(Box::new(reply.clone())));
        };
        if account.is_broken {
            return None;
        }
        let asked = account.requests.get_mut(ticket.asked);
        if let Some(copy) = asked.and_then(|asked| asked.copies.get_mut(ticket.copy)) {
            copy.answer = Some((now, Box::new(reply.clone())));
        }
        // Whoever has an answer to a reversal knows that no other half of it will come.
        let settled = account.journal.settle(&mut account.requests);
        let agrees = settled.and_then(|()| match account.agrees(ticket.asked, reply) {
            Some(agrees) => agrees,
            None if is_live && !is_stray && reply.id.is_some() => {
                Err(Wrong::NotYetDurable(Box::new(reply.clone())))
            }
            None => Ok(()),
        });
        match agrees {
            Ok(()) => None,
            Err(wrong) => self.find(ticket.family, None, wrong),
        }
    }

    /// The next entry of a family. Between two answers the entries of a unit come together.
    pub fn follow(&mut self, family: FamilyId, version: u64, entry: &Entry) {
        self.report.tally.entries += 1;
        let place = self.place(family);
        if family.as_str().starts_with('~') {
            if let Err(wrong) = self.stray(entry) {
                self.find(place, Some(version), wrong);
            }
            return;
        }
        let Self { accounts, books, report, .. } = self;
        let Some(account) = accounts.get_mut(place).and_then(Option::as_mut) else {
            self.find(place, Some(version), Wrong::State("closed entries"));
            return;
        };
        if account.is_broken {
            return;
        }
        let Account { requests, journal, offered, .. } = &mut **account;
        let taken = journal.take(version, entry, requests, (offered, books), &mut report.tally);
        report.tally.paid += u64::from(is_paid(entry));
        if let Err(wrong) = taken {
            self.find(place, Some(version), wrong);
        }
    }

    /// Compares a family as the store or the service gives it with what its entries lead to.
    pub fn compare(&mut self, family: &Family) {
        let place = self.place(family.id);
        let Some(account) = self.account(place).filter(|account| !account.is_broken) else {
            return;
        };
        if let Err(wrong) = account.compare(family) {
            self.find(place, Some(family.version), wrong);
        }
    }

    /// Makes the last checks of a family, whose journal is known to its end, and forgets it. The
    /// pseudo-families of refusals (`~...`) are followed before, and need not be closed.
    pub fn close(&mut self, family: FamilyId) {
        let place = self.place(family);
        let Some(mut account) = self.accounts.get_mut(place).and_then(Option::take) else { return };
        let tally = &mut self.report.tally;
        for (_, asked) in account.requests.iter() {
            tally.requests += 1;
            let is_open = asked.copies.iter().all(|copy| copy.answer.is_none());
            tally.unanswered += u64::from(is_open);
        }
        tally.families += u64::from(account.requests.iter().next().is_some());
        if account.is_broken {
            return;
        }
        if let Err((version, wrong)) = account.close(&self.books, &self.strays) {
            self.find(place, version, wrong);
        }
    }

    /// Closes every family and says what was found. The whole journal has been followed.
    pub fn finish(mut self) -> Report {
        let families: Vec<_> = self.places.keys().copied().collect();
        for family in families {
            self.close(family);
        }
        self.report
    }

    /// What was found so far.
    pub fn findings(&self) -> &[Finding] {
        &self.report.findings
    }

    fn tick(&mut self) -> u64 {
        self.now += 1;
        self.now
    }

    fn place(&mut self, family: FamilyId) -> usize {
        let accounts = &mut self.accounts;
        *self.places.entry(family).or_insert_with(|| {
            accounts.push(Some(Box::new(Account::new(family))));
            accounts.len() - 1
        })
    }

    fn account(&mut self, place: usize) -> Option<&mut Account> {
        self.accounts.get_mut(place)?.as_deref_mut()
    }

    /// Keeps the first finding of a family.
    fn find(&mut self, place: usize, version: Option<u64>, wrong: Wrong) -> Option<&Finding> {
        if let Some(account) = self.account(place) {
            account.is_broken = true;
        }
        let family = self.places.iter().find(|(_, it)| **it == place).map(|(family, _)| *family)?;
        self.report.findings.push(Finding { family, version, wrong });
        self.report.findings.last()
    }

    /// A refusal that no family is known of: a reversal that named no cardholder and found none.
    fn stray(&mut self, entry: &Entry) -> Result<(), Wrong> {
        let Event::Refused(refusal) = &entry.event else { return Err(Wrong::NeverSent) };
        let [reason] = refusal.reasons.as_slice() else { return Err(Wrong::NeverSent) };
        if refusal.transaction != "B2" || reason.code != RejectCode::NotPaid {
            return Err(Wrong::NeverSent);
        }
        let mut wrong = Wrong::NeverSent;
        for (family, asked) in self.strays.asked_by(refusal) {
            let Some(account) = self.account(family) else { continue };
            let Some(it) = account.requests.get_mut(asked) else { continue };
            if it.applied < it.copies.len() {
                it.applied += 1;
                self.strays.came.insert(entry.id);
                return Ok(());
            }
            wrong = Wrong::AppliedTooOften { sent: it.copies.len() };
        }
        Err(wrong)
    }
}

/// Reversals without a cardholder id, which may be refused without a family being known.
#[derive(Debug, Default)]
struct Strays {
    /// Who asked, by pharmacy, prescription and day.
    asked: BTreeMap<StrayKey, Vec<(usize, usize)>>,
    /// The refusals.
    came: BTreeSet<ClaimId>,
}

/// Pharmacy, prescription and day, as numbers.
type StrayKey = (u64, u64, i32);

impl Strays {
    fn may_come(&mut self, reversal: &Reversal, asked: (usize, usize)) {
        let (pharmacy, day) = (reversal.pharmacy.number(), reversal.date_of_service.epoch_days());
        let key = (pharmacy, reversal.prescription.number(), day);
        self.asked.entry(key).or_default().push(asked);
    }

    fn asked_by(&self, refusal: &Refusal) -> Vec<(usize, usize)> {
        let key = (|| {
            let (pharmacy, day) = (refusal.pharmacy?, refusal.date_of_service?);
            Some((pharmacy.number(), refusal.prescription?.number(), day.epoch_days()))
        })();
        key.and_then(|key| self.asked.get(&key)).cloned().unwrap_or_default()
    }

    /// True if the entry of that id is a refusal under no family.
    fn has(&self, id: ClaimId) -> bool {
        self.came.contains(&id)
    }
}

fn is_paid(entry: &Entry) -> bool {
    matches!(&entry.event, Event::Decided { adjudication, .. } if adjudication.paid().is_some())
}
