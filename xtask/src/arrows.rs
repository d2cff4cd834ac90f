//! The arrows between crates. An edge that is not in this table is a wall broken through: see
//! ARCHITECTURE.md and `docs/adr/0001-arrows-between-crates.md`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::Value;

/// Each crate and the crates of ours that it may use.
const ARROWS: [(&str, &[&str]); 18] = [
    ("openpbm-core", &[]),
    ("openpbm-wire", &[]),
    ("openpbm-analytics", &["core"]),
    ("openpbm-book", &["core"]),
    ("openpbm-engine", &["book", "core"]),
    ("openpbm-store", &["core"]),
    ("openpbm-service", &["book", "core", "engine", "store", "wire"]),
    ("openpbm-console", &["core", "service"]),
    ("openpbm-server", &["console", "core", "service", "wire"]),
    ("openpbm", &["analytics", "book", "core", "server", "service", "store", "wire"]),
    ("openpbm-benches", &["book", "core", "engine", "house", "server", "service", "store", "wire"]),
    ("openpbm-model", &["core"]),
    ("openpbm-postgres", &[]),
    ("openpbm-house", &["book", "core", "service", "store", "wire"]),
    ("openpbm-pharmacy", &["core", "model", "wire"]),
    ("openpbm-kill", &["book", "core", "model", "pharmacy", "postgres", "store", "wire"]),
    ("openpbm-simulation", &["book", "core", "engine", "model", "pharmacy", "service", "store"]),
    ("xtask", &["postgres"]),
];

/// What a crate's tests may use beyond that: whatever stands below them, to set a scene.
const ARROWS_OF_TESTS: [(&str, &[&str]); 6] = [
    ("openpbm-store", &["postgres"]),
    ("openpbm-service", &[]),
    ("openpbm-console", &["house"]),
    ("openpbm-server", &["book", "house", "store"]),
    ("openpbm", &["engine", "model", "pharmacy", "postgres"]),
    ("openpbm-model", &["book", "engine"]),
];

/// The edges that are not in the table, and the crates that it does not know.
pub(crate) fn check(root: &Path) -> anyhow::Result<Vec<String>> {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root)
        .output()
        .context("running cargo metadata")?;
    if !metadata.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&metadata.stderr));
    }
    let metadata: Value = serde_json::from_slice(&metadata.stdout)?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    let packages = packages.context("cargo metadata names no packages")?;
    let mut wrong = Vec::new();
    let names: BTreeSet<_> = packages.iter().filter_map(|p| text(p, "name")).collect();
    for package in packages {
        let name = text(package, "name").context("a package has no name")?;
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == name) else {
            wrong.push(format!("{name} is not in the table of arrows"));
            continue;
        };
        let tests = ARROWS_OF_TESTS.iter().find(|(known, _)| *known == name);
        let tests = tests.map_or(&[] as &[&str], |(_, allowed)| allowed);
        let edges = package.get("dependencies").and_then(Value::as_array);
        for edge in edges.into_iter().flatten() {
            let Some(to) = text(edge, "name").filter(|to| names.contains(to)) else { continue };
            let short = to.trim_start_matches("openpbm-");
            let of_tests = text(edge, "kind") == Some("dev");
            if !(allowed.contains(&short) || of_tests && tests.contains(&short)) {
                wrong.push(format!("{name} -> {to} is not an arrow of the house"));
            }
        }
    }
    Ok(wrong)
}

fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_the_arrows_of_the_house() {
        let wrong = super::check(&crate::root()).unwrap();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
