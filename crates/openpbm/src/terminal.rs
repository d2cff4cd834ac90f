//! Data goes to standard output, everything for people only to standard error. A reader that
//! has left (`| head`) is no failure.

use std::fmt::Display;
use std::io::Write;

use crate::failure::Failure;

/// A line of data.
pub(crate) fn out(line: impl Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
    let _ = std::io::stdout().flush();
}

/// A value as JSON.
pub(crate) fn json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value).map_err(Failure::new)?;
    out(text);
    Ok(())
}

/// A number of things: `1 mistake`, `2 mistakes`.
pub(crate) fn count(number: usize, thing: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{ending}")
}

/// A number of things with a plural of their own: `1 entry`, `2 entries`.
pub(crate) fn count_of(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// A span of time: `0.25 s`.
pub(crate) fn seconds(milliseconds: u64) -> String {
    format!("{}.{:02} s", milliseconds / 1000, milliseconds % 1000 / 10)
}

/// A line for people.
pub(crate) fn note(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// How a command ended if it did not succeed.
pub(crate) fn error(failure: &Failure) {
    note(format_args!("error: {}", failure.message));
    if let Some(hint) = &failure.hint {
        note(format_args!("hint: {hint}"));
    }
}
