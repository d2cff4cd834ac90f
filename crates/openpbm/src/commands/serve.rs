//! `openpbm serve`: a PBM on a data directory, until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use openpbm_server::{Config, Server};
use openpbm_service::Pbm;
use tokio::signal::unix::Signal;

use crate::cli::{Listen, Serve};
use crate::data::Data;
use crate::failure::{Context, Failure};
use crate::terminal;

pub(crate) fn run(args: &Serve) -> Result<(), Failure> {
    let data = Data::at(&args.place).with_memory(&args.memory);
    let pbm = data.start_now()?;
    if args.reprocess {
        pbm.start_reprocessing().map_err(Failure::new)?;
    }
    serve(pbm.clone(), &args.listen, |_| {
        tokio::spawn(follow_publications(data, pbm));
    })
}

/// How often a server looks whether another book was published.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Lets a newly published book decide from the next claim on. A book that cannot be read changes
/// nothing: the one that decides goes on.
async fn follow_publications(data: Data, pbm: Pbm) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let (data, deciding) = (data.clone(), pbm.book().version());
        let newer = tokio::task::spawn_blocking(move || data.newer_book(deciding)).await;
        match newer {
            Ok(Ok(None)) => {}
            Ok(Ok(Some(book))) => {
                terminal::note(format_args!("book {} decides from now on", book.version().short()));
                pbm.publish(Arc::new(book));
            }
            Ok(Err(failure)) => tracing::warn!(message = failure.message, "no new book"),
            Err(error) => tracing::warn!(%error, "no new book"),
        }
    }
}

/// Serves until SIGINT or SIGTERM, then finishes what was accepted. `ready` is called once both
/// listeners answer.
pub(crate) fn serve(pbm: Pbm, listen: &Listen, ready: impl FnOnce(&Server)) -> Result<(), Failure> {
    let runtime = openpbm_server::runtime("server").context("starting the runtime")?;
    runtime.block_on(async {
        let config = Config {
            http: listen.http,
            ncpdp: listen.ncpdp,
            allow_remote_http: listen.allow_remote_http,
            ..Config::default()
        };
        let server = Server::bind(pbm, config).await.map_err(|error| {
            let hint = error.hint();
            Failure::new(error).hint(hint)
        })?;
        let stop = stop_signal();
        terminal::out(format_args!(
            "ready http={} ncpdp={}",
            server.http_addr(),
            server.ncpdp_addr()
        ));
        ready(&server);
        server.run(stop).await.map_err(Failure::new)
    })
}

/// Ends when the process is asked to end. It is heard from the call on, not from the first poll:
/// whoever was told that the server is ready may end it at once.
fn stop_signal() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = heard(signal(SignalKind::interrupt()));
    let terminate = heard(signal(SignalKind::terminate()));
    async {
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
        }
        terminal::note("stopping: finishing what was accepted");
    }
}

async fn heard(signal: std::io::Result<Signal>) {
    match signal {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(error) => {
            tracing::warn!(%error, "a signal cannot be watched for");
            std::future::pending().await
        }
    }
}
