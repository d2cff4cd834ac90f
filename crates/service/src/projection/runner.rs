//! The thread of a projection.

use std::cmp::Ordering;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering as Memory};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use openpbm_store::{Cursor, Reader, StoreError};

use super::kept::{Kept, Mark, Place};
use super::{Projection, ProjectionError, Snapshot, View};
use crate::metrics::ProjectionMetrics;
use crate::shared::Shared;

/// Entries that are read and taken in together.
const PAGE: usize = 256;
/// Without news the journal is looked at again after so long, then after twice as long.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);
/// After a failure it is tried again after so long, then after twice as long.
const LONGEST_BACK_OFF: Duration = Duration::from_secs(10);
/// While claims are under way it rests so many times as long as it worked: the fiftieth part of
/// a core is enough for some thousand claims a second, and what is left is read in the night.
const REST: u32 = 49;
/// It never rests longer than this.
const LONGEST_REST: Duration = Duration::from_millis(500);
/// What changed is kept after so long, and at the end.
const KEEP_EVERY: Duration = Duration::from_secs(10);
/// How long the end waits for a projection that is busy.
const END_WITHIN: Duration = Duration::from_secs(2);

/// A projection, and how it gets on.
pub(crate) struct Runner<P: Projection> {
    projection: P,
    shared: Arc<Shared>,
    in_flight: Arc<AtomicUsize>,
    metrics: ProjectionMetrics,
    place: Option<Place>,
    view: View<P::State>,
    marks: Vec<Mark>,
    /// When it was last kept, if something has changed since.
    unkept: Option<Duration>,
}

/// What one look at the journal brought.
enum Turn {
    /// Entries, so long worked at.
    Went(Duration),
    /// Nothing new.
    Idle,
}

impl<P: Projection> Runner<P> {
    /// A projection that is kept in that folder between two runs, if one is named.
    pub(crate) fn new(
        projection: P,
        shared: Arc<Shared>,
        in_flight: Arc<AtomicUsize>,
        folder: Option<&Path>,
    ) -> Self {
        let metrics = shared.metrics.projection(P::NAME);
        let place = folder.map(|folder| Place::new(folder, P::NAME, P::FORMAT));
        let view = View::new();
        let marks = Vec::new();
        Self { projection, shared, in_flight, metrics, place, view, marks, unkept: None }
    }

    pub(super) const fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    pub(super) fn view(&self) -> View<P::State> {
        self.view.clone()
    }

    pub(super) fn metrics(&self) -> ProjectionMetrics {
        self.metrics.clone()
    }

    /// Gives it a thread.
    pub(super) fn start(self) -> std::io::Result<Running> {
        let (stop, stopped) = mpsc::channel();
        let (ending, ended) = mpsc::channel();
        let name = format!("projection-{}", P::NAME);
        let run = move || {
            self.run(&stopped);
            drop(ending);
        };
        let thread = std::thread::Builder::new().name(name).spawn(run)?;
        Ok(Running { stop, ended, thread })
    }

