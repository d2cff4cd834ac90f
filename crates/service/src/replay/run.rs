//! Decides all families, on all cores.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use openpbm_core::{FamilyId, Ndc};

use super::ReplayError;
use super::change::Change;
use super::event::{Event, Framed};
use super::family::{Claimed, play};
use super::gather::Families;
use super::history::steps;
use super::report::Report;
use super::rules::Rules;
use super::spill::PARTITIONS;
use super::tally::Tally;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'r> {
    /// The book that the claims are decided under.
    pub book: &'r Rules<'r>,
    /// The book that they are decided under beside it.
    pub against: Option<&'r Rules<'r>>,
    /// Whether answers are held against those that were given.
    pub verifies: bool,
    /// Whether the claims that changed are asked for.
    pub wants_changes: bool,
    /// So many threads decide.
    pub threads: usize,
}

/// Partitions of changes that may wait for the one who takes them.
const AHEAD: usize = 2;

/// What a thread hands on of each partition.
struct Part {
    events: u64,
    changes: Vec<Change>,
}

/// Decides all families. `changed` hears of every claim of which something else becomes, family
/// by family, always in the same order; `progress` of how many events are done.
///
/// # Errors
///
/// [`ReplayError`], or what `changed` fails with.
pub fn decide<E: From<ReplayError>>(
    families: &Families,
    plan: &Plan<'_>,
    name: &dyn Fn(Ndc) -> Option<String>,
    changed: &mut dyn FnMut(Change) -> Result<(), E>,
    progress: &mut dyn FnMut(u64),
) -> Result<Report, E> {
    let threads = plan.threads.clamp(1, PARTITIONS);
    let tally = std::thread::scope(|scope| {
        let mut parts = Vec::new();
        let mut deciders = Vec::new();
        for first in 0..threads {
            let (sender, receiver) = sync_channel(AHEAD);
            parts.push(receiver);
            deciders.push(scope.spawn(move || decider(families, plan, first, threads, &sender)));
        }
        let collected = collect(&parts, changed, progress);
        // Whoever still decides hears that nobody waits for it.
        drop(parts);
        let mut tally = Tally::default();
        for decider in deciders {
            let sums = decider.join().map_err(|_| ReplayError::Thread)??;
            tally.merge(sums).map_err(ReplayError::from)?;
        }
        collected.map(|()| tally)
    })?;
    Ok(Report::new(tally, plan.against.is_some(), name).map_err(ReplayError::from)?)
}

/// Takes the parts in the order of their partitions.
fn collect<E>(
    parts: &[Receiver<Part>],
    changed: &mut dyn FnMut(Change) -> Result<(), E>,
    progress: &mut dyn FnMut(u64),
) -> Result<(), E> {
    let mut done = 0;
    for receiver in parts.iter().cycle().take(PARTITIONS) {
        // A thread that ended says why when it is joined.
        let Ok(part) = receiver.recv() else { return Ok(()) };
        part.changes.into_iter().try_for_each(&mut *changed)?;
        done += part.events;
        progress(done);
    }
    Ok(())
}

/// Decides every so-manieth partition.
fn decider(
    families: &Families,
    plan: &Plan<'_>,
    first: usize,
    threads: usize,
    parts: &SyncSender<Part>,
) -> Result<Tally, ReplayError> {
    let mut tally = Tally::default();
    for partition in (first..PARTITIONS).step_by(threads) {
        let part = decide_partition(families, plan, partition, &mut tally)?;
        if parts.send(part).is_err() {
            break;
        }
    }
    Ok(tally)
}

fn decide_partition(
    families: &Families,
    plan: &Plan<'_>,
    partition: usize,
    tally: &mut Tally,
) -> Result<Part, ReplayError> {
    let bytes = families.filled.read(partition)?;
    let mut rest = bytes.as_slice();
    let mut frames = Vec::new();
    while !rest.is_empty() {
        frames.push(Framed::take(&mut rest).ok_or(ReplayError::Damaged)?);
    }
    // Threads have put them in any order.
    frames.sort_by_key(|frame| (frame.family, frame.place));
    let mut part = Part { events: u64::try_from(frames.len()).unwrap_or(0), changes: Vec::new() };
    for family in frames.chunk_by(|one, next| one.family == next.family) {
        let Some(id) = family.first().map(|frame| frame.family) else { continue };
        decide_family(id, family, plan, tally, &mut part.changes)?;
    }
    Ok(part)
}

fn decide_family(
    id: FamilyId,
    frames: &[Framed<'_>],
    plan: &Plan<'_>,
    tally: &mut Tally,
    changes: &mut Vec<Change>,
) -> Result<(), ReplayError> {
    let events = frames.iter().map(|frame| {
        let event = Event::read(frame.stored).ok_or(ReplayError::Damaged)?;
        Ok((frame.place.number(), event))
    });
    let events = events.collect::<Result<Vec<_>, ReplayError>>()?;
    let played = play(id, &steps(events), plan)?;
    tally.add(played, &mut |claimed| {
        let Claimed { place, id, claim, book, against } = claimed;
        if let Some(against) = against.filter(|_| plan.wants_changes) {
            changes.push(Change { place, id, claim, book, against });
        }
    })?;
    Ok(())
}
