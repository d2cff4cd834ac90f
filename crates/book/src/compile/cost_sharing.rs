//! What a plan says of those who pay less or nothing: exempt members, and the most that a
//! household pays of its income; of a supply in an emergency; and of fills in two parts.

use openpbm_core::{ExemptGroup, Percent, Period};

use super::plans::DAYS;
use crate::documents::{Table, flag, one_of, positive_rate, whole};
use crate::{Borne, EmergencySupply, Exemption, IncomeCap, PartialFills, Sourced};

const PERIODS: [(&str, Period); 2] = [("month", Period::Month), ("quarter", Period::Quarter)];

/// One `[[exempt]]`: exactly one kind of members.
pub(super) fn exemption(table: Table<'_>) -> Option<Sourced<Exemption>> {
    let under_age: Option<u8> = table.optional("under_age", whole(1..=120));
    let pregnant = table.optional("pregnant", flag);
    let member = table.optional("member", one_of(&ExemptGroup::ALL));
    let named = ["under_age", "pregnant", "member"].into_iter().filter(|key| table.has(key));
    let exemption = match (named.count(), under_age, pregnant, member) {
        (1, Some(age), ..) => Some(Exemption::UnderAge(age)),
        (1, None, Some(true), None) => Some(Exemption::Pregnant),
        (1, None, None, Some(group)) => Some(Exemption::Group(group)),
        _ => None,
    };
    // A word that is none of the groups was blamed already.
    if exemption.is_none() && (member.is_some() || !table.has("member")) {
        table.missing(
            "expected one of `under_age` with an age, `pregnant = true` and `member` with a group",
        );
    }
    let source = table.source();
    table.end();
    exemption.map(|value| Sourced { value, source })
}

/// `[income_cap]`. The law allows no more than 5% (42 CFR 447.56(f)(1)).
pub(super) fn income_cap(table: Table<'_>) -> Option<IncomeCap> {
    let most = Percent::from_basis_points(500)?;
    let rate = table.required("rate", positive_rate(most));
    let period = table.required("period", one_of(&PERIODS));
    let source = table.source();
    table.end();
    Some(IncomeCap { rate: rate?, period: period?, source })
}

/// `[emergency_supply]`.
pub(super) fn emergency_supply(table: Table<'_>) -> Option<EmergencySupply> {
    let days = table.required("days", whole(DAYS));
    let within = table.required("within", whole(DAYS));
    let code = table.optional("authorization_type", whole(0..=99));
    let unread = code.is_none() && table.has("authorization_type");
    let source = table.source();
    table.end();
    let rule = EmergencySupply { days: days?, within: within?, authorization_type: code, source };
    (!unread).then_some(rule)
}

/// `[partial_fills]`.
pub(super) fn partial_fills(table: Table<'_>) -> Option<PartialFills> {
    let dispensing_fee = table.required("dispensing_fee", one_of(&Borne::ALL));
    let copay = table.required("copay", one_of(&Borne::ALL));
    let source = table.source();
    table.end();
    Some(PartialFills { dispensing_fee: dispensing_fee?, copay: copay?, source })
}
