//! The proportion of days covered: against the examples of PQA, in tables by hand, and against a
//! bottle of each drug that is emptied day by day.

use openpbm_book::Span;
use openpbm_core::{Coverage, Date, Percent};
use openpbm_engine::adherence::{Adherence, History, LeftOut, Rate, Supply, doses, measure};
use proptest::collection::vec;
use proptest::prelude::*;

/// Metformin, glipizide, and both in one tablet.
const DRUGS: [(&str, &[u16]); 3] = [("m", &[0]), ("g", &[1]), ("mg", &[0, 1])];

/// A day of 2026, if it names no year.
fn day(text: &str) -> Date {
    let whole = if text.len() == 5 { format!("2026-{text}") } else { text.to_owned() };
    whole.parse().unwrap_or_else(|_| panic!("{text} is no day"))
}

/// What stands between commas.
fn listed(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(',').map(str::trim).filter(|item| !item.is_empty())
}

/// `m 01-05 30`: a drug, the day of service and the days supply; `of 01-01` after it makes it the
/// completion of a partial fill.
fn supply(text: &str) -> Supply<'static> {
    let words: Vec<_> = text.split(' ').collect();
    let (drug, from, days, filled) = match *words.as_slice() {
        [drug, from, days] => (drug, from, days, from),
        [drug, from, days, "of", filled] => (drug, from, days, filled),
        _ => panic!("{text} is no fill"),
    };
    let (_, ingredients) = DRUGS.iter().find(|(name, _)| *name == drug).unwrap();
    Supply { from: day(from), filled: day(filled), days: days.parse().unwrap(), ingredients }
}

/// `01-01..03-31`.
fn span(text: &str) -> Span {
    let (from, to) = text.split_once("..").unwrap();
    Span { from: day(from), to: day(to) }
}

/// PQA's interactive examples of its measure of diabetes medications
/// (pqaalliance.org/assets/Measures/pdc-dr.js.txt), measurement year 2018: for each fill the days
/// of its first and its last dose. The proportions follow from these days.
#[test]
fn the_examples_of_pqa_come_to_what_is_published() {
    let table = "
1 | m 2018-01-01 90, g 2018-04-01 90 | 2018-01-01..2018-03-31, 2018-04-01..2018-06-29 | 49.3
# Both at once: each day counts once. One day of service, so it would not be in the measure.
2 | m 2018-01-01 90, g 2018-01-01 90 | 2018-01-01..2018-03-31, 2018-01-01..2018-03-31 | 24.7
# The last supply begins when the one before it has ended.
3 | m 2018-03-25 90, m 2018-07-05 90, m 2018-09-25 90
  | 2018-03-25..2018-06-22, 2018-07-05..2018-10-02, 2018-10-03..2018-12-31 | 95.7
# The last supply is cut at the end of the year.
4 | m 2018-01-01 90, m 2018-03-25 90, m 2018-07-05 90, m 2018-10-15 90
  | 2018-01-01..2018-03-31, 2018-04-01..2018-06-29, 2018-07-05..2018-10-02, 2018-10-15..2018-12-31
  | 95.3
";
    let end = day("2018-12-31");
    let lines: Vec<_> = table.lines().filter(|line| !line.starts_with('#')).collect();
    let joined = lines.join("\n").replace("\n  |", " |");
    let mut seen = 0;
    for line in joined.lines().filter(|line| !line.is_empty()) {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let [label, fills, published, pdc] = *cells.as_slice() else { panic!("{line}") };
        let supplies: Vec<_> = listed(fills).map(supply).collect();
        let published: Vec<_> = listed(published).map(span).collect();
        assert_eq!(doses(&supplies, end), published, "example {label}");
        let found = Adherence::of(&supplies, end).unwrap();
        assert_eq!(found.pdc().unwrap().to_string(), pdc, "example {label}: {found:?}");
        seen += 1;
    }
    assert_eq!(seen, 4);
}

