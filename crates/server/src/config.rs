//! Where to listen, and how much to put up with.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// How a server listens. Port 0 takes a free one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where HTTP listens: the API, the console, `POST /ncpdp`.
    pub http: SocketAddr,
    /// Where NCPDP over TCP listens.
    pub ncpdp: SocketAddr,
    /// Lets HTTP listen beyond this machine although there is no login.
    pub allow_remote_http: bool,
    /// What a connection may take up.
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            http: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            ncpdp: SocketAddr::from((Ipv4Addr::LOCALHOST, 8686)),
            allow_remote_http: false,
            limits: Limits::default(),
        }
    }
}

/// What a connection may take up, so that none harms another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// NCPDP connections at once; one more is closed as soon as it is accepted.
    pub connections: usize,
    /// Transmissions of one connection that wait for their answer; beyond them the connection is
    /// not read, which the sender feels as a full window.
    pub pipelined: usize,
    /// From a transmission's first byte to its last.
    pub frame_within: Duration,
    /// How long a connection may say nothing.
    pub idle_after: Duration,
    /// How long a client may take to read an answer.
    pub read_within: Duration,
    /// How long a shutdown waits for what was taken in.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1024,
            pipelined: 64,
            frame_within: Duration::from_secs(10),
            idle_after: Duration::from_secs(600),
            read_within: Duration::from_secs(10),
            grace: Duration::from_secs(30),
        }
    }
}
