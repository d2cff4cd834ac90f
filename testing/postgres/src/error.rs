//! Why there is no server, and what to do about it.

use std::io;
use std::path::PathBuf;

/// Why a server or a database could not be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// PostgreSQL is not installed, or not where it is looked for.
    #[error("found no `{program}` on the PATH or in /usr/lib/postgresql/*/bin")]
    NotInstalled {
        /// What was looked for.
        program: &'static str,
    },
    /// A program could not be run.
    #[error("{doing} `{}` failed", .path.display())]
    Failed {
        /// What was being done.
        doing: &'static str,
        /// With which program, file or directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A program ran and said no.
    #[error("`{program}` ended with {status}: {said}")]
    Refused {
        /// Which.
        program: &'static str,
        /// How it ended.
        status: std::process::ExitStatus,
        /// The last lines that it said.
        said: String,
    },
    /// The server does not answer.
    #[error("the server in `{}` does not answer; its log ends: {said}", .directory.display())]
    Silent {
        /// Its directory.
        directory: PathBuf,
        /// The last lines of its log.
        said: String,
    },
}

impl ServerError {
    /// What to do about it, as one phrase for people.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::NotInstalled { .. } => {
                "install the package `postgresql`, or name a server's URL in OPENPBM_TEST_POSTGRES"
            }
            Self::Failed { .. } => "see the cause, then try again",
            Self::Refused { .. } | Self::Silent { .. } => "see what it says",
        }
    }

    pub(crate) fn failed(
        doing: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Failed { doing, path, source }
    }
}

/// The last lines of what a program said: enough to see why.
pub(crate) fn last_lines(text: &str) -> String {
    const LINES: usize = 8;
    let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default().join(" | ")
}
