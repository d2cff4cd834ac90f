//! The words for deciding claims again.

use std::convert::Infallible;
use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use super::keeping::Store;

pub(super) const EXAMPLE: &str = "\
Examples:
  openpbm replay --claims claims.csv --members members.csv --book sample --against next-year
  openpbm replay --claims journal --data ./pbm --against next-year --csv changes.csv --svg what.svg
  openpbm replay --claims journal --data ./pbm --verify";

/// Where claims come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ClaimsFrom {
    /// A journal.
    Journal,
    /// A file whose name ends in its format.
    File(PathBuf),
}

impl FromStr for ClaimsFrom {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(match text {
            "journal" => Self::Journal,
            path => Self::File(path.into()),
        })
    }
}

#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// The claims: a file (docs/reference/claims-file.md), or `journal` for those on file in the
    /// data directory.
    #[arg(long, value_name = "FILE|journal")]
    pub(crate) claims: ClaimsFrom,
    /// Who is covered, for claims of a file: an enrollment file (docs/reference/members.md);
    /// without it, those who are enrolled in the data directory.
    #[arg(long, value_name = "FILE")]
    pub(crate) members: Option<PathBuf>,
    /// The book to compare with: a folder of documents, or the version (or its first digits) of a
    /// book that was published in the data directory. Without it, claims of a journal are decided
    /// under the books that decided them.
    #[arg(long, value_name = "BOOK")]
    pub(crate) book: Option<String>,
    /// The other book: what would have been if it had decided.
    #[arg(long, value_name = "BOOK", required_unless_present = "verify")]
    pub(crate) against: Option<String>,
    /// Fail unless every answer under the book is the one that was given, bit for bit.
    #[arg(long)]
    pub(crate) verify: bool,
    /// The data directory with the journal and the published books.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) store: Store,
    /// Write the claims that change into this file, as CSV. They are about patients.
    #[arg(long, value_name = "FILE", requires = "against")]
    pub(crate) csv: Option<PathBuf>,
    /// Write the same table into this file, as Parquet.
    #[arg(long, value_name = "FILE", requires = "against")]
    pub(crate) parquet: Option<PathBuf>,
    /// Draw what changes into this file.
    #[arg(long, value_name = "FILE", requires = "against")]
    pub(crate) svg: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
