//! Asks the console for pages, without a network.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;

use openpbm_house::{Fill, House};

/// What came back.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// A console and what it shows.
pub(crate) struct Browser {
    pub(crate) house: House,
    console: Router,
}

impl Browser {
    /// A console on a house where nothing has been decided.
    pub(crate) fn open() -> Self {
        let house = House::open();
        house.pbm.start_projections().unwrap();
        Self::on(house)
    }

    /// A console on a house.
    pub(crate) fn on(house: House) -> Self {
        let console = openpbm_console::router(house.pbm.clone());
        Self { house, console }
    }

    /// The same with a paid, two rejected, a reversed and a refused claim, oldest first.
    pub(crate) async fn with_decisions() -> (Self, Decided) {
        let browser = Self::open();
        browser.decide(Fill::eliquis(7_000_001).billing()).await;
        browser.decide(Fill { ndc: FARXIGA, ..Fill::eliquis(7_000_002) }.billing()).await;
        browser.decide(Fill { ndc: HUMIRA, ..Fill::eliquis(7_000_003) }.billing()).await;
        browser.decide(Fill::eliquis(7_000_001).reversal()).await;
        browser.decide(b"900001D0B1OPENPBM   ".to_vec()).await;
        let rows = browser.house.pbm.decisions(None, 10).unwrap();
        let ids: Vec<_> = rows.iter().rev().map(|row| row.id.to_string()).collect();
        let [paid, step, specialty, reversal, refused] = ids.try_into().unwrap();
        (browser, Decided { paid, step, specialty, reversal, refused })
    }

    /// Sends a transmission past all doors.
    pub(crate) async fn decide(&self, transmission: Vec<u8>) {
        self.house.pbm.submit(transmission).response().await;
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn ask(&self, request: Request<Body>) -> Page {
        let response = self.console.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.into()).unwrap();
        Page { status: parts.status, headers: parts.headers, text }
    }
}

/// The ids of the decisions.
pub(crate) struct Decided {
    pub(crate) paid: String,
    pub(crate) step: String,
    pub(crate) specialty: String,
    pub(crate) reversal: String,
    pub(crate) refused: String,
}

impl Decided {
    /// The pages of all of them.
    pub(crate) fn paths(&self) -> Vec<String> {
        let ids = [&self.paid, &self.step, &self.specialty, &self.reversal, &self.refused];
        ids.iter().map(|id| format!("/claims/{id}")).collect()
    }
}

const FARXIGA: &str = "00310621030";
const HUMIRA: &str = "00074055402";

/// Checks that a page holds all of these texts, one behind the other.
pub(crate) fn assert_in_order(page: &str, texts: &[&str]) {
    let mut rest = page;
    for text in texts {
        let Some((_, after)) = rest.split_once(text) else {
            panic!("`{text}` is not there, or not in its place, in:\n{page}");
        };
        rest = after;
    }
}
