//! `plans/*.toml`: what members pay, how much they may get at once, and when again.

use openpbm_core::{Date, Percent, Source};

use super::book::Lists as PriceLists;
use super::drugs::DrugTables;
use super::scopes::{ALL_CHANNELS, Lists, maybe};
use super::selectors::World;
use super::series::{Ids, Series, reference, span};
use super::{Kind, Loader, coordination, cost_sharing, designs, limits, member_shares, part_d};
use crate::documents::{Table, Value, distinct, list, one_of, positive_rate, text, whole};
use crate::{Accumulates, CompoundRule, Plan, RefillRule, Share, Sourced, Supply, SupplyStep};

/// Tiers that a formulary may have.
pub(super) const TIERS: std::ops::RangeInclusive<u16> = 0..=9;
/// Days supply that a claim can carry (405-D5).
pub(super) const DAYS: std::ops::RangeInclusive<u16> = 1..=999;

const PRESCRIBERS: [(&str, bool); 2] = [("listed", false), ("any", true)];
const COMPOUNDS: [(&str, CompoundRule); 2] =
    [("most-expensive", CompoundRule::MostExpensive), ("highest-tier", CompoundRule::HighestTier)];
const PAYS_TAX: [(&str, bool); 2] = [("shared", false), ("plan", true)];

/// Reads them.
pub(super) fn read(
    loader: &mut Loader<'_>,
    drugs: &DrugTables,
    prices: &PriceLists,
    formularies: &Ids,
    networks: &Ids,
) -> Series<Plan> {
    let names = Names { prices: &prices.ids, formularies, networks };
    let mut plans = Series::new("plan");
    let world = World::new(drugs);
    for document in loader.of_kind(|kind| *kind == Kind::Plan) {
        let read = loader.toml(document, |table| {
            let source = table.place_of("id");
            let id = table.required("id", text);
            let span = span(&table);
            let plan = plan(&table, id.clone(), &world, &names);
            note_beside_part_d(&table);
            part_d::note_insulin(&table, span, plan.as_ref());
            table.end();
            plans.add(id, source, span, plan);
        });
        if read.is_none() {
            plans.is_incomplete();
        }
    }
    plans
}

/// The ids of what a plan may name.
struct Names<'a> {
    prices: &'a Ids,
    formularies: &'a Ids,
    networks: &'a Ids,
}

