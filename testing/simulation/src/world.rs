//! The simulation: pharmacies, network, nodes and store in one thread. One seed decides what
//! happens next, each time, so the same seed is the same story.

use std::sync::Arc;

use openpbm_core::Date;
use openpbm_model::Rng;
use openpbm_model::auditor::{Auditor, Tally, Ticket};
use openpbm_model::workload::{Shape, Workload};

use crate::books::Books;
use crate::bug::Bug;
use crate::chance::{Chances, Faults, happens};
use crate::clock::Time;
use crate::desk::Desk;
use crate::failure::Failure;
use crate::host::Host;
use crate::network::{Line, Message, Network};
use crate::store::{Outage, Store};
use crate::trace::Trace;

/// So many things happen before the faults stop.
const EVENTS: u64 = 6_000;

/// So many may happen after that until every request is answered.
const EVENTS_UNTIL_QUIET: u64 = 40_000;

/// The day on which every simulation begins: far enough into a plan year for refills, and from
/// its end for clocks that are off.
const DAY: (i32, u8, u8) = (2026, 6, 15);

/// What is simulated.
#[derive(Debug, Clone, Copy, Default)]
pub struct Setting {
    /// Decides everything.
    pub seed: u64,
    /// A mistake that is planted.
    pub bug: Option<Bug>,
    /// Whether the story is also told in words.
    pub tells: bool,
}

/// The end of a simulation.
#[derive(Debug)]
pub struct Outcome {
    /// The same for every run of a seed.
    pub trace: u64,
    /// How much was audited.
    pub tally: Tally,
    /// How much went wrong on purpose.
    pub faults: Faults,
    /// What went wrong not on purpose.
    pub failure: Option<Failure>,
    /// The last things that happened, if they were to be told.
    pub told: Vec<String>,
}

/// Runs one seed.
///
/// # Errors
///
/// If there can be no workload on the books.
pub fn run(setting: Setting, books: &Books) -> anyhow::Result<Outcome> {
    let mut world = World::new(setting, books)?;
    let (failure, tally) = match world.live() {
        Ok(()) => crate::last::audit(world.auditor, &world.store, books),
        Err(failure) => (Some(failure), world.auditor.finish().tally),
    };
    let mut faults = world.faults;
    faults.add(&world.store.faults());
    let told = world.trace.told().map(str::to_owned).collect();
    Ok(Outcome { trace: world.trace.hash(), tally, faults, failure, told })
}

struct World<'b> {
    rng: Rng,
    chances: Chances,
    books: &'b Books,
    bug: Option<Bug>,
    time: Arc<Time>,
    today: Date,
    store: Store,
    /// How much of the journal the auditor knows.
    followed: usize,
    auditor: Auditor,
    workload: Workload,
    hosts: Vec<Host>,
    desks: Vec<Desk>,
    network: Network,
    /// The newest of the books.
    book: usize,
    /// So many of the books decide no more.
    withdrawn: usize,
    outage_until: Option<u64>,
    patience: u64,
    faults: Faults,
    trace: Trace,
    /// No more requests are begun, and nothing goes wrong any more.
    is_closing: bool,
}

impl<'b> World<'b> {
    fn new(setting: Setting, books: &'b Books) -> anyhow::Result<Self> {
        let mut rng = Rng::new(setting.seed);
        let (time, store) = (Time::new(), Store::new(setting.seed ^ 0x5EED, setting.bug));
        let (year, month, day) = DAY;
        let today = Date::new(year, month, day).unwrap_or(Date::FIRST);
        let families = rng.pick([1, 3, 6, 12]);
        let shape = Shape { families, busy_families: 2, ..Shape::default() };
        let workload = books.workload(setting.seed ^ 0xCA5E, shape)?;
        let nodes = rng.pick([1, 2, 2, 3]);
        let hosts = (0..nodes)
            .map(|number| {
                let (store, time) = (store.clone(), time.clone());
                Host::new(number, store, time, (today, books.library()), &mut rng)
            })
            .collect();
        let desks = (0..rng.pick([2, 4, 8])).map(Desk::new).collect();
        let (chances, patience) = (Chances::draw(&mut rng), rng.pick([100, 400, 2000]));
        Ok(Self {
            rng,
            chances,
            books,
            bug: setting.bug,
            time,
            today,
            store,
            followed: 0,
            auditor: Auditor::live(),
            workload,
            hosts,
            desks,
            network: Network::default(),
            book: 0,
            withdrawn: 0,
            outage_until: None,
            patience,
            faults: Faults::default(),
            trace: Trace::new(setting.tells),
            is_closing: false,
        })
    }

