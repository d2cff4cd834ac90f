//! Deals what happened into partitions of whole families, with all cores at work.

use std::fs::File;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};

use openpbm_core::FamilyId;

use super::ReplayError;
use super::event::{Event, Framed, Place};
use super::spill::{Filled, Filling, PARTITIONS};
use crate::pipeline::worker_of;

/// Part of what happened, read but not yet understood: that is done on any thread.
pub type Chunk<E> = Box<dyn FnOnce(&mut Sink) -> Result<(), E> + Send>;

/// Chunks that may wait for a thread.
const AHEAD: usize = 4;

/// Takes the events of a chunk.
#[derive(Debug, Default)]
pub struct Sink {
    bytes: Vec<u8>,
    /// The partition of each frame, and where it ends.
    frames: Vec<(usize, usize)>,
}

impl Sink {
    /// Adds an event of a family. What stands at a lower place was before it, whichever is added
    /// first.
    pub fn add(&mut self, family: FamilyId, place: Place, event: &Event) {
        Framed::write(family, place, event, &mut self.bytes);
        self.frames.push((worker_of(family, PARTITIONS), self.bytes.len()));
    }

    fn pour(&mut self, into: &mut Filling) -> Result<(), ReplayError> {
        let mut begin = 0;
        for (partition, end) in &self.frames {
            into.append(*partition, self.bytes.get(begin..*end).unwrap_or_default())?;
            begin = *end;
        }
        self.bytes.clear();
        self.frames.clear();
        Ok(())
    }
}

/// Everything that happened, by family.
#[derive(Debug)]
pub struct Families {
    pub(super) filled: Filled,
    events: u64,
}

impl Families {
    /// Events in all.
    pub const fn events(&self) -> u64 {
        self.events
    }
}

/// Gathers what happened. The file is a temporary one, empty and open for reading and writing.
/// `chunks` are made on this thread, one after the other, and understood on `threads` others.
///
/// # Errors
///
/// The first error of the earliest chunk, or that of the temporary file.
pub fn gather<E: From<ReplayError> + Send>(
    file: File,
    chunks: &mut dyn Iterator<Item = Result<Chunk<E>, E>>,
    threads: usize,
) -> Result<Families, E> {
    let filling = Mutex::new((Filling::new(file), 0_u64));
    let failed = Mutex::new(None);
    let has_failed = AtomicBool::new(false);
    let fail = |number: usize, error: E| {
        has_failed.store(true, Ordering::Relaxed);
        if let Ok(mut first) = failed.lock()
            && first.as_ref().is_none_or(|(earlier, _)| number < *earlier)
        {
            *first = Some((number, error));
        }
    };
    let (sender, receiver) = sync_channel::<(usize, Chunk<E>)>(AHEAD);
    let receiver = Mutex::new(receiver);
    std::thread::scope(|scope| {
        // It ends with this thread's work, and with it that of the others.
        let sender = sender;
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut sink = Sink::default();
                while let Some((number, chunk)) = next(&receiver) {
                    if let Err(error) = understand(chunk, &mut sink, &filling) {
                        fail(number, error);
                    }
                }
            });
        }
        for (number, chunk) in chunks.enumerate() {
            match chunk {
                Ok(_) if has_failed.load(Ordering::Relaxed) => break,
                Ok(chunk) => drop(sender.send((number, chunk))),
                Err(error) => {
                    fail(number, error);
                    break;
                }
            }
        }
    });
    if let Some((_, error)) = failed.into_inner().map_err(|_| ReplayError::Thread)? {
        return Err(error);
    }
    let (filling, events) = filling.into_inner().map_err(|_| ReplayError::Thread)?;
    Ok(Families { filled: filling.finish(), events })
}

fn next<E>(chunks: &Mutex<Receiver<(usize, Chunk<E>)>>) -> Option<(usize, Chunk<E>)> {
    chunks.lock().ok()?.recv().ok()
}

/// Understands a chunk and puts its events where they belong.
fn understand<E: From<ReplayError>>(
    chunk: Chunk<E>,
    sink: &mut Sink,
    filling: &Mutex<(Filling, u64)>,
) -> Result<(), E> {
    chunk(sink)?;
    let mut filling = filling.lock().map_err(|_| ReplayError::Thread)?;
    filling.1 += u64::try_from(sink.frames.len()).unwrap_or(0);
    Ok(sink.pour(&mut filling.0)?)
}
