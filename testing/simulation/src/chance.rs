//! What goes wrong, and how often: drawn from the seed. Each kind of fault is there in one
//! simulation and not in another, because a fault that is everywhere hides what is behind it.

use openpbm_model::Rng;

/// How often each fault happens: so many times out of a thousand occasions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chances {
    /// A transmission does not arrive.
    pub request_lost: i64,
    /// A transmission arrives twice.
    pub request_doubled: i64,
    /// An answer does not arrive.
    pub reply_lost: i64,
    /// An answer arrives twice.
    pub reply_doubled: i64,
    /// A pharmacy that waits loses its patience at once.
    pub impatience: i64,
    /// A node ends between two steps.
    pub crash: i64,
    /// A node's wall clock jumps.
    pub jump: i64,
    /// A node's disk is slow for a while.
    pub slow_disk: i64,
    /// The store is away for a while.
    pub outage: i64,
    /// The store takes nothing for a while, and says that it is no use to try again.
    pub full: i64,
    /// An append fails and has stored nothing.
    pub append_refused: i64,
    /// An append fails after all of it was stored.
    pub append_unheard: i64,
    /// A read fails.
    pub read_failed: i64,
    /// Another book is published.
    pub publish: i64,
    /// An enrollment file comes in.
    pub enroll: i64,
    /// What was paid for a family is decided again.
    pub reprocess: i64,
}

impl Chances {
    /// The faults of a seed.
    pub(crate) fn draw(rng: &mut Rng) -> Self {
        let mut chance = |most: i64| match rng.percent(50) {
            true => rng.between(1, most),
            false => 0,
        };
        Self {
            request_lost: chance(100),
            request_doubled: chance(100),
            reply_lost: chance(100),
            reply_doubled: chance(100),
            impatience: chance(60),
            crash: chance(3),
            jump: chance(4),
            slow_disk: chance(6),
            outage: chance(2),
            full: chance(2),
            append_refused: chance(150),
            append_unheard: chance(150),
            read_failed: chance(150),
            publish: chance(2),
            enroll: chance(6),
            reprocess: chance(12),
        }
    }

    /// Nothing goes wrong any more.
    pub fn none() -> Self {
        Self::default()
    }
}

/// True so many times out of a thousand.
pub(crate) fn happens(rng: &mut Rng, chance: i64) -> bool {
    chance > 0 && rng.between(1, 1000) <= chance
}

/// How much went wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Faults {
    /// Transmissions and answers that were lost, doubled or not waited for.
    pub network: u64,
    /// Nodes that ended and began anew.
    pub crashes: u64,
    /// Clocks that jumped.
    pub jumps: u64,
    /// Appends and reads that failed, and disks that were slow.
    pub store: u64,
    /// Appends that were refused because another node had been there first.
    pub conflicts: u64,
    /// Books that were published.
    pub books: u64,
}

impl Faults {
    /// All of them.
    pub const fn total(&self) -> u64 {
        self.network + self.crashes + self.jumps + self.store + self.conflicts + self.books
    }

    /// Adds those of another simulation.
    pub const fn add(&mut self, other: &Self) {
        self.network += other.network;
        self.crashes += other.crashes;
        self.jumps += other.jumps;
        self.store += other.store;
        self.conflicts += other.conflicts;
        self.books += other.books;
    }
}
