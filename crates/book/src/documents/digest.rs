//! Content addresses: the digest of a document, and the manifest whose digest is the version.

use std::fmt::Write as _;
use std::io::{self, Read};

use openpbm_core::BookVersion;
use sha2::{Digest, Sha256};

use crate::Document;

/// Passes bytes through and digests them on the way, so that what was read is what was digested.
pub(crate) struct Digesting<R> {
    inner: R,
    hasher: Sha256,
}

impl<R: Read> Digesting<R> {
    /// Nothing read yet.
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, hasher: Sha256::new() }
    }

    /// Reads to the end and gives the digest of all bytes.
    pub(crate) fn finish(mut self) -> io::Result<[u8; 32]> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(self.hasher.finalize().into())
    }
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// The documents of a version as text, one line each: digest, two blanks, path, in the order of
/// the paths. It is what `sha256sum` prints, so anyone can check a version without this program.
pub(crate) fn manifest(documents: &[Document]) -> String {
    let mut sorted: Vec<&Document> = documents.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    sorted.iter().fold(String::new(), |mut text, document| {
        for byte in document.digest {
            let _ = write!(text, "{byte:02x}");
        }
        let _ = writeln!(text, "  {}", document.path);
        text
    })
}

/// The version of these documents: the SHA-256 of their manifest.
pub(crate) fn version_of(documents: &[Document]) -> BookVersion {
    BookVersion::from_digest(Sha256::digest(manifest(documents)).into())
}
