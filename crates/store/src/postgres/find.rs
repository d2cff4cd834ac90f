//! Entries that are found otherwise than in the order of the feed: by family, id, kind or
//! prescription.

use openpbm_core::{ClaimId, Date, FamilyId, Npi, PrescriptionNumber};
use rustc_hash::FxHashMap;
use tokio_postgres::{Error, Row};

use super::row::{columns, integer, natural, read, shard};
use super::sequencer;
use super::session::Session;
use crate::{Damage, Filter, Flaw, Kind, Sealed};

const FAMILY: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM journal j WHERE j.family = $1 AND j.version > $2 ORDER BY j.version"
);
const ENTRY: &str =
    concat!("SELECT ", columns!(), " FROM journal j WHERE j.kind = ANY($1) AND j.id = $2");
const IS_THERE: &str = "SELECT 1 FROM journal WHERE kind = ANY($1) AND id = $2 LIMIT 1";
const RECENT: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM journal j WHERE j.kind = $1 AND j.id < $2 ORDER BY j.id DESC LIMIT $3"
);
const RECENT_OF_FAMILY: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM journal j WHERE j.family = $1 AND j.kind = ANY($2) AND j.id < $3 \
     ORDER BY j.version DESC LIMIT $4"
);
// One statement, so that what is moved from one table to the other is seen in either.
const BILLING: &str = "SELECT family FROM billing \
    WHERE pharmacy = $1 AND prescription = $2 AND date_of_service = $3 \
    UNION SELECT family FROM arrived \
    WHERE prescription = $2 AND pharmacy = $1 AND date_of_service = $3";
const PLACES: &str = "SELECT f.family, f.version, f.sequence \
    FROM unnest($1::int2[], $2::text[], $3::int8[]) AS asked (shard, family, version) \
    JOIN feed f ON f.shard = asked.shard AND f.family = asked.family \
    AND f.version = asked.version";

/// Sorts behind every id: they have 20 characters, none of which sorts behind this one.
const BEHIND_ALL: &str = "ZZZZZZZZZZZZZZZZZZZZZ";

/// The entries of a family behind that version, in order.
pub(super) async fn family(
    session: &mut Session,
    family: FamilyId,
    behind: u64,
) -> Result<Vec<Sealed>, Error> {
    whole(&session.query(FAMILY, &[&family.as_str(), &integer(behind)]).await?)
}

/// The entry of that id, or none.
pub(super) async fn entry(session: &mut Session, id: ClaimId) -> Result<Vec<Sealed>, Error> {
    let mut found = whole(&session.query(ENTRY, &[&kinds(&[]), &id.to_string()]).await?)?;
    found.truncate(1);
    Ok(found)
}

/// The families of the decided claims of that prescription, in order.
pub(super) async fn billing(
    session: &mut Session,
    pharmacy: Npi,
    prescription: PrescriptionNumber,
    date_of_service: Date,
) -> Result<Vec<FamilyId>, Error> {
    let (pharmacy, prescription) = (integer(pharmacy.number()), integer(prescription.number()));
    let day = date_of_service.to_string();
    let rows = session.query(BILLING, &[&pharmacy, &prescription, &day]).await?;
    let mut families = Vec::with_capacity(rows.len());
    for row in rows {
        families.extend(row.try_get::<_, &str>(0)?.parse::<FamilyId>().ok());
    }
    families.sort_unstable();
    Ok(families)
}

/// Up to `limit` entries that pass the filter, newest first: by their ids, which begin with the
/// instant.
pub(super) async fn recent(
    session: &mut Session,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<Sealed>, Error> {
    let before = match filter.before {
        None => BEHIND_ALL.to_owned(),
        Some(id) => id.to_string(),
    };
    let is_known = filter.before.is_none()
        || !session.query(IS_THERE, &[&kinds(&[]), &before]).await?.is_empty();
    if !is_known {
        return Ok(Vec::new());
    }
    let kinds = kinds(&filter.kinds);
    let mut found: Vec<(String, Row)> = Vec::new();
    if let Some(family) = filter.family {
        let parameters: super::session::Parameters<'_> =
            &[&family.as_str(), &kinds, &before, &integer(limit)];
        keep(&mut found, session.query(RECENT_OF_FAMILY, parameters).await?)?;
    } else {
        for kind in kinds {
            keep(&mut found, session.query(RECENT, &[&kind, &before, &integer(limit)]).await?)?;
        }
    }
    found.sort_by(|(one, _), (other, _)| other.cmp(one));
    found.truncate(limit);
    let rows: Vec<_> = found.into_iter().map(|(_, row)| row).collect();
    whole(&rows)
}

fn keep(found: &mut Vec<(String, Row)>, rows: Vec<Row>) -> Result<(), Error> {
    for row in rows {
        found.push((row.try_get(2)?, row));
    }
    Ok(())
}

/// The words of those kinds, each once; of all kinds if there are none.
fn kinds(kinds: &[Kind]) -> Vec<&'static str> {
    let mut words: Vec<_> = if kinds.is_empty() { &Kind::ALL } else { kinds }
        .iter()
        .map(|kind| kind.as_str())
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn whole(rows: &[Row]) -> Result<Vec<Sealed>, Error> {
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.extend(read(row)?);
    }
    Ok(found)
}

/// The same entries with their places in the feed.
pub(super) async fn placed(
    session: &mut Session,
    shards: u16,
    mut found: Vec<Sealed>,
) -> Result<Vec<Sealed>, Error> {
    let mut of: Vec<i16> = found.iter().map(|sealed| shard(sealed.family, shards)).collect();
    let places = places(session, &of, &found).await?;
    let places = if places.len() < found.len() {
        of.sort_unstable();
        of.dedup();
        sequencer::place(session, &of).await?;
        let of: Vec<i16> = found.iter().map(|sealed| shard(sealed.family, shards)).collect();
        self::places(session, &of, &found).await?
    } else {
        places
    };
    for sealed in &mut found {
        let place = places.get(&(sealed.family, sealed.version));
        sealed.sequence = place.copied().unwrap_or(0);
    }
    Ok(found)
}

async fn places(
    session: &mut Session,
    of: &[i16],
    found: &[Sealed],
) -> Result<FxHashMap<(FamilyId, u64), u64>, Error> {
    let mut places = FxHashMap::default();
    if found.is_empty() {
        return Ok(places);
    }
    let families: Vec<_> = found.iter().map(|sealed| sealed.family.as_str()).collect();
    let versions: Vec<_> = found.iter().map(|sealed| integer(sealed.version)).collect();
    for row in session.query(PLACES, &[&of, &families, &versions]).await? {
        let (family, version): (&str, i64) = (row.try_get(0)?, row.try_get(1)?);
        if let Ok(family) = family.parse() {
            places.insert((family, natural(version)), natural(row.try_get(2)?));
        }
    }
    Ok(places)
}

/// The damage of an entry, by its place.
pub(super) async fn damage(
    session: &mut Session,
    shards: u16,
    sealed: &Sealed,
    flaw: Flaw,
) -> Result<Damage, Error> {
    let placed = placed(session, shards, vec![sealed.clone()]).await?;
    Ok(Damage { sequence: placed.first().map_or(0, |placed| placed.sequence), flaw })
}
