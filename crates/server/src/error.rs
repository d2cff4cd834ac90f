//! Why a server does not serve.

use std::io;
use std::net::SocketAddr;

/// A server that could not start, or had to end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// HTTP was told to listen beyond this machine.
    #[error("http would listen on {0}, beyond this machine, and there is no login yet")]
    RemoteHttp(SocketAddr),
    /// An address cannot be listened on.
    #[error("{door} cannot listen on {address}: {source}")]
    Bind {
        /// `http` or `ncpdp`.
        door: &'static str,
        /// The address.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// A part of the server ended by itself.
    #[error("the server ended by itself: {0}")]
    Ended(io::Error),
}

impl ServeError {
    /// What to do about it, for a line that starts with `hint:`.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::RemoteHttp(_) => {
                "listen on 127.0.0.1, or pass --allow-remote-http to show every decision to \
                 whoever reaches that address"
            }
            Self::Bind { .. } => "is another program listening there? port 0 takes a free one",
            Self::Ended(_) => "the log says what happened before",
        }
    }
}
