//! The documents of a book as texts, before anybody has read them.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

/// Documents by their path below the book's folder, like `plans/ppo.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Documents(BTreeMap<String, String>);

impl Documents {
    /// The documents of a folder and the folders in it.
    ///
    /// # Errors
    /// If one cannot be read, or is not UTF-8.
    pub fn load(folder: &Path) -> io::Result<Self> {
        let mut documents = Self::default();
        documents.walk(folder, "")?;
        Ok(documents)
    }

    fn walk(&mut self, folder: &Path, above: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = format!("{above}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                self.walk(&entry.path(), &format!("{path}/"))?;
            } else {
                self.0.insert(path, fs::read_to_string(entry.path())?);
            }
        }
        Ok(())
    }

    /// Puts a document in, in the place of one with the same path.
    pub fn put(&mut self, path: &str, text: String) {
        self.0.insert(path.to_owned(), text);
    }

    /// The text of a document.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// All of them, with their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// A document that the model cannot read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {what}")]
pub struct Unreadable {
    /// Which document.
    pub path: String,
    /// What is wrong with it.
    pub what: String,
}

impl Unreadable {
    /// An error of one document.
    pub fn new(path: &str, what: impl ToString) -> Self {
        Self { path: path.to_owned(), what: what.to_string() }
    }
}
