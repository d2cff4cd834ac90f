//! What a plan says beyond limits and shares.

use super::plan::scope_words;
use super::{Fact, Said, listed};
use crate::{BenefitPeriod, Book, Counts, Most, Plan, Reference, Written};

/// A fact for each row.
pub(super) fn design_facts(book: &Book, plan: &Plan) -> Vec<Fact> {
    let mut facts = Vec::new();
    for row in &plan.dispense_as_written {
        let what = format!("DAW {} of {}", listed(&row.codes), scope_words(&row.scope));
        let words = match row.pays {
            Written::Share => "the share alone".to_owned(),
            Written::Difference(counts) => {
                format!("the share and the difference to the generic{}", counting(counts))
            }
            Written::AsGeneric => "the share of the generic".to_owned(),
            Written::Refused => "refused".to_owned(),
        };
        facts.push(Fact::words(what, words, row.source));
    }
    for row in &plan.reference_prices {
        let what = format!("the reference price of {}", scope_words(&row.scope));
        let of = match row.of {
            Reference::Generic => "the cheapest generic's".to_owned(),
            Reference::List(list) => {
                format!("that of list {}", book.list(list).map_or("", |list| &list.id))
            }
        };
        facts.push(Fact::words(what, format!("{of}{}", counting(row.counts)), row.source));
    }
    for row in &plan.benefit_maximums {
        let what = format!("the benefit maximum {} of {}", row.name, scope_words(&row.scope));
        let most = match row.most {
            Most::PlanPays(cents) => format!("${cents}"),
            Most::Fills(fills) => format!("{fills} fills"),
            Most::Units(units) => format!("{units} units"),
        };
        let beyond = if row.refuses { "refused" } else { "paid by the member" };
        let words = format!("{most} {}, beyond it {beyond}", period(row.per));
        facts.push(Fact::words(what, words, row.source));
    }
    for row in &plan.mandatory_channels {
        let what = format!("where to fill {}", scope_words(&row.scope));
        let (at, after, within) = (listed(&row.fill_at), row.after, row.within);
        let opt_out = if row.opt_out.is_some() { ", unless opted out" } else { "" };
        let words = format!("{at} after {after} fills in {within} days elsewhere{opt_out}");
        facts.push(Fact::words(what, words, row.source));
    }
    for row in &plan.overrides {
        let allows = listed(row.allows.iter().map(|code| code.code()));
        let what = format!("what clarification {} lets pass", row.code);
        let words = format!("{allows}, {} times in {} days", row.times, row.per_days);
        facts.push(Fact::new(what, Said::Words(words), row.source));
    }
    facts
}

const fn counting(counts: Counts) -> &'static str {
    match counts {
        Counts::Nothing => "",
        Counts::Maximum => ", which counts toward the maximum",
        Counts::Both => ", which counts toward deductible and maximum",
    }
}

/// A period in words.
pub(super) const fn period(per: BenefitPeriod) -> &'static str {
    match per {
        BenefitPeriod::PlanYear => "a plan year",
        BenefitPeriod::CalendarQuarter => "a calendar quarter",
        BenefitPeriod::RollingYear => "in any 365 days",
        BenefitPeriod::Lifetime => "for life",
    }
}
