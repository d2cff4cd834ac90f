//! A PostgreSQL server for the run, killed and started again.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::Context;
use openpbm_postgres::{Ended, Server, ServerError};

/// A server in a folder.
#[derive(Debug)]
pub(crate) struct Database(Server);

impl Database {
    pub(crate) fn start(folder: &Path) -> anyhow::Result<Self> {
        // The server runs as another user, who has to get through to its files.
        let above = folder.parent().context("the folder of a server lies in another")?;
        let through = fs::set_permissions(above, Permissions::from_mode(0o711));
        through.context("letting the server through to its folder")?;
        Server::start(folder).map(Self).map_err(explained)
    }

    pub(crate) fn url(&self) -> String {
        self.0.url()
    }

    /// Ends it with SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.0.end(Ended::Killed);
    }

    pub(crate) fn restart(&mut self) -> anyhow::Result<()> {
        self.0.restart().map_err(explained)
    }
}

fn explained(error: ServerError) -> anyhow::Error {
    let hint = error.hint();
    anyhow::Error::new(error).context(format!("no PostgreSQL server; hint: {hint}"))
}
