//! The load: connections that send claims and read answers, all on one thread of their own.
//!
//! A closed loop sends a claim when an answer has come, so a slow server is asked less. An open
//! loop sends at a rate, whatever the server does, as pharmacies do; its latencies count from
//! the instant at which a claim should have left, or else a stall would hide the claims that it
//! held up (coordinated omission).

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use openpbm_wire::ncpdp::framing::{Deframer, Framing};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{JoinSet, LocalSet};

use super::claims::Claims;
use super::latency::{Point, Record};
use super::process::Usage;
use crate::cli::Bench;
use crate::failure::{Context, Failure};

/// Names of the threads of the load, whose use of the processor is not the server's.
pub(super) const THREADS: [&str; 2] = ["load", "pacer"];

/// Answers that have not come so long after the last claim will not come.
const PATIENCE: Duration = Duration::from_secs(15);

/// How hard, and how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Load {
    connections: usize,
    outstanding: usize,
    /// Claims a second in all; without it, the loop is closed.
    rate: Option<u32>,
    span: Duration,
}

/// What came of a load.
#[derive(Debug)]
pub(super) struct Driven {
    pub(super) record: Record,
    /// What the process used meanwhile.
    pub(super) usage: Usage,
}

impl Driven {
    pub(super) fn into_series(self) -> Vec<Point> {
        self.record.into_series()
    }
}

impl Load {
    pub(super) fn new(args: &Bench, span: Duration) -> Self {
        let Bench { connections, outstanding, rate, .. } = *args;
        Self { connections: connections.into(), outstanding: outstanding.into(), rate, span }
    }

    /// Drives the listener at the address; `what` is said on the progress bar.
    pub(super) fn drive(
        self,
        address: SocketAddr,
        claims: Claims,
        what: &'static str,
    ) -> Result<Driven, Failure> {
        let answered = Arc::new(AtomicU64::new(0));
        let counter = answered.clone();
        let load = thread::Builder::new()
            .name("load".to_owned())
            .spawn(move || self.run(address, claims, counter))
            .context("starting the load's thread")?;
        show(self.span, what, &answered, || load.is_finished());
        load.join().map_err(|_| Failure::new("the load's thread ended by a defect of ours"))?
    }

    fn run(
        self,
        address: SocketAddr,
        claims: Claims,
        answered: Arc<AtomicU64>,
    ) -> Result<Driven, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.context("starting the load's runtime")?;
        let local = LocalSet::new();
        local.block_on(&runtime, async {
            let mut streams = Vec::with_capacity(self.connections);
            for _ in 0..self.connections {
                let stream = TcpStream::connect(address).await.context("connecting")?;
                stream.set_nodelay(true).context("connecting")?;
                streams.push(stream);
            }
            let before = Usage::now();
            let start = Instant::now();
            let record = RefCell::new(Record::new(start)?);
            let shared = Rc::new(Shared {
                claims: RefCell::new(claims),
                record,
                start,
                load: self,
                answered,
            });
            self.converse(streams, &shared).await?;
            let usage = Usage::now().since(&before);
            let shared = Rc::into_inner(shared)
                .ok_or_else(|| Failure::new("a connection did not end with the load"))?;
            Ok(Driven { record: shared.record.into_inner(), usage })
        })
    }

    /// Runs every connection to its end, or as long as there is hope for its answers.
    async fn converse(self, streams: Vec<TcpStream>, shared: &Rc<Shared>) -> Result<(), Failure> {
        let (mut connections, mut paced) = (JoinSet::new(), Vec::new());
        for stream in streams {
            let (ticks, due) = unbounded_channel();
            let again = match self.rate {
                Some(_) => {
                    paced.push(ticks);
                    None
                }
                None => {
                    for _ in 0..self.outstanding {
                        // The receiver is alive: it moves into the connection below.
                        let _ = ticks.send(shared.start);
                    }
                    Some(ticks)
                }
            };
            connections.spawn_local(connection(stream, due, again, shared.clone()));
        }
        let (start, span) = (shared.start, self.span);
        if let Some(rate) = self.rate {
            let pacer = thread::Builder::new().name("pacer".to_owned());
            pacer
                .spawn(move || pace(start, rate, span, &paced))
                .context("starting the pacer's thread")?;
        }
        let all = async {
            while let Some(ended) = connections.join_next().await {
                let ended = ended.context("driving a connection")?;
                ended.context("driving a connection")?;
            }
            Ok(())
        };
        // What has not come in time is counted as unanswered.
        let ended = tokio::time::timeout(span + PATIENCE, all).await;
        connections.shutdown().await;
        ended.unwrap_or(Ok(()))
    }
}

