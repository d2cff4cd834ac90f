//! Rows of a plan beyond limits and shares: dispense as written, reference prices, benefit
//! maximums, mandatory channels and overrides.

use openpbm_core::{Quantity, RejectCode};
use toml::de::DeValue;

use super::plans::DAYS;
use super::scopes::{ALL_CHANNELS, Lists, maybe};
use super::series::{Ids, reference};
use crate::documents::{
    Table, Value, cents, distinct, list, one_of, one_or_more, parsed, text, whole,
};
use crate::{
    BenefitMaximum, BenefitPeriod, Counts, DispenseAsWritten, MandatoryChannel, Most, Override,
    Reference, ReferencePrice, Scope, Written,
};

const PATIENT_CHOICE: [(&str, bool); 2] = [("difference", true), ("share", false)];
const WRITTEN: [(&str, Written); 4] = [
    ("share", Written::Share),
    ("difference", Written::Difference(Counts::Nothing)),
    ("as-generic", Written::AsGeneric),
    ("reject", Written::Refused),
];
const COUNTS: [(&str, Counts); 3] =
    [("nothing", Counts::Nothing), ("maximum", Counts::Maximum), ("both", Counts::Both)];
const PERIODS: [(&str, BenefitPeriod); 4] = [
    ("plan-year", BenefitPeriod::PlanYear),
    ("calendar-quarter", BenefitPeriod::CalendarQuarter),
    ("rolling-year", BenefitPeriod::RollingYear),
    ("lifetime", BenefitPeriod::Lifetime),
];
const BEYOND: [(&str, bool); 2] = [("member-pays", false), ("reject", true)];
/// Refusals that a clarification may let pass.
const OVERRIDABLE: [(&str, RejectCode); 5] = [
    ("79", RejectCode::RefillTooSoon),
    ("76", RejectCode::PlanLimitsExceeded),
    ("9G", RejectCode::QuantityExceeded),
    ("925", RejectCode::FirstFillExceeded),
    ("608", RejectCode::StepTherapyRequired),
];

/// `[[dispense_as_written]]`, or the one table `[dispense_as_written]` of books before there were
/// rows, which says what DAW 2 costs.
pub(super) fn dispense_as_written(
    plan: &Table<'_>,
    lists: &Lists<'_>,
) -> Option<Vec<DispenseAsWritten>> {
    const KEY: &str = "dispense_as_written";
    let mut old = None;
    let _ = plan.optional(KEY, |value| {
        if matches!(value.inner(), DeValue::Table(_)) {
            old = value.table();
        }
        Some(())
    });
    match old {
        Some(table) => patient_choice(table),
        None => all(plan.tables(KEY, "[[dispense_as_written]]"), |row| written(row, lists)),
    }
}

fn patient_choice(table: Table<'_>) -> Option<Vec<DispenseAsWritten>> {
    let pays_difference = table.required("patient", one_of(&PATIENT_CHOICE));
    let source = table.source();
    table.end();
    let pays = Written::Difference(Counts::Nothing);
    let row = DispenseAsWritten { codes: vec![2], scope: Scope::default(), pays, source };
    Some(if pays_difference? { vec![row] } else { Vec::new() })
}

fn written(table: Table<'_>, lists: &Lists<'_>) -> Option<DispenseAsWritten> {
    let codes = table.required("codes", distinct(whole(0..=9)));
    let scope = lists.scope(&table);
    let pays = table.required("pays", one_of(&WRITTEN));
    let counts = maybe(&table, "counts", one_of(&COUNTS));
    let is_difference = matches!(pays, Some(Written::Difference(_)));
    if table.has("counts") && pays.is_some() && !is_difference {
        let text = "`counts` says what the difference counts toward, but this row asks for none";
        table.report().mistake(table.place_of("counts"), text);
    }
    let source = table.source();
    table.end();
    let counts = counts?.unwrap_or(Counts::Nothing);
    let pays = if is_difference { Written::Difference(counts) } else { pays? };
    Some(DispenseAsWritten { codes: codes?, scope: scope?, pays, source })
}

