//! What follows from the journal: projections read it at their own pace, behind the claims.
//!
//! A [`Projection`] says what an entry adds to its state; a thread of its own does the rest. It
//! reads every shard in order, hands each page's entries to a copy of the state, and lets others
//! see the copy once the whole page is in it: a step that fails or panics leaves no trace, and
//! is made again. State and cursors are kept together, in one file, so that a projection that
//! was killed goes on where the file says and counts nothing twice. What is kept is never more
//! than a shortcut: without it, or where it is of no use, the projection begins anew.
//!
//! The claims do not know of it. While some are under way a projection rests far longer than it
//! works, so that under full load it falls behind rather than take a core from them.

pub mod days;
mod kept;
pub(crate) mod late;
mod lookout;
mod runner;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use openpbm_store::{Cursor, Damage, Reader, Recorded, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use lookout::Lookout;
pub(crate) use runner::{Runner, Running};

/// Something that follows from the journal.
pub trait Projection: Send + 'static {
    /// What it knows. Cloned for each page of entries, so what is large in it is shared.
    type State: Clone + Default + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// Names its file, its thread and its metrics: a few lower-case letters.
    const NAME: &'static str;

    /// Of what it says about an entry and how it is kept. A later one begins anew.
    const FORMAT: u32;

    /// Adds an entry. The same entries in the same order make the same state.
    ///
    /// # Errors
    ///
    /// If it cannot go on now. It is called again with the same entry, on the state before it.
    fn apply(
        &mut self,
        state: &mut Self::State,
        recorded: &Recorded,
        journal: &dyn Reader,
    ) -> Result<(), ProjectionError>;
}

/// Why a projection does not go on.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// The journal cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An entry cannot be taken in. The words name nobody.
    #[error("entry {sequence} cannot be taken in: {why}")]
    Entry {
        /// Its place in its shard.
        sequence: u64,
        /// Why not.
        why: &'static str,
    },
    /// It panicked.
    #[error("it panicked")]
    Panicked,
}

impl From<Damage> for ProjectionError {
    fn from(damage: Damage) -> Self {
        Self::Store(damage.into())
    }
}

/// What a projection knew at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snapshot<S> {
    /// Its state.
    pub state: S,
    /// How far it had read, shard by shard; a shard that is not named is unread.
    pub cursors: Vec<Cursor>,
}

/// What a projection knows, for everybody to see. Clones show the same.
#[derive(Debug)]
pub struct View<S>(Arc<RwLock<Arc<Snapshot<S>>>>);

impl<S> Clone for View<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Default> View<S> {
    pub(crate) fn new() -> Self {
        Self(Arc::new(RwLock::new(Arc::new(Snapshot { state: S::default(), cursors: Vec::new() }))))
    }
}

impl<S> View<S> {
    /// What it knows now.
    pub fn now(&self) -> Arc<Snapshot<S>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn show(&self, snapshot: Snapshot<S>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
    }
}

/// Where a projection stands, whatever its state is.
type Places = Box<dyn Fn() -> Vec<Cursor> + Send>;

/// The projections that run.
#[derive(Default)]
pub(crate) struct Followers(Mutex<Followed>);

#[derive(Default)]
struct Followed {
    running: Vec<Running>,
    lookout: Option<Lookout>,
}

impl Followers {
    /// Starts a projection, and with the first of them the lookout that measures how far they are
    /// behind.
    pub(crate) fn start<P: Projection>(
        &self,
        runner: Runner<P>,
    ) -> std::io::Result<View<P::State>> {
        let mut followed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lookout = match followed.lookout.take() {
            Some(lookout) => lookout,
            None => Lookout::start(runner.shared().clone())?,
        };
        let (view, lag) = (runner.view(), runner.metrics().lag);
        let running = runner.start();
        if running.is_ok() {
            let shown = view.clone();
            lookout.watch(lag, Box::new(move || shown.now().cursors.clone()));
        }
        followed.lookout = Some(lookout);
        followed.running.push(running?);
        Ok(view)
    }

    /// True unless the store has not answered for a while.
    pub(crate) fn store_up(&self) -> bool {
        let followed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        followed.lookout.as_ref().is_none_or(Lookout::store_up)
    }

    /// Ends them all. A projection that does not end in time is left behind: what it knows
    /// follows from the journal.
    pub(crate) fn stop(&self) {
        let Followed { running, lookout } =
            std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        drop(lookout);
        running.iter().for_each(Running::tell_to_stop);
        running.into_iter().for_each(Running::wait);
    }
}
