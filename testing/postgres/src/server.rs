//! One server: made, started, stopped, killed and started again.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::error::last_lines;
use crate::guard::Guard;
use crate::user::User;
use crate::{ServerError, programs};

/// The socket is named by a port although nothing listens on the network.
const PORT: u16 = 5432;
/// How long a server may take to recover and to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// What differs from PostgreSQL's own defaults. Durability does not: what the tests show must
/// hold for a server as it is installed.
const SETTINGS: &str = "
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 256MB
max_wal_size = 4GB
autovacuum_naptime = 10s
log_min_messages = warning
log_min_error_statement = panic
timezone = 'UTC'
";

/// A PostgreSQL server on a unix socket in its own directory. It ends with its owner.
#[derive(Debug)]
pub struct Server {
    directory: PathBuf,
    user: User,
    running: Option<(Child, Guard)>,
    temporary: Option<TempDir>,
}

/// How a server is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// At once and without a word, as by the loss of the machine's power to this one program:
    /// SIGKILL.
    Killed,
    /// After it has written down what it has in memory: a fast shutdown, SIGINT.
    Stopped,
}

impl Server {
    /// A server in a new directory that goes with it.
    ///
    /// # Errors
    ///
    /// Those of [`Server::start`].
    pub fn temporary() -> Result<Self, ServerError> {
        // Sockets have short names, so the directory is in no deeper a place than this.
        let made = tempfile::Builder::new().prefix("openpbm-pg-").tempdir_in("/tmp");
        let temporary = made.map_err(ServerError::failed("making a directory in", "/tmp"))?;
        let mut server = Self::in_directory(temporary.path());
        server.temporary = Some(temporary);
        server.run()?;
        Ok(server)
    }

    /// Starts the server whose files are in that directory; makes them if there are none.
    ///
    /// # Errors
    ///
    /// [`ServerError::NotInstalled`] if there is no PostgreSQL, [`ServerError::Refused`] if it
    /// does not want to, [`ServerError::Silent`] if it does not answer within a minute.
    pub fn start(directory: &Path) -> Result<Self, ServerError> {
        let mut server = Self::in_directory(directory);
        server.run()?;
        Ok(server)
    }

    /// Where it is reached, for any client that reads PostgreSQL's URLs.
    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// Where a database of it is reached.
    pub fn url_of(&self, database: &str) -> String {
        let host = self.directory.display().to_string().replace('/', "%2F");
        format!("postgresql://postgres@{host}:{PORT}/{database}")
    }

    /// Its process, while it runs.
    pub fn process(&self) -> Option<u32> {
        self.running.as_ref().map(|(child, _)| child.id())
    }

    /// Ends it. It can be started again with [`Server::restart`].
    pub fn end(&mut self, how: Ended) {
        let Some((mut child, guard)) = self.running.take() else { return };
        match (how, child.try_wait()) {
            // It has gone already, and its number may be another's by now.
            (_, Ok(Some(_))) => {}
            (Ended::Killed, _) => drop(child.kill()),
            (Ended::Stopped, _) => interrupt(child.id()),
        }
        let _ = child.wait();
        guard.dismiss();
    }

    /// Starts it again after it has ended; it recovers what it had promised.
    ///
    /// # Errors
    ///
    /// Those of [`Server::start`].
    pub fn restart(&mut self) -> Result<(), ServerError> {
        self.end(Ended::Stopped);
        self.run()
    }

