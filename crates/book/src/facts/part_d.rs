//! What a plan says of Medicare Part D.

use super::{Fact, Said};
use crate::{Discount, PartD, Supplement, Transition};

/// Each parameter, with its line.
pub(super) fn facts(part_d: &PartD) -> Vec<Fact> {
    let money = |what: &str, amount, source| Fact::new(what, Said::Money(amount), source);
    let rate = |what: &str, rate, source| Fact::new(what, Said::Rate(rate), source);
    let supplement = match part_d.supplement {
        Supplement::Plan => "the plan",
        Supplement::Employer => "the employer",
    };
    let (deductible, threshold) = (&part_d.deductible, &part_d.threshold);
    let (coinsurance, reinsurance) = (&part_d.coinsurance, &part_d.reinsurance);
    let mut facts = vec![
        money("the standard deductible of Part D", deductible.value, deductible.source),
        rate("the standard coinsurance of Part D", coinsurance.value, coinsurance.source),
        money("the out-of-pocket threshold of Part D", threshold.value, threshold.source),
        Fact::words("who pays a supplemental benefit", supplement, coinsurance.source),
        rate(
            "the reinsurance of applicable drugs",
            reinsurance.value.applicable,
            reinsurance.source,
        ),
        rate("the reinsurance of other drugs", reinsurance.value.other, reinsurance.source),
    ];
    facts.extend(part_d.discounts.iter().map(discount));
    facts.extend(
        part_d.selected.iter().map(|selected| {
            rate("the subsidy of selected drugs", selected.subsidy, selected.source)
        }),
    );
    if let Some(insulin) = &part_d.insulin {
        let what = "the most that a month of insulin costs";
        facts.push(money(what, insulin.a_month, insulin.source));
        let of_price = insulin.of_price.iter();
        let what = "the most that insulin costs of its price";
        facts.extend(of_price.map(|part| rate(what, *part, insulin.source)));
    }
    facts.extend(part_d.vaccines.iter().map(|vaccines| {
        Fact::words("the share of recommended vaccines", "nothing", vaccines.source)
    }));
    for row in &part_d.low_income {
        let what = format!("the low-income copay of level {}", row.level);
        let said = format!("generics ${}, others ${}", row.generic, row.brand);
        facts.push(Fact::words(what, said, row.source));
    }
    facts.extend(part_d.lower_copay.iter().map(|drugs| {
        let said = format!("generics and {} other drugs", drugs.value.len());
        Fact::words("the drugs of the lower low-income copay", said, drugs.source)
    }));
    facts.extend(part_d.transition.iter().map(transition));
    facts
}

fn transition(rule: &Transition) -> Fact {
    let changed = rule.filled_within.map_or_else(String::new, |days| {
        format!(" or of a changed formulary, if filled {days} days before it")
    });
    let said = format!(
        "{} days within {} days of the first of coverage{changed}; unlisted drugs in tier {}",
        rule.days, rule.window, rule.tier
    );
    Fact::words("the transition supply of Part D", said, rule.source)
}

fn discount(row: &Discount) -> Fact {
    let drugs = match &row.drugs {
        Some(drugs) => format!("{} applicable drugs", drugs.len()),
        None => "applicable drugs".to_owned(),
    };
    let members = if row.low_income_only { " for subsidized members" } else { "" };
    let said = format!("{} before, {} above the threshold", row.initial, row.catastrophic);
    Fact::words(format!("the manufacturer's discount of {drugs}{members}"), said, row.source)
}
