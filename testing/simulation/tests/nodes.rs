//! The shipped nodes, for a few seeds; `cargo xtask sim` runs as many as one has time for.

use std::path::Path;
use std::sync::LazyLock;

use openpbm_simulation::{Books, Faults, Setting, run};

pub(crate) static BOOKS: LazyLock<Books> = LazyLock::new(|| {
    Books::near(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample")).unwrap()
});

#[test]
fn nothing_is_lost_applied_twice_or_answered_wrong() {
    let mut faults = Faults::default();
    let (mut answered, mut adjusted) = (0, 0);
    for seed in 0..24 {
        let outcome = run(Setting { seed, ..Setting::default() }, &BOOKS).unwrap();
        if let Some(failure) = outcome.failure {
            panic!("{failure}\nhint: cargo xtask sim --seed {seed}");
        }
        faults.add(&outcome.faults);
        answered += outcome.tally.answered;
        adjusted += outcome.tally.adjusted;
    }
    // A simulation in which nothing happens shows nothing.
    assert!(answered > 2_000, "{answered}");
    assert!(adjusted > 10, "{adjusted}");
    let Faults { network, crashes, jumps, store, conflicts, books } = faults;
    let few = [network, crashes, jumps, store, conflicts, books].into_iter().min();
    assert!(few > Some(4), "{faults:?}");
}

#[test]
fn a_seed_is_a_story() {
    let mut traces = Vec::new();
    for seed in [3, 4, 5] {
        let story = |tells| run(Setting { seed, tells, bug: None }, &BOOKS).unwrap();
        let (one, other) = (story(false), story(true));
        assert_eq!(one.trace, other.trace, "seed {seed}, told or not");
        assert_eq!((one.tally, one.faults), (other.tally, other.faults));
        assert!(one.told.is_empty() && !other.told.is_empty());
        traces.push(one.trace);
    }
    traces.dedup();
    assert_eq!(traces.len(), 3, "another seed is another story");
}
