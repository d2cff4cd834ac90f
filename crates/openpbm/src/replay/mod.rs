//! Replay: which claims, under which books, and what is told of it.

mod books;
mod changes;
mod chart;
mod source;
mod words;

use std::num::NonZero;
use std::time::{Duration, Instant};

use openpbm_service::replay::{self, Plan, ReplayError, Report};
use serde::Serialize;

use crate::bench::process::peak_resident_mib;
use crate::cli::Replay;
use crate::failure::{Context, Failure};
use crate::{progress, terminal};

use books::Books;
use changes::Changes;

/// What is told of a replay.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    /// Which book.
    book: String,
    /// Against which.
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<String>,
    /// How long reading and deciding took.
    milliseconds: u64,
    /// Claims read and decided in a second, under one book or under both.
    claims_per_s: u64,
    /// The most memory that the program had; `None` where the system does not tell.
    peak_resident_mib: Option<u64>,
    report: Report,
}

impl From<ReplayError> for Failure {
    fn from(error: ReplayError) -> Self {
        let hint = match &error {
            ReplayError::NoBook { .. } | ReplayError::UnknownBook { .. } => {
                Some("name the book: --book BOOK")
            }
            _ => None,
        };
        let failure = Self::new(&error);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

/// Decides the claims and tells what came of it.
pub(crate) fn run(args: &Replay) -> Result<(), Failure> {
    let books = Books::load(args)?;
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let begin = Instant::now();
    let folder = tempfile::tempfile().context("making a temporary file")?;
    let families = source::gather(args, &books, folder, threads)?;
    let rules = books.rules();
    let plan = Plan {
        book: &rules,
        against: books.against(),
        // Who compares two books asks for that by itself.
        verifies: args.verify || books.against().is_none(),
        wants_changes: args.csv.is_some() || args.parquet.is_some(),
        threads,
    };
    let mut changes = Changes::create(args, &books)?;
    let bar = progress::items(families.events(), "deciding");
    let report = replay::decide(
        &families,
        &plan,
        &|ndc| books.drug_name(ndc),
        &mut |change| changes.write(&change),
        &mut |done| bar.set_position(done),
    );
    bar.finish_and_clear();
    let report = report?;
    changes.finish()?;
    let told = Told::new(&books, report, begin.elapsed());
    if let (Some(path), Some(comparison)) = (&args.svg, &told.report.comparison) {
        let picture = chart::chart(&told, comparison);
        std::fs::write(path, picture).context(format!("writing {}", path.display()))?;
    }
    if args.json {
        terminal::json(&told)?;
    } else {
        terminal::out(words::words(&told).trim_end());
    }
    if args.verify { verified(&told.report) } else { Ok(()) }
}

impl Told {
    fn new(books: &Books, report: Report, elapsed: Duration) -> Self {
        let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        let claims_per_s = (report.claims * 1000).checked_div(milliseconds.max(1)).unwrap_or(0);
        let peak_resident_mib = peak_resident_mib();
        let (book, against) = (books.name().to_owned(), books.against_name().map(str::to_owned));
        Self { book, against, milliseconds, claims_per_s, peak_resident_mib, report }
    }
}

/// Fails if an answer is not the one that was given, or if none was given.
fn verified(report: &Report) -> Result<(), Failure> {
    let verified = &report.verified;
    if verified.different > 0 {
        let count = terminal::count_of(verified.different, "answer is", "answers are");
        return Err(Failure::new(format!("{count} not as given"))
            .hint("replay under the book that decided: name it with --book"));
    }
    if verified.answers == 0 && report.claims > 0 {
        return Err(Failure::new("no claim says what was answered")
            .hint("openpbm export claims writes it into the column `answer`"));
    }
    Ok(())
}
