//! Medicare Part D by hand, from 42 CFR 423 and the parameters of 2025 and 2026: whole years of
//! four drugs a month, with what each payer pays of each claim.

pub(crate) mod drug_events;
pub(crate) mod employer;
pub(crate) mod enhanced;
pub(crate) mod insulin;
pub(crate) mod level_1;
pub(crate) mod level_2;
pub(crate) mod level_3;
pub(crate) mod lower_copay;
pub(crate) mod moved;
pub(crate) mod no_subsidy;
pub(crate) mod part_b;
pub(crate) mod transition;
pub(crate) mod year_2025;
