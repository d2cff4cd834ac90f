//! What the rules of a book say, one fact at a time, in a benefits person's words. A summary
//! tells them; a comparison of two books tells the ones that differ.

mod design;
mod drug;
mod part_d;
mod placement;
mod plan;
mod sharing;
mod terms;

use std::fmt;

use openpbm_core::{Cents, Channel, Date, Percent, ProductKind, Source};

use crate::Span;

pub(crate) use drug::{drug_facts, label};
pub(crate) use placement::{Part, parts, tier_counts};
pub(crate) use plan::{plan_facts, plan_summary, share_of};
pub(crate) use terms::{dur_facts, group_facts, measure_facts, network_facts};

/// One thing that a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fact {
    /// What it is about, as a noun phrase: `the deductible per person`.
    pub(crate) what: String,
    /// What is said about it.
    pub(crate) said: Said,
    /// The rule's line.
    pub(crate) source: Source,
    /// For members' shares: the claims that it is about, so that equal ones can be put together.
    pub(crate) cell: Option<Cell>,
}

/// Claims that have the same share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell {
    pub(crate) channel: Channel,
    pub(crate) tier: u8,
    pub(crate) kind: ProductKind,
}

impl Fact {
    fn new(what: impl Into<String>, said: Said, source: Source) -> Self {
        Self { what: what.into(), said, source, cell: None }
    }

    fn words(what: impl Into<String>, words: impl Into<String>, source: Source) -> Self {
        Self::new(what, Said::Words(words.into()), source)
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}", self.what, self.said)
    }
}

/// What is said: an amount that can rise and fall, or words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// Dollars.
    Money(Cents),
    /// A rate.
    Rate(Percent),
    /// A number of days.
    Days(u16),
    /// Anything else.
    Words(String),
}

impl Said {
    /// How it compares with another of its kind; `None` for words and unlike kinds.
    pub(crate) fn compare(&self, other: &Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Money(a), Self::Money(b)) => Some(a.cmp(b)),
            (Self::Rate(a), Self::Rate(b)) => Some(a.cmp(b)),
            (Self::Days(a), Self::Days(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Money(cents) => write!(f, "${cents}"),
            Self::Rate(rate) => write!(f, "{rate}"),
            Self::Days(days) => write!(f, "{days} days"),
            Self::Words(words) => f.write_str(words),
        }
    }
}

/// A span as people read it: `from 2026-01-01 to 2026-12-31`, `since 2026-01-01`.
pub(crate) fn period(span: Span) -> String {
    if span.to == Date::LAST {
        format!("since {}", span.from)
    } else {
        format!("from {} to {}", span.from, span.to)
    }
}

/// Several things as people list them: `a, b and c`.
pub(crate) fn listed<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    match items.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => "none".to_owned(),
    }
}

/// A count with its noun: `1 drug`, `6 drugs`. The noun takes an `s`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    match (count, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        _ => format!("{count} {noun}s"),
    }
}
