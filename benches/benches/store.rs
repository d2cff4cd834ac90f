//! How fast the embedded journal appends, next to how fast this disk syncs.
//!
//! A commit cannot be faster than one sync, so the ratio says what the journal itself costs and
//! holds from machine to machine. Claims are of families and prescriptions drawn at random, as
//! pharmacies send them. `cargo bench --bench store -- --seconds 5` measures longer.

use std::error::Error;
use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use openpbm_core::{Event, PrescriptionNumber};
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{Appended, Journal, Unit};

#[expect(dead_code, clippy::unwrap_used, reason = "the fixtures of the store's tests")]
#[path = "../../crates/store/tests/entries.rs"]
mod entries;

type Outcome<T> = Result<T, Box<dyn Error>>;

const BATCHES: [usize; 4] = [1, 16, 64, 256];
const FAMILIES: u64 = 100_000;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let seconds = arguments.iter().skip_while(|argument| *argument != "--seconds").nth(1);
    let span = match seconds {
        Some(seconds) => Duration::from_secs(seconds.parse()?),
        None if arguments.iter().any(|argument| argument == "--test") => Duration::from_millis(20),
        None => Duration::from_secs(2),
    };
    // In the target directory, which is on a disk; a temporary directory may be in memory.
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    report(directory.path(), span)
}

fn report(directory: &Path, span: Duration) -> Outcome<()> {
    let mut output = std::io::stdout().lock();
    let mut load = Load::new(directory)?;
    let row = serde_json::to_string(&entries::paid(1))?.len();
    writeln!(output, "appends of {row}-byte entries, {FAMILIES} families, SQLite, synced")?;
    writeln!(
        output,
        "{:>6} {:>11} {:>11} {:>13} {:>15} {:>15}",
        "batch", "appends/s", "commits/s", "fdatasync/s", "commits/sync", "appends/sync"
    )?;
    for size in BATCHES {
        // The disk is measured before and after: its speed changes from second to second.
        let before = sync_rate(directory, span / 4)?;
        let (commits, elapsed) = load.run(size, span)?;
        let after = sync_rate(directory, span / 4)?;
        let syncs = before.midpoint(after);
        let commits = per_second(commits, elapsed);
        let appends = commits * u64::try_from(size)?;
        writeln!(
            output,
            "{size:>6} {appends:>11} {commits:>11} {syncs:>13} {:>15} {:>15}",
            hundredths(commits, syncs),
            hundredths(appends, syncs)
        )?;
    }
    let (families, verified) = (load.read_families(span / 4)?, load.verify()?);
    writeln!(output, "{} entries in the journal at the end", load.appended)?;
    writeln!(output, "{families} families read a second, {verified} entries verified a second")?;
    Ok(())
}

/// A journal and the claims on their way into it.
struct Load {
    journal: SqliteJournal,
    versions: Vec<u64>,
    random: u64,
    appended: u64,
}

impl Load {
    fn new(directory: &Path) -> Outcome<Self> {
        let journal = SqliteJournal::open(&directory.join("journal"))?;
        let versions = vec![0; usize::try_from(FAMILIES)?];
        Ok(Self { journal, versions, random: 0x9e37_79b9_7f4a_7c15, appended: 0 })
    }

    /// Appends batches for a while; returns how many, and the time that the appends took.
    fn run(&mut self, size: usize, span: Duration) -> Outcome<(u64, Duration)> {
        let (mut batches, mut elapsed) = (0, Duration::ZERO);
        while elapsed < span {
            let units = (0..size).map(|_| self.unit()).collect::<Outcome<Vec<_>>>()?;
            let start = Instant::now();
            let answers = self.journal.append(&units)?;
            elapsed += start.elapsed();
            if !answers.iter().all(Appended::is_committed) {
                return Err("a unit was in conflict".into());
            }
            batches += 1;
        }
        Ok((batches, elapsed))
    }

    /// How many families drawn at random are read in a second.
    fn read_families(&mut self, span: Duration) -> Outcome<u64> {
        let reader = self.journal.reader();
        let (mut families, start) = (0, Instant::now());
        while start.elapsed() < span {
            reader.read_family(entries::family(self.next() % FAMILIES))?;
            families += 1;
        }
        Ok(per_second(families, start.elapsed()))
    }

    /// How many entries are read and checked in a second.
    fn verify(&self) -> Outcome<u64> {
        let (mut damaged, start) = (0_u64, Instant::now());
        let whole =
            self.journal.reader().verify(&mut |found| damaged += u64::from(found.is_err()))?;
        if (whole, damaged) != (self.appended, 0) {
            return Err(format!("{whole} of {} entries are whole", self.appended).into());
        }
        Ok(per_second(whole, start.elapsed()))
    }

    fn unit(&mut self) -> Outcome<Unit> {
        self.appended += 1;
        let mut entry = entries::paid(self.appended);
        if let Event::Decided { claim, .. } = &mut entry.event {
            let number = 1 + self.next() % 100_000_000;
            claim.key.prescription = PrescriptionNumber::new(number).ok_or("no prescription")?;
        }
        let family = self.next() % FAMILIES;
        let version = self.versions.get_mut(usize::try_from(family)?).ok_or("no family")?;
        let unit = Unit::of_one(entries::family(family), *version, entry);
        *version += 1;
        Ok(unit)
    }

    /// Xorshift: the same claims in every run.
    fn next(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}

/// How often a second 4 KiB can be written behind each other and synced.
fn sync_rate(directory: &Path, span: Duration) -> Outcome<u64> {
    let path = directory.join("syncs");
    let mut file = File::create(&path)?;
    // As SQLite's log is once it has its size: written over, not grown.
    file.write_all(&vec![0; 4 << 20])?;
    file.sync_all()?;
    file.rewind()?;
    let (mut syncs, start) = (0_u64, Instant::now());
    while start.elapsed() < span {
        if syncs.is_multiple_of(1024) {
            file.rewind()?;
        }
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        syncs += 1;
    }
    Ok(per_second(syncs, start.elapsed()))
}

fn per_second(count: u64, elapsed: Duration) -> u64 {
    let nanos = elapsed.as_nanos().max(1);
    u64::try_from(u128::from(count) * 1_000_000_000 / nanos).unwrap_or(u64::MAX)
}

/// `part` of `whole` with two decimals.
fn hundredths(part: u64, whole: u64) -> String {
    let ratio = part * 100 / whole.max(1);
    format!("{}.{:02}", ratio / 100, ratio % 100)
}
