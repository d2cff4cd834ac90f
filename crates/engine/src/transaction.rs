//! Whole transactions of a family: billing, reversal, rebill, eligibility. Each gives an answer
//! and the journal entries that make it true.

use std::sync::Arc;

use openpbm_book::Book;
use openpbm_core::{
    Adjudication, Adjustment, CardholderId, Cents, Claim, ClaimId, Coverage, Date, Difference,
    Entry, Event, Family, Fill, Finding, GroupId, MedicalTotal, Member, PersonCode, Refusal,
    RefusalReason, RejectCode, Reversal, Sex, Stage, Step, Timestamp,
};

use crate::eligibility::{Identity, identify};
use crate::ledger;

/// What the service gives a decision: when it is made and the ids it may use.
#[derive(Debug, Clone, Copy)]
pub struct Stamp {
    /// The instant.
    pub recorded: Timestamp,
    /// The id of the decision.
    pub id: ClaimId,
    /// A second id: a rebill writes two entries.
    pub second: ClaimId,
}

/// A question whether somebody is covered (E1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// 302-C2.
    pub cardholder: CardholderId,
    /// 301-C1, where it was sent.
    pub group: Option<GroupId>,
    /// 303-C3, where it was sent.
    pub person_code: Option<PersonCode>,
    /// 304-C4, where it was sent.
    pub birth: Option<Date>,
    /// 305-C5, where it is known.
    pub sex: Option<Sex>,
    /// 401-D1.
    pub date: Date,
}

/// What is asked of a family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// B1.
    Billing(Arc<Claim>),
    /// B2.
    Reversal(Reversal),
    /// B3: reversal and billing in one. If the new claim is rejected the old one stays paid.
    Rebill(Arc<Claim>),
    /// E1.
    Eligibility(Inquiry),
    /// Members as an enrollment file states them.
    Enrollment(Vec<Member>),
    /// What the medical side has come to, as a feed states it.
    Medical(Vec<MedicalTotal>),
    /// Something that could not become any of these; it is only kept on record.
    Unreadable(Refusal),
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A claim was decided, paid or rejected.
    Decided {
        /// 503-F3.
        id: ClaimId,
        /// The decision.
        adjudication: Arc<Adjudication>,
    },
    /// The same claim was paid before: its first answer.
    Duplicate(Box<Fill>),
    /// A claim was taken back.
    Reversed {
        /// 503-F3 of the reversal.
        id: ClaimId,
        /// The claim that no longer counts.
        claim: ClaimId,
    },
    /// The member is covered.
    Covered {
        /// By which plan.
        plan: Box<str>,
        /// Which span.
        coverage: Coverage,
        /// Who.
        person: PersonCode,
    },
    /// Members are as the file states them.
    Enrolled {
        /// How many of them were not so before.
        changed: usize,
    },
    /// What the medical side has come to is as the feed states it.
    Medical {
        /// How many of its lines were not known before.
        added: usize,
    },
    /// The family's claims were decided again.
    Reprocessed {
        /// Those that come to other amounts, in the order of the days of service.
        adjustments: Vec<Adjustment>,
    },
    /// Refused: codes in order of precedence, with words.
    Refused {
        /// 503-F3, where the refusal is on record.
        id: Option<ClaimId>,
        /// Why.
        reasons: Vec<RefusalReason>,
    },
}

/// An answer, and what must be durable before it may leave the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What is answered.
    pub answer: Answer,
    /// What it adds to the family's journal, in order.
    pub entries: Vec<Entry>,
}

/// Decides a request.
pub fn decide(book: &Book, family: &Family, request: &Request, stamp: Stamp) -> Decision {
    match request {
        Request::Billing(claim) => bill(book, family, claim, stamp),
        Request::Reversal(reversal) => reverse(family, reversal, stamp),
        Request::Rebill(claim) => rebill(book, family, claim, stamp),
        Request::Eligibility(inquiry) => inquire(book, family, inquiry),
        Request::Enrollment(members) => enroll(family, members, stamp),
        Request::Medical(totals) => medical(family, totals, stamp),
        Request::Unreadable(refusal) => refuse(refusal.clone(), stamp),
    }
}

