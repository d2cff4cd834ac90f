//! What no single entry shows: that the feed has every entry once and in order, that no version
//! of a family is missing, and that every decided claim is found by its prescription.

use openpbm_core::Entry;
use tokio_postgres::Error;

use super::row::{BillingRow, natural};
use super::session::Session;
use super::target::Product;
use crate::{Damage, Flaw, StoreError};

const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// These statements read whole tables, so the plans for single rows would be wrong for them.
const WHOLE_TABLES: &str = "SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on; \
    SET LOCAL enable_mergejoin = on; SET LOCAL plan_cache_mode = force_custom_plan";
const GAPS: &str = "SELECT before, sequence FROM ( \
        SELECT sequence, lag(sequence, 1, 0::int8) OVER (PARTITION BY shard ORDER BY sequence) \
        AS before FROM feed) AS places \
    WHERE sequence <> before + 1 ORDER BY sequence";
const HEADS: &str = "SELECT s.head, coalesce(f.last, 0) FROM shards s \
    LEFT JOIN (SELECT shard, max(sequence) AS last FROM feed GROUP BY shard) f \
    ON f.shard = s.shard WHERE s.head <> coalesce(f.last, 0)";
const LOST: &str = "SELECT f.sequence FROM feed f \
    LEFT JOIN journal j ON j.family = f.family AND j.version = f.version \
    WHERE j.family IS NULL ORDER BY f.sequence";
const HOMELESS: &str = "SELECT count(*) FROM journal j \
    WHERE NOT EXISTS (SELECT 1 FROM feed f WHERE f.family = j.family AND f.version = j.version) \
    AND NOT EXISTS (SELECT 1 FROM arrived a WHERE a.family = j.family AND a.version = j.version)";
const VERSIONS: &str = "SELECT v.version, v.before, coalesce(f.sequence, 0) FROM ( \
        SELECT family, version, \
        lag(version, 1, 0::int8) OVER (PARTITION BY family ORDER BY version) AS before \
        FROM journal) AS v \
    LEFT JOIN feed f ON f.family = v.family AND f.version = v.version \
    WHERE v.version <> v.before + 1 ORDER BY 3";
const CLAIMS: &str = "SELECT family, version, entry FROM journal \
    WHERE kind IN ('paid', 'rejected') AND (family, version) > ($1, $2) \
    ORDER BY family, version LIMIT 2000";
const FOUND: &str = "SELECT count(*) FROM \
    unnest($1::int8[], $2::int8[], $3::text[], $4::text[]) \
        AS asked (pharmacy, prescription, day, family) \
    WHERE EXISTS (SELECT 1 FROM billing b WHERE b.pharmacy = asked.pharmacy \
        AND b.prescription = asked.prescription AND b.date_of_service = asked.day \
        AND b.family = asked.family) \
    OR EXISTS (SELECT 1 FROM arrived a WHERE a.prescription = asked.prescription \
        AND a.pharmacy = asked.pharmacy AND a.date_of_service = asked.day \
        AND a.family = asked.family)";

/// Checks it, as of one moment. Returns the damage that belongs to single entries.
pub(super) async fn check(session: &mut Session) -> Result<Result<Vec<Damage>, StoreError>, Error> {
    session.client.batch_execute(BEGIN).await?;
    if session.product() == Product::Plain {
        session.client.batch_execute(WHOLE_TABLES).await?;
    }
    let (mut damages, mut corrupt) = (Vec::new(), None);
    places(session, &mut damages, &mut corrupt).await?;
    for row in session.client.query(VERSIONS, &[]).await? {
        let (found, before) = (natural(row.try_get(0)?), natural(row.try_get(1)?));
        let flaw = Flaw::Version { found, expected: before.saturating_add(1) };
        damages.push(Damage { sequence: natural(row.try_get(2)?), flaw });
    }
    let unfound = unfound(session).await?;
    if unfound > 0 {
        let detail = format!("{unfound} decided claims are not found by their prescriptions");
        corrupt.get_or_insert(detail);
    }
    session.client.batch_execute("COMMIT").await?;
    Ok(corrupt.map_or(Ok(damages), |detail| Err(StoreError::Corrupt { detail })))
}

/// The feed against itself and against the journal.
async fn places(
    session: &Session,
    damages: &mut Vec<Damage>,
    corrupt: &mut Option<String>,
) -> Result<(), Error> {
    for row in session.client.query(GAPS, &[]).await? {
        let (before, sequence) = (natural(row.try_get(0)?), natural(row.try_get(1)?));
        let entries = sequence.saturating_sub(before).saturating_sub(1);
        let flaw = Flaw::Missing { entries };
        damages.push(Damage { sequence: before.saturating_add(1), flaw });
    }
    for row in session.client.query(HEADS, &[]).await? {
        let (head, last) = (natural(row.try_get(0)?), natural(row.try_get(1)?));
        let flaw = Flaw::Missing { entries: head.saturating_sub(last) };
        damages.push(Damage { sequence: last.saturating_add(1), flaw });
    }
    for row in session.client.query(LOST, &[]).await? {
        let flaw = Flaw::Missing { entries: 1 };
        damages.push(Damage { sequence: natural(row.try_get(0)?), flaw });
    }
    let homeless = session.client.query_one(HOMELESS, &[]).await?;
    let homeless: i64 = homeless.try_get(0)?;
    if homeless > 0 {
        *corrupt = Some(format!("{homeless} entries have no place in the feed"));
    }
    Ok(())
}

/// How many decided claims cannot be found by their prescription.
async fn unfound(session: &mut Session) -> Result<u64, Error> {
    let (mut family, mut version) = (String::new(), 0_i64);
    let mut unfound = 0_u64;
    loop {
        let rows = session.query(CLAIMS, &[&family, &version]).await?;
        let Some(last) = rows.last() else { return Ok(unfound) };
        (family, version) = (last.try_get(0)?, last.try_get(1)?);
        let (mut pharmacies, mut prescriptions) = (Vec::new(), Vec::new());
        let (mut days, mut families) = (Vec::new(), Vec::<&str>::new());
        for row in &rows {
            // One that cannot be read is told of where it is read.
            let Ok(entry) = Entry::from_bytes(row.try_get(2)?) else { continue };
            let Some(key) = BillingRow::of(&entry) else { continue };
            pharmacies.push(key.pharmacy);
            prescriptions.push(key.prescription);
            days.push(key.day);
            families.push(row.try_get(0)?);
        }
        let parameters: super::session::Parameters<'_> =
            &[&pharmacies, &prescriptions, &days, &families];
        let found = session.query(FOUND, parameters).await?;
        let found = found.first().map_or(Ok(0), |row| row.try_get(0).map(natural))?;
        let asked = u64::try_from(families.len()).unwrap_or(u64::MAX);
        unfound = unfound.saturating_add(asked.saturating_sub(found));
    }
}
