//! The writing side: one connection, one transaction a batch.

use std::sync::Arc;
use std::time::{Duration, Instant};

use openpbm_core::{Family, FamilyId};
use tokio::sync::Notify;
use tokio_postgres::Error;

use super::append::{self, Premise};
use super::batch::{Found, Plan};
use super::driver::Driver;
use super::failure::Trouble;
use super::pool::Pool;
use super::reader::PostgresReader;
use super::row::Columns;
use super::session::{Role, Session};
use super::target::Target;
use super::{migration, retention, sequencer};
use crate::{Appended, Capability, Journal, Reader, StoreError, Unit};

/// How long one call goes on trying: through a restart of the server, the change to a standby or
/// a row that somebody else holds. Who called knows better whether to go on.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two attempts; it doubles up to a quarter of a second.
const PAUSE: Duration = Duration::from_millis(5);

/// A journal in a database, open for appending. Any number of them, in any number of processes,
/// may be open on the same database.
#[derive(Debug)]
pub struct PostgresJournal {
    session: Option<Session>,
    pool: Arc<Pool>,
    /// Rung when there is something to place.
    bell: Arc<Notify>,
    capabilities: &'static [Capability],
}

impl PostgresJournal {
    /// What the store claims, known without opening it.
    pub const CAPABILITIES: &'static [Capability] = &[
        Capability::SurvivesPowerLoss,
        Capability::ManyWriters,
        Capability::DenseSequence,
        Capability::KeysWithoutDelay,
        Capability::SealedEntries,
    ];

    /// Opens the journal of the database of that URL (`postgresql://user@host:5432/database`);
    /// makes it if there is none, and brings its schema up to date.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unreachable`] if the server does not answer, [`StoreError::NewerSchema`] if
    /// a later release has written there, [`StoreError::Foreign`] if the tables are something
    /// else, [`StoreError::Database`] if the server does not promise that what it commits is
    /// durable, or refuses.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_as(url, Self::CAPABILITIES)
    }

    /// Opens it on a server that may lose what it has acknowledged, for tests and trials: one
    /// with `fsync` or `synchronous_commit` off. It does not claim to survive the loss of power.
    ///
    /// # Errors
    ///
    /// Those of [`PostgresJournal::open`].
    pub fn open_volatile(url: &str) -> Result<Self, StoreError> {
        Self::open_as(url, Self::CAPABILITIES.get(1..).unwrap_or_default())
    }

    fn open_as(url: &str, capabilities: &'static [Capability]) -> Result<Self, StoreError> {
        const DOING: &str = "opening the journal";
        let target = Target::parse(url)?;
        let driver = Driver::start()?;
        let must_be_durable = capabilities.contains(&Capability::SurvivesPowerLoss);
        let (session, shards) = driver.wait(async {
            let opened = Session::open(&target, Role::Writer, DOING).await;
            let mut session = opened.map_err(|trouble| trouble.into_error(DOING))?;
            if must_be_durable {
                migration::require_durable(&mut session).await?;
            }
            migration::apply(&mut session, &target).await?;
            let shards = migration::shards(&mut session).await?;
            Ok::<_, StoreError>((session, shards))
        })?;
        let bell = Arc::new(Notify::new());
        driver.spawn(sequencer::run(target.clone(), shards, Arc::clone(&bell)));
        // Something may be left of a process that ended before it had placed everything.
        bell.notify_one();
        let pool = Arc::new(Pool::new(driver, target, shards));
        Ok(Self { session: Some(session), pool, bell, capabilities })
    }

    /// Runs a piece of work until it is done or cannot be, or patience ends. The work must be
    /// such that it can be run again after any part of it.
    fn patiently<T>(
        &mut self,
        doing: &'static str,
        mut work: impl AsyncFnMut(&mut Session) -> Result<T, Error>,
    ) -> Result<T, StoreError> {
        let Self { session: kept, pool, .. } = self;
        let (target, deadline) = (&pool.target, Instant::now().checked_add(PATIENCE));
        pool.driver.wait(async {
            let mut pause = PAUSE;
            loop {
                let trouble = match attempt(kept, target, doing, &mut work).await {
                    Ok(done) => return Ok(done),
                    Err(trouble) => trouble,
                };
                let late = deadline.is_some_and(|deadline| Instant::now() > deadline);
                if late || matches!(trouble, Trouble::Failed(_)) {
                    return Err(trouble.into_error(doing));
                }
                tokio::time::sleep(pause).await;
                pause = pause.saturating_mul(2).min(Duration::from_millis(250));
            }
        })
    }
}

