//! The doors of the house: NCPDP over TCP for pharmacies, HTTP for everybody else.
//!
//! A [`Server`] holds both listeners and hands what comes in to one [`Pbm`]. It decides nothing:
//! it frames, limits, orders and refuses politely. Whatever is sent to it is answered, and no
//! connection can harm another: each has its own limits of time, size and number ([`Limits`]).
//!
//! ```no_run
//! use openpbm_server::{Config, Server};
//! # use openpbm_service::Pbm;
//! # async fn serve(pbm: Pbm) -> Result<(), openpbm_server::ServeError> {
//! let server = Server::bind(pbm, Config::default()).await?;
//! println!("ready http={} ncpdp={}", server.http_addr(), server.ncpdp_addr());
//! // Serves until the future ends, then finishes what was taken in and shuts the PBM down.
//! server.run(async { drop(tokio::signal::ctrl_c().await) }).await
//! # }
//! ```
//!
//! [`Pbm`]: openpbm_service::Pbm

mod config;
mod connections;
mod error;
mod http;
mod ncpdp;
mod runtime;
mod server;

pub use config::{Config, Limits};
pub use error::ServeError;
pub use http::routes;
pub use runtime::runtime;
pub use server::Server;
