//! More than can be done is answered at once with 92, and what was taken in is done.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use openpbm_core::Family;
use openpbm_service::{Options, Pbm};
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{Appended, Capability, Journal, Reader, StoreError, Unit};

use crate::house::{NoonClock, Sent, TODAY, book, lisinopril, read, transmission};

/// A journal on a disk that stands still until it is told to go on.
struct Stuck {
    journal: SqliteJournal,
    go: Mutex<Receiver<()>>,
}

impl Journal for Stuck {
    fn append(&mut self, units: &[Unit]) -> Result<Vec<Appended>, StoreError> {
        // Whoever lets go of the other end lets it go on for good.
        let _ = self.go.lock().unwrap_or_else(PoisonError::into_inner).recv();
        self.journal.append(units)
    }

    fn remember(&mut self, state: &Family) -> Result<(), StoreError> {
        self.journal.remember(state)
    }

    fn retire(&mut self, state: &Family) -> Result<u64, StoreError> {
        self.journal.retire(state)
    }

    fn reader(&self) -> Arc<dyn Reader> {
        self.journal.reader()
    }

    fn capabilities(&self) -> &'static [Capability] {
        self.journal.capabilities()
    }
}

/// A PBM that takes in so many transmissions at once.
fn house(most_in_flight: usize) -> (tempfile::TempDir, Pbm, Sender<()>) {
    let directory = tempfile::tempdir().unwrap();
    let (go, stuck) = channel();
    let journal = SqliteJournal::open(directory.path()).unwrap();
    let journal = Box::new(Stuck { journal, go: Mutex::new(stuck) });
    let options = Options { most_in_flight, ..Options::default() };
    let pbm = Pbm::start(book(), journal, NoonClock::on(TODAY), options).unwrap();
    (directory, pbm, go)
}

/// A claim for a card that nobody has: a decision that is made durable without any enrollment.
fn claim(number: usize) -> Vec<u8> {
    let prescription = number.to_string().leak();
    transmission(&[Sent { prescription, cardholder: "CSC999999", ..lisinopril() }])
}

/// The reject codes of an answer.
fn codes(response: &[u8]) -> Vec<String> {
    read(response).into_iter().flat_map(|got| got.codes).collect()
}

#[test]
fn what_is_too_much_is_refused_at_once_and_what_was_taken_is_done() {
    let (_directory, pbm, go) = house(10);
    let taken: Vec<_> = (1..=10).map(|number| pbm.submit(claim(number))).collect();
    for number in 11..=30 {
        // No waiting: the disk still stands.
        assert_eq!(codes(&pbm.submit(claim(number)).wait()), ["92"], "claim {number}");
    }
    drop(go);
    for pending in taken {
        assert_eq!(codes(&pending.wait()), ["52"], "it was taken in");
    }
    assert_eq!(codes(&pbm.submit(claim(31)).wait()), ["52"], "there is room again");
    pbm.shut_down();
}
