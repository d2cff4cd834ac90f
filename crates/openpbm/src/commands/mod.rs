//! One file per verb.

mod backup;
mod bench;
mod book;
mod claim;
mod demo;
mod drug_events;
mod encounters;
mod export;
mod import;
mod init;
mod journal;
mod quote;
mod replay;
mod reprocess;
mod restore;
mod serve;
mod store;
mod verify;

use crate::cli::Command;
use crate::failure::Failure;

pub(crate) fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(args) => demo::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Claim(args) => claim::run(&args),
        Command::Quote(args) => quote::run(&args),
        Command::Book { command } => book::run(&command),
        Command::Import { command } => import::run(&command),
        Command::Verify(args) => verify::run(&args),
        Command::Reprocess(args) => reprocess::run(&args),
        Command::Backup(args) => backup::run(&args),
        Command::Restore(args) => restore::run(&args),
        Command::Store { command } => store::run(&command),
        Command::Journal { command } => journal::run(&command),
        Command::Export { command } => export::run(&command),
        Command::Replay(args) => replay::run(&args),
        Command::Bench(args) => bench::run(&args),
    }
}
