//! What all these tests start from: the sample book, and how much they compare by default.

use std::path::{Path, PathBuf};

use openpbm_model::{Comparison, Differential, Documents};

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
        is_known: |_, _| false,
        histories_a_book: 50,
    }
}