/// Only what changes is written, so that the same file twice is the same as once.
fn enroll(family: &Family, members: &[Member], stamp: Stamp) -> Decision {
    let is_new = |member: &&Member| !family.members.contains(member);
    let changed: Vec<_> = members.iter().filter(is_new).cloned().collect();
    let answer = Answer::Enrolled { changed: changed.len() };
    let mut entries = Vec::new();
    if !changed.is_empty() {
        let event = Event::Enrolled { members: changed };
        entries.push(Entry { id: stamp.id, recorded: stamp.recorded, event });
    }
    Decision { answer, entries }
}

/// A line is known again by its id, so that the same file twice is the same as once.
fn medical(family: &Family, totals: &[MedicalTotal], stamp: Stamp) -> Decision {
    let mut new: Vec<MedicalTotal> = Vec::new();
    for total in totals {
        if family.medical.iter().chain(&new).all(|known| known.id != total.id) {
            new.push(*total);
        }
    }
    let (answer, totals) = (Answer::Medical { added: new.len() }, new);
    let mut entries = Vec::new();
    if !totals.is_empty() {
        let event = Event::Medical { totals };
        entries.push(Entry { id: stamp.id, recorded: stamp.recorded, event });
    }
    Decision { answer, entries }
}

fn bill(book: &Book, family: &Family, claim: &Arc<Claim>, stamp: Stamp) -> Decision {
    let same = |fill: &&Fill| fill.key == claim.key && is_same_thing(fill, claim);
    if let Some(fill) = family.dispensed().find(same) {
        return duplicate(fill);
    }
    let adjudication = Arc::new(crate::adjudicate(book, family, claim));
    decided(book, claim, adjudication, None, stamp)
}

/// The same thing dispensed to the same person. A compound has no NDC to know it by, so only the
/// very same content is the same compound.
fn is_same_thing(fill: &Fill, claim: &Claim) -> bool {
    if claim.compound || fill.paid.compound.is_some() {
        return fill.fingerprint == claim.fingerprint();
    }
    fill.drug == claim.drug
        && fill.partial.as_deref() == claim.details.partial.as_ref()
        && claim.person_code.is_none_or(|person| person == fill.paid.person)
}

/// A claim sent again gets its first answer, whatever it came to since: that is what the pharmacy
/// is paid by and has collected.
fn duplicate(fill: &Fill) -> Decision {
    // How an adjusted claim divides is not what the pharmacy was answered.
    let part_d = fill.part_d.clone().filter(|_| fill.first.is_none());
    let first = Fill { paid: *fill.answered(), first: None, part_d, ..fill.clone() };
    Decision { answer: Answer::Duplicate(Box::new(first)), entries: Vec::new() }
}

/// The answer and entry of a decision.
fn decided(
    book: &Book,
    claim: &Arc<Claim>,
    adjudication: Arc<Adjudication>,
    rebills: Option<ClaimId>,
    stamp: Stamp,
) -> Decision {
    let event = Event::Decided {
        claim: claim.clone(),
        book: book.version(),
        rebills,
        adjudication: adjudication.clone(),
    };
    let entry = Entry { id: stamp.id, recorded: stamp.recorded, event };
    Decision { answer: Answer::Decided { id: stamp.id, adjudication }, entries: vec![entry] }
}

/// The fill that a reversal means; the latest, if it names no fill number and several fit.
fn meant<'a>(family: &'a Family, reversal: &Reversal) -> Result<&'a Fill, RefusalReason> {
    let meant = |fill: &&Fill| reversal.means(&fill.key, fill.drug.ndc);
    let covered = family.fills.iter().rev().find(meant);
    let fill = covered.or_else(|| family.uncovered.iter().rev().find(meant));
    if let Some(completion) = fill.and_then(|fill| family.completion_of(fill)) {
        let day = completion.key.date_of_service;
        let message = format!("reverse the completion of {day} first");
        return Err(RefusalReason::new(RejectCode::PartialIsCompleted, message));
    }
    fill.ok_or_else(|| {
        let is_reversed = family.reversed.iter().any(|(key, _)| reversal.means_key(key));
        if is_reversed {
            RefusalReason::new(RejectCode::ReversalNotProcessed, "this claim is reversed already")
        } else {
            let message = "no paid claim of this pharmacy, prescription, fill and day is known";
            RefusalReason::new(RejectCode::NotPaid, message)
        }
    })
}

