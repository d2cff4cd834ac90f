//! The auditor's own fold of a family's journal: every entry was asked for, and is what the model
//! decides at that place under that book.

use std::collections::BTreeMap;

use openpbm_core::{
    Adjudication, Adjustment, BookVersion, Claim, ClaimId, Entry, Event, FamilyId, Member, Outcome,
    Refusal, Reversal,
};

use super::Books;
use super::asked::{Billed, Requests};
use super::finding::{Tally, Wrong};
use crate::household::same_parts;
use crate::{Answer, Household, Reply, Status};

/// A family as the journal has made it, and what each entry says.
#[derive(Debug)]
pub(super) struct Journal {
    id: FamilyId,
    household: Household,
    version: u64,
    /// A reversal that may turn out to be half of a rebill.
    held: Option<Held>,
    happened: Vec<Happened>,
    places: BTreeMap<ClaimId, usize>,
    /// The members at first and after every enrollment.
    pub(super) members: Vec<Vec<Member>>,
}

/// What an entry says.
#[derive(Debug)]
pub(super) struct Happened {
    pub(super) version: u64,
    /// Which request it answers, or which of several it may answer; none for enrollments and the
    /// first half of a rebill.
    pub(super) asked: Vec<usize>,
    /// What whoever is answered with its id must have been told.
    pub(super) reply: Option<Reply>,
    pub(super) book: Option<BookVersion>,
    /// What was paid, and for whom.
    pub(super) paid: Option<Billed>,
    /// The place among what happened at which it was taken back.
    pub(super) taken_back: Option<usize>,
}

#[derive(Debug)]
struct Held {
    version: u64,
    id: ClaimId,
    reversal: Reversal,
    claim: ClaimId,
}

/// A decision, taken apart.
struct Decided<'e> {
    version: u64,
    id: ClaimId,
    claim: &'e Claim,
    book: BookVersion,
    rebills: Option<ClaimId>,
    adjudication: &'e Adjudication,
}

impl Journal {
    pub(super) fn new(id: FamilyId) -> Self {
        Self {
            id,
            household: Household::default(),
            version: 0,
            held: None,
            happened: Vec::new(),
            places: BTreeMap::new(),
            members: vec![Vec::new()],
        }
    }

    /// Takes the next entry in.
    pub(super) fn take(
        &mut self,
        version: u64,
        entry: &Entry,
        requests: &mut Requests,
        (offered, books): (&[Member], &Books),
        tally: &mut Tally,
    ) -> Result<(), Wrong> {
        let expected = self.version + 1;
        if version != expected {
            return Err(Wrong::Gap { found: version, expected });
        }
        self.version = version;
        let decided = Decided::of(version, entry);
        let held = self.held.take();
        let (half, alone) = match (held, &decided) {
            (Some(held), Some(decided)) if held.is_half_of(decided) => (Some(held), None),
            (held, _) => (None, held),
        };
        if let Some(held) = alone {
            self.reverse(held, requests)?;
        }
        if let Some(decided) = decided {
            return self.decide(&decided, half, requests, books);
        }
        match &entry.event {
            Event::Enrolled { members } => {
                if !members.iter().all(|member| offered.contains(member)) {
                    return Err(Wrong::NeverEnrolled);
                }
                self.household.enroll(members);
                self.members.push(self.household.members.clone());
                self.note(entry.id, Happened::unasked(version));
            }
            Event::Reversed { reversal, claim, .. } => {
                let (id, reversal, claim) = (entry.id, reversal.clone(), *claim);
                self.held = Some(Held { version, id, reversal, claim });
                tally.reversed += 1;
            }
            Event::Refused(refusal) => self.refuse((version, entry.id), refusal, requests)?,
            Event::Adjusted(adjustment) => {
                self.adjust((version, entry.id), adjustment, books)?;
                tally.adjusted += 1;
            }
            Event::Medical { totals } => {
                self.household.state_medical(totals);
                self.note(entry.id, Happened::unasked(version));
            }
            Event::Decided { .. } => {}
            Event::Retired | Event::Carried { .. } => return Err(Wrong::Retired),
        }
        Ok(())
    }

    /// No entry comes any more for now: a reversal that was held is one by itself.
    pub(super) fn settle(&mut self, requests: &mut Requests) -> Result<(), Wrong> {
        self.held.take().map_or(Ok(()), |held| self.reverse(held, requests))
    }

    /// What happened, in the order of the journal.
    pub(super) fn happened(&self) -> &[Happened] {
        &self.happened
    }

    /// The place of the entry of that id among what happened.
    pub(super) fn place(&self, id: ClaimId) -> Option<usize> {
        self.places.get(&id).copied()
    }

    fn note(&mut self, id: ClaimId, happened: Happened) {
        self.places.insert(id, self.happened.len());
        self.happened.push(happened);
    }

