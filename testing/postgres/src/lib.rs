//! A PostgreSQL server for tests: started from the programs that are installed, on a unix socket
//! in a directory of its own, and ended by its process id.
//!
//! A test of many takes a [`Database`] of the server that the whole test program shares:
//! [`Database::new`]. It is that of `OPENPBM_TEST_POSTGRES` where that variable names one by its
//! URL, and one started for the purpose otherwise. A test that kills the server takes a
//! [`Server`] to itself.
//!
//! Whoever asks for a server and cannot have one gets an error with a hint: tests that need one
//! fail, they are not left out.

mod database;
mod error;
mod guard;
mod programs;
mod server;
mod user;

pub use database::{Database, TEST_SERVER};
pub use error::ServerError;
pub use server::{Ended, Server};
