//! The project's chores: `cargo xtask arrows | tidy | differential | sim | postgres DIR |
//! test LANE`.

mod arrows;
mod differential;
mod lanes;
mod postgres;
mod sim;
mod tidy;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;

const USAGE: &str = "usage: cargo xtask arrows        check the arrows between crates
       cargo xtask tidy          check lengths, headers and titles
       cargo xtask differential [--claims N] [--seed S]
                                 compare the engine with the model
       cargo xtask sim [--seeds N] [--seed S] [--minutes M]
                                 simulate nodes, pharmacies, network and store, with faults
       cargo xtask postgres DIR  run a PostgreSQL server in DIR until the input ends
       cargo xtask test LANE     run a named lane: postgres, peers, kill, nodes, real-data, replay,
                                 fuzz, browser; kill and nodes take settings: see --help";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let words: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["arrows"] => report("arrows", arrows::check(&root())),
        ["tidy"] => report("tidy", tidy::check(&root())),
        ["differential", settings @ ..] => differential::run(settings, &root()),
        ["sim", settings @ ..] => sim::run(settings, &root()),
        ["postgres", directory] => postgres::run(Path::new(directory)),
        ["test", lane, settings @ ..] => lanes::run(lane, settings, &root()),
        _ => {
            say(USAGE);
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Prints what is wrong, if anything is.
fn report(what: &str, found: anyhow::Result<Vec<String>>) -> anyhow::Result<()> {
    let found = found?;
    if found.is_empty() {
        say(format!("{what}: nothing to mend"));
        return Ok(());
    }
    found.iter().for_each(say);
    bail!("{what}: {} to mend", found.len())
}

fn say(line: impl std::fmt::Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The workspace's folder.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
