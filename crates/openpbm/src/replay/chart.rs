//! A picture of what changes: the sums, how members fare, and which drugs it comes from.

use std::fmt::{self, Write};

use indicatif::HumanCount;
use openpbm_core::Cents;
use openpbm_service::replay::{Comparison, Report};

use super::Told;
use super::words::{change, dollars, span};
use crate::picture::STYLE;

const WIDTH: i64 = 960;
const LEFT: i64 = 32;
const RIGHT: i64 = 928;
/// Where the two fields of bars begin, and how far apart their rows are.
const TOP: i64 = 208;
const ROW: i64 = 24;

/// Styles of this picture, beside those of all.
const OWN_STYLE: &str = "\
.head{font-size:14px;font-weight:600;fill:#0f172a}.big{font-size:22px;font-weight:600;fill:#0f172a}\
.less{fill:#0d9488}.more{fill:#d97706}.lost{fill:#dc2626}.gained{fill:#2563eb}\
@media(prefers-color-scheme:dark){.head,.big{fill:#f1f5f9}.less{fill:#2dd4bf}.more{fill:#fbbf24}\
.lost{fill:#f87171}.gained{fill:#60a5fa}}";

/// An SVG of a comparison.
pub(super) fn chart(told: &Told, comparison: &Comparison) -> String {
    let mut svg = String::new();
    // Writing to a string does not fail.
    let _ = draw(told, comparison, &mut svg);
    svg
}

fn draw(told: &Told, comparison: &Comparison, out: &mut String) -> fmt::Result {
    let members = member_bars(comparison);
    let drugs = drug_bars(comparison);
    let rows = i64::try_from(members.len().max(drugs.len()).max(1)).unwrap_or(1);
    let height = TOP + ROW * rows + 28;
    let Report { claims, families, .. } = &told.report;
    let against = told.against.as_deref().unwrap_or_default();
    let about = escaped(&format!(
        "{} families; {} of {} members pay the same; {against} instead of {}",
        HumanCount(*families),
        HumanCount(comparison.members_same),
        HumanCount(comparison.members),
        told.book
    ));
    write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"title about\">\n<title id=\"title\">What changes</title>\n\
         <desc id=\"about\">{about}</desc>\n<style>{STYLE}{OWN_STYLE}</style>\n\
         <rect class=\"page\" width=\"{WIDTH}\" height=\"{height}\"/>\n\
         <text class=\"title\" x=\"{LEFT}\" y=\"36\">{} of {} claims change</text>\n\
         <text x=\"{LEFT}\" y=\"58\">{about}</text>\n",
        HumanCount(comparison.changed),
        HumanCount(*claims),
    )?;
    figures(&told.report, comparison, out)?;
    let middle = LEFT + 424;
    field(LEFT, 170, "Members, by how much less or more they pay", &members, out)?;
    field(middle, 224, "Change of what the plan pays, by drug", &drugs, out)?;
    out.write_str("</svg>\n")
}

/// The sums, before and after.
fn figures(report: &Report, comparison: &Comparison, out: &mut String) -> fmt::Result {
    let (book, against, more) = (&report.book.cost, &comparison.against.cost, comparison.change);
    let amounts = [
        ("plan pays", book.plan, against.plan, more.plan),
        ("members pay", book.member, against.member, more.member),
        ("gross", book.gross, against.gross, more.gross),
    ];
    let amounts = amounts.map(|(name, book, against, more)| {
        (change(more), format!("{name}: {} to {}", dollars(book), dollars(against)))
    });
    for (number, (big, small)) in (0..).zip(amounts) {
        let x = LEFT + 300 * number;
        writeln!(
            out,
            "<text class=\"big\" x=\"{x}\" y=\"104\">{big}</text><text x=\"{x}\" y=\"126\">{small}\
             </text>"
        )?;
    }
    writeln!(out, "<path class=\"grid\" d=\"M{LEFT} 148H{RIGHT}\"/>")
}

