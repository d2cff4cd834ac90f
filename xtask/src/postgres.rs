//! A PostgreSQL server for scripts: `cargo xtask postgres DIR` says its URL and process id on
//! one line, and runs it until the input ends or somebody kills it. Run again on the same folder,
//! it recovers what it had promised.

use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, bail};
use openpbm_postgres::{Ended, Server, ServerError};

/// Runs the server whose files are in that folder.
pub(crate) fn run(directory: &Path) -> anyhow::Result<()> {
    let directory = std::path::absolute(directory).context("finding the folder")?;
    let mut server = Server::start(&directory).map_err(with_hint)?;
    let process = server.process().context("the server has no process")?;
    let mut output = std::io::stdout();
    writeln!(output, "{} {process}", server.url())?;
    output.flush()?;
    let (told, ended) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        let _ = told.send(());
    });
    while ended.recv_timeout(std::time::Duration::from_millis(50)).is_err() {
        if let Some(status) = server.ended().map_err(with_hint)? {
            bail!("the server ended with {status}");
        }
    }
    server.end(Ended::Stopped);
    Ok(())
}

fn with_hint(error: ServerError) -> anyhow::Error {
    let hint = error.hint();
    anyhow::Error::new(error).context(format!("no PostgreSQL server; hint: {hint}"))
}
