//! One process at a time appends to a data directory: a lock that the system lets go of when
//! its holder ends, however it ends.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;

use super::{LOCK, failure};
use crate::StoreError;

/// Held as long as the journal is open for writing.
#[derive(Debug)]
pub(super) struct DirectoryLock {
    file: File,
}

/// Let go of by name: a child process that is just being started has the descriptor, too, for a
/// moment, and closing ours alone would leave the directory locked until then.
impl Drop for DirectoryLock {
    fn drop(&mut self) {
        // What cannot be unlocked is let go of when the last descriptor closes.
        let _ = self.file.unlock();
    }
}

impl DirectoryLock {
    /// Makes the directory if it is not there, readable by its owner alone, and locks it.
    pub(super) fn take(directory: &Path) -> Result<Self, StoreError> {
        make(directory)?;
        let path = directory.join(LOCK);
        let mut file = private(OpenOptions::new().read(true).write(true).create(true))
            .open(&path)
            .map_err(failure::file("opening the lock", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let (directory, holder) = (directory.to_owned(), holder(&mut file));
                return Err(StoreError::Locked { directory, holder });
            }
            Err(TryLockError::Error(error)) => {
                return Err(failure::file("locking", &path)(error));
            }
        }
        sign(&mut file).map_err(failure::file("writing the lock", &path))?;
        Ok(Self { file })
    }
}

/// Options that let nobody but the owner read a file that they create: it is about patients.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// Makes a directory's new files findable after a loss of power.
pub(super) fn sync_directory(directory: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        let synced = File::open(directory).and_then(|opened| opened.sync_all());
        synced.map_err(failure::file("syncing the directory", directory))?;
    }
    Ok(())
}

fn make(directory: &Path) -> Result<(), StoreError> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory).map_err(failure::file("making the directory", directory))?;
    let parent = directory.parent().filter(|parent| !parent.as_os_str().is_empty());
    sync_directory(parent.unwrap_or(Path::new(".")))
}

/// Writes this process's id into the lock, for the message to whoever comes second.
fn sign(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::DirectoryLock;

    #[test]
    fn what_is_dropped_is_free_although_a_child_still_has_the_descriptor() {
        let directory = tempfile::tempdir().unwrap();
        let lock = DirectoryLock::take(directory.path()).unwrap();
        let of_child = lock.file.try_clone().unwrap();
        assert!(DirectoryLock::take(directory.path()).is_err());
        drop(lock);
        DirectoryLock::take(directory.path()).unwrap();
        drop(of_child);
    }
}
