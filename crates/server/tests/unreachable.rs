//! A store that goes away and comes back: every door has a word for it, and nobody has to be
//! told when it is over.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use openpbm_book::Book;
use openpbm_core::{ClaimId, Date, Family, FamilyId, Npi, PrescriptionNumber};
use openpbm_server::Limits;
use openpbm_service::{Options, Pbm, SystemClock};
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{
    Appended, Capability, Counts, Cursor, Damage, Filter, History, Journal, Reader, Recorded,
    Sealed, StoreError, Unit,
};
use openpbm_wire::ncpdp::framing::Framing;
use tempfile::TempDir;

use crate::client::{ask, post, verdict};
use crate::running::Running;
use openpbm_house::Fill;

/// Whether the store is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    There,
    Gone,
    /// It takes questions and does not answer.
    Silent,
}

/// The line to the store, that a test may cut.
#[derive(Clone)]
struct Switch(Arc<(Mutex<Line>, Condvar)>);

impl Switch {
    fn to(&self, line: Line) {
        *self.0.0.lock().unwrap() = line;
        self.0.1.notify_all();
    }

    /// Passes a question on, sooner or later, or says that the store is gone.
    fn pass(&self) -> Result<(), StoreError> {
        let line = self.0.0.lock().unwrap();
        let line = self.0.1.wait_while(line, |line| *line == Line::Silent).unwrap();
        match *line {
            Line::There => Ok(()),
            Line::Gone | Line::Silent => {
                Err(StoreError::Database { doing: "asking", source: "it is gone".into() })
            }
        }
    }
}

/// A real store behind the switch.
struct Far<T> {
    store: T,
    switch: Switch,
}

impl Journal for Far<SqliteJournal> {
    fn append(&mut self, units: &[Unit]) -> Result<Vec<Appended>, StoreError> {
        self.switch.pass()?;
        self.store.append(units)
    }

    fn remember(&mut self, state: &Family) -> Result<(), StoreError> {
        self.switch.pass()?;
        self.store.remember(state)
    }

    fn retire(&mut self, state: &Family) -> Result<u64, StoreError> {
        self.switch.pass()?;
        self.store.retire(state)
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::new(Far { store: self.store.reader(), switch: self.switch.clone() })
    }

    fn capabilities(&self) -> &'static [Capability] {
        self.store.capabilities()
    }
}

impl Reader for Far<Arc<dyn Reader>> {
    fn read_family(&self, family: FamilyId) -> Result<History, StoreError> {
        self.switch.pass()?;
        self.store.read_family(family)
    }

    fn find_entry(&self, id: ClaimId) -> Result<Option<Recorded>, StoreError> {
        self.switch.pass()?;
        self.store.find_entry(id)
    }

    fn find_billing(
        &self,
        pharmacy: Npi,
        prescription: PrescriptionNumber,
        date_of_service: Date,
    ) -> Result<Vec<FamilyId>, StoreError> {
        self.switch.pass()?;
        self.store.find_billing(pharmacy, prescription, date_of_service)
    }

    fn read_from(&self, cursor: Cursor, limit: usize) -> Result<Vec<Sealed>, StoreError> {
        self.switch.pass()?;
        self.store.read_from(cursor, limit)
    }

    fn recent(&self, filter: &Filter, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.switch.pass()?;
        self.store.recent(filter, limit)
    }

    fn heads(&self) -> Result<Vec<Cursor>, StoreError> {
        self.switch.pass()?;
        self.store.heads()
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        self.switch.pass()?;
        self.store.counts()
    }

    fn check(&self, visit: &mut dyn FnMut(Damage)) -> Result<(), StoreError> {
        self.switch.pass()?;
        self.store.check(visit)
    }
}

/// A server whose store is there until the switch is used.
async fn server() -> (Running, Switch, TempDir) {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample");
    let book = Book::load(&sample).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let clock = Arc::new(SystemClock::new().unwrap());
    let directory = tempfile::tempdir().unwrap();
    let switch = Switch(Arc::new((Mutex::new(Line::There), Condvar::new())));
    let store = SqliteJournal::open(directory.path()).unwrap();
    let journal = Box::new(Far { store, switch: switch.clone() });
    let pbm = Pbm::start(Arc::new(book), journal, clock, Options::default()).unwrap();
    (Running::on(pbm, Limits::default()).await, switch, directory)
}

#[tokio::test]
async fn it_lives_and_is_not_ready() {
    let (server, switch, _directory) = server().await;
    switch.to(Line::Gone);
    assert_eq!(server.ask("GET /healthz").await.status, 200);
    server.ask("GET /readyz").await.assert_error(503);
    server.ask("GET /api/v1/claims").await.assert_error(503);
    server.ask("GET /api/v1/claims/06EE4QCJ10000000000Z").await.assert_error(503);
    for path in ["/", "/claims/06EE4QCJ10000000000Z"] {
        let page = server.ask(&format!("GET {path}")).await;
        assert_eq!(page.status, 503);
        assert!(page.text().contains("Decisions cannot be read now"));
        assert!(!page.text().contains("it is gone"), "why stands in the log");
    }
}

#[tokio::test]
async fn claims_are_told_to_come_again() {
    let (server, switch, _directory) = server().await;
    switch.to(Line::Gone);
    let claim = Fill::eliquis(1).billing();
    assert_eq!(verdict(&ask(server.http, &post(&claim)).await.body), "A R,92");
    let mut client = server.connect().await;
    client.send(Framing::Length, &claim).await;
    assert_eq!(verdict(&client.answer(Framing::Length).await.unwrap()), "A R,92");
}

#[tokio::test]
async fn it_is_ready_again_by_itself() {
    let (server, switch, _directory) = server().await;
    let claim = Fill::eliquis(1).billing();
    for line in [Line::Gone, Line::Silent] {
        assert_eq!(server.ask("GET /readyz").await.text(), "ready\n");
        switch.to(line);
        // A question that nobody answers is an answer, too, and the next one as well.
        for _ in 0..2 {
            let asked = server.ask("GET /readyz");
            let asked = tokio::time::timeout(Duration::from_secs(30), asked).await.unwrap();
            asked.assert_error(503);
            assert_eq!(server.ask("GET /healthz").await.status, 200);
        }
        switch.to(Line::There);
        let mut answer = server.ask("GET /readyz").await;
        while answer.status != 200 {
            answer = server.ask("GET /readyz").await;
        }
        // Nobody is enrolled here: a rejection, and not 92, means that it decides again.
        let verdict = verdict(&ask(server.http, &post(&claim)).await.body);
        assert!(verdict.starts_with("A R") && !verdict.contains("92"), "{verdict}");
    }
}

#[tokio::test]
async fn metrics_say_that_it_is_gone_and_back() {
    let (server, switch, _directory) = server().await;
    for (line, up) in [(Line::There, 1), (Line::Gone, 0), (Line::There, 1)] {
        switch.to(line);
        let expected = format!("openpbm_store_up {up}\n");
        while !server.ask("GET /metrics").await.text().contains(&expected) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
