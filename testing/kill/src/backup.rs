//! Backups while the program serves, and what is restored from them.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, ensure};
use openpbm_core::ClaimId;
use openpbm_model::auditor::Auditor;

use crate::desk::Desk;
use crate::faults::Faults;
use crate::house::House;
use crate::journal::{Journal, Seen};
use crate::node::{Doors, Node};

/// Pharmacies are at work for so long before and after a backup.
const TRAFFIC: Duration = Duration::from_secs(2);

/// A backup that was taken.
#[derive(Debug)]
pub(crate) struct Backup {
    folder: PathBuf,
    /// The decisions that pharmacies had been told of when it began.
    told_before: Vec<ClaimId>,
}

/// What was restored.
#[derive(Debug)]
pub(crate) struct Restored {
    pub(crate) entries: u64,
    /// Decisions told before the backup began that are not in it.
    pub(crate) missing: u64,
    /// Entries that the journal never had at that place.
    pub(crate) foreign: u64,
    /// What the auditor says of it.
    pub(crate) findings: Vec<String>,
}

impl Backup {
    /// Takes one, and brings it up to date a little later, while pharmacies send and processes
    /// are killed.
    pub(crate) fn take(
        folder: &Path,
        house: &mut House,
        desk: &Desk,
        faults: &mut Faults,
    ) -> anyhow::Result<Self> {
        let folder = folder.join("backup");
        faults.wait(desk, TRAFFIC)?;
        run(&folder, house, desk, faults).context("the first backup")?;
        faults.wait(desk, TRAFFIC)?;
        let told_before = desk.begin_backup();
        run(&folder, house, desk, faults).context("the backup that goes on from the first")?;
        faults.wait(desk, TRAFFIC)?;
        Ok(Self { folder, told_before })
    }

    /// Restores it into a new place, serves from there for a moment, and audits what it holds.
    /// `live` is what the journal itself held in the end.
    pub(crate) fn restore(
        &self,
        house: &House,
        live: &Seen,
        mut auditor: Auditor,
    ) -> anyhow::Result<Restored> {
        let program = house.program.embedded();
        let data = self.folder.with_file_name("restored");
        program.run(&[&"restore", &"--from", &self.folder, &"--data", &data])?;
        program.run(&[&"verify", &"--data", &data])?;
        let seen = Journal::open(&data, None)?.follow(&mut auditor)?;
        let mut node = Node::new(0, program, data, Doors::new(1));
        node.start()?;
        node.await_ready().context("serving what was restored")?;
        ensure!(node.is_ready(), "the restored house is open, but /readyz says no");
        node.kill()?;
        Ok(Restored {
            entries: seen.entries,
            missing: seen.missing(&self.told_before),
            foreign: seen.beside(live),
            findings: auditor.finish().findings.iter().map(ToString::to_string).collect(),
        })
    }
}

fn run(folder: &Path, house: &mut House, desk: &Desk, faults: &mut Faults) -> anyhow::Result<()> {
    let data = house.data();
    let words: [&dyn AsRef<_>; 5] = [&"backup", &"--data", &data, &"--to", &folder];
    let mut command = house.program.command(&words);
    let mut process = command.stdout(Stdio::null()).spawn().context("starting the backup")?;
    let ended = loop {
        if let Some(ended) = process.try_wait().context("waiting for the backup")? {
            break ended;
        }
        if !faults.one(house, desk)? {
            faults.wait(desk, Duration::from_millis(20))?;
        }
    };
    ensure!(ended.success(), "{command:?} ended with {ended}");
    Ok(())
}
