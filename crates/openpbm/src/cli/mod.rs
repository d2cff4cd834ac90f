//! The words that the program understands.

mod cursor;
pub(crate) mod instant;
mod keeping;
mod replay;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, value_parser};
use openpbm_core::{Date, Ndc};

pub(crate) use keeping::{
    Backup, ExportCommand, JournalCommand, JournalPlace, OfYear, Place, Reprocess, Restore, Store,
    StoreCommand, Verify,
};

pub(crate) use replay::{ClaimsFrom, Replay};

/// Where a server listens if nothing else is said.
pub(crate) const HTTP: &str = "127.0.0.1:8080";
pub(crate) const NCPDP: &str = "127.0.0.1:8686";

/// An open pharmacy benefit manager: claims, benefits and prices, explained and durable.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
pub(crate) struct Cli {
    /// Tell more on standard error.
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
    /// How the log is written, on standard error.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        env = "OPENPBM_LOG_FORMAT",
        hide_env_values = true,
        default_value = "text"
    )]
    pub(crate) log_format: crate::logging::Format,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a PBM on the sample book, with live sample traffic.
    #[command(after_help = "Example:\n  openpbm demo\n  openpbm demo --data ./demo --no-traffic")]
    Demo(Demo),
    /// Make a data directory with a book to start from.
    #[command(after_help = "Example:\n  openpbm init ./pbm")]
    Init(Init),
    /// Run a PBM on a data directory.
    #[command(after_help = "Example:\n  openpbm serve --data ./pbm\n  \
                            openpbm serve --data ./pbm --store postgres://pbm@db.example/pbm")]
    Serve(Serve),
    /// Send a D.0 claim to a PBM, or decide it here, and show the answer.
    #[command(after_help = "Example:\n  openpbm claim fixtures/claims/paid.d0 --explain\n  \
                            openpbm claim fixtures/claims/paid.d0 --data ./pbm --json")]
    Claim(Claim),
    /// Tell what drugs would cost a member now, and what is covered instead; nothing is changed.
    #[command(after_help = "Example:\n  openpbm quote --member CSC100001/01 \
                            --drug 00003089421:60:30 --pharmacy 1999000015\n  \
                            openpbm quote --member CSC100001/01 --drug 00003089421:60:30 \
                            --pharmacy 1999000015 --data ./pbm --json")]
    Quote(Quote),
    /// Check, show, compare and publish books.
    Book {
        #[command(subcommand)]
        command: BookCommand,
    },
    /// Bring in members, drugs and prices from files.
    Import {
        #[command(subcommand)]
        command: ImportCommand,
    },
    /// Rebuild every accumulator from the journal, decide every claim again, and compare.
    #[command(after_help = "Example:\n  openpbm verify --data ./pbm")]
    Verify(Verify),
    /// Decide paid claims again where something came late, and adjust what comes to other amounts.
    #[command(
        after_help = "Example:\n  openpbm reprocess --data ./pbm --since 2026-03-01 --dry-run\n  \
                            openpbm reprocess --data ./pbm --family CSC100001"
    )]
    Reprocess(Reprocess),
    /// Copy the journal and the books, while they are in use.
    #[command(after_help = "Example:\n  openpbm backup --data ./pbm --to /backup/pbm")]
    Backup(Backup),
    /// Make a data directory of a backup, as it was at the end or at an instant.
    #[command(after_help = "Example:\n  openpbm restore --from /backup/pbm --data ./new\n  \
                            openpbm restore --from /backup/pbm --data ./new \
                            --until 2026-06-30T12:00:00Z")]
    Restore(Restore),
    /// Look after the store that holds the journal.
    Store {
        #[command(subcommand)]
        command: StoreCommand,
    },
    /// Look into the journal.
    Journal {
        #[command(subcommand)]
        command: JournalCommand,
    },
    /// Write out what is kept.
    Export {
        #[command(subcommand)]
        command: ExportCommand,
    },
    /// Decide a year's claims again under one book and under another, and tell what changes.
    #[command(after_help = replay::EXAMPLE)]
    Replay(Replay),
    /// Measure a real server under load, next to what this machine could do at best.
    #[command(after_help = crate::bench::help())]
    Bench(Bench),
}

