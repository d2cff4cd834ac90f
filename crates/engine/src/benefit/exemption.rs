//! Who pays nothing.

use openpbm_book::Exemption;
use openpbm_core::{Finding, Source};

use crate::case::Case;
use crate::dur::is_pregnant;
use crate::eligibility::Covered;

pub(super) fn find(case: &Case<'_>, covered: &Covered<'_>) -> Option<(Finding, Source)> {
    let age = case.date().age_on(covered.member.birth);
    covered.plan.exemptions.iter().find_map(|rule| match rule.value {
        Exemption::UnderAge(limit) if age < i32::from(limit) => {
            Some((Finding::Exempt { under_age: Some(limit) }, rule.source))
        }
        Exemption::Pregnant if is_pregnant(case, covered) => {
            Some((Finding::Exempt { under_age: None }, rule.source))
        }
        Exemption::Group(group)
            if covered.member.circumstances.exempt_on(case.date()).any(|of| of == group) =>
        {
            Some((Finding::ExemptGroup { group }, rule.source))
        }
        _ => None,
    })
}
