//! The reading side, as the trait has it: each read on a connection of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use openpbm_core::{ClaimId, Date, FamilyId, Npi, PrescriptionNumber};
use tokio_postgres::Error;

use super::driver::Driver;
use super::migration::{self, Schema};
use super::pool::Pool;
use super::row::natural;
use super::session::{Role, Session};
use super::target::Target;
use super::{check, find, follow, retention};
use crate::{
    Counts, Cursor, Damage, Filter, Flaw, History, Kind, Reader, Recorded, Sealed, StoreError,
};

const KINDS: &str = "SELECT kind, count(*) FROM journal GROUP BY kind";
const FAMILIES: &str = "SELECT count(*) FROM journal WHERE version = 1";

/// Reads a journal. Clones share their connections; each read has one to itself.
#[derive(Debug, Clone)]
pub struct PostgresReader {
    pool: Arc<Pool>,
}

impl PostgresReader {
    /// Opens the journal of the database of that URL for reading. Other processes may be
    /// appending to it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unreachable`] if the server does not answer, [`StoreError::OlderSchema`]
    /// if there is no journal or it has to be migrated first, [`StoreError::NewerSchema`] and
    /// [`StoreError::Foreign`] if it is not of the schema that this program reads.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        let (driver, target) = (Driver::start()?, Target::parse(url)?);
        let shards = driver.wait(async {
            let (mut session, schema) = connect(&target).await?;
            let Schema { found, known } = schema;
            if found < known {
                return Err(StoreError::OlderSchema { path: target.path(), found, known });
            }
            migration::shards(&mut session).await
        })?;
        Ok(Self::sharing(Arc::new(Pool::new(driver, target, shards))))
    }

    pub(super) const fn sharing(pool: Arc<Pool>) -> Self {
        Self { pool }
    }
}

impl Schema {
    /// The schema of the database of that URL, as it is.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unreachable`] if the server does not answer, [`StoreError::NewerSchema`]
    /// and [`StoreError::Foreign`] if it is not of a schema that this program knows.
    pub fn of(url: &str) -> Result<Self, StoreError> {
        let (driver, target) = (Driver::start()?, Target::parse(url)?);
        driver.wait(async { Ok(connect(&target).await?.1) })
    }
}

async fn connect(target: &Target) -> Result<(Session, Schema), StoreError> {
    const DOING: &str = "opening the journal";
    let opened = Session::open(target, Role::Reader, DOING).await;
    let mut session = opened.map_err(|trouble| trouble.into_error(DOING))?;
    let schema = migration::schema(&mut session, target).await?;
    Ok((session, schema))
}

impl Reader for PostgresReader {
    fn read_family(&self, family: FamilyId) -> Result<History, StoreError> {
        let shards = self.pool.shards;
        self.pool.read("reading a family", async |session| {
            let remembered = retention::remembered(session, family).await?;
            let behind = remembered.as_ref().map_or(0, |state| state.version);
            let found = find::family(session, family, behind).await?;
            let mut entries = Vec::with_capacity(found.len());
            for (sealed, expected) in found.into_iter().zip(behind.saturating_add(1)..) {
                let flaw = match sealed.open() {
                    Ok(recorded) if recorded.version == expected => {
                        entries.push((recorded.version, recorded.entry));
                        continue;
                    }
                    Ok(recorded) => Flaw::Version { found: recorded.version, expected },
                    Err(damage) => damage.flaw,
                };
                return Ok(Err(find::damage(session, shards, &sealed, flaw).await?.into()));
            }
            Ok(Ok(History { remembered, entries }))
        })?
    }

    fn find_entry(&self, id: ClaimId) -> Result<Option<Recorded>, StoreError> {
        let shards = self.pool.shards;
        self.pool.read("finding an entry", async |session| {
            let found = find::entry(session, id).await?;
            let placed = find::placed(session, shards, found).await?;
            Ok(open(&placed).map(|mut opened| opened.pop()))
        })?
    }

    fn find_billing(
        &self,
        pharmacy: Npi,
        prescription: PrescriptionNumber,
        date_of_service: Date,
    ) -> Result<Vec<FamilyId>, StoreError> {
        self.pool.read("finding a prescription", async |session| {
            find::billing(session, pharmacy, prescription, date_of_service).await
        })
    }

    fn read_from(&self, cursor: Cursor, limit: usize) -> Result<Vec<Sealed>, StoreError> {
        let shards = self.pool.shards;
        if cursor.shard >= shards {
            let last = shards.saturating_sub(1);
            return Err(StoreError::UnknownShard { found: cursor.shard, last });
        }
        self.pool.read("reading the journal", async |session| {
            follow::page(session, cursor, limit).await
        })?
    }

    fn recent(&self, filter: &Filter, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let shards = self.pool.shards;
        self.pool.read("listing recent entries", async |session| {
            let found = find::recent(session, filter, limit).await?;
            let placed = find::placed(session, shards, found).await?;
            Ok(open(&placed))
        })?
    }

    fn heads(&self) -> Result<Vec<Cursor>, StoreError> {
        self.pool.read("reading the journal's end", async |session| follow::heads(session).await)
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        self.pool.read_all("counting entries", counts)?
    }

    fn check(&self, visit: &mut dyn FnMut(Damage)) -> Result<(), StoreError> {
        let found = self.pool.read_all("checking the journal", check::check)??;
        found.into_iter().for_each(visit);
        Ok(())
    }
}

fn open(sealed: &[Sealed]) -> Result<Vec<Recorded>, StoreError> {
    sealed.iter().map(|sealed| Ok(sealed.open()?)).collect()
}

async fn counts(session: &mut Session) -> Result<Result<Counts, StoreError>, Error> {
    let (mut by_kind, mut entries) = (BTreeMap::new(), 0_u64);
    for row in session.query(KINDS, &[]).await? {
        let (kind, count): (&str, i64) = (row.try_get(0)?, row.try_get(1)?);
        let Ok(kind) = kind.parse::<Kind>() else {
            let detail = "found an entry of a kind that is not known".to_owned();
            return Ok(Err(StoreError::Corrupt { detail }));
        };
        by_kind.insert(kind, natural(count));
        entries = entries.saturating_add(natural(count));
    }
    let rows = session.query(FAMILIES, &[]).await?;
    let families = rows.first().map_or(Ok(0), |row| row.try_get(0).map(natural))?;
    Ok(Ok(Counts { entries, families, by_kind }))
}
