//! Retention: what a family's first entries say is let go of, and what they led to is kept.

use std::sync::Arc;

use openpbm_core::{Entry, Event, Family, Timestamp};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::index::{self, Find, Retired};
use super::recent::State;
use super::row::{Columns, Place, columns};
use super::shared::Shared;
use super::{failure, tail};
use crate::{Damage, Flaw, Kind, StoreError};

const AT: &str = concat!("SELECT ", columns!(), " FROM journal WHERE sequence = ?1");
const CHANGE: &str = "UPDATE journal SET kind = ?2, entry = ?3, seal = ?4 WHERE sequence = ?1";
const NUMBER: &str = "SELECT number FROM retention";
const NEXT_NUMBER: &str = "UPDATE retention SET number = number + 1";

/// How often retention has changed the journal.
pub(super) fn number(journal: &Connection) -> rusqlite::Result<u64> {
    journal.prepare_cached(NUMBER)?.query_row([], |row| row.get(0))
}

/// Carries the family's state forward to its version; returns how many entries were changed.
///
/// The journal is changed first, in one transaction, and the index then. If the program ends in
/// between, the index does not know of the last retention and is made anew at the next start.
pub(super) fn retire(
    journal: &mut Connection,
    index: &mut Connection,
    shared: &Arc<Shared>,
    state: &Family,
) -> Result<u64, StoreError> {
    let failed = shared.failed("retiring entries");
    let failed_behind = failure::index("retiring entries");
    let head = match shared.recent().head(state.id) {
        Some(head) => head,
        None => Find::new(index).head(state.id)?.unwrap_or_default(),
    };
    if state.version == 0 || head.version < state.version {
        return Ok(0);
    }
    let transaction =
        journal.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&failed)?;
    let retired = change(&transaction, &failed, head.sequence, state)?;
    if retired.is_empty() {
        return Ok(0);
    }
    transaction.execute(NEXT_NUMBER, []).map_err(&failed)?;
    let number = number(&transaction).map_err(&failed)?;
    transaction.commit().map_err(&failed)?;
    {
        let mut recent = shared.recent_mut();
        for Retired { sequence, is, billing, .. } in &retired {
            let open = recent.open_mut();
            open.retire(*sequence, *is);
            billing.iter().for_each(|billing| open.forget(*billing, *sequence));
        }
    }
    let carried = State { version: state.version, bytes: state.to_bytes().into() };
    index::retire(index, &retired, (&state.id, &carried), number).map_err(failed_behind)?;
    Ok(u64::try_from(retired.len()).unwrap_or(u64::MAX))
}

/// Changes the family's rows from its newest entry back to its first, or to the first that was
/// retired before: those before that one are retired too.
fn change(
    journal: &Connection,
    failed: &impl Fn(rusqlite::Error) -> StoreError,
    newest: u64,
    state: &Family,
) -> Result<Vec<Retired>, StoreError> {
    let mut at = journal.prepare_cached(AT).map_err(failed)?;
    let mut retired = Vec::new();
    let mut sequence = newest;
    while sequence > 0 {
        let damage = |flaw| Damage { sequence, flaw };
        let found = at
            .query_row([sequence], |row| {
                let columns = Columns::of(row)?;
                Ok(columns.and_then(|columns| step(&columns, state)))
            })
            .optional()
            .map_err(failed)?;
        let step = found.ok_or(damage(Flaw::Missing { entries: 1 }))??;
        if let Some(change) = step.change {
            let parameters =
                params![sequence, change.retired.is.as_str(), change.entry, change.seal];
            let mut statement = journal.prepare_cached(CHANGE).map_err(failed)?;
            statement.execute(parameters).map_err(failed)?;
            retired.push(change.retired);
        }
        if step.is_last || step.previous >= sequence {
            break;
        }
        sequence = step.previous;
    }
    Ok(retired)
}

/// What becomes of one row.
struct Step {
    change: Option<Change>,
    /// The family's row before it.
    previous: u64,
    /// True if the rows before it are as they are to be.
    is_last: bool,
}

struct Change {
    retired: Retired,
    entry: Vec<u8>,
    seal: u32,
}

fn step(columns: &Columns<'_>, state: &Family) -> Result<Step, Damage> {
    let Place { sequence, version, previous, recorded, .. } = columns.place;
    if columns.place.family != state.id.as_str() {
        return Err(columns.damage(Flaw::Version { found: version, expected: state.version }));
    }
    let was = columns.kind()?;
    // What was retired has only retired entries before it; what was carried as far or farther
    // has done this already.
    let is_last = was == Kind::Retired || (was == Kind::Carried && version >= state.version);
    if is_last || version > state.version {
        return Ok(Step { change: None, previous, is_last });
    }
    let event = if version == state.version {
        Event::Carried { family: Box::new(state.clone()) }
    } else {
        Event::Retired
    };
    let entry = Entry { id: columns.id()?, recorded: Timestamp::from_millis(recorded), event };
    let is = Kind::of(&entry.event);
    let bytes = entry.to_bytes();
    let seal = Place { kind: is.as_str(), ..columns.place }.seal(&bytes);
    let billing = tail::billing(columns, was);
    let retired = Retired { sequence, was, is, billing };
    Ok(Step { change: Some(Change { retired, entry: bytes, seal }), previous, is_last: false })
}