fn plan(
    table: &Table<'_>,
    id: Option<Box<str>>,
    world: &World<'_>,
    &Names { prices, formularies, networks }: &Names<'_>,
) -> Option<Plan> {
    let name = table.required("name", text);
    let year_starts = table.required("year_starts", month_and_day);
    let accumulates = accumulates(table);
    let formulary = table.required("formulary", reference(formularies));
    let in_networks = table.required("networks", distinct(reference(networks)));
    let out_of_network = maybe_sourced(table, "out_of_network", reference(networks));
    let accepted_for = sourced(table, "claims_accepted_for", whole(0..=9999));
    let any_prescriber = sourced(table, "prescribers", one_of(&PRESCRIBERS));
    let lists = Lists::read(table, world)?;
    let (deductible, out_of_pocket) = limits::of_plan(table, &lists);
    let income_cap = maybe_table(table, "income_cap", cost_sharing::income_cap);
    let beside = compounds_and_tax(table);
    let emergency_supply = maybe_table(table, "emergency_supply", cost_sharing::emergency_supply);
    let partial_fills = maybe_table(table, "partial_fills", cost_sharing::partial_fills);
    let coordination = maybe_table(table, "coordination", coordination::rule);
    let coupon = maybe_table(table, "coupon", coordination::coupon);
    let reimbursement =
        maybe_table(table, "reimbursement", |rule| coordination::reimbursement(rule, networks));
    let part_d = maybe_table(table, "part_d", |rule| part_d::read(rule, world, prices));
    let dispense_as_written = designs::dispense_as_written(table, &lists);
    let reference_prices = designs::reference_prices(table, &lists, prices);
    let benefit_maximums = designs::benefit_maximums(table, &lists);
    let mandatory_channels = designs::mandatory_channels(table, &lists);
    let overrides = designs::overrides(table);
    let refill = table.required("refill", Value::table).and_then(refill);
    let supply = table.required("supply", Value::table).and_then(supply);
    let shares = shares(table, &lists);
    let exemptions = complete(table.tables("exempt", "[[exempt]]"), cost_sharing::exemption);
    let (compounds, pays_tax) = beside?;
    lists.warn_unused(table);
    let plan = Plan {
        id: id?,
        name: name?,
        year_starts: year_starts?,
        accumulates: accumulates?,
        formulary: formulary?,
        networks: in_networks?,
        out_of_network: out_of_network?,
        accepted_for: accepted_for?,
        any_prescriber: any_prescriber?,
        deductible: deductible?,
        out_of_pocket: out_of_pocket?,
        income_cap: income_cap?,
        compounds,
        pays_tax,
        emergency_supply: emergency_supply?,
        partial_fills: partial_fills?,
        coordination: coordination?,
        coupon: coupon?,
        reimbursement: reimbursement?,
        part_d: part_d?,
        dispense_as_written: dispense_as_written?,
        reference_prices: reference_prices?,
        benefit_maximums: benefit_maximums?,
        mandatory_channels: mandatory_channels?,
        overrides: overrides?,
        refill: refill?,
        supply: supply?,
        shares: shares?,
        exemptions: exemptions?,
        source: table.place_of("id").source(),
    };
    lists.are_complete().then_some(plan)
}

fn shares(table: &Table<'_>, lists: &Lists<'_>) -> Option<Vec<Share>> {
    complete(table.some_tables("share", "[[share]]"), |row| member_shares::read(row, lists))
}

