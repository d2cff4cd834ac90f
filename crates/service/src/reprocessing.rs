//! Reprocessing: something came late (an enrollment for days gone by, a reversal of an early
//! claim, a claim after its day, what the medical side has come to), so the paid claims of its
//! family are decided again and what comes to other amounts is adjusted.
//!
//! It follows the journal and no claim waits for it: claims and books are gathered and the
//! adjustments reckoned beside the family's worker, which is troubled only where there is
//! something to adjust. It then reckons once more on the state that it holds, so that nothing
//! comes between. A family that is right already is left as it is: the same again changes nothing.

use std::sync::Arc;

use openpbm_book::Book;
use openpbm_core::{
    Adjustment, BookVersion, Cents, Claim, ClaimId, Date, Entry, Event, Family, FamilyId, Paid,
    Timestamp,
};
use openpbm_engine::reprocessing::{self, Origin, Stamps};
use openpbm_engine::transaction::{Answer, Decision};
use openpbm_store::{Cursor, Damage, Filter, Kind, Reader, Recorded, StoreError};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::families::{self, FamilyError};
use crate::pbm::Pbm;
use crate::pipeline::Outcome;
use crate::shared::Shared;

/// Reprocessing that did not come to its end. What was adjusted before stays so.
#[derive(Debug, thiserror::Error)]
pub enum ReprocessError {
    /// A family cannot be read, or what it comes to does not fit.
    #[error(transparent)]
    Family(#[from] FamilyError),
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The journal did not take an adjustment.
    #[error("the store did not take the adjustments of a family")]
    Unavailable,
}

impl From<Damage> for ReprocessError {
    fn from(damage: Damage) -> Self {
        Self::Store(damage.into())
    }
}

/// A family for which something came late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Whose claims are to be decided again.
    pub family: FamilyId,
    /// The last entry that came late, where it is known.
    pub because: Option<ClaimId>,
}

impl Due {
    /// What follows from an entry; `None` if it comes late for nothing. Members are told in the
    /// family's first entry, before any claim, and anew in later ones; a claim comes late if it
    /// is received after its day.
    pub fn of(recorded: &Recorded) -> Option<Self> {
        let Recorded { family, version, entry, .. } = recorded;
        let is_late = match &entry.event {
            Event::Enrolled { .. } => *version > 1,
            Event::Reversed { .. } | Event::Medical { .. } => true,
            Event::Decided { claim, adjudication, .. } => {
                adjudication.paid().is_some() && claim.key.date_of_service < claim.received
            }
            Event::Refused(_) | Event::Retired | Event::Carried { .. } | Event::Adjusted(_) => {
                false
            }
        };
        is_late.then_some(Self { family: *family, because: Some(entry.id) })
    }

    /// Every family for which something came late at an instant or after it, in the order in
    /// which it first did, looked for behind these places of the journal: from its beginning in a
    /// shard that is not named. `progress` hears how many entries were read.
    ///
    /// # Errors
    ///
    /// The store's.
    pub fn since(
        reader: &dyn Reader,
        places: &[Cursor],
        instant: Timestamp,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Vec<Self>, ReprocessError> {
        const PAGE: usize = 1_000;
        let mut found: Vec<Self> = Vec::new();
        let mut families: FxHashMap<FamilyId, usize> = FxHashMap::default();
        let mut read = 0;
        for head in reader.heads()? {
            let place = places.iter().find(|place| place.shard == head.shard);
            let mut cursor = place.copied().unwrap_or(Cursor::start(head.shard));
            while cursor.sequence < head.sequence {
                let page = reader.read_from(cursor, PAGE)?;
                let Some(last) = page.last() else { break };
                for sealed in &page {
                    let recorded = sealed.open()?;
                    let late = Self::of(&recorded);
                    if let Some(due) = late.filter(|_| recorded.entry.recorded >= instant) {
                        let place = *families.entry(due.family).or_insert(found.len());
                        match found.get_mut(place) {
                            Some(known) => *known = due,
                            None => found.push(due),
                        }
                    }
                    read += 1;
                }
                cursor = cursor.past(last);
                progress(read);
            }
        }
        Ok(found)
    }
}

/// What reprocessing did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reprocessed {
    /// Families that were looked at.
    pub families: usize,
    /// Those of them with claims that come to other amounts.
    pub adjusted_families: usize,
    /// The adjustments, family by family in the order of the days of service.
    pub adjustments: Vec<Adjusted>,
    /// Claims that stay as they are because what decided them is not at hand: the claim is past
    /// its retention, or the version of the book is not on the shelf.
    pub not_at_hand: usize,
}

