//! One serving process: started, asked whether it is ready, and killed without a word.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail, ensure};

use crate::program::Program;

/// A server that is not ready after so long never will be.
const READY_WITHIN: Duration = Duration::from_secs(60);
const SIGKILL: i32 = 9;

/// A server that does not take claims; its log says why.
#[derive(Debug)]
pub(crate) struct NotReady {
    node: usize,
    log: PathBuf,
    /// How it ended, if it did.
    ended: Option<ExitStatus>,
}

impl NotReady {
    /// True if it refused its own store.
    pub(crate) fn has_found_damage(&self) -> bool {
        let said = std::fs::read_to_string(&self.log).unwrap_or_default();
        self.ended.is_some() && said.contains("is damaged")
    }
}

impl fmt::Display for NotReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { node, log, ended } = self;
        match ended {
            Some(how) => write!(f, "node {node} is not ready, it ended: {how}")?,
            None => write!(f, "node {node} is not ready, it is still starting")?,
        }
        write!(f, "; see {}", log.display())
    }
}

impl Error for NotReady {}

/// Where the nodes listen for pharmacies right now; `None` while one is down.
#[derive(Debug, Default)]
pub(crate) struct Doors(Vec<Mutex<Option<SocketAddr>>>);

impl Doors {
    pub(crate) fn new(nodes: usize) -> Arc<Self> {
        Arc::new(Self((0..nodes).map(|_| Mutex::new(None)).collect()))
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn of(&self, node: usize) -> Option<SocketAddr> {
        *self.0.get(node)?.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, node: usize, address: Option<SocketAddr>) {
        if let Some(door) = self.0.get(node) {
            *door.lock().unwrap_or_else(PoisonError::into_inner) = address;
        }
    }
}

/// A data directory with `openpbm serve` on it.
#[derive(Debug)]
pub(crate) struct Node {
    number: usize,
    program: Program,
    pub(crate) data: PathBuf,
    doors: Arc<Doors>,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    process: Child,
    ready: Receiver<String>,
    http: Option<SocketAddr>,
}

impl Node {
    pub(crate) const fn new(
        number: usize,
        program: Program,
        data: PathBuf,
        doors: Arc<Doors>,
    ) -> Self {
        Self { number, program, data, doors, running: None }
    }

    /// Starts the process without waiting for it.
    pub(crate) fn start(&mut self) -> anyhow::Result<()> {
        ensure!(self.running.is_none(), "node {} runs already", self.number);
        let log = self.log();
        let log = File::options().create(true).append(true).open(&log).context("the node's log")?;
        let listen: [&dyn AsRef<_>; 7] = [
            &"serve",
            &"--data",
            &self.data,
            &"--http",
            &"127.0.0.1:0",
            &"--ncpdp",
            &"127.0.0.1:0",
        ];
        let mut command = self.program.command(&listen);
        let command = command.stdout(Stdio::piped()).stderr(log);
        let mut process = command.spawn().context("starting the server")?;
        let printed = process.stdout.take().context("the server has no standard output")?;
        self.running = Some(Running { process, ready: first_line(printed), http: None });
        Ok(())
    }

    /// Waits until it takes claims.
    pub(crate) fn await_ready(&mut self) -> anyhow::Result<()> {
        let log = self.log();
        let running = self.running.as_mut().context("the node was not started")?;
        let Ok(line) = running.ready.recv_timeout(READY_WITHIN) else {
            let ended = running.process.try_wait().ok().flatten();
            return Err(NotReady { node: self.number, log, ended }.into());
        };
        running.http = Some(named(&line, "http=")?);
        self.doors.set(self.number, Some(named(&line, "ncpdp=")?));
        Ok(())
    }

    /// Ends the process where it stands. It must have been alive: a server that ends by itself
    /// under load is a finding.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        let Some(mut running) = self.running.take() else { return Ok(()) };
        self.doors.set(self.number, None);
        // An error says that it has ended already; how, is seen below.
        let _ = running.process.kill();
        let ended = running.process.wait().context("waiting for the killed server")?;
        if ended.signal() != Some(SIGKILL) {
            bail!("node {} ended by itself: {ended}; see {}", self.number, self.log().display());
        }
        Ok(())
    }

    /// Whether `GET /readyz` says yes. No answer is a no.
    pub(crate) fn is_ready(&self) -> bool {
        let http = self.running.as_ref().and_then(|running| running.http);
        http.is_some_and(|http| ready(http).unwrap_or(false))
    }

    fn log(&self) -> PathBuf {
        self.data.with_extension("log")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Whatever went wrong was said before.
        let _ = self.kill();
    }
}

/// The first line of the output; the rest is read and forgotten, so that the pipe never fills.
fn first_line(output: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = sync_channel(1);
    thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = String::new();
        if output.read_line(&mut line).is_ok_and(|length| length > 0) {
            // Nobody waits any more for a node that was killed while it started.
            let _ = sender.send(line);
        }
        let _ = std::io::copy(&mut output, &mut std::io::sink());
    });
    receiver
}

/// The address behind a name in `ready http=127.0.0.1:1 ncpdp=127.0.0.1:2`.
fn named(line: &str, name: &str) -> anyhow::Result<SocketAddr> {
    let address = line.split_whitespace().find_map(|word| word.strip_prefix(name));
    let address = address.with_context(|| format!("no {name} in the server's `{line}`"))?;
    address.parse().with_context(|| format!("reading {name} in the server's `{line}`"))
}

fn ready(http: SocketAddr) -> std::io::Result<bool> {
    let patience = Duration::from_secs(5);
    let mut stream = TcpStream::connect_timeout(&http, patience)?;
    stream.set_read_timeout(Some(patience))?;
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {http}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut status = [0; 12];
    stream.read_exact(&mut status)?;
    Ok(status.ends_with(b" 200"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_from_the_line_that_says_ready() {
        let line = "ready http=127.0.0.1:8080 ncpdp=127.0.0.1:8686\n";
        assert_eq!(named(line, "ncpdp=").unwrap(), "127.0.0.1:8686".parse().unwrap());
        assert!(named("stopping", "http=").is_err());
    }

    #[test]
    fn a_door_is_shut_until_it_is_opened() {
        let doors = Doors::new(2);
        doors.set(1, "127.0.0.1:9".parse().ok());
        assert_eq!((doors.of(0), doors.of(2)), (None, None));
        assert!(doors.of(1).is_some());
    }
}
