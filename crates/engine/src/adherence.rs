//! The proportion of days covered (PDC): whether a member takes a medication, as far as fills tell.
//!
//! It is the method of the Pharmacy Quality Alliance (PQA), by which Medicare's Star Ratings rate
//! adherence to diabetes medications, RAS antagonists and statins. The treatment period begins with
//! the first fill in the measurement period and ends with it, or with coverage. Of its days those
//! count for which a fill has supplied something to take; where supplies of one drug overlap, the
//! later one begins when the earlier one has ended.

use std::collections::BTreeMap;
use std::fmt;

use openpbm_book::Span;
use openpbm_core::{Coverage, Date, Percent};

/// Days from the first fill to the end of the treatment period, at least (PQA).
const SHORTEST: i64 = 91;
/// Fills on different days, at least (PQA).
const FEWEST: usize = 2;
/// Full years of age on the first day of the measurement period, at least (PQA).
const YOUNGEST: i32 = 18;
/// Days without coverage that are passed over as if they were covered, at most: the gap that PQA
/// allows in continuous enrollment.
const LONGEST_GAP: i64 = 45;

/// What a fill supplies, or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Supply<'a> {
    /// Day of service.
    pub from: Date,
    /// The day by which fills are told apart: of a completion (343-HD is C) that of the partial
    /// fill, so that a fill in two parts is one.
    pub filled: Date,
    /// 405-D5.
    pub days: u16,
    /// Which of a measure's ingredients it contains, at least one; supplies that share one are of
    /// the same drug.
    pub ingredients: &'a [u16],
}

/// The days on which each supply is taken, by day of service: from that day on, or from the end of
/// an earlier supply of the same drug. What is beyond `last` is left out.
pub fn doses(supplies: &[Supply<'_>], last: Date) -> Vec<Span> {
    // On one day the order of supplies is a matter of taste, but it must not be one of chance.
    let mut ordered = supplies.to_vec();
    ordered.sort_unstable();
    // The first day for which there is nothing of an ingredient.
    let mut out_of: BTreeMap<u16, Date> = BTreeMap::new();
    let mut doses = Vec::with_capacity(ordered.len());
    for supply in ordered {
        let before = supply.ingredients.iter().filter_map(|ingredient| out_of.get(ingredient));
        let from = before.copied().fold(supply.from, Date::max);
        let next = from.plus_days(supply.days.into());
        out_of.extend(supply.ingredients.iter().map(|ingredient| (*ingredient, next)));
        if from < next && from <= last {
            doses.push(Span { from, to: next.plus_days(-1).min(last) });
        }
    }
    doses
}

/// How many days are in at least one of the spans.
fn days_in(mut spans: Vec<Span>) -> u64 {
    spans.sort_unstable();
    let mut from = Date::FIRST;
    let mut days = 0;
    for span in spans {
        let first = span.from.max(from);
        days += u64::try_from(span.to.days_since(first) + 1).unwrap_or_default();
        from = from.max(span.to.plus_days(1));
    }
    days
}

/// What the fills of a treatment period come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Adherence {
    /// The treatment period: from the first fill on, to the last day that is looked at.
    pub period: Span,
    /// Fills on different days.
    pub fills: usize,
    /// Days of the period that are covered by a supply.
    pub days_covered: u64,
    /// Days of the period.
    pub days: u64,
}

