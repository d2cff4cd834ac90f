//! Under which family a request is kept.

use openpbm_core::{Date, FamilyId, Npi};

/// Where refusals are kept that name no member: one pseudo-family for each pharmacy and day, so
/// that neither one busy pharmacy nor one long year becomes a family too large to read.
pub(crate) fn refusals_of(pharmacy: Option<Npi>, day: Date) -> FamilyId {
    let text = match pharmacy {
        Some(npi) => format!("~{npi}.{}", day.compact()),
        None => format!("~.{}", day.compact()),
    };
    text.parse().unwrap_or_else(|_| nobody())
}

/// The pseudo-family of nobody at all.
pub(crate) fn nobody() -> FamilyId {
    // "~" is a text of one printable character, which every id may be.
    #[expect(clippy::expect_used, reason = "a constant that a test covers")]
    "~".parse().expect("a tilde is an id")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pseudo_families_fit_an_id() {
        let day = Date::new(2026, 3, 12).unwrap();
        let npi = "1999000015".parse().ok();
        assert_eq!(refusals_of(npi, day).as_str(), "~1999000015.20260312");
        assert_eq!(refusals_of(None, day).as_str(), "~.20260312");
        assert_eq!(nobody().as_str(), "~");
    }
}
