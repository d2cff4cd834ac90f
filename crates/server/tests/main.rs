//! The server as its clients meet it, over real sockets, on a PBM of the sample book.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

mod api;
mod benefit_check;
mod browsing;
mod claims;
mod client;
mod framing;
mod hostile;
mod order;
mod running;
mod shutdown;
mod time;
mod unreachable;
mod watched;
