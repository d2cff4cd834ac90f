//! The engine agrees with the model over generated histories.

use std::path::Path;

use openpbm_model::{Generator, Rng};

use crate::setting::{CLAIMS, against, sample};

#[test]
fn the_engine_agrees_with_the_model() {
    let base = sample();
    // The same cases each time: a default test says the same of the same program. Fresh seeds are
    // for `cargo xtask differential`.
    let tally = match against(&base, None).hunt(2026, CLAIMS, |_| {}).unwrap() {
        Ok(tally) => tally,
        Err(find) => {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
            let path = folder.join("disagreement.toml");
            std::fs::write(&path, find.case.to_toml().unwrap()).unwrap();
            panic!("{}shrunk to {}", find.disagreement, path.display());
        }
    };
    // A generator that makes only claims that nobody pays would show nothing.
    assert!(tally.histories >= 1_500, "{tally:?}");
    assert!(tally.paid * 4 >= tally.claims, "{tally:?}");
    assert!(tally.straddles >= 200, "{tally:?}");
}

#[test]
fn a_seed_makes_the_same_cases_again() {
    let generator = Generator::new(&sample()).unwrap();
    let make = |seed| {
        let mut rng = Rng::new(seed);
        (generator.changes(&mut rng), generator.history(&mut rng))
    };
    assert_eq!(make(7), make(7));
    assert_ne!(make(7), make(8));
}
