//! A pharmacy's terminal: it reaches any node that is up, sends a transmission, and waits for
//! the answer. It has no memory; who uses it sends again what was not answered.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use openpbm_model::{Reply, Rng};
use openpbm_wire::ncpdp::framing::{Deframer, Framing};

use crate::node::Doors;

/// Longer than the service takes to give a claim up (5 s), so that its own answer comes first.
const PATIENCE: Duration = Duration::from_secs(15);
/// One transmission in a hundred is not waited for: the pharmacist tries again at once.
const IMPATIENT_OF_100: i64 = 1;

/// What came of sending.
#[derive(Debug)]
pub(crate) enum Heard {
    /// An answer.
    Reply(Reply),
    /// Nothing, although something may have been done: the connection broke, or the terminal
    /// gave up.
    Nothing,
}

/// One terminal, with a connection to each node.
#[derive(Debug)]
pub(crate) struct Terminal {
    doors: Arc<Doors>,
    links: Vec<Option<Link>>,
    dice: Rng,
}

#[derive(Debug)]
struct Link {
    address: SocketAddr,
    stream: TcpStream,
    deframer: Deframer,
}

/// A node that was reached.
#[derive(Debug)]
pub(crate) struct Reached<'t> {
    place: &'t mut Option<Link>,
    link: Link,
    impatient: bool,
}

impl Terminal {
    pub(crate) fn new(doors: Arc<Doors>, seed: u64) -> Self {
        let links = (0..doors.count()).map(|_| None).collect();
        Self { doors, links, dice: Rng::new(seed) }
    }

    /// Connects to a node taken at random from those that are up, unless it is connected.
    pub(crate) fn reach(&mut self) -> Option<Reached<'_>> {
        let up: Vec<_> =
            (0..self.doors.count()).filter_map(|node| Some((node, self.doors.of(node)?))).collect();
        let &(node, address) = self.dice.choose(&up)?;
        let impatient = self.dice.percent(IMPATIENT_OF_100);
        let place = self.links.get_mut(node)?;
        let known = place.take().filter(|link| link.address == address);
        let link = known.or_else(|| Link::open(address).ok())?;
        Some(Reached { place, link, impatient })
    }
}

impl Reached<'_> {
    /// Sends a transmission and waits for the answer.
    ///
    /// # Errors
    ///
    /// If what comes back is no answer: that is a fault of the server, not of the line.
    pub(crate) fn ask(mut self, transmission: &[u8]) -> anyhow::Result<Heard> {
        if self.link.send(transmission).is_err() || self.impatient {
            // It goes with its connection, which may be broken already.
            let _ = self.link.stream.shutdown(Shutdown::Both);
            return Ok(Heard::Nothing);
        }
        let Some(response) = self.link.receive()? else { return Ok(Heard::Nothing) };
        *self.place = Some(self.link);
        let reply = openpbm_pharmacy::read(&response).context("reading an answer")?;
        Ok(Heard::Reply(reply))
    }
}

impl Link {
    fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { address, stream, deframer: Deframer::expecting(Framing::StxEtx) })
    }

    fn send(&mut self, transmission: &[u8]) -> std::io::Result<()> {
        let mut framed = Vec::with_capacity(transmission.len() + 2);
        let wrapped = Framing::StxEtx.wrap(transmission, &mut framed);
        wrapped.map_err(|error| std::io::Error::new(ErrorKind::InvalidInput, error))?;
        self.stream.write_all(&framed)
    }

    /// The next response; `None` if the connection ends or is silent.
    fn receive(&mut self) -> anyhow::Result<Option<Vec<u8>>> {
        let mut chunk = [0; 4096];
        loop {
            if let Some(frame) = self.deframer.next_frame().context("framing of an answer")? {
                return Ok(Some(frame.transmission.to_vec()));
            }
            match self.stream.read(&mut chunk) {
                Ok(0) | Err(_) => return Ok(None),
                Ok(length) => self.deframer.push(chunk.get(..length).unwrap_or_default()),
            }
        }
    }
}
