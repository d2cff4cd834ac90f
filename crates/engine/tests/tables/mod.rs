//! Claims a pharmacist can read, each computed by hand from the sample book's prose and prices.

mod authorization;
mod benefit_maximums;
mod beside;
mod channels;
mod compounds;
mod coupons;
mod coverage;
mod deductible;
mod duplicates;
mod high_deductible;
mod inquiries;
mod maximum;
mod medicaid;
mod medical;
pub(crate) mod notation;
mod opioids;
mod other_payers;
mod overrides;
pub(crate) mod part_d;
mod partials;
mod periods;
mod preventive;
mod pricing;
mod products;
mod providers;
mod quantities;
mod refills;
mod reimbursement;
mod reversals;
mod review;
mod scopes;
mod selection;
mod shares;
mod supply;
mod tiers;
mod written;

/// Every table.
pub(crate) const ALL: &[&str] = &[
    authorization::TABLE,
    benefit_maximums::TABLE,
    beside::TABLE,
    channels::TABLE,
    compounds::TABLE,
    coupons::TABLE,
    coverage::TABLE,
    deductible::TABLE,
    duplicates::TABLE,
    high_deductible::TABLE,
    inquiries::TABLE,
    maximum::TABLE,
    medicaid::TABLE,
    medicaid::INCOME,
    medicaid::EMERGENCY,
    medicaid::PREFERRED,
    medical::TABLE,
    opioids::TABLE,
    overrides::TABLE,
    partials::TABLE,
    other_payers::PRIMARY,
    other_payers::SECONDARY,
    other_payers::ON_FILE,
    part_d::drug_events::TABLE,
    part_d::employer::TABLE,
    part_d::enhanced::TABLE,
    part_d::insulin::TABLE,
    part_d::level_1::TABLE,
    part_d::level_2::TABLE,
    part_d::level_3::TABLE,
    part_d::lower_copay::TABLE,
    part_d::moved::TABLE,
    part_d::no_subsidy::TABLE,
    part_d::part_b::TABLE,
    part_d::transition::TABLE,
    part_d::year_2025::TABLE,
    periods::TABLE,
    preventive::TABLE,
    pricing::TABLE,
    products::TABLE,
    providers::TABLE,
    quantities::TABLE,
    refills::TABLE,
    reimbursement::TABLE,
    reversals::TABLE,
    review::TABLE,
    scopes::TABLE,
    selection::TABLE,
    shares::TABLE,
    supply::TABLE,
    tiers::TABLE,
    written::TABLE,
];

/// A book that tables call by a name: what differs from the sample, as document, text and what
/// stands in its place.
pub(crate) type Design = (&'static str, &'static [(&'static str, &'static str, &'static str)]);

/// Every such book.
pub(crate) const DESIGNS: &[&[Design]] = &[
    benefit_maximums::BOOKS,
    channels::BOOKS,
    medical::BOOKS,
    overrides::BOOKS,
    partials::BOOKS,
    part_d::employer::BOOKS,
    part_d::insulin::BOOKS,
    part_d::lower_copay::BOOKS,
    part_d::moved::BOOKS,
    part_d::part_b::BOOKS,
    periods::BOOKS,
    scopes::BOOKS,
    shares::BOOKS,
    written::BOOKS,
];
