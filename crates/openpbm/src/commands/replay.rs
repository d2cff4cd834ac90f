//! `openpbm replay`: what would a year's claims have cost under another book?

use crate::cli::Replay;
use crate::failure::Failure;
use crate::replay;

pub(crate) fn run(args: &Replay) -> Result<(), Failure> {
    replay::run(args)
}