/// Says when claims are due, in turns on every connection. Sleeping is exact to about 60
/// microseconds, which a timer of the runtime, exact to a millisecond, is not.
fn pace(start: Instant, rate: u32, span: Duration, connections: &[UnboundedSender<Instant>]) {
    for (number, ticks) in (0_u64..).zip(connections.iter().cycle()) {
        let after = u128::from(number) * 1_000_000_000 / u128::from(rate.max(1));
        let after = Duration::from_nanos(u64::try_from(after).unwrap_or(u64::MAX));
        if after >= span {
            return;
        }
        let due = start + after;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        // A connection that has ended is missed when its claims are counted.
        let _ = ticks.send(due);
    }
}

/// What all connections share; they are on one thread.
struct Shared {
    claims: RefCell<Claims>,
    record: RefCell<Record>,
    start: Instant,
    load: Load,
    answered: Arc<AtomicU64>,
}

/// Sends what is due and reads the answers, which come in the order of the claims.
async fn connection(
    stream: TcpStream,
    ticks: UnboundedReceiver<Instant>,
    again: Option<UnboundedSender<Instant>>,
    shared: Rc<Shared>,
) -> io::Result<()> {
    let (source, sink) = stream.into_split();
    let due = RefCell::new(VecDeque::new());
    let sending = send(sink, ticks, &due, &shared);
    let receiving = receive(source, again, &due, &shared);
    tokio::try_join!(sending, receiving)?;
    Ok(())
}

/// Sends until nothing more will be due, then closes this side.
async fn send(
    mut sink: OwnedWriteHalf,
    mut ticks: UnboundedReceiver<Instant>,
    due: &RefCell<VecDeque<Instant>>,
    shared: &Shared,
) -> io::Result<()> {
    /// What is due together leaves together, up to so many bytes.
    const ENOUGH: usize = 16 * 1024;
    let mut out = Vec::with_capacity(2 * ENOUGH);
    while let Some(first) = ticks.recv().await {
        let now = Instant::now();
        let mut next = Some(first);
        while let Some(intended) = next {
            shared.claims.borrow_mut().encode(&mut out)?;
            shared.record.borrow_mut().send(intended, now);
            due.borrow_mut().push_back(intended);
            next = if out.len() < ENOUGH { ticks.try_recv().ok() } else { None };
        }
        sink.write_all(&out).await?;
        out.clear();
    }
    sink.shutdown().await
}

/// Reads answers until the server closes; in a closed loop each makes the next claim due.
async fn receive(
    mut source: OwnedReadHalf,
    mut again: Option<UnboundedSender<Instant>>,
    due: &RefCell<VecDeque<Instant>>,
    shared: &Shared,
) -> io::Result<()> {
    let mut buffer = vec![0; 32 * 1024];
    let mut deframer = Deframer::expecting(Framing::StxEtx);
    loop {
        let read = source.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        let now = Instant::now();
        deframer.push(buffer.get(..read).unwrap_or_default());
        let mut count = 0;
        while let Some(frame) = deframer.next_frame().map_err(io::Error::other)? {
            let Some(intended) = due.borrow_mut().pop_front() else {
                return Err(io::Error::other("an answer came that nobody asked for"));
            };
            let kind = super::latency::Kind::of(frame.transmission);
            shared.record.borrow_mut().answer(intended, now, kind);
            count += 1;
        }
        shared.answered.fetch_add(count, Ordering::Relaxed);
        if now.saturating_duration_since(shared.start) >= shared.load.span {
            again = None;
        }
        if let Some(again) = &again {
            for _ in 0..count {
                // The sending half ends after this one.
                let _ = again.send(now);
            }
        }
    }
}

/// Draws the time that has passed, and the claims a second, until the load is done.
fn show(span: Duration, what: &'static str, answered: &AtomicU64, done: impl Fn() -> bool) {
    const LOOK_EVERY: Duration = Duration::from_millis(100);
    let style = ProgressStyle::with_template("{msg} {wide_bar} {prefix} claims/s {eta}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    let total = u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    let bar = ProgressBar::new(total).with_style(style).with_message(what);
    let start = Instant::now();
    while !done() {
        thread::sleep(LOOK_EVERY);
        let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = answered.load(Ordering::Relaxed).saturating_mul(1000) / millis;
        bar.set_prefix(HumanCount(rate).to_string());
        bar.set_position(millis.min(total));
    }
    bar.finish_and_clear();
}
