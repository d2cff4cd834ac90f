//! Copies a journal into another one, of whichever store: what backup and restore are made of.

use openpbm_core::{FamilyId, Timestamp};
use rustc_hash::FxHashSet;

use crate::{Cursor, Damage, Flaw, Journal, Reader, Sealed, StoreError, Unit};

/// Entries that are read at once and become durable in one batch.
const PAGE: usize = 1_000;

/// Which part of a journal is copied. The default is all of it, as it is when the copy begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extent {
    /// Begin behind these places; a shard that is not named begins at its start. They move on
    /// with what has been copied, so that kept somewhere they are where the next copy begins.
    /// Kept late or lost they do no harm: what is there already is not appended twice.
    pub begin: Vec<Cursor>,
    /// End at these places, or at the end of a shard that is not named.
    pub end: Vec<Cursor>,
    /// Of each family, only what was recorded up to this instant, before its first entry that
    /// was recorded later. Such a copy begins at the start, or it would not know of that entry.
    pub until: Option<Timestamp>,
}

/// How far a copy is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    /// Entries that were read.
    pub read: u64,
    /// Entries that the target has now, of those that were read.
    pub copied: u64,
}

/// Copies entries in their order, each with its version, id and instant. The source may be
/// appended to meanwhile: what came later is left for the next copy. Copying again what the
/// target holds already changes nothing.
///
/// `progress` hears of each batch once it is durable, with the places behind it.
///
/// # Errors
///
/// The stores' own, [`StoreError::Damaged`] for an entry of the source that cannot be read, and
/// [`StoreError::Diverged`] if the target holds something else. What was copied by then stays,
/// and `extent.begin` stands behind it.
pub fn copy(
    from: &dyn Reader,
    to: &mut dyn Journal,
    extent: &mut Extent,
    progress: &mut dyn FnMut(Copied, &[Cursor]),
) -> Result<Copied, StoreError> {
    let mut copied = Copied::default();
    let mut ended = FxHashSet::default();
    if extent.until.is_some() {
        extent.begin.clear();
    }
    for head in from.heads()? {
        let of_shard = |cursor: &&Cursor| cursor.shard == head.shard;
        let end = extent.end.iter().find(of_shard).map_or(head, |end| (*end).min(head));
        let place = extent.begin.iter().position(|cursor| cursor.shard == head.shard);
        let place = place.unwrap_or_else(|| {
            extent.begin.push(Cursor::start(head.shard));
            extent.begin.len() - 1
        });
        while let Some(cursor) = extent.begin.get(place).copied() {
            if cursor.sequence > head.sequence {
                return Err(StoreError::BeyondHead { found: cursor, head });
            }
            if cursor.sequence >= end.sequence {
                break;
            }
            let page = read_page(from, cursor, end)?;
            let last = page.last().ok_or(missing(cursor, end))?;
            let units = units(&page, extent.until, &mut ended)?;
            append(to, cursor, &units)?;
            copied.read += count(page.len());
            copied.copied += count(units.len());
            if let Some(begin) = extent.begin.get_mut(place) {
                *begin = cursor.past(last);
            }
            progress(copied, &extent.begin);
        }
    }
    Ok(copied)
}

/// The journal ends before the place that it said it reaches.
const fn missing(cursor: Cursor, end: Cursor) -> Damage {
    let entries = end.sequence.saturating_sub(cursor.sequence);
    Damage { sequence: cursor.sequence.saturating_add(1), flaw: Flaw::Missing { entries } }
}

fn read_page(from: &dyn Reader, cursor: Cursor, end: Cursor) -> Result<Vec<Sealed>, StoreError> {
    let rest = end.sequence.saturating_sub(cursor.sequence);
    from.read_from(cursor, usize::try_from(rest).unwrap_or(PAGE).min(PAGE))
}

/// The entries of a page that belong to the copy, each as a unit of its own: its family's order
/// is all that holds them together.
fn units(
    page: &[Sealed],
    until: Option<Timestamp>,
    ended: &mut FxHashSet<FamilyId>,
) -> Result<Vec<Unit>, StoreError> {
    let mut units = Vec::with_capacity(page.len());
    for sealed in page {
        let recorded = sealed.open()?;
        let family = recorded.family;
        let is_later = until.is_some_and(|until| recorded.entry.recorded > until);
        if ended.contains(&family) {
            continue;
        }
        if is_later {
            ended.insert(family);
            continue;
        }
        units.push(Unit::of_one(family, recorded.version.saturating_sub(1), recorded.entry));
    }
    Ok(units)
}

fn append(to: &mut dyn Journal, cursor: Cursor, units: &[Unit]) -> Result<(), StoreError> {
    if units.is_empty() {
        return Ok(());
    }
    let appended = match to.append(units) {
        // The id is in the target already, in another place.
        Err(StoreError::Repeated { .. }) => return Err(StoreError::Diverged { behind: cursor }),
        appended => appended?,
    };
    if appended.iter().all(|appended| appended.is_committed()) {
        Ok(())
    } else {
        Err(StoreError::Diverged { behind: cursor })
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
