//! The feed of a shard, in order and without a gap: what projections follow.

use openpbm_core::FamilyId;
use rustc_hash::FxHashMap;
use tokio_postgres::{Error, Row};

use super::row::{columns, integer, natural, read};
use super::sequencer;
use super::session::Session;
use crate::{Cursor, Damage, Flaw, Sealed, StoreError};

const PAGE: &str = "SELECT sequence, family, version FROM feed \
    WHERE shard = $1 AND sequence > $2 ORDER BY sequence LIMIT $3";
const ENTRIES: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM unnest($1::text[], $2::int8[]) AS asked (family, version) \
     JOIN journal j ON j.family = asked.family AND j.version = asked.version"
);
const HEADS: &str = "SELECT shard, head FROM shards ORDER BY shard";
const HEAD: &str = "SELECT head FROM shards WHERE shard = $1";

/// Entries that are fetched at once.
const MOST: usize = 1024;

/// Up to `limit` entries behind the cursor.
pub(super) async fn page(
    session: &mut Session,
    cursor: Cursor,
    limit: usize,
) -> Result<Result<Vec<Sealed>, StoreError>, Error> {
    let shard = i16::try_from(cursor.shard).unwrap_or(i16::MAX);
    let mut page: Vec<Sealed> = Vec::new();
    let mut is_complete = false;
    while page.len() < limit {
        let last = page.last().map_or(cursor.sequence, |last| last.sequence);
        let most = limit.saturating_sub(page.len()).min(MOST);
        let places = session.query(PAGE, &[&shard, &integer(last), &integer(most)]).await?;
        match entries(session, &places, last).await? {
            Ok(found) => page.extend(found),
            Err(damage) => return Ok(Err(damage.into())),
        }
        if places.len() < most {
            if is_complete {
                break;
            }
            // The feed ends here, but something may have arrived that has no place in it yet.
            // After this it has, so the next look at the feed is the last.
            is_complete = true;
            sequencer::place(session, &[shard]).await?;
        }
    }
    if page.is_empty() && limit > 0 {
        return Ok(beyond(session, cursor, shard).await?.map_or(Ok(page), Err));
    }
    Ok(Ok(page))
}

/// The error for a cursor behind the end of its shard.
async fn beyond(
    session: &mut Session,
    cursor: Cursor,
    shard: i16,
) -> Result<Option<StoreError>, Error> {
    let rows = session.query(HEAD, &[&shard]).await?;
    let sequence = rows.first().map_or(Ok(0), |row| row.try_get(0).map(natural))?;
    let head = Cursor { sequence, ..cursor };
    Ok((cursor > head).then_some(StoreError::BeyondHead { found: cursor, head }))
}

/// The end of each shard, after all that has arrived before has got its place.
pub(super) async fn heads(session: &mut Session) -> Result<Vec<Cursor>, Error> {
    let all = session.query(HEADS, &[]).await?;
    let shards: Vec<i16> = all.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    sequencer::place(session, &shards).await?;
    let mut heads = Vec::with_capacity(shards.len());
    for row in session.query(HEADS, &[]).await? {
        let (shard, head): (i16, i64) = (row.try_get(0)?, row.try_get(1)?);
        let shard = u16::try_from(shard).unwrap_or(u16::MAX);
        heads.push(Cursor { shard, sequence: natural(head) });
    }
    Ok(heads)
}

/// The entries of those places, which follow `last`, in their order.
async fn entries(
    session: &mut Session,
    places: &[Row],
    last: u64,
) -> Result<Result<Vec<Sealed>, Damage>, Error> {
    if places.is_empty() {
        return Ok(Ok(Vec::new()));
    }
    let (mut families, mut versions) = (Vec::new(), Vec::<i64>::new());
    for row in places {
        families.push(row.try_get::<_, &str>(1)?);
        versions.push(row.try_get(2)?);
    }
    let rows = session.query(ENTRIES, &[&families, &versions]).await?;
    let mut found: FxHashMap<(FamilyId, u64), Sealed> = FxHashMap::default();
    for row in rows {
        if let Some(sealed) = read(&row)? {
            found.insert((sealed.family, sealed.version), sealed);
        }
    }
    let mut page = Vec::with_capacity(places.len());
    let mut before = last;
    for ((row, family), version) in places.iter().zip(families).zip(versions) {
        let sequence = natural(row.try_get(0)?);
        let missing = sequence.saturating_sub(before).saturating_sub(1);
        if missing > 0 {
            let flaw = Flaw::Missing { entries: missing };
            return Ok(Err(Damage { sequence: before.saturating_add(1), flaw }));
        }
        before = sequence;
        let Ok(family) = family.parse() else {
            return Ok(Err(Damage { sequence, flaw: Flaw::Columns }));
        };
        let Some(sealed) = found.remove(&(family, natural(version))) else {
            return Ok(Err(Damage { sequence, flaw: Flaw::Missing { entries: 1 } }));
        };
        page.push(Sealed { sequence, ..sealed });
    }
    Ok(Ok(page))
}
