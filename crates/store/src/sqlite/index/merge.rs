//! What is recent goes into the index: in one transaction, each table in its own order.

use std::collections::BTreeMap;

use openpbm_core::{ClaimId, FamilyId};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::{Mark, block, mark, seal_of_head, seal_of_state};
use crate::Kind;
use crate::sqlite::recent::{Billing, Generation, Head, State};

const HEAD: &str = "INSERT INTO heads VALUES (?1, ?2, ?3, ?4) ON CONFLICT (family) DO UPDATE SET \
                    version = excluded.version, sequence = excluded.sequence, \
                    seal = excluded.seal";
const BILLING: &str = "INSERT OR IGNORE INTO billing VALUES (?1, ?2, ?3, ?4)";
const BLOCK: &str = "INSERT INTO blocks VALUES (?1, ?2, ?3) ON CONFLICT (block) DO UPDATE SET \
                     first_id = min(first_id, excluded.first_id), \
                     last_id = max(last_id, excluded.last_id)";
const KIND: &str = "INSERT INTO kinds VALUES (?1, ?2, ?3) ON CONFLICT (kind, block) \
                    DO UPDATE SET entries = entries + excluded.entries";
const STATE: &str = "INSERT INTO states VALUES (?1, ?2, ?3, ?4) ON CONFLICT (family) \
                     DO UPDATE SET version = excluded.version, state = excluded.state, \
                     seal = excluded.seal WHERE version < excluded.version";
const MARK: &str = "UPDATE mark SET sequence = ?1, id = ?2, families = ?3";
const FEWER: &str = "UPDATE kinds SET entries = entries - 1 WHERE kind = ?1 AND block = ?2";
const FORGET: &str = "DELETE FROM billing WHERE date_of_service = ?1 AND pharmacy = ?2 \
                      AND prescription = ?3 AND sequence = ?4";
const RETIRED: &str = "UPDATE mark SET retired = ?1";

/// An entry that retention has changed.
#[derive(Debug, Clone, Copy)]
pub(in crate::sqlite) struct Retired {
    pub(in crate::sqlite) sequence: u64,
    pub(in crate::sqlite) was: Kind,
    pub(in crate::sqlite) is: Kind,
    /// What it was found by.
    pub(in crate::sqlite) billing: Option<Billing>,
}

/// Writes a generation. One that the index holds already, because its commit was not heard of,
/// is not written again.
pub(in crate::sqlite) fn merge(
    index: &mut Connection,
    generation: &Generation,
) -> rusqlite::Result<Mark> {
    let transaction = index.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut mark = mark(&transaction)?;
    put_states(&transaction, generation)?;
    if mark.sequence == generation.start() && generation.last() > mark.sequence {
        put_heads(&transaction, generation)?;
        put_billing(&transaction, generation)?;
        put_blocks(&transaction, generation)?;
        let first = generation.briefs().filter(|(_, brief)| brief.is_first).count();
        mark.sequence = generation.last();
        mark.id = generation.last_id();
        mark.families = mark.families.saturating_add(u64::try_from(first).unwrap_or(0));
        let id = mark.id.map(|id| id.to_string());
        transaction.execute(MARK, params![mark.sequence, id, mark.families])?;
    }
    transaction.commit()?;
    Ok(mark)
}

/// Takes over what retention has changed, and that it has: `number` is the journal's.
pub(in crate::sqlite) fn retire(
    index: &mut Connection,
    retired: &[Retired],
    state: (&FamilyId, &State),
    number: u64,
) -> rusqlite::Result<()> {
    let transaction = index.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mark = mark(&transaction)?;
    {
        let mut fewer = transaction.prepare_cached(FEWER)?;
        let mut more = transaction.prepare_cached(KIND)?;
        let mut forget = transaction.prepare_cached(FORGET)?;
        for retired in retired.iter().filter(|retired| retired.sequence <= mark.sequence) {
            let Retired { sequence, was, is, billing } = *retired;
            fewer.execute(params![was.as_str(), block(sequence)])?;
            more.execute(params![is.as_str(), block(sequence), 1])?;
            for key in billing.into_iter().chain([Billing::UNKNOWN]) {
                forget.execute(params![key.day, key.pharmacy, key.prescription, sequence])?;
            }
        }
    }
    put_state(&transaction, state.0, state.1)?;
    transaction.execute(RETIRED, [number])?;
    transaction.commit()
}

fn put_heads(index: &Transaction<'_>, generation: &Generation) -> rusqlite::Result<()> {
    let mut heads: Vec<_> = generation.heads().collect();
    heads.sort_unstable_by_key(|(family, _)| **family);
    let mut put = index.prepare_cached(HEAD)?;
    for (family, Head { version, sequence }) in heads {
        let family = family.as_str();
        let seal = seal_of_head(family, *version, *sequence);
        put.execute(params![family, version, sequence, seal])?;
    }
    Ok(())
}

fn put_billing(index: &Transaction<'_>, generation: &Generation) -> rusqlite::Result<()> {
    let mut put = index.prepare_cached(BILLING)?;
    for (key, sequence) in generation.billing() {
        put.execute(params![key.day, key.pharmacy, key.prescription, sequence])?;
    }
    Ok(())
}

fn put_blocks(index: &Transaction<'_>, generation: &Generation) -> rusqlite::Result<()> {
    let mut ids = BTreeMap::<u64, (ClaimId, ClaimId)>::new();
    let mut kinds = BTreeMap::<(Kind, u64), u64>::new();
    for (sequence, brief) in generation.briefs() {
        let block = block(sequence);
        let (first, last) = ids.entry(block).or_insert((brief.id, brief.id));
        (*first, *last) = ((*first).min(brief.id), (*last).max(brief.id));
        let entries = kinds.entry((brief.kind, block)).or_default();
        *entries = entries.saturating_add(1);
    }
    let mut put = index.prepare_cached(BLOCK)?;
    for (block, (first, last)) in ids {
        put.execute(params![block, first.to_string(), last.to_string()])?;
    }
    let mut put = index.prepare_cached(KIND)?;
    for ((kind, block), entries) in kinds {
        put.execute(params![kind.as_str(), block, entries])?;
    }
    Ok(())
}

fn put_states(index: &Transaction<'_>, generation: &Generation) -> rusqlite::Result<()> {
    let mut states: Vec<_> = generation.states().collect();
    states.sort_unstable_by_key(|(family, _)| **family);
    states.into_iter().try_for_each(|(family, state)| put_state(index, family, state))
}

fn put_state(index: &Transaction<'_>, family: &FamilyId, state: &State) -> rusqlite::Result<()> {
    let (family, version, bytes) = (family.as_str(), state.version, &*state.bytes);
    let seal = seal_of_state(family, version, bytes);
    index.prepare_cached(STATE)?.execute(params![family, version, bytes, seal])?;
    Ok(())
}
