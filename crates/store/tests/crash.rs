//! A writer that is killed at any moment loses nothing that it acknowledged.

use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use openpbm_core::ClaimId;
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{Appended, Cursor, Journal, Unit};

use crate::contract::{follow, item};
use crate::entries::{family, paid};
use crate::process;

const KILLS: usize = 10;
/// Families that every unit changes together.
const FAMILIES: u64 = 2;
const UNITS: u64 = 8;

#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    if let Some(directory) = process::directory() {
        append_until_killed(&directory);
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    for kill in 0..KILLS {
        let delay = Duration::from_micros(RandomState::new().hash_one(kill) % 40_000);
        let ids = run_and_kill(directory.path(), delay);
        let journal = SqliteJournal::open(directory.path()).unwrap();
        acknowledged += check(&journal, &ids, acknowledged, delay);
    }
    assert!(acknowledged > KILLS as u64, "only {acknowledged} entries before {KILLS} kills");
}

/// Starts a writer, kills it some time after its first answer, and returns what it acknowledged.
fn run_and_kill(directory: &Path, delay: Duration) -> Vec<ClaimId> {
    let mut child = process::again("crash::a_kill_loses_nothing_that_was_acknowledged", directory)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut ids: Vec<ClaimId> = Vec::new();
    while ids.is_empty() {
        let line = lines.next().expect("the writer ended by itself").unwrap();
        ids.extend(line.strip_prefix("acknowledged ").map(|id| id.parse::<ClaimId>().unwrap()));
    }
    let killer = std::thread::spawn(move || {
        std::thread::sleep(delay);
        child.kill().unwrap();
        child.wait().unwrap()
    });
    for line in lines {
        // The last line may be cut off by the kill: what was not said in full was not said.
        let line = line.unwrap();
        let id = line.strip_prefix("acknowledged ").filter(|id| id.len() == 20);
        ids.extend(id.map(|id| id.parse::<ClaimId>().unwrap()));
    }
    assert!(!killer.join().unwrap().success(), "the writer was not killed");
    ids
}

/// Compares the journal with what was acknowledged; returns how many entries it gained.
fn check(journal: &SqliteJournal, ids: &[ClaimId], before: u64, delay: Duration) -> u64 {
    let reader = journal.reader();
    for id in ids {
        assert!(reader.find_entry(*id).unwrap().is_some(), "{id} is lost, killed after {delay:?}");
    }
    let whole = reader.verify(&mut |found| assert!(found.is_ok(), "{found:?}")).unwrap();
    let (gained, told) = (whole - before, ids.len() as u64);
    // Durable but not yet said: at most the batch in the air, or one that was being said.
    assert!((told..=told + 2 * UNITS * FAMILIES).contains(&gained), "{told} told, {gained} found");
    assert_eq!(gained % (UNITS * FAMILIES), 0, "a batch is one commit");
    for number in 0..FAMILIES {
        let entries = reader.read_family(family(number)).unwrap().len() as u64;
        assert_eq!(entries * FAMILIES, whole, "a unit was stored in part");
    }
    assert_eq!(follow(&*reader, 1000).len() as u64, whole);
    gained
}

/// The writer: goes on where the journal ends and says what is durable.
fn append_until_killed(directory: &Path) {
    let mut journal = SqliteJournal::open(directory).unwrap();
    let head = journal.reader().heads().unwrap().pop().unwrap_or(Cursor::START);
    let mut version = head.sequence / FAMILIES;
    let mut output = std::io::stdout().lock();
    writeln!(output).unwrap();
    loop {
        let units: Vec<_> = (version..version + UNITS).map(unit).collect();
        let answers = journal.append(&units).unwrap();
        assert!(answers.iter().all(Appended::is_committed));
        for item in units.iter().flat_map(|unit| &unit.items) {
            writeln!(output, "acknowledged {}", item.entry.id).unwrap();
        }
        version += UNITS;
    }
}

fn unit(version: u64) -> Unit {
    let items =
        (0..FAMILIES).map(|number| item(number, version, paid(version * FAMILIES + number)));
    items.collect::<Vec<_>>().into()
}
