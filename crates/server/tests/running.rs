//! A server that runs beside its test.

use std::net::SocketAddr;
use std::time::Duration;

use openpbm_server::{Config, Limits, ServeError, Server};
use openpbm_service::Pbm;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::client::{Answer, Client};
use openpbm_house::House;

/// A server on free ports of this machine.
pub(crate) struct Running {
    pub(crate) http: SocketAddr,
    pub(crate) ncpdp: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<Result<(), ServeError>>,
    /// Its journal lives as long as it does.
    _house: Option<House>,
}

/// Listens on free ports of this machine.
pub(crate) fn config(limits: Limits) -> Config {
    let free = "127.0.0.1:0".parse().unwrap();
    Config { http: free, ncpdp: free, limits, ..Config::default() }
}

impl Running {
    /// A server on a house of its own.
    pub(crate) async fn start(limits: Limits) -> Self {
        let house = House::open();
        let running = Self::on(house.pbm.clone(), limits).await;
        Self { _house: Some(house), ..running }
    }

    /// A server on a PBM.
    pub(crate) async fn on(pbm: Pbm, limits: Limits) -> Self {
        let server = Server::bind(pbm, config(limits)).await.unwrap();
        let (http, ncpdp) = (server.http_addr(), server.ncpdp_addr());
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(server.run(async { stopped.await.unwrap_or(()) }));
        Self { http, ncpdp, stop: Some(stop), task, _house: None }
    }

    /// A new connection to the NCPDP listener.
    pub(crate) async fn connect(&self) -> Client {
        Client::connect(self.ncpdp).await
    }

    /// Asks HTTP.
    pub(crate) async fn ask(&self, request: &str) -> Answer {
        crate::client::ask(self.http, request.as_bytes()).await
    }

    pub(crate) async fn ask_with(&self, head: &str, body: &str) -> Answer {
        let request = format!("{head}\r\n\r\n{body}");
        crate::client::ask(self.http, request.as_bytes()).await
    }

    /// Tells it to stop, without waiting.
    pub(crate) fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    /// Waits until it has stopped.
    pub(crate) async fn stopped(self) {
        let ended = tokio::time::timeout(Duration::from_secs(20), self.task).await;
        ended.expect("it stops").unwrap().unwrap();
    }
}
