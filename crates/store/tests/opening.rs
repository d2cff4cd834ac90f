//! Opening a journal that cannot be opened says why, what to do, and changes nothing.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use openpbm_store::sqlite::{DATABASE, SqliteJournal, SqliteReader};
use openpbm_store::{Reader, StoreError};
use rusqlite::Connection;

use crate::contract::{commit, one};
use crate::entries::{family, paid};
use crate::process;

#[test]
fn a_second_process_is_told_who_writes() {
    if let Some(directory) = process::directory() {
        say_why_not(&directory);
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let journal = SqliteJournal::open(directory.path()).unwrap();
    let said = ask_another("opening::a_second_process_is_told_who_writes", directory.path(), None);
    let expected = format!(
        "the journal in `{}` is open for writing in process {}; \
         hint: stop that process first, or name another data directory",
        directory.path().display(),
        std::process::id()
    );
    assert!(said.contains(&expected), "{said}");
    drop(journal);
    SqliteJournal::open(directory.path()).unwrap();
}

#[cfg(unix)]
#[test]
fn a_directory_that_cannot_be_written_is_named() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    const NOBODY: u32 = 65_534;
    if let Some(directory) = process::directory() {
        say_why_not(&directory);
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    fs::create_dir(&data).unwrap();
    for (path, mode) in [(directory.path(), 0o755), (data.as_path(), 0o555)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }
    // Nothing is read-only for root, so root asks as somebody else.
    let user = (fs::metadata(&data).unwrap().uid() == 0).then_some(NOBODY);
    let test = "opening::a_directory_that_cannot_be_written_is_named";
    let said = ask_another(test, &data, user);
    let expected =
        format!("`{}` cannot be written; hint: let", data.join("journal.lock").display());
    assert!(said.contains(&expected), "{said}");
    assert_eq!(fs::read_dir(&data).unwrap().count(), 0);
}

#[test]
fn a_newer_schema_is_left_alone() {
    let directory = with_entries(3);
    let database = Connection::open(directory.path().join(DATABASE)).unwrap();
    database.pragma_update(None, "user_version", 99).unwrap();
    drop(database);
    let writing = SqliteJournal::open(directory.path()).unwrap_err();
    let reading = SqliteReader::open(directory.path()).unwrap_err();
    for error in [writing, reading] {
        let StoreError::NewerSchema { found, known, .. } = error else { panic!("{error:?}") };
        assert!(found == 99 && known < 99);
        assert!(error.to_string().ends_with("this program knows schemas up to 2"), "{error}");
    }
}

#[test]
fn a_reader_neither_makes_nor_migrates_a_journal() {
    let directory = tempfile::tempdir().unwrap();
    let error = SqliteReader::open(directory.path()).unwrap_err();
    assert!(matches!(error, StoreError::Missing { .. }), "{error:?}");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
    fs::write(directory.path().join(DATABASE), "").unwrap();
    let error = SqliteReader::open(directory.path()).unwrap_err();
    assert!(matches!(error, StoreError::OlderSchema { found: 0, .. }), "{error:?}");
    SqliteJournal::open(directory.path()).unwrap();
    SqliteReader::open(directory.path()).unwrap();
}

#[test]
fn a_reader_of_another_process_follows_the_writer() {
    let directory = with_entries(2);
    let mut journal = SqliteJournal::open(directory.path()).unwrap();
    let reader = SqliteReader::open(directory.path()).unwrap();
    assert_eq!(reader.read_family(family(1)).unwrap().entries.len(), 2);
    commit(&mut journal, [one(1, 2, paid(2))]);
    assert_eq!(reader.read_family(family(1)).unwrap().entries.len(), 3);
}

#[test]
fn files_that_are_something_else_are_left_alone() {
    let other_database = |path: &Path| {
        let database = Connection::open(path).unwrap();
        database.execute_batch("CREATE TABLE recipe (name TEXT)").unwrap();
    };
    let text = |path: &Path| fs::write(path, "dear diary, ".repeat(400)).unwrap();
    let writers: [&dyn Fn(&Path); 2] = [&other_database, &text];
    for write in writers {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(DATABASE);
        write(&path);
        let before = fs::read(&path).unwrap();
        let error = SqliteJournal::open(directory.path()).unwrap_err();
        assert!(matches!(error, StoreError::Foreign { .. }), "{error:?}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_journal() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("a/b");
    let mut journal = SqliteJournal::open(&data).unwrap();
    commit(&mut journal, [one(1, 0, paid(1))]);
    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    let files = fs::read_dir(&data).unwrap().map(|file| file.unwrap());
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.path().display());
    }
}

#[test]
fn a_file_is_not_a_directory() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    let error = SqliteJournal::open(&file).unwrap_err();
    assert!(matches!(error, StoreError::File { .. }), "{error:?}");
    assert!(error.to_string().contains("file"), "{error}");
}

/// Opens the journal in another process, as another user where one is given, and returns what
/// it says.
fn ask_another(test: &str, directory: &Path, user: Option<u32>) -> String {
    let mut command = process::again(test, directory);
    #[cfg(unix)]
    if let Some(user) = user {
        std::os::unix::process::CommandExt::uid(&mut command, user);
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn say_why_not(directory: &Path) {
    let error = SqliteJournal::open(directory).unwrap_err();
    println!("{error}; hint: {}", error.hint());
}

fn with_entries(entries: u64) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(directory.path()).unwrap();
    commit(&mut journal, (0..entries).map(|number| one(1, number, paid(number))));
    directory
}