    fn decide(
        &mut self,
        decided: &Decided<'_>,
        half: Option<Held>,
        requests: &mut Requests,
        books: &Books,
    ) -> Result<(), Wrong> {
        let Decided { claim, id, adjudication, book, .. } = *decided;
        let asked = requests.of_claim(claim, decided.rebills.is_some());
        let asked = applied(asked, requests)?;
        adjudication.check_sums().map_err(Wrong::Sums)?;
        let rules = &books.get(&book).ok_or(Wrong::UnknownBook(book))?.rules;
        let found = answer(adjudication);
        let model = match decided.rebills {
            None => self.household.bill(rules, claim),
            Some(rebills) => {
                self.meant(&Reversal::of_rebill(claim), rebills)?;
                let model = self.household.rebill(rules, claim);
                if model.status == Status::Paid {
                    let Some(half) = half else { return Err(Wrong::AnotherFill) };
                    self.take_back(rebills);
                    self.note(half.id, Happened::unasked(half.version));
                }
                model
            }
        };
        if model.status == Status::Duplicate {
            return Err(Wrong::PaidTwice);
        }
        if model != found {
            return Err(Wrong::Decision { model: Box::new(model), found: Box::new(found) });
        }
        let (reply, paid) = match found.paid {
            Some(paid) => {
                self.household.name_last(id);
                let reply = Reply::paid(id, &paid).map_err(|_| Wrong::State("amounts"))?;
                (reply, Some(Billed { person: Some(paid.person), ..Billed::of(claim) }))
            }
            None => (Reply::rejected(Some(id), found.rejects), None),
        };
        let (version, book, taken_back) = (decided.version, Some(book), None);
        let happened =
            Happened { version, asked: vec![asked], reply: Some(reply), book, paid, taken_back };
        self.note(id, happened);
        Ok(())
    }

    fn reverse(&mut self, held: Held, requests: &mut Requests) -> Result<(), Wrong> {
        let asked = applied(requests.of_reversal(&held.reversal), requests)?;
        self.meant(&held.reversal, held.claim)?;
        self.household.reverse(&held.reversal);
        self.take_back(held.claim);
        let reply = Some(Reply::accepted(Some(held.id)));
        let happened = Happened { asked: vec![asked], reply, ..Happened::unasked(held.version) };
        self.note(held.id, happened);
        Ok(())
    }

    /// A claim is decided again: by the book that first decided it, on what comes before it and on
    /// the members as they are at this place of the journal.
    fn adjust(
        &mut self,
        (version, id): (u64, ClaimId),
        adjustment: &Adjustment,
        books: &Books,
    ) -> Result<(), Wrong> {
        let Adjustment { of, claim, book, before, adjudication, answered, .. } = adjustment;
        let known = self.household.dispensed().find(|fill| fill.id == *of);
        let fill = known.ok_or(Wrong::AnotherFill)?.clone();
        let covered = self.household.fills.iter().find(|fill| fill.id == *of);
        let first = self.place(*of).and_then(|place| self.happened.get(place)?.book);
        if first != Some(*book) || covered.map(|fill| fill.paid) != *before {
            return Err(Wrong::State("what is adjusted"));
        }
        if fill.claim != **claim || fill.first != *answered {
            return Err(Wrong::State("what is adjusted"));
        }
        adjudication.check_sums().map_err(Wrong::Sums)?;
        let rules = &books.get(book).ok_or(Wrong::UnknownBook(*book))?.rules;
        let (model, found) = (self.household.again(rules, &fill), answer(adjudication));
        if model != found {
            return Err(Wrong::Decision { model: Box::new(model), found: Box::new(found) });
        }
        let is_same = match (before, &model.paid) {
            (Some(before), Some(now)) => {
                now.comes_to(before) && same_parts(&model.part_d, &fill.part_d)
            }
            (before, now) => before.is_none() && now.is_none(),
        };
        if is_same {
            return Err(Wrong::State("an adjustment of nothing"));
        }
        self.household.adjust(*of, model.paid, model.part_d);
        self.note(id, Happened::unasked(version));
        Ok(())
    }

    /// Checks that the fill that a reversal means is the one that was taken back.
    fn meant(&self, reversal: &Reversal, taken: ClaimId) -> Result<(), Wrong> {
        let meant = self.household.meant(reversal).map_err(|_| Wrong::AnotherFill)?;
        if meant.id == taken { Ok(()) } else { Err(Wrong::AnotherFill) }
    }

    /// Notes that the next thing to happen takes a fill back.
    fn take_back(&mut self, claim: ClaimId) {
        let now = self.happened.len();
        let place = self.place(claim);
        if let Some(paid) = place.and_then(|place| self.happened.get_mut(place)) {
            paid.taken_back = Some(now);
        }
    }

