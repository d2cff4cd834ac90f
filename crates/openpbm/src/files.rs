//! Small things done with files.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// How a file ends that is not complete yet.
pub(crate) const ASIDE: &str = "aside";

/// Makes a file, or empties it, that nobody but its owner reads: what it will hold is about
/// patients. One that is there already keeps its permissions.
pub(crate) fn private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Puts a file in the place of an earlier one, so that whoever reads it, and whatever is left
/// after a loss of power, is the one or the other.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let aside = path.with_extension(ASIDE);
    let mut file = File::create(&aside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    sync_folder_of(path)
}

/// Removes a file, durably.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)?;
    sync_folder_of(path)
}

/// True if there is no such folder, or nothing in it but what an interruption left of a file.
pub(crate) fn is_empty(folder: &Path) -> io::Result<bool> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    for entry in entries {
        if entry?.path().extension().is_none_or(|ending| ending != ASIDE) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Bytes of all files below a folder. A file that is removed meanwhile counts nothing.
pub(crate) fn size_of(folder: &Path) -> io::Result<u64> {
    let mut size = 0_u64;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let of_entry = match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => size_of(&entry.path())?,
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        size = size.saturating_add(of_entry);
    }
    Ok(size)
}

fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        // Other systems make names durable with the file and cannot open folders.
        Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}
