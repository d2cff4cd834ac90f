//! `openpbm export drug-events`: of each entry of the journal the record that CMS is sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use openpbm_book::Book;
use openpbm_core::{Adjudication, BookVersion, Claim, ClaimId, Date, Entry, Event, FamilyId};
use openpbm_service::drug_events::{Code, Report, Sums, event, line};
use openpbm_store::{Filter, Kind, Reader, Recorded};

use crate::data::Data;
use crate::failure::Failure;
use crate::store;

/// Makes drug events of entries, with each book that decided one of them.
pub(super) struct DrugEvents<'r> {
    reader: &'r dyn Reader,
    library: Box<dyn Fn(BookVersion) -> Option<Arc<Book>>>,
    books: BTreeMap<BookVersion, Arc<Book>>,
    /// What the records come to, by what they do.
    pub(super) sums: BTreeMap<Code, Sums>,
}

/// How a claim was decided, at some time.
struct Known {
    claim: Arc<Claim>,
    book: BookVersion,
    adjudication: Arc<Adjudication>,
}

impl<'r> DrugEvents<'r> {
    pub(super) fn new(data: &Data, reader: &'r dyn Reader) -> Result<Self, Failure> {
        let library = Box::new(data.library()?);
        Ok(Self { reader, library, books: BTreeMap::new(), sums: BTreeMap::new() })
    }

    /// The line of an entry; `None` if it changes nothing of what CMS is told.
    pub(super) fn line(&mut self, recorded: &Recorded) -> Result<Option<String>, Failure> {
        let Entry { id, recorded: at, event } = &recorded.entry;
        let report = |code, claim, paid| Report { code, claim, paid, entry: *id, recorded: *at };
        match event {
            Event::Decided { claim, book, adjudication, .. } => {
                let known =
                    Known { claim: claim.clone(), book: *book, adjudication: adjudication.clone() };
                self.record(report(Code::Original, *id, at.date()), &known)
            }
            Event::Reversed { claim, .. } => {
                let (paid, before) = self.before(recorded, *claim)?;
                self.record(report(Code::Deletion, *claim, paid), &before)
            }
            Event::Adjusted(adjustment) => {
                let (paid, before) = self.before(recorded, adjustment.of)?;
                let after = Known {
                    claim: adjustment.claim.clone(),
                    book: adjustment.book,
                    adjudication: adjustment.adjudication.clone(),
                };
                let was = before.adjudication.part_d.is_some();
                let code = if was { Code::Adjustment } else { Code::Original };
                let told = self.record(report(code, adjustment.of, paid), &after)?;
                match told {
                    None if was => {
                        self.record(report(Code::Deletion, adjustment.of, paid), &before)
                    }
                    told => Ok(told),
                }
            }
            _ => Ok(None),
        }
    }

    /// How a claim stood before an entry, and the day on which it was first paid.
    fn before(&self, entry: &Recorded, of: ClaimId) -> Result<(Date, Known), Failure> {
        let found = self.reader.find_entry(of).map_err(store::failure)?;
        let Some(Entry {
            recorded, event: Event::Decided { claim, book, adjudication, .. }, ..
        }) = found.map(|found| found.entry)
        else {
            return Err(Failure::new(format!(
                "entry {} is about {of}, which the journal no longer has",
                entry.entry.id
            ))
            .hint("go on behind it with --from, or export before you retire entries"));
        };
        let first = Known { claim, book, adjudication };
        let last = self.adjusted(entry, of, entry.family)?;
        Ok((recorded.date(), last.unwrap_or(first)))
    }

    /// What the last adjustment of a claim before an entry made of it, if there was one.
    fn adjusted(
        &self,
        entry: &Recorded,
        of: ClaimId,
        family: FamilyId,
    ) -> Result<Option<Known>, Failure> {
        const PAGE: usize = 100;
        let mut before = Some(entry.entry.id);
        loop {
            let filter = Filter { kinds: vec![Kind::Adjusted], family: Some(family), before };
            let page = self.reader.recent(&filter, PAGE).map_err(store::failure)?;
            let Some(last) = page.last() else { return Ok(None) };
            before = Some(last.entry.id);
            let of_claim = page.into_iter().find_map(|found| match found.entry.event {
                Event::Adjusted(adjustment) if adjustment.of == of => Some(adjustment),
                _ => None,
            });
            if let Some(adjustment) = of_claim {
                let (claim, book) = (adjustment.claim, adjustment.book);
                return Ok(Some(Known { claim, book, adjudication: adjustment.adjudication }));
            }
        }
    }

    fn record(&mut self, report: Report, known: &Known) -> Result<Option<String>, Failure> {
        if known.adjudication.part_d.is_none() {
            return Ok(None);
        }
        let book = self.book(known.book)?;
        let told = event(&book, &known.claim, &known.adjudication).map_err(Failure::new)?;
        let Some(told) = told else { return Ok(None) };
        self.sums.entry(report.code).or_default().add(&told).map_err(Failure::new)?;
        Ok(Some(line(&report, &known.claim, &known.adjudication, &told)))
    }

    fn book(&mut self, version: BookVersion) -> Result<Arc<Book>, Failure> {
        if let Some(book) = self.books.get(&version) {
            return Ok(book.clone());
        }
        let book = (self.library)(version).ok_or_else(|| {
            Failure::new(format!("book {version}, which decided a claim, is not here"))
                .hint("a data directory keeps every book that it published")
        })?;
        Ok(self.books.entry(version).or_insert(book).clone())
    }
}
