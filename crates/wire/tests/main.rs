//! What the wire promises, shown from outside.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod batch;
mod choices;
mod dictionary;
mod fixtures;
mod framing;
mod hard_inputs;
mod overpunch;
mod properties;
mod real_data;
mod requests;
mod responses;