/// One member a line, in the year 2026: what was filled, when insulin was, when there was coverage
/// (all year, if it is not said), the birth date (an adult's, if it is not said).
const TABLE: &str = "
# Supplies of one drug follow each other: 01-01..01-30, 01-31..03-01; 60 of 92 days.
same drug | m 01-01 30, m 01-26 30 | | ..04-02 | -> 60 of 92, 65.2, not
# Of different drugs each day counts once: 01-01..02-14.
different drugs | m 01-01 30, g 01-16 30 | | ..04-02 | -> 45 of 92, 48.9, not
# Both tablets contain metformin, both of the next glipizide.
combination after | m 01-01 30, mg 01-16 30 | | ..04-02 | -> 60 of 92, 65.2, not
combination before | mg 01-01 30, g 01-16 30 | | ..04-02 | -> 60 of 92, 65.2, not
# The combination waits for the glipizide, which lasts longer: 01-01..02-09, 02-10..03-11.
longer of two | m 01-01 30, g 01-01 40, mg 01-20 30 | | ..04-02 | -> 70 of 92, 76.1, not
# A gap: nothing from 01-31 to 02-14.
gap | m 01-01 30, m 02-15 30 | | ..04-02 | -> 60 of 92, 65.2, not
# 30 days, and 14 up to the end of coverage.
cut at the end | m 01-01 30, m 03-20 30 | | ..04-02 | -> 44 of 92, 47.8, not
# 30 and 30 days from the first on; what is filled after coverage has ended is not looked at.
after the end | m 01-01 30, m 02-01 30, m 05-01 90 | | ..04-02 | -> 60 of 92, 65.2, not
# The supply of last December is not looked at, and puts nothing off: 01-20..02-18, 02-20..03-21.
before the year | m 2025-12-15 90, m 01-20 30, m 02-20 30 | | ..04-30 | -> 60 of 101, 59.4, not
# 01-01..07-19, 07-20..10-19: 292 days, which are 80% of 365 to the day.
threshold | m 01-01 200, m 07-20 92 | | | -> 292 of 365, 80.0, adherent
below it | m 01-01 200, m 07-20 91 | | | -> 291 of 365, 79.7, not
# 365 and no more.
more than enough | m 01-01 300, m 02-01 300 | | | -> 365 of 365, 100.0, adherent
nothing | | | | -> nothing
nothing this year | m 2025-12-15 90 | | | -> nothing
one fill | m 01-01 90 | | | -> one fill
on one day | m 01-01 90, g 01-01 90 | | | -> one fill
# A fill in two parts is one fill, which is taken when it is there: 10 days, then 20.
in two parts | m 01-01 10, m 01-05 20 of 01-01 | | | -> one fill
parts and a fill | m 01-01 10, m 01-05 20 of 01-01, m 03-01 30 | | ..04-02 | -> 60 of 92, 65.2, not
# The second fill comes when coverage has ended.
one while covered | m 01-01 30, m 05-01 30 | | ..04-30 | -> one fill
# 10-01 is 91 days before 12-31; 30 + 30 of 92 days.
in time | m 10-01 30, m 11-01 30 | | | -> 60 of 92, 65.2, not
late | m 10-02 30, m 11-01 30 | | | -> late
# 03-31 is 91 days before 06-30.
in time to leave | m 03-31 30, m 05-01 30 | | ..06-30 | -> 60 of 92, 65.2, not
late to leave | m 04-01 30, m 05-01 30 | | ..06-30 | -> late
# From 07-01 to 08-14 are 45 days, which are passed over.
short gap | m 01-01 90, m 04-01 90 | | ..06-30 08-15.. | -> 180 of 365, 49.3, not
long gap | m 01-01 90, m 04-01 90 | | ..06-30 08-16.. | -> 180 of 181, 99.4, adherent
# Another group from the next day on.
moved | m 01-01 90, m 04-01 90 | | ..06-30 07-01.. | -> 180 of 365, 49.3, not
not covered | m 01-01 90, m 04-01 90 | | 02-01.. | -> not covered
eighteen | m 01-01 90, m 04-01 90 | | | 2008-01-01 -> 180 of 365, 49.3, not
seventeen | m 01-01 90, m 04-01 90 | | | 2008-01-02 -> young
insulin | m 01-01 90, m 04-01 90 | 12-31 | | -> excluded
# What comes before the first fill or after the last day leaves nobody out.
insulin before | m 02-01 90, m 05-02 90 | 01-31 | | -> 180 of 334, 53.9, not
insulin after | m 01-01 90, m 04-01 90 | 07-01 | ..06-30 | -> 180 of 181, 99.4, adherent
";

/// `..06-30 08-15..`: spans of coverage between blanks; all of 2026 and beyond if there is none.
fn coverage(cell: &str) -> Vec<Coverage> {
    let group = "CSCPPO".parse().unwrap();
    let open = |text: &str| (!text.is_empty()).then(|| day(text));
    let spans = cell.split_whitespace().map(|text| text.split_once("..").unwrap());
    let spans = spans.map(|(from, to)| Coverage {
        group,
        from: open(from).unwrap_or(day("2025-01-01")),
        to: open(to),
    });
    let all = Coverage { group, from: day("2025-01-01"), to: None };
    let spans: Vec<_> = spans.collect();
    if spans.is_empty() { vec![all] } else { spans }
}

