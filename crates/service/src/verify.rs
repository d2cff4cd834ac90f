//! Verifies a journal: every entry whole, every accumulator rebuilt and equal to what was
//! stated, every decision's steps summing to its outcome, and, with the books at hand, every
//! decision made again and found the same.

use std::sync::Arc;

use openpbm_book::Book;
use openpbm_core::{Adjudication, BookVersion, Claim, ClaimId, Event, Family, FamilyId, Reversal};
use openpbm_engine::{adjudicate, ledger, transaction};
use openpbm_store::{Reader, Recorded, StoreError};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::pbm::Library;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The entry's place in the journal.
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
    /// Decisions, paid or rejected.
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
}

/// Verifies the journal from its first entry. `library` gives the book of a version, `progress`
/// hears of every sequence number.
///
/// # Errors
///
/// The store's, for damage that belongs to no single entry.
pub fn verify(
    reader: &dyn Reader,
    library: &Library,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, StoreError> {
    let mut report = Report::default();
    let mut families: FxHashMap<FamilyId, Family> = FxHashMap::default();
    let mut books: FxHashMap<BookVersion, Option<Arc<Book>>> = FxHashMap::default();
    let entries = reader.verify(&mut |read| match read {
        Ok(recorded) => {
            progress(recorded.sequence);
            let family =
                families.entry(recorded.family).or_insert_with(|| Family::unknown(recorded.family));
            let mut book =
                |version| books.entry(version).or_insert_with(|| library(version)).clone();
            entry(&mut report, family, &recorded, &mut book);
        }
        Err(damage) => report.problem(damage.sequence, damage),
    })?;
    report.entries = entries;
    report.families = u64::try_from(families.len()).unwrap_or(u64::MAX);
    let accumulators = families.values().map(|family| family.accumulators.len()).sum::<usize>();
    report.accumulators = u64::try_from(accumulators).unwrap_or(u64::MAX);
    Ok(report)
}

fn entry(
    report: &mut Report,
    family: &mut Family,
    recorded: &Recorded,
    book_of: &mut dyn FnMut(BookVersion) -> Option<Arc<Book>>,
) {
    let sequence = recorded.sequence;
    if recorded.version != family.version + 1 {
        let (found, expected) = (recorded.version, family.version + 1);
        report.problem(sequence, format!("version {found} of its family, expected {expected}"));
        family.version = recorded.version.saturating_sub(1);
    }
    if let Event::Decided { claim, book, rebills, adjudication } = &recorded.entry.event {
        report.decisions += 1;
        if let Err(error) = adjudication.check_sums() {
            report.problem(sequence, error);
        }
        match book_of(*book) {
            None => report.without_book += 1,
            Some(book) => match again(&book, family, claim, *rebills, adjudication) {
                Ok(decided) if decided == **adjudication => report.replayed += 1,
                Ok(_) => report.problem(sequence, "decided again, the answer is another"),
                Err(error) => report.problem(sequence, error),
            },
        }
    }
    if let Err(error) = ledger::apply(family, &recorded.entry) {
        report.problem(sequence, error);
    }
}

/// Makes a decision again, on the family as it was.
fn again(
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
    let fill = family.fills.iter().find(|fill| fill.id == rebills);
    let fill = fill.ok_or("rebills a claim that is not paid in its family")?;
    let mut without = family.clone();
    let event =
        Event::Reversed { reversal: Reversal::of_rebill(claim), claim: fill.id, key: fill.key };
    let entry =
        openpbm_core::Entry { id: rebills, recorded: openpbm_core::Timestamp::default(), event };
    ledger::apply(&mut without, &entry).map_err(|error| error.to_string())?;
    Ok(transaction::adjudicate_rebill(book, &without, claim, rebills))
}
