//! What all these tests start from: the sample book, and how much they compare by default.

use std::path::{Path, PathBuf};

use openpbm_model::{Comparison, Differential, Documents, Event, Generator, Rng};

use crate::engine::{Engine, Twist};

/// Claims that a default run compares: some 2,000 families.
pub(crate) const CLAIMS: u64 = 17_000;

pub(crate) fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

pub(crate) fn sample() -> Documents {
    Documents::load(&here().join("../../sample")).unwrap()
}

/// The model against the engine, or against the engine with a twist.
pub(crate) fn against(base: &Documents, twist: Option<Twist>) -> Differential<'_, Engine> {
    Differential {
        base,
        subject: Engine { twist },
        comparison: Comparison::Everything,
        histories_a_book: 50,
    }
}

/// A claim with more of them would never come to be decided (354-NX).
#[test]
fn no_generated_claim_clarifies_more_than_d0_carries() {
    let generator = Generator::new(&sample()).unwrap();
    let mut most = 0;
    for seed in 0..2_000 {
        let (_, events) = generator.history(&mut Rng::new(seed));
        let claims = events.iter().filter_map(|event| match event {
            Event::Bill(claim) | Event::Rebill(claim) => Some(claim),
            _ => None,
        });
        most = claims.map(|claim| claim.details.clarifications.len()).fold(most, usize::max);
    }
    assert_eq!(most, 3);
}
