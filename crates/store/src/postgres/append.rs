//! The statements of an append: check and insert in one transaction, sent without waiting.

use openpbm_core::FamilyId;
use rustc_hash::FxHashMap;
use tokio_postgres::{Client, Error, Statement};

use super::batch::{Found, Plan};
use super::row::{Columns, integer, natural};
use super::session::{Parameters, Session};
use crate::Unit;

const HELD: &str = "SELECT count(*) \
    FROM unnest($1::text[], $2::int8[]) AS asked (family, version) \
    JOIN journal j ON j.family = asked.family AND j.version = asked.version";
const JOURNAL: &str = "INSERT INTO journal (family, version, id, recorded, kind, entry, seal) \
    SELECT * FROM unnest($1::text[], $2::int8[], $3::text[], $4::int8[], $5::text[], \
    $6::bytea[], $7::int8[])";
const ARRIVED: &str = "INSERT INTO arrived \
    (shard, family, version, pharmacy, prescription, date_of_service) \
    SELECT * FROM unnest($1::int2[], $2::text[], $3::int8[], $4::int8[], $5::int8[], $6::text[])";
const VERSIONS: &str =
    "SELECT family, max(version) FROM journal WHERE family = ANY($1) GROUP BY family";
const IDS: &str = "SELECT j.family, j.version, j.id \
    FROM unnest($1::text[], $2::int8[]) AS asked (family, version) \
    JOIN journal j ON j.family = asked.family AND j.version = asked.version";

/// What must be so for a plan's answers to be right, beside that nobody takes its versions.
#[derive(Debug, Default)]
pub(super) struct Premise {
    /// Entries that must be there: the versions on which the batch builds.
    there: Places,
    /// Entries that must not: the versions after those that the batch only reads. What it
    /// writes needs no such check, it is the primary key's.
    absent: Places,
}

/// Versions that were committed over this very connection, which need no second look. It goes
/// with the connection: the next one may lead to a server that has lost some.
#[derive(Debug, Default)]
pub(super) struct Seen(FxHashMap<FamilyId, u64>);

impl Seen {
    /// About ten megabytes; then it begins anew.
    const MOST: usize = 200_000;

    fn has(&self, family: FamilyId, version: u64) -> bool {
        version == 0 || self.0.get(&family).is_some_and(|seen| *seen >= version)
    }

    /// What a plan stored is committed.
    pub(super) fn note(&mut self, plan: &Plan<'_>) {
        if self.0.len() > Self::MOST {
            self.0.clear();
        }
        // In the order of their versions, so the last one stays.
        let made = plan.inserts.iter();
        self.0.extend(made.map(|item| (item.family(), item.expected_version().saturating_add(1))));
    }
}

#[derive(Debug, Default)]
struct Places {
    families: Vec<FamilyId>,
    versions: Vec<i64>,
}

impl Premise {
    /// That what a plan was made on is so, as far as it is not known.
    pub(super) fn of(plan: &Plan<'_>, found: &Found, seen: &Seen) -> Self {
        let mut premise = Self::default();
        for (family, version) in &found.versions {
            if !seen.has(*family, *version) {
                premise.there.push(*family, *version);
            }
        }
        for (family, version) in plan.only_read(found) {
            premise.absent.push(family, version.saturating_add(1));
        }
        premise
    }
}

impl Places {
    fn push(&mut self, family: FamilyId, version: u64) {
        self.families.push(family);
        self.versions.push(integer(version));
    }

    /// How many of them are there.
    async fn held(&self, client: &Client, statement: &Statement) -> Result<usize, Error> {
        if self.families.is_empty() {
            return Ok(0);
        }
        let families: Vec<_> = self.families.iter().map(FamilyId::as_str).collect();
        let row = client.query_one(statement, &[&families, &self.versions]).await?;
        Ok(usize::try_from(row.try_get::<_, i64>(0)?).unwrap_or(usize::MAX))
    }
}

/// Stores rows in one transaction if the premise holds; false if it does not. A version that is
/// taken is the error of the primary key.
pub(super) async fn store(
    session: &mut Session,
    rows: &Columns<'_>,
    premise: &Premise,
) -> Result<bool, Error> {
    let (held, journal) = (session.statement(HELD).await?, session.statement(JOURNAL).await?);
    let arrived = session.statement(ARRIVED).await?;
    let client = &session.client;
    if rows.families.is_empty() {
        let there = premise.there.held(client, &held).await?;
        let absent = premise.absent.held(client, &held).await?;
        return Ok(there == premise.there.families.len() && absent == 0);
    }
    let Columns { shards, families, versions, ids, recorded, kinds, entries, seals, .. } = rows;
    let Columns { pharmacies, prescriptions, days, .. } = rows;
    let of_journal: Parameters<'_> = &[families, versions, ids, recorded, kinds, entries, seals];
    let of_arrived: Parameters<'_> = &[shards, families, versions, pharmacies, prescriptions, days];
    // Sent in this order, all before the first answer.
    let (begun, there, absent, stored, queued) = tokio::join!(
        biased;
        client.batch_execute("BEGIN"),
        premise.there.held(client, &held),
        premise.absent.held(client, &held),
        client.execute(&journal, of_journal),
        client.execute(&arrived, of_arrived),
    );
    begun?;
    let holds = there? == premise.there.families.len() && absent? == 0;
    if !holds {
        client.batch_execute("ROLLBACK").await?;
        return Ok(false);
    }
    let (_, _) = (stored?, queued?);
    client.batch_execute("COMMIT").await?;
    Ok(true)
}

/// What there is of the families of a batch, and of its entries.
pub(super) async fn look_up(session: &mut Session, units: &[Unit]) -> Result<Found, Error> {
    let assumed = Found::assumed(units);
    let families: Vec<_> = assumed.versions.keys().map(FamilyId::as_str).collect();
    let mut found = Found::default();
    for row in session.query(VERSIONS, &[&families]).await? {
        let (family, version): (&str, i64) = (row.try_get(0)?, row.try_get(1)?);
        if let Ok(family) = family.parse() {
            found.versions.insert(family, natural(version));
        }
    }
    // Read after the versions: an entry that came in between is known or its version is taken.
    let mut sent = Places::default();
    for item in units.iter().flat_map(|unit| &unit.items) {
        let version = found.versions.get(&item.family()).copied().unwrap_or(0);
        if item.expected_version() < version {
            sent.push(item.family(), item.expected_version().saturating_add(1));
        }
    }
    if sent.families.is_empty() {
        return Ok(found);
    }
    let families: Vec<_> = sent.families.iter().map(FamilyId::as_str).collect();
    for row in session.query(IDS, &[&families, &sent.versions]).await? {
        let (family, version): (&str, i64) = (row.try_get(0)?, row.try_get(1)?);
        let id: &str = row.try_get(2)?;
        if let (Ok(family), Ok(id)) = (family.parse(), id.parse()) {
            found.ids.insert((family, natural(version)), id);
        }
    }
    Ok(found)
}
