//! Claims a pharmacist can read, each computed by hand from the sample book's prose and prices.

mod authorization;
mod coverage;
mod deductible;
mod duplicates;
mod high_deductible;
mod inquiries;
mod maximum;
mod medicaid;
pub(crate) mod notation;
mod opioids;
mod other_payers;
mod preventive;
mod pricing;
mod products;
mod providers;
mod quantities;
mod refills;
mod reversals;
mod review;
mod selection;
mod supply;
mod tiers;

/// Every table.
pub(crate) const ALL: &[&str] = &[
    authorization::TABLE,
    coverage::TABLE,
    deductible::TABLE,
    duplicates::TABLE,
    high_deductible::TABLE,
    inquiries::TABLE,
    maximum::TABLE,
    medicaid::TABLE,
    opioids::TABLE,
    other_payers::TABLE,
    preventive::TABLE,
    pricing::TABLE,
    products::TABLE,
    providers::TABLE,
    quantities::TABLE,
    refills::TABLE,
    reversals::TABLE,
    review::TABLE,
    selection::TABLE,
    supply::TABLE,
    tiers::TABLE,
];
