//! Which database, how it is reached, and what it is.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use crate::StoreError;

/// How long a server may take to let us in.
const TO_CONNECT: Duration = Duration::from_secs(5);
/// After how long without a sign of life a connection over a network is given up.
const SILENCE: Duration = Duration::from_secs(15);

/// A database, by its URL.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) config: Config,
    name: String,
}

impl Target {
    /// Reads a URL like `postgresql://user@host:5432/database`, or a string of settings.
    pub(super) fn parse(url: &str) -> Result<Self, StoreError> {
        let refused = |reason: String| StoreError::Database {
            doing: "reading the database's URL",
            source: reason.into(),
        };
        // What the parser says may repeat a part of the URL, which may be the password.
        let parsed = url.parse::<Config>().map_err(|_| {
            refused("expected a URL like `postgresql://user@host:5432/database`".to_owned())
        });
        let mut config = parsed?;
        if config.get_ssl_mode() == SslMode::Require {
            return Err(refused(
                "found `sslmode=require`, but this build speaks to servers without TLS only: \
                 use a unix socket or an encrypted network, and `sslmode=disable`"
                    .to_owned(),
            ));
        }
        config.connect_timeout(*config.get_connect_timeout().unwrap_or(&TO_CONNECT));
        config.tcp_user_timeout(SILENCE).keepalives_idle(SILENCE);
        if config.get_application_name().is_none() {
            config.application_name("openpbm");
        }
        let name = name(&config);
        Ok(Self { config, name })
    }

    /// The database's name as errors have it, which is no secret.
    pub(super) fn path(&self) -> PathBuf {
        PathBuf::from(&self.name)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Target").field(&self.name).finish()
    }
}

/// Host and database, without user and password.
fn name(config: &Config) -> String {
    let hosts = config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        Host::Unix(path) => path.display().to_string(),
    });
    let hosts: Vec<_> = hosts.collect();
    let database = config.get_dbname().or(config.get_user()).unwrap_or("?");
    format!("{}/{database}", hosts.join(","))
}

/// What the server is: those that speak PostgreSQL's protocol differ in what they can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Product {
    /// PostgreSQL itself, with or without extensions.
    Plain,
    /// YugabyteDB, CockroachDB or another that speaks its protocol.
    Other,
}

impl Product {
    /// By what `version()` says.
    pub(super) fn of(version: &str) -> Self {
        let plain = version.starts_with("PostgreSQL") && !version.contains("-YB-");
        if plain { Self::Plain } else { Self::Other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_told() {
        let target = Target::parse("postgresql://user:hunter2@db.example:5433/claims").unwrap();
        assert_eq!(format!("{target:?}"), r#"Target("db.example/claims")"#);
        let error = Target::parse("postgresql://user:hunter2@db.example:port/claims").unwrap_err();
        let StoreError::Database { source, .. } = error else { panic!("{error:?}") };
        assert!(!source.to_string().contains("hunter2"), "{source}");
    }

    #[test]
    fn a_server_must_not_be_asked_for_what_is_not_there() {
        let error = Target::parse("postgresql://db.example/claims?sslmode=require").unwrap_err();
        let StoreError::Database { source, .. } = error else { panic!("{error:?}") };
        assert!(source.to_string().contains("without TLS"), "{source}");
    }

    #[test]
    fn products_are_known_by_their_version() {
        let plain = "PostgreSQL 15.18 (Debian 15.18-0+deb12u1) on x86_64-pc-linux-gnu";
        assert_eq!(Product::of(plain), Product::Plain);
        assert_eq!(Product::of("PostgreSQL 11.2-YB-2.20.1.0-b0 on x86_64"), Product::Other);
        assert_eq!(Product::of("CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu)"), Product::Other);
    }
}
