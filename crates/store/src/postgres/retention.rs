//! What is kept of a family besides its entries, and what is let go of.

use openpbm_core::{Entry, Event, Family, FamilyId, Timestamp};
use rustc_hash::FxHashSet;
use tokio_postgres::{Error, Row};

use super::row::{Beside, BillingRow, integer, natural, seal};
use super::session::Session;
use crate::{Damage, Flaw, Kind, StoreError};

const STATE: &str = "SELECT version, state, seal FROM states WHERE family = $1";
const REMEMBER: &str = "INSERT INTO states AS s (family, version, state, seal) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (family) DO UPDATE \
    SET version = excluded.version, state = excluded.state, seal = excluded.seal \
    WHERE s.version < excluded.version";
const FORGET: &str = "DELETE FROM states WHERE family = $1 AND version < $2";
const OF_FAMILY: &str = "SELECT version, id, recorded, kind, entry FROM journal \
    WHERE family = $1 ORDER BY version FOR UPDATE";
const RETIRE: &str = "UPDATE journal j SET kind = made.kind, entry = made.entry, seal = made.seal \
    FROM unnest($2::int8[], $3::text[], $4::bytea[], $5::int8[]) \
    AS made (version, kind, entry, seal) WHERE j.family = $1 AND j.version = made.version";
const UNKEY_ARRIVED: &str = "UPDATE arrived \
    SET pharmacy = NULL, prescription = NULL, date_of_service = NULL \
    WHERE family = $1 AND version <= $2 AND prescription IS NOT NULL";
const UNKEY: &str = "DELETE FROM billing b \
    USING unnest($2::int8[], $3::int8[], $4::text[]) AS gone (pharmacy, prescription, day) \
    WHERE b.family = $1 AND b.pharmacy = gone.pharmacy \
    AND b.prescription = gone.prescription AND b.date_of_service = gone.day";

/// Keeps a state, unless a newer one is kept already.
pub(super) async fn remember(session: &mut Session, state: &Family) -> Result<(), Error> {
    let (family, version, bytes) = (state.id.as_str(), integer(state.version), state.to_bytes());
    let seal = seal_of_state(family, version, &bytes);
    session.query(REMEMBER, &[&family, &version, &bytes, &seal]).await?;
    Ok(())
}

/// The state that is kept of a family. One that is damaged is as good as lost: the entries are
/// what counts.
pub(super) async fn remembered(
    session: &mut Session,
    family: FamilyId,
) -> Result<Option<Box<Family>>, Error> {
    let rows = session.query(STATE, &[&family.as_str()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (version, bytes): (i64, &[u8]) = (row.try_get(0)?, row.try_get(1)?);
    let is_whole = row.try_get::<_, i64>(2)? == seal_of_state(family.as_str(), version, bytes);
    let state = Family::from_bytes(bytes)
        .ok()
        .filter(|state| is_whole && state.id == family && state.version == natural(version));
    Ok(state.map(Box::new))
}

fn seal_of_state(family: &str, version: i64, state: &[u8]) -> i64 {
    let mut crc = crc32fast::Hasher::new();
    crc.update(format!("{family}|{version}|").as_bytes());
    crc.update(state);
    i64::from(crc.finalize())
}

/// Rows as they are to be, column by column.
#[derive(Debug, Default)]
struct Retired {
    versions: Vec<i64>,
    kinds: Vec<&'static str>,
    entries: Vec<Vec<u8>>,
    seals: Vec<i64>,
    /// The keys of claims that are let go of, but for those that a later claim has too.
    gone: FxHashSet<BillingRow>,
}

/// Lets go of what the first entries of a family say. Returns how many were changed.
pub(super) async fn retire(
    session: &mut Session,
    state: &Family,
) -> Result<Result<u64, StoreError>, Error> {
    session.client.batch_execute("BEGIN").await?;
    let rows = session.query(OF_FAMILY, &[&state.id.as_str()]).await?;
    let last = integer(state.version);
    let mut retired = Retired::default();
    let mut kept = FxHashSet::default();
    let mut is_there = false;
    for row in &rows {
        let version: i64 = row.try_get(0)?;
        is_there |= version == last;
        let key = key(row)?;
        if version > last {
            kept.extend(key);
            continue;
        }
        retired.gone.extend(key);
        if let Err(damage) = retired.push(row, state)? {
            session.client.batch_execute("ROLLBACK").await?;
            return Ok(Err(damage.into()));
        }
    }
    if !is_there || retired.versions.is_empty() {
        session.client.batch_execute("ROLLBACK").await?;
        return Ok(Ok(0));
    }
    retired.gone.retain(|key| !kept.contains(key));
    retired.store(session, state).await?;
    session.client.batch_execute("COMMIT").await?;
    Ok(Ok(u64::try_from(retired.versions.len()).unwrap_or(u64::MAX)))
}

/// What the claim of a row of [`OF_FAMILY`] is found by.
fn key(row: &Row) -> Result<Option<BillingRow>, Error> {
    Ok(Entry::from_bytes(row.try_get(4)?).ok().and_then(|entry| BillingRow::of(&entry)))
}

impl Retired {
    /// Takes up a row of [`OF_FAMILY`], unless it is as it should be.
    fn push(&mut self, row: &Row, state: &Family) -> Result<Result<(), Damage>, Error> {
        let (version, id): (i64, &str) = (row.try_get(0)?, row.try_get(1)?);
        let (recorded, kind): (i64, &str) = (row.try_get(2)?, row.try_get(3)?);
        let is_last = natural(version) == state.version;
        let is_done = kind == Kind::Retired.as_str() || is_last && kind == Kind::Carried.as_str();
        if is_done {
            return Ok(Ok(()));
        }
        let Ok(claim) = id.parse() else {
            return Ok(Err(Damage { sequence: 0, flaw: Flaw::Columns }));
        };
        let event = if is_last {
            Event::Carried { family: Box::new(state.clone()) }
        } else {
            Event::Retired
        };
        let recorded_at = Timestamp::from_millis(natural(recorded));
        let entry = Entry { id: claim, recorded: recorded_at, event };
        let (bytes, kind) = (entry.to_bytes(), Kind::of(&entry.event).as_str());
        let beside = Beside { family: state.id.as_str(), version, id, recorded, kind };
        self.seals.push(seal(&beside, &bytes));
        self.versions.push(version);
        self.kinds.push(kind);
        self.entries.push(bytes);
        Ok(Ok(()))
    }

    async fn store(&self, session: &mut Session, state: &Family) -> Result<(), Error> {
        let Self { versions, kinds, entries, seals, gone } = self;
        let (family, last) = (state.id.as_str(), integer(state.version));
        session.query(RETIRE, &[&family, versions, kinds, entries, seals]).await?;
        // In this order: if the sequencer has them at this moment, it is waited for here, and
        // what it has written is seen by the statement after.
        session.query(UNKEY_ARRIVED, &[&family, &last]).await?;
        let pharmacies: Vec<_> = gone.iter().map(|key| key.pharmacy).collect();
        let prescriptions: Vec<_> = gone.iter().map(|key| key.prescription).collect();
        let days: Vec<_> = gone.iter().map(|key| key.day.as_str()).collect();
        session.query(UNKEY, &[&family, &pharmacies, &prescriptions, &days]).await?;
        session.query(FORGET, &[&family, &last]).await?;
        Ok(())
    }
}
