//! Published versions of a book, kept for ever: a reversal or a replay next year meets the rules
//! of the day.
//!
//! A shelf is a folder. Documents lie in `blobs/`, each under the SHA-256 of its bytes, so that
//! versions share what they have in common. `versions/` has one manifest for each version, in
//! the format of `sha256sum`; its own SHA-256 is the version. `activations/` counts which version
//! became current when; the last one holds. Each file is written aside, made durable and then
//! renamed, and what names another file is written after it, so that a shelf that is killed at
//! any point holds the old state or the new one.

mod copy;
mod durable;
mod manifest;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use openpbm_core::{BookVersion, Timestamp};
use serde::Serialize;

use crate::documents::{Digesting, Documents, Mistakes, manifest};
use crate::{Book, Checked, Document};
pub use copy::ShelfCopied;
use durable::Aside;
use manifest::{hex, read_manifest};

const BLOBS: &str = "blobs";
const VERSIONS: &str = "versions";
const ACTIVATIONS: &str = "activations";
const ASIDE: &str = "aside";
const LOCK: &str = "lock";

/// Why a shelf did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ShelfError {
    /// The documents have mistakes.
    #[error("the book has mistakes:\n{0}")]
    Mistakes(Mistakes),
    /// A document was changed between its check and its copy.
    #[error("`{0}` changed while it was being published; publish again when nobody edits it")]
    Changed(String),
    /// No such version was published.
    #[error("version {0} was never published on this shelf")]
    Unknown(BookVersion),
    /// A file of the shelf is not what the shelf wrote.
    #[error("`{path}` is damaged: {what}")]
    Damaged {
        /// The file, below the shelf.
        path: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The shelf that is copied to has another history.
    #[error("`{path}` is another one there: the target is no earlier copy of this shelf")]
    Another {
        /// The file that differs, below the shelf.
        path: String,
    },
    /// The file system failed.
    #[error("{what} `{path}`: {source}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// With which file.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
}

/// A version becoming current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Activation {
    /// Which version.
    pub version: BookVersion,
    /// When.
    pub at: Timestamp,
}

/// What a publication did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Published {
    /// The version that is now current.
    pub version: BookVersion,
    /// What it did.
    pub outcome: PublishOutcome,
    /// Warnings of the check.
    pub warnings: Mistakes,
}

/// What a publication did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PublishOutcome {
    /// A version that was not there before was stored and is current.
    Stored,
    /// An earlier version is current again.
    Reactivated,
    /// It was current already: nothing was done.
    AlreadyCurrent,
}

