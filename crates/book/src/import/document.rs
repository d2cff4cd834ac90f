//! Writing a document whole: beside the old one under another name, then renamed over it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::ImportError;

/// A document that is not there yet. Dropped without [`commit`](Self::commit), it leaves nothing.
pub(super) struct NewDocument {
    path: PathBuf,
    partial: PathBuf,
    output: BufWriter<File>,
    is_committed: bool,
}

impl NewDocument {
    /// Begins a document that will stand at `path`, whose folder is made if need be.
    pub(super) fn create(path: &Path) -> Result<Self, ImportError> {
        let error = |source| ImportError::Write { file: path.display().to_string(), source };
        let name = path.file_name().ok_or_else(|| error(io::ErrorKind::InvalidInput.into()))?;
        fs::create_dir_all(folder(path)).map_err(error)?;
        // The process id keeps two imports into one folder apart; the dot keeps it out of books.
        let partial = format!(".{}.{}.partial", name.to_string_lossy(), std::process::id());
        let partial = path.with_file_name(partial);
        let output = BufWriter::new(File::create(&partial).map_err(error)?);
        Ok(Self { path: path.to_owned(), partial, output, is_committed: false })
    }

    /// Where its bytes go.
    pub(super) fn output(&mut self) -> &mut dyn Write {
        &mut self.output
    }

    /// Makes it durable and puts it in place of the old one.
    pub(super) fn commit(mut self) -> Result<(), ImportError> {
        let done = self.put_in_place();
        self.is_committed = done.is_ok();
        done.map_err(|source| ImportError::Write { file: self.path.display().to_string(), source })
    }

    fn put_in_place(&mut self) -> io::Result<()> {
        self.output.flush()?;
        self.output.get_ref().sync_all()?;
        fs::rename(&self.partial, &self.path)?;
        File::open(folder(&self.path))?.sync_all()
    }
}

impl Drop for NewDocument {
    fn drop(&mut self) {
        if !self.is_committed {
            // Nothing can be done about a file that cannot be removed, and it does no harm.
            let _ = fs::remove_file(&self.partial);
        }
    }
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