/// One bar: what it is, its class, how long, and the words at its end.
struct Bar {
    name: String,
    class: &'static str,
    size: u64,
    value: String,
}

fn member_bars(comparison: &Comparison) -> Vec<Bar> {
    let bar = |name: String, class: &'static str, members: u64| Bar {
        name,
        class,
        size: members,
        value: HumanCount(members).to_string(),
    };
    let better = comparison.better.iter().rev();
    let better = better.map(|band| bar(format!("less by {}", span(band)), "less", band.members));
    let worse = comparison.worse.iter();
    let worse = worse.map(|band| bar(format!("more by {}", span(band)), "more", band.members));
    let others = [
        bar("lose a claim".to_owned(), "lost", comparison.members_lost),
        bar("gain a claim".to_owned(), "gained", comparison.members_gained),
    ];
    better.chain(worse).chain(others).filter(|bar| bar.size > 0).collect()
}

fn drug_bars(comparison: &Comparison) -> Vec<Bar> {
    const MOST: usize = 15;
    let drugs = comparison.drugs.iter().take(MOST).filter(|line| line.change.plan != Cents::ZERO);
    let bar = drugs.map(|line| {
        let name = line.name.clone().unwrap_or_else(|| line.ndc.hyphenated());
        let class = if line.change.plan.is_negative() { "less" } else { "more" };
        let size = line.change.plan.get().unsigned_abs();
        Bar { name: shortened(&name), class, size, value: change(line.change.plan) }
    });
    bar.collect()
}

/// A field of bars, all to one scale: names to the left, values behind the bars.
fn field(x: i64, names: i64, title: &str, bars: &[Bar], out: &mut String) -> fmt::Result {
    const LONGEST: u64 = 130;
    writeln!(out, "<text class=\"head\" x=\"{x}\" y=\"{}\">{title}</text>", TOP - 28)?;
    let most = bars.iter().map(|bar| bar.size).max().unwrap_or(1).max(1);
    for (number, bar) in (0..).zip(bars) {
        let y = TOP + ROW * number;
        let (begin, baseline) = (x + names + 8, y + 4);
        let length = (u128::from(bar.size) * u128::from(LONGEST)).div_ceil(u128::from(most));
        let length = i64::try_from(length).unwrap_or(1).max(1);
        writeln!(
            out,
            "<text class=\"end\" x=\"{}\" y=\"{baseline}\">{}</text>\
             <rect class=\"{}\" x=\"{begin}\" y=\"{}\" width=\"{length}\" height=\"14\" rx=\"2\"/>\
             <text x=\"{}\" y=\"{baseline}\">{}</text>",
            x + names,
            escaped(&bar.name),
            bar.class,
            y - 8,
            begin + length + 6,
            bar.value,
        )?;
    }
    if bars.is_empty() {
        writeln!(out, "<text x=\"{x}\" y=\"{}\">nothing changes</text>", TOP + 4)?;
    }
    Ok(())
}

/// What fits beside a bar.
fn shortened(name: &str) -> String {
    const MOST: usize = 31;
    if name.chars().count() <= MOST {
        return name.to_owned();
    }
    let begin: String = name.chars().take(MOST - 1).collect();
    format!("{}…", begin.trim_end())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shortened_and_escaped() {
        assert_eq!(shortened("albuterol"), "albuterol");
        let long = shortened("emtricitabine-tenofovir DF 200-300 mg tablet");
        assert_eq!(long, "emtricitabine-tenofovir DF 200…");
        assert_eq!(escaped("A & <B>"), "A &amp; &lt;B&gt;");
    }

    #[test]
    fn the_longest_bar_is_the_largest_number() {
        let bar = |size| Bar { name: String::new(), class: "more", size, value: String::new() };
        let mut svg = String::new();
        field(0, 0, "Members", &[bar(1), bar(500), bar(1_000)], &mut svg).unwrap();
        for width in ["width=\"1\"", "width=\"65\"", "width=\"130\""] {
            assert!(svg.contains(width), "{svg}");
        }
    }
}
