//! The differential test at length: `cargo xtask differential --claims N [--seed S]`.
//!
//! Reads `OPENPBM_CLAIMS` and `OPENPBM_SEED`; without a seed it takes one from the clock and says
//! it. A case that the two see differently is shrunk and written among the fixtures.

use std::error::Error;
use std::io::{IsTerminal, Write, stderr};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Instant, UNIX_EPOCH};
use std::{env, fs};

use openpbm_model::{Comparison, Differential, Documents, Find, Tally};

#[path = "../tests/engine.rs"]
mod engine;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(format!("error: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

/// True if everything agreed.
fn run() -> Result<bool, Box<dyn Error>> {
    let claims: u64 = env::var("OPENPBM_CLAIMS").unwrap_or("200000".to_owned()).parse()?;
    let seed: u64 = match env::var("OPENPBM_SEED") {
        Ok(seed) => seed.parse()?,
        Err(_) => fresh_seed()?,
    };
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let base = Documents::load(&here.join("../../sample"))?;
    let differential = Differential {
        base: &base,
        subject: engine::Engine::default(),
        comparison: Comparison::Everything,
        histories_a_book: 60,
    };
    say(format!("differential: {claims} claims, seed {seed}\n"));
    let start = Instant::now();
    let rate = |tally: &Tally| {
        let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        tally.claims.saturating_mul(1000) / millis
    };
    let is_terminal = stderr().is_terminal();
    let outcome = differential.hunt(seed, claims, |tally| {
        if is_terminal {
            say(format!("\r{} of {claims} claims, {}/s ", tally.claims, rate(tally)));
        }
    })?;
    let line_end = if is_terminal { "\n" } else { "" };
    match outcome {
        Ok(tally) => {
            say(format!("{line_end}{}\n{} claims/s\n", told(&tally), rate(&tally)));
            Ok(true)
        }
        Err(find) => {
            say(format!("{line_end}{}\n", told(&find.tally)));
            keep(&find, &here.join("fixtures").join(format!("found-{seed}.toml")))?;
            Ok(false)
        }
    }
}

fn told(tally: &Tally) -> String {
    let Tally { books, histories, claims, paid, straddles } = tally;
    format!(
        "{claims} claims of {histories} families under {books} books agree: {paid} paid, \
         {straddles} of them across a deductible"
    )
}

/// Shows a find and writes it among the fixtures.
fn keep(find: &Find, path: &Path) -> Result<(), Box<dyn Error>> {
    fs::write(path, find.case.to_toml()?)?;
    say(format!("the model and the engine disagree, {}", find.disagreement));
    say(format!("the case is {}\n", path.display()));
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a seed is all that is taken from the clock")]
fn fresh_seed() -> Result<u64, Box<dyn Error>> {
    let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(u64::try_from(since.as_micros())? % 1_000_000_000)
}

fn say(text: impl std::fmt::Display) {
    let mut out = stderr().lock();
    let _ = write!(out, "{text}").and_then(|()| out.flush());
}
