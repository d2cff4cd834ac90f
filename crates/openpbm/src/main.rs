//! The `openpbm` program: one file per verb under `commands/`.

mod bench;
mod cli;
mod commands;
mod data;
mod dice;
mod entries;
mod failure;
mod files;
mod logging;
mod picture;
mod progress;
mod record;
mod replay;
mod sample;
mod store;
mod terminal;
#[cfg(feature = "otel")]
mod traces;
mod traffic;

use std::process::ExitCode;

use clap::Parser;

/// A claim is some dozens of small allocations, made on one thread and freed on another; the
/// system's allocator spends a third of a decision on them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    logging::start(cli.verbose, cli.log_format);
    match commands::run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal::error(&failure);
            ExitCode::FAILURE
        }
    }
}
