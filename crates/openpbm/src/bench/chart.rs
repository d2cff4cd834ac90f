//! A picture of latency over time: where the slow answers were, and how many came meanwhile.

use std::fmt::{self, Write};

use super::latency::Point;
use super::report::Report;
use crate::picture::STYLE;

const WIDTH: u32 = 960;
const HEIGHT: u32 = 520;
const LEFT: u32 = 72;
const RIGHT: u32 = 936;
/// The latencies' field.
const TOP: u32 = 96;
const BOTTOM: u32 = 372;
/// The claims' field, below it.
const CLAIMS_TOP: u32 = 408;
const CLAIMS_BOTTOM: u32 = 476;
/// Points of the series in a second.
const POINTS_A_SECOND: usize = 10;

/// Styles of this picture, beside those of all.
const OWN_STYLE: &str = "\
.middle{text-anchor:middle}.line{fill:none;stroke-linejoin:round;stroke-linecap:round}\
.p50{stroke:#2563eb;stroke-width:2}.p99{stroke:#d97706;stroke-width:1.75}\
.most{stroke:#dc2626;stroke-width:1;opacity:.55}.claims{fill:#94a3b8}\
@media(prefers-color-scheme:dark){.p50{stroke:#60a5fa}.p99{stroke:#fbbf24}.most{stroke:#f87171}\
.claims{fill:#475569}}";

/// An SVG of the run.
pub(crate) fn chart(report: &Report, series: &[Point]) -> String {
    let mut svg = String::new();
    // Writing to a string does not fail.
    let _ = Chart::new(series).draw(report, &mut svg);
    svg
}

struct Chart<'a> {
    series: &'a [Point],
    /// The powers of ten, in microseconds, between which all latencies lie.
    decades: (u32, u32),
    most_answers: u64,
}

impl<'a> Chart<'a> {
    fn new(series: &'a [Point]) -> Self {
        let answered = || series.iter().filter(|point| point.answers > 0);
        let least = answered().map(|point| point.p50).min().unwrap_or(1).max(1);
        let most = answered().map(|point| point.most).max().unwrap_or(1).max(1);
        let (low, high) = (least.ilog10(), most.ilog10() + 1);
        let most_answers = answered().map(|point| point.answers).max().unwrap_or(1);
        Self { series, decades: (low, high), most_answers }
    }