    /// How it ended, if it did so by itself or by somebody else's hand since it was started.
    ///
    /// # Errors
    ///
    /// [`ServerError::Failed`] if the system cannot say.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>, ServerError> {
        let Some((child, _)) = &mut self.running else { return Ok(None) };
        let ended = child.try_wait().map_err(ServerError::failed("waiting for", "postgres"))?;
        if ended.is_some() {
            self.end(Ended::Stopped);
        }
        Ok(ended)
    }

    fn in_directory(directory: &Path) -> Self {
        let directory = directory.to_owned();
        Self { directory, user: User::find(), running: None, temporary: None }
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn log(&self) -> PathBuf {
        self.directory.join("log")
    }

    fn run(&mut self) -> Result<(), ServerError> {
        if !self.data().join("PG_VERSION").exists() {
            self.make()?;
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mut child = self.spawn()?;
            let answers = self.answers(&mut child, deadline)?;
            if answers {
                let directory = self.temporary.as_ref().map(TempDir::path);
                self.running = Some(Self::guarded(child, directory)?);
                return Ok(());
            }
            // What a killed server leaves behind (its children, shared memory) goes in a moment.
            if Instant::now() > deadline {
                return Err(self.silent());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn guarded(child: Child, directory: Option<&Path>) -> Result<(Child, Guard), ServerError> {
        let guard = Guard::over(child.id(), directory)?;
        Ok((child, guard))
    }

    /// Makes the server's files.
    fn make(&self) -> Result<(), ServerError> {
        let directory = &self.directory;
        if !directory.is_dir() {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(directory)
                .map_err(ServerError::failed("making", directory))?;
        }
        self.user.give(directory)?;
        let mut command = Command::new(programs::find("initdb")?);
        command.arg("--pgdata").arg(self.data()).args(["--username", "postgres"]);
        command.args(["--auth", "trust", "--encoding", "UTF8", "--locale", "C"]);
        command.args(["--no-sync", "--no-instructions"]);
        let output = self.user.run(&mut command).current_dir("/").output();
        let output = output.map_err(ServerError::failed("starting", "initdb"))?;
        if !output.status.success() {
            let said = last_lines(&String::from_utf8_lossy(&output.stderr));
            return Err(ServerError::Refused { program: "initdb", status: output.status, said });
        }
        let path = self.data().join("postgresql.auto.conf");
        fs::write(&path, SETTINGS).map_err(ServerError::failed("writing", path))
    }

    fn spawn(&self) -> Result<Child, ServerError> {
        let log = File::options().create(true).append(true).open(self.log());
        let log = log.map_err(ServerError::failed("opening", self.log()))?;
        let mut command = Command::new(programs::find("postgres")?);
        command.arg("-D").arg(self.data()).arg("-k").arg(&self.directory);
        command.args(["-p", &PORT.to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        // Ctrl-C is for the test program; the guard ends the server after it.
        self.user.run(&mut command).process_group(0).current_dir("/");
        command.spawn().map_err(ServerError::failed("starting", "postgres"))
    }

    /// Waits until it takes connections; false if it ended instead.
    fn answers(&self, child: &mut Child, deadline: Instant) -> Result<bool, ServerError> {
        let socket = self.directory.join(format!(".s.PGSQL.{PORT}"));
        let ready = self.data().join("postmaster.pid");
        loop {
            let ended = child.try_wait().map_err(ServerError::failed("waiting for", "postgres"))?;
            if ended.is_some() {
                return Ok(false);
            }
            // The file is the one of this process, and its last line says what state it is in.
            let state = fs::read_to_string(&ready).unwrap_or_default();
            let ours = state.lines().next() == Some(child.id().to_string().as_str());
            let is_ready = state.lines().last().is_some_and(|line| line.trim() == "ready");
            if ours && is_ready && UnixStream::connect(&socket).is_ok() {
                return Ok(true);
            }
            if Instant::now() > deadline {
                let _ = child.kill();
                let _ = child.wait();
                return Err(self.silent());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn silent(&self) -> ServerError {
        let said = last_lines(&fs::read_to_string(self.log()).unwrap_or_default());
        ServerError::Silent { directory: self.directory.clone(), said }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end(Ended::Stopped);
    }
}

/// Sends SIGINT; the standard library knows SIGKILL alone.
fn interrupt(process: u32) {
    let arguments = ["-c", "kill -INT \"$1\"", "interrupt", &process.to_string()];
    let _ = Command::new("/bin/sh").args(arguments).stderr(Stdio::null()).status();
}
