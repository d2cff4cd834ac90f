//! A store that cannot be reached: every door still has a word for it.

use std::path::Path;
use std::sync::Arc;

use openpbm_book::Book;
use openpbm_core::{ClaimId, Date, Entry, FamilyId, Npi, PrescriptionNumber};
use openpbm_server::Limits;
use openpbm_service::{Options, Pbm, SystemClock};
use openpbm_store::{
    Appended, Capability, Counts, Cursor, Filter, Journal, Reader, Recorded, StoreError, Unit,
    Visitor,
};
use openpbm_wire::ncpdp::framing::Framing;

use crate::client::{ask, post, verdict};
use crate::house::Fill;
use crate::running::Running;

/// A store that answers nothing.
struct Gone;

fn gone<T>() -> Result<T, StoreError> {
    Err(StoreError::Database { doing: "reading the journal", source: "it is gone".into() })
}

impl Journal for Gone {
    fn append(&mut self, _: &[Unit]) -> Result<Vec<Appended>, StoreError> {
        gone()
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::new(Gone)
    }

    fn capabilities(&self) -> &'static [Capability] {
        &[]
    }
}

impl Reader for Gone {
    fn read_family(&self, _: FamilyId) -> Result<Vec<(u64, Entry)>, StoreError> {
        gone()
    }

    fn find_entry(&self, _: ClaimId) -> Result<Option<Recorded>, StoreError> {
        gone()
    }

    fn find_billing(
        &self,
        _: Npi,
        _: PrescriptionNumber,
        _: Date,
    ) -> Result<Vec<FamilyId>, StoreError> {
        gone()
    }

    fn read_from(&self, _: Cursor, _: usize) -> Result<Vec<Recorded>, StoreError> {
        gone()
    }

    fn recent(&self, _: &Filter, _: usize) -> Result<Vec<Recorded>, StoreError> {
        gone()
    }

    fn heads(&self) -> Result<Vec<Cursor>, StoreError> {
        gone()
    }

    fn counts(&self) -> Result<Counts, StoreError> {
        gone()
    }

    fn verify(&self, _: &mut Visitor<'_>) -> Result<u64, StoreError> {
        gone()
    }
}

async fn server() -> Running {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample");
    let book = Book::load(&sample).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let clock = Arc::new(SystemClock::new().unwrap());
    let pbm = Pbm::start(Arc::new(book), Box::new(Gone), clock, Options::default()).unwrap();
    Running::on(pbm, Limits::default()).await
}

#[tokio::test]
async fn it_lives_and_is_not_ready() {
    let server = server().await;
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
    let server = server().await;
    let claim = Fill::eliquis(1).billing();
    assert_eq!(verdict(&ask(server.http, &post(&claim)).await.body), "A R,92");
    let mut client = server.connect().await;
    client.send(Framing::Length, &claim).await;
    assert_eq!(verdict(&client.answer(Framing::Length).await.unwrap()), "A R,92");
}