/// Where to listen.
#[derive(Debug, Args)]
pub(crate) struct Listen {
    /// Address of the console and the HTTP API.
    #[arg(long, value_name = "ADDR", default_value = HTTP)]
    pub(crate) http: SocketAddr,
    /// Address of the NCPDP listener.
    #[arg(long, value_name = "ADDR", default_value = NCPDP)]
    pub(crate) ncpdp: SocketAddr,
    /// Let HTTP listen beyond loopback although there is no login yet: everyone who reaches the
    /// address sees every decision.
    #[arg(long)]
    pub(crate) allow_remote_http: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) listen: Listen,
    /// Keep the data here; without it, a fresh directory is used and removed at the end.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Send no sample traffic.
    #[arg(long)]
    pub(crate) no_traffic: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The directory to make.
    pub(crate) directory: PathBuf,
}

/// What is kept at hand.
#[derive(Debug, Args)]
pub(crate) struct Memory {
    /// About so much memory for the families that were asked for lately; whoever is not among them
    /// is read from the journal.
    #[arg(
        long,
        value_name = "MIB",
        default_value_t = 768,
        value_parser = value_parser!(u32).range(1..),
    )]
    pub(crate) family_memory: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) listen: Listen,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) memory: Memory,
    /// Decide paid claims again as soon as something comes late, when claims leave time for it.
    #[arg(long)]
    pub(crate) reprocess: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Claim {
    /// A file with one D.0 transmission.
    pub(crate) file: PathBuf,
    /// Decide here, on this data directory, instead of sending.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["ncpdp", "http"])]
    pub(crate) data: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) store: Store,
    /// The NCPDP listener to send to.
    #[arg(long, value_name = "ADDR", default_value = NCPDP)]
    pub(crate) ncpdp: SocketAddr,
    /// The HTTP API of the same server, asked for the steps.
    #[arg(long, value_name = "ADDR", default_value = HTTP)]
    pub(crate) http: SocketAddr,
    /// Show every step of the decision.
    #[arg(long)]
    pub(crate) explain: bool,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Quote {
    /// Whom for: cardholder id and person code.
    #[arg(long, value_name = "ID/CODE")]
    pub(crate) member: String,
    /// Which drug, how much and for how long; may be said several times.
    #[arg(long = "drug", value_name = "NDC:QUANTITY:DAYS[:DAW]", required = true)]
    pub(crate) drugs: Vec<String>,
    /// Where, by NPI; may be said several times.
    #[arg(long = "pharmacy", value_name = "NPI", required = true)]
    pub(crate) pharmacies: Vec<String>,
    /// The group on the card.
    #[arg(long, value_name = "GROUP")]
    pub(crate) group: Option<String>,
    /// The day of the fill, today if it is not said.
    #[arg(long, value_name = "DATE")]
    pub(crate) date: Option<Date>,
    /// Who prescribes, by NPI; nobody is looked at if it is not said.
    #[arg(long, value_name = "NPI")]
    pub(crate) prescriber: Option<String>,
    /// A diagnosis (ICD-10-CM); may be said several times.
    #[arg(long = "diagnosis", value_name = "CODE")]
    pub(crate) diagnoses: Vec<String>,
    /// Ask here, on this data directory, instead of a server.
    #[arg(long, value_name = "DIR", conflicts_with = "http")]
    pub(crate) data: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) store: Store,
    /// The HTTP API of a server.
    #[arg(long, value_name = "ADDR", default_value = HTTP)]
    pub(crate) http: SocketAddr,
    /// Show every step of what was asked.
    #[arg(long)]
    pub(crate) explain: bool,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BookCommand {
    /// Report every mistake of a book's documents.
    #[command(after_help = "Example:\n  openpbm book check sample")]
    Check {
        /// The book's folder.
        folder: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Tell what a book says.
    #[command(after_help = "Example:\n  openpbm book show sample\n  \
                            openpbm book show sample --drug 00003089421")]
    Show {
        /// The book's folder.
        folder: PathBuf,
        /// Tell all about one product (NDC of 11 digits).
        #[arg(long, value_name = "NDC")]
        drug: Option<Ndc>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Tell in words what changed between two books.
    #[command(after_help = "Example:\n  openpbm book diff sample ../next-year")]
    Diff {
        /// The folder of the earlier book.
        old: PathBuf,
        /// The folder of the later book.
        new: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Check a book and let it decide from now on; a running server takes it within seconds.
    #[command(after_help = "Example:\n  openpbm book publish ./pbm/book --data ./pbm")]
    Publish {
        /// The book's folder.
        folder: PathBuf,
        /// The data directory.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
    },
}

/// A file about families.
#[derive(Debug, Args)]
pub(crate) struct FamilyFile {
    /// The file.
    pub(crate) file: PathBuf,
    #[command(flatten)]
    pub(crate) place: Place,
    /// Decide the paid claims of families for which it says something new again.
    #[arg(long)]
    pub(crate) reprocess: bool,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Enroll members from a CSV file; `openpbm init` writes an example.
    #[command(after_help = "Example:\n  openpbm import members sample/members.csv --data ./pbm")]
    Members(FamilyFile),
    /// Take in what the medical side of the benefit has come to, from a CSV file;
    /// docs/reference/accumulators.md describes it.
    #[command(
        after_help = "Example:\n  openpbm import accumulators medical.csv --data ./pbm --reprocess"
    )]
    Accumulators(FamilyFile),
    /// Turn the FDA's NDC directory into a book's drug table.
    #[command(after_help = "Example:\n  openpbm import ndc product.txt package.txt --book ./book")]
    Ndc {
        /// The directory's product file, plain or gzipped.
        products: PathBuf,
        /// The directory's package file, plain or gzipped.
        packages: PathBuf,
        /// The book's folder; its drugs/directory.csv is replaced.
        #[arg(long, value_name = "DIR")]
        book: PathBuf,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Turn a NADAC file of CMS into a book's price list.
    #[command(after_help = "Example:\n  openpbm import nadac nadac.csv --book ./book")]
    Nadac {
        /// The NADAC file, plain or gzipped.
        file: PathBuf,
        /// The book's folder; its prices/nadac.csv is replaced.
        #[arg(long, value_name = "DIR")]
        book: PathBuf,
        /// In force from this day, whatever the file says.
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
        /// In force to this day.
        #[arg(long, value_name = "DATE")]
        to: Option<Date>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// How long to send claims.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 10,
        value_parser = value_parser!(u64).range(1..=86_400),
    )]
    pub(crate) seconds: u64,
    /// TCP connections.
    #[arg(
        long,
        value_name = "C",
        default_value_t = 64,
        value_parser = value_parser!(u16).range(1..=1000),
    )]
    pub(crate) connections: u16,
    /// Claims under way on each connection; the next is sent when an answer has come.
    #[arg(
        long,
        value_name = "K",
        default_value_t = 1,
        value_parser = value_parser!(u16).range(1..=256),
    )]
    pub(crate) outstanding: u16,
    /// Send so many claims a second, whether answers come or not.
    #[arg(
        long,
        value_name = "R",
        conflicts_with = "outstanding",
        value_parser = value_parser!(u32).range(1..=1_000_000),
    )]
    pub(crate) rate: Option<u32>,
    /// Invented members to enroll first.
    #[arg(
        long,
        value_name = "M",
        default_value_t = 20_000,
        value_parser = value_parser!(u32).range(1..=10_000_000),
    )]
    pub(crate) members: u32,
    /// Keep the data here, and go on with it in the next bench; without it, a fresh directory is
    /// used and removed at the end.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Measure with the journal in this database instead, which must be one made for it. It is
    /// not taken from the environment, where the address of real data may be.
    #[arg(long, value_name = "URL", value_parser = crate::store::StoreUrlParser)]
    pub(crate) store: Option<crate::store::StoreUrl>,
    #[command(flatten)]
    pub(crate) memory: Memory,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Draw latency over time into this file.
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
}
