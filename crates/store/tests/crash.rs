//! A writer that is killed at any moment loses nothing that it acknowledged: in an append, in a
//! merge into the index, in a checkpoint of the log.

use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use openpbm_core::ClaimId;
use openpbm_store::sqlite::{DATABASE, INDEX, SqliteJournal, SqliteReader, Tuning};
use openpbm_store::{Appended, Cursor, Journal, Reader, Unit};

use crate::contract::{self, follow, item};
use crate::entries::{family, paid};
use crate::process;

const KILLS: usize = 16;
/// Families that every unit changes together.
const FAMILIES: u64 = 2;
const UNITS: u64 = 8;
/// So that a merge and a checkpoint are under way nearly always.
fn busy() -> Tuning {
    Tuning { merge: 64, fold: 16, long: 64, ..Tuning::default() }
}

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
        // A reader alone sees it before anybody has opened it for writing.
        let alone = SqliteReader::open(directory.path()).unwrap();
        check(&alone, &ids, acknowledged, delay);
        let journal = SqliteJournal::open_tuned(directory.path(), busy()).unwrap();
        acknowledged += check(&*journal.reader(), &ids, acknowledged, delay);
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
fn check(reader: &dyn Reader, ids: &[ClaimId], before: u64, delay: Duration) -> u64 {
    for id in ids {
        assert!(reader.find_entry(*id).unwrap().is_some(), "{id} is lost, killed after {delay:?}");
    }
    contract::check(reader);
    let whole = follow(reader, 1000).len() as u64;
    let (gained, told) = (whole - before, ids.len() as u64);
    // Durable but not yet said: at most the batch in the air, or one that was being said.
    assert!((told..=told + 2 * UNITS * FAMILIES).contains(&gained), "{told} told, {gained} found");
    assert_eq!(gained % (UNITS * FAMILIES), 0, "a batch is one commit");
    for number in 0..FAMILIES {
        let entries = reader.read_family(family(number)).unwrap().entries.len() as u64;
        assert_eq!(entries * FAMILIES, whole, "a unit was stored in part");
    }
    gained
}

/// The writer: goes on where the journal ends and says what is durable.
fn append_until_killed(directory: &Path) {
    let mut journal = SqliteJournal::open_tuned(directory, busy()).unwrap();
    let head = journal.reader().heads().unwrap().pop().unwrap_or(Cursor::START);
    let mut version = head.sequence / FAMILIES;
    let mut output = std::io::stdout().lock();
    writeln!(output).unwrap();
    loop {
        let units: Vec<_> = (version..version + UNITS).map(unit).collect();
        let answers = journal.append(&units).unwrap();
        assert!(answers.iter().all(Appended::is_committed));
        for item in units.iter().flat_map(|unit| &unit.items) {
            writeln!(output, "acknowledged {}", item.entry().id).unwrap();
        }
        version += UNITS;
    }
}

fn unit(version: u64) -> Unit {
    let items =
        (0..FAMILIES).map(|number| item(number, version, paid(version * FAMILIES + number)));
    items.collect::<Vec<_>>().into()
}

/// The power goes while the log is being written: it ends anywhere, and with it what had not
/// been acknowledged. The index's log may end anywhere at all.
#[test]
fn a_torn_log_ends_behind_a_whole_batch() {
    let directory = tempfile::tempdir().unwrap();
    let mut journal = SqliteJournal::open(directory.path()).unwrap();
    let mut ends = Vec::new();
    let log = |directory: &Path, file: &str| directory.join(format!("{file}-wal"));
    for version in (0..5 * UNITS).step_by(UNITS as usize) {
        let units: Vec<_> = (version..version + UNITS).map(unit).collect();
        assert!(journal.append(&units).unwrap().iter().all(Appended::is_committed));
        ends.push(log(directory.path(), DATABASE).metadata().unwrap().len());
        if version == 2 * UNITS || version == 3 * UNITS {
            journal.settle().unwrap();
        }
    }
    let of_batch = UNITS * FAMILIES;
    let whole = *ends.last().unwrap();
    let lengths = ends.iter().flat_map(|end| [end - 1, *end, end + 100]).chain([0, 33]);
    for length in lengths.filter(|length| *length <= whole) {
        for index_length in [0, 20_000, u64::MAX] {
            let torn = tempfile::tempdir().unwrap();
            for file in [DATABASE, INDEX] {
                fs::copy(directory.path().join(file), torn.path().join(file)).unwrap();
                fs::copy(log(directory.path(), file), log(torn.path(), file)).unwrap();
            }
            let cut = |file: &str, length: u64| {
                let file = fs::File::options().write(true).open(log(torn.path(), file)).unwrap();
                file.set_len(length.min(file.metadata().unwrap().len())).unwrap();
            };
            cut(DATABASE, length);
            cut(INDEX, index_length);
            let expected = ends.iter().filter(|end| **end <= length).count() as u64 * of_batch;
            let mut journal = SqliteJournal::open(torn.path()).unwrap();
            let reader = journal.reader();
            assert_eq!(follow(&*reader, 1000).len() as u64, expected, "cut at {length}");
            contract::check(&*reader);
            contract::commit(&mut journal, [unit(expected / FAMILIES)]);
        }
    }
}
