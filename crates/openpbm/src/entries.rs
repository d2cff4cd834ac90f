//! Reads a journal up to where it ends now, and shows how far it has come.

use std::ops::ControlFlow;

use openpbm_store::{Cursor, Reader, Recorded};

use crate::failure::Failure;
use crate::{progress, store, terminal};

/// Entries that are read at once.
const PAGE: u64 = 1_000;

/// Gives every entry in its shard's order.
pub(crate) fn each(
    reader: &dyn Reader,
    what: &'static str,
    mut take: impl FnMut(Recorded) -> Result<(), Failure>,
) -> Result<(), Failure> {
    behind(reader, &[], what, |_, recorded| take(recorded).map(ControlFlow::Continue)).map(drop)
}

/// Gives every entry behind these places, with its shard; of a shard that has no place, all.
/// Returns the places where the shards end, or `None` if it was told to stop.
pub(crate) fn behind(
    reader: &dyn Reader,
    from: &[Cursor],
    what: &'static str,
    mut take: impl FnMut(u16, Recorded) -> Result<ControlFlow<()>, Failure>,
) -> Result<Option<Vec<Cursor>>, Failure> {
    let heads = reader.heads().map_err(store::failure)?;
    if let Some(unknown) = from.iter().find(|from| heads.iter().all(|h| h.shard != from.shard)) {
        let shards = terminal::count(heads.len(), "shard");
        let failure = Failure::new(format!("found the place {unknown}, the journal has {shards}"));
        return Err(failure.hint("take the places that the last export told"));
    }
    let begin = |head: &Cursor| {
        let named = from.iter().find(|from| from.shard == head.shard);
        named.copied().unwrap_or(Cursor::start(head.shard))
    };
    let total = heads.iter().map(|head| head.sequence.saturating_sub(begin(head).sequence)).sum();
    let bar = progress::items(total, what);
    let mut places = Vec::with_capacity(heads.len());
    for head in heads {
        let mut place = begin(&head);
        loop {
            let rest = head.sequence.saturating_sub(place.sequence).min(PAGE);
            let limit = usize::try_from(rest).unwrap_or(usize::MAX);
            let page = reader.read_from(place, limit).map_err(store::failure)?;
            let Some(last) = page.last() else { break };
            place = place.past(last);
            for sealed in &page {
                let recorded = sealed.open().map_err(|damage| store::failure(damage.into()))?;
                if take(place.shard, recorded)?.is_break() {
                    return Ok(None);
                }
            }
            bar.inc(u64::try_from(page.len()).unwrap_or(0));
        }
        places.push(place);
    }
    bar.finish_and_clear();
    Ok(Some(places))
}
