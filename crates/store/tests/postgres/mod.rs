//! The store on PostgreSQL, on a real server: under the contract, and what it claims beyond.

mod faults;
mod opening;
mod racing;

use openpbm_postgres::Database;
use openpbm_store::postgres::PostgresJournal;
use openpbm_store::{Journal, StoreError};

use crate::contract::{self, Setup};

/// A journal in a database that goes when the test ends.
pub(crate) struct Store(Database);

impl Store {
    pub(crate) fn new() -> Self {
        // Not left out: a test that needs a server fails without one.
        let made = Database::new();
        Self(made.unwrap_or_else(|error| panic!("{error}; hint: {}", error.hint())))
    }

    pub(crate) fn url(&self) -> &str {
        self.0.url()
    }

    /// What `psql` prints.
    pub(crate) fn sql(&self, sql: &str) -> String {
        self.0.run(sql).unwrap()
    }

    pub(crate) fn journal(&self) -> PostgresJournal {
        PostgresJournal::open(self.url()).unwrap()
    }
}

impl Setup for Store {
    fn open(&self) -> Result<Box<dyn Journal>, StoreError> {
        Ok(Box::new(PostgresJournal::open(self.url())?))
    }
}

contract!(Store::new);

#[test]
fn it_claims_what_its_golden_list_says() {
    assert_eq!(contract::claims(&Store::new()), include_str!("../golden/postgres.txt"));
}
