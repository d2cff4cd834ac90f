//! HTTP: one file for each resource of the API, and the console beside them.
//!
//! The API's routes are one table, [`TABLE`], that the router is built from; `openapi.json`
//! describes the same routes, and a test compares the two.

mod benefit_check;
mod claims;
mod days;
mod error;
mod guard;
mod health;
mod metrics;
mod ncpdp;
mod openapi;

use std::io;
use std::time::Duration;

use axum::Router;
use axum::http::Method;
use axum::routing::{MethodRouter, any, get, post};
use axum::serve::ListenerExt;
use openpbm_service::Pbm;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::Limits;
use crate::connections::Connections;

/// What every handler may use.
#[derive(Clone)]
struct Doors {
    pbm: Pbm,
    connections: Connections,
    probe: health::Probe,
    /// How long a request's body may take to arrive.
    body_within: Duration,
}

/// A route: its method, its path, and what serves it.
type Route = (Method, &'static str, fn() -> MethodRouter<Doors>);

const TABLE: [Route; 9] = [
    (Method::POST, "/ncpdp", || post(ncpdp::decide)),
    (Method::GET, "/healthz", || get(health::alive)),
    (Method::GET, "/readyz", || get(health::ready)),
    (Method::GET, "/metrics", || get(metrics::text)),
    (Method::GET, "/api/openapi.json", || get(openapi::document)),
    (Method::GET, "/api/v1/claims", || get(claims::list)),
    (Method::GET, "/api/v1/claims/{id}", || get(claims::show)),
    (Method::POST, "/api/v1/benefit-check", || post(benefit_check::answer)),
    (Method::GET, "/api/v1/days", || get(days::list)),
];

/// The API's routes, without the console's pages.
pub fn routes() -> impl Iterator<Item = (Method, &'static str)> {
    TABLE.into_iter().map(|(method, path, _)| (method, path))
}

/// Everything that HTTP serves.
pub(crate) fn router(
    pbm: Pbm,
    connections: Connections,
    allow_remote: bool,
    limits: &Limits,
) -> Router {
    let (probe, body_within) = (health::Probe::default(), limits.frame_within);
    let doors = Doors { pbm: pbm.clone(), connections, probe, body_within };
    let api = TABLE
        .into_iter()
        .fold(Router::new(), |router, (_, path, handler)| router.route(path, handler()));
    let router = api
        .route("/api", any(error::no_resource))
        .route("/api/", any(error::no_resource))
        .route("/api/{*path}", any(error::no_resource))
        .with_state(doors)
        .merge(openpbm_console::router(pbm))
        .method_not_allowed_fallback(error::wrong_method);
    guard::around(router, allow_remote)
}

/// Serves until told to stop; returns when the requests that were taken in are answered.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) -> io::Result<()> {
    let stop = async move {
        // A server that is gone cannot tell any more, and means the same.
        let _ = stopping.wait_for(|&stop| stop).await;
    };
    let listener = listener.tap_io(|stream| {
        // A small answer shall not wait for more to come.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "no delay could not be set");
        }
    });
    axum::serve(listener, router).with_graceful_shutdown(stop).await
}
