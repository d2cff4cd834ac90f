//! The program under test, run for one of its verbs.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};

/// The program, and the store that its verbs are told to use.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    path: PathBuf,
    /// The address of a database; without it, the store is in the data directory.
    pub(crate) store: Option<String>,
}

impl Program {
    pub(crate) fn new(path: &Path, store: Option<String>) -> anyhow::Result<Self> {
        let path = path.canonicalize();
        let path = path.context("the program is not there; build it: cargo build -p openpbm")?;
        ensure!(path.is_file(), "{} is not a program", path.display());
        Ok(Self { path, store })
    }

    /// The same program with the embedded store.
    pub(crate) fn embedded(&self) -> Self {
        Self { path: self.path.clone(), store: None }
    }

    /// A command that is not yet started, on the store.
    pub(crate) fn command(&self, words: &[&dyn AsRef<OsStr>]) -> Command {
        let mut command = Command::new(&self.path);
        command.args(words.iter().map(AsRef::as_ref)).stdin(Stdio::null());
        match &self.store {
            // A password does not belong on a command line that everybody can see.
            Some(url) => command.env("OPENPBM_STORE", url),
            None => command.env_remove("OPENPBM_STORE"),
        };
        command
    }

    /// Runs a verb to its end and gives what it prints.
    pub(crate) fn run(&self, words: &[&dyn AsRef<OsStr>]) -> anyhow::Result<String> {
        let mut command = self.command(words);
        let output = command.output().with_context(|| format!("starting {command:?}"))?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(printed);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{command:?} ended with {}: {printed}{said}", output.status);
    }
}