/// A table that may be left out: `Some(None)` if it is, `None` if it has a mistake.
fn maybe_table<T>(
    table: &Table<'_>,
    key: &'static str,
    read: impl FnOnce(Table<'_>) -> Option<T>,
) -> Option<Option<T>> {
    match table.table(key) {
        Some(found) => read(found).map(Some),
        None => Some(None),
    }
}

/// How long amounts add up: the plan year, unless it says otherwise.
fn accumulates(table: &Table<'_>) -> Option<Sourced<Accumulates>> {
    const KEY: &str = "accumulates";
    let Some(found) = table.sourced(KEY, one_of(&Accumulates::ALL)) else {
        let usual = Sourced { value: Accumulates::PlanYear, source: table.place_of("id").source() };
        return (!table.has(KEY)).then_some(usual);
    };
    if table.has("part_d") && found.value != Accumulates::PlanYear {
        let text = "`accumulates`: Part D adds up by the year (42 CFR 423.104(d)), so expected \
                    `plan-year`";
        table.report().mistake(table.place_of(KEY), text);
    }
    Some(found)
}

/// Whether and how compounds are covered, and where it says that the plan pays sales tax alone.
fn compounds_and_tax(table: &Table<'_>) -> Option<(Option<Sourced<CompoundRule>>, Option<Source>)> {
    let compounds = table.sourced("compounds", one_of(&COMPOUNDS));
    let tax_source = table.place_of("sales_tax").source();
    let pays_tax = table.optional("sales_tax", one_of(&PAYS_TAX));
    let is_right = |is_read: bool, key| is_read || !table.has(key);
    let is_tax_right = is_right(pays_tax.is_some(), "sales_tax");
    if !is_right(compounds.is_some(), "compounds") || !is_tax_right {
        return None;
    }
    Some((compounds, pays_tax.unwrap_or_default().then_some(tax_source)))
}

/// Reads every table, so that every mistake is noted; `None` if one of them had a mistake.
pub(super) fn complete<'d, T>(
    tables: Vec<Table<'d>>,
    read: impl Fn(Table<'d>) -> Option<T>,
) -> Option<Vec<T>> {
    let read: Vec<Option<T>> = tables.into_iter().map(read).collect();
    read.into_iter().collect()
}

/// What a key must say, with the key's line.
pub(super) fn sourced<'d, T>(
    table: &Table<'d>,
    key: &'static str,
    read: impl FnOnce(Value<'d>) -> Option<T>,
) -> Option<Sourced<T>> {
    let source = table.place_of(key).source();
    table.required(key, read).map(|value| Sourced { value, source })
}

/// What a key may say, with the key's line; `None` if it is there and wrong.
fn maybe_sourced<'d, T>(
    table: &Table<'d>,
    key: &'static str,
    read: impl FnOnce(Value<'d>) -> Option<T>,
) -> Option<Option<Sourced<T>>> {
    let source = table.place_of(key).source();
    let value = maybe(table, key, read)?;
    Some(value.map(|value| Sourced { value, source }))
}

/// The day on which a plan's year begins: a month and a day that every year has.
fn month_and_day(value: Value<'_>) -> Option<(u8, u8)> {
    let expected = "a month and a day that every year has, like `01-01`";
    let text = value.str(expected)?;
    let day = format!("2001-{text}").parse::<Date>();
    if day.is_err() {
        value.wrong(expected);
    }
    day.ok().map(Date::ymd).map(|(_, month, day)| (month, day))
}

/// Keys that would say otherwise what the law says of a plan of Part D.
fn note_beside_part_d(table: &Table<'_>) {
    if !table.has("part_d") {
        return;
    }
    for key in [
        "out_of_pocket_maximum",
        "income_cap",
        "dispense_as_written",
        "exempt",
        "reference_price",
        "benefit_maximum",
        "sales_tax",
        "coordination",
        "coupon",
    ] {
        if table.has(key) {
            let text = format!(
                "found `{key}` beside `part_d`, expected one of them: `[part_d]` has the \
                 threshold, and the law has who pays what"
            );
            table.report().mistake(table.place_of(key), text);
        }
    }
}

fn refill(table: Table<'_>) -> Option<RefillRule> {
    let used = table.required("used", positive_rate(Percent::WHOLE));
    let controlled = table.required("controlled", positive_rate(Percent::WHOLE));
    if let (Some(used), Some(controlled)) = (used, controlled)
        && controlled < used
    {
        let text =
            format!("controlled substances refill at {controlled}, earlier than others, {used}");
        table.report().warning(table.place_of("controlled"), text);
    }
    let source = table.source();
    table.end();
    Some(RefillRule { used: used?, controlled: controlled?, source })
}

fn supply(table: Table<'_>) -> Option<Vec<Supply>> {
    let mut supplies = Vec::new();
    let mut complete = true;
    for (key, channel) in ALL_CHANNELS {
        let source = table.place_of(key).source();
        match table.optional(key, supply_steps) {
            Some(steps) => supplies.push(Supply { channel, steps, source }),
            None => complete &= !table.has(key),
        }
    }
    if complete && supplies.is_empty() {
        table.missing(
            "`supply` names no channel, expected `retail`, `mail`, `specialty` or `out-of-network`",
        );
    }
    table.end();
    (complete && !supplies.is_empty()).then_some(supplies)
}

fn supply_steps(value: Value<'_>) -> Option<Vec<SupplyStep>> {
    let steps = list(supply_step)(value.clone())?;
    let ascending = steps.windows(2).all(|pair| match pair {
        [a, b] => a.days < b.days && a.copays <= b.copays,
        _ => true,
    });
    if !ascending {
        value.mistake("the steps are not in order: each needs more days than the one before it");
    }
    ascending.then_some(steps)
}

fn supply_step(value: Value<'_>) -> Option<SupplyStep> {
    let table = value.table()?;
    let days = table.required("days", whole(DAYS));
    let copays = table.required("copays", whole(1..=12));
    table.end();
    Some(SupplyStep { days: days?, copays: copays? })
}
