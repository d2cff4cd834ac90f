//! What a plan says of others: other payers, coupons, members who paid; of emergencies and
//! of fills in two parts.

use openpbm_core::Date;

use super::{Fact, Said, listed};
use crate::{Book, Borne, CoordinationRule, CouponCounts, Plan};

/// What a plan says on a day.
pub(super) fn sharing_facts(book: &Book, plan: &Plan, date: Date) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(rule) = plan.emergency_supply {
        let words = format!("up to {} days, once in {} days", rule.days, rule.within);
        let kind =
            rule.authorization_type.map_or(String::new(), |code| format!(", by 461-EU {code}"));
        facts.push(Fact::words("an emergency supply", words + &kind, rule.source));
    }
    if let Some(rule) = plan.partial_fills {
        for (what, borne) in [("dispensing fee", rule.dispensing_fee), ("copay", rule.copay)] {
            let by = match borne {
                Borne::First => "borne by the first",
                Borne::Last => "borne by the second",
                Borne::Shared => "shared by quantity",
            };
            let what = format!("the {what} of a fill in two parts");
            facts.push(Fact::words(what, by, rule.source));
        }
    }
    if let Some(rule) = &plan.coordination {
        coordination_facts(rule, &mut facts);
    }
    if let Some(rule) = plan.coupon {
        let when = match rule.counts {
            CouponCounts::Always => "counted",
            CouponCounts::Never => "not counted",
            CouponCounts::WithoutGeneric => "counted unless the brand has a generic",
        };
        let but = if rule.toward_deductible { "" } else { ", never toward the deductible" };
        facts.push(Fact::words("what a coupon pays", format!("{when}{but}"), rule.source));
    }
    if let Some(rule) = plan.reimbursement {
        let network = rule.network.and_then(|network| book.network(network, date));
        let terms = network.map_or("not paid", |network| &network.name);
        let what = "the time for a member to submit a claim";
        facts.push(Fact::new(what, Said::Days(rule.accepted_for), rule.source));
        let what = "a member's claim of a pharmacy outside the networks";
        facts.push(Fact::words(what, terms, rule.source));
    }
    facts
}

fn coordination_facts(rule: &CoordinationRule, facts: &mut Vec<Fact>) {
    let (method, accepts) = (&rule.method, &rule.accepts);
    let words = method.value.to_string();
    facts.push(Fact::words("the benefit after another payer", words, method.source));
    let words = listed(&accepts.value);
    facts.push(Fact::words("the list of other coverage codes accepted", words, accepts.source));
    if let Some(source) = rule.refuses_on_file {
        let words = "refused, to be sent there";
        facts.push(Fact::words("a claim that another payer on file is first for", words, source));
    }
    facts.extend(rule.chase.iter().map(|row| {
        let chase = &row.value;
        let age = chase.under_age.map(|age| format!("members under {age}"));
        let tiers = (!chase.tiers.is_empty()).then(|| format!("tiers {}", listed(&chase.tiers)));
        let payers = (!chase.payers.is_empty()).then(|| listed(&chase.payers));
        let conditions = [age, tiers, payers].into_iter().flatten();
        let what = format!("what is done at {}", listed(conditions));
        Fact::words(what, "pay and chase", row.source)
    }));
}
