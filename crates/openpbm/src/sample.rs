//! The sample book's documents, carried inside the program so that it needs no other file.

use std::path::Path;

use crate::failure::{Context, Failure};

/// Path below the book's folder, and content.
pub(crate) type Document = (&'static str, &'static str);

macro_rules! documents {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../../sample/", $path)))),*]
    };
}

/// The documents of the book.
pub(crate) const BOOK: &[Document] = documents![
    "README.md",
    "book.toml",
    "drugs/sample.csv",
    "dur.toml",
    "formularies/cascade.toml",
    "groups.toml",
    "measures.toml",
    "networks.toml",
    "pharmacies.csv",
    "plans/hdhp.toml",
    "plans/medicaid.toml",
    "plans/pdp.toml",
    "plans/ppo.toml",
    "prescribers.csv",
    "prices/mac.csv",
    "prices/mfp.csv",
    "prices/nadac.csv",
];

/// The sample members, in the form that `openpbm import members` reads.
pub(crate) const MEMBERS: &str = include_str!("../../../sample/members.csv");

/// Writes the sample book into a folder.
pub(crate) fn write_book(folder: &Path) -> Result<(), Failure> {
    for (path, content) in BOOK {
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent).context(format!("making {}", parent.display()))?;
        }
        std::fs::write(&file, content).context(format!("writing {}", file.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    /// Every file of the folder is carried, so that the demo and the folder cannot drift apart.
    #[test]
    fn carries_every_document_of_the_folder() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../sample");
        let mut found = Vec::new();
        let mut folders = vec![folder.clone()];
        while let Some(next) = folders.pop() {
            for entry in std::fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let below = path.strip_prefix(&folder).unwrap();
                    found.push(below.to_str().unwrap().replace('\\', "/"));
                }
            }
        }
        found.retain(|path| path != "members.csv");
        found.sort_unstable();
        let carried: Vec<_> = super::BOOK.iter().map(|(path, _)| *path).collect();
        assert_eq!(found, carried);
    }
}
