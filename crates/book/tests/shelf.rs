//! Publishing: what a shelf holds after publications, interruptions and damage.

use std::fs;
use std::path::{Path, PathBuf};

use openpbm_book::{Book, Documents, Folder, PublishOutcome, Shelf, ShelfCopied, ShelfError};
use openpbm_core::Timestamp;
use sha2::{Digest, Sha256};

use crate::support::{appended, documents, replaced, with};

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn shelf() -> (tempfile::TempDir, Shelf) {
    let folder = tempfile::tempdir().unwrap();
    let shelf = Shelf::open(folder.path().join("shelf")).unwrap();
    (folder, shelf)
}

/// All files of a folder with their bytes.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push((path.clone(), fs::read(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn versions_are_stored_and_the_last_activation_holds() {
    let (_folder, shelf) = shelf();
    assert_eq!(shelf.current().unwrap(), None);
    let first = shelf.publish(&documents(), at(1)).unwrap();
    assert_eq!(first.outcome, PublishOutcome::Stored);
    let changed = with("plans/ppo.toml", "person = \"250.00\"", "person = \"300.00\"");
    let second = shelf.publish(&changed, at(2)).unwrap();
    assert_ne!(first.version, second.version);
    assert_eq!(shelf.current().unwrap().unwrap().version, second.version);
    assert_eq!(shelf.versions().unwrap().len(), 2);
    for (version, person) in [(first.version, "250.00"), (second.version, "300.00")] {
        let book = shelf.load(version).unwrap();
        assert_eq!(book.version(), version);
        let plan = &book.plans()[0].rows()[0].1;
        assert_eq!(plan.deductible.as_ref().unwrap().person.to_string(), person);
    }
}

#[test]
fn the_same_content_twice_does_nothing_and_an_earlier_one_comes_back() {
    let (folder, shelf) = shelf();
    let first = shelf.publish(&documents(), at(1)).unwrap();
    let before = files(folder.path());
    let again = shelf.publish(&documents(), at(2)).unwrap();
    assert_eq!((again.version, again.outcome), (first.version, PublishOutcome::AlreadyCurrent));
    assert_eq!(files(folder.path()), before);
    shelf.publish(&appended(documents(), "dur.toml", "# a comment\n"), at(3)).unwrap();
    let back = shelf.publish(&documents(), at(4)).unwrap();
    assert_eq!((back.version, back.outcome), (first.version, PublishOutcome::Reactivated));
    let instants: Vec<_> = shelf.activations().unwrap().iter().map(|a| a.at.millis()).collect();
    assert_eq!(instants, [1, 3, 4]);
    assert_eq!(shelf.versions().unwrap().len(), 2);
}

#[test]
fn a_book_with_mistakes_changes_nothing() {
    let (folder, shelf) = shelf();
    shelf.publish(&documents(), at(1)).unwrap();
    let before = files(folder.path());
    let wrong = with("groups.toml", "plan = \"ppo\"", "plan = \"pop\"");
    let error = shelf.publish(&wrong, at(2)).unwrap_err();
    assert!(matches!(&error, ShelfError::Mistakes(mistakes) if mistakes.is_fatal()), "{error}");
    assert_eq!(files(folder.path()), before);
}

/// A publication writes its files one after the other. Whichever of them were written when it
/// was killed, the shelf holds the old version, and the next publication completes the new one.
#[test]
fn a_publication_killed_at_any_point_leaves_the_old_version() {
    let changed = replaced(documents(), "book.toml", "\"Test\"", "\"Changed\"");
    let changed = replaced(changed, "prices/nadac.csv", "0.20000", "0.25000");
    let (before, after, order, new) = {
        let (folder, shelf) = shelf();
        shelf.publish(&documents(), at(1)).unwrap();
        let before = files(folder.path());
        let new = shelf.publish(&changed, at(2)).unwrap().version;
        let written: Vec<_> = files(folder.path())
            .into_iter()
            .filter(|file| !before.contains(file))
            .map(|(path, bytes)| (path.strip_prefix(folder.path()).unwrap().to_owned(), bytes))
            .collect();
        let old: Vec<_> = before
            .into_iter()
            .map(|(path, bytes)| (path.strip_prefix(folder.path()).unwrap().to_owned(), bytes))
            .collect();
        let rank = |path: &Path| {
            let text = path.to_string_lossy();
            ["blobs", "versions", "activations"].iter().position(|part| text.contains(part))
        };
        let mut order = written;
        order.sort_by_key(|(path, _)| rank(path));
        (old, order.len(), order, new)
    };
    assert_eq!(after, 4, "two blobs, a manifest, an activation");
    for killed_after in 0..after {
        let folder = tempfile::tempdir().unwrap();
        for (path, bytes) in before.iter().chain(&order[..killed_after]) {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        fs::create_dir_all(folder.path().join("shelf/aside")).unwrap();
        fs::write(folder.path().join("shelf/aside/123-0"), "half a docum").unwrap();
        let shelf = Shelf::open(folder.path().join("shelf")).unwrap();
        let current = shelf.current().unwrap().unwrap();
        assert_eq!(shelf.load(current.version).unwrap().name(), "Test");
        let published = shelf.publish(&changed, at(3)).unwrap();
        assert_eq!((published.version, published.outcome), (new, PublishOutcome::Stored));
        assert_eq!(shelf.load(new).unwrap().name(), "Changed");
        assert_eq!(fs::read_dir(folder.path().join("shelf/aside")).unwrap().count(), 0);
    }
}

#[test]
fn damage_is_found_not_read() {
    let (folder, shelf) = shelf();
    let version = shelf.publish(&documents(), at(1)).unwrap().version;
    let blobs = folder.path().join("shelf/blobs");
    let blob = fs::read_dir(&blobs)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| fs::read_to_string(path).unwrap().starts_with("npi,name,channel"))
        .unwrap();
    let text = fs::read_to_string(&blob).unwrap();
    fs::write(&blob, text.replace("Harborview", "Harborvieu")).unwrap();
    let error = shelf.load(version).unwrap_err();
    assert!(matches!(error, ShelfError::Damaged { .. }), "{error}");
    let manifest = folder.path().join(format!("shelf/versions/{version}"));
    fs::write(&manifest, "not a manifest").unwrap();
    assert!(matches!(shelf.load(version).unwrap_err(), ShelfError::Damaged { .. }));
    fs::remove_file(&manifest).unwrap();
    assert!(matches!(shelf.load(version).unwrap_err(), ShelfError::Unknown(_)));
}