    fn draw(&self, report: &Report, out: &mut String) -> fmt::Result {
        let words = report.load_in_words();
        write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             role=\"img\" aria-labelledby=\"title about\">\n\
             <title id=\"title\">Latency over time</title>\n\
             <desc id=\"about\">{words}</desc>\n<style>{STYLE}{OWN_STYLE}</style>\n\
             <rect class=\"page\" width=\"{WIDTH}\" height=\"{HEIGHT}\"/>\n\
             <text class=\"title\" x=\"{LEFT}\" y=\"36\">Latency over time: {} claims/s</text>\n\
             <text x=\"{LEFT}\" y=\"58\">{words}</text>\n",
            indicatif::HumanCount(report.claims_per_s)
        )?;
        self.legend(out)?;
        self.axes(out)?;
        self.claims(out)?;
        self.line("most", |point| point.most, out)?;
        self.line("p99", |point| point.p99, out)?;
        self.line("p50", |point| point.p50, out)?;
        out.write_str("</svg>\n")
    }

    fn legend(&self, out: &mut String) -> fmt::Result {
        for (number, (class, name)) in
            (0..).zip([("p50", "p50"), ("p99", "p99"), ("most", "slowest")])
        {
            let x = RIGHT - 240 + 80 * number;
            let (to, text) = (x + 18, x + 24);
            writeln!(
                out,
                "<path class=\"line {class}\" d=\"M{x} 76H{to}\"/><text x=\"{text}\" y=\"80\">\
                 {name}</text>"
            )?;
        }
        Ok(())
    }

    fn axes(&self, out: &mut String) -> fmt::Result {
        let (low, high) = self.decades;
        for decade in low..=high {
            let y = self.y(10_u64.saturating_pow(decade));
            let label = label(decade);
            let (x, baseline) = (LEFT - 10, y.whole() + 4);
            writeln!(
                out,
                "<path class=\"grid\" d=\"M{LEFT} {y}H{RIGHT}\"/>\
                 <text class=\"end\" x=\"{x}\" y=\"{baseline}\">{label}</text>"
            )?;
        }
        let seconds = self.series.len() / POINTS_A_SECOND;
        let step = [1, 2, 5, 10, 30, 60, 300, 600].into_iter().find(|step| seconds / step <= 12);
        for second in (0..=seconds).step_by(step.unwrap_or(3600)) {
            let (x, y) = (self.x(second * POINTS_A_SECOND), CLAIMS_BOTTOM + 20);
            writeln!(out, "<text class=\"middle\" x=\"{x}\" y=\"{y}\">{second} s</text>")?;
        }
        let (x, y) = (LEFT - 10, CLAIMS_TOP + 4);
        let a_second = self.most_answers.saturating_mul(10);
        writeln!(
            out,
            "<path class=\"grid\" d=\"M{LEFT} {CLAIMS_TOP}H{RIGHT}M{LEFT} {CLAIMS_BOTTOM}H{RIGHT}\"\
             /><text class=\"end\" x=\"{x}\" y=\"{y}\">{}</text>\
             <text class=\"end\" x=\"{x}\" y=\"{CLAIMS_BOTTOM}\">claims/s</text>",
            indicatif::HumanCount(a_second)
        )
    }

    /// Claims answered in each tenth of a second, as one filled shape.
    fn claims(&self, out: &mut String) -> fmt::Result {
        write!(out, "<path class=\"claims\" d=\"M{LEFT} {CLAIMS_BOTTOM}")?;
        for (number, point) in self.series.iter().enumerate() {
            let height = u64::from(CLAIMS_BOTTOM - CLAIMS_TOP) * 10 * point.answers;
            let y = Tenths(u64::from(CLAIMS_BOTTOM) * 10).minus(height / self.most_answers.max(1));
            write!(out, "V{y}H{}", self.x(number + 1))?;
        }
        writeln!(out, "V{CLAIMS_BOTTOM}Z\"/>")
    }

    /// One line through the middles of the windows, broken where nothing was answered.
    fn line(&self, class: &str, of: impl Fn(&Point) -> u64, out: &mut String) -> fmt::Result {
        write!(out, "<path class=\"line {class}\" d=\"")?;
        let mut pen = 'M';
        for (number, point) in self.series.iter().enumerate() {
            if point.answers == 0 {
                pen = 'M';
                continue;
            }
            write!(
                out,
                "{pen}{} {}",
                self.x(number).between(self.x(number + 1)),
                self.y(of(point))
            )?;
            pen = 'L';
        }
        out.write_str("\"/>\n")
    }

    fn x(&self, point: usize) -> Tenths {
        let points = self.series.len().max(1);
        let along = u64::from(RIGHT - LEFT) * 10 * u64::try_from(point).unwrap_or(0);
        Tenths(u64::from(LEFT) * 10 + along / u64::try_from(points).unwrap_or(1).max(1))
    }

    /// Logarithmic: the slowest answer may take a thousand times as long as the usual one.
    #[expect(clippy::float_arithmetic, reason = "the height of a line in a picture")]
    fn y(&self, micros: u64) -> Tenths {
        let (low, high) = (f64::from(self.decades.0), f64::from(self.decades.1));
        let part = ((micros.max(1) as f64).log10() - low) / (high - low);
        let height = part.clamp(0.0, 1.0) * f64::from((BOTTOM - TOP) * 10);
        Tenths(u64::from(BOTTOM) * 10).minus(height as u64)
    }
}

/// A power of ten of microseconds, as people write it.
fn label(decade: u32) -> String {
    match decade {
        0..3 => format!("{} µs", 10_u64.pow(decade)),
        3..6 => format!("{} ms", 10_u64.pow(decade - 3)),
        _ => format!("{} s", 10_u64.saturating_pow(decade - 6)),
    }
}

/// A position in tenths of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Tenths(u64);

impl Tenths {
    const fn minus(self, tenths: u64) -> Self {
        Self(self.0.saturating_sub(tenths))
    }

    const fn between(self, other: Self) -> Self {
        Self(self.0.midpoint(other.0))
    }

    const fn whole(self) -> u64 {
        self.0 / 10
    }
}

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_lie_between_powers_of_ten_and_gaps_break_the_line() {
        let point = |answers, most| Point { answers, p50: 900, p99: 2_000, most };
        let series = [point(100, 15_000), Point::default(), point(50, 1_000)];
        let chart = Chart::new(&series);
        assert_eq!(chart.decades, (2, 5));
        assert_eq!(chart.y(100), Tenths(u64::from(BOTTOM) * 10));
        assert_eq!(chart.y(100_000), Tenths(u64::from(TOP) * 10));
        assert_eq!(chart.x(0), Tenths(u64::from(LEFT) * 10));
        assert_eq!(chart.x(series.len()), Tenths(u64::from(RIGHT) * 10));
        let mut line = String::new();
        chart.line("most", |point| point.most, &mut line).unwrap();
        assert_eq!(line.matches('M').count(), 2, "{line}");
        assert!(!line.contains('L'), "{line}");
        assert_eq!([label(2), label(3), label(6)], ["100 µs", "1 ms", "1 s"]);
    }
}
