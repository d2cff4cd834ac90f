//! Copies a shelf to another one, for backups and restores.

use openpbm_core::Timestamp;
use serde::Serialize;

use super::manifest::hex;
use super::{ACTIVATIONS, BLOBS, Shelf, ShelfError, durable, manifest};

/// What a copy did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct ShelfCopied {
    /// Versions that were not there before.
    pub versions: u64,
    /// Activations that were not there before.
    pub activations: u64,
}

impl Shelf {
    /// Copies to another shelf whatever it does not have yet: every version, and the activations
    /// up to an instant, or all of them. What is published meanwhile is copied whole or left for
    /// the next copy; a copy that is killed at any point is completed by the next one.
    ///
    /// # Errors
    /// [`ShelfError::Another`] if the other shelf is no earlier copy of this one,
    /// [`ShelfError::Damaged`] for a document that does not have its digest, and the file
    /// system's.
    pub fn copy_to(&self, to: &Self, until: Option<Timestamp>) -> Result<ShelfCopied, ShelfError> {
        // Held until the file is dropped; one writer at a time.
        let _lock = to.lock()?;
        to.clear_aside()?;
        // Activations name versions, so that whatever is named by one read now is stored by now.
        let activations = self.activation_numbers()?;
        let present = to.versions()?;
        let mut copied = ShelfCopied::default();
        for version in self.versions()? {
            if !present.contains(&version) {
                self.copy_version(to, version)?;
                copied.versions += 1;
            }
        }
        let theirs = to.activation_numbers()?;
        for number in activations {
            let activation = self.activation(number)?;
            if until.is_some_and(|until| activation.at > until) {
                break;
            }
            if !theirs.contains(&number) {
                to.write_activation(number, activation)?;
                copied.activations += 1;
            } else if to.activation(number)? != activation {
                return Err(ShelfError::Another { path: format!("{ACTIVATIONS}/{number:08}") });
            }
        }
        Ok(copied)
    }

    /// Copies the documents, then the manifest that names them.
    fn copy_version(
        &self,
        to: &Self,
        version: openpbm_core::BookVersion,
    ) -> Result<(), ShelfError> {
        let stored = self.stored(version)?;
        let blobs = to.folder.join(BLOBS);
        for document in &stored.documents {
            let name = hex(&document.digest);
            let blob = blobs.join(&name);
            if blob.is_file() {
                continue;
            }
            to.store_blob(&stored, document, &blob).map_err(|error| match error {
                ShelfError::Changed(_) => ShelfError::Damaged {
                    path: format!("{BLOBS}/{name}"),
                    what: "it does not have the digest that it is named by",
                },
                error => error,
            })?;
        }
        durable::sync_folder(&blobs)?;
        to.write(&to.manifest_path(version), manifest(&stored.documents).as_bytes())
    }
}
