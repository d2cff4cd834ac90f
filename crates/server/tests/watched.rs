//! What an operator watches, and what `docs/operating/observability.md` says about it.

use std::collections::BTreeSet;
use std::path::Path;

use openpbm_server::Limits;

use crate::client::{ask, post};
use crate::running::Running;
use openpbm_house::Fill;

/// The names that stand in the first column of the table of metrics.
fn described() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operating/observability.md");
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `"));
    let names: BTreeSet<_> =
        rows.filter_map(|row| Some(row.split('`').next()?.split('{').next()?.to_owned())).collect();
    assert!(names.len() > 20, "{names:?}");
    names
}

/// The names of what a text of metrics says, as people ask for them.
fn said(text: &str) -> BTreeSet<String> {
    let kinds = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let name = |kind: &str| match kind.split_once(' ').unwrap() {
        (name, "counter") => format!("{name}_total"),
        (name, _) => name.to_owned(),
    };
    kinds.map(name).collect()
}

#[tokio::test]
async fn every_metric_is_described_and_every_description_is_a_metric() {
    let server = Running::start(Limits::default()).await;
    ask(server.http, &post(&Fill::eliquis(1).billing())).await;
    ask(server.http, &post(b"nonsense")).await;
    let text = server.ask("GET /metrics").await.text().to_owned();
    assert_eq!(said(&text), described());
}

#[tokio::test]
async fn metrics_have_units_in_their_names_and_words_of_help() {
    let server = Running::start(Limits::default()).await;
    let text = server.ask("GET /metrics").await.text().to_owned();
    for name in said(&text) {
        let base = name.strip_suffix("_total").unwrap_or(&name);
        assert!(text.contains(&format!("# HELP {base} ")), "{name}");
        assert!(name.starts_with("openpbm_") || name.starts_with("process_"), "{name}");
    }
    for unit in text.lines().filter_map(|line| line.strip_prefix("# UNIT ")) {
        let (name, unit) = unit.split_once(' ').unwrap();
        assert!(name.ends_with(unit), "{name} is in {unit}");
    }
}

#[tokio::test]
async fn connections_and_stages_are_counted() {
    let server = Running::start(Limits::default()).await;
    let mut client = server.connect().await;
    let framing = openpbm_wire::ncpdp::framing::Framing::Length;
    client.send(framing, &Fill::eliquis(1).billing()).await;
    client.answer(framing).await.unwrap();
    let lines = [
        "openpbm_connections 1\n",
        "openpbm_connections_accepted_total 1\n",
        "openpbm_connections_turned_away_total 0\n",
        "openpbm_queue_depth{queue=\"worker\"} 0\n",
        "openpbm_queue_depth{queue=\"committer\"} 0\n",
        "openpbm_store_up 1\n",
        "openpbm_in_flight 0\n",
    ];
    // The answer is on its way a moment before the worker says that it is idle.
    let mut text = String::new();
    for _ in 0..1_000 {
        text = server.ask("GET /metrics").await.text().to_owned();
        if lines.iter().all(|line| text.contains(line)) {
            break;
        }
    }
    for line in lines {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    for stage in ["read", "wait", "decide", "queue", "append", "write"] {
        let count = format!("openpbm_stage_seconds_count{{stage=\"{stage}\"}} ");
        let counted = text.lines().find_map(|line| line.strip_prefix(&count)).unwrap();
        assert_ne!(counted, "0", "{stage}");
    }
    assert!(text.contains("openpbm_book_info{name=\""), "{text}");
}
