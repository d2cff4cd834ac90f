//! Named lanes: tests that need more than Rust and a C compiler. A lane that cannot run fails.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

const LANES: &str = "postgres, peers, kill, nodes, real-data, memory, replay, fuzz, browser";

/// Runs a lane. What follows its name is handed on to those that take settings.
pub(crate) fn run(lane: &str, settings: &[&str], root: &Path) -> anyhow::Result<()> {
    if !settings.is_empty() && !matches!(lane, "kill" | "nodes") {
        bail!("the lane `{lane}` takes no settings, found `{}`", settings.join(" "));
    }
    match lane {
        "postgres" => postgres(root),
        "peers" => peers(root),
        "kill" if settings.is_empty() => kill_all(root),
        "kill" => kill(settings, root),
        "nodes" => nodes(settings, root),
        "real-data" => real_data(root),
        "memory" => memory(root),
        "replay" => replay(root),
        "fuzz" => fuzz(root),
        "browser" => browser(root),
        other => bail!("there is no lane `{other}`: {LANES}"),
    }
}

/// The journal on a real PostgreSQL. Needs its programs, or a server in `OPENPBM_TEST_POSTGRES`.
fn postgres(root: &Path) -> anyhow::Result<()> {
    let store = ["test", "--package", "openpbm-store", "--features", "postgres-tests"];
    step(cargo(root).args(store))?;
    let program = ["test", "--package", "openpbm", "--", "--ignored", "postgres"];
    step(cargo(root).args(program))
}

/// Other people's D.0 code against ours, both ways. Needs python3 with venv, and PyPI once.
fn peers(root: &Path) -> anyhow::Result<()> {
    let venv = target(root).join("peers");
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
            .arg(released(root, "openpbm")),
    )
}

/// The real program, killed at random moments under load, as often as a release asks for.
fn kill_all(root: &Path) -> anyhow::Result<()> {
    let runs: [&[&str]; 4] = [
        &["--store", "sqlite", "--kills", "200"],
        &["--store", "postgres", "--kills", "50"],
        &["--store", "postgres", "--postgres-kills", "20"],
        &["--store", "sqlite", "--kills", "10", "--backup"],
    ];
    rehearse(root)?;
    runs.iter().try_for_each(|settings| kill(settings, root))
}

/// A store that loses what it acknowledged must be found out, or the lane shows nothing.
fn rehearse(root: &Path) -> anyhow::Result<()> {
    let lossy = ["--program", "tests/kill/lossy.sh", "--kills", "5", "--rehearsal"];
    kill(&lossy, root)
}

/// One run of it. On PostgreSQL it needs the server's programs.
fn kill(settings: &[&str], root: &Path) -> anyhow::Result<()> {
    let build = ["build", "--release", "--package", "openpbm", "--package", "openpbm-kill"];
    step(cargo(root).args(build))?;
    step(
        Command::new(released(root, "openpbm-kill"))
            .current_dir(root)
            .env("OPENPBM_PROGRAM", released(root, "openpbm"))
            .arg("--program")
            .arg(released(root, "openpbm"))
            .args(settings),
    )
}

/// Two processes that serve one PostgreSQL; each claim comes in through either.
fn nodes(settings: &[&str], root: &Path) -> anyhow::Result<()> {
    let two = ["--store", "postgres", "--nodes", "2", "--connections", "64"];
    let many = ["--families", "20000", "--claims", "1000000"];
    let all: Vec<_> = two.into_iter().chain(many).chain(settings.iter().copied()).collect();
    kill(&all, root)
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
            .arg(released(root, "openpbm"))
            .arg(&shared),
    )
}

/// A server with a million members and the whole FDA directory. Needs python3.
fn memory(root: &Path) -> anyhow::Result<()> {
    let shared = shared(root)?;
    step(cargo(root).args(["build", "--release", "--package", "openpbm"]))?;
    step(
        Command::new("bash")
            .arg(root.join("tests/memory/run.sh"))
            .arg(released(root, "openpbm"))
            .arg(&shared),
    )
}

/// A year's claims under two books: how fast, and that four times as many take no more memory.
fn replay(root: &Path) -> anyhow::Result<()> {
    step(cargo(root).args(["build", "--release", "--package", "openpbm"]))?;
    step(Command::new("bash").arg(root.join("tests/replay/run.sh")).arg(released(root, "openpbm")))
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
    step(Command::new("bash").arg(root.join("tests/browser/run.sh")).arg(released(root, "openpbm")))
}

/// Where cargo builds, as it finds it itself.
fn target(root: &Path) -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    root.join(named)
}

fn released(root: &Path, program: &str) -> PathBuf {
    target(root).join("release").join(program)
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