    fn live(&mut self) -> Result<(), Failure> {
        self.open()?;
        self.store.set_chances(self.chances);
        for _ in 0..EVENTS {
            self.event()?;
        }
        self.close()
    }

    /// Everybody is enrolled before anything goes wrong.
    fn open(&mut self) -> Result<(), Failure> {
        self.books.introduce(0, &mut self.auditor);
        for host in &mut self.hosts {
            host.begin(self.books.compiled(0), 0);
        }
        let members: Vec<_> =
            self.workload.families().map(|(family, members)| (family, members.to_vec())).collect();
        for (family, members) in members {
            self.auditor.enroll(family, &members);
            if let Some(host) = self.hosts.first_mut() {
                host.enroll(family, members);
            }
        }
        if let Some(host) = self.hosts.first_mut() {
            while host.step(&mut self.rng).is_some() {}
        }
        self.follow()
    }

    /// Nothing goes wrong any more: everything that was asked is answered before long.
    fn close(&mut self) -> Result<(), Failure> {
        self.is_closing = true;
        self.chances = Chances::none();
        self.store.set_chances(self.chances);
        self.end_outage();
        let mut quiet = 0;
        for _ in 0..EVENTS_UNTIL_QUIET {
            self.event()?;
            if !self.is_quiet() {
                quiet = 0;
                continue;
            }
            // A batch that waits to be tried again is not seen: so let it wait no longer.
            self.time.pass(1_000);
            quiet += 1;
            if quiet > 20 {
                return Ok(());
            }
        }
        let unanswered = self.desks.iter().filter(|desk| desk.waiting.is_some()).count();
        Err(Failure::Stuck { unanswered })
    }

    fn is_quiet(&self) -> bool {
        let no_desk_waits = self.desks.iter().all(|desk| desk.waiting.is_none());
        no_desk_waits && self.network.is_empty() && self.hosts.iter().all(Host::is_quiet)
    }

    /// The next thing happens.
    fn event(&mut self) -> Result<(), Failure> {
        let passed = self.rng.pick([0, 0, 1, 1, 2, 5]);
        self.time.pass(passed);
        match self.rng.between(1, 100) {
            1..=50 => self.step(),
            51..=75 => self.arrival()?,
            76..=95 => self.desk()?,
            _ => self.fault(),
        }
        self.follow()?;
        self.collect();
        if self.outage_until.is_some_and(|until| self.time.now() >= until) {
            self.end_outage();
        }
        Ok(())
    }

    /// A step in one of the nodes.
    fn step(&mut self) {
        let number = self.any(self.hosts.len());
        let Some(host) = self.hosts.get_mut(number) else { return };
        if let Some(step) = host.step(&mut self.rng) {
            let step = format!("{step:?}");
            self.trace.note(self.time.now(), "node steps", number, step.as_bytes());
        }
    }

    /// Something that was on its way arrives.
    fn arrival(&mut self) -> Result<(), Failure> {
        if self.bug == Some(Bug::SwapsReplies) && self.rng.percent(10) {
            self.network.swap_replies();
        }
        match self.network.arrive(&mut self.rng) {
            Some(Message::Request { to, line, ticket, bytes }) => {
                self.trace.note(self.time.now(), "node is asked", to, &bytes);
                let taken =
                    self.hosts.get_mut(to).is_some_and(|host| host.take(line, ticket, bytes));
                self.faults.network += u64::from(!taken);
                Ok(())
            }
            Some(Message::Reply { line, ticket, bytes }) => self.reply(line, ticket, &bytes),
            None => Ok(()),
        }
    }

