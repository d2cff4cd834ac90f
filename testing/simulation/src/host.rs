//! A machine with a node on it, which may end at any time and begin anew on the same store.

use std::sync::Arc;
use std::time::Duration;

use openpbm_book::Book;
use openpbm_core::{Date, FamilyId, Member};
use openpbm_model::Rng;
use openpbm_model::auditor::Ticket;
use openpbm_service::simulation::{Node, Step};
use openpbm_service::{Library, Options, Pending};

use crate::clock::{NodeClock, Time};
use crate::network::Line;
use crate::store::Store;

/// Clocks are off by at most so much, in milliseconds: twenty days.
const MOST_OFF: i64 = 20 * 86_400_000;

/// A machine.
pub(crate) struct Host {
    number: usize,
    store: Store,
    time: Arc<Time>,
    clock: Arc<NodeClock>,
    /// How far its clock is off.
    off: i64,
    options: Options,
    library: Arc<Library>,
    node: Option<Node>,
    /// Which of the published books it decides by.
    pub(crate) book: usize,
    /// Transmissions that it was given and has not answered.
    asked: Vec<Asked>,
    /// Until when its disk is slow.
    slow_until: u64,
    /// When a node begins anew after one has ended.
    back_at: u64,
}

/// A transmission that a node has and has not answered.
struct Asked {
    line: Line,
    ticket: Ticket,
    pending: Option<Pending>,
    since: u64,
}

impl Host {
    pub(crate) fn new(
        number: usize,
        store: Store,
        time: Arc<Time>,
        (day, library): (Date, Arc<Library>),
        rng: &mut Rng,
    ) -> Self {
        let options = Options {
            workers: rng.pick([1, 1, 2, 3]),
            family_memory: rng.pick([1, 4_000, 16_000, 1_000_000]),
            most_in_flight: 10_000,
            answer_within: Duration::from_millis(rng.pick([300, 1000, 5000])),
            ..Options::default()
        };
        let clock = NodeClock::new(time.clone(), day);
        Self {
            number,
            store,
            time,
            clock,
            off: 0,
            options,
            library,
            node: None,
            book: 0,
            asked: Vec::new(),
            slow_until: 0,
            back_at: 0,
        }
    }

    /// A node begins, on a book.
    pub(crate) fn begin(&mut self, book: &Arc<Book>, number: usize) {
        let journal = self.store.journal(self.number);
        let clock = self.clock.clone();
        let node = Node::new(book.clone(), journal, clock, self.options.clone());
        node.give(self.library.clone());
        self.node = Some(node);
        self.book = number;
    }

    /// The node ends; what it had in memory is gone, and so are its connections.
    pub(crate) fn end(&mut self, back_in: u64) {
        self.node = None;
        self.asked.clear();
        self.back_at = self.time.now() + back_in;
        self.store.node_ended(self.number);
    }

    pub(crate) const fn is_up(&self) -> bool {
        self.node.is_some()
    }

    pub(crate) fn is_due(&self) -> bool {
        self.node.is_none() && self.time.now() >= self.back_at
    }

    /// True if nothing is under way.
    pub(crate) fn is_quiet(&self) -> bool {
        self.asked.is_empty() && self.node.as_ref().is_some_and(|node| node.steps().is_empty())
    }

    /// Takes a transmission; it is lost if there is no node.
    pub(crate) fn take(&mut self, line: Line, ticket: Ticket, bytes: Vec<u8>) -> bool {
        let Some(node) = &mut self.node else { return false };
        let pending = Some(node.submit(bytes));
        self.asked.push(Asked { line, ticket, pending, since: self.time.now() });
        true
    }

    pub(crate) fn enroll(&mut self, family: FamilyId, members: Vec<Member>) {
        if let Some(node) = &mut self.node {
            node.enroll(family, members);
        }
    }

    pub(crate) fn reprocess(&mut self, family: FamilyId) {
        if let Some(node) = &mut self.node {
            node.reprocess(family);
        }
    }

    pub(crate) fn publish(&mut self, book: &Arc<Book>, number: usize) {
        if let Some(node) = &self.node {
            node.publish(book.clone());
            self.book = number;
        }
    }

    pub(crate) fn slow_down(&mut self, millis: u64) {
        self.slow_until = self.time.now() + millis;
    }

    /// The wall clock jumps to anywhere within its bounds.
    pub(crate) fn jump(&mut self, rng: &mut Rng) {
        let off = rng.between(-MOST_OFF, MOST_OFF);
        self.clock.jump(off - self.off);
        self.off = off;
    }

    /// Lets something happen in the node, whichever the dice say.
    pub(crate) fn step(&mut self, rng: &mut Rng) -> Option<Step> {
        let is_slow = self.time.now() < self.slow_until;
        let node = self.node.as_mut()?;
        let mut steps = node.steps();
        steps.retain(|step| !(is_slow && *step == Step::Append));
        let step = *rng.choose(&steps)?;
        node.step(step);
        Some(step)
    }

    /// Answers that are ready, and those that are given up because it took too long.
    pub(crate) fn answers(&mut self) -> Vec<(Line, Ticket, Vec<u8>)> {
        let now = self.time.now();
        let within = u64::try_from(self.options.answer_within.as_millis()).unwrap_or(u64::MAX);
        let mut ready = Vec::new();
        for asked in &mut self.asked {
            let Some(pending) = asked.pending.take() else { continue };
            match pending.try_response() {
                Ok(bytes) => ready.push((asked.line, asked.ticket, bytes)),
                Err(pending) if now >= asked.since.saturating_add(within) => {
                    ready.push((asked.line, asked.ticket, pending.give_up()));
                }
                Err(pending) => asked.pending = Some(pending),
            }
        }
        self.asked.retain(|asked| asked.pending.is_some());
        ready
    }
}