/// One claim that comes to other amounts. It names no member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Adjusted {
    /// 503-F3 of the decision that first paid it.
    pub claim: ClaimId,
    /// 401-D1.
    pub date_of_service: Date,
    /// The entry that came late, where it is known.
    pub because: Option<ClaimId>,
    /// What the patient's part was until now, in cents; `None` if the claim was not covered.
    pub patient_before: Option<Cents>,
    /// What it is now; `None` if the claim is not covered.
    pub patient_now: Option<Cents>,
    /// What the member owes more, in cents; less than zero is refunded.
    pub member: Option<Cents>,
    /// What the plan pays more, in cents; less than zero is recovered.
    pub plan: Option<Cents>,
}

impl Adjusted {
    fn of(adjustment: &Adjustment) -> Self {
        let patient = |paid: Option<&Paid>| paid.and_then(|p| p.patient_pay().ok());
        let difference = adjustment.difference().ok();
        Self {
            claim: adjustment.of,
            date_of_service: adjustment.claim.key.date_of_service,
            because: adjustment.because,
            patient_before: patient(adjustment.before.as_ref()),
            patient_now: patient(adjustment.adjudication.paid()),
            member: difference.map(|difference| difference.member),
            plan: difference.map(|difference| difference.plan),
        }
    }
}

/// Reprocesses families one after the other. `progress` hears how many are done.
///
/// # Errors
///
/// [`ReprocessError`], after which what was adjusted before stays adjusted; the same again goes
/// on from there.
pub fn reprocess(
    pbm: &Pbm,
    due: &[Due],
    dry_run: bool,
    progress: &mut dyn FnMut(usize),
) -> Result<Reprocessed, ReprocessError> {
    let mut reprocessing = Reprocessing::new(pbm);
    let mut reprocessed = Reprocessed::default();
    for (number, due) in (1..).zip(due) {
        let adjustments = reprocessing.family(*due, dry_run)?;
        reprocessed.adjusted_families += usize::from(!adjustments.is_empty());
        reprocessed.adjustments.extend(adjustments.iter().map(Adjusted::of));
        progress(number);
    }
    (reprocessed.families, reprocessed.not_at_hand) =
        (due.len(), reprocessing.gathering.not_at_hand);
    Ok(reprocessed)
}

/// Reprocesses families and keeps the books that it has needed.
pub struct Reprocessing {
    pbm: Pbm,
    gathering: Gathering,
}

impl Reprocessing {
    /// Needed books are looked up in the PBM's library.
    pub fn new(pbm: &Pbm) -> Self {
        Self { pbm: pbm.clone(), gathering: Gathering::default() }
    }

    /// Decides the claims of a family again and adjusts them, unless this is only to see.
    ///
    /// # Errors
    ///
    /// [`ReprocessError`]; nothing is adjusted then.
    pub fn family(&mut self, due: Due, dry_run: bool) -> Result<Vec<Adjustment>, ReprocessError> {
        let shared = self.pbm.shared().clone();
        let Some((family, reprocess)) = self.gathering.family(&shared, due)? else {
            return Ok(Vec::new());
        };
        let decision = reprocess.decide(&shared, &family, shared.clock.now())?;
        if dry_run || decision.entries.is_empty() {
            return Ok(adjustments(&decision.answer));
        }
        let answered = self.pbm.reprocess(due.family, reprocess).blocking_recv();
        let Ok(Outcome::Answered(answers)) = answered else {
            return Err(ReprocessError::Unavailable);
        };
        Ok(answers.iter().flat_map(adjustments).collect())
    }
}

