//! The schema, as numbered steps from nothing. A step that was released is never edited. Several
//! releases may serve one database while it is brought up to date, so a step only expands (adds
//! what the release before does not miss); what nobody reads any more a later release contracts.

use tokio_postgres::Error;

use super::failure::Trouble;
use super::session::Session;
use super::target::{Product, Target};
use crate::StoreError;

/// One step: what every server understands, and what PostgreSQL itself does besides.
struct Step {
    common: &'static str,
    plain: &'static str,
}

/// Step 1 is the first; the number of steps applied is the schema's version.
const STEPS: &[Step] = &[Step {
    common: include_str!("../../migrations/postgres/0001_journal.sql"),
    plain: include_str!("../../migrations/postgres/0001_journal.plain.sql"),
}];

const MARK: &str = "CREATE TABLE IF NOT EXISTS openpbm_migrations (number bigint PRIMARY KEY)";
const FIRST: &str = "INSERT INTO openpbm_migrations (number) VALUES (0) ON CONFLICT DO NOTHING";
/// The lock round the steps: a row, as not every server has locks of another kind.
const LOCK: &str = "SELECT number FROM openpbm_migrations WHERE number = 0 FOR UPDATE";
const FOUND: &str = "SELECT max(number) FROM openpbm_migrations";
const TABLES: &str = "SELECT to_regclass('openpbm_migrations') IS NOT NULL, \
    to_regclass('journal') IS NOT NULL OR to_regclass('feed') IS NOT NULL";
const APPLIED: &str = "INSERT INTO openpbm_migrations (number) VALUES ($1)";
const SHARDS: &str = "SELECT count(*) FROM shards";
const SETTINGS: &str = "SELECT name, setting FROM pg_catalog.pg_settings \
    WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'";

const MIGRATING: &str = "migrating the journal";

/// Which schema a database has, and which this program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schema {
    /// The version of the database's schema; 0 if there is no journal.
    pub found: i64,
    /// The newest version that this program knows.
    pub known: i64,
}

/// Brings the schema up to the newest one, each step in its own transaction.
pub(super) async fn apply(session: &mut Session, target: &Target) -> Result<(), StoreError> {
    let Schema { found, known } = schema(session, target).await?;
    if found == known {
        return Ok(());
    }
    let mut tries = 0_u32;
    loop {
        match session.run(MIGRATING, steps).await {
            Ok(()) => return Ok(()),
            // Two that make the same table at once: the loser finds it made.
            Err(Trouble::Again) if tries < 20 => tries = tries.saturating_add(1),
            Err(trouble) => return Err(trouble.into_error(MIGRATING)),
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

/// The schema of a database.
///
/// Refuses one whose tables are somebody else's and one that a later release has written.
pub(super) async fn schema(session: &mut Session, target: &Target) -> Result<Schema, StoreError> {
    const DOING: &str = "reading the schema's version";
    let read = session.run(DOING, async |session| {
        let rows = session.query(TABLES, &[]).await?;
        let Some(row) = rows.first() else { return Ok((0, false)) };
        let (is_marked, is_taken): (bool, bool) = (row.try_get(0)?, row.try_get(1)?);
        if is_marked { Ok((found(session).await?, false)) } else { Ok((0, is_taken)) }
    });
    let (found, is_foreign) = read.await.map_err(|trouble| trouble.into_error(DOING))?;
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if is_foreign {
        return Err(StoreError::Foreign { path: target.path() });
    }
    if found > known {
        return Err(StoreError::NewerSchema { path: target.path(), found, known });
    }
    Ok(Schema { found, known })
}

async fn steps(session: &mut Session) -> Result<(), Error> {
    session.client.batch_execute(MARK).await?;
    session.client.batch_execute(FIRST).await?;
    for (step, number) in STEPS.iter().zip(1_i64..) {
        session.client.batch_execute("BEGIN").await?;
        session.query(LOCK, &[]).await?;
        // Read under the lock, so that two programs never apply the same step.
        if found(session).await? < number {
            session.client.batch_execute(step.common).await?;
            if session.product() == Product::Plain {
                session.client.batch_execute(step.plain).await?;
            }
            session.query(APPLIED, &[&number]).await?;
        }
        session.client.batch_execute("COMMIT").await?;
    }
    Ok(())
}

async fn found(session: &mut Session) -> Result<i64, Error> {
    let rows = session.query(FOUND, &[]).await?;
    let found = rows.first().map(|row| row.try_get::<_, Option<i64>>(0)).transpose()?;
    Ok(found.flatten().unwrap_or(0))
}

/// How many shards the journal has. It was decided when it was made.
pub(super) async fn shards(session: &mut Session) -> Result<u16, StoreError> {
    const DOING: &str = "reading the shards";
    let counted = session.run(DOING, async |session| {
        let rows = session.query(SHARDS, &[]).await?;
        rows.first().map_or(Ok(0), |row| row.try_get::<_, i64>(0))
    });
    let counted = counted.await.map_err(|trouble| trouble.into_error(DOING))?;
    let shards = u16::try_from(counted).ok().filter(|shards| *shards > 0);
    shards.ok_or_else(|| StoreError::Corrupt { detail: format!("found {counted} shards") })
}

/// Refuses a PostgreSQL that answers before what it has committed is on the disk. Others have no
/// such settings.
pub(super) async fn require_durable(session: &mut Session) -> Result<(), StoreError> {
    const DOING: &str = "opening the journal";
    if session.product() == Product::Other {
        return Ok(());
    }
    let read = session.run(DOING, async |session| {
        let rows = session.query(SETTINGS, &[]).await?;
        rows.iter().map(|row| row.try_get::<_, String>(0)).collect::<Result<Vec<_>, _>>()
    });
    let off = read.await.map_err(|trouble| trouble.into_error(DOING))?;
    let Some(setting) = off.first() else { return Ok(()) };
    let source = format!("found `{setting} = off` on the server, need `on`: claims would be lost");
    Err(StoreError::Database { doing: DOING, source: source.into() })
}
