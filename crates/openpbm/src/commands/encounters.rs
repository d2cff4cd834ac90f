//! `openpbm export encounters`: of each entry of the journal the line that a state is sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use openpbm_book::Book;
use openpbm_core::{Adjustment, BookVersion, Claim, Entry, Event, Paid};
use openpbm_service::encounters::{Encounter, Status, line};
use openpbm_store::{Reader, Recorded};

use crate::data::Data;
use crate::failure::Failure;
use crate::store;

/// Makes encounters of entries, with each book that decided one of them.
pub(super) struct Encounters<'r> {
    reader: &'r dyn Reader,
    library: Box<dyn Fn(BookVersion) -> Option<Arc<Book>>>,
    books: BTreeMap<BookVersion, Arc<Book>>,
}

impl<'r> Encounters<'r> {
    pub(super) fn new(data: &Data, reader: &'r dyn Reader) -> Result<Self, Failure> {
        Ok(Self { reader, library: Box::new(data.library()?), books: BTreeMap::new() })
    }

    /// The line of an entry; `None` if it neither pays, adjusts nor takes back a claim of Medicaid.
    pub(super) fn line(&mut self, recorded: &Recorded) -> Result<Option<String>, Failure> {
        let Entry { id, recorded: at, event } = &recorded.entry;
        let encounter = |status, original| Encounter { status, id: *id, recorded: *at, original };
        match event {
            Event::Decided { claim, book, adjudication, .. } => {
                self.paid(encounter(Status::Paid, None), claim, *book, adjudication.paid())
            }
            Event::Adjusted(adjustment) => {
                let Adjustment { of, claim, book, before, adjudication, .. } = &**adjustment;
                let adjusted = encounter(Status::Adjusted, Some(*of));
                let now = self.paid(adjusted, claim, *book, adjudication.paid())?;
                let voided = encounter(Status::Voided, Some(*of));
                match now {
                    Some(line) => Ok(Some(line)),
                    None => self.paid(voided, claim, *book, before.as_ref()),
                }
            }
            Event::Reversed { claim: original, .. } => {
                let encounter = encounter(Status::Reversed, Some(*original));
                let found = self.reader.find_entry(*original).map_err(store::failure)?;
                match found.map(|found| found.entry.event) {
                    Some(Event::Decided { claim, book, adjudication, .. }) => {
                        self.paid(encounter, &claim, book, adjudication.paid())
                    }
                    _ => Err(Failure::new(format!(
                        "entry {id} takes back {original}, which the journal no longer has"
                    ))
                    .hint("go on behind it with --from, or export before you retire entries")),
                }
            }
            _ => Ok(None),
        }
    }

    fn paid(
        &mut self,
        encounter: Encounter,
        claim: &Claim,
        version: BookVersion,
        paid: Option<&Paid>,
    ) -> Result<Option<String>, Failure> {
        let Some(paid) = paid else { return Ok(None) };
        let book = match self.books.get(&version) {
            Some(book) => book.clone(),
            None => {
                let book = (self.library)(version).ok_or_else(|| {
                    Failure::new(format!("book {version}, which decided a claim, is not here"))
                        .hint("a data directory keeps every book that it published")
                })?;
                self.books.entry(version).or_insert(book).clone()
            }
        };
        line(&book, encounter, claim, paid).map_err(Failure::new)
    }
}
