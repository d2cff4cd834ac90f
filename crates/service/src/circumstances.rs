//! The columns of an enrollment file that few members need: exemptions, income, other coverage.

use openpbm_core::{
    Circumstances, Date, During, ExemptGroup, InPaymentPlan, OtherCoverage, PayerKind, PayerOrder,
};

/// The columns, all of which may be left out of a file. The first five hold lists separated by
/// blanks; the others together state one other coverage a row.
pub(crate) const COLUMNS: [&str; 13] = [
    "exempt",
    "monthly_income",
    "authorizations",
    "low_income_level",
    "payment_plan",
    "other_payer",
    "other_kind",
    "other_pays",
    "other_bin",
    "other_pcn",
    "other_id",
    "other_from",
    "other_to",
];

const SPAN: &str = "@2026-01-01..2026-12-31 behind it where it holds for a time";

/// Reads the cells of a row; `wrong` hears of each column that is not right, and of what would
/// be.
pub(crate) fn read<'r>(
    cell: impl Fn(&'static str) -> &'r str,
    mut wrong: impl FnMut(&'static str, String),
) -> Circumstances {
    let groups = ExemptGroup::ALL.map(|(word, _)| word).join(", ");
    let exempt = spans(cell("exempt"), |text| choice(&ExemptGroup::ALL, text));
    if exempt.is_none() {
        wrong("exempt", format!("words among {groups}, with {SPAN}"));
    }
    let positive =
        |text: &str| text.parse().ok().filter(|&amount| openpbm_core::Cents::ZERO < amount);
    let monthly_income = spans(cell("monthly_income"), positive);
    if monthly_income.is_none() {
        wrong("monthly_income", format!("amounts above zero like 1450.00, with {SPAN}"));
    }
    let authorizations = spans(cell("authorizations"), |text| text.parse().ok());
    if authorizations.is_none() {
        wrong("authorizations", format!("NDCs of 11 digits, with {SPAN}"));
    }
    let level = |text: &str| {
        text.parse().ok().filter(|level| Circumstances::LOW_INCOME_LEVELS.contains(level))
    };
    let low_income = spans(cell("low_income_level"), level);
    if low_income.is_none() {
        wrong("low_income_level", format!("1 to 3, with {SPAN}"));
    }
    let payment_plan = payment_plan(cell("payment_plan"));
    if payment_plan.is_none() {
        let right = "spans like 2026-04-01.. or 2026-04-01..2026-08-31, in order, one a year";
        wrong("payment_plan", right.to_owned());
    }
    Circumstances {
        exempt: exempt.unwrap_or_default(),
        monthly_income: monthly_income.unwrap_or_default(),
        other_coverage: other_coverage(&cell, &mut wrong).into_iter().collect(),
        authorizations: authorizations.unwrap_or_default(),
        low_income: low_income.unwrap_or_default(),
        payment_plan: payment_plan.unwrap_or_default(),
    }
}

fn choice<T: Copy>(all: &[(&str, T)], text: &str) -> Option<T> {
    all.iter().find(|(word, _)| *word == text).map(|(_, what)| *what)
}

fn spans<T>(text: &str, what: impl Fn(&str) -> Option<T>) -> Option<Vec<During<T>>> {
    text.split_whitespace().map(|word| During::parse(word, &what)).collect()
}

/// Spans in order, of which no two touch the same calendar year: a member's bills of a year begin
/// once.
fn payment_plan(text: &str) -> Option<Vec<InPaymentPlan>> {
    let spans: Vec<_> = text.split_whitespace().map(InPaymentPlan::parse).collect::<Option<_>>()?;
    let year = |day: Date| day.ymd().0;
    let follows = |(one, next): (&InPaymentPlan, &InPaymentPlan)| {
        one.to.is_some_and(|to| year(to) < year(next.from))
    };
    spans.iter().zip(spans.iter().skip(1)).all(follows).then_some(spans)
}

/// The other coverage that a row states, if it names a payer.
fn other_coverage<'r>(
    cell: &impl Fn(&'static str) -> &'r str,
    wrong: &mut impl FnMut(&'static str, String),
) -> Option<During<OtherCoverage>> {
    let payer = cell("other_payer");
    if payer.is_empty() {
        let (_, rest) = COLUMNS.split_at_checked(6).unwrap_or_default();
        if let Some(column) = rest.iter().find(|column| !cell(column).is_empty()) {
            wrong(column, "empty in a row without other_payer".to_owned());
        }
        return None;
    }
    let kind = choice(&PayerKind::ALL, cell("other_kind"));
    if kind.is_none() {
        let kinds = PayerKind::ALL.map(|(word, _)| word).join(", ");
        wrong("other_kind", format!("one of {kinds}"));
    }
    let orders = [("before", PayerOrder::Before), ("after", PayerOrder::After)];
    let pays = choice(&orders, cell("other_pays"));
    if pays.is_none() {
        wrong("other_pays", "before or after, in respect of this plan".to_owned());
    }
    let bin = optional(cell("other_bin"), "other_bin", "a BIN", wrong);
    let pcn = optional(cell("other_pcn"), "other_pcn", "a PCN", wrong);
    let cardholder = optional(cell("other_id"), "other_id", "a cardholder id", wrong);
    let from: Option<Date> = optional(cell("other_from"), "other_from", "a date", wrong);
    let to: Option<Date> = optional(cell("other_to"), "other_to", "a date", wrong);
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        wrong("other_to", "on or after other_from".to_owned());
    }
    let (kind, pays) = (kind?, pays?);
    let what = OtherCoverage { payer: payer.to_owned(), kind, pays, bin, pcn, cardholder };
    Some(During { what, from, to })
}

/// A cell that may be empty.
fn optional<T: std::str::FromStr>(
    text: &str,
    column: &'static str,
    expected: &str,
    wrong: &mut impl FnMut(&'static str, String),
) -> Option<T> {
    let read = text.parse().ok();
    if read.is_none() && !text.is_empty() {
        wrong(column, format!("{expected} or empty"));
    }
    read.filter(|_| !text.is_empty())
}
