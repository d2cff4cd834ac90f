//! What is asked of a run.

use std::path::PathBuf;

use clap::{Parser, ValueEnum, value_parser};

/// Runs the real program under load, kills it at random moments, starts it again, and audits
/// what it kept: nothing acknowledged is missing, nothing was applied twice.
#[derive(Debug, Clone, Parser)]
#[command(name = "openpbm-kill", args_override_self = true)]
pub(crate) struct Options {
    /// The program, as it is shipped.
    #[arg(long, value_name = "FILE")]
    pub(crate) program: PathBuf,
    /// The folder of the book that decides.
    #[arg(long, value_name = "DIR", default_value = "sample")]
    pub(crate) book: PathBuf,
    /// Where the journal is.
    #[arg(long, value_enum, default_value_t = Store::Sqlite)]
    pub(crate) store: Store,
    /// How many times a serving process is killed.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) kills: u32,
    /// How many times the PostgreSQL server is killed while the program goes on.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) postgres_kills: u32,
    /// How many processes serve the same store.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u8).range(1..))]
    pub(crate) nodes: u8,
    /// Operations that must have been answered before the run ends.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) claims: u64,
    /// Take backups while pharmacies send, kill everything, restore, and audit what is restored.
    #[arg(long)]
    pub(crate) backup: bool,
    /// Pharmacies that send at the same time, each one thing after the other.
    #[arg(long, value_name = "N", default_value_t = 32)]
    #[arg(value_parser = value_parser!(u16).range(1..=1024))]
    pub(crate) connections: u16,
    /// Families enrolled.
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    pub(crate) families: u32,
    /// Repeats the traffic and the moments of a run, as far as the machine's own haste allows.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// The program is one that loses what it acknowledged: succeed if the run finds that out.
    #[arg(long)]
    pub(crate) rehearsal: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Store {
    /// The embedded journal in the data directory.
    Sqlite,
    /// A PostgreSQL server that is started for the purpose.
    Postgres,
}

impl Store {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}
