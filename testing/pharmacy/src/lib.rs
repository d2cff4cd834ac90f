//! A pharmacy's side of D.0, for tests that drive the program through its bytes: operations
//! become transmissions, responses become replies.
//!
//! It is written from the fields' side and knows nothing of how the service reads or writes
//! them, so a mistake in either is found by the other.

mod reply;
mod request;

pub use reply::{NoReply, read, read_all};
pub use request::{billing, eligibility, rebill, request, reversal};
