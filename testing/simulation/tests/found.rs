//! Mistakes planted around the nodes, and within how many seeds each is found. A mistake that is
//! no longer found here would no longer be found in the nodes either.

use openpbm_simulation::{Bug, Setting, run};

use crate::nodes::BOOKS;

/// Each mistake, and by which seed at the latest it is found.
const FOUND_BY: [(Bug, u64); 9] = [
    (Bug::AcknowledgesEarly, 1),
    (Bug::IgnoresVersions, 3),
    (Bug::IgnoresReads, 20),
    (Bug::ShowsThePast, 2),
    (Bug::ForgetsBatches, 3),
    (Bug::TearsUnits, 40),
    (Bug::FindsLate, 5),
    (Bug::RemembersLess, 10),
    (Bug::SwapsReplies, 2),
];

#[test]
fn planted_mistakes_are_found() {
    assert!(Bug::ALL.iter().all(|bug| FOUND_BY.iter().any(|(known, _)| known == bug)));
    let mut told = String::new();
    let mut missed = 0;
    for (bug, latest) in FOUND_BY {
        let found = (0..=latest).find_map(|seed| {
            let setting = Setting { seed, bug: Some(bug), tells: false };
            let failure = run(setting, &BOOKS).unwrap().failure?;
            Some(format!("{bug:?}: seed {seed}: {failure:.80}\n"))
        });
        missed += usize::from(found.is_none());
        told += &found.unwrap_or_else(|| format!("{bug:?}: not found by seed {latest}\n"));
    }
    println!("{told}");
    assert_eq!(missed, 0, "{told}");
}