    /// A reversal or rebill that found nothing to take back.
    fn refuse(
        &mut self,
        (version, id): (u64, ClaimId),
        refusal: &Refusal,
        requests: &mut Requests,
    ) -> Result<(), Wrong> {
        let codes: Vec<_> = refusal.reasons.iter().map(|reason| reason.code).collect();
        let found = Answer::rejected(codes.clone());
        let Refusal { transaction, pharmacy, prescription, date_of_service, .. } = refusal;
        let (Some(pharmacy), Some(prescription), Some(day)) =
            (*pharmacy, *prescription, *date_of_service)
        else {
            return Err(Wrong::NeverSent);
        };
        let of_key: Vec<_> =
            requests.reversals_of(transaction, pharmacy, prescription, day).collect();
        // The entry does not say which of them it refuses, where there are several.
        let (mut asked, mut wrong) = (Vec::new(), Wrong::NeverSent);
        for (place, reversal) in &of_key {
            let model = match self.household.meant(reversal) {
                Ok(_) => Answer::accepted(),
                Err(code) => Answer::rejected(vec![code]),
            };
            if model == found {
                asked.push(*place);
            } else {
                wrong = Wrong::Decision { model: Box::new(model), found: Box::new(found.clone()) };
            }
        }
        let Some(first) = asked.first().and_then(|place| requests.get_mut(*place)) else {
            return Err(wrong);
        };
        first.refused += 1;
        let (mut sent, mut happened) = (0, 0);
        for it in of_key.iter().filter_map(|(place, _)| requests.get(*place)) {
            sent += it.copies.len();
            happened += it.applied + it.refused;
        }
        if happened > sent {
            return Err(Wrong::AppliedTooOften { sent });
        }
        let reply = Some(Reply::rejected(Some(id), codes));
        self.note(id, Happened { asked, reply, ..Happened::unasked(version) });
        Ok(())
    }

    /// Compares a family as the store gives it with what its entries lead to.
    pub(super) fn compare(&self, family: &openpbm_core::Family) -> Result<(), Wrong> {
        let same = |holds: bool, what| if holds { Ok(()) } else { Err(Wrong::State(what)) };
        same(family.id == self.id, "ids")?;
        same(family.version == self.version, "versions")?;
        same(family.accumulators == self.household.accumulators(), "accumulators")?;
        for (theirs, own, what) in [
            (&family.fills, &self.household.fills, "fills"),
            (&family.uncovered, &self.household.uncovered, "uncovered claims"),
        ] {
            let theirs = theirs.iter().map(|f| (f.id, f.key, f.counted(), f.paid, *f.answered()));
            let own = own.iter().map(|f| (f.id, f.key(), f.drug(), f.paid, f.first));
            same(theirs.eq(own), what)?;
        }
        let reversed = family.reversed.iter().map(|(key, _)| key);
        same(reversed.eq(&self.household.reversed), "reversed claims")?;
        let mut members = self.household.members.clone();
        members.sort_by_key(|member| member.person_code);
        same(family.medical == self.household.medical, "medical totals")?;
        same(family.members == members, "members")
    }
}

impl Happened {
    const fn unasked(version: u64) -> Self {
        Self { version, asked: Vec::new(), reply: None, book: None, paid: None, taken_back: None }
    }
}

impl Held {
    /// True if the decision is the other half of a rebill that was paid.
    fn is_half_of(&self, decided: &Decided<'_>) -> bool {
        decided.rebills == Some(self.claim)
            && decided.adjudication.paid().is_some()
            && self.reversal == Reversal::of_rebill(decided.claim)
    }
}

impl<'e> Decided<'e> {
    fn of(version: u64, entry: &'e Entry) -> Option<Self> {
        let Event::Decided { claim, book, rebills, adjudication } = &entry.event else {
            return None;
        };
        let (id, book, rebills) = (entry.id, *book, *rebills);
        Some(Self { version, id, claim, book, rebills, adjudication })
    }
}

/// Counts a request as applied once more.
fn applied(place: Option<usize>, requests: &mut Requests) -> Result<usize, Wrong> {
    let place = place.ok_or(Wrong::NeverSent)?;
    let asked = requests.get_mut(place).ok_or(Wrong::NeverSent)?;
    asked.applied += 1;
    let sent = asked.copies.len();
    if asked.applied > sent { Err(Wrong::AppliedTooOften { sent }) } else { Ok(place) }
}

/// What the pharmacy sees of a decision.
fn answer(adjudication: &Adjudication) -> Answer {
    let seen = match &adjudication.outcome {
        Outcome::Paid(paid) => Answer::paid(*paid, adjudication.part_d.clone()),
        Outcome::Rejected(codes) => Answer::rejected(codes.clone()),
    };
    let (next_fill, alerts) = (adjudication.next_fill, adjudication.alerts.clone());
    Answer { next_fill, alerts, ..seen }
}
