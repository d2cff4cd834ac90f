//! `openpbm verify`: is the journal whole, and does everything follow from it?

use std::sync::Arc;

use openpbm_service::{Depth, Report, verify};

use crate::cli::Verify;
use crate::data::{Data, store};
use crate::failure::Failure;
use crate::{progress, terminal};

pub(crate) fn run(args: &Verify) -> Result<(), Failure> {
    let data = Data::at(&args.place);
    let current = Arc::new(data.current_book()?);
    let older = data.library()?;
    let library = move |version| {
        if version == current.version() { Some(current.clone()) } else { older(version) }
    };
    let reader = data.reader()?;
    let heads = reader.heads().map_err(store)?;
    let total = heads.iter().map(|head| head.sequence).sum();
    let bar = progress::items(total, "verifying");
    let depth = if args.rebuild_only { Depth::Rebuild } else { Depth::Decide };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let progress = &mut |read| bar.set_position(read);
    let report = verify(&*reader, &library, depth, threads, progress);
    bar.finish_and_clear();
    let report = report.map_err(store)?;
    if args.json {
        terminal::json(&report)?;
    } else {
        terminal::out(words(&report, depth));
    }
    if report.is_clean() {
        return Ok(());
    }
    let problems = usize::try_from(report.problems).unwrap_or(usize::MAX);
    let message = format!("{} in the journal", terminal::count(problems, "problem"));
    Err(Failure::new(message).hint("keep a copy of the files and restore from a backup"))
}

fn words(report: &Report, depth: Depth) -> String {
    let mut text = format!(
        "{} entries of {} families are whole\n\
         {} accumulators rebuilt from them are as stated",
        report.entries, report.families, report.accumulators
    );
    if depth == Depth::Decide {
        let Report { replayed, decisions, .. } = report;
        text.push_str(&format!(
            "\n{replayed} of {decisions} decisions made again came out the same"
        ));
    }
    if report.without_book > 0 {
        let count = report.without_book;
        text.push_str(&format!("\n{count} decisions were made by books that are not at hand"));
    }
    for finding in &report.findings {
        text.push_str(&format!("\nentry {}: {}", finding.sequence, finding.problem));
    }
    text
}
