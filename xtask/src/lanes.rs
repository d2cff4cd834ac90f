//! Named lanes: tests that need more than Rust and a C compiler. A lane that cannot run fails.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

/// Runs a lane.
pub(crate) fn run(lane: &str, root: &Path) -> anyhow::Result<()> {
    match lane {
        "peers" => peers(root),
        "kill" => kill(root),
        "real-data" => real_data(root),
        "fuzz" => fuzz(root),
        "browser" => browser(root),
        other => bail!("there is no lane `{other}`: peers, kill, real-data, fuzz, browser"),
    }
}

/// Other people's D.0 code against ours, both ways. Needs python3 with venv, and PyPI once.
fn peers(root: &Path) -> anyhow::Result<()> {
    let venv = root.join("target/peers");
    let python = venv.join("bin/python");
    if !python.exists() {
        step(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    }
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let requirements = root.join("tests/peers/requirements.txt");
    step(Command::new(&python).args(install).arg("-r").arg(requirements))?;
    step(cargo(root).args(["build", "--release", "--package", "openpbm"]))?;
    step(
        Command::new(&python)
            .arg(root.join("tests/peers/dzero_peer.py"))
            .arg(root.join("target/release/openpbm")),
    )
}

/// The real program, killed at random moments under load. Needs python3.
fn kill(root: &Path) -> anyhow::Result<()> {
    step(cargo(root).args(["build", "--release", "--package", "openpbm"]))?;
    step(
        Command::new("python3")
            .arg(root.join("tests/kill/kill.py"))
            .arg(root.join("target/release/openpbm"))
            .arg("25"),
    )
}

/// The whole FDA directory, the NADAC prices and other people's D.0 samples.
fn real_data(root: &Path) -> anyhow::Result<()> {
    let shared = shared(root)?;
    for package in ["openpbm-wire", "openpbm-book"] {
        let test = ["test", "--release", "--package", package, "--", "--ignored", "real_data"];
        step(cargo(root).args(test).env("OPENPBM_SHARED", &shared))?;
    }
    step(cargo(root).args(["build", "--release", "--package", "openpbm"]))?;
    step(
        Command::new("bash")
            .arg(root.join("tests/real-data/run.sh"))
            .arg(root.join("target/release/openpbm"))
            .arg(&shared),
    )
}

/// The folder of real data: `OPENPBM_SHARED`, or `shared` beside the checkout.
fn shared(root: &Path) -> anyhow::Result<PathBuf> {
    let named = std::env::var_os("OPENPBM_SHARED").map(PathBuf::from);
    let beside = root.parent().map(|parent| parent.join("shared"));
    let found = named.or(beside).filter(|path| path.join("data").is_dir());
    found.context("no real data: name its folder in OPENPBM_SHARED")
}

/// Every fuzz target for some seconds. Needs cargo-fuzz and a C++ compiler.
fn fuzz(root: &Path) -> anyhow::Result<()> {
    let seconds = std::env::var("OPENPBM_FUZZ_SECONDS").unwrap_or_else(|_| "20".to_owned());
    let targets = root.join("fuzz/fuzz_targets");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(targets)? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    for name in names {
        // Sanitizers need unstable flags, which this variable lets the stable compiler take.
        step(
            cargo(root)
                .args(["fuzz", "run", &name, "--"])
                .arg(format!("-max_total_time={seconds}"))
                .arg("-rss_limit_mb=4096")
                .env("RUSTC_BOOTSTRAP", "1"),
        )?;
    }
    Ok(())
}

/// The pages in a real browser: they render, fit, and load nothing from elsewhere.
fn browser(root: &Path) -> anyhow::Result<()> {
    step(cargo(root).args(["build", "--release", "--package", "openpbm"]))?;
    step(
        Command::new("bash")
            .arg(root.join("tests/browser/run.sh"))
            .arg(root.join("target/release/openpbm")),
    )
}

fn cargo(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root);
    command
}

fn step(command: &mut Command) -> anyhow::Result<()> {
    crate::say(format!("+ {command:?}"));
    let status = command.status().with_context(|| format!("starting {command:?}"))?;
    if status.success() { Ok(()) } else { bail!("{command:?} ended with {status}") }
}
