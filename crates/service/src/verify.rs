//! Verifies a journal: every entry whole, every accumulator rebuilt and equal to what was
//! stated, every decision's steps summing to its outcome, and, with the books at hand, every
//! decision made again and found the same.
//!
//! One thread reads the sealed entries in order; each of the others opens and folds those of its
//! share of the families, which is all the order that a family needs.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::ScopedJoinHandle;

use openpbm_book::Book;
use openpbm_core::{
    Adjudication, Adjustment, BookVersion, Claim, ClaimId, Entry, Event, Family, FamilyId,
    Reversal, Timestamp,
};
use openpbm_engine::{adjudicate, ledger, reprocessing, transaction};
use openpbm_store::{Cursor, Damage, Flaw, Reader, Recorded, Sealed, StoreError};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::pbm::Library;
use crate::pipeline::worker_of;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The entry's place in its shard of the journal.
    pub sequence: u64,
    /// What is wrong with it.
    pub problem: String,
}

/// What a verification saw.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Entries that are whole.
    pub entries: u64,
    /// Families they belong to.
    pub families: u64,
    /// Decisions, paid or rejected, and adjustments.
    pub decisions: u64,
    /// Decisions that were made again and came out the same.
    pub replayed: u64,
    /// Decisions whose book is not at hand.
    pub without_book: u64,
    /// Accumulators that were rebuilt.
    pub accumulators: u64,
    /// The first problems.
    pub findings: Vec<Finding>,
    /// How many there are in all.
    pub problems: u64,
}

impl Report {
    /// So many problems are listed.
    const MOST_LISTED: usize = 100;

    /// True if nothing is wrong.
    pub const fn is_clean(&self) -> bool {
        self.problems == 0
    }

    fn problem(&mut self, sequence: u64, problem: impl ToString) {
        self.problems += 1;
        if self.findings.len() < Self::MOST_LISTED {
            self.findings.push(Finding { sequence, problem: problem.to_string() });
        }
    }

    fn add(&mut self, other: Self) {
        self.entries += other.entries;
        self.families += other.families;
        self.decisions += other.decisions;
        self.replayed += other.replayed;
        self.without_book += other.without_book;
        self.accumulators += other.accumulators;
        self.problems += other.problems;
        self.findings.extend(other.findings);
    }
}

/// How much a verification does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Every entry is opened, every family folded, every sum checked.
    Rebuild,
    /// The same; every decision is made again; and what the store keeps beside the entries, such
    /// as the index by which they are found, is held against them.
    Decide,
}

/// So many entries are read, and handed on, at once.
const PAGE: usize = 4096;
/// Pages that may wait for a thread: enough for it never to wait, little enough to hold.
const PAGES_AHEAD: usize = 4;

