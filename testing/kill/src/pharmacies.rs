//! The pharmacies: each does one thing after the other, and sends it again until it is answered.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::desk::Desk;
use crate::node::Doors;
use crate::terminal::{Heard, Terminal};

/// With every node up, whatever is under way is answered within so long.
const PATIENCE: Duration = Duration::from_secs(60);
/// A pharmacy that was told to send again, or finds nobody, waits so long.
const PAUSE: Duration = Duration::from_millis(5);

/// All of them at work.
#[derive(Debug)]
pub(crate) struct Pharmacies {
    desk: Arc<Desk>,
    threads: Vec<JoinHandle<()>>,
}

impl Pharmacies {
    pub(crate) fn open(desk: &Arc<Desk>, doors: &Arc<Doors>, count: u16, seed: u64) -> Self {
        let mut threads = Vec::new();
        for number in 0..u64::from(count) {
            let terminal = Terminal::new(doors.clone(), seed.wrapping_add(number));
            let desk = desk.clone();
            threads.push(thread::spawn(move || {
                if let Err(error) = work(&desk, terminal) {
                    desk.fail(error);
                }
            }));
        }
        Self { desk: desk.clone(), threads }
    }

    /// Lets them finish what they have begun, and waits for that.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        self.desk.close();
        let deadline = Instant::now() + PATIENCE;
        while self.threads.iter().any(|thread| !thread.is_finished()) {
            self.desk.check()?;
            if Instant::now() > deadline {
                let left = self.threads.iter().filter(|thread| !thread.is_finished()).count();
                self.desk.leave();
                ensure!(left == 0, "{left} operations are not answered although every node is up");
            }
            thread::sleep(PAUSE);
        }
        self.leave()
    }

    /// Sends them home, whatever they wait for. Nobody may be listening any more.
    pub(crate) fn leave(self) -> anyhow::Result<()> {
        let Self { desk, threads } = self;
        desk.leave();
        for thread in threads {
            thread.join().ok().context("a pharmacy's thread failed")?;
        }
        Ok(())
    }
}

fn work(desk: &Desk, mut terminal: Terminal) -> anyhow::Result<()> {
    while let Some(operation) = desk.next() {
        let transmission = openpbm_pharmacy::request(&operation).context("writing a request")?;
        let mut copies = 0_u64;
        loop {
            if desk.is_left() {
                return Ok(());
            }
            let Some(link) = terminal.reach() else {
                thread::sleep(PAUSE);
                continue;
            };
            let copy = desk.send(&operation);
            copies += 1;
            match link.ask(&transmission)? {
                Heard::Reply(reply) if !reply.is_no_answer() => {
                    desk.answer(&operation, copy, &reply);
                    break;
                }
                Heard::Reply(_) => {
                    desk.counts().unavailable.fetch_add(1, Ordering::Relaxed);
                    thread::sleep(PAUSE);
                }
                Heard::Nothing => {
                    desk.counts().lost.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        desk.counts().resent.fetch_add(copies.saturating_sub(1), Ordering::Relaxed);
    }
    Ok(())
}
