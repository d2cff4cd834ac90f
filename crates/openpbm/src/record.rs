//! What a directory is, if it is no data directory to serve: a backup, or a restore that is not
//! finished. A small file in it says so.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use openpbm_core::{ClaimId, Timestamp};
use openpbm_store::Cursor;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::failure::{Context, Failure};
use crate::files;

/// What a backup knows of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Backup {
    /// The last run that came to its end; what is behind its end is of one that did not.
    pub(crate) finished: Option<Finished>,
    /// How far the journal has been copied, and by which entries it is known again.
    pub(crate) places: Vec<Place>,
}

/// A run of a backup that came to its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Finished {
    /// When it began, in milliseconds since 1970. All that was answered by then is in it.
    pub(crate) began: Timestamp,
    /// The end of the backup's own journal.
    pub(crate) end: Vec<Cursor>,
}

/// A place in the journal that is backed up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) cursor: Cursor,
    /// The entry in front of it.
    pub(crate) last: ClaimId,
}

impl Backup {
    const FILE: &str = "backup.json";

    /// The record of a backup's directory; `None` if it is none.
    pub(crate) fn read(root: &Path) -> Result<Option<Self>, Failure> {
        read(&root.join(Self::FILE))
    }

    pub(crate) fn write(&self, root: &Path) -> Result<(), Failure> {
        write(&root.join(Self::FILE), self)
    }
}

/// A restore that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Restoring {
    pub(crate) from: PathBuf,
    pub(crate) until: Option<Timestamp>,
    /// The database, without its password; `None` for a journal in the directory.
    pub(crate) store: Option<String>,
}

impl Restoring {
    const FILE: &str = "restoring.json";

    pub(crate) fn read(root: &Path) -> Result<Option<Self>, Failure> {
        read(&root.join(Self::FILE))
    }

    pub(crate) fn write(&self, root: &Path) -> Result<(), Failure> {
        write(&root.join(Self::FILE), self)
    }

    /// The directory is a data directory from now on.
    pub(crate) fn finish(root: &Path) -> Result<(), Failure> {
        let path = root.join(Self::FILE);
        files::remove(&path).context(format!("removing {}", path.display()))
    }
}

/// Refuses a directory whose journal nobody may add to: a backup would not be a copy any more,
/// and half a restore does not know what was answered.
pub(crate) fn refuse_to_serve(root: &Path) -> Result<(), Failure> {
    let shown = root.display();
    if let Some(restoring) = Restoring::read(root)? {
        let from = restoring.from.display();
        let failure = Failure::new(format!("the restore of {from} into {shown} is not finished"));
        return Err(failure.hint("run the same `openpbm restore` again; it goes on"));
    }
    if Backup::read(root)?.is_some() {
        let failure = Failure::new(format!("{shown} is a backup"));
        return Err(failure.hint(format!("openpbm restore --from {shown} --data NEW")));
    }
    Ok(())
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, Failure> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(Failure::new(format!("reading {}: {error}", path.display()))),
    };
    serde_json::from_slice(&text).map(Some).context(format!("reading {}", path.display()))
}

fn write(path: &Path, value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(Failure::new)?;
    let written = files::replace(path, format!("{text}\n").as_bytes());
    written.context(format!("writing {}", path.display()))
}
