//! The last audit: when everything is quiet, three folds of the journal say the same.

use openpbm_core::{Family, FamilyId};
use openpbm_engine::ledger;
use openpbm_model::auditor::{Auditor, Tally};
use openpbm_service::{Depth, verify};
use openpbm_store::Reader;

use crate::books::Books;
use crate::failure::Failure;
use crate::store::Store;

/// Compares every family with the auditor's account, lets the auditor make its last checks, and
/// the service verify the journal.
pub(crate) fn audit(
    mut auditor: Auditor,
    store: &Store,
    books: &Books,
) -> (Option<Failure>, Tally) {
    let reader = store.reader();
    let mut failure = None;
    for family in store.families() {
        match fold(&*reader, family) {
            Ok(_) if family.as_str().starts_with('~') => {}
            Ok(family) => auditor.compare(&family),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    let report = auditor.finish();
    let found = report.findings.into_iter().next().map(Failure::Audit);
    (found.or(failure).or_else(|| verified(&*reader, books).err()), report.tally)
}

/// The engine's fold of a family, from its remembered state on.
fn fold(reader: &dyn Reader, family: FamilyId) -> Result<Family, Failure> {
    let history = reader.read_family(family)?;
    let mut state = history.remembered.map_or_else(|| Family::unknown(family), |state| *state);
    for (_, entry) in history.entries {
        ledger::apply(&mut state, &entry).map_err(|error| Failure::Ledger { family, error })?;
    }
    Ok(state)
}

fn verified(reader: &dyn Reader, books: &Books) -> Result<(), Failure> {
    let books: Vec<_> = (0..books.count()).map(|number| books.compiled(number).clone()).collect();
    let library = move |version| books.iter().find(|book| book.version() == version).cloned();
    let report = verify(reader, &library, Depth::Decide, 1, &mut |_| {})?;
    match report.findings.first() {
        None => Ok(()),
        Some(finding) => {
            Err(Failure::Verification(format!("entry {}: {}", finding.sequence, finding.problem)))
        }
    }
}
