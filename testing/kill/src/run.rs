//! One run, from an empty folder to the report.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::{Context, ensure};
use openpbm_model::auditor::Auditor;
use openpbm_model::workload::{Shape, Workload};
use tempfile::TempDir;

use crate::backup::Backup;
use crate::desk::{Desk, Left, today};
use crate::faults::Faults;
use crate::house::{House, Rulebook};
use crate::journal::Journal;
use crate::options::Options;
use crate::pharmacies::Pharmacies;
use crate::report::{Outage, Report};

/// A run that is about to begin.
#[derive(Debug)]
pub(crate) struct Run<'o> {
    options: &'o Options,
    pub(crate) seed: u64,
    pub(crate) folder: TempDir,
}

impl<'o> Run<'o> {
    pub(crate) fn prepare(options: &'o Options) -> anyhow::Result<Self> {
        let seed = options.seed.unwrap_or_else(fresh_seed);
        let folder = tempfile::Builder::new().prefix("openpbm-kill-").tempdir();
        Ok(Self { options, seed, folder: folder.context("making a folder for the run")? })
    }

    /// Gives the folder back, to be kept if something is wrong.
    pub(crate) fn execute(self) -> (TempDir, anyhow::Result<Report>) {
        let report = self.report();
        (self.folder, report)
    }

    fn report(&self) -> anyhow::Result<Report> {
        let (options, folder, started) = (self.options, self.folder.path(), Instant::now());
        let rulebook = Rulebook::read(&options.book, today())?;
        // Half of the traffic meets in an eighth of the families: often enough for races, and
        // not so often that one family has more claims than a hospital.
        let (families, busy_families) = (options.families, options.families / 8);
        let shape = Shape { families, busy_families, ..Shape::default() };
        let workload = Workload::new(rulebook.rules.clone(), self.seed, shape)?;
        let mut house = House::build(folder, options, &rulebook, &workload)?;
        let first = auditor(&house, &rulebook, &workload)?;
        let second = match options.backup {
            true => Some(auditor(&house, &rulebook, &workload)?),
            false => None,
        };
        let desk = Arc::new(Desk::new(workload, first, second));
        let mut faults = Faults::new(options, self.seed);
        house.open()?;
        let pharmacies = Pharmacies::open(&desk, &house.doors, options.connections, self.seed);
        let backup = self.torment(&mut house, &desk, &mut faults, pharmacies)?;
        house.kill()?;
        let mut report = Report {
            store: options.store.name(),
            seed: self.seed,
            nodes: options.nodes,
            kills: faults.done.kills,
            postgres_kills: faults.done.postgres_kills,
            ..Report::default()
        };
        if faults.done.postgres_kills > 0 {
            report.database = Some(Outage::new(faults.done.noticed, faults.done.recovered));
        }
        let desk = Arc::into_inner(desk).context("a pharmacy is still at work")?;
        judge(&house, desk, backup, &mut report)?;
        report.seconds = started.elapsed().as_secs();
        Ok(report)
    }

    /// Traffic, and all that is done to the house meanwhile.
    fn torment(
        &self,
        house: &mut House,
        desk: &Desk,
        faults: &mut Faults,
        pharmacies: Pharmacies,
    ) -> anyhow::Result<Option<Backup>> {
        let tormented = self.faults(house, desk, faults);
        match tormented {
            // A backup is for the day on which nothing ends well.
            Ok(Some(_)) => {
                house.kill()?;
                pharmacies.leave()?;
            }
            Ok(None) => pharmacies.finish()?,
            Err(_) => pharmacies.leave()?,
        }
        tormented
    }

    fn faults(
        &self,
        house: &mut House,
        desk: &Desk,
        faults: &mut Faults,
    ) -> anyhow::Result<Option<Backup>> {
        let backup = match self.options.backup {
            true => Some(Backup::take(self.folder.path(), house, desk, faults)?),
            false => None,
        };
        faults.all(house, desk)?;
        Ok(backup)
    }
}

/// An auditor that knows the book and the members.
fn auditor(house: &House, book: &Rulebook, workload: &Workload) -> anyhow::Result<Auditor> {
    let mut auditor = Auditor::new();
    auditor.book(house.version()?, book.rules.clone());
    for (family, members) in workload.families() {
        auditor.enroll(family, members);
    }
    Ok(auditor)
}

/// Compares the journal with what was said, and lets the program verify it as well.
fn judge(
    house: &House,
    desk: Desk,
    backup: Option<Backup>,
    report: &mut Report,
) -> anyhow::Result<()> {
    let load = |count: &std::sync::atomic::AtomicU64| count.load(Ordering::Relaxed);
    let counts = desk.counts();
    report.operations = load(&counts.answered);
    report.resent = load(&counts.resent);
    report.lost = load(&counts.lost);
    report.unavailable = load(&counts.unavailable);
    let Left { mut auditor, second, told } = desk.into_books()?;
    report.acknowledged = told.len().try_into().unwrap_or(u64::MAX);
    ensure!(report.acknowledged > 0, "no pharmacy was ever answered: the run shows nothing");
    let database = house.database.as_ref().map(crate::database::Database::url);
    let journal = Journal::open(&house.data(), database.as_deref())?;
    let seen = journal.follow(&mut auditor)?;
    report.entries = seen.entries;
    report.missing = seen.missing(&told);
    report.twice = seen.twice;
    report.findings = auditor.finish().findings.iter().map(ToString::to_string).collect();
    if let (Some(backup), Some(second)) = (backup, second) {
        report.restored = Some(backup.restore(house, &seen, second)?.into());
    }
    let verified = house.program.run(&[&"verify", &"--data", &house.data()]);
    if let Err(error) = verified {
        report.findings.push(format!("the program's own verification: {error:#}"));
    }
    Ok(())
}

/// A seed that differs from run to run.
fn fresh_seed() -> u64 {
    RandomState::new().hash_one(std::process::id())
}