#[test]
fn a_folder_and_its_copy_in_memory_are_the_same_version() {
    let folder = tempfile::tempdir().unwrap();
    let documents = documents();
    for path in documents.paths().unwrap() {
        let file = folder.path().join(&path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, documents.get(&path).unwrap()).unwrap();
    }
    fs::write(folder.path().join(".swap"), "an editor's").unwrap();
    let loaded = Book::load(folder.path()).unwrap();
    assert_eq!(loaded.version(), Book::from_documents(&documents).unwrap().version());
    let (_folder, shelf) = shelf();
    let published = shelf.publish(&Folder::new(folder.path()), at(1)).unwrap();
    assert_eq!(published.version, loaded.version());
    let missing = Book::load(&folder.path().join("nowhere")).unwrap_err().to_string();
    assert!(missing.starts_with("the book: its documents cannot be listed: "), "{missing}");
}

/// The version can be computed with `sha256sum` alone.
#[test]
fn a_version_is_the_digest_of_what_sha256sum_prints() {
    let hex = |bytes: &[u8]| -> String {
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let documents = documents();
    let mut paths = documents.paths().unwrap();
    paths.sort();
    let lines: String = paths
        .iter()
        .map(|path| format!("{}  {path}\n", hex(documents.get(path).unwrap())))
        .collect();
    let version = Book::from_documents(&documents).unwrap().version();
    assert_eq!(version.to_string(), hex(lines.as_bytes()));
}

#[test]
fn a_copy_goes_on_where_the_last_one_stood() {
    let ((_folder, shelf), (_other, copy)) = (shelf(), shelf());
    let first = shelf.publish(&documents(), at(1)).unwrap();
    let copied = shelf.copy_to(&copy, None).unwrap();
    assert_eq!((copied.versions, copied.activations), (1, 1));
    let changed = with("plans/ppo.toml", "person = \"250.00\"", "person = \"300.00\"");
    let second = shelf.publish(&changed, at(5)).unwrap();
    let copied = shelf.copy_to(&copy, None).unwrap();
    assert_eq!((copied.versions, copied.activations), (1, 1));
    assert_eq!(shelf.copy_to(&copy, None).unwrap(), ShelfCopied::default());
    assert_eq!(copy.activations().unwrap(), shelf.activations().unwrap());
    for version in [first.version, second.version] {
        assert_eq!(copy.load(version).unwrap().version(), version);
    }
}

#[test]
fn a_copy_up_to_an_instant_has_the_book_of_that_instant_and_every_version() {
    let ((_folder, shelf), (_other, copy), (_none, nothing)) = (shelf(), shelf(), shelf());
    let first = shelf.publish(&documents(), at(1)).unwrap();
    let changed = with("plans/ppo.toml", "person = \"250.00\"", "person = \"300.00\"");
    shelf.publish(&changed, at(5)).unwrap();
    let copied = shelf.copy_to(&copy, Some(at(4))).unwrap();
    assert_eq!((copied.versions, copied.activations), (2, 1));
    assert_eq!(copy.current().unwrap().unwrap().version, first.version);
    shelf.copy_to(&nothing, Some(at(0))).unwrap();
    assert_eq!(nothing.current().unwrap(), None);
}

#[test]
fn no_shelf_of_another_history_and_no_damaged_document_is_copied() {
    let (_folder, mine) = shelf();
    let (_other, theirs) = shelf();
    mine.publish(&documents(), at(1)).unwrap();
    theirs.publish(&documents(), at(2)).unwrap();
    assert!(matches!(mine.copy_to(&theirs, None), Err(ShelfError::Another { .. })));

    let (folder, damaged) = shelf();
    damaged.publish(&documents(), at(1)).unwrap();
    let blobs = folder.path().join("shelf/blobs");
    let blob = fs::read_dir(blobs).unwrap().next().unwrap().unwrap().path();
    fs::write(&blob, "something else").unwrap();
    let (_target, target) = shelf();
    assert!(matches!(damaged.copy_to(&target, None), Err(ShelfError::Damaged { .. })));
    assert_eq!(target.current().unwrap(), None);
}
