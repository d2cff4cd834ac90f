//! Where a journal is: in a data directory or in a database. The one place that opens either.

mod status;
mod url;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use openpbm_store::postgres::{self, PostgresJournal, PostgresReader};
use openpbm_store::sqlite::{self, SqliteJournal, SqliteReader};
use openpbm_store::{Journal, Reader, StoreError};

use crate::cli::JournalPlace;
use crate::failure::{Context, Failure};
use crate::files;

pub(crate) use status::Status;
pub(crate) use url::{StoreUrl, StoreUrlParser};

/// A journal that is not open yet.
#[derive(Debug, Clone)]
pub(crate) enum Store {
    /// In the folder `journal` of a data directory.
    Embedded(PathBuf),
    /// In a database, for which a data directory may keep a note.
    Postgres(StoreUrl, Option<PathBuf>),
}

/// The journal's folder in a data directory.
const FOLDER: &str = "journal";
/// The note in a data directory whose journal is in a database, so that nobody opens an empty
/// one beside it by forgetting to name it.
const ELSEWHERE: &str = "journal-is-elsewhere";

impl Store {
    /// The journal of a data directory, in the database that is named or else in the directory.
    pub(crate) fn of(root: &Path, url: Option<&StoreUrl>) -> Self {
        match url {
            Some(url) => Self::Postgres(url.clone(), Some(root.to_owned())),
            None => Self::Embedded(root.to_owned()),
        }
    }

    /// The journal that a command line names.
    pub(crate) fn at(place: &JournalPlace) -> Self {
        match (&place.store.url, &place.data) {
            (Some(url), root) => Self::Postgres(url.clone(), root.clone()),
            (None, Some(root)) => Self::Embedded(root.clone()),
            // The command line asks for one of the two.
            (None, None) => Self::Embedded(PathBuf::from(".")),
        }
    }

    /// What it is kept in.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Embedded(_) => "sqlite",
            Self::Postgres(..) => "postgres",
        }
    }

    /// Opens it to append to it; an empty one is made if there is none.
    pub(crate) fn journal(&self) -> Result<Box<dyn Journal>, Failure> {
        self.refuse_mistaken()?;
        match self {
            Self::Embedded(root) => {
                let folder = root.join(FOLDER);
                std::fs::create_dir_all(&folder).context(format!("making {}", folder.display()))?;
                Ok(Box::new(SqliteJournal::open(&folder).map_err(failure)?))
            }
            Self::Postgres(url, _) => {
                Ok(Box::new(PostgresJournal::open(url.secret()).map_err(failure)?))
            }
        }
    }

    /// Leaves a note in the data directory if its journal is in a database.
    pub(crate) fn note(&self) -> Result<(), Failure> {
        let Self::Postgres(url, Some(root)) = self else { return Ok(()) };
        let note = root.join(ELSEWHERE);
        let text = format!("{url}\n");
        if std::fs::read_to_string(&note).is_ok_and(|found| found == text) {
            return Ok(());
        }
        files::replace(&note, text.as_bytes()).context(format!("writing {}", note.display()))
    }

    /// Opens it to read it, beside whoever appends to it.
    pub(crate) fn reader(&self) -> Result<Arc<dyn Reader>, Failure> {
        self.refuse_mistaken()?;
        match self {
            Self::Embedded(root) => {
                let reader = SqliteReader::open(&root.join(FOLDER)).map_err(failure)?;
                Ok(Arc::new(reader))
            }
            Self::Postgres(url, _) => {
                Ok(Arc::new(PostgresReader::open(url.secret()).map_err(failure)?))
            }
        }
    }

    /// What the store says of itself; nothing of it is changed.
    pub(crate) fn status(&self) -> Result<Status, Failure> {
        self.refuse_mistaken()?;
        let status = match self {
            Self::Embedded(root) => {
                Status::embedded(&sqlite::status(&root.join(FOLDER)).map_err(failure)?)
            }
            Self::Postgres(url, _) => {
                Status::postgres(url, postgres::Schema::of(url.secret()).map_err(failure)?)
            }
        };
        if status.schema.found == status.schema.known {
            return status.with_counts(&*self.reader()?);
        }
        Ok(status)
    }

    /// Brings the store to the schema of this program; the schema before and now.
    pub(crate) fn migrate(
        &self,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(i64, i64), Failure> {
        self.refuse_mistaken()?;
        match self {
            Self::Embedded(root) => {
                let folder = root.join(FOLDER);
                let before = sqlite::status(&folder).map_err(failure)?.journal.found;
                let after = sqlite::migrate(&folder, progress).map_err(failure)?.journal.found;
                Ok((before, after))
            }
            Self::Postgres(url, _) => {
                let schema = || postgres::Schema::of(url.secret()).map_err(failure);
                let before = schema()?.found;
                drop(self.journal()?);
                Ok((before, schema()?.found))
            }
        }
    }

    /// Two journals for one data directory are one too many: the second would know no member.
    fn refuse_mistaken(&self) -> Result<(), Failure> {
        match self {
            Self::Embedded(root) => {
                let Ok(note) = std::fs::read_to_string(root.join(ELSEWHERE)) else { return Ok(()) };
                let (root, note) = (root.display(), note.trim());
                let failure = Failure::new(format!("the journal of {root} is in {note}"));
                Err(failure.hint("name the database: --store URL, or OPENPBM_STORE"))
            }
            Self::Postgres(url, Some(root)) if holds_journal(root) => {
                let root = root.display();
                let failure =
                    Failure::new(format!("{root} has a journal of its own, besides {url}"));
                Err(failure.hint(format!(
                    "move it: openpbm restore --from {root} --data NEW --store URL; or leave out \
                     --store (and OPENPBM_STORE)"
                )))
            }
            Self::Postgres(..) => Ok(()),
        }
    }
}

/// True if the journal is in the data directory.
pub(crate) fn holds_journal(root: &Path) -> bool {
    root.join(FOLDER).join(sqlite::DATABASE).exists()
}

/// The folder of the embedded journal.
pub(crate) fn folder(root: &Path) -> PathBuf {
    root.join(FOLDER)
}

/// The store's own words with their cause, and its hint.
pub(crate) fn failure(error: StoreError) -> Failure {
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(source) = cause {
        message.push_str(&format!(": {source}"));
        cause = source.source();
    }
    let hint = match error {
        StoreError::OlderSchema { .. } => "bring it up to date first: openpbm store migrate",
        ref error => error.hint(),
    };
    Failure::new(message).hint(hint)
}
