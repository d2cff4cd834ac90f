//! The connections of the readers: as many as read at once, up to a number that a server bears
//! from each of many processes.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tokio_postgres::Error;

use super::driver::Driver;
use super::failure::Trouble;
use super::session::{LIMIT, LIMIT_OF_WHOLE_TABLES, Role, Session};
use super::target::Target;
use crate::StoreError;

/// Reads at once; more wait for their turn.
const MOST: usize = 8;

/// What readers share, and with the writer the database and the thread of its connections.
#[derive(Debug)]
pub(super) struct Pool {
    pub(super) driver: Arc<Driver>,
    pub(super) target: Target,
    pub(super) shards: u16,
    places: Mutex<Places>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct Places {
    idle: Vec<Session>,
    taken: usize,
}

impl Pool {
    pub(super) fn new(driver: Arc<Driver>, target: Target, shards: u16) -> Self {
        Self { driver, target, shards, places: Mutex::default(), freed: Condvar::new() }
    }

    /// Runs a read on a connection of its own, and once more on a new one if that was lost: the
    /// server may have been restarted since it was last used.
    pub(super) fn read<T>(
        &self,
        doing: &'static str,
        read: impl AsyncFnMut(&mut Session) -> Result<T, Error>,
    ) -> Result<T, StoreError> {
        self.read_within(LIMIT, doing, read)
    }

    /// The same for a read of whole tables, as long as it takes.
    pub(super) fn read_all<T>(
        &self,
        doing: &'static str,
        read: impl AsyncFnMut(&mut Session) -> Result<T, Error>,
    ) -> Result<T, StoreError> {
        self.read_within(LIMIT_OF_WHOLE_TABLES, doing, read)
    }

    fn read_within<T>(
        &self,
        limit: Duration,
        doing: &'static str,
        mut read: impl AsyncFnMut(&mut Session) -> Result<T, Error>,
    ) -> Result<T, StoreError> {
        let _place = Place::take(self);
        let idle = self.lock().idle.pop().filter(|session| !session.client.is_closed());
        let was_idle = idle.is_some();
        let first = self.attempt(idle, limit, doing, &mut read);
        let again = matches!(first, Err(Trouble::Again))
            || was_idle && matches!(first, Err(Trouble::Lost(_)));
        let done = if again { self.attempt(None, limit, doing, &mut read) } else { first };
        done.map_err(|trouble| trouble.into_error(doing))
    }

    fn attempt<T>(
        &self,
        idle: Option<Session>,
        limit: Duration,
        doing: &'static str,
        read: &mut impl AsyncFnMut(&mut Session) -> Result<T, Error>,
    ) -> Result<T, Trouble> {
        let (done, session) = self.driver.wait(async {
            let opened = match idle {
                Some(session) => Ok(session),
                None => Session::open(&self.target, Role::Reader, doing).await,
            };
            match opened {
                Ok(mut session) => {
                    (session.run_within(limit, doing, &mut *read).await, Some(session))
                }
                Err(trouble) => (Err(trouble), None),
            }
        });
        if let (false, Some(session)) = (matches!(done, Err(Trouble::Lost(_))), session) {
            self.lock().idle.push(session);
        }
        done
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to read, given back when it is dropped.
struct Place<'p>(&'p Pool);

impl<'p> Place<'p> {
    fn take(pool: &'p Pool) -> Self {
        let mut places = pool
            .freed
            .wait_while(pool.lock(), |places| places.taken >= MOST)
            .unwrap_or_else(PoisonError::into_inner);
        places.taken = places.taken.saturating_add(1);
        Self(pool)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut places = self.0.lock();
        places.taken = places.taken.saturating_sub(1);
        drop(places);
        self.0.freed.notify_one();
    }
}
