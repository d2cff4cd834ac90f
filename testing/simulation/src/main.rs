//! Runs simulations: `cargo xtask sim [--seeds N] [--seed S] [--minutes M]`.

use std::io::{IsTerminal, Write, stderr};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant, UNIX_EPOCH};

use clap::Parser;
use openpbm_simulation::{Books, Faults, Outcome, Setting, run};

/// Runs deterministic simulations of nodes, pharmacies, network and store.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask sim")]
struct Arguments {
    /// Runs the seeds 0 to N-1
    #[arg(long, value_name = "N")]
    seeds: Option<u64>,
    /// Runs this one and tells how it ended
    #[arg(long, value_name = "S", conflicts_with_all = ["seeds", "minutes"])]
    seed: Option<u64>,
    /// Runs fresh seeds, after those of --seeds, for so many minutes
    #[arg(long, value_name = "M")]
    minutes: Option<u64>,
}

/// The seeds 0 to this one are run where nothing else is said.
const SEEDS: u64 = 500;

/// One seed in so many is run twice, to see that it is the same story.
const TWICE: u64 = 16;

fn main() -> ExitCode {
    match simulate(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(format_args!("error: {error:#}\n"));
            ExitCode::FAILURE
        }
    }
}

/// True if nothing was found.
fn simulate(arguments: &Arguments) -> anyhow::Result<bool> {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample");
    let books = Books::near(&sample)?;
    let mut total = Total::begin();
    if let Some(seed) = arguments.seed {
        return one(seed, &books, &mut total);
    }
    let fixed = match arguments.minutes {
        None => arguments.seeds.unwrap_or(SEEDS),
        Some(_) => arguments.seeds.unwrap_or(0),
    };
    for seed in 0..fixed {
        if !next(seed, &books, &mut total)? {
            return Ok(false);
        }
    }
    if let Some(minutes) = arguments.minutes {
        let until = Instant::now() + Duration::from_secs(minutes.saturating_mul(60));
        let fresh = fresh_seed()?;
        for seed in fresh.. {
            if Instant::now() >= until {
                break;
            }
            if !next(seed, &books, &mut total)? {
                return Ok(false);
            }
        }
    }
    total.line("\n");
    Ok(true)
}

/// One of many seeds.
fn next(seed: u64, books: &Books, total: &mut Total) -> anyhow::Result<bool> {
    let outcome = run(Setting { seed, ..Setting::default() }, books)?;
    total.add(&outcome);
    if seed.is_multiple_of(TWICE) {
        let again = run(Setting { seed, ..Setting::default() }, books)?;
        if again.trace != outcome.trace {
            say(format_args!("\nseed {seed} is not the same story twice\n"));
            return Ok(false);
        }
    }
    if outcome.failure.is_none() {
        if stderr().is_terminal() {
            total.line("\r");
        }
        return Ok(true);
    }
    total.line("\n");
    one(seed, books, &mut Total::begin())
}

/// One seed, told in words if something was found.
fn one(seed: u64, books: &Books, total: &mut Total) -> anyhow::Result<bool> {
    let outcome = run(Setting { seed, tells: true, ..Setting::default() }, books)?;
    total.add(&outcome);
    let Some(failure) = outcome.failure else {
        total.line("\n");
        say(format_args!("seed {seed}: nothing was found; its trace is {:016x}\n", outcome.trace));
        return Ok(true);
    };
    for line in &outcome.told {
        say(format_args!("{line}\n"));
    }
    say(format_args!("seed {seed}: {failure}\n{failure:?}\n"));
    say(format_args!("hint: cargo xtask sim --seed {seed}\n"));
    Ok(false)
}

/// What all simulations did.
struct Total {
    began: Instant,
    seeds: u64,
    requests: u64,
    sent: u64,
    answered: u64,
    entries: u64,
    faults: Faults,
}

impl Total {
    fn begin() -> Self {
        let (began, faults) = (Instant::now(), Faults::default());
        Self { began, seeds: 0, requests: 0, sent: 0, answered: 0, entries: 0, faults }
    }

    fn add(&mut self, outcome: &Outcome) {
        self.seeds += 1;
        self.requests += outcome.tally.requests;
        self.sent += outcome.tally.sent;
        self.answered += outcome.tally.answered;
        self.entries += outcome.tally.entries;
        self.faults.add(&outcome.faults);
    }

    fn line(&self, end: &str) {
        let Self { seeds, requests, sent, answered, entries, faults, .. } = self;
        let seconds = self.began.elapsed().as_secs();
        let Faults { network, crashes, jumps, store, conflicts, books } = faults;
        say(format_args!(
            "{seeds} seeds in {seconds} s: {requests} requests, {sent} transmissions, {answered} \
             answers, {entries} entries; faults: network {network}, crashes {crashes}, clocks \
             {jumps}, store {store}, conflicts {conflicts}, books {books}{end}"
        ));
    }
}

#[expect(clippy::disallowed_methods, reason = "a seed is all that is taken from the clock")]
fn fresh_seed() -> anyhow::Result<u64> {
    let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(u64::try_from(since.as_micros())? % 1_000_000_000_000)
}

fn say(text: std::fmt::Arguments<'_>) {
    let mut out = stderr().lock();
    // Nothing can be said about a line that cannot be said.
    let _ = out.write_fmt(text).and_then(|()| out.flush());
}
