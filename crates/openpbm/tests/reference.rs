//! The reference of the command line, which the program writes itself.

use std::path::Path;
use std::process::Command;

/// Every verb, in the order in which people meet them.
const VERBS: [&[&str]; 30] = [
    &["demo"],
    &["init"],
    &["serve"],
    &["claim"],
    &["quote"],
    &["book", "check"],
    &["book", "show"],
    &["book", "diff"],
    &["book", "publish"],
    &["import", "members"],
    &["import", "accumulators"],
    &["import", "ndc"],
    &["import", "nadac"],
    &["verify"],
    &["reprocess"],
    &["backup"],
    &["restore"],
    &["store", "status"],
    &["store", "migrate"],
    &["store", "retire"],
    &["journal", "show"],
    &["export", "adherence"],
    &["export", "drug-events"],
    &["export", "encounters"],
    &["export", "payment-plan"],
    &["export", "transition-notices"],
    &["export", "journal"],
    &["export", "claims"],
    &["replay"],
    &["bench"],
];

fn help(verb: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_openpbm"))
        .args(verb)
        .arg("--help")
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n")
}

#[test]
fn the_reference_is_what_the_program_says() {
    let mut text = "# Command line\n\nWritten by the program itself; a test compares. After a \
                    change: `OPENPBM_WRITE_DOCS=1 cargo test --package openpbm`.\n\nData goes to \
                    standard output, everything for people to standard error. Exit code 0: done; \
                    1: refused or failed, with one line that says why and a hint; 2: wrong usage.\n"
        .to_owned();
    for verb in VERBS {
        let help = help(verb);
        text.push_str(&format!("\n## openpbm {}\n\n```text\n{help}\n```\n", verb.join(" ")));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/cli.md");
    if std::env::var_os("OPENPBM_WRITE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "docs/reference/cli.md is not what the program says");
}
