//! The engine against the reference adjudicator, for as many claims as one has time for.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

/// `--claims N` and `--seed S`, each at most once and in any order.
pub(crate) fn run(arguments: &[&str], root: &Path) -> anyhow::Result<()> {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root).args(["run", "--release", "--quiet"]);
    command.args(["--package", "openpbm-model", "--example", "differential"]);
    for (variable, value) in settings(arguments)? {
        command.env(variable, value.to_string());
    }
    let status = command.status().context("running cargo")?;
    if status.success() { Ok(()) } else { bail!("the differential test ended with {status}") }
}

/// The environment that the arguments stand for.
fn settings(arguments: &[&str]) -> anyhow::Result<Vec<(&'static str, u64)>> {
    let mut settings: Vec<(&'static str, u64)> = Vec::new();
    for pair in arguments.chunks(2) {
        let variable = match pair {
            ["--claims", _] => "OPENPBM_CLAIMS",
            ["--seed", _] => "OPENPBM_SEED",
            other => bail!("found `{}`, expected `--claims N` or `--seed S`", other.join(" ")),
        };
        let value = pair.last().copied().unwrap_or_default();
        let number =
            value.parse().with_context(|| format!("found `{value}`, expected a number"))?;
        if settings.iter().any(|(known, _)| *known == variable) {
            bail!("`{}` stands twice", pair.join(" "));
        }
        settings.push((variable, number));
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn arguments_are_read_or_refused() {
        assert_eq!(settings(&[]).unwrap(), []);
        let both = settings(&["--seed", "7", "--claims", "10"]).unwrap();
        assert_eq!(both, [("OPENPBM_SEED", 7), ("OPENPBM_CLAIMS", 10)]);
        for wrong in
            [&["--claims"][..], &["--claims", "x"], &["10"], &["--seed", "1", "--seed", "2"]]
        {
            assert!(settings(wrong).is_err(), "{wrong:?}");
        }
    }
}
