//! The rows that the run has written, appended once more with nothing to decide.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use openpbm_core::FamilyId;
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{Appended, Cursor, Journal, Reader, Recorded, Sealed, Unit};

use super::{Appends, per_second};
use crate::bench::house::{House, State};
use crate::bench::thousandths::Thousandths;
use crate::data;
use crate::failure::{Context, Failure};

/// Appends the rows that came after `before` once more, in batches of the size that the run had
/// on average, for as long as is given or until they are all appended. Only the appends are
/// timed. An embedded journal is an empty one in another directory; a database holds them beside
/// the run's, for families that the run does not know.
pub(in crate::bench) fn appends(
    house: &House,
    before: &State,
    batch: Thousandths,
    span: Duration,
) -> Result<Appends, Failure> {
    let folder = tempfile::tempdir_in(house.root()).context("making a directory")?;
    let embedded = house.data().store_name() == "sqlite";
    let mut journal: Box<dyn Journal> = if embedded {
        Box::new(SqliteJournal::open(folder.path()).map_err(data::store)?)
    } else {
        house.data().another_journal()?
    };
    let others = journal.reader();
    let mut versions = Versions { of: HashMap::new(), reader: &*others };
    let batch = usize::try_from((batch.0 + 500) / 1000).unwrap_or(1).max(1);
    let at_once = batch * 4096_usize.div_ceil(batch);
    let source = house.reader()?;
    let (mut count, mut elapsed) = (0_u64, Duration::ZERO);
    for &head in before.heads() {
        let mut from = head;
        while elapsed < span {
            let rows = source.read_from(from, at_once).map_err(data::store)?;
            let Some(last) = rows.last() else { break };
            from = Cursor { sequence: last.sequence, ..from };
            let opened: Result<Vec<_>, _> = rows.iter().map(Sealed::open).collect();
            let opened = opened.map_err(|damage| data::store(damage.into()))?;
            let units = opened.into_iter().map(|row| versions.unit(row));
            let units = units.collect::<Result<Vec<_>, Failure>>()?;
            for units in units.chunks(batch) {
                let start = Instant::now();
                let appended = journal.append(units).map_err(data::store)?;
                elapsed += start.elapsed();
                if !appended.iter().all(Appended::is_committed) {
                    return Err(Failure::new("a row of the run did not fit the journal"));
                }
                count += u64::try_from(units.len()).unwrap_or(0);
            }
        }
    }
    let batch = u64::try_from(batch).unwrap_or(u64::MAX);
    Ok(Appends { per_s: per_second(count, elapsed), batch })
}

/// The versions of the families that the rows are appended for.
struct Versions<'a> {
    of: HashMap<FamilyId, u64>,
    reader: &'a dyn Reader,
}

impl Versions<'_> {
    /// The row as the next of a family of that name with a mark before it.
    fn unit(&mut self, row: Recorded) -> Result<Unit, Failure> {
        let name = format!("~{}", row.family.as_str().get(1..).unwrap_or_default());
        let family: FamilyId = name.parse().map_err(Failure::new)?;
        let version = match self.of.get(&family) {
            Some(version) => *version,
            None => {
                let history = self.reader.read_family(family).map_err(data::store)?;
                history.entries.last().map_or(0, |(version, _)| *version)
            }
        };
        self.of.insert(family, version + 1);
        Ok(Unit::of_one(family, version, row.entry))
    }
}