/// Gathers what families are decided again from.
#[derive(Default)]
pub(crate) struct Gathering {
    books: FxHashMap<BookVersion, Option<Arc<Book>>>,
    not_at_hand: usize,
}

impl Gathering {
    /// A family and its paid claims, each with the book that decided it, as far as they are at
    /// hand; `None` if nothing was paid.
    pub(crate) fn family(
        &mut self,
        shared: &Shared,
        due: Due,
    ) -> Result<Option<(Family, Reprocess)>, FamilyError> {
        let family = families::read(&*shared.reader, due.family)?.family;
        if family.dispensed().next().is_none() {
            return Ok(None);
        }
        let kinds = vec![Kind::Paid, Kind::Adjusted];
        let filter = Filter { kinds, family: Some(family.id), before: None };
        let recorded = shared.reader.recent(&filter, usize::MAX)?;
        let mut claims = FxHashMap::default();
        for (id, claim, book) in recorded.iter().filter_map(|recorded| paid(&recorded.entry)) {
            claims.insert(id, (claim.clone(), book));
        }
        let mut origins = FxHashMap::default();
        for fill in family.dispensed() {
            let found = claims.get(&fill.id).and_then(|(claim, version)| {
                let book = self.books.entry(*version);
                let book = book.or_insert_with(|| shared.book_of(*version)).clone()?;
                Some(Origin { claim: claim.clone(), book })
            });
            match found {
                Some(origin) => drop(origins.insert(fill.id, origin)),
                None => self.not_at_hand += 1,
            }
        }
        Ok(Some((family, Reprocess { because: due.because, origins })))
    }
}

/// The decision that paid a claim, with the claim and its book.
fn paid(entry: &Entry) -> Option<(ClaimId, &Arc<Claim>, BookVersion)> {
    match &entry.event {
        Event::Decided { claim, book, .. } => Some((entry.id, claim, *book)),
        Event::Adjusted(adjustment) => Some((adjustment.of, &adjustment.claim, adjustment.book)),
        _ => None,
    }
}

fn adjustments(answer: &Answer) -> Vec<Adjustment> {
    match answer {
        Answer::Reprocessed { adjustments } => adjustments.clone(),
        _ => Vec::new(),
    }
}

/// What a family's worker needs to decide its claims again.
#[derive(Debug)]
pub(crate) struct Reprocess {
    because: Option<ClaimId>,
    origins: FxHashMap<ClaimId, Origin>,
}

impl Reprocess {
    /// Decides the claims again, on the family as it is now.
    pub(crate) fn decide(
        &self,
        shared: &Shared,
        family: &Family,
        recorded: Timestamp,
    ) -> Result<Decision, FamilyError> {
        let current = shared.book();
        let mut since = FxHashMap::default();
        for fill in family.dispensed().filter(|fill| !self.origins.contains_key(&fill.id)) {
            // Paid since the claims were gathered, by the book that decides now.
            let found = shared.reader.find_entry(fill.id)?;
            let decided = found.as_ref().and_then(|found| paid(&found.entry));
            if let Some((id, claim, _)) = decided.filter(|(.., v)| *v == current.version()) {
                let (claim, book) = (claim.clone(), current.clone());
                since.insert(id, Origin { claim, book });
            }
        }
        let origin = |id| self.origins.get(&id).or_else(|| since.get(&id)).cloned();
        let next_id = &mut || shared.clock.next_id();
        let mut stamps = Stamps { recorded, next_id, because: self.because };
        let entries = reprocessing::reprocess(family, &origin, &mut stamps)?;
        let adjusted = entries.iter().filter_map(|entry| match &entry.event {
            Event::Adjusted(adjustment) => Some((**adjustment).clone()),
            _ => None,
        });
        Ok(Decision { answer: Answer::Reprocessed { adjustments: adjusted.collect() }, entries })
    }
}
