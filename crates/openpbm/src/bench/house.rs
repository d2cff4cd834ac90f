//! The PBM that is measured: the sample book, the members, and a journal on disk.

use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use openpbm_core::Date;
use openpbm_service::{Clock, Pbm, SystemClock, enroll};
use openpbm_store::{Cursor, Reader};

use super::claims::Claims;
use super::people::{self, Person};
use super::thousandths::Thousandths;
use crate::cli::Bench;
use crate::data::{self, Data};
use crate::failure::{Context, Failure};
use crate::{files, progress, sample, terminal};

/// A PBM with everyone enrolled.
pub(super) struct House {
    root: PathBuf,
    data: Data,
    pbm: Pbm,
    people: Arc<[Person]>,
    today: Date,
    /// Removed with everything in it when the bench ends.
    _fresh: Option<tempfile::TempDir>,
}

impl House {
    /// Publishes the sample book and enrolls the members, in the directory that was named or in a
    /// fresh one. A directory of an earlier bench is used again, with its claims on file.
    pub(super) fn build(args: &Bench) -> Result<Self, Failure> {
        let fresh = match &args.data {
            Some(_) => None,
            None => Some(tempfile::tempdir().context("making a directory for the journal")?),
        };
        let root = match (&args.data, &fresh) {
            (Some(root), _) => root.clone(),
            (None, Some(fresh)) => fresh.path().to_owned(),
            (None, None) => return Err(Failure::new("no directory for the journal")),
        };
        let data = Data::with_store(&root, args.store.as_ref()).with_memory(&args.memory);
        let folder = data.book_folder();
        if !folder.join("book.toml").exists() {
            sample::write_book(&folder)?;
        }
        data.publish(&folder)?;
        let (clock, today) = clock()?;
        let pbm = data.start(Arc::new(clock))?;
        let people: Arc<[Person]> = people::people(args.members).into();
        enroll_all(&pbm, &root, &people)?;
        Ok(Self { root, data, pbm, people, today, _fresh: fresh })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn pbm(&self) -> Pbm {
        self.pbm.clone()
    }

    pub(super) fn families(&self) -> u32 {
        people::families(&self.people)
    }

    pub(super) fn reader(&self) -> Result<Arc<dyn Reader>, Failure> {
        self.data.reader()
    }

    /// What it keeps its journal in.
    pub(super) fn data(&self) -> &Data {
        &self.data
    }

    /// Claims that were not sent before: every claim on file is an entry of the journal, so
    /// numbers beyond its length are new.
    pub(super) fn claims(&self, before: &State) -> Result<Claims, Failure> {
        let first = before.entries() + 1;
        Claims::new(&self.pbm.book(), self.people.clone(), self.today, first).ok_or_else(|| {
            Failure::new("the book has no drug with a usual quantity and a price")
                .hint("the bench needs the sample book: name a directory that does not exist yet")
        })
    }

    /// Where journal, directory and counters stand.
    pub(super) fn state(&self) -> Result<State, Failure> {
        let heads = self.reader()?.heads().map_err(data::store)?;
        let bytes = files::size_of(&self.root).context("measuring the data directory")?;
        let metrics = self.pbm.metrics();
        let batches = counter(&metrics, "openpbm_batch_units_count");
        let batched = counter(&metrics, "openpbm_batch_units_sum");
        Ok(State { heads, bytes, batches, batched })
    }
}

/// Where a PBM stood at one moment.
#[derive(Debug)]
pub(super) struct State {
    heads: Vec<Cursor>,
    bytes: u64,
    batches: u64,
    batched: u64,
}

impl State {
    /// The end of each shard of the journal.
    pub(super) fn heads(&self) -> &[Cursor] {
        &self.heads
    }

    /// Entries of the journal.
    pub(super) fn entries(&self) -> u64 {
        self.heads.iter().map(|head| head.sequence).sum()
    }

    /// Bytes by which the directory grew.
    pub(super) const fn bytes_since(&self, before: &Self) -> u64 {
        self.bytes.saturating_sub(before.bytes)
    }

    /// Durable commits.
    pub(super) const fn batches_since(&self, before: &Self) -> u64 {
        self.batches.saturating_sub(before.batches)
    }

    /// Claims that one commit made durable, on average.
    pub(super) fn claims_per_batch_since(&self, before: &Self) -> Thousandths {
        let batched = self.batched.saturating_sub(before.batched);
        Thousandths::ratio(batched, self.batches_since(before)).unwrap_or_default()
    }
}

/// The bench's day, whatever day it is: the same claims get the same answers in every run.
fn clock() -> Result<(SystemClock, Date), Failure> {
    let today = Date::new(2026, 6, 30).unwrap_or(Date::LAST);
    let clock = SystemClock::new().context("asking for random bits")?;
    let shift = today.days_since(clock.now().date());
    Ok((clock.shifted_by_days(shift), today))
}

fn enroll_all(pbm: &Pbm, root: &Path, people: &[Person]) -> Result<(), Failure> {
    let mut file = tempfile::tempfile_in(root).context("making an enrollment file")?;
    let size = write(people, &mut file).context("writing the enrollment file")?;
    let bar = progress::bytes(size, "enrolling members");
    let enrolled = enroll(pbm, file, &mut |position| bar.set_position(position));
    bar.finish_and_clear();
    let enrolled = enrolled.map_err(Failure::new)?;
    tracing::info!(families = enrolled.families, members = enrolled.members, "enrolled");
    if enrolled.changed == 0 {
        terminal::note("the members were on file already, with the claims of an earlier bench");
    }
    Ok(())
}

fn write(people: &[Person], file: &mut File) -> std::io::Result<u64> {
    let mut out = BufWriter::new(&mut *file);
    people::write_csv(people, &mut out)?;
    out.flush()?;
    drop(out);
    let size = file.stream_position()?;
    file.rewind()?;
    Ok(size)
}

/// A counter of the OpenMetrics text; 0 if it is not there. Sums are whole numbers written with
/// a decimal point.
fn counter(metrics: &str, name: &str) -> u64 {
    let value = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let whole = value.and_then(|value| value.split('.').next());
    whole.and_then(|whole| whole.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_found_by_their_whole_name() {
        let text = "# HELP x\nopenpbm_batch_units_sum 123.0\nopenpbm_batch_units_count 7\n";
        assert_eq!(counter(text, "openpbm_batch_units_sum"), 123);
        assert_eq!(counter(text, "openpbm_batch_units_count"), 7);
        assert_eq!(counter(text, "openpbm_batch_units"), 0);
    }
}