    /// A pharmacy reads an answer, if it still listens.
    fn reply(&mut self, line: Line, ticket: Ticket, bytes: &[u8]) -> Result<(), Failure> {
        let now = self.time.now();
        let Some(desk) = self.desks.get_mut(line.desk) else { return Ok(()) };
        if !desk.reads(line, ticket) {
            return Ok(());
        }
        self.trace.note(now, "pharmacy reads", line.desk, bytes);
        let reply = openpbm_pharmacy::read(bytes)?;
        if let Some(finding) = self.auditor.answer(ticket, &reply) {
            return Err(Failure::Audit(finding.clone()));
        }
        if reply.is_no_answer() {
            self.soon(line.desk);
        } else if let Some(operation) = desk.answered(ticket) {
            self.workload.learn(&operation, &reply);
        }
        Ok(())
    }

    /// Who is told 92 sends again a little later.
    fn soon(&mut self, desk: usize) {
        let again_at = self.time.now() + self.rng.pick([1, 20, 200]);
        let waiting = self.desks.get_mut(desk).and_then(|desk| desk.waiting.as_mut());
        if let Some(waiting) = waiting {
            waiting.again_at = again_at;
        }
    }

    /// A pharmacy begins something, or loses its patience and asks again on another connection.
    fn desk(&mut self) -> Result<(), Failure> {
        let number = self.any(self.desks.len());
        let is_impatient = happens(&mut self.rng, self.chances.impatience);
        let now = self.time.now();
        let Some(desk) = self.desks.get_mut(number) else { return Ok(()) };
        match &desk.waiting {
            Some(waiting) if now >= waiting.again_at || is_impatient => {
                desk.hang_up();
                self.faults.network += 1;
            }
            Some(_) => return Ok(()),
            None if self.is_closing => return Ok(()),
            None => desk.begin(self.workload.next(self.today)),
        }
        self.send(number)?;
        if happens(&mut self.rng, self.chances.request_doubled) {
            self.faults.network += 1;
            self.send(number)?;
        }
        Ok(())
    }

    /// A copy of what a pharmacy waits for leaves.
    fn send(&mut self, number: usize) -> Result<(), Failure> {
        let to = self.any(self.hosts.len());
        let now = self.time.now();
        let Some(desk) = self.desks.get_mut(number) else { return Ok(()) };
        let Some(waiting) = &desk.waiting else { return Ok(()) };
        let ticket = self.auditor.send(&waiting.operation);
        let bytes = openpbm_pharmacy::request(&waiting.operation)
            .map_err(|error| Failure::Request(error.to_string()))?;
        let line = desk.line();
        desk.sent(ticket, now, self.patience);
        if happens(&mut self.rng, self.chances.request_lost) {
            self.faults.network += 1;
        } else {
            self.network.send(Message::Request { to, line, ticket, bytes });
        }
        Ok(())
    }

    /// Answers that nodes have ready leave.
    fn collect(&mut self) {
        for host in &mut self.hosts {
            for (line, ticket, bytes) in host.answers() {
                let message = Message::Reply { line, ticket, bytes };
                if happens(&mut self.rng, self.chances.reply_lost) {
                    self.faults.network += 1;
                    continue;
                }
                if happens(&mut self.rng, self.chances.reply_doubled) {
                    self.faults.network += 1;
                    self.network.send(message.clone());
                }
                self.network.send(message);
            }
        }
    }