fn reversed(
    family: &Family,
    reversal: &Reversal,
    fill: &Fill,
    id: ClaimId,
    recorded: Timestamp,
) -> Entry {
    let is_covered = family.covers(fill.id);
    let now = is_covered.then_some(&fill.paid);
    // Amounts that fitted one by one fit together; a difference of nothing is none.
    let undoes = Difference::between(Some(fill.answered()), now, fill.answered()).ok();
    let undoes = undoes.filter(|difference| difference.member != Cents::ZERO);
    let (reversal, claim, key) = (reversal.clone(), fill.id, fill.key);
    Entry { id, recorded, event: Event::Reversed { reversal, claim, key, undoes } }
}

fn reverse(family: &Family, reversal: &Reversal, stamp: Stamp) -> Decision {
    match meant(family, reversal) {
        Ok(fill) => Decision {
            answer: Answer::Reversed { id: stamp.id, claim: fill.id },
            entries: vec![reversed(family, reversal, fill, stamp.id, stamp.recorded)],
        },
        Err(reason) => refuse(not_reversed("B2", reversal, reason), stamp),
    }
}

fn not_reversed(transaction: &str, reversal: &Reversal, reason: RefusalReason) -> Refusal {
    Refusal {
        transaction: transaction.to_owned(),
        pharmacy: Some(reversal.pharmacy),
        prescription: Some(reversal.prescription),
        date_of_service: Some(reversal.date_of_service),
        reasons: vec![reason],
    }
}

fn refuse(refusal: Refusal, stamp: Stamp) -> Decision {
    let reasons = refusal.reasons.clone();
    let entry = Entry { id: stamp.id, recorded: stamp.recorded, event: Event::Refused(refusal) };
    Decision { answer: Answer::Refused { id: Some(stamp.id), reasons }, entries: vec![entry] }
}

fn rebill(book: &Book, family: &Family, claim: &Arc<Claim>, stamp: Stamp) -> Decision {
    // A rebill may change anything, so only the very same content is a rebill sent again whose
    // answer was lost: it is not taken back and billed once more.
    let fingerprint = claim.fingerprint();
    let same = |fill: &&Fill| fill.key == claim.key && fill.fingerprint == fingerprint;
    if let Some(fill) = family.dispensed().find(same) {
        return duplicate(fill);
    }
    let reversal = Reversal::of_rebill(claim);
    let fill = match meant(family, &reversal) {
        Ok(fill) => fill,
        Err(reason) => return refuse(not_reversed("B3", &reversal, reason), stamp),
    };
    let taken_back = reversed(family, &reversal, fill, stamp.second, stamp.recorded);
    let mut without = family.clone();
    if let Err(error) = ledger::apply(&mut without, &taken_back) {
        let reason = RefusalReason::new(RejectCode::ReversalNotProcessed, error.to_string());
        return refuse(not_reversed("B3", &reversal, reason), stamp);
    }
    let adjudication = Arc::new(adjudicate_rebill(book, &without, claim, fill.id));
    let is_paid = adjudication.paid().is_some();
    let mut decision = decided(book, claim, adjudication, Some(fill.id), stamp);
    if is_paid {
        decision.entries.insert(0, taken_back);
    }
    decision
}

/// Decides the claim of a rebill, on the family without the claim that it takes back.
pub fn adjudicate_rebill(
    book: &Book,
    without: &Family,
    claim: &Claim,
    rebills: ClaimId,
) -> Adjudication {
    let mut adjudication = crate::adjudicate(book, without, claim);
    if adjudication.paid().is_some() {
        let finding = Finding::ReversedClaim { id: rebills };
        let step = Step { stage: Stage::Duplicate, finding, source: None, amount: None };
        adjudication.steps.insert(0, step);
    } else {
        say_still_paid(&mut adjudication);
    }
    adjudication
}

/// Tells the pharmacist that a rejected rebill has changed nothing.
fn say_still_paid(adjudication: &mut Adjudication) {
    for step in &mut adjudication.steps {
        if let Finding::Refused { message, .. } = &mut step.finding {
            *message = format!("{message}; the earlier claim stays paid").into();
            return;
        }
    }
}

fn inquire(book: &Book, family: &Family, inquiry: &Inquiry) -> Decision {
    let identity = Identity {
        person_code: inquiry.person_code,
        birth: inquiry.birth,
        sex: inquiry.sex,
        group: inquiry.group,
        date: inquiry.date,
    };
    let answer = match identify(book, family, &identity) {
        Ok((covered, coverage)) => Answer::Covered {
            plan: covered.plan.name.clone(),
            coverage: *coverage,
            person: covered.person(),
        },
        Err(reasons) => Answer::Refused { id: None, reasons },
    };
    Decision { answer, entries: Vec::new() }
}
