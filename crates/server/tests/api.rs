//! The API's routes, its description, and what it says to requests that make no sense.

use openpbm_server::Limits;
use serde_json::Value;

use crate::client::{ask, post, verdict};
use crate::running::Running;
use openpbm_house::Fill;

/// The methods and paths of the description.
fn described(document: &Value) -> Vec<(String, String)> {
    let mut routes = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            routes.push((method.to_uppercase(), path.clone()));
        }
    }
    routes.sort();
    routes
}

#[tokio::test]
async fn every_route_is_described_and_every_description_is_a_route() {
    let server = Running::start(Limits::default()).await;
    let document = server.ask("GET /api/openapi.json").await.json();
    let routes = openpbm_server::routes();
    let mut routes: Vec<_> = routes.map(|(m, path)| (m.to_string(), path.to_owned())).collect();
    routes.sort();
    assert_eq!(described(&document), routes);
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
}

#[tokio::test]
async fn every_reference_of_the_description_leads_somewhere() {
    let server = Running::start(Limits::default()).await;
    let document = server.ask("GET /api/openapi.json").await.json();
    let text = document.to_string();
    let references: Vec<_> = text.split("\"$ref\":\"#").skip(1).collect();
    assert!(references.len() > 10);
    for reference in references {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}

#[tokio::test]
async fn every_route_answers() {
    let server = Running::start(Limits::default()).await;
    let id = crate::claims::paid(&server).await;
    for (method, path) in openpbm_server::routes() {
        let path = path.replace("{id}", &id);
        let body = match path.as_str() {
            "/api/v1/benefit-check" => crate::benefit_check::EXAMPLE,
            _ => "",
        };
        let (kind, length) = ("content-type: application/json", body.len());
        let request = format!("{method} {path}\r\n{kind}\r\ncontent-length: {length}");
        let answer = server.ask_with(&request, body).await;
        assert_eq!(answer.status, 200, "{method} {path}: {}", answer.text());
        assert!(answer.head.contains("x-content-type-options: nosniff"), "{path}");
        // The wrong method is refused, and told which one is right.
        let answer = server.ask(&format!("PATCH {path}")).await;
        answer.assert_error(405);
        assert!(answer.head.contains("\r\nallow: "), "{}", answer.head);
    }
}

#[tokio::test]
async fn health_is_one_thing_and_readiness_another() {
    let server = Running::start(Limits::default()).await;
    assert_eq!(server.ask("GET /healthz").await.text(), "alive\n");
    assert_eq!(server.ask("GET /readyz").await.text(), "ready\n");
}

#[tokio::test]
async fn metrics_are_openmetrics_and_count() {
    let server = Running::start(Limits::default()).await;
    ask(server.http, &post(&Fill::eliquis(1).billing())).await;
    let metrics = server.ask("GET /metrics").await;
    assert!(metrics.head.contains("content-type: application/openmetrics-text; version=1.0.0"));
    assert!(metrics.text().contains("openpbm_answers_total{answer=\"paid\"} 1"));
    assert!(metrics.text().ends_with("# EOF\n"));
    assert_eq!(metrics.text().matches("# EOF").count(), 1);
}

#[tokio::test]
async fn days_are_listed_newest_first() {
    let server = Running::start(Limits::default()).await;
    ask(server.http, &post(&Fill::eliquis(1).billing())).await;
    let mut page = Value::Null;
    // Whoever counts follows the journal, and may be a moment behind.
    while page["total"]["paid"] != 1 {
        page = server.ask("GET /api/v1/days").await.json();
    }
    let day = &page["days"][0];
    assert_eq!((&day["date"], &day["paid"]), (&"2026-03-12".into(), &1.into()));
    assert_eq!(day["plan_pays"], page["total"]["plan_pays"]);
    assert_eq!(page["next"], Value::Null);
    let none = server.ask("GET /api/v1/days?before=2026-03-12").await.json();
    assert_eq!(none["days"], Value::Array(Vec::new()));
    for wrong in ["before=yesterday", "limit=0", "limit=367", "limit=x", "after=2026-01-01"] {
        server.ask(&format!("GET /api/v1/days?{wrong}")).await.assert_error(400);
    }
}

#[tokio::test]
async fn ncpdp_goes_over_http_too() {
    let server = Running::start(Limits::default()).await;
    let answer = ask(server.http, &post(&Fill::eliquis(1).billing())).await;
    assert_eq!((answer.status, verdict(&answer.body).as_str()), (200, "A P"));
    assert!(answer.head.contains("content-type: application/octet-stream"));
    // What makes no sense is refused in NCPDP's terms.
    for body in [b"".as_slice(), b"hello", &[0xFF; 100]] {
        let answer = ask(server.http, &post(body)).await;
        assert_eq!(answer.status, 200);
        assert!(verdict(&answer.body).starts_with("R R,"));
    }
}

#[tokio::test]
async fn a_body_too_long_or_too_slow_is_an_error_of_http() {
    let frame_within = std::time::Duration::from_millis(200);
    let server = Running::start(Limits { frame_within, ..Limits::default() }).await;
    let longest = vec![b'X'; openpbm_wire::ncpdp::MAX_TRANSMISSION];
    assert_eq!(ask(server.http, &post(&longest)).await.status, 200);
    let longer = vec![b'X'; openpbm_wire::ncpdp::MAX_TRANSMISSION + 1];
    ask(server.http, &post(&longer)).await.assert_error(413);
    server.ask("POST /ncpdp\r\ncontent-length: 100\r\n\r\n900001").await.assert_error(408);
}

#[tokio::test]
async fn a_path_that_leads_nowhere_is_told_so() {
    let server = Running::start(Limits::default()).await;
    for path in ["/api", "/api/", "/api/v1", "/api/v2/claims", "/api/v1/claims/"] {
        server.ask(&format!("GET {path}")).await.assert_error(404);
    }
    let page = server.ask("GET /nowhere").await;
    assert_eq!(page.status, 404);
    assert!(page.head.contains("content-type: text/html"), "people get a page");
}
