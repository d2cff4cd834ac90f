//! The pages: decisions as people read them, rendered on the server.
//!
//! The rules of the road: HTML stands in `templates/`, never in Rust. Everything that a page
//! needs is embedded and served from here; no page asks another origin for anything. Every page
//! works without JavaScript; the one small script only saves the flicker of a reload. Until there
//! is a login, no page names a member.

mod assets;
mod claim;
mod decisions;
mod frame;
mod money;
mod problem;
mod read;
mod status;
mod timeline;

use axum::Router;
use axum::routing::get;
use openpbm_service::Pbm;

/// What every page may use.
#[derive(Clone)]
struct Console {
    pbm: Pbm,
}

/// All pages, what they need, and a friendly page for every other path. The first page counts
/// what was decided if the projections of the PBM were started.
pub fn router(pbm: Pbm) -> Router {
    Router::new()
        .route("/", get(decisions::page))
        .route("/claims/{id}", get(claim::page))
        .route(assets::STYLE.path, get(|asked| assets::STYLE.serve(asked)))
        .route(assets::SCRIPT.path, get(|asked| assets::SCRIPT.serve(asked)))
        .route(assets::ICON.path, get(|asked| assets::ICON.serve(asked)))
        .fallback(problem::no_page)
        .with_state(Console { pbm })
}
