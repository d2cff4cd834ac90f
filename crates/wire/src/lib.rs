//! Bytes to typed segments and back, for the formats that reach a pharmacy benefit manager.
//!
//! Syntax only: nothing here knows what a claim is worth or who may be paid. The crate depends on
//! nothing else of the project, never does I/O of its own on the hot path, and never panics.
//!
//! Facts about the formats (field numbers, lengths) are cited; every description is in our own
//! words, because the standards' texts are licensed.

pub mod ncpdp;
