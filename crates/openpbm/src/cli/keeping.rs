//! The words for what is kept: where the journal is, backups, retention, export.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use openpbm_core::{ClaimId, Date, FamilyId, GroupId, Timestamp};

use crate::store::{StoreUrl, StoreUrlParser};

/// Where the journal is, if not in the data directory.
#[derive(Debug, Args)]
pub(crate) struct Store {
    /// The database that holds the journal, like postgres://USER@HOST/NAME; without it, the
    /// journal is in the data directory. Set it in the environment if it has a password.
    #[arg(
        long = "store",
        value_name = "URL",
        env = "OPENPBM_STORE",
        hide_env_values = true,
        value_parser = StoreUrlParser,
    )]
    pub(crate) url: Option<StoreUrl>,
}

/// A PBM's data: the directory with its books, and its journal.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The data directory, made by `openpbm init`.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: PathBuf,
    #[command(flatten)]
    pub(crate) store: Store,
}

/// A journal alone: in a data directory, or in a database.
#[derive(Debug, Args)]
pub(crate) struct JournalPlace {
    /// The data directory; not needed if the journal is in a database.
    #[arg(long, value_name = "DIR", required_unless_present = "url")]
    pub(crate) data: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) store: Store,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Open every entry and rebuild every family and every sum, but neither make every decision
    /// again nor hold the index against the entries.
    #[arg(long)]
    pub(crate) rebuild_only: bool,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Reprocess {
    #[command(flatten)]
    pub(crate) place: Place,
    /// One family, by its cardholder id, whether something came late for it or not.
    #[arg(long, value_name = "ID", conflicts_with = "since")]
    pub(crate) family: Option<FamilyId>,
    /// Families for which something came late on this day (UTC) or after it; without it, ever.
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<Date>,
    /// Tell what would be adjusted, and adjust nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The backup's directory, made if it is not there; what it has already is not copied again.
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The backup, or another data directory to copy.
    #[arg(long, value_name = "DIR")]
    pub(crate) from: PathBuf,
    /// The data directory to make; it must be empty, or left by a restore that was interrupted.
    #[arg(long, value_name = "NEW")]
    pub(crate) data: PathBuf,
    #[command(flatten)]
    pub(crate) store: Store,
    /// Restore what was recorded up to this instant, and the book that decided then.
    #[arg(long, value_name = "INSTANT", value_parser = super::instant::parse)]
    pub(crate) until: Option<Timestamp>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StoreCommand {
    /// Tell what the journal's store is and how much it holds.
    #[command(after_help = "Example:\n  openpbm store status --data ./pbm")]
    Status {
        #[command(flatten)]
        place: JournalPlace,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Bring a store that an earlier release wrote to the form of this one.
    #[command(after_help = "Example:\n  openpbm store migrate --data ./pbm")]
    Migrate {
        #[command(flatten)]
        place: JournalPlace,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Let go of what is past its retention, for ever; balances and paid fills are carried on.
    #[command(after_help = "Example:\n  \
                            openpbm store retire --data ./pbm --before 2016-01-01 --dry-run")]
    Retire {
        #[command(flatten)]
        place: JournalPlace,
        /// Let go of entries that were recorded before this day (UTC).
        #[arg(long, value_name = "DATE")]
        before: Date,
        /// Tell what would be done, and do nothing.
        #[arg(long)]
        dry_run: bool,
        /// Take a day that is less than ten years ago, which US law asks to keep.
        #[arg(long)]
        force: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum JournalCommand {
    /// Print one entry as JSON, with its place in the journal. It is about a patient.
    #[command(after_help = "Example:\n  openpbm journal show 06H018P9SFPVMD52SKJ7 --data ./pbm")]
    Show {
        /// The id of the entry: the authorization number of a claim.
        id: ClaimId,
        #[command(flatten)]
        place: JournalPlace,
    },
}

/// What an export about a year's members is asked.
#[derive(Debug, Args)]
pub(crate) struct OfYear {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The calendar year.
    #[arg(long, value_name = "YEAR")]
    pub(crate) year: i32,
    /// The last day that is looked at, for a year that is not over.
    #[arg(long, value_name = "DATE")]
    pub(crate) through: Option<Date>,
    /// One group alone: what was paid under it, while it covered.
    #[arg(long, value_name = "ID")]
    pub(crate) group: Option<GroupId>,
    /// Write the members' lines of CSV into this file. It is about patients.
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// Print JSON; amounts, where there are any, are cents.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Where an export that is made again and again begins.
#[derive(Debug, Args)]
pub(crate) struct Behind {
    /// Go on behind these places, one for each shard, as the last export told them, without a
    /// header; a number alone is a place in a journal of one shard.
    #[arg(long, value_name = "CURSOR", value_delimiter = ',',
          value_parser = super::cursor::parse)]
    pub(crate) from: Vec<openpbm_store::Cursor>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ExportCommand {
    /// Tell by the book's measures how many members take their medications: the proportion of days
    /// covered.
    #[command(after_help = "Example:\n  openpbm export adherence --data ./pbm --year 2026\n  \
                            openpbm export adherence --data ./pbm --year 2026 --measure statins \
                            --to statins.csv")]
    Adherence {
        #[command(flatten)]
        of: OfYear,
        /// One measure of the book alone.
        #[arg(long, value_name = "ID")]
        measure: Option<String>,
    },
    /// Write what pharmacies sent as a claims file, which `openpbm replay` reads. It is about
    /// patients.
    #[command(after_help = "Example:\n  openpbm export claims --data ./pbm --to claims.parquet")]
    Claims {
        #[command(flatten)]
        place: JournalPlace,
        /// The file to write; its name ends in .csv or .parquet.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// Write the journal as lines of JSON, in its order. It is about patients.
    #[command(after_help = "Example:\n  \
                            openpbm export journal --data ./pbm > entries.jsonl\n  \
                            openpbm export journal --data ./pbm --from 0:5000 >> entries.jsonl")]
    Journal {
        #[command(flatten)]
        place: JournalPlace,
        #[command(flatten)]
        behind: Behind,
    },
    /// Write a line of CSV for each claim of Medicaid that was paid or reversed, for the state.
    /// It is about patients.
    #[command(after_help = "Example:\n  \
                            openpbm export encounters --data ./pbm > encounters.csv\n  \
                            openpbm export encounters --data ./pbm --from 0:5000 >> more.csv")]
    Encounters {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        behind: Behind,
    },
    /// Write a record of CSV for each claim of Medicare Part D that was paid, adjusted or
    /// reversed: the prescription drug events that CMS is sent. It is about patients.
    #[command(after_help = "Example:\n  \
                            openpbm export drug-events --data ./pbm > events.csv\n  \
                            openpbm export drug-events --data ./pbm --json")]
    DrugEvents {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        behind: Behind,
        /// Print what the records come to as JSON in their place.
        #[arg(long)]
        json: bool,
    },
    /// Bill the members of Medicare Part D who are in the Prescription Payment Plan, by the month.
    #[command(after_help = "Example:\n  openpbm export payment-plan --data ./pbm --year 2026\n  \
                            openpbm export payment-plan --data ./pbm --year 2026 \
                            --through 2026-04-30 --to april.csv")]
    PaymentPlan(OfYear),
    /// Write a line of CSV for each transition supply of Medicare Part D: the notices that members
    /// are due, and by which day. It is about patients.
    #[command(after_help = "Example:\n  \
                            openpbm export transition-notices --data ./pbm > notices.csv\n  \
                            openpbm export transition-notices --data ./pbm --from 0:50 > new.csv")]
    TransitionNotices {
        #[command(flatten)]
        place: Place,
        #[command(flatten)]
        behind: Behind,
    },
}
