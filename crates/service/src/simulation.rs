//! A node without threads, sockets or a clock of its own, for simulations: whoever holds it
//! chooses what happens next, and can let it end between any two steps.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use openpbm_book::Book;
use openpbm_core::{FamilyId, Member};
use openpbm_engine::transaction::Request;
use openpbm_store::Journal;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::front::{self, Pending};
use crate::pbm::{Library, Options};
use crate::pipeline::{
    Batch, Commit, Committer, Effect, Job, Message, Order, Outcome, Progress, Worker, worker_of,
};
use crate::reprocessing::{Due, Gathering};
use crate::shared::Shared;

/// Something that can happen next in a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The worker of that number takes the next message of its inbox.
    Work(usize),
    /// The committer hears of the oldest thing that the worker of that number handed on.
    Accept(usize),
    /// The committer appends what it has heard of, or tries again what it could not append.
    Append,
}

/// A node: the same workers and committer that the real one gives threads to.
pub struct Node {
    shared: Arc<Shared>,
    workers: Vec<Worker>,
    inboxes: Vec<VecDeque<Message>>,
    /// What each worker has handed on and the committer has not heard of.
    orders: Vec<VecDeque<Order>>,
    committer: Committer,
    commits: Vec<Commit>,
    /// A batch that the store could not take, and when it may be tried again.
    again: Option<(Batch, Duration)>,
    /// Enrollments and reprocessing are not given up, because somebody waits for them.
    enrollments: Vec<oneshot::Receiver<Outcome>>,
}

impl Node {
    /// A node on a book and a journal. What had been under way before is not known to it.
    pub fn new(
        book: Arc<Book>,
        journal: Box<dyn Journal>,
        clock: Arc<dyn Clock>,
        options: Options,
    ) -> Self {
        let count = options.workers.max(1);
        let shared = Arc::new(Shared::new(book, clock, &*journal, options));
        let committer = Committer::new(shared.clone(), journal);
        let workers = (0..count).map(|number| Worker::new(shared.clone(), number)).collect();
        let inboxes = (0..count).map(|_| VecDeque::new()).collect();
        let orders = (0..count).map(|_| VecDeque::new()).collect();
        Self {
            shared,
            workers,
            inboxes,
            orders,
            committer,
            commits: Vec::new(),
            again: None,
            enrollments: Vec::new(),
        }
    }

    /// Takes a transmission in.
    pub fn submit(&mut self, transmission: Vec<u8>) -> Pending {
        let (job, pending) = front::receive(&self.shared, transmission);
        self.route(job);
        pending
    }

    /// Takes members in. What came of it is seen in the journal.
    pub fn enroll(&mut self, family: FamilyId, members: Vec<Member>) {
        let (job, outcome) = front::hand(&self.shared, family, Request::Enrollment(members));
        self.enrollments.push(outcome);
        self.route(job);
    }

    /// Lets old versions of the book be found.
    pub fn give(&self, library: Arc<Library>) {
        self.shared.give(library);
    }

    /// Has the paid claims of a family decided again. What came of it is seen in the journal.
    pub fn reprocess(&mut self, family: FamilyId) {
        let due = Due { family, because: None };
        let gathered = Gathering::default().family(&self.shared, due);
        // A store that does not answer is asked another time.
        let Ok(Some((_, reprocess))) = gathered else { return };
        let (job, outcome) = front::reprocess(&self.shared, family, reprocess);
        self.enrollments.push(outcome);
        self.route(job);
    }

    /// Lets another book decide from the next step on.
    pub fn publish(&self, book: Arc<Book>) {
        self.shared.publish(book);
    }

    /// Everything that can happen next; nothing if the node only waits for the outside.
    pub fn steps(&self) -> Vec<Step> {
        let mail = |boxes: &[bool], step: fn(usize) -> Step| -> Vec<Step> {
            let full = boxes.iter().enumerate().filter(|(_, full)| **full);
            full.map(|(number, _)| step(number)).collect()
        };
        let inboxes: Vec<_> = self.inboxes.iter().map(|inbox| !inbox.is_empty()).collect();
        let orders: Vec<_> = self.orders.iter().map(|orders| !orders.is_empty()).collect();
        let mut steps = mail(&inboxes, Step::Work);
        steps.extend(mail(&orders, Step::Accept));
        let may_append = match &self.again {
            Some((_, at)) => self.shared.clock.elapsed() >= *at,
            None => !self.commits.is_empty(),
        };
        steps.extend(may_append.then_some(Step::Append));
        steps
    }

    /// Lets it happen; nothing happens if it cannot.
    pub fn step(&mut self, step: Step) {
        match step {
            Step::Work(number) => self.work(number),
            Step::Accept(number) => {
                match self.orders.get_mut(number).and_then(VecDeque::pop_front) {
                    Some(Order::Commit(commits)) => self.commits.extend(commits),
                    Some(Order::Remember(family)) => self.committer.remember(&family),
                    None => {}
                }
            }
            Step::Append => self.append(),
        }
    }

    fn work(&mut self, number: usize) {
        let (Some(worker), Some(inbox), Some(orders)) = (
            self.workers.get_mut(number),
            self.inboxes.get_mut(number),
            self.orders.get_mut(number),
        ) else {
            return;
        };
        let Some(message) = inbox.pop_front() else { return };
        let mut effects = Vec::new();
        let messages = [message];
        worker.prefetch(&messages, &mut effects);
        messages.into_iter().for_each(|message| worker.handle(message, &mut effects));
        let mut routed = Vec::new();
        for effect in effects {
            match effect {
                Effect::Commit(commit) => orders.push_back(Order::Commit(vec![commit])),
                Effect::Remember(family) => orders.push_back(Order::Remember(family)),
                Effect::Route(job) => routed.push(job),
            }
        }
        routed.into_iter().for_each(|job| self.route(job));
    }

    fn append(&mut self) {
        let batch = match self.again.take() {
            Some((batch, _)) => batch,
            None if self.commits.is_empty() => return,
            None => Batch::take(&mut self.commits, &self.shared),
        };
        let inboxes = &mut self.inboxes;
        let mut tell = |worker: usize, message| {
            if let Some(inbox) = inboxes.get_mut(worker) {
                inbox.push_back(message);
            }
        };
        if let Progress::Again(batch, pause) = self.committer.append(batch, &mut tell) {
            let at = self.shared.clock.elapsed().saturating_add(pause);
            self.again = Some((batch, at));
        }
    }

    fn route(&mut self, job: Job) {
        let number = worker_of(job.place(), self.workers.len());
        if let Some(inbox) = self.inboxes.get_mut(number) {
            inbox.push_back(Message::Job(job));
        }
    }
}
