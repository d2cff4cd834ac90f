//! The journal on PostgreSQL, and on what speaks its protocol: many processes on one database.
//!
//! Compare-and-swap is the primary key (family, version) of the append itself: of two nodes that
//! append the same version of a family one fails, whichever they are, and nobody has to know of
//! anybody. A batch is a few pipelined statements over arrays, in one transaction. What must be
//! found otherwise (the order that projections read, a prescription's families) is written
//! behind by a sequencer, which any process may be.
//!
//! The traits of this crate block. Their callers may be threads of an async runtime, so the
//! connections live on a small runtime of the store's own and callers wait without one.
//!
//! `docs/adr/0009-journal-on-postgresql.md` says why this is enough at READ COMMITTED,
//! `docs/operating/scaling.md` how to run it on one server or on many.

mod append;
mod batch;
mod check;
mod driver;
mod failure;
mod find;
mod follow;
mod migration;
mod pool;
mod reader;
mod retention;
mod row;
mod sequencer;
mod session;
mod target;
mod writer;

pub use migration::Schema;
pub use reader::PostgresReader;
pub use writer::PostgresJournal;
