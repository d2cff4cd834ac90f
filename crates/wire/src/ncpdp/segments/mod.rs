//! The typed segments, one file each. A field is one line of its segment's table: number, name and
//! format; reading, writing, checking and the field dictionary come from it.
//!
//! Formats: `text(n)` and `digits(n)` are `&str`; `number(n)` is `u32`; `money(n)` is `i64` cents
//! with a sign, `quantity(n)` `i64` thousandths, `percent(n)` `i64` hundredths of a percent,
//! `rate(n)` `i64` ten-thousandths of a percent; `date()` and `time()` are checked against the
//! calendar and the clock; `counted(Block, n)` is a group with one count before all occurrences,
//! `series(Block, n)` a group with a counter at the head of each occurrence.

pub mod request;
pub mod response;
