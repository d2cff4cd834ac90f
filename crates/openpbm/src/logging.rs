//! The log, on standard error: what happened, with its figures as fields, for people or for
//! programs. It never says whose claim it was; a test reads all of it to be sure.

use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A line of text for each event.
    Text,
    /// A JSON object on a line for each event.
    Json,
}

/// Starts the log. `RUST_LOG` sets what is told, and goes before `verbose`.
pub(crate) fn start(verbose: bool, format: Format) {
    let level = if verbose { "info" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        Format::Text => log.init(),
        Format::Json => log.json().flatten_event(true).init(),
    }
}
