//! A test that starts itself again in a process of its own, to be killed or to be somebody else.

use std::path::{Path, PathBuf};
use std::process::Command;

const DIRECTORY: &str = "OPENPBM_STORE_TEST_DIRECTORY";

/// The command that runs one test of this binary again, with a directory to work in.
pub(crate) fn again(test: &str, directory: &Path) -> Command {
    // Linux's own link to this program also works for a user who may not look where it is.
    let link = PathBuf::from("/proc/self/exe");
    let program = if link.exists() { link } else { std::env::current_exe().unwrap() };
    let mut command = Command::new(program);
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(DIRECTORY, directory);
    command
}

/// The directory to work in, if this is the process that was started by [`again`].
pub(crate) fn directory() -> Option<PathBuf> {
    std::env::var_os(DIRECTORY).map(PathBuf::from)
}
