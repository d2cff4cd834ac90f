//! The console as a browser sees it, on a PBM that has decided a few claims.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod browser;
mod claim;
mod decisions;
mod rules;