/// Verifies the journal from its first entry, with so many threads beside the one that reads.
/// `library` gives the book of a version, `progress` hears how many entries have been read.
///
/// # Errors
///
/// The store's, if it cannot be read. Damage is no error but a problem of the report; what belongs
/// to no single entry stands under sequence number 0.
pub fn verify(
    reader: &dyn Reader,
    library: &Library,
    depth: Depth,
    threads: usize,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, StoreError> {
    let threads = threads.max(1);
    let mut report = std::thread::scope(|scope| {
        // What no single entry shows is looked for meanwhile.
        let structure = (depth == Depth::Decide).then(|| {
            scope.spawn(move || {
                let mut found = Report::default();
                let checked = reader.check(&mut |damage| found.problem(damage.sequence, damage));
                checked.map(|()| found)
            })
        });
        let mut senders = Vec::new();
        let mut auditors = Vec::new();
        for _ in 0..threads {
            let (sender, pages) = sync_channel(PAGES_AHEAD);
            senders.push(sender);
            auditors.push(scope.spawn(move || Auditor::new(library, depth).run(&pages)));
        }
        let mut gaps = Vec::new();
        let read = read(reader, &senders, &mut |damage| gaps.push(damage), progress);
        drop(senders);
        let mut report = Report::default();
        let failed = "a thread of the verification failed: a defect of ours";
        for auditor in auditors {
            match auditor.join() {
                Ok(part) => report.add(part),
                Err(_) => report.problem(0, failed),
            }
        }
        match structure.map(ScopedJoinHandle::join) {
            // It tells the gaps, too.
            Some(Ok(Ok(found))) => report.add(found),
            Some(Ok(Err(error))) if error.is_transient() => return Err(error),
            // Damage that is no single entry's is one more problem: what else was found stays.
            Some(Ok(Err(error))) => {
                gaps.into_iter().for_each(|gap| report.problem(gap.sequence, gap));
                report.problem(0, error);
            }
            Some(Err(_)) => report.problem(0, failed),
            None => gaps.into_iter().for_each(|gap| report.problem(gap.sequence, gap)),
        }
        read.map(|()| report)
    })?;
    report.findings.sort();
    report.findings.truncate(Report::MOST_LISTED);
    Ok(report)
}

/// Reads every shard in order and deals the entries out by family. What is missing is told, and
/// gone past.
fn read(
    reader: &dyn Reader,
    senders: &[SyncSender<Vec<Sealed>>],
    missing: &mut dyn FnMut(Damage),
    progress: &mut dyn FnMut(u64),
) -> Result<(), StoreError> {
    let mut seen = 0_u64;
    for head in reader.heads()? {
        let mut cursor = Cursor::start(head.shard);
        // What is appended meanwhile is for the next verification.
        while cursor < head {
            let page = match reader.read_from(cursor, PAGE) {
                Err(StoreError::Damaged(damage)) => {
                    let Flaw::Missing { entries } = damage.flaw else { return Err(damage.into()) };
                    let whole = damage.sequence.saturating_sub(cursor.sequence).saturating_sub(1);
                    if whole == 0 {
                        missing(damage);
                        cursor.sequence = cursor.sequence.saturating_add(entries.max(1));
                        continue;
                    }
                    // Those before it are read by themselves.
                    reader.read_from(cursor, usize::try_from(whole).unwrap_or(PAGE).min(PAGE))?
                }
                page => page?,
            };
            let Some(last) = page.last() else { break };
            cursor = cursor.past(last);
            seen = seen.saturating_add(u64::try_from(page.len()).unwrap_or(u64::MAX));
            deal(page, senders);
            progress(seen);
        }
    }
    Ok(())
}

/// Hands each thread the entries of its families.
fn deal(page: Vec<Sealed>, senders: &[SyncSender<Vec<Sealed>>]) {
    let mut dealt: Vec<Vec<Sealed>> = senders.iter().map(|_| Vec::new()).collect();
    for sealed in page {
        if let Some(share) = dealt.get_mut(worker_of(sealed.family, senders.len())) {
            share.push(sealed);
        }
    }
    for (sender, share) in senders.iter().zip(dealt) {
        // A thread that is gone says so when it is joined.
        let _ = sender.send(share);
    }
}

/// Folds a share of the families.
struct Auditor<'a> {
    library: &'a Library,
    depth: Depth,
    report: Report,
    families: FxHashMap<FamilyId, Family>,
    books: FxHashMap<BookVersion, Option<Arc<Book>>>,
}

impl<'a> Auditor<'a> {
    fn new(library: &'a Library, depth: Depth) -> Self {
        let (families, books) = (FxHashMap::default(), FxHashMap::default());
        Self { library, depth, report: Report::default(), families, books }
    }

    fn run(mut self, pages: &Receiver<Vec<Sealed>>) -> Report {
        for page in pages {
            page.iter().for_each(|sealed| self.audit(sealed));
        }
        self.report.families = u64::try_from(self.families.len()).unwrap_or(u64::MAX);
        let accumulators = self.families.values().map(|f| f.accumulators.len()).sum::<usize>();
        self.report.accumulators = u64::try_from(accumulators).unwrap_or(u64::MAX);
        self.report
    }

