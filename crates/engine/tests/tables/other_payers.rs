//! Other payers: which plan is first, and what it pays where it is not.

/// Plans that say nothing of other payers: 308-C8 refuses.
pub(crate) const PRIMARY: &str = include_str!("other_payers/primary.txt");

/// What this plan pays after another: 25% coinsurance of a price of $125.00, the usual charge.
pub(crate) const SECONDARY: &str = include_str!("other_payers/secondary.txt");

/// Other payers on the member's file.
pub(crate) const ON_FILE: &str = include_str!("other_payers/on_file.txt");

#[test]
fn another_payer_is_not_ignored() {
    crate::play::check(PRIMARY);
}

#[test]
fn the_second_payer_pays_by_its_method() {
    crate::play::check(SECONDARY);
}

#[test]
fn a_payer_on_file_is_first() {
    crate::play::check(ON_FILE);
}
