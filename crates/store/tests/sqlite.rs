//! The embedded store under the contract, and what it claims beyond.

use openpbm_store::sqlite::{DATABASE, INDEX, SqliteJournal};
use openpbm_store::{Journal, StoreError};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::contract::{self, Setup, one};
use crate::entries::{enrolled, id, key, paid, rejected, reversed};

/// A journal in a directory that goes when the test ends.
pub(crate) struct Directory(TempDir);

impl Directory {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
}

impl Setup for Directory {
    fn open(&self) -> Result<Box<dyn Journal>, StoreError> {
        Ok(Box::new(SqliteJournal::open(self.0.path())?))
    }
}

contract!(Directory::new);

#[test]
fn it_claims_what_its_golden_list_says() {
    assert_eq!(contract::claims(&Directory::new()), include_str!("golden/sqlite.txt"));
}

#[test]
fn the_readmes_queries_answer() {
    let directory = Directory::new();
    let mut journal = directory.open().unwrap();
    let entries = [enrolled(0), paid(1), rejected(2), reversed(3, 1)];
    let units = (0..).zip(entries).map(|(version, entry)| one(1, version, entry));
    contract::commit(&mut *journal, units);
    let readme = include_str!("../README.md");
    let queries = readme.split("```sql").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    // What was written behind is in the index when the journal is closed.
    drop(journal);
    // The readme's claim, prescription and family, as they are here.
    let index = directory.0.path().join(INDEX);
    let queries = queries
        .replace("data/index.sqlite", index.to_str().unwrap())
        .replace("06E96VHR040000000001", &id(1).to_string())
        .replace("7001234", &key(1).prescription.to_string());
    let database = Connection::open(directory.0.path().join(DATABASE)).unwrap();
    let rows: Vec<usize> = queries
        .split_inclusive(';')
        .filter(|query| query.contains(';'))
        .map(|query| {
            let mut statement = database.prepare(query).unwrap();
            statement.query_map([], |_| Ok(())).unwrap().map(Result::unwrap).count()
        })
        .collect();
    assert_eq!(rows, [0, 3, 1, 4, 1, 4], "attached, answers, claim, entries, families, kinds");
}
