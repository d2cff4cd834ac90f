//! How fast the embedded journal appends, next to how fast this disk syncs.
//!
//! A commit cannot be faster than one sync, so the ratio says what the journal itself costs and
//! holds from machine to machine. Each batch is of distinct families drawn at random: new ones,
//! ones that were just seen, and ones that only the index knows. Merges into the index and
//! checkpoints of the log happen meanwhile and are in the figures; the processor's time is that
//! of all threads. `cargo bench -p openpbm-benches --bench store -- --seconds 5` measures longer,
//! `--directory /dev/shm` without a disk.

use std::error::Error;
use std::fs::File;
use std::io::{Seek, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use openpbm_core::{ClaimId, Entry, Event, FamilyId, PrescriptionNumber, Timestamp};
use openpbm_store::sqlite::SqliteJournal;
use openpbm_store::{Appended, Cursor, Journal, Unit};

#[expect(dead_code, clippy::unwrap_used, reason = "the fixtures of the store's tests")]
#[path = "../../crates/store/tests/entries.rs"]
mod entries;

type Outcome<T> = Result<T, Box<dyn Error>>;

const BATCHES: [usize; 4] = [1, 16, 64, 256];
/// Families that the journal holds before anything is measured.
const FAMILIES: usize = 1_000_000;
/// Of those, families that are appended to again and again.
const KNOWN: usize = 10_000;
/// The same where it is only seen that the benchmark runs.
const FEW: usize = 3_000;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let seconds = arguments.iter().skip_while(|argument| *argument != "--seconds").nth(1);
    let is_test = arguments.iter().any(|argument| argument == "--test");
    let span = match seconds {
        Some(seconds) => Duration::from_secs(seconds.parse()?),
        None if is_test => Duration::from_millis(20),
        None => Duration::from_secs(3),
    };
    // In the target directory, which is on a disk; a temporary directory may be in memory.
    let place = arguments.iter().skip_while(|argument| *argument != "--directory").nth(1);
    let place = place.map_or(env!("CARGO_TARGET_TMPDIR"), String::as_str);
    let directory = tempfile::tempdir_in(place)?;
    report(directory.path(), span, if is_test { FEW } else { FAMILIES })
}

fn report(directory: &Path, span: Duration, families: usize) -> Outcome<()> {
    let mut output = std::io::stdout().lock();
    let mut load = Load::new(directory, families)?;
    load.fill()?;
    let row = load.template.to_bytes().len();
    writeln!(output, "appends of {row}-byte entries, {families} families, SQLite, synced")?;
    writeln!(
        output,
        "{:>9} {:>6} {:>10} {:>10} {:>12} {:>13} {:>13} {:>11}",
        "families",
        "batch",
        "appends/s",
        "commits/s",
        "fdatasync/s",
        "commits/sync",
        "appends/sync",
        "ns CPU each"
    )?;
    for (name, range) in [("known", families.min(KNOWN)), ("cold", families)] {
        for size in BATCHES {
            // The disk is measured before and after: its speed changes from second to second.
            let before = sync_rate(directory, span / 4)?;
            let run = load.run(size, range, span)?;
            let after = sync_rate(directory, span / 4)?;
            let syncs = before.midpoint(after);
            let commits = per_second(run.commits, run.elapsed);
            let entries = run.commits * u64::try_from(size)?;
            let appends = per_second(entries, run.elapsed);
            writeln!(
                output,
                "{name:>9} {size:>6} {appends:>10} {commits:>10} {syncs:>12} {:>13} {:>13} {:>11}",
                hundredths(commits, syncs),
                hundredths(appends, syncs),
                run.processor.as_nanos() / u128::from(entries.max(1)),
            )?;
        }
    }
    let (families, paged) = (load.read_families(span / 4)?, load.page()?);
    writeln!(output, "{} entries in the journal at the end", load.appended)?;
    writeln!(output, "{families} families read a second, {paged} sealed entries a second")?;
    let start = Instant::now();
    load.journal.reader().check(&mut |damage| drop(writeln!(std::io::stderr(), "{damage}")))?;
    writeln!(output, "{} entries checked a second", per_second(load.appended, start.elapsed()))?;
    let (opened, rebuilt) = load.reopen()?;
    writeln!(output, "opened in {opened:?}; without its index, which was made anew, {rebuilt:?}")?;
    Ok(())
}

/// A journal and the claims on their way into it.
struct Load {
    journal: SqliteJournal,
    directory: std::path::PathBuf,
    families: Vec<(FamilyId, u64)>,
    random: u64,
    appended: u64,
    template: Entry,
}

/// What was appended for a while.
struct Run {
    commits: u64,
    elapsed: Duration,
    /// Of all threads.
    processor: Duration,
}

