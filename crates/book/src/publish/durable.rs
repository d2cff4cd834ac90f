//! Files that are there as a whole or not at all, even after a loss of power.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::{ShelfError, failed};

/// A file that is written aside until it is complete. Dropped before that, it is removed.
pub(super) struct Aside {
    file: File,
    path: PathBuf,
    renamed: bool,
}

impl Aside {
    /// An empty file with a name that nobody else uses.
    pub(super) fn create(folder: &Path) -> Result<Self, ShelfError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{}-{number}", std::process::id()));
        let file = File::create(&path).map_err(failed("cannot make", &path))?;
        Ok(Self { file, path, renamed: false })
    }

    /// Appends all that a reader has.
    pub(super) fn copy(&mut self, reader: &mut dyn Read) -> Result<(), ShelfError> {
        io::copy(reader, &mut self.file).map_err(failed("cannot write", &self.path))?;
        Ok(())
    }

    /// Makes the content durable and gives the file its name. The name is durable once its
    /// folder is.
    pub(super) fn rename(mut self, to: &Path) -> Result<(), ShelfError> {
        self.file.sync_all().map_err(failed("cannot make durable", &self.path))?;
        fs::rename(&self.path, to).map_err(failed("cannot make", to))?;
        self.renamed = true;
        Ok(())
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        if !self.renamed {
            // What cannot be removed now is removed by the next publication.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(folder: &Path) -> Result<(), ShelfError> {
    // Other systems make names durable with the file and cannot open folders.
    if cfg!(unix) {
        let open = File::open(folder).map_err(failed("cannot open", folder))?;
        open.sync_all().map_err(failed("cannot make durable", folder))?;
    }
    Ok(())
}
