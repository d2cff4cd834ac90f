//! What is done to the house while it works: processes are killed at random moments, serving or
//! starting, and so is the database under them.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use openpbm_model::Rng;

use crate::desk::Desk;
use crate::house::House;
use crate::node::Node;
use crate::options::Options;

/// A node works for so long at most before somebody is killed, in milliseconds.
const WORKS_MS: i64 = 800;
/// One kill in so many of a hundred hits a process again while it starts.
const STARTING_OF_100: i64 = 15;
/// A start is interrupted after so long at most, in milliseconds.
const STARTS_MS: i64 = 150;
/// A database stays away for so long at most after the nodes have noticed, in milliseconds.
const AWAY_MS: i64 = 1_500;
/// Within so long a node says that it is not ready without its database.
const NOTICES: Duration = Duration::from_secs(15);
/// Within so long a node takes claims again when its database is back.
const RECOVERS: Duration = Duration::from_secs(60);
const GLANCE: Duration = Duration::from_millis(20);

/// What was done.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Done {
    pub(crate) kills: u32,
    pub(crate) postgres_kills: u32,
    /// The longest time from the death of the database until every node said so.
    pub(crate) noticed: Duration,
    /// The longest time from its return until every node was ready.
    pub(crate) recovered: Duration,
}

/// Does what was asked for, one thing at a time.
#[derive(Debug)]
pub(crate) struct Faults {
    kills: u32,
    postgres_kills: u32,
    claims: u64,
    dice: Rng,
    pub(crate) done: Done,
    bar: ProgressBar,
}

impl Faults {
    pub(crate) fn new(options: &Options, seed: u64) -> Self {
        let Options { kills, postgres_kills, claims, .. } = *options;
        let length = match kills.saturating_add(postgres_kills) {
            0 => claims,
            faults => faults.into(),
        };
        let template = "{elapsed} {wide_bar} {human_pos}/{human_len} {msg}";
        let style = ProgressStyle::with_template(template);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = ProgressBar::new(length).with_style(style);
        Self { kills, postgres_kills, claims, dice: Rng::new(seed), done: Done::default(), bar }
    }

    /// Does all of it, then waits until so many claims are answered as were asked for.
    pub(crate) fn all(&mut self, house: &mut House, desk: &Desk) -> anyhow::Result<()> {
        while self.one(house, desk)? {}
        while desk.counts().answered.load(Ordering::Relaxed) < self.claims {
            self.wait(desk, Duration::from_millis(200))?;
        }
        self.bar.finish_and_clear();
        Ok(())
    }

    /// Waits a moment of work, then does the next thing; false if nothing is left to do.
    pub(crate) fn one(&mut self, house: &mut House, desk: &Desk) -> anyhow::Result<bool> {
        let left = self.kills + self.postgres_kills;
        if left == 0 {
            return Ok(false);
        }
        let moment = self.moment(WORKS_MS);
        self.wait(desk, moment)?;
        if self.dice.between(1, left.into()) <= self.kills.into() {
            self.kill_a_node(house)?;
        } else {
            self.kill_the_database(house, desk)?;
        }
        Ok(true)
    }

    fn kill_a_node(&mut self, house: &mut House) -> anyhow::Result<()> {
        let node = house.any_node(&mut self.dice)?;
        self.kill(node)?;
        while self.kills > 0 && self.dice.percent(STARTING_OF_100) {
            node.start()?;
            thread::sleep(self.moment(STARTS_MS));
            self.kill(node)?;
        }
        node.start()?;
        node.await_ready()
    }

    fn kill(&mut self, node: &mut Node) -> anyhow::Result<()> {
        node.kill()?;
        self.kills -= 1;
        self.done.kills += 1;
        Ok(())
    }

    /// The nodes must say that they are not ready, and be so again by themselves.
    fn kill_the_database(&mut self, house: &mut House, desk: &Desk) -> anyhow::Result<()> {
        let database = house.database.as_mut().context("the store has no server to kill")?;
        database.kill();
        let gone = Instant::now();
        while house.nodes.iter().any(Node::is_ready) {
            let late = gone.elapsed() > NOTICES;
            ensure!(!late, "/readyz still says yes {NOTICES:?} after the database was killed");
            self.wait(desk, GLANCE)?;
        }
        self.done.noticed = self.done.noticed.max(gone.elapsed());
        let away = self.moment(AWAY_MS);
        self.wait(desk, away)?;
        let database = house.database.as_mut().context("the store has no server to start")?;
        database.restart()?;
        let back = Instant::now();
        while !house.nodes.iter().all(Node::is_ready) {
            let late = back.elapsed() > RECOVERS;
            ensure!(!late, "/readyz still says no {RECOVERS:?} after the database came back");
            self.wait(desk, GLANCE)?;
        }
        self.done.recovered = self.done.recovered.max(back.elapsed());
        self.postgres_kills -= 1;
        self.done.postgres_kills += 1;
        Ok(())
    }

    /// Lets the pharmacies work, and looks whether they have met with a failure.
    pub(crate) fn wait(&self, desk: &Desk, time: Duration) -> anyhow::Result<()> {
        let answered = desk.counts().answered.load(Ordering::Relaxed);
        let faults = self.done.kills + self.done.postgres_kills;
        let counts_claims = self.kills + self.postgres_kills + faults == 0;
        self.bar.set_position(if counts_claims { answered } else { faults.into() });
        self.bar.set_message(format!("{answered} answered"));
        thread::sleep(time);
        desk.check()
    }

    fn moment(&mut self, most_ms: i64) -> Duration {
        Duration::from_millis(self.dice.between(0, most_ms).unsigned_abs())
    }
}