fn said(found: Option<Result<Adherence, LeftOut>>) -> String {
    let reason = match found {
        None => "nothing",
        Some(Err(LeftOut::Young)) => "young",
        Some(Err(LeftOut::NotCovered)) => "not covered",
        Some(Err(LeftOut::OneFill)) => "one fill",
        Some(Err(LeftOut::Late)) => "late",
        Some(Err(LeftOut::Excluded)) => "excluded",
        Some(Ok(found)) => {
            let Adherence { days_covered, days, .. } = found;
            let is_adherent = found.reaches("80%".parse().unwrap());
            let word = if is_adherent { "adherent" } else { "not" };
            return format!("{days_covered} of {days}, {}, {word}", found.pdc().unwrap());
        }
    };
    reason.to_owned()
}

#[test]
fn members_are_measured_as_the_table_says() {
    for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (asks, expected) = line.split_once("->").unwrap();
        let cells: Vec<_> = asks.split('|').map(str::trim).collect();
        let [label, fills, insulin, covered, born] = *cells.as_slice() else { panic!("{line}") };
        let supplies: Vec<_> = listed(fills).map(supply).collect();
        let excluding: Vec<_> = listed(insulin).map(day).collect();
        let history = History {
            birth: day(if born.is_empty() { "1968-08-18" } else { born }),
            coverage: &coverage(covered),
            supplies: &supplies,
            excluding: &excluding,
        };
        let found = said(measure(&history, span("01-01..12-31")));
        assert_eq!(found, expected.trim(), "{label}");
    }
}

/// One decimal, half up; who is adherent is asked before anything is rounded.
#[test]
fn a_rate_is_rounded_once() {
    for (part, whole, shown) in [
        (0, 365, "0.0"),
        (1, 2000, "0.1"),
        (1, 2001, "0.0"),
        (180, 365, "49.3"),
        (323, 404, "80.0"),
        (365, 365, "100.0"),
    ] {
        assert_eq!(Rate::of(part, whole).unwrap().to_string(), shown, "{part} of {whole}");
    }
    assert_eq!(Rate::of(0, 0), None);
    let period = Span { from: day("01-01"), to: day("2027-02-08") };
    let found = Adherence { period, fills: 2, days_covered: 323, days: 404 };
    let threshold: Percent = "80%".parse().unwrap();
    assert!(!found.reaches(threshold));
    assert!(Adherence { days_covered: 324, ..found }.reaches(threshold));
}

/// Supplies of `kinds` drugs of the table, in the year or a little around it.
fn supplies(kinds: usize) -> impl Strategy<Value = Vec<Supply<'static>>> {
    let one = (-20_i64..400, 0_u16..120, 0..kinds).prop_map(|(start, days, kind)| {
        let from = day("01-01").plus_days(start);
        Supply { from, filled: from, days, ingredients: DRUGS[kind].1 }
    });
    vec(one, 0..14)
}

fn covered(supplies: &[Supply<'_>]) -> u64 {
    Adherence::of(supplies, day("12-31")).map_or(0, |found| found.days_covered)
}

/// A bottle of each drug: what is filled goes in, and each day one dose is taken out of each that
/// has any.
fn by_bottles(supplies: &[Supply<'_>]) -> u64 {
    let mut bottles = [0_u32; 2];
    let mut days = 0;
    let mut today = day("2025-12-01");
    while today <= day("12-31") {
        for supply in supplies.iter().filter(|supply| supply.from == today) {
            bottles[usize::from(supply.ingredients[0])] += u32::from(supply.days);
        }
        days += u64::from(bottles.iter().any(|doses| *doses > 0));
        bottles = bottles.map(|doses| doses.saturating_sub(1));
        today = today.plus_days(1);
    }
    days
}

proptest! {
    #[test]
    fn no_more_days_are_covered_than_there_are(supplies in supplies(3)) {
        if let Some(found) = Adherence::of(&supplies, day("12-31")) {
            prop_assert!(found.days_covered <= found.days);
            prop_assert!(found.fills <= supplies.len());
            prop_assert!(found.pdc().unwrap() <= Rate::of(1, 1).unwrap());
        }
    }

    #[test]
    fn another_fill_never_covers_less(supplies in supplies(3), more in supplies(3)) {
        let mut all = supplies.clone();
        for supply in more {
            let before = covered(&all);
            all.push(supply);
            prop_assert!(covered(&all) >= before);
        }
    }

    #[test]
    fn the_order_of_fills_does_not_matter(
        (supplies, shuffled) in supplies(3)
            .prop_flat_map(|supplies| (Just(supplies.clone()), Just(supplies).prop_shuffle()))
    ) {
        let end = day("12-31");
        prop_assert_eq!(Adherence::of(&supplies, end), Adherence::of(&shuffled, end));
        prop_assert_eq!(doses(&supplies, end), doses(&shuffled, end));
    }

    #[test]
    fn the_days_are_those_of_bottles(supplies in supplies(2)) {
        prop_assert_eq!(covered(&supplies), by_bottles(&supplies));
    }
}