    /// Something goes wrong, or is changed by those who run the house.
    fn fault(&mut self) {
        let number = self.any(self.hosts.len());
        // This comes once in twenty events.
        let mut happens = |chance: i64| happens(&mut self.rng, chance.saturating_mul(20));
        let chances = self.chances;
        if happens(chances.crash) {
            self.crash(number);
        } else if happens(chances.jump) {
            self.faults.jumps += 1;
            self.with_host(number, "clock jumps", Host::jump);
        } else if happens(chances.slow_disk) {
            self.faults.store += 1;
            self.with_host(number, "disk is slow", |host, rng| {
                host.slow_down(rng.pick([20, 200, 2000]));
            });
        } else if happens(chances.outage) {
            self.begin_outage(Outage::Away);
        } else if happens(chances.full) {
            self.begin_outage(Outage::Full);
        } else if happens(chances.publish) && self.book + 1 < self.books.count() {
            self.book += 1;
            self.faults.books += 1;
            self.books.introduce(self.book, &mut self.auditor);
        } else if happens(chances.enroll) {
            self.enroll(number);
        } else if happens(chances.reprocess) {
            self.reprocess(number);
        }
        self.catch_up(number);
    }

    fn with_host(&mut self, number: usize, what: &str, change: impl FnOnce(&mut Host, &mut Rng)) {
        self.trace.note(self.time.now(), what, number, &[]);
        if let Some(host) = self.hosts.get_mut(number) {
            change(host, &mut self.rng);
        }
    }

    /// A node ends between two steps.
    fn crash(&mut self, number: usize) {
        self.faults.crashes += 1;
        self.network.cut(number);
        self.with_host(number, "node ends", |host, rng| host.end(rng.pick([0, 50, 1000])));
    }

    fn enroll(&mut self, number: usize) {
        let Some((family, members)) = self.workload.enrollment(self.today) else { return };
        self.auditor.enroll(family, &members);
        self.with_host(number, "node enrolls", |host, _| host.enroll(family, members));
    }

    fn reprocess(&mut self, number: usize) {
        let families: Vec<_> = self.workload.families().map(|(family, _)| family).collect();
        let Some(family) = self.rng.choose(&families).copied() else { return };
        self.with_host(number, "node reprocesses", |host, _| host.reprocess(family));
    }

    /// A node that ended begins anew; one that has an old book is given the newest.
    fn catch_up(&mut self, number: usize) {
        let (book, compiled) = (self.book, self.books.compiled(self.book));
        let Some(host) = self.hosts.get_mut(number) else { return };
        if host.is_due() {
            self.trace.note(self.time.now(), "node begins", number, &[]);
            host.begin(compiled, book);
        } else if host.is_up() && host.book != book {
            self.trace.note(self.time.now(), "node takes book", number, &[]);
            host.publish(compiled, book);
        }
        let oldest = self.hosts.iter().map(|host| if host.is_up() { host.book } else { book });
        let oldest = oldest.min().unwrap_or(book);
        while self.withdrawn < oldest {
            self.books.withdraw(self.withdrawn, &mut self.auditor);
            self.withdrawn += 1;
        }
    }

    fn begin_outage(&mut self, outage: Outage) {
        let name = format!("{outage:?}");
        self.trace.note(self.time.now(), "store goes", 0, name.as_bytes());
        self.store.set_outage(Some(outage));
        self.outage_until = Some(self.time.now() + self.rng.pick([50, 500, 4000]));
    }

    fn end_outage(&mut self) {
        self.store.set_outage(None);
        self.outage_until = None;
    }

    /// The auditor reads what has become durable.
    fn follow(&mut self) -> Result<(), Failure> {
        for recorded in self.store.since(self.followed)? {
            self.followed += 1;
            let line = format!("{} {}", recorded.version, recorded.entry.id);
            self.trace.note(self.time.now(), "entry", self.followed, line.as_bytes());
            self.auditor.follow(recorded.family, recorded.version, &recorded.entry);
        }
        match self.auditor.findings().first() {
            Some(finding) => Err(Failure::Audit(finding.clone())),
            None => Ok(()),
        }
    }

    /// A number below a count.
    fn any(&mut self, count: usize) -> usize {
        let last = i64::try_from(count).unwrap_or(i64::MAX) - 1;
        usize::try_from(self.rng.between(0, last.max(0))).unwrap_or_default()
    }
}