    fn audit(&mut self, sealed: &Sealed) {
        match sealed.open() {
            Ok(recorded) => {
                self.report.entries += 1;
                self.entry(&recorded);
            }
            Err(damage) => self.report.problem(damage.sequence, damage),
        }
    }

    fn entry(&mut self, recorded: &Recorded) {
        let Recorded { sequence, family: id, version, entry } = recorded;
        let Self { report, families, books, .. } = self;
        let family = families.entry(*id).or_insert_with(|| Family::unknown(*id));
        if *version != family.version + 1 {
            let expected = family.version + 1;
            report.problem(
                *sequence,
                format!("found version {version} of its family, expected {expected}"),
            );
            family.version = version.saturating_sub(1);
        }
        let decided = match &entry.event {
            Event::Decided { claim, book, rebills, adjudication } => {
                Some((book, adjudication, Again::Claim(claim, *rebills)))
            }
            Event::Adjusted(adjustment) => {
                Some((&adjustment.book, &adjustment.adjudication, Again::Adjustment(adjustment)))
            }
            _ => None,
        };
        if let Some((book, adjudication, again)) = decided {
            report.decisions += 1;
            if let Err(error) = adjudication.check_sums() {
                report.problem(*sequence, error);
            }
            if self.depth == Depth::Decide {
                let book = books.entry(*book).or_insert_with(|| (self.library)(*book));
                match book {
                    None => report.without_book += 1,
                    Some(book) => match again.decide(book, family, adjudication) {
                        Ok(decided) if decided == **adjudication => report.replayed += 1,
                        Ok(_) => report.problem(*sequence, "decided again, the answer is another"),
                        Err(error) => report.problem(*sequence, error),
                    },
                }
            }
        }
        if let Err(error) = ledger::apply(family, entry) {
            report.problem(*sequence, error);
        }
    }
}

/// What has to be decided again.
enum Again<'e> {
    Claim(&'e Claim, Option<ClaimId>),
    Adjustment(&'e Adjustment),
}

impl Again<'_> {
    /// Makes the decision again, on the family as it was.
    fn decide(
        &self,
        book: &Book,
        family: &Family,
        decided: &Adjudication,
    ) -> Result<Adjudication, String> {
        match self {
            Self::Claim(claim, rebills) => bill(book, family, claim, *rebills, decided),
            Self::Adjustment(adjustment) => {
                let fill = family.dispensed().find(|fill| fill.id == adjustment.of);
                let fill = fill.ok_or("adjusts a claim that is not paid in its family")?;
                let again = reprocessing::decide_again(book, family, &adjustment.claim, fill);
                again.map_err(|error| error.to_string())
            }
        }
    }
}

fn bill(
    book: &Book,
    family: &Family,
    claim: &Claim,
    rebills: Option<ClaimId>,
    decided: &Adjudication,
) -> Result<Adjudication, String> {
    let Some(rebills) = rebills else { return Ok(adjudicate(book, family, claim)) };
    if decided.paid().is_some() {
        // The entry before this one took the earlier claim back.
        return Ok(transaction::adjudicate_rebill(book, family, claim, rebills));
    }
    let fill = family.dispensed().find(|fill| fill.id == rebills);
    let fill = fill.ok_or("rebills a claim that is not paid in its family")?;
    let mut without = family.clone();
    let (reversal, key) = (Reversal::of_rebill(claim), fill.key);
    let event = Event::Reversed { reversal, claim: fill.id, key, undoes: None };
    let entry = Entry { id: rebills, recorded: Timestamp::default(), event };
    ledger::apply(&mut without, &entry).map_err(|error| error.to_string())?;
    Ok(transaction::adjudicate_rebill(book, &without, claim, rebills))
}
