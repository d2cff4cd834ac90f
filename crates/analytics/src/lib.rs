//! Tables as files: claims to decide again, and what came of it, in CSV and Parquet.
//!
//! A [`table`] is rows of texts under named columns, whichever file they come from or go to, so
//! that what a column may say is written once ([`claims`]) and a message about a damaged row is
//! the same for both. Nothing here decides anything.

pub mod claims;
pub mod table;
