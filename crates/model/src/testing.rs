//! What the unit tests start from: the rules of the sample book.

use std::path::Path;
use std::sync::Arc;

use crate::{Documents, Rules};

pub(crate) fn rules() -> Arc<Rules> {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sample");
    Arc::new(Rules::read(&Documents::load(&sample).unwrap()).unwrap())
}
