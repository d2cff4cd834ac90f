//! What a projection keeps between two runs: one file with its state, and how far it had read.
//!
//! The first line says what the file is and carries a check of the rest, which is JSON. The file
//! is replaced whole: whoever finds it finds the one before or the one after.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use openpbm_core::ClaimId;
use openpbm_store::Cursor;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Snapshot;

/// The file of one projection.
#[derive(Debug, Clone)]
pub(super) struct Place {
    folder: PathBuf,
    name: &'static str,
    format: u32,
}

/// What is kept.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept<S> {
    pub(super) marks: Vec<Mark>,
    pub(super) state: S,
}

/// How far a shard had been read, and by which entry that place is known again: a journal that
/// was restored and written on holds another one there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    pub(super) cursor: Cursor,
    pub(super) last: ClaimId,
}

/// Why what was kept is of no use.
#[derive(Debug, thiserror::Error)]
pub(super) enum Useless {
    #[error("it cannot be read: {0}")]
    File(#[from] io::Error),
    #[error("it is no file of this projection and format")]
    Foreign,
    #[error("it is damaged")]
    Damaged,
    #[error("it cannot be understood: {0}")]
    Meaning(#[from] serde_json::Error),
}

impl<S> Kept<S> {
    pub(super) fn snapshot(self) -> Snapshot<S> {
        let cursors = self.marks.iter().map(|mark| mark.cursor).collect();
        Snapshot { state: self.state, cursors }
    }
}

impl Place {
    pub(super) fn new(folder: &Path, name: &'static str, format: u32) -> Self {
        Self { folder: folder.to_owned(), name, format }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(self.name).with_extension("projection")
    }

    /// What is kept; `None` if nothing is.
    pub(super) fn load<S: DeserializeOwned>(&self) -> Result<Option<Kept<S>>, Useless> {
        let text = match fs::read(self.path()) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let end = text.iter().position(|byte| *byte == b'\n').ok_or(Useless::Foreign)?;
        let (heading, body) = text.split_at_checked(end + 1).ok_or(Useless::Foreign)?;
        if !heading.starts_with(self.title().as_bytes()) {
            return Err(Useless::Foreign);
        }
        if heading != self.heading(body).as_bytes() {
            return Err(Useless::Damaged);
        }
        Ok(Some(serde_json::from_slice(body)?))
    }

    /// Puts it in the place of what was kept before. Two processes that keep the same projection
    /// do not get into each other's half-written file.
    pub(super) fn save(&self, kept: &Kept<&impl Serialize>) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut body = serde_json::to_vec(kept)?;
        body.push(b'\n');
        let aside = self.folder.join(format!("{}.{}.new", self.name, std::process::id()));
        let mut file = File::create(&aside)?;
        file.write_all(self.heading(&body).as_bytes())?;
        file.write_all(&body)?;
        file.sync_all()?;
        fs::rename(&aside, self.path())
    }

    fn title(&self) -> String {
        format!("openpbm projection {} format {} crc32 ", self.name, self.format)
    }

    fn heading(&self, body: &[u8]) -> String {
        format!("{}{:08x}\n", self.title(), crc32fast::hash(body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(state: &String) -> Kept<&String> {
        let mark = Mark { cursor: Cursor { shard: 3, sequence: 7 }, last: ClaimId::new(1, 2) };
        Kept { marks: vec![mark], state }
    }

    #[test]
    fn what_is_kept_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(&folder.path().join("deep"), "letters", 1);
        assert!(place.load::<String>().unwrap().is_none());
        for state in ["first", "second"] {
            place.save(&kept(&state.to_owned())).unwrap();
            let found: Kept<String> = place.load().unwrap().unwrap();
            assert_eq!(found, Kept { marks: kept(&state.to_owned()).marks, state: state.into() });
        }
        assert_eq!(fs::read_dir(folder.path().join("deep")).unwrap().count(), 1, "no leftovers");
    }

    #[test]
    fn no_flipped_bit_and_no_missing_byte_passes() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(folder.path(), "letters", 1);
        place.save(&kept(&"state".to_owned())).unwrap();
        let whole = fs::read(place.path()).unwrap();
        for length in 0..whole.len() {
            fs::write(place.path(), &whole[..length]).unwrap();
            assert!(place.load::<String>().is_err(), "{length} bytes");
        }
        for byte in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[byte] ^= 4;
            fs::write(place.path(), damaged).unwrap();
            assert!(place.load::<String>().is_err(), "byte {byte}");
        }
    }

    #[test]
    fn another_format_is_another_file() {
        let folder = tempfile::tempdir().unwrap();
        Place::new(folder.path(), "letters", 2).save(&kept(&"state".to_owned())).unwrap();
        let found = Place::new(folder.path(), "letters", 1).load::<String>();
        assert!(matches!(found, Err(Useless::Foreign)));
    }
}
