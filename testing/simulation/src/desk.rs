//! A pharmacy at its counter: one request at a time, sent again until there is an answer.

use openpbm_model::auditor::Ticket;
use openpbm_model::workload::Operation;

use crate::network::Line;

/// No pharmacy waits longer before it asks again, in milliseconds.
const LONGEST_WAIT: u64 = 2_000;

/// A pharmacy's connection, and what it waits for.
#[derive(Debug)]
pub(crate) struct Desk {
    number: usize,
    connection: u64,
    /// What it asked for and has no answer to, and when it will ask again.
    pub(crate) waiting: Option<Waiting>,
    /// Copies that left on this connection and were not answered.
    open: Vec<Ticket>,
}

#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) operation: Operation,
    pub(crate) again_at: u64,
    /// How many copies have left.
    times: u32,
    /// The copies of this request that an answer may still come to.
    tickets: Vec<Ticket>,
}

impl Desk {
    pub(crate) const fn new(number: usize) -> Self {
        Self { number, connection: 0, waiting: None, open: Vec::new() }
    }

    pub(crate) const fn line(&self) -> Line {
        Line { desk: self.number, connection: self.connection }
    }

    /// A new request, that will be sent.
    pub(crate) fn begin(&mut self, operation: Operation) {
        self.waiting = Some(Waiting { operation, again_at: 0, times: 0, tickets: Vec::new() });
    }

    /// A copy of the request left now; without an answer it is sent again. A pharmacy waits twice
    /// as long each time: who asks faster than nodes that race for a family can answer would
    /// never be answered.
    pub(crate) fn sent(&mut self, ticket: Ticket, now: u64, patience: u64) {
        self.open.push(ticket);
        if let Some(waiting) = &mut self.waiting {
            waiting.tickets.push(ticket);
            waiting.again_at = now + (patience << waiting.times.min(6)).min(LONGEST_WAIT);
            waiting.times += 1;
        }
    }

    /// Closes the connection: what comes back on it is not read any more.
    pub(crate) fn hang_up(&mut self) {
        self.connection += 1;
        self.open.clear();
        if let Some(waiting) = &mut self.waiting {
            waiting.tickets.clear();
        }
    }

    /// True if an answer to this copy would be read; it is read only once.
    pub(crate) fn reads(&mut self, line: Line, ticket: Ticket) -> bool {
        let place = self.open.iter().position(|open| *open == ticket);
        match place.filter(|_| line.connection == self.connection) {
            Some(place) => {
                self.open.swap_remove(place);
                true
            }
            None => false,
        }
    }

    /// The request that this copy is of, if it still waits for an answer: now it has one.
    pub(crate) fn answered(&mut self, ticket: Ticket) -> Option<Operation> {
        let is_it = self.waiting.as_ref().is_some_and(|it| it.tickets.contains(&ticket));
        if is_it { self.waiting.take().map(|waiting| waiting.operation) } else { None }
    }
}
