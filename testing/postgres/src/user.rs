//! As whom the server runs: PostgreSQL refuses to be root, so root starts it as somebody else.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use crate::ServerError;

/// An unprivileged user, if we are root; ourselves otherwise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct User(Option<(u32, u32)>);

impl User {
    /// Whoever is to run the server.
    pub(crate) fn find() -> Self {
        let ourselves = fs::metadata("/proc/self").map(|found| found.uid());
        if ourselves.is_ok_and(|uid| uid != 0) {
            return Self(None);
        }
        let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let named = |name| users.lines().find_map(|line| ids(line, name));
        Self(named("postgres").or_else(|| named("nobody")))
    }

    /// Lets a program run as this user.
    pub(crate) fn run(self, command: &mut Command) -> &mut Command {
        match self.0 {
            Some((uid, gid)) => command.uid(uid).gid(gid),
            None => command,
        }
    }

    /// Gives the user a directory.
    pub(crate) fn give(self, directory: &Path) -> Result<(), ServerError> {
        let Some((uid, gid)) = self.0 else { return Ok(()) };
        chown(directory, Some(uid), Some(gid))
            .map_err(ServerError::failed("giving away", directory))
    }
}

/// The ids in a line `name:x:uid:gid:...` of that name.
fn ids(line: &str, name: &str) -> Option<(u32, u32)> {
    let mut fields = line.split(':');
    if fields.next() != Some(name) {
        return None;
    }
    let mut numbers = fields.skip(1).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_has_two_ids() {
        let line = "postgres:x:101:104:PostgreSQL administrator,,,:/var/lib/postgresql:/bin/bash";
        assert_eq!(ids(line, "postgres"), Some((101, 104)));
        assert_eq!(ids(line, "nobody"), None);
    }
}
