//! Where PostgreSQL's programs are. Debian keeps all but `psql` off the PATH.

use std::fs;
use std::path::{Path, PathBuf};

use crate::ServerError;

const DEBIAN: &str = "/usr/lib/postgresql";

/// Finds a program: on the PATH, else the one of the newest release that is installed.
pub(crate) fn find(program: &'static str) -> Result<PathBuf, ServerError> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join(program));
    let installed = releases().into_iter().map(|folder| folder.join("bin").join(program));
    let mut places = on_path.chain(installed);
    let found = places.find(|path| path.is_file());
    // A link is not followed: Debian's `psql` is one, and looks at the name it is called by.
    found.ok_or(ServerError::NotInstalled { program })
}

/// The folders of the releases, the newest first.
fn releases() -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(DEBIAN)).into_iter().flatten().flatten();
    let mut numbered: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .collect();
    numbered.sort_unstable_by(|one, other| other.cmp(one));
    numbered.into_iter().map(|(_, path)| path).collect()
}
