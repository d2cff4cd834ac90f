//! The report as people read it.

use indicatif::HumanCount;
use openpbm_core::Cents;
use openpbm_service::replay::{Band, Comparison, Cost, Report, Side, Verified};

use super::Told;
use crate::terminal;

/// The report in words.
pub(super) fn words(told: &Told) -> String {
    let Told { book, against, milliseconds, claims_per_s, report, .. } = told;
    let mut text = format!(
        "{} and {} of {} in {}: {} claims/s\nbook     {book}\n",
        things(report.claims, "claim", "claims"),
        things(report.reversals, "reversal", "reversals"),
        things(report.families, "family", "families"),
        terminal::seconds(*milliseconds),
        HumanCount(*claims_per_s),
    );
    if let Some(against) = against {
        text.push_str(&format!("against  {against}\n"));
    }
    match &report.comparison {
        Some(comparison) => compared(report, comparison, &mut text),
        None => alone(&report.book, &mut text),
    }
    verified(&report.verified, &mut text);
    text
}

fn verified(verified: &Verified, text: &mut String) {
    if verified.answers == 0 {
        return;
    }
    let same = HumanCount(verified.answers - verified.different);
    let answers = HumanCount(verified.answers);
    text.push_str(&format!("\n{same} of {answers} answers are the ones that were given\n"));
    if let Some(first) = &verified.first {
        let step = first.step.map_or_else(String::new, |step| format!(", step {step}"));
        text.push_str(&format!(
            "first difference: line or entry {}, authorization {}{step}\n  given  {}\n  now    {}\n",
            first.place, first.id, first.given, first.again
        ));
    }
}

/// One book, without another.
fn alone(side: &Side, text: &mut String) {
    let rows = vec![
        row("gross", [dollars(side.cost.gross)]),
        row("plan pays", [dollars(side.cost.plan)]),
        row("members pay", [dollars(side.cost.member)]),
        row("claims paid", [count(side.paid)]),
        row("claims rejected", [count(side.rejected)]),
        row("claims reversed", [count(side.reversed)]),
    ];
    text.push('\n');
    table(&rows, text);
}

fn compared(report: &Report, comparison: &Comparison, text: &mut String) {
    let (book, against) = (&report.book, &comparison.against);
    let money = |name: &str, of: fn(&Cost) -> Cents| {
        let amounts = [of(&book.cost), of(&against.cost)].map(dollars);
        let [before, after] = amounts;
        row(name, [before, after, change(of(&comparison.change))])
    };
    let number = |name: &str, of: fn(&Side) -> u64| {
        row(name, [count(of(book)), count(of(against)), moved(of(book), of(against))])
    };
    let mut rows = vec![
        row("", ["book", "against", "change"].map(str::to_owned)),
        money("gross", |cost| cost.gross),
        money("plan pays", |cost| cost.plan),
        money("members pay", |cost| cost.member),
        number("claims paid", |side| side.paid),
        number("claims rejected", |side| side.rejected),
        number("claims reversed", |side| side.reversed),
    ];
    if book.duplicates + against.duplicates > 0 {
        rows.push(number("claims paid before", |side| side.duplicates));
    }
    text.push('\n');
    table(&rows, text);
    text.push_str(&format!("\n{} claims change\n", HumanCount(comparison.changed)));
    if comparison.changed == 0 {
        return;
    }
    members(comparison, text);
    groups(comparison, text);
    tiers(comparison, text);
    rejects(comparison, text);
    drugs(comparison, text);
}

fn members(comparison: &Comparison, text: &mut String) {
    text.push_str(&format!("\nof {} members with a claim\n", HumanCount(comparison.members)));
    let mut rows = vec![row("", ["members", "they pay"].map(str::to_owned))];
    let mut bands = |what: &str, bands: &[Band], backwards: bool| {
        let mut bands: Vec<_> = bands.iter().filter(|band| band.members > 0).collect();
        if backwards {
            bands.reverse();
        }
        for band in bands {
            let name = format!("pay {what} by {}", span(band));
            rows.push(row(&name, [count(band.members), change(band.change)]));
        }
    };
    bands("less", &comparison.better, true);
    bands("more", &comparison.worse, false);
    let others = [
        ("pay the same", comparison.members_same),
        ("lose a claim: it is rejected", comparison.members_lost),
        ("gain a claim: it is paid", comparison.members_gained),
    ];
    for (name, members) in others {
        if members > 0 {
            rows.push(row(name, [count(members), String::new()]));
        }
    }
    table(&rows, text);
}

