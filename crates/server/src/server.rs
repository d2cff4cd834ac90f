//! Both listeners as one thing that starts, serves and ends.

use std::future::Future;
use std::io;
use std::net::SocketAddr;

use openpbm_service::Pbm;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::config::{Config, Limits};
use crate::connections::Connections;
use crate::error::ServeError;
use crate::{http, ncpdp};

/// Both listeners, bound and not yet served. Clients may connect already; they are answered once
/// it runs.
pub struct Server {
    pbm: Pbm,
    http: TcpListener,
    http_addr: SocketAddr,
    ncpdp: TcpListener,
    ncpdp_addr: SocketAddr,
    allow_remote_http: bool,
    limits: Limits,
}

impl Server {
    /// Takes both addresses.
    ///
    /// # Errors
    ///
    /// [`ServeError::RemoteHttp`] if HTTP would be reachable from beyond this machine and the
    /// configuration does not say that it may; [`ServeError::Bind`] if an address is not to be had.
    pub async fn bind(pbm: Pbm, config: Config) -> Result<Self, ServeError> {
        let Config { http, ncpdp, allow_remote_http, limits } = config;
        if !http.ip().is_loopback() && !allow_remote_http {
            return Err(ServeError::RemoteHttp(http));
        }
        let (http, http_addr) = listen("http", http).await?;
        let (ncpdp, ncpdp_addr) = listen("ncpdp", ncpdp).await?;
        Ok(Self { pbm, http, http_addr, ncpdp, ncpdp_addr, allow_remote_http, limits })
    }

    /// Where HTTP listens, with the port that was taken.
    pub const fn http_addr(&self) -> SocketAddr {
        self.http_addr
    }

    /// Where NCPDP over TCP listens, with the port that was taken.
    pub const fn ncpdp_addr(&self) -> SocketAddr {
        self.ncpdp_addr
    }

    /// Serves until `shutdown` ends. Then takes nothing more in, finishes what it has taken in
    /// (for as long as [`Limits::grace`]), and shuts the PBM down.
    ///
    /// # Errors
    ///
    /// [`ServeError::Ended`] if a listener ended by itself. The PBM is shut down then, too.
    pub async fn run(self, shutdown: impl Future<Output = ()> + Send) -> Result<(), ServeError> {
        let Self { pbm, http, ncpdp, allow_remote_http, limits, .. } = self;
        pbm.start_projections().map_err(|error| ServeError::Ended(io::Error::other(error)))?;
        let (stop, stopping) = watch::channel(false);
        let connections = Connections::default();
        let router = http::router(pbm.clone(), connections.clone(), allow_remote_http, &limits);
        let mut doors: JoinSet<io::Result<()>> = JoinSet::new();
        doors.spawn(http::serve(http, router, stopping.clone()));
        doors.spawn(ncpdp::serve(ncpdp, pbm.clone(), limits.clone(), connections, stopping));

        let ended = tokio::select! {
            () = shutdown => Ok(()),
            Some(ended) = doors.join_next() => Err(early(ended)),
        };
        // The doors hear of it, or have ended already.
        let _ = stop.send(true);
        let finish = async { while doors.join_next().await.is_some() {} };
        if tokio::time::timeout(limits.grace, finish).await.is_err() {
            tracing::warn!("some connections did not finish in time and are cut off");
            doors.shutdown().await;
        }
        let closed = tokio::task::spawn_blocking(move || pbm.shut_down()).await;
        ended.and(closed.map_err(|error| ServeError::Ended(io::Error::other(error))))
    }
}

async fn listen(
    door: &'static str,
    address: SocketAddr,
) -> Result<(TcpListener, SocketAddr), ServeError> {
    let failed = |source| ServeError::Bind { door, address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}

/// A door that closed before anybody asked it to.
fn early(ended: Result<io::Result<()>, tokio::task::JoinError>) -> ServeError {
    ServeError::Ended(match ended {
        Ok(Ok(())) => io::Error::other("a listener closed"),
        Ok(Err(error)) => error,
        Err(panicked) => io::Error::other(panicked),
    })
}