/// A folder of published versions.
#[derive(Debug, Clone)]
pub struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// The shelf in a folder, made if it is not there.
    ///
    /// # Errors
    /// If the folder cannot be made.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, ShelfError> {
        let folder = folder.into();
        for name in [BLOBS, VERSIONS, ACTIVATIONS, ASIDE] {
            let path = folder.join(name);
            fs::create_dir_all(&path).map_err(failed("cannot make", &path))?;
        }
        durable::sync_folder(&folder)?;
        Ok(Self { folder })
    }

    /// Checks documents, stores them and makes them current from that instant on.
    ///
    /// # Errors
    /// All mistakes of the documents, or what kept them from being stored. In either case the
    /// version that was current still is.
    pub fn publish(
        &self,
        documents: &dyn Documents,
        at: Timestamp,
    ) -> Result<Published, ShelfError> {
        let Checked { book, mistakes } = Book::check(documents);
        let Some(book) = book else { return Err(ShelfError::Mistakes(mistakes)) };
        let version = book.version();
        // Held until the file is dropped; one publication at a time.
        let _lock = self.lock()?;
        let activations = self.activations()?;
        let is_this = |activation: &Activation| activation.version == version;
        // A version that was stored but never activated is what a killed publication left: it
        // is stored again, which completes what may be missing.
        let outcome = if activations.last().is_some_and(is_this) {
            PublishOutcome::AlreadyCurrent
        } else if activations.iter().any(is_this) {
            PublishOutcome::Reactivated
        } else {
            PublishOutcome::Stored
        };
        if outcome == PublishOutcome::Stored {
            self.store(documents, &book)?;
        }
        if outcome != PublishOutcome::AlreadyCurrent {
            self.activate(Activation { version, at })?;
        }
        Ok(Published { version, outcome, warnings: mistakes })
    }

    /// The version in force, and since when; `None` before the first publication.
    ///
    /// # Errors
    /// If the shelf cannot be read.
    pub fn current(&self) -> Result<Option<Activation>, ShelfError> {
        match self.activation_numbers()?.last() {
            Some(last) => self.activation(*last).map(Some),
            None => Ok(None),
        }
    }

    /// Every activation, first to last.
    ///
    /// # Errors
    /// If the shelf cannot be read.
    pub fn activations(&self) -> Result<Vec<Activation>, ShelfError> {
        self.activation_numbers()?.into_iter().map(|number| self.activation(number)).collect()
    }

    /// Every version that was stored, in no order.
    ///
    /// # Errors
    /// If the shelf cannot be read.
    pub fn versions(&self) -> Result<Vec<BookVersion>, ShelfError> {
        let names = self.names(VERSIONS)?;
        Ok(names.iter().filter_map(|name| name.parse().ok()).collect())
    }

    /// Compiles a stored version anew.
    ///
    /// # Errors
    /// If there is no such version, or its files are damaged.
    pub fn load(&self, version: BookVersion) -> Result<Book, ShelfError> {
        let stored = self.stored(version)?;
        let book = Book::from_documents(&stored).map_err(ShelfError::Mistakes)?;
        if book.version() != version {
            return Err(ShelfError::Damaged {
                path: format!("{VERSIONS}/{version}"),
                what: "a document of it does not have its digest",
            });
        }
        Ok(book)
    }

    /// The documents of a stored version.
    ///
    /// # Errors
    /// If there is no such version, or its manifest is damaged.
    pub fn stored(&self, version: BookVersion) -> Result<Stored, ShelfError> {
        let path = self.manifest_path(version);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(ShelfError::Unknown(version));
            }
            Err(error) => return Err(failed("cannot read", &path)(error)),
        };
        let documents = read_manifest(&text, version).ok_or_else(|| ShelfError::Damaged {
            path: format!("{VERSIONS}/{version}"),
            what: "it is not the manifest of this version",
        })?;
        Ok(Stored { blobs: self.folder.join(BLOBS), documents })
    }

    /// Stores the documents, then the manifest that names them.
    fn store(&self, documents: &dyn Documents, book: &Book) -> Result<(), ShelfError> {
        self.clear_aside()?;
        for document in book.documents() {
            let blob = self.folder.join(BLOBS).join(hex(&document.digest));
            if !blob.is_file() {
                self.store_blob(documents, document, &blob)?;
            }
        }
        durable::sync_folder(&self.folder.join(BLOBS))?;
        let text = manifest(book.documents());
        self.write(&self.manifest_path(book.version()), text.as_bytes())
    }

    fn store_blob(
        &self,
        documents: &dyn Documents,
        document: &Document,
        blob: &Path,
    ) -> Result<(), ShelfError> {
        let mut aside = Aside::create(&self.folder.join(ASIDE))?;
        let opened = documents.open(&document.path);
        let source = opened.map_err(failed("cannot read", Path::new(&*document.path)))?;
        let mut source = Digesting::new(source);
        aside.copy(&mut source)?;
        let digest = source.finish().map_err(failed("cannot read", Path::new(&*document.path)))?;
        if digest != document.digest {
            return Err(ShelfError::Changed(document.path.to_string()));
        }
        aside.rename(blob)
    }

    fn activate(&self, activation: Activation) -> Result<(), ShelfError> {
        let next = self.activation_numbers()?.last().map_or(1, |last| last.saturating_add(1));
        self.write_activation(next, activation)
    }

    fn write_activation(&self, number: u64, activation: Activation) -> Result<(), ShelfError> {
        let text = format!("{} {}\n", activation.version, activation.at.millis());
        self.write(&self.activation_path(number), text.as_bytes())
    }

    /// Writes a small file as a whole or not at all.
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), ShelfError> {
        let mut aside = Aside::create(&self.folder.join(ASIDE))?;
        aside.copy(&mut &*bytes)?;
        aside.rename(path)?;
        path.parent().map_or(Ok(()), durable::sync_folder)
    }

    /// Takes the lock of those who write.
    fn lock(&self) -> Result<File, ShelfError> {
        let path = self.folder.join(LOCK);
        let file = File::create(&path).map_err(failed("cannot make", &path))?;
        file.lock().map_err(failed("cannot lock", &path))?;
        Ok(file)
    }

    /// Removes what a killed publication left behind. Only the holder of the lock writes there.
    fn clear_aside(&self) -> Result<(), ShelfError> {
        for name in self.names(ASIDE)? {
            let path = self.folder.join(ASIDE).join(name);
            fs::remove_file(&path).map_err(failed("cannot remove", &path))?;
        }
        Ok(())
    }

    fn activation(&self, number: u64) -> Result<Activation, ShelfError> {
        let path = self.activation_path(number);
        let text = fs::read_to_string(&path).map_err(failed("cannot read", &path))?;
        let parsed = text.trim_end().split_once(' ').and_then(|(version, at)| {
            let at = Timestamp::from_millis(at.parse().ok()?);
            Some(Activation { version: version.parse().ok()?, at })
        });
        parsed.ok_or_else(|| ShelfError::Damaged {
            path: format!("{ACTIVATIONS}/{number:08}"),
            what: "it is not a version and an instant",
        })
    }

    fn activation_numbers(&self) -> Result<Vec<u64>, ShelfError> {
        let names = self.names(ACTIVATIONS)?;
        let mut numbers: Vec<u64> = names.iter().filter_map(|name| name.parse().ok()).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }

    fn activation_path(&self, number: u64) -> PathBuf {
        self.folder.join(ACTIVATIONS).join(format!("{number:08}"))
    }

    fn manifest_path(&self, version: BookVersion) -> PathBuf {
        self.folder.join(VERSIONS).join(version.to_string())
    }

    fn names(&self, folder: &str) -> Result<Vec<String>, ShelfError> {
        let path = self.folder.join(folder);
        let entries = fs::read_dir(&path).map_err(failed("cannot list", &path))?;
        let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
        names.collect::<io::Result<_>>().map_err(failed("cannot list", &path))
    }
}

/// The documents of a stored version.
#[derive(Debug, Clone)]
pub struct Stored {
    blobs: PathBuf,
    documents: Vec<Document>,
}

impl Documents for Stored {
    fn paths(&self) -> io::Result<Vec<String>> {
        Ok(self.documents.iter().map(|document| document.path.to_string()).collect())
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>> {
        let document = self.documents.iter().find(|document| *document.path == *path);
        let document = document.ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(File::open(self.blobs.join(hex(&document.digest)))?))
    }
}

/// Says what was tried with which file when it failed.
fn failed(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ShelfError {
    let path = path.to_owned();
    move |source| ShelfError::Io { what, path, source }
}
