//! `[coordination]` of a plan: what it does where another payer covers the member, too;
//! and `[coupon]`: what counts of what a coupon pays;
//! and `[reimbursement]`: what it pays members.

use openpbm_core::{CoordinationMethod, PayerKind};

use super::plans::{TIERS, complete};
use super::series::{Ids, reference};
use crate::documents::{Table, Value, distinct, flag, one_of, whole};
use crate::{Chase, CoordinationRule, CouponCounts, CouponRule, Reimbursement, Sourced};

const COUNTS: [(&str, CouponCounts); 3] = [
    ("always", CouponCounts::Always),
    ("never", CouponCounts::Never),
    ("without-generic", CouponCounts::WithoutGeneric),
];
const ON_FILE: [(&str, bool); 2] = [("refuse", true), ("ignore", false)];

/// Reads the table.
pub(super) fn rule(table: Table<'_>) -> Option<CoordinationRule> {
    let method = table.required("method", one_of(&CoordinationMethod::ALL));
    let method_source = table.place_of("method").source();
    let accepts = table.required("accepts", distinct(code));
    let accepts_source = table.place_of("accepts").source();
    let on_file = table.required("on_file", one_of(&ON_FILE));
    let on_file_source = table.place_of("on_file").source();
    let chase = complete(table.tables("chase", "[[coordination.chase]]"), chase);
    if on_file == Some(false) && table.has("chase") {
        let text = "`chase` says who is paid although a payer on file is first, which this plan \
                    ignores";
        table.report().mistake(table.place_of("chase"), text.to_owned());
    }
    table.end();
    Some(CoordinationRule {
        method: Sourced { value: method?, source: method_source },
        accepts: Sourced { value: accepts?, source: accepts_source },
        refuses_on_file: on_file?.then_some(on_file_source),
        chase: chase?,
    })
}

/// 308-C8 of a claim that another payer has seen.
fn code(value: Value<'_>) -> Option<u8> {
    let code: u8 = whole(2..=8)(value.clone())?;
    let is_known = matches!(code, 2 | 3 | 4 | 8);
    if !is_known {
        value.wrong("2, 3, 4 or 8, an other coverage code (308-C8)");
    }
    is_known.then_some(code)
}

fn chase(table: Table<'_>) -> Option<Sourced<Chase>> {
    if table.is_empty() {
        table.missing("found no condition, expected `under_age`, `tiers` or `payers`");
    }
    let under_age: Option<u8> = table.optional("under_age", whole(1..=120));
    let tiers = table.optional("tiers", distinct(whole(TIERS)));
    let payers = table.optional("payers", distinct(one_of(&PayerKind::ALL)));
    let unread = under_age.is_none() && table.has("under_age")
        || tiers.is_none() && table.has("tiers")
        || payers.is_none() && table.has("payers")
        || table.is_empty();
    let source = table.source();
    table.end();
    let value =
        Chase { under_age, tiers: tiers.unwrap_or_default(), payers: payers.unwrap_or_default() };
    (!unread).then_some(Sourced { value, source })
}

/// Reads `[coupon]`.
pub(super) fn coupon(table: Table<'_>) -> Option<CouponRule> {
    let counts = table.required("counts", one_of(&COUNTS));
    let toward_deductible = table.optional("toward_deductible", flag);
    let unread = toward_deductible.is_none() && table.has("toward_deductible");
    let source = table.source();
    table.end();
    let toward_deductible = toward_deductible.unwrap_or(true);
    let rule = CouponRule { counts: counts?, toward_deductible, source };
    (!unread).then_some(rule)
}

/// Reads `[reimbursement]`.
pub(super) fn reimbursement(table: Table<'_>, networks: &Ids) -> Option<Reimbursement> {
    let accepted_for = table.required("claims_accepted_for", whole(0..=9999));
    let network = table.optional("network", reference(networks));
    let unread = network.is_none() && table.has("network");
    let source = table.source();
    table.end();
    let rule = Reimbursement { accepted_for: accepted_for?, network, source };
    (!unread).then_some(rule)
}
