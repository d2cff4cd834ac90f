//! The real server on a free port of loopback, on threads of its own.

use std::net::{Ipv4Addr, SocketAddr};

use openpbm_server::{Config, ServeError, Server};
use openpbm_service::Pbm;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::failure::{Context, Failure};

/// A free port of loopback.
pub(super) const ANYWHERE: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// The runtime that `openpbm serve` uses, its threads under a name.
pub(super) fn runtime(name: &'static str) -> Result<Runtime, Failure> {
    openpbm_server::runtime(name).context("starting the runtime")
}

/// A running server.
pub(super) struct Served {
    runtime: Runtime,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), ServeError>>,
}

impl Served {
    pub(super) fn start(pbm: Pbm) -> Result<Self, Failure> {
        let runtime = runtime("server")?;
        let config = Config { http: ANYWHERE, ncpdp: ANYWHERE, ..Config::default() };
        let server = runtime.block_on(Server::bind(pbm, config)).map_err(|error| {
            let hint = error.hint();
            Failure::new(error).hint(hint)
        })?;
        let address = server.ncpdp_addr();
        let (stop, stopped) = oneshot::channel();
        let ended = runtime.spawn(server.run(async {
            // A sender that is gone means stop, too.
            let _ = stopped.await;
        }));
        Ok(Self { runtime, address, stop, ended })
    }

    /// The NCPDP listener's address.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Finishes what was accepted and closes the journal.
    pub(super) fn stop(self) -> Result<(), Failure> {
        // A server that ended by itself says so below.
        let _ = self.stop.send(());
        let ended = self.runtime.block_on(self.ended).context("stopping the server")?;
        ended.map_err(Failure::new)
    }
}
