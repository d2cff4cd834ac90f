//! The account of one family: what was asked and answered on one side, its journal on the other,
//! and whether the two agree.

use openpbm_core::{ClaimId, Family, FamilyId, Member, RejectCode};

use super::asked::{Asked, Billed, Requests, What};
use super::finding::Wrong;
use super::journal::{Happened, Journal};
use super::{Books, Strays};
use crate::decide::{Identity, Refusals, cover};
use crate::{Household, Reply, Status};

/// A family's two sides.
#[derive(Debug)]
pub(super) struct Account {
    pub(super) requests: Requests,
    pub(super) journal: Journal,
    /// Members that enrollments stated.
    pub(super) offered: Vec<Member>,
    /// True once something was found: the rest of it would say nothing new.
    pub(super) is_broken: bool,
}

/// When an entry was made, as far as pharmacies know: after it was sent, before it was answered.
#[derive(Clone, Copy)]
struct Between {
    sent: u64,
    answered: u64,
}

impl Account {
    pub(super) fn new(id: FamilyId) -> Self {
        let (requests, offered) = (Requests::default(), Vec::new());
        Self { requests, journal: Journal::new(id), offered, is_broken: false }
    }

    /// Compares an answer with the entry that it names; `None` if the journal has none yet.
    pub(super) fn agrees(&self, asked: usize, reply: &Reply) -> Option<Result<(), Wrong>> {
        let place = self.journal.place(reply.id?)?;
        let happened = self.journal.happened().get(place)?;
        Some(self.agrees_with(happened, asked, reply))
    }

    fn agrees_with(&self, happened: &Happened, asked: usize, reply: &Reply) -> Result<(), Wrong> {
        let boxed = || Box::new(reply.clone());
        let Some(recorded) = &happened.reply else { return Err(Wrong::AnotherRequest(boxed())) };
        let is_duplicate = reply.status == Status::Duplicate;
        let recorded = match is_duplicate {
            true if recorded.status == Status::Paid => {
                Reply { status: Status::Duplicate, ..recorded.clone() }
            }
            _ => recorded.clone(),
        };
        if *reply != recorded {
            return Err(Wrong::Contradicts { answered: boxed(), recorded: Box::new(recorded) });
        }
        let what = self.requests.get(asked).map(|asked| &asked.what);
        let is_meant = match is_duplicate {
            true => what.zip(happened.paid).is_some_and(|(what, paid)| what.is_same_as(&paid)),
            false => happened.asked.contains(&asked),
        };
        if is_meant { Ok(()) } else { Err(Wrong::AnotherRequest(boxed())) }
    }

    /// The last checks, when everything that was asked and everything that happened is known.
    pub(super) fn close(
        &mut self,
        books: &Books,
        strays: &Strays,
    ) -> Result<(), (Option<u64>, Wrong)> {
        self.journal.settle(&mut self.requests).map_err(|wrong| (None, wrong))?;
        let times = self.times(strays)?;
        let order = Order::of(&times);
        for ((happened, between), latest) in
            self.journal.happened().iter().zip(&times).zip(&order.sent_before)
        {
            let wrong = |wrong| Err((Some(happened.version), wrong));
            if *latest >= between.answered {
                return wrong(Wrong::OutOfOrder);
            }
            if let Some(version) = happened.book
                && !books
                    .get(&version)
                    .is_some_and(|book| book.is_in_force(between.sent, between.answered))
            {
                return wrong(Wrong::BookNotInForce(version));
            }
        }
        let unfit = self
            .requests
            .iter()
            .find_map(|(_, asked)| self.read_only(asked, books, strays, &order).err());
        unfit.map_or(Ok(()), |wrong| Err((None, wrong)))
    }

    /// When each thing happened, from the answers that name it.
    fn times(&self, strays: &Strays) -> Result<Vec<Between>, (Option<u64>, Wrong)> {
        let mut times: Vec<Option<Between>> = vec![None; self.journal.happened().len()];
        for (place, asked) in self.requests.iter() {
            for copy in &asked.copies {
                let Some((answered, reply)) = &copy.answer else { continue };
                let Some(id) = reply.id else { continue };
                if asked.what.may_stray() && strays.has(id) {
                    continue;
                }
                let boxed = || Box::new((**reply).clone());
                match self.agrees(place, reply) {
                    None => return Err((None, Wrong::Missing(boxed()))),
                    Some(agrees) => agrees.map_err(|wrong| (self.version_of(id), wrong))?,
                }
                if reply.status == Status::Duplicate {
                    continue;
                }
                let slot = self.journal.place(id).and_then(|place| times.get_mut(place));
                let between = Between { sent: copy.sent, answered: *answered };
                if slot.is_some_and(|slot| slot.replace(between).is_some()) {
                    return Err((self.version_of(id), Wrong::AnsweredTwice(boxed())));
                }
            }
        }
        let happened = self.journal.happened().iter();
        Ok(times
            .iter()
            .zip(happened)
            .map(|(time, it)| time.unwrap_or_else(|| self.open(it)))
            .collect())
    }

    /// When something happened of which no answer came.
    fn open(&self, happened: &Happened) -> Between {
        let asked = happened.asked.iter().filter_map(|place| self.requests.get(*place));
        Between { sent: asked.map(Asked::first_sent).min().unwrap_or(0), answered: u64::MAX }
    }

    fn version_of(&self, id: ClaimId) -> Option<u64> {
        let place = self.journal.place(id)?;
        self.journal.happened().get(place).map(|happened| happened.version)
    }

