//! The rows that the run has written, appended once more with nothing to decide.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

use openpbm_core::FamilyId;
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{Appended, Cursor, Journal, Reader, Recorded, Unit};

use super::{Appends, per_second};
use crate::bench::thousandths::Thousandths;
use crate::data;
use crate::failure::{Context, Failure};

/// Appends the rows behind the cursor to an empty journal in another directory, in batches of
/// the size that the run had on average, for as long as is given or until they are all appended.
/// Only the appends are timed.
pub(in crate::bench) fn appends(
    root: &Path,
    reader: &impl Reader,
    mut from: Cursor,
    batch: Thousandths,
    span: Duration,
) -> Result<Appends, Failure> {
    let folder = tempfile::tempdir_in(root).context("making a directory for another journal")?;
    let mut journal = SqliteJournal::open(folder.path()).map_err(data::store)?;
    let mut versions = HashMap::new();
    let batch = usize::try_from((batch.0 + 500) / 1000).unwrap_or(1).max(1);
    let batches_at_once = 4096_usize.div_ceil(batch);
    let (mut count, mut elapsed) = (0_u64, Duration::ZERO);
    while elapsed < span {
        let rows = reader.read_from(from, batch * batches_at_once).map_err(data::store)?;
        let Some(last) = rows.last() else { break };
        from = from.past(last);
        let units: Vec<_> = rows.into_iter().map(|row| unit(row, &mut versions)).collect();
        for units in units.chunks(batch) {
            let start = Instant::now();
            let appended = journal.append(units).map_err(data::store)?;
            elapsed += start.elapsed();
            if !appended.iter().all(Appended::is_committed) {
                return Err(Failure::new("a row of the run did not fit into an empty journal"));
            }
            count += u64::try_from(units.len()).unwrap_or(0);
        }
    }
    let batch = u64::try_from(batch).unwrap_or(u64::MAX);
    Ok(Appends { per_s: per_second(count, elapsed), batch })
}

/// The row as the next of its family in an empty journal.
fn unit(row: Recorded, versions: &mut HashMap<FamilyId, u64>) -> Unit {
    let version = versions.entry(row.family).or_default();
    let unit = Unit::of_one(row.family, *version, row.entry);
    *version += 1;
    unit
}