    fn run(mut self, stopped: &Receiver<()>) {
        self.recall();
        let mut pause = Duration::ZERO;
        while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
            let turn = catch_unwind(AssertUnwindSafe(|| self.turn()));
            pause = match turn.unwrap_or(Err(ProjectionError::Panicked)) {
                Ok(Turn::Went(worked)) => self.rest(worked),
                Ok(Turn::Idle) => longer(pause, LONGEST_PAUSE),
                Err(error) => self.failed(&error, pause),
            };
            let now = self.shared.clock.elapsed();
            if self.unkept.is_some_and(|since| now.saturating_sub(since) >= KEEP_EVERY) {
                self.keep();
            }
        }
        self.keep();
    }

    /// Takes in the next page of each shard that has gone on. One that cannot be read holds up no
    /// other.
    fn turn(&mut self) -> Result<Turn, ProjectionError> {
        let began = self.shared.clock.elapsed();
        let journal = self.shared.reader.clone();
        let (mut went, mut failed) = (false, None);
        for head in journal.heads()? {
            match self.page(head, &*journal) {
                Ok(moved) => went |= moved,
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        let now = self.shared.clock.elapsed();
        if went {
            self.unkept.get_or_insert(now);
        }
        match failed {
            Some(error) => Err(error),
            None if went => Ok(Turn::Went(now.saturating_sub(began))),
            None => Ok(Turn::Idle),
        }
    }

    /// Takes in the next page of a shard, wholly or not at all; false if there is none.
    fn page(&mut self, head: Cursor, journal: &dyn Reader) -> Result<bool, ProjectionError> {
        let place = self.marks.iter().find(|mark| mark.cursor.shard == head.shard);
        let cursor = place.map_or(Cursor::start(head.shard), |mark| mark.cursor);
        match cursor.sequence.cmp(&head.sequence) {
            Ordering::Less => {}
            Ordering::Equal => return Ok(false),
            Ordering::Greater => {
                return Err(StoreError::BeyondHead { found: cursor, head }.into());
            }
        }
        let page = journal.read_from(cursor, PAGE)?;
        let mut next = None;
        let mut state = self.view.now().state.clone();
        for sealed in &page {
            let recorded = sealed.open()?;
            self.projection.apply(&mut state, &recorded, journal)?;
            next = Some(Mark { cursor: cursor.past(sealed), last: recorded.entry.id });
        }
        let Some(next) = next else { return Ok(false) };
        self.marks.retain(|mark| mark.cursor.shard != cursor.shard);
        self.marks.push(next);
        self.show(state);
        Ok(true)
    }

    fn show(&self, state: P::State) {
        let cursors = self.marks.iter().map(|mark| mark.cursor).collect();
        self.view.show(Snapshot { state, cursors });
    }

    /// How long to rest after so much work.
    fn rest(&self, worked: Duration) -> Duration {
        match self.in_flight.load(Memory::Relaxed) {
            0 => Duration::ZERO,
            _ => worked.saturating_mul(REST).min(LONGEST_REST),
        }
    }

    /// Says what went wrong, and how long to wait now.
    fn failed(&mut self, error: &ProjectionError, pause: Duration) -> Duration {
        self.metrics.failures.inc();
        if let ProjectionError::Store(
            StoreError::BeyondHead { .. } | StoreError::UnknownShard { .. },
        ) = error
        {
            self.begin_anew(error);
            return Duration::ZERO;
        }
        let pause = longer(pause, LONGEST_BACK_OFF);
        tracing::warn!(projection = P::NAME, %error, ?pause, "a projection does not get on");
        pause
    }

    /// Takes up what was kept, if it is of this journal.
    fn recall(&mut self) {
        let Some(place) = &self.place else { return };
        match place.load::<P::State>() {
            Ok(None) => {}
            Ok(Some(kept)) => match self.is_of_this_journal(&kept.marks) {
                Ok(true) => {
                    self.marks.clone_from(&kept.marks);
                    self.view.show(kept.snapshot());
                }
                Ok(false) => self.begin_anew("what was kept is of another journal"),
                Err(error) => self.begin_anew(error),
            },
            Err(useless) => self.begin_anew(useless),
        }
    }

    /// Whether the journal holds the entries that the marks name, where they name them.
    fn is_of_this_journal(&self, marks: &[Mark]) -> Result<bool, StoreError> {
        for Mark { cursor, last } in marks {
            let before = Cursor { sequence: cursor.sequence.saturating_sub(1), ..*cursor };
            let found = match self.shared.reader.read_from(before, 1) {
                Err(StoreError::BeyondHead { .. } | StoreError::UnknownShard { .. }) => {
                    return Ok(false);
                }
                found => found?.pop(),
            };
            let found = found.map(|sealed| sealed.open()).transpose()?;
            if found.is_none_or(|found| found.entry.id != *last) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn begin_anew(&mut self, why: impl std::fmt::Display) {
        tracing::warn!(projection = P::NAME, %why, "a projection begins anew");
        self.metrics.rebuilds.inc();
        self.marks.clear();
        self.show(P::State::default());
    }

    /// Keeps what is known now. If it cannot be kept, more has to be read next time.
    fn keep(&mut self) {
        let (Some(place), Some(_)) = (&self.place, self.unkept) else { return };
        let snapshot = self.view.now();
        let kept = Kept { marks: self.marks.clone(), state: &snapshot.state };
        match place.save(&kept) {
            Ok(()) => self.unkept = None,
            Err(error) => {
                self.unkept = Some(self.shared.clock.elapsed());
                tracing::warn!(projection = P::NAME, %error, "a projection could not be kept");
            }
        }
    }
}

/// The next pause.
fn longer(pause: Duration, longest: Duration) -> Duration {
    pause.saturating_mul(2).clamp(SHORTEST_PAUSE, longest)
}

/// A projection's thread.
pub(crate) struct Running {
    stop: Sender<()>,
    ended: Receiver<()>,
    thread: JoinHandle<()>,
}

impl Running {
    pub(super) fn tell_to_stop(&self) {
        // One that has ended has nothing to be told.
        let _ = self.stop.send(());
    }

    /// Waits for its end, for a while.
    pub(super) fn wait(self) {
        let name = self.thread.thread().name().unwrap_or_default().to_owned();
        if self.ended.recv_timeout(END_WITHIN) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!(thread = name, "a projection does not end; it is left behind");
        } else if self.thread.join().is_err() {
            tracing::error!(thread = name, "the thread of a projection had panicked");
        }
    }
}
