//! Where documents come from: a folder, memory, or a published version.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A set of documents, each with a path of its own like `plans/ppo.toml`.
pub trait Documents {
    /// All paths, with `/` between their parts, in any order.
    ///
    /// # Errors
    /// If the set cannot be listed.
    fn paths(&self) -> io::Result<Vec<String>>;

    /// The bytes of one of them.
    ///
    /// # Errors
    /// If there is no such document or it cannot be read.
    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>>;
}

/// The documents of a folder and the folders in it. Names that begin with a dot are left out:
/// they belong to editors, file managers and version control.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at a path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }
}

impl Documents for Folder {
    fn paths(&self) -> io::Result<Vec<String>> {
        let mut paths = Vec::new();
        walk(&self.0, "", &mut paths)?;
        Ok(paths)
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(File::open(self.0.join(path))?))
    }
}

fn walk(folder: &Path, above: &str, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let path = if above.is_empty() { name } else { format!("{above}/{name}") };
        // Links to folders are not followed, so that a walk always ends.
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &path, paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

/// Documents held in memory, for tests and for programs that make books.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InMemory(BTreeMap<String, Vec<u8>>);

impl InMemory {
    /// No documents.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a document in, in the place of one with the same path.
    pub fn put(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.0.insert(path.into(), bytes.into());
    }

    /// Takes a document out.
    pub fn remove(&mut self, path: &str) -> Option<Vec<u8>> {
        self.0.remove(path)
    }

    /// The bytes of a document.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.0.get(path).map(Vec::as_slice)
    }

    /// A copy of other documents.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn copy_of(documents: &dyn Documents) -> io::Result<Self> {
        let mut copy = Self::new();
        for path in documents.paths()? {
            let mut bytes = Vec::new();
            documents.open(&path)?.read_to_end(&mut bytes)?;
            copy.put(path, bytes);
        }
        Ok(copy)
    }
}

impl<P: Into<String>, B: Into<Vec<u8>>> FromIterator<(P, B)> for InMemory {
    fn from_iter<I: IntoIterator<Item = (P, B)>>(documents: I) -> Self {
        Self(documents.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect())
    }
}

impl Documents for InMemory {
    fn paths(&self) -> io::Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>> {
        match self.0.get(path) {
            Some(bytes) => Ok(Box::new(bytes.as_slice())),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}