/// One attempt, on the connection there is or a new one.
async fn attempt<T>(
    kept: &mut Option<Session>,
    target: &Target,
    doing: &'static str,
    work: &mut impl AsyncFnMut(&mut Session) -> Result<T, Error>,
) -> Result<T, Trouble> {
    let mut session = match kept.take().filter(|session| !session.client.is_closed()) {
        Some(session) => session,
        None => Session::open(target, Role::Writer, doing).await?,
    };
    let done = session.run(doing, &mut *work).await;
    if !matches!(done, Err(Trouble::Lost(_))) {
        *kept = Some(session);
    }
    done
}

/// Stores what a plan says, and gives its answers; none if its premise does not hold.
async fn store(
    session: &mut Session,
    plan: Plan<'_>,
    premise: &Premise,
    shards: u16,
) -> Result<Result<Option<Vec<Appended>>, StoreError>, Error> {
    let families: Vec<FamilyId> = plan.inserts.iter().map(|item| item.family()).collect();
    let rows = match Columns::of(&plan.inserts, &families, shards) {
        Ok(rows) => rows,
        Err(error) => return Ok(Err(error)),
    };
    if !append::store(session, &rows, premise).await? {
        return Ok(Ok(None));
    }
    session.seen.note(&plan);
    Ok(Ok(Some(plan.answers)))
}

impl Journal for PostgresJournal {
    fn append(&mut self, units: &[Unit]) -> Result<Vec<Appended>, StoreError> {
        const DOING: &str = "appending to the journal";
        let shards = self.pool.shards;
        // First as if all were as the batch expects, which costs one look less.
        let mut assumed = Some(Found::assumed(units));
        let answers = self.patiently(DOING, async |session| {
            if let Some(found) = assumed.take()
                && let Ok(plan) = Plan::make(units, &found)
                && plan.is_whole()
            {
                let premise = Premise::of(&plan, &found, &session.seen);
                match store(session, plan, &premise, shards).await? {
                    Ok(None) => {}
                    Ok(Some(answers)) => return Ok(Ok(answers)),
                    Err(error) => return Ok(Err(error)),
                }
            }
            loop {
                let found = append::look_up(session, units).await?;
                let plan = match Plan::make(units, &found) {
                    Ok(plan) => plan,
                    Err(error) => return Ok(Err(error)),
                };
                // What was looked up stays true, but for versions that somebody takes.
                match store(session, plan, &Premise::default(), shards).await? {
                    Ok(None) => {}
                    Ok(Some(answers)) => return Ok(Ok(answers)),
                    Err(error) => return Ok(Err(error)),
                }
            }
        })??;
        self.bell.notify_one();
        Ok(answers)
    }

    fn remember(&mut self, state: &Family) -> Result<(), StoreError> {
        self.patiently("remembering a family", async |session| {
            retention::remember(session, state).await
        })
    }

    fn retire(&mut self, state: &Family) -> Result<u64, StoreError> {
        self.patiently("retiring entries", async |session| retention::retire(session, state).await)?
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::new(PostgresReader::sharing(Arc::clone(&self.pool)))
    }

    fn capabilities(&self) -> &'static [Capability] {
        self.capabilities
    }
}
