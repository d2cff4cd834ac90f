//! The real program, killed: started as it is shipped, driven over TCP, ended with SIGKILL at
//! random moments and started again, on either store, alone or with others on the same one. At
//! the end the journal is read and compared with what the pharmacies were told: nothing
//! acknowledged is missing, nothing was applied twice.
//!
//! The traffic, and the account of it, are those of `openpbm-model`; the answers are judged by a
//! second adjudicator that shares nothing with the engine.

mod backup;
mod database;
mod desk;
mod faults;
mod house;
mod journal;
mod node;
mod options;
mod pharmacies;
mod program;
mod report;
mod run;
mod terminal;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use crate::node::NotReady;
use crate::options::Options;
use crate::run::Run;

fn main() -> ExitCode {
    let options = Options::parse();
    let run = match Run::prepare(&options) {
        Ok(run) => run,
        Err(error) => return failed(&error),
    };
    let (seed, folder) = (run.seed, run.folder.path().to_owned());
    say(format_args!("seed {seed}, in {}", folder.display()));
    let (folder, outcome) = run.execute();
    match &outcome {
        Ok(report) => {
            let text = match options.json {
                true => serde_json::to_string_pretty(report).unwrap_or_default() + "\n",
                false => report.to_string(),
            };
            let _ = std::io::stdout().write_all(text.as_bytes());
        }
        Err(error) => _ = failed(error),
    }
    let is_right = match &outcome {
        Ok(report) if options.rehearsal => report.missing > 0 && !report.findings.is_empty(),
        Ok(report) => report.is_clean(),
        // What was thrown away may tear the store so that the program finds the loss by itself.
        Err(error) => {
            let not_ready = error.downcast_ref::<NotReady>();
            options.rehearsal && not_ready.is_some_and(NotReady::has_found_damage)
        }
    };
    if is_right {
        if options.rehearsal {
            say("the loss was found, as it had to be");
        }
        return ExitCode::SUCCESS;
    }
    say(format_args!("failed with --seed {seed}; what it left is in {}", folder.keep().display()));
    ExitCode::FAILURE
}

fn failed(error: &anyhow::Error) -> ExitCode {
    say(format_args!("error: {error:#}"));
    ExitCode::FAILURE
}

fn say(line: impl std::fmt::Display) {
    // With nobody to read it, there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
}