impl Adherence {
    /// Of the supplies of a measure up to a last day; `None` if there is none.
    pub fn of(supplies: &[Supply<'_>], last: Date) -> Option<Self> {
        let until: Vec<_> = supplies.iter().filter(|it| it.from <= last).copied().collect();
        let first = until.iter().map(|supply| supply.from).min()?;
        let mut filled: Vec<_> = until.iter().map(|supply| supply.filled).collect();
        filled.sort_unstable();
        filled.dedup();
        let period = Span { from: first, to: last };
        let days_covered = days_in(doses(&until, last));
        Some(Self { period, fills: filled.len(), days_covered, days: days_in(vec![period]) })
    }

    /// Days covered of days.
    pub fn pdc(&self) -> Option<Rate> {
        Rate::of(self.days_covered, self.days)
    }

    /// True if at least so much of the days is covered, before anything is rounded.
    pub fn reaches(&self, threshold: Percent) -> bool {
        let wanted = u128::from(self.days) * u128::from(threshold.basis_points());
        u128::from(self.days_covered) * 10_000 >= wanted
    }
}

/// A percentage in tenths, rounded half up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(u64);

impl Rate {
    /// A part of a whole; `None` of nothing, or beyond what fits.
    pub fn of(part: u64, whole: u64) -> Option<Self> {
        let doubled = part.checked_mul(2_000)?.checked_add(whole)?;
        doubled.checked_div(whole.checked_mul(2)?).map(Self)
    }
}

impl fmt::Display for Rate {
    /// Without a sign: `49.3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}.{}", self.0 / 10, self.0 % 10))
    }
}

/// What is known of a member, as far as a measure asks.
#[derive(Debug, Clone, Copy)]
pub struct History<'a> {
    /// Birth date.
    pub birth: Date,
    /// Spans of coverage, in order of their first day.
    pub coverage: &'a [Coverage],
    /// What was supplied of the measure's drugs, whenever.
    pub supplies: &'a [Supply<'a>],
    /// Days of service of drugs that leave a member out.
    pub excluding: &'a [Date],
}

/// Why a member who has filled a measured drug in the measurement period is not measured. Of
/// several reasons the first is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// Younger than 18 on the first day of the measurement period.
    Young,
    /// Without coverage on the day of the first fill, as enrollment states it now.
    NotCovered,
    /// Fills on fewer than two days.
    OneFill,
    /// The first fill is less than 91 days before the end of the treatment period.
    Late,
    /// A fill, in the treatment period, of a drug that leaves members out.
    Excluded,
}

/// What a member's fills in a measurement period come to, if they belong to the measure; `None` if
/// nothing was filled.
pub fn measure(history: &History<'_>, period: Span) -> Option<Result<Adherence, LeftOut>> {
    let in_period = history.supplies.iter().filter(|supply| period.holds(supply.from));
    let supplies: Vec<_> = in_period.copied().collect();
    let first = supplies.iter().map(|supply| supply.from).min()?;
    Some(measured(history, &supplies, first, period))
}

fn measured(
    history: &History<'_>,
    supplies: &[Supply<'_>],
    first: Date,
    period: Span,
) -> Result<Adherence, LeftOut> {
    if period.from.age_on(history.birth) < YOUNGEST {
        return Err(LeftOut::Young);
    }
    let covered = covered_until(history.coverage, first).ok_or(LeftOut::NotCovered)?;
    let last = period.to.min(covered);
    let found = Adherence::of(supplies, last).ok_or(LeftOut::NotCovered)?;
    if found.fills < FEWEST {
        return Err(LeftOut::OneFill);
    }
    if last.days_since(first) < SHORTEST {
        return Err(LeftOut::Late);
    }
    if history.excluding.iter().any(|day| found.period.holds(*day)) {
        return Err(LeftOut::Excluded);
    }
    Ok(found)
}

/// The last day of the coverage that a day lies in, in whatever group; `None` if it lies in none.
fn covered_until(coverage: &[Coverage], day: Date) -> Option<Date> {
    let end = |span: &Coverage| span.to.unwrap_or(Date::LAST);
    let holding = coverage.iter().filter(|span| span.holds(day)).map(end).max()?;
    let later = coverage.iter().filter(|span| span.from > day);
    Some(later.fold(holding, |last, span| {
        let gap = span.from.days_since(last) - 1;
        if gap <= LONGEST_GAP { last.max(end(span)) } else { last }
    }))
}
