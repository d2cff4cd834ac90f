//! The desk between the pharmacies and the auditor: it hands out what is to be sent next, and
//! hears of every transmission before it leaves and of every answer when it has come. One lock
//! puts all of it into one order, which is the order of time.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use anyhow::{anyhow, bail};
use openpbm_core::{ClaimId, Date, Timestamp};
use openpbm_model::auditor::{Auditor, Ticket};
use openpbm_model::workload::{Operation, Workload};
use openpbm_model::{Reply, Status};

/// See the module.
#[derive(Debug)]
pub(crate) struct Desk {
    books: Mutex<Books>,
    counts: Counts,
    /// Nothing new is handed out.
    closed: AtomicBool,
    /// Nobody waits for anything any more.
    left: AtomicBool,
    failure: Mutex<Option<anyhow::Error>>,
}

/// What has happened so far.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// Operations that were answered.
    pub(crate) answered: AtomicU64,
    /// Transmissions beyond the first of an operation.
    pub(crate) resent: AtomicU64,
    /// Transmissions whose answer never came.
    pub(crate) lost: AtomicU64,
    /// Answers that said: send again (92, 99).
    pub(crate) unavailable: AtomicU64,
}

#[derive(Debug)]
struct Books {
    workload: Workload,
    auditor: Auditor,
    /// Of every decision that a pharmacy was told of.
    told: Vec<ClaimId>,
    /// Who will audit the backup. It hears of no answer that came after the backup had begun.
    second: Option<Second>,
}

#[derive(Debug)]
struct Second {
    auditor: Auditor,
    hears_answers: bool,
}

/// One transmission that is about to leave.
#[derive(Debug)]
pub(crate) struct Copy {
    ticket: Ticket,
    second: Option<Ticket>,
}

/// What the desk knows at the end.
#[derive(Debug)]
pub(crate) struct Left {
    pub(crate) auditor: Auditor,
    pub(crate) second: Option<Auditor>,
    pub(crate) told: Vec<ClaimId>,
}

impl Desk {
    pub(crate) fn new(workload: Workload, auditor: Auditor, second: Option<Auditor>) -> Self {
        let second = second.map(|auditor| Second { auditor, hears_answers: true });
        Self {
            books: Mutex::new(Books { workload, auditor, told: Vec::new(), second }),
            counts: Counts::default(),
            closed: AtomicBool::new(false),
            left: AtomicBool::new(false),
            failure: Mutex::new(None),
        }
    }

    pub(crate) const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// What is to be done next; nothing once the desk is closed.
    pub(crate) fn next(&self) -> Option<Operation> {
        if self.closed.load(Ordering::Relaxed) {
            return None;
        }
        Some(self.books().workload.next(today()))
    }

    /// A transmission of the operation leaves now.
    pub(crate) fn send(&self, operation: &Operation) -> Copy {
        let books = &mut *self.books();
        let ticket = books.auditor.send(operation);
        let second = books.second.as_mut().map(|second| second.auditor.send(operation));
        Copy { ticket, second }
    }

    /// It was answered.
    pub(crate) fn answer(&self, operation: &Operation, copy: Copy, reply: &Reply) {
        let books = &mut *self.books();
        books.auditor.answer(copy.ticket, reply);
        if let (Some(second), Some(ticket)) = (&mut books.second, copy.second)
            && second.hears_answers
        {
            second.auditor.answer(ticket, reply);
        }
        // A duplicate's id is that of the decision that it repeats.
        books.told.extend(reply.id.filter(|_| reply.status != Status::Duplicate));
        books.workload.learn(operation, reply);
        self.counts.answered.fetch_add(1, Ordering::Relaxed);
    }

    /// A backup begins: what is answered from now on need not be in it. Gives the decisions that
    /// must be.
    pub(crate) fn begin_backup(&self) -> Vec<ClaimId> {
        let books = &mut *self.books();
        if let Some(second) = &mut books.second {
            second.hears_answers = false;
        }
        books.told.clone()
    }

    /// Hands out nothing new.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Relaxed);
    }

    /// Sends everybody home, answered or not.
    pub(crate) fn leave(&self) {
        self.close();
        self.left.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_left(&self) -> bool {
        self.left.load(Ordering::Relaxed)
    }

    /// Something is wrong: everybody goes home. The first to say so is heard.
    pub(crate) fn fail(&self, error: anyhow::Error) {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        self.leave();
    }

    /// What went wrong, if anything did.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        match self.failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
            Some(error) => Err(error),
            None if self.is_left() => bail!("the pharmacies have left"),
            None => Ok(()),
        }
    }

    /// The desk's books, after everybody has gone.
    pub(crate) fn into_books(self) -> anyhow::Result<Left> {
        let failure = self.failure.into_inner().unwrap_or_else(PoisonError::into_inner);
        failure.map_or(Ok(()), Err)?;
        let books = self.books.into_inner().map_err(|_| anyhow!("a pharmacy's thread failed"))?;
        let second = books.second.map(|second| second.auditor);
        Ok(Left { auditor: books.auditor, second, told: books.told })
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The day that the program under test takes for today.
pub(crate) fn today() -> Date {
    #[expect(clippy::disallowed_methods, reason = "the program under test has the same clock")]
    let now = SystemTime::now();
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX)).date()
}
