//! One file per verb.

mod bench;
mod book;
mod claim;
mod demo;
mod import;
mod init;
mod serve;
mod verify;

use crate::cli::Command;
use crate::failure::Failure;

pub(crate) fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(args) => demo::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Claim(args) => claim::run(&args),
        Command::Book { command } => book::run(&command),
        Command::Import { command } => import::run(&command),
        Command::Verify(args) => verify::run(&args),
        Command::Bench(args) => bench::run(&args),
    }
}