/// `$10 to $50`.
pub(super) fn span(band: &Band) -> String {
    let whole = |amount: Cents| HumanCount(u64::try_from(amount.get() / 100).unwrap_or(0));
    match band.to {
        Some(to) if band.above == Cents::ZERO => format!("up to ${}", whole(to)),
        Some(to) => format!("${} to ${}", whole(band.above), whole(to)),
        None => format!("more than ${}", whole(band.above)),
    }
}

fn groups(comparison: &Comparison, text: &mut String) {
    text.push_str("\nby group\n");
    let mut rows = vec![header_of_costs("")];
    for line in &comparison.groups {
        let name = line.group.map_or_else(|| "no group".to_owned(), |group| group.to_string());
        rows.push(costs(&name, line.against.paid + line.against.rejected, &line.change));
    }
    table(&rows, text);
}

fn tiers(comparison: &Comparison, text: &mut String) {
    if comparison.tiers.is_empty() {
        return;
    }
    text.push_str("\nclaims that change, by tier\n");
    let mut rows = vec![header_of_costs("")];
    let word =
        |tier: Option<u8>| tier.map_or_else(|| "not paid".to_owned(), |t| format!("tier {t}"));
    for line in &comparison.tiers {
        let name = match (line.book, line.against) {
            (book, against) if book == against => format!("stay in {}", word(book)),
            (book, against) => format!("{} to {}", word(book), word(against)),
        };
        rows.push(costs(&name, line.claims, &line.change));
    }
    table(&rows, text);
}

fn rejects(comparison: &Comparison, text: &mut String) {
    if comparison.rejects.is_empty() {
        return;
    }
    text.push_str("\nreasons for rejection that appear or vanish\n");
    let mut rows = vec![row("", ["appear", "vanish"].map(str::to_owned))];
    for line in &comparison.rejects {
        let name = format!("{} {}", line.code, line.meaning);
        rows.push(row(&name, [count(line.appear), count(line.vanish)]));
    }
    table(&rows, text);
}

fn drugs(comparison: &Comparison, text: &mut String) {
    if comparison.drugs.is_empty() {
        return;
    }
    text.push_str("\ndrugs whose cost to the plan changes most\n");
    let mut rows = vec![header_of_costs("")];
    for line in &comparison.drugs {
        let name = line.name.clone().unwrap_or_else(|| line.ndc.hyphenated());
        rows.push(costs(&name, line.book.paid.max(line.against.paid), &line.change));
    }
    table(&rows, text);
}

fn header_of_costs(name: &str) -> Vec<String> {
    row(name, ["claims", "plan pays", "members pay", "gross"].map(str::to_owned))
}

fn costs(name: &str, claims: u64, cost: &Cost) -> Vec<String> {
    row(name, [count(claims), change(cost.plan), change(cost.member), change(cost.gross)])
}

fn row<const N: usize>(name: &str, cells: [String; N]) -> Vec<String> {
    [name.to_owned()].into_iter().chain(cells).collect()
}

/// Rows with their cells below each other, names to the left and numbers to the right.
fn table(rows: &[Vec<String>], text: &mut String) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<_> = (0..columns).map(width).collect();
    for row in rows {
        let mut line = String::from("  ");
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let padded = match column {
                0 => format!("{cell:<width$}"),
                _ => format!("  {cell:>width$}"),
            };
            line.push_str(&padded);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

fn count(number: u64) -> String {
    HumanCount(number).to_string()
}

fn things(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", HumanCount(number), if number == 1 { one } else { many })
}

/// A number of things more or less.
fn moved(before: u64, after: u64) -> String {
    match before.cmp(&after) {
        std::cmp::Ordering::Less => format!("+{}", HumanCount(after - before)),
        std::cmp::Ordering::Equal => "0".to_owned(),
        std::cmp::Ordering::Greater => format!("-{}", HumanCount(before - after)),
    }
}

/// `$1,234.50`.
pub(super) fn dollars(amount: Cents) -> String {
    let cents = amount.get().unsigned_abs();
    let sign = if amount.is_negative() { "-" } else { "" };
    format!("{sign}${}.{:02}", HumanCount(cents / 100), cents % 100)
}

/// `+$1,234.50`.
pub(super) fn change(amount: Cents) -> String {
    let sign = if amount > Cents::ZERO { "+" } else { "" };
    format!("{sign}{}", dollars(amount))
}
