//! The deterministic simulation, for as many seeds as one has time for.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

/// Hands the settings on to the simulation, which says with `--help` what they are.
pub(crate) fn run(settings: &[&str], root: &Path) -> anyhow::Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root).args(["run", "--release", "--quiet"]);
    command.args(["--package", "openpbm-simulation", "--"]).args(settings);
    let status = command.status().context("running cargo")?;
    if status.success() { Ok(()) } else { bail!("the simulation ended with {status}") }
}