/// `[[reference_price]]`.
pub(super) fn reference_prices(
    plan: &Table<'_>,
    lists: &Lists<'_>,
    prices: &Ids,
) -> Option<Vec<ReferencePrice>> {
    const OF: [(&str, Reference); 1] = [("generic", Reference::Generic)];
    all(plan.tables("reference_price", "[[reference_price]]"), |table| {
        let scope = lists.scope(&table);
        let of = maybe(&table, "of", one_of(&OF));
        let priced = maybe(&table, "list", reference(prices));
        let counts = maybe(&table, "counts", one_of(&COUNTS));
        if table.has("of") == table.has("list") {
            table.missing("expected one of `of = \"generic\"` and `list` with a price list");
        }
        let source = table.source();
        table.end();
        let of = of?.or(priced?.map(Reference::List))?;
        let counts = counts?.unwrap_or(Counts::Nothing);
        Some(ReferencePrice { scope: scope?, of, counts, source })
    })
}

/// `[[benefit_maximum]]`.
pub(super) fn benefit_maximums(plan: &Table<'_>, lists: &Lists<'_>) -> Option<Vec<BenefitMaximum>> {
    all(plan.tables("benefit_maximum", "[[benefit_maximum]]"), |table| {
        let name = table.required("name", text);
        let scope = lists.scope(&table);
        let most = most(&table);
        let per = table.required("per", one_of(&PERIODS));
        let beyond = maybe(&table, "beyond", one_of(&BEYOND));
        let source = table.source();
        table.end();
        let refuses = beyond?.unwrap_or(false);
        Some(BenefitMaximum { name: name?, scope: scope?, most: most?, per: per?, refuses, source })
    })
}

fn most(table: &Table<'_>) -> Option<Most> {
    let dollars = maybe(table, "plan_pays", cents);
    let fills = maybe(table, "fills", whole(1..=999));
    let units: Option<Option<Quantity>> = maybe(table, "units", parsed);
    let found = ["plan_pays", "fills", "units"].into_iter().filter(|key| table.has(key)).count();
    if found != 1 {
        table.missing(format!("found {found} of `plan_pays`, `fills` and `units`, expected one"));
        return None;
    }
    let (dollars, fills, units) = (dollars?, fills?, units?);
    dollars.map(Most::PlanPays).or(fills.map(Most::Fills)).or(units.map(Most::Units))
}

/// `[[mandatory_channel]]`.
pub(super) fn mandatory_channels(
    plan: &Table<'_>,
    lists: &Lists<'_>,
) -> Option<Vec<MandatoryChannel>> {
    all(plan.tables("mandatory_channel", "[[mandatory_channel]]"), |table| {
        let scope = lists.scope(&table);
        let fill_at = table.required("fill_at", one_or_more(one_of(&ALL_CHANNELS)));
        let after = table.required("after", whole(0..=99));
        let within = table.required("within", whole(DAYS));
        let opt_out: Option<Option<u64>> = maybe(&table, "opt_out", number);
        let source = table.source();
        table.end();
        Some(MandatoryChannel {
            scope: scope?,
            fill_at: fill_at?,
            after: after?,
            within: within?,
            opt_out: opt_out?,
            source,
        })
    })
}

/// An authorization number (462-EV), at most eleven digits, as text.
fn number(value: Value<'_>) -> Option<u64> {
    let expected = "a number of at most 11 digits in quotes, like `\"20260001\"`";
    let text = value.str(expected)?;
    let number = text.parse::<u64>().ok().filter(|number| (1..100_000_000_000).contains(number));
    if number.is_none() {
        value.wrong(expected);
    }
    number
}

/// `[[override]]`.
pub(super) fn overrides(plan: &Table<'_>) -> Option<Vec<Override>> {
    all(plan.tables("override", "[[override]]"), |table| {
        let code = table.required("code", whole(1..=999));
        let allows = table.required("allows", list(one_of(&OVERRIDABLE)));
        let times = table.required("times", whole(1..=99));
        let per_days = table.required("per_days", whole(1..=9999));
        let source = table.source();
        table.end();
        Some(Override { code: code?, allows: allows?, times: times?, per_days: per_days?, source })
    })
}

/// Reads every row, so that every mistake is noted; `None` if one of them had a mistake.
fn all<'d, T>(rows: Vec<Table<'d>>, read: impl Fn(Table<'d>) -> Option<T>) -> Option<Vec<T>> {
    let read: Vec<Option<T>> = rows.into_iter().map(read).collect();
    read.into_iter().collect()
}
