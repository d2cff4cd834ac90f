//! One connection with its prepared statements.

use std::time::Duration;

use rustc_hash::FxHashMap;
use tokio::time::timeout;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error, NoTls, Row, Statement};

use super::append::Seen;
use super::failure::Trouble;
use super::target::{Product, Target};

/// Parameters of a statement.
pub(super) type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// How long a piece of work may take before the connection is taken for lost.
pub(super) const LIMIT: Duration = Duration::from_secs(15);
/// The same for work that reads whole tables.
pub(super) const LIMIT_OF_WHOLE_TABLES: Duration = Duration::from_secs(24 * 60 * 60);

/// What an appending session sets; the server gives up before we do. Whoever waits longer than
/// this for another's transaction gives up, and a client that went away in the middle of one
/// holds nobody up for longer.
const WRITER: &str = "SET statement_timeout = '10s'; \
                      SET idle_in_transaction_session_timeout = '10s'";

/// On PostgreSQL itself a statement is planned once, and for large tables from the beginning: a
/// plan that was made while they were small would be kept while they grow.
const PLANS: &str = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; \
                     SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off";

const CITUS: &str = "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')";

/// What a session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Reads, as long as it takes.
    Reader,
    /// Appends, places or retires, within a limit.
    Writer,
}

/// A connection to the database.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) client: Client,
    statements: FxHashMap<&'static str, Statement>,
    product: Product,
    /// True if Citus may spread the tables over several servers.
    is_spread: bool,
    /// What was committed over it.
    pub(super) seen: Seen,
}

impl Session {
    /// Connects. Must run on the store's driver, which then keeps the connection going.
    pub(super) async fn open(
        target: &Target,
        role: Role,
        doing: &'static str,
    ) -> Result<Self, Trouble> {
        match timeout(LIMIT, Self::connect(target, role)).await {
            Ok(opened) => opened.map_err(|error| Trouble::of(doing, &error)),
            Err(_) => Err(Trouble::Lost("it does not answer".to_owned())),
        }
    }

    async fn connect(target: &Target, role: Role) -> Result<Self, Error> {
        let (client, connection) = target.config.connect(NoTls).await?;
        // It ends with the connection; the client hears of that at its next statement.
        drop(tokio::spawn(async move { drop(connection.await) }));
        let row = client.query_one("SELECT version()", &[]).await?;
        let product = Product::of(row.try_get(0)?);
        if role == Role::Writer {
            client.batch_execute(WRITER).await?;
        }
        let mut is_spread = false;
        if product == Product::Plain {
            client.batch_execute(PLANS).await?;
            is_spread = client.query_one(CITUS, &[]).await?.try_get(0)?;
        }
        let (statements, seen) = (FxHashMap::default(), Seen::default());
        Ok(Self { client, statements, product, is_spread, seen })
    }

    /// What the server is.
    pub(super) const fn product(&self) -> Product {
        self.product
    }

    /// True if a row's place (`ctid`) is that of one row alone: on PostgreSQL itself, where no
    /// extension spreads the tables.
    pub(super) fn knows_places(&self) -> bool {
        self.product == Product::Plain && !self.is_spread
    }

    /// A statement, prepared when it is first used.
    pub(super) async fn statement(&mut self, sql: &'static str) -> Result<Statement, Error> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql).await?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }

    /// All rows of a statement.
    pub(super) async fn query(
        &mut self,
        sql: &'static str,
        parameters: Parameters<'_>,
    ) -> Result<Vec<Row>, Error> {
        let statement = self.statement(sql).await?;
        self.client.query(&statement, parameters).await
    }

    /// Runs a piece of work, and takes back what it left undone if it fails. The error says
    /// whether the session can be used again: not after [`Trouble::Lost`].
    pub(super) async fn run<T>(
        &mut self,
        doing: &'static str,
        work: impl AsyncFnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Trouble> {
        self.run_within(LIMIT, doing, work).await
    }

    /// The same with another limit.
    pub(super) async fn run_within<T>(
        &mut self,
        limit: Duration,
        doing: &'static str,
        work: impl AsyncFnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Trouble> {
        let silent = || Trouble::Lost("it does not answer".to_owned());
        let error = match timeout(limit, work(self)).await {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(error)) => error,
            Err(_) => return Err(silent()),
        };
        let trouble = Trouble::of(doing, &error);
        if !matches!(trouble, Trouble::Lost(_)) {
            // Outside of a transaction this only earns a warning.
            match timeout(LIMIT, self.client.batch_execute("ROLLBACK")).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) | Err(_) => return Err(silent()),
            }
        }
        Err(trouble)
    }
}