    /// Answers that left nothing in this family's journal.
    fn read_only(
        &self,
        asked: &Asked,
        books: &Books,
        strays: &Strays,
        order: &Order,
    ) -> Result<(), Wrong> {
        for copy in &asked.copies {
            let Some((answered, reply)) = &copy.answer else { continue };
            let between = Between { sent: copy.sent, answered: *answered };
            match (reply.id, &asked.what) {
                (Some(id), _) if reply.status == Status::Duplicate => {
                    let paid = self.journal.place(id).unwrap_or_default();
                    let taken = self.journal.happened().get(paid).and_then(|it| it.taken_back);
                    if !order.fits(between, paid, taken) {
                        return Err(Wrong::NotPaidThen(reply.clone()));
                    }
                }
                (Some(id), What::Reverse(reversal)) if strays.has(id) => {
                    let recorded = Reply::rejected(Some(id), vec![RejectCode::NotPaid]);
                    if **reply != recorded {
                        let (answered, recorded) = (reply.clone(), Box::new(recorded));
                        return Err(Wrong::Contradicts { answered, recorded });
                    }
                    let known =
                        self.journal.happened().iter().position(|it| {
                            it.paid.is_some_and(|paid| reversal.means_key(&paid.key))
                        });
                    // It may have come before the claim was decided, but not before that was known.
                    if known.is_some_and(|known| order.is_known(known, between.sent)) {
                        return Err(Wrong::NotFound(reply.clone()));
                    }
                }
                (None, What::Inquire(_)) => self.inquiry(asked, reply, books)?,
                (None, _) => return Err(Wrong::Missing(reply.clone())),
                (Some(_), _) => {}
            }
        }
        Ok(())
    }

    /// An inquiry is right if it is so for the members of some time and some book.
    fn inquiry(&self, asked: &Asked, reply: &Reply, books: &Books) -> Result<(), Wrong> {
        let What::Inquire(inquiry) = &asked.what else { return Ok(()) };
        let identity = Identity {
            person_code: inquiry.person_code,
            birth: inquiry.birth,
            sex: inquiry.sex,
            group: inquiry.group,
            day: inquiry.date,
            received: inquiry.date,
            member_submitted: false,
        };
        let mut model = Reply::accepted(None);
        for members in self.journal.members.iter().rev() {
            let household = Household::new(members.clone());
            for book in books.values() {
                let mut refusals = Refusals::default();
                model = match cover(&book.rules, &household, &identity, &mut refusals) {
                    Some(_) => Reply::accepted(None),
                    None => Reply::rejected(None, refusals.answer().rejects),
                };
                if model == *reply {
                    return Ok(());
                }
            }
        }
        Err(Wrong::Inquiry { model: Box::new(model), answered: Box::new(reply.clone()) })
    }

    pub(super) fn compare(&mut self, family: &Family) -> Result<(), Wrong> {
        self.journal.settle(&mut self.requests)?;
        self.journal.compare(family)
    }
}

/// What the order of the journal says of time.
struct Order {
    /// By place: when the latest of all up to it was sent. It happened after that.
    sent_before: Vec<u64>,
    /// By place: when the first of all from it on was answered. Those before it happened earlier.
    answered_after: Vec<u64>,
}

impl Order {
    fn of(times: &[Between]) -> Self {
        let latest = |so_far: &mut u64, next: u64, pick: fn(u64, u64) -> u64| {
            *so_far = pick(*so_far, next);
            Some(*so_far)
        };
        let sent = times.iter().scan(0, |so_far, it| latest(so_far, it.sent, u64::max));
        let answered =
            times.iter().rev().scan(u64::MAX, |so_far, it| latest(so_far, it.answered, u64::min));
        let mut answered_after: Vec<_> = answered.collect();
        answered_after.reverse();
        Self { sent_before: sent.collect(), answered_after }
    }

    /// True if between two entries, from `paid` on and before `taken`, there was a moment at
    /// which something may have been read that was asked and answered at these times.
    fn fits(&self, read: Between, paid: usize, taken: Option<usize>) -> bool {
        // The first place behind which nothing had been answered when the question left.
        let behind = self.answered_after.partition_point(|answered| *answered <= read.sent);
        let place = paid.max(behind.saturating_sub(1));
        let is_paid = taken.is_none_or(|taken| place < taken);
        is_paid && self.sent_before.get(place).is_some_and(|sent| *sent < read.answered)
    }

    /// True if what happened at a place had been answered by then.
    fn is_known(&self, place: usize, by: u64) -> bool {
        self.answered_after.get(place).is_some_and(|answered| *answered <= by)
    }
}

impl What {
    /// True for a reversal without a cardholder id, which may be refused under no family.
    pub(super) const fn may_stray(&self) -> bool {
        matches!(self, Self::Reverse(reversal) if reversal.cardholder.is_none())
    }

    /// True if it is the same claim as one that was paid, so that it is a duplicate.
    fn is_same_as(&self, paid: &Billed) -> bool {
        match self {
            Self::Bill(billed) => {
                let person = billed.person.is_none_or(|person| Some(person) == paid.person);
                (billed.key, billed.drug, billed.part) == (paid.key, paid.drug, paid.part) && person
            }
            Self::Rebill(billed) => billed.print == paid.print,
            Self::Reverse(_) | Self::Inquire(_) => false,
        }
    }
}
