//! Opens the documents of a set, notes what cannot be read, and keeps what was read's digest.

use std::io::{self, Read};

use super::Kind;
use super::kinds::REQUIRED;
use crate::Document;
use crate::documents::{Digesting, Documents, Page, Place, Report, Row, Rows, Table};

/// The documents while they are compiled.
pub(super) struct Loader<'a> {
    set: &'a dyn Documents,
    pub(super) report: &'a Report,
    found: Vec<(Box<str>, Kind)>,
    digests: Vec<Option<[u8; 32]>>,
}

impl<'a> Loader<'a> {
    pub(super) fn new(
        set: &'a dyn Documents,
        report: &'a Report,
        found: Vec<(Box<str>, Kind)>,
    ) -> Self {
        let digests = vec![None; found.len()];
        Self { set, report, found, digests }
    }

    /// Notes which documents are missing.
    pub(super) fn require_documents(&self) {
        for (kind, name) in REQUIRED {
            let there = self.found.iter().any(|(_, found)| match found {
                Kind::DrugDirectory => kind == Kind::Drugs,
                found => *found == kind,
            });
            if !there {
                self.report.misplaced(name, "this document is missing");
            }
        }
    }

    /// The documents of a kind, in the order of their paths.
    pub(super) fn of_kind(&self, wanted: impl Fn(&Kind) -> bool) -> Vec<u16> {
        let wanted = self.found.iter().enumerate().filter(|(_, (_, kind))| wanted(kind));
        wanted.filter_map(|(index, _)| u16::try_from(index).ok()).collect()
    }

    /// The kind of a document.
    pub(super) fn kind(&self, document: u16) -> Option<&Kind> {
        self.found.get(usize::from(document)).map(|(_, kind)| kind)
    }

    /// Reads a TOML document; `None` if it could not be opened or is no text.
    pub(super) fn toml<T>(
        &mut self,
        document: u16,
        read: impl FnOnce(Table<'_>) -> T,
    ) -> Option<T> {
        let bytes = self.noting(document, |set, path| {
            let mut bytes = Vec::new();
            let mut reader = Digesting::new(set.open(path)?);
            reader.read_to_end(&mut bytes)?;
            Ok((bytes, reader.finish()?))
        })?;
        match String::from_utf8(bytes) {
            Ok(text) => Some(Page::new(self.report, document, text).read(read)),
            Err(error) => {
                let before = error.utf8_error().valid_up_to();
                let bytes = error.into_bytes();
                let newlines = bytes.iter().take(before).filter(|byte| **byte == b'\n').count();
                let line = u32::try_from(newlines).unwrap_or(u32::MAX).saturating_add(1);
                let text = "found bytes that are not UTF-8, expected UTF-8 text";
                self.report.mistake(Place::line(document, line), text);
                None
            }
        }
    }

    /// Reads a CSV document; false if it could not be read.
    pub(super) fn csv(
        &mut self,
        document: u16,
        required: &[&'static str],
        optional: &[&'static str],
        take: impl FnMut(&Row<'_>),
    ) -> bool {
        let report = self.report;
        let read = self.noting(document, |set, path| {
            let mut rows = Rows::open(report, document, set.open(path)?, required, optional)?;
            rows.each(take)?;
            Ok(((), rows.finish()?))
        });
        read.is_some()
    }

    /// All documents, if every one of them was read.
    pub(super) fn documents(&self) -> Option<Vec<Document>> {
        let pairs = self.found.iter().zip(&self.digests);
        pairs
            .map(|((path, _), digest)| Some(Document { path: path.clone(), digest: (*digest)? }))
            .collect()
    }

    fn noting<T>(
        &mut self,
        document: u16,
        read: impl FnOnce(&dyn Documents, &str) -> io::Result<(T, [u8; 32])>,
    ) -> Option<T> {
        let index = usize::from(document);
        let (path, _) = self.found.get(index)?;
        match read(self.set, path) {
            Ok((content, digest)) => {
                if let Some(place) = self.digests.get_mut(index) {
                    *place = Some(digest);
                }
                Some(content)
            }
            Err(error) => {
                self.report.mistake(Place::whole(document), format!("cannot be read: {error}"));
                None
            }
        }
    }
}
