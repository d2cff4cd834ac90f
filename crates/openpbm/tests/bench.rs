//! `openpbm bench`: the run is real, its report whole. How fast it was is nobody's promise here.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn bench(words: &str, folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openpbm"));
    // Wide enough that no line of the help is broken.
    command.env("COLUMNS", "400");
    command.arg("bench").args(words.split(' ')).current_dir(folder).output().unwrap()
}

fn report(words: &str, folder: &Path) -> Value {
    let output = bench(words, folder);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Every claim that was sent has its answer, and every answer is of a known kind.
fn assert_all_answered(report: &Value) {
    let count = |name: &str| report[name].as_u64().unwrap();
    assert!(count("sent") > 0, "{report}");
    assert_eq!(count("answered"), count("sent"), "{report}");
    assert_eq!(count("unanswered"), 0, "{report}");
    assert_eq!(count("paid") + count("rejected") + count("unavailable"), count("sent"), "{report}");
    assert_eq!(count("other"), 0, "{report}");
    assert!(count("paid") > count("rejected"), "{report}");
}

#[test]
fn a_closed_loop_is_answered_reported_and_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let load = "--seconds 1 --connections 4 --outstanding 3 --members 500";
    let first = report(&format!("{load} --data pbm --svg run.svg --json"), folder.path());
    assert_all_answered(&first);
    assert_eq!(first["store"], "sqlite");
    assert_eq!(first["loop"], "closed");
    assert_eq!([&first["connections"], &first["outstanding"]], [4, 3]);
    assert!(first["rate"].is_null());
    for rate in ["claims_per_s", "commits_per_s", "syncs_per_s", "appends_per_s", "echoes_per_s"] {
        assert!(first[rate].as_u64().unwrap() > 0, "{rate}: {first}");
    }
    for ratio in ["ratio_to_sync", "ratio_to_append", "ratio_to_echo"] {
        assert!(first[ratio].as_f64().unwrap() > 0.0, "{ratio}: {first}");
    }
    let latency = ["p50_ms", "p99_ms", "p999_ms", "max_ms"].map(|p| first[p].as_f64().unwrap());
    assert!(latency.is_sorted() && latency[0] > 0.0, "{latency:?}");

    let picture = std::fs::read_to_string(folder.path().join("run.svg")).unwrap();
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"), "{picture}");
    for class in ["line p50", "line p99", "line most", "claims"] {
        assert!(picture.contains(&format!("class=\"{class}\"")), "{class}");
    }

    // The journal holds every claim that was answered, and a later bench goes on behind them.
    let second = report(&format!("{load} --data pbm --json"), folder.path());
    assert_all_answered(&second);
    let entries = |report: &Value| report["entries_before"].as_u64().unwrap();
    assert_eq!(entries(&second), entries(&first) + first["answered"].as_u64().unwrap());
}

#[test]
fn an_open_loop_sends_what_is_due() {
    let folder = tempfile::tempdir().unwrap();
    let load = "--seconds 1 --connections 4 --rate 50 --members 100 --json";
    let report = report(load, folder.path());
    assert_all_answered(&report);
    assert_eq!(report["loop"], "open");
    assert_eq!(report["sent"], 50);
    assert!(report["outstanding"].is_null());
    let text = bench("--seconds 1 --connections 1 --members 1", folder.path()).stdout;
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("durable and answered") && text.contains("0 unanswered"), "{text}");
}

/// What a figure means is found where people look for it.
#[test]
fn the_help_explains_every_figure_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let help = String::from_utf8(bench("--help", folder.path()).stdout).unwrap();
    let (_, table) = help.split_once("by their names in --json:\n").unwrap();
    let lines = table.lines().take_while(|line| !line.is_empty());
    let mut explained: Vec<_> = lines.filter_map(|line| line.split(' ').nth(2)).collect();
    explained.sort_unstable();
    let load = "--seconds 1 --connections 1 --rate 5 --members 5 --json";
    let report = report(load, folder.path());
    // The report's names come sorted from a map.
    let names: Vec<_> = report.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(explained, names);
}
