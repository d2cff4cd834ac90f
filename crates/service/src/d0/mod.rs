//! Between D.0's segments and the requests and answers of the engine.
//!
//! [`read`] turns bytes into requests; what a field lacks becomes a "missing or invalid" reject
//! with the field's occurrence, never an error. [`write`] turns answers into bytes.

mod collect;
mod details;
mod read;
mod transaction;
mod write;

pub(crate) use read::{Reading, cut_short, read};
pub(crate) use write::{Reply, write};