impl Load {
    fn new(directory: &Path, families: usize) -> Outcome<Self> {
        let directory = directory.join("journal");
        let journal = SqliteJournal::open(&directory)?;
        let families = (0..families)
            .map(|number| -> Outcome<_> { Ok((entries::family(u64::try_from(number)?), 0)) });
        Ok(Self {
            journal,
            directory,
            families: families.collect::<Outcome<_>>()?,
            random: 0x9e37_79b9_7f4a_7c15,
            appended: 0,
            template: entries::paid(1),
        })
    }

    /// Every family gets its first entry.
    fn fill(&mut self) -> Outcome<()> {
        for from in (0..self.families.len()).step_by(1000) {
            let to = self.families.len().min(from + 1000);
            let units = (from..to).map(|place| self.unit(place)).collect::<Outcome<Vec<_>>>()?;
            self.append(&units)?;
        }
        Ok(())
    }

    /// Appends batches for a while, of families of which as many are drawn from.
    fn run(&mut self, size: usize, range: usize, span: Duration) -> Outcome<Run> {
        let mut run = Run { commits: 0, elapsed: Duration::ZERO, processor: Duration::ZERO };
        while run.elapsed < span {
            let mut units = Vec::new();
            let mut drawn = std::collections::BTreeSet::new();
            // Several batches are made ahead, so that the clocks are looked at seldom.
            while drawn.len() < size * 16 {
                let place = usize::try_from(self.next())? % range;
                if drawn.insert(place) {
                    units.push(self.unit(place)?);
                }
                if drawn.len() >= range {
                    break;
                }
            }
            let (start, used) = (Instant::now(), processor_time()?);
            for batch in units.chunks(size) {
                self.append(batch)?;
                run.commits += 1;
            }
            run.elapsed += start.elapsed();
            run.processor += processor_time()?.saturating_sub(used);
        }
        Ok(run)
    }

    fn append(&mut self, units: &[Unit]) -> Outcome<()> {
        let answers = self.journal.append(units)?;
        if answers.iter().all(Appended::is_committed) {
            Ok(())
        } else {
            Err("a unit was in conflict".into())
        }
    }

    /// How many families drawn at random are read in a second.
    fn read_families(&mut self, span: Duration) -> Outcome<u64> {
        let reader = self.journal.reader();
        let (mut families, start) = (0, Instant::now());
        while start.elapsed() < span {
            let place = usize::try_from(self.next())? % self.families.len();
            let (family, _) = self.families.get(place).ok_or("no family")?;
            reader.read_family(*family)?;
            families += 1;
        }
        Ok(per_second(families, start.elapsed()))
    }

    /// How many sealed entries are read in a second, in pages.
    fn page(&self) -> Outcome<u64> {
        let reader = self.journal.reader();
        let (mut cursor, mut read, start) = (Cursor::START, 0, Instant::now());
        while let Some(last) = {
            let page = reader.read_from(cursor, 4096)?;
            read += u64::try_from(page.len())?;
            page.into_iter().next_back()
        } {
            cursor = cursor.past(&last);
        }
        if read != self.appended {
            return Err(format!("{read} of {} entries were read", self.appended).into());
        }
        Ok(per_second(read, start.elapsed()))
    }

    /// How long it takes to open the journal, with and without its index.
    fn reopen(self) -> Outcome<(Duration, Duration)> {
        let Self { journal, directory, .. } = self;
        drop(journal);
        let start = Instant::now();
        drop(SqliteJournal::open(&directory)?);
        let opened = start.elapsed();
        std::fs::remove_file(directory.join("index.sqlite"))?;
        let start = Instant::now();
        drop(SqliteJournal::open(&directory)?);
        Ok((opened, start.elapsed()))
    }

    fn entry(&mut self) -> Outcome<Entry> {
        self.appended += 1;
        let millis = 1_772_000_000_000 + self.appended / 20;
        let mut entry = Entry {
            id: ClaimId::new(millis, self.next()),
            recorded: Timestamp::from_millis(millis),
            ..self.template.clone()
        };
        if let Event::Decided { claim, .. } = &mut entry.event {
            let number = 1 + self.next() % 100_000_000;
            let claim = std::sync::Arc::make_mut(claim);
            claim.key.prescription = PrescriptionNumber::new(number).ok_or("no prescription")?;
        }
        Ok(entry)
    }

    fn unit(&mut self, place: usize) -> Outcome<Unit> {
        let entry = self.entry()?;
        let (family, version) = self.families.get_mut(place).ok_or("no family")?;
        let unit = Unit::of_one(*family, *version, entry);
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

/// The processor's time of this process, all of its threads, in user mode and in the system.
fn processor_time() -> Outcome<Duration> {
    let threads = std::fs::read_dir("/proc/self/task");
    let Ok(threads) = threads else { return Ok(Duration::ZERO) };
    let mut nanos = 0;
    for thread in threads {
        // A thread may end while we look.
        let found = std::fs::read_to_string(thread?.path().join("schedstat"));
        let found = found.unwrap_or_default();
        nanos += found.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or(0);
    }
    Ok(Duration::from_nanos(nanos))
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
