//! How fast a PostgreSQL appends: `cargo run --release -p openpbm-store --features postgres
//! --example append_postgres -- [batch] [seconds] [writers]`, on a server of its own, or on that
//! of `OPENPBM_TEST_POSTGRES`. It follows the journal meanwhile, as a projection does, and says
//! what each side spent.

#![expect(
    clippy::float_arithmetic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a measurement, not a part of the program"
)]

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use openpbm_core::{ClaimId, Entry, Event, FamilyId, PrescriptionNumber};
use openpbm_postgres::Database;
use openpbm_store::postgres::PostgresJournal;
use openpbm_store::{Appended, Journal, Reader, Unit};

const FAMILIES: usize = 100_000;
/// A paid claim as the program stores it; the person is invented.
const CLAIM: &str = include_str!("claim.json");

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |or: u64| arguments.next().map_or(Ok(or), |text| text.parse::<u64>());
    let (batch, seconds, writers) = (number(128)?, number(10)?, number(1)?);
    let database = Database::new()?;
    let (ended, stored) = (AtomicBool::new(false), AtomicU64::new(0));
    let template: Entry = serde_json::from_str(CLAIM)?;
    let reader = PostgresJournal::open(database.url())?.reader();
    let (before, wal_before) = (own_cpu(), wal(&database));
    let began = Instant::now();
    let appending = std::thread::scope(|scope| {
        let (ended, stored, template, database) = (&ended, &stored, &template, &database);
        let appenders: Vec<_> = (0..writers)
            .map(|writer| {
                scope.spawn(move || append(database, template, writer, batch, ended, stored))
            })
            .collect();
        let follower = scope.spawn(|| follow(&reader, ended));
        std::thread::sleep(Duration::from_secs(seconds));
        // While its processes are there to be asked.
        let server = server_cpu(database).map(|cpu| (cpu, stored.load(Ordering::Relaxed)));
        ended.store(true, Ordering::Relaxed);
        let done: Result<Vec<_>, _> = appenders
            .into_iter()
            .map(|appender| appender.join().unwrap_or_else(|_| Err("it panicked".into())))
            .collect();
        (done, began.elapsed(), follower.join(), server)
    });
    let (cpu, rows) = (own_cpu() - before, stored.load(Ordering::Relaxed));
    let (done, elapsed, followed, server) = appending;
    done?;
    let wall = elapsed.as_secs_f64();
    let per_row = |seconds: f64| seconds * 1e6 / rows as f64;
    let bytes = (wal(&database)? - wal_before?) / rows as f64;
    let size = template.to_bytes().len();
    println!("{rows} rows of {size} bytes in {wall:.1} s: {:.0} rows/s", rows as f64 / wall);
    println!("client {:.1} us of a core by row, {bytes:.0} bytes of log by row", per_row(cpu));
    let (server, rows) = server?;
    println!("server {:.1} us of a core by row, on this machine", server * 1e6 / rows as f64);
    println!("a reader followed {:?} of them", followed.unwrap_or_else(|_| Ok(0))?);
    Ok(())
}

/// Appends batches of claims of families that are this writer's own, until it is ended.
fn append(
    database: &Database,
    template: &Entry,
    writer: u64,
    batch: u64,
    ended: &AtomicBool,
    stored: &AtomicU64,
) -> Result<(), Failure> {
    let mut journal = PostgresJournal::open(database.url())?;
    let mut versions = vec![0_u64; FAMILIES];
    let (mut number, mut state) = (writer << 40, writer * 7919 + 1);
    let (mut waits, mut commits) = (Duration::ZERO, 0_u32);
    while !ended.load(Ordering::Relaxed) {
        let mut units = Vec::new();
        for _ in 0..batch {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let of = (state >> 33) as usize % FAMILIES;
            let family: FamilyId = format!("W{writer}{of:08}").parse()?;
            number += 1;
            units.push(Unit::of_one(family, versions[of], claim(template, number)?));
            versions[of] += 1;
        }
        let began = Instant::now();
        let answers = journal.append(&units)?;
        (waits, commits) = (waits + began.elapsed(), commits + 1);
        if !answers.iter().all(Appended::is_committed) {
            return Err("a unit was not committed".into());
        }
        stored.fetch_add(batch, Ordering::Relaxed);
    }
    println!("writer {writer}: {commits} commits, {:?} each", waits / commits.max(1));
    Ok(())
}

fn claim(template: &Entry, number: u64) -> Result<Entry, Failure> {
    let mut entry = template.clone();
    entry.id = ClaimId::new(1_772_000_000_000 + (number & 0xff_ffff_ffff), number);
    if let Event::Decided { claim, .. } = &mut entry.event {
        Arc::make_mut(claim).key.prescription =
            PrescriptionNumber::new(1 + number % 900_000_000_000).ok_or("a number too large")?;
    }
    Ok(entry)
}

/// Reads the journal to its end and again, a second apart, as a projection that is not urgent.
fn follow(reader: &Arc<dyn Reader>, ended: &AtomicBool) -> Result<u64, Failure> {
    let mut cursors = reader.heads()?;
    let mut followed = 0;
    while !ended.load(Ordering::Relaxed) {
        for cursor in &mut cursors {
            loop {
                let page = reader.read_from(*cursor, 1000)?;
                followed += page.len() as u64;
                let Some(last) = page.last() else { break };
                *cursor = cursor.past(last);
            }
        }
        std::thread::sleep(Duration::from_secs(1));
    }
    Ok(followed)
}

/// Seconds of a core that the server's processes for this database have used, if it runs here.
fn server_cpu(database: &Database) -> Result<f64, Failure> {
    const PROCESSES: &str = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()";
    Ok(database.run(PROCESSES)?.lines().map(cpu).sum())
}

/// Seconds of a core that this process has used.
fn own_cpu() -> f64 {
    cpu("self")
}

/// User and system time of a process, which Linux counts in hundredths of a second.
fn cpu(process: &str) -> f64 {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields: Vec<_> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok());
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / 100.0
}

/// Bytes that the server has written to its log.
fn wal(database: &Database) -> Result<f64, Failure> {
    Ok(database.run("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")?.parse()?)
}
