//! Gives entries their places: moves what has arrived to the feed, with the next numbers of its
//! shard, and lets it be found by its prescription.
//!
//! Any process may do it, and any number at once: whoever does holds the rows of the shards, so
//! the others wait and then find nothing left. Were that to fail, the feed's primary key would
//! refuse a number that is taken.
//!
//! A family's versions keep their order: a version is only appended after the one before it is
//! committed, so whoever sees the later one has seen the earlier one too.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_postgres::Error;

use super::session::{Parameters, Role, Session};
use super::target::Target;

const WAITING: &str = "SELECT s.shard FROM shards s \
    WHERE s.shard = ANY($1) AND EXISTS (SELECT 1 FROM arrived a WHERE a.shard = s.shard)";
const HEADS: &str =
    "SELECT shard, head FROM shards WHERE shard = ANY($1) ORDER BY shard FOR UPDATE";
const QUEUE: &str = "SELECT family, version, pharmacy, prescription, date_of_service \
    FROM arrived WHERE shard = $1 ORDER BY family, version LIMIT $2";
const FEED: &str = "INSERT INTO feed (shard, sequence, family, version) \
    SELECT * FROM unnest($1::int2[], $2::int8[], $3::text[], $4::int8[])";
const BILLING: &str = "INSERT INTO billing (pharmacy, prescription, date_of_service, family) \
    SELECT * FROM unnest($1::int8[], $2::int8[], $3::text[], $4::text[]) \
    ON CONFLICT DO NOTHING";
const TAKEN: &str = "DELETE FROM arrived a \
    USING unnest($1::int2[], $2::text[], $3::int8[]) AS taken (shard, family, version) \
    WHERE a.shard = taken.shard AND a.family = taken.family AND a.version = taken.version";
/// The same where a row's place is its own. `arrived` is a queue: where its statistics are of a
/// moment when it was empty, the plan of [`TAKEN`] goes through all of it for each row that is
/// taken. This one has a look by the whole key in it, whatever the statistics say.
const TAKEN_BY_KEY: &str = "DELETE FROM arrived WHERE ctid = ANY (ARRAY (\
    SELECT (SELECT a.ctid FROM arrived a WHERE a.shard = taken.shard \
    AND a.family = taken.family AND a.version = taken.version) \
    FROM unnest($1::int2[], $2::text[], $3::int8[]) AS taken (shard, family, version)))";
const ADVANCE: &str = "UPDATE shards s SET head = made.head \
    FROM unnest($1::int2[], $2::int8[]) AS made (shard, head) WHERE s.shard = made.shard";

/// Entries of one shard that are placed in one transaction.
const MOST: i64 = 4096;
/// Between two passes: what came in between is placed together.
const REST: Duration = Duration::from_millis(100);
/// How long to leave a server alone that cannot be reached.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Places whatever arrives, whenever the bell rings, until the store goes. Nothing depends on
/// it: readers who need what has arrived place it themselves.
pub(super) async fn run(target: Target, shards: u16, bell: Arc<Notify>) {
    const DOING: &str = "placing entries";
    let all: Vec<i16> = (0..i16::try_from(shards).unwrap_or(i16::MAX)).collect();
    let mut kept = None;
    loop {
        bell.notified().await;
        let session = match kept.take() {
            Some(session) => Ok(session),
            None => Session::open(&target, Role::Writer, DOING).await,
        };
        let placed = match session {
            Ok(mut session) => {
                let placed = session.run(DOING, async |session| place(session, &all).await).await;
                kept = placed.is_ok().then_some(session);
                placed.is_ok()
            }
            Err(_) => false,
        };
        if placed {
            tokio::time::sleep(REST).await;
        } else {
            tokio::time::sleep(AFTER_FAILURE).await;
            bell.notify_one();
        }
    }
}

/// Places everything that has arrived in those shards before it is called.
pub(super) async fn place(session: &mut Session, shards: &[i16]) -> Result<(), Error> {
    loop {
        let rows = session.query(WAITING, &[&shards]).await?;
        let waiting: Vec<i16> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
        if waiting.is_empty() || !pass(session, &waiting).await? {
            return Ok(());
        }
    }
}

/// Rows to be moved, column by column.
#[derive(Debug, Default)]
struct Moved {
    shards: Vec<i16>,
    sequences: Vec<i64>,
    families: Vec<String>,
    versions: Vec<i64>,
    /// Of decided claims alone.
    keys: Keys,
    /// The new ends of the shards.
    heads: Vec<i64>,
}

#[derive(Debug, Default)]
struct Keys {
    pharmacies: Vec<i64>,
    prescriptions: Vec<i64>,
    days: Vec<String>,
    families: Vec<String>,
}

/// One transaction; true if something was left in one of the shards.
async fn pass(session: &mut Session, shards: &[i16]) -> Result<bool, Error> {
    session.client.batch_execute("BEGIN").await?;
    // Each statement sees what is committed when it begins: from here on, what all those have
    // done who held these rows before.
    let heads = session.query(HEADS, &[&shards]).await?;
    let (mut moved, mut locked, mut is_left) = (Moved::default(), Vec::new(), false);
    for row in heads {
        let (shard, head): (i16, i64) = (row.try_get(0)?, row.try_get(1)?);
        let queue = session.query(QUEUE, &[&shard, &MOST]).await?;
        is_left |= i64::try_from(queue.len()).is_ok_and(|length| length >= MOST);
        let mut sequence = head;
        for row in queue {
            sequence = sequence.saturating_add(1);
            moved.push(shard, sequence, &row)?;
        }
        locked.push(shard);
        moved.heads.push(sequence);
    }
    moved.store(session, &locked).await?;
    Ok(is_left)
}

impl Moved {
    fn push(&mut self, shard: i16, sequence: i64, row: &tokio_postgres::Row) -> Result<(), Error> {
        let family: String = row.try_get(0)?;
        let key = (row.try_get(2)?, row.try_get(3)?, row.try_get(4)?);
        if let (Some(pharmacy), Some(prescription), Some(day)) = key {
            self.keys.pharmacies.push(pharmacy);
            self.keys.prescriptions.push(prescription);
            self.keys.days.push(day);
            self.keys.families.push(family.clone());
        }
        self.shards.push(shard);
        self.sequences.push(sequence);
        self.families.push(family);
        self.versions.push(row.try_get(1)?);
        Ok(())
    }

    async fn store(&self, session: &mut Session, locked: &[i16]) -> Result<(), Error> {
        let feed = session.statement(FEED).await?;
        let billing = session.statement(BILLING).await?;
        let by_key = session.knows_places();
        let taken = session.statement(if by_key { TAKEN_BY_KEY } else { TAKEN }).await?;
        let advance = session.statement(ADVANCE).await?;
        let Self { shards, sequences, families, versions, keys, heads } = self;
        let client = &session.client;
        let of_feed: Parameters<'_> = &[shards, sequences, families, versions];
        let of_billing: Parameters<'_> =
            &[&keys.pharmacies, &keys.prescriptions, &keys.days, &keys.families];
        let of_taken: Parameters<'_> = &[shards, families, versions];
        let of_shards: Parameters<'_> = &[&locked, heads];
        // A commit after a failure takes back instead, so it need not wait for the others.
        let (fed, keyed, cleared, advanced, committed) = tokio::join!(
            biased;
            client.execute(&feed, of_feed),
            client.execute(&billing, of_billing),
            client.execute(&taken, of_taken),
            client.execute(&advance, of_shards),
            client.batch_execute("COMMIT"),
        );
        fed?;
        keyed?;
        cleared?;
        advanced?;
        committed
    }
}
