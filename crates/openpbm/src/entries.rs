//! Reads a journal from its first entry to where it ends now.

use openpbm_store::{Cursor, Reader, Recorded};

use crate::failure::Failure;
use crate::{progress, store};

/// Entries that are read at once.
const PAGE: usize = 1_000;

/// Gives every entry in its shard's order, and shows how far it has come with what.
pub(crate) fn each(
    reader: &dyn Reader,
    what: &'static str,
    mut take: impl FnMut(Recorded) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let heads = reader.heads().map_err(store::failure)?;
    let bar = progress::items(heads.iter().map(|head| head.sequence).sum(), what);
    for head in heads {
        let mut place = Cursor::start(head.shard);
        loop {
            let rest = head.sequence.saturating_sub(place.sequence);
            let limit = usize::try_from(rest).unwrap_or(PAGE).min(PAGE);
            let page = match limit {
                0 => break,
                limit => reader.read_from(place, limit).map_err(store::failure)?,
            };
            let Some(last) = page.last() else { break };
            place = place.past(last);
            for sealed in &page {
                take(sealed.open().map_err(|damage| store::failure(damage.into()))?)?;
            }
            bar.inc(u64::try_from(page.len()).unwrap_or(0));
        }
    }
    bar.finish_and_clear();
    Ok(())
}
