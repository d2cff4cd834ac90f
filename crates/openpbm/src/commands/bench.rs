//! `openpbm bench`: a real server under load, and the machine's own limits beside it.

use crate::bench;
use crate::cli::Bench;
use crate::failure::{Context, Failure};
use crate::terminal;

pub(crate) fn run(args: &Bench) -> Result<(), Failure> {
    let (report, series) = bench::run(args)?;
    if let Some(file) = &args.svg {
        let picture = bench::chart(&report, &series);
        std::fs::write(file, picture).context(format!("writing {}", file.display()))?;
    }
    if args.json {
        terminal::json(&report)?;
    } else {
        terminal::out(&report);
    }
    match report.unanswered {
        0 => Ok(()),
        count => Err(Failure::new(format!("{count} claims were sent and not answered"))
            .hint("the log says what happened; RUST_LOG=info shows more of it")),
    }
}
