//! The deterministic simulation: the nodes that are shipped, without threads and sockets, and a
//! store, a network and pharmacies that do whatever a seed says. The
//! [auditor](openpbm_model::auditor) hears of everything that is sent, answered and journaled, and
//! says whether it was right.
//!
//! Faults are commits that fail before or after they took effect, for a moment or for long; reads
//! that fail; slow disks; transmissions and answers that are lost, late or doubled; pharmacies
//! that give up and send again to another node; nodes that end between any two steps; two or
//! three nodes that race on one family; clocks that jump; books that are published in between.
//!
//! A seed is a story: it happens the same way each time.

mod books;
mod bug;
mod chance;
mod clock;
mod desk;
mod failure;
mod host;
mod last;
mod network;
mod store;
mod trace;
mod world;

pub use books::Books;
pub use bug::Bug;
pub use chance::{Chances, Faults};
pub use failure::Failure;
pub use store::{Outage, Store};
pub use world::{Outcome, Setting, run};
