//! A database for each test, on one server for all of them.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::error::last_lines;
use crate::{Server, ServerError, programs};

/// The variable that names a server by its URL, instead of one that is started for the purpose.
/// Whoever it lets in must be allowed to make databases.
pub const TEST_SERVER: &str = "OPENPBM_TEST_POSTGRES";

static NUMBER: AtomicU32 = AtomicU32::new(1);
static SHARED: Mutex<Option<Server>> = Mutex::new(None);

/// An empty database that goes when it is dropped.
#[derive(Debug)]
pub struct Database {
    server: String,
    name: String,
    url: String,
}

impl Database {
    /// A new database on the server that this test program shares.
    ///
    /// # Errors
    ///
    /// Those of [`Server::start`], and [`ServerError::Refused`] if the server makes none.
    pub fn new() -> Result<Self, ServerError> {
        Self::on(&shared()?)
    }

    /// A new database on the server of that URL.
    ///
    /// # Errors
    ///
    /// [`ServerError::Refused`] if the server makes none.
    pub fn on(server: &str) -> Result<Self, ServerError> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("openpbm_test_{}_{number}", std::process::id());
        run(server, &format!("CREATE DATABASE {name}"))?;
        let url = with_database(server, &name);
        Ok(Self { server: server.to_owned(), name, url })
    }

    /// Where it is reached.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs SQL in it with `psql`, and returns what that prints: rows without frills.
    ///
    /// # Errors
    ///
    /// [`ServerError::Refused`] with what the server says.
    pub fn run(&self, sql: &str) -> Result<String, ServerError> {
        run(&self.url, sql)
    }

    /// Where another database of the same server is reached: the one that servers are made with.
    pub fn server(&self) -> &str {
        &self.server
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // A server that has been killed cannot drop anything; its directory goes anyway.
        let _ = run(&self.server, &drop);
    }
}

/// The URL of the server that all tests of this program share.
fn shared() -> Result<String, ServerError> {
    if let Some(url) = std::env::var(TEST_SERVER).ok().filter(|url| !url.is_empty()) {
        return Ok(url);
    }
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(server) = &*shared {
        return Ok(server.url());
    }
    // Nothing in a static is ever dropped: the server's guard ends it with this program.
    Ok(shared.insert(Server::temporary()?).url())
}

fn run(url: &str, sql: &str) -> Result<String, ServerError> {
    let mut command = Command::new(programs::find("psql")?);
    command.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
    command.args(["--set", "ON_ERROR_STOP=1", "--dbname", url, "--file", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(ServerError::failed("starting", "psql"))?;
    if let Some(mut input) = child.stdin.take() {
        // It does not run a statement that does not end.
        let _ = input.write_all(format!("{sql}\n;\n").as_bytes());
    }
    let output = child.wait_with_output().map_err(ServerError::failed("running", "psql"))?;
    if !output.status.success() {
        let said = last_lines(&String::from_utf8_lossy(&output.stderr));
        return Err(ServerError::Refused { program: "psql", status: output.status, said });
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// The same URL with another database in it.
fn with_database(url: &str, database: &str) -> String {
    let (path, query) = url.split_once('?').map_or((url, None), |(p, q)| (p, Some(q)));
    let authority = path.find("://").map_or(0, |at| at.saturating_add(3));
    let (front, rest) = path.split_at_checked(authority).unwrap_or(("", path));
    let host = rest.split('/').next().unwrap_or_default();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{front}{host}/{database}{query}")
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn a_url_takes_another_database() {
        for (url, expected) in [
            (
                "postgresql://postgres@%2Ftmp%2Fx:5432/postgres",
                "postgresql://postgres@%2Ftmp%2Fx:5432/t1",
            ),
            (
                "postgres://u:p@db.example:5433?sslmode=disable",
                "postgres://u:p@db.example:5433/t1?sslmode=disable",
            ),
            ("postgres:///a?host=/run", "postgres:///t1?host=/run"),
        ] {
            assert_eq!(with_database(url, "t1"), expected);
        }
    }
}
