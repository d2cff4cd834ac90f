//! What messages to people have in common.

/// So many of something: `1 fill`, `2 fills`.
pub(crate) fn count_of(number: impl Into<u64>, one: &str) -> String {
    match number.into() {
        1 => format!("1 {one}"),
        number => format!("{number} {one}s"),
    }
}
