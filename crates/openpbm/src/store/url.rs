//! The address of a database, which may hold a password: it is given to the store and shown to
//! nobody.

use std::fmt;

use clap::builder::TypedValueParser;
use clap::error::ErrorKind;

/// `postgres://USER:PASSWORD@HOST:PORT/DATABASE`. What is shown of it has no password.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct StoreUrl(String);

impl StoreUrl {
    const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

    fn new(text: &str) -> Option<Self> {
        let known = Self::SCHEMES.iter().any(|scheme| text.starts_with(scheme));
        known.then(|| Self(text.to_owned()))
    }

    /// The whole address, for the store alone.
    pub(crate) fn secret(&self) -> &str {
        &self.0
    }
}

/// Without the password, and without every parameter that is not known to be harmless.
impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HARMLESS: [&str; 5] = ["host", "port", "dbname", "user", "sslmode"];
        let rest = Self::SCHEMES.iter().find_map(|scheme| self.0.strip_prefix(scheme));
        // A password with a sign that ought to be escaped reaches further than it should: what
        // stands before the last `@` is never shown as an address.
        let (account, address) = match rest.unwrap_or_default().rsplit_once('@') {
            Some((account, address)) => (account, address),
            None => ("", rest.unwrap_or_default()),
        };
        f.write_str("postgres://")?;
        let user = account.split(':').next().unwrap_or_default();
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_-.%+".contains(c);
        if !user.is_empty() && user.chars().all(is_name) {
            write!(f, "{user}@")?;
        }
        let (address, query) = address.split_once('?').unwrap_or((address, ""));
        f.write_str(address)?;
        let is_harmless =
            |pair: &&str| HARMLESS.contains(&pair.split_once('=').map_or("", |(name, _)| name));
        for (number, pair) in query.split('&').filter(is_harmless).enumerate() {
            write!(f, "{}{pair}", if number == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads an address from the command line without ever repeating it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoreUrlParser;

impl TypedValueParser for StoreUrlParser {
    type Value = StoreUrl;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<StoreUrl, clap::Error> {
        value.to_str().and_then(StoreUrl::new).ok_or_else(|| {
            let message = "the address of the store is not one: it looks like \
                           postgres://USER@HOST/DATABASE (it is not repeated here: it may hold a \
                           password)\n";
            clap::Error::raw(ErrorKind::ValueValidation, message).with_cmd(command)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_password_is_shown() {
        let shown = |text| StoreUrl::new(text).unwrap().to_string();
        let plain = "postgres://pbm@db.example:5433/claims?sslmode=require";
        assert_eq!(shown(plain), plain);
        assert_eq!(shown("postgresql://pbm:Sesame@db/claims"), "postgres://pbm@db/claims");
        assert_eq!(shown("postgres:///claims?host=/run/db"), "postgres:///claims?host=/run/db");
        for secret in [
            "postgres://pbm:Sesame@db/claims?password=Sesame&host=db",
            "postgres://pbm:Se@Sesame/@db/claims",
            "postgres://pbm:x?Sesame@db/claims",
            "postgres://:Sesame@db",
            "postgres://pbm:Sesame#1@db",
            "postgres://db/claims?sslpassword=Sesame",
            "postgres://db/claims?Sesame",
        ] {
            assert!(!shown(secret).contains("Sesame"), "{}", shown(secret));
            assert!(!format!("{:?}", StoreUrl::new(secret)).contains("Sesame"));
        }
    }

    #[test]
    fn only_addresses_of_databases_are_taken() {
        for text in ["", "claims", "mysql://db/claims", "host=db password=x", "POSTGRES://db"] {
            assert!(StoreUrl::new(text).is_none(), "{text}");
        }
    }
}
