//! Reading manifests back.

use openpbm_core::BookVersion;

use crate::Document;
use crate::documents::version_of;

/// A digest as hex digits.
pub(super) fn hex(digest: &[u8; 32]) -> String {
    BookVersion::from_digest(*digest).to_string()
}

/// The documents of a version's manifest; `None` if it is not the manifest of that version.
pub(super) fn read_manifest(text: &str, version: BookVersion) -> Option<Vec<Document>> {
    let documents: Option<Vec<Document>> = text
        .lines()
        .map(|line| {
            let (digest, path) = line.split_once("  ")?;
            Some(Document { path: path.into(), digest: digest_of(digest)? })
        })
        .collect();
    documents.filter(|documents| version_of(documents) == version)
}

fn digest_of(hex: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(hex.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(digest)
}
