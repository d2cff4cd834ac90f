//! Books near the sample: other amounts, limits, terms and conditions, all of them allowed.

use openpbm_core::ProductKind;
use toml::{Table, Value};

use super::{Rng, design, part_d, payers, row, version};
use crate::{Change, Documents, Rules};

const PPO: &str = "plans/ppo.toml";
const HDHP: &str = "plans/hdhp.toml";
const MEDICAID: &str = "plans/medicaid.toml";
const PDP: &str = "plans/pdp.toml";
const FORMULARY: &str = "formularies/cascade.toml";

/// How a book differs from the sample: in a few respects, or in none.
pub(super) fn changes(base: &Documents, rules: &Rules, rng: &mut Rng) -> Vec<Change> {
    let mut changes = Vec::new();
    for plan in [PPO, HDHP] {
        if rng.percent(70) {
            changes.extend(limits(plan, rules, rng));
        }
    }
    if rng.percent(60) {
        changes.extend(shares(rng));
    }
    for plan in [PPO, HDHP, MEDICAID] {
        changes.extend(terms(plan, rng));
    }
    for plan in [PPO, HDHP, MEDICAID] {
        changes.extend(payers::coordination(plan, rng));
        if rng.percent(50) {
            changes.extend(payers::coupon(plan, rng));
        }
        if rng.percent(50) {
            changes.extend(payers::reimbursement(plan, rng));
        }
    }
    changes.extend(supplies(rng));
    for plan in [PPO, HDHP, MEDICAID] {
        changes.extend(design::changes(plan, rules, rng));
    }
    changes.extend(networks(rng));
    changes.extend(prices(rules, rng));
    changes.extend(rows(rng));
    for _ in 0..rng.pick([0, 0, 1, 2, 5]) {
        let row = row::row(rules, rng);
        changes.extend(row.map(|row| Change::set(FORMULARY, &["place", "+"], row)));
    }
    changes.extend(part_d::changes(base, rules, rng));
    changes.extend(dates(rules, rng));
    // Quarters carry nothing over.
    let carries = |change: &&Change| {
        let table = change.to.as_ref().and_then(Value::as_table);
        table.is_some_and(|table| table.contains_key("carry_over_months"))
    };
    let carry: Vec<_> = changes.iter().filter(carries).map(|c| c.document.clone()).collect();
    let quarter = Some(Value::from("calendar-quarter"));
    changes.retain(|change| {
        change.at != ["accumulates"] || change.to != quarter || !carry.contains(&change.document)
    });
    if rng.percent(25) {
        changes.push(version::continues(rng));
    }
    if rng.percent(15) {
        changes.extend(version::network(rng));
    }
    if rng.percent(15) {
        changes.extend(version::plan(base, rng).unwrap_or_default());
    }
    let mut aside = rng.aside();
    for plan in [PPO, HDHP, MEDICAID, PDP] {
        if aside.percent(35) {
            changes.push(partial_fills(plan, &mut aside));
        }
    }
    changes
}

/// Which part of a fill in two bears what is paid once.
fn partial_fills(plan: &str, rng: &mut Rng) -> Change {
    let mut borne = || Value::from(rng.pick(["first", "last", "shared", "shared"]));
    let rule = [("dispensing_fee", borne()), ("copay", borne())];
    let rule: Table = rule.into_iter().map(|(key, word)| (key.to_owned(), word)).collect();
    Change::set(plan, &["partial_fills"], rule)
}

/// Deductible and maximum, of which the deductible is never the larger one.
fn limits(plan: &str, rules: &Rules, rng: &mut Rng) -> Vec<Change> {
    let person = rng.pick([1, 4_999, 10_000, 25_000, 33_333, 61_507, 100_000]);
    let family = person * rng.pick([10, 15, 20, 30]) / 10;
    let most = person + rng.pick([0, 1, 1_234, 20_000, 55_555, 150_000]);
    let most_family = family.max(most) + rng.pick([0, 7, 10_000, 90_000]);
    let has_family = rng.percent(80);
    let mut changes = Vec::new();
    changes.push(match rng.percent(90) {
        false => Change::remove(plan, &["deductible"]),
        true => {
            let mut limit = limit(person, has_family.then_some(family), rng);
            if rng.percent(30) {
                limit.extend(design::scope(rules, false, rng));
            }
            let some = rng.pick::<&[i64], 5>([&[], &[3, 4, 5], &[1, 2, 3, 4, 5], &[4], &[2, 5]]);
            if !some.is_empty() {
                limit.insert("tiers".to_owned(), tiers(some));
            }
            if rng.percent(25) {
                let months = rng.pick([1, 3, 3, 6]);
                limit.insert("carry_over_months".to_owned(), months.into());
            }
            Change::set(plan, &["deductible"], limit)
        }
    });
    changes.push(match rng.percent(90) {
        false => Change::remove(plan, &["out_of_pocket_maximum"]),
        true => {
            let most_family = (has_family || rng.percent(50)).then_some(most_family);
            let mut limit = limit(most, most_family, rng);
            if rng.percent(10) {
                limit.extend(design::scope(rules, false, rng));
            }
            if rng.percent(10) {
                limit.insert("tiers".to_owned(), tiers(&[1, 2, 3, 4]));
            }
            Change::set(plan, &["out_of_pocket_maximum"], limit)
        }
    });
    changes
}

fn limit(person: i64, family: Option<i64>, rng: &mut Rng) -> Table {
    let mut limit = Table::new();
    limit.insert("person".to_owned(), money(person));
    if let Some(family) = family {
        limit.insert("family".to_owned(), money(family));
        let kind = rng.pick(["embedded", "embedded", "aggregate"]);
        limit.insert("kind".to_owned(), kind.into());
        if kind == "aggregate" && rng.percent(50) {
            let most = person + rng.pick([0, 1, 5_000, 40_000]);
            limit.insert("embedded_person".to_owned(), money(most));
        }
    }
    if rng.percent(20) {
        limit.insert("with_medical".to_owned(), true.into());
    }
    limit
}

fn tiers(tiers: &[i64]) -> Value {
    Value::Array(tiers.iter().map(|tier| Value::from(*tier)).collect())
}

/// Other copays and percentages in the rows of the PPO, and of the high-deductible plan.
fn shares(rng: &mut Rng) -> Vec<Change> {
    let mut changes = Vec::new();
    for row in ["1", "2", "3", "4", "5", "6", "7", "8", "9"] {
        if rng.percent(40) {
            changes.extend(share(PPO, row, rng));
        }
    }
    if rng.percent(50) {
        changes.extend(share(HDHP, "1", rng));
    }
    changes
}

fn share(plan: &str, row: &str, rng: &mut Rng) -> Vec<Change> {
    let remove = |key| Change::remove(plan, &["share", row, key]);
    let mut changes = vec![remove("copay"), remove("coinsurance")];
    changes.extend([remove("at_least"), remove("at_most")]);
    let set = |key, value| Change::set(plan, &["share", row, key], value);
    if rng.percent(40) {
        changes.push(set("copay", money(rng.between(0, 15_000))));
        return changes;
    }
    changes.push(set("coinsurance", percentage(rng.pick([0, 1_250, 2_500, 3_333, 5_000, 10_000]))));
    let floor = rng.between(0, 12_000);
    if rng.percent(50) {
        changes.push(set("at_least", money(floor)));
    }
    if rng.percent(50) {
        changes.push(set("at_most", money(floor + rng.between(0, 30_000))));
    }
    changes
}

/// Refills, plan year, timeliness, prescribers, exemptions.
fn terms(plan: &str, rng: &mut Rng) -> Vec<Change> {
    let mut changes = Vec::new();
    if rng.percent(30) {
        let part = rng.pick([5_000, 6_667, 7_500, 8_001, 10_000]);
        changes.push(Change::set(plan, &["refill", "used"], percentage(part)));
        let part = rng.pick([8_500, 9_000, 9_999, 10_000]);
        changes.push(Change::set(plan, &["refill", "controlled"], percentage(part)));
    }
    if rng.percent(15) {
        let starts = rng.pick(["07-01", "04-15", "12-31", "01-02"]);
        changes.push(Change::set(plan, &["year_starts"], starts));
    }
    if rng.percent(20) {
        let period = rng.pick(["plan-year", "calendar-year", "calendar-quarter", "rolling"]);
        changes.push(Change::set(plan, &["accumulates"], period));
    }
    if rng.percent(15) {
        changes.push(Change::set(plan, &["claims_accepted_for"], rng.pick([0, 1, 14, 90])));
    }
    if rng.percent(15) {
        changes.push(Change::set(plan, &["prescribers"], "any"));
    }
    if rng.percent(20) {
        let mut rows = Vec::new();
        if rng.percent(70) {
            let age = rng.pick([1, 12, 18, 26, 65]);
            rows.push(Value::Table(Table::from_iter([("under_age".to_owned(), age.into())])));
        }
        if rng.percent(50) {
            rows.push(Value::Table(Table::from_iter([("pregnant".to_owned(), true.into())])));
        }
        for (group, _) in openpbm_core::ExemptGroup::ALL {
            if rng.percent(40) {
                let row = Table::from_iter([("member".to_owned(), group.into())]);
                rows.push(Value::Table(row));
            }
        }
        changes.push(Change::set(plan, &["exempt"], Value::Array(rows)));
    }
    if rng.percent(if plan == MEDICAID { 50 } else { 5 }) {
        let mut rule = Table::new();
        rule.insert("days".to_owned(), rng.pick([3, 5]).into());
        rule.insert("within".to_owned(), rng.pick([1, 30, 60]).into());
        if rng.percent(50) {
            rule.insert("authorization_type".to_owned(), 8.into());
        }
        changes.push(Change::set(plan, &["emergency_supply"], rule));
    }
    if rng.percent(if plan == MEDICAID { 50 } else { 10 }) {
        let rate = rng.pick(["5%", "2.5%", "0.01%"]).into();
        let period = rng.pick(["month", "quarter"]).into();
        let cap = Table::from_iter([("rate".to_owned(), rate), ("period".to_owned(), period)]);
        changes.push(Change::set(plan, &["income_cap"], cap));
    }
    if rng.percent(15) {
        let networks = ["specialty", "mail", "retail-standard", "retail-preferred", "medicaid"];
        let first = networks.iter().position(|_| rng.percent(40)).unwrap_or_default();
        let kept = networks.iter().skip(first).map(|id| Value::from(*id)).collect();
        changes.push(Change::set(plan, &["networks"], Value::Array(kept)));
    }
    changes
}

/// What each channel dispenses at once, and as how many copays it counts.
fn supplies(rng: &mut Rng) -> Vec<Change> {
    let mut changes = Vec::new();
    for plan in [PPO, HDHP, MEDICAID] {
        for channel in ["retail", "mail", "specialty"] {
            if !rng.percent(12) {
                continue;
            }
            let steps = rng.pick::<&[(i64, i64)], 5>([
                &[(30, 1)],
                &[(30, 1), (60, 2), (90, 3)],
                &[(34, 1), (100, 3)],
                &[(14, 1), (28, 2), (90, 6)],
                &[(90, 2)],
            ]);
            let step = |(days, copays): &(i64, i64)| {
                let keys = [("days", *days), ("copays", *copays)];
                let table = keys.into_iter().map(|(key, value)| (key.to_owned(), value.into()));
                Value::Table(table.collect())
            };
            let steps = steps.iter().map(step).collect();
            changes.push(Change::set(plan, &["supply", channel], Value::Array(steps)));
        }
    }
    changes
}

fn networks(rng: &mut Rng) -> Vec<Change> {
    let mut changes = Vec::new();
    for network in ["retail-preferred", "retail-standard", "mail", "specialty", "medicaid"] {
        if rng.percent(25) {
            let kind = rng.pick(["brand", "generic"]);
            let rate = percentage(rng.between(9_000, 11_000));
            let at = ["network", network, kind, "0", "rate"];
            changes.push(Change::set("networks.toml", &at, rate));
        }
        if rng.percent(15) {
            let fee = money(rng.pick([0, 1, 99, 250, 1_295]));
            changes.push(Change::set(
                "networks.toml",
                &["network", network, "dispensing_fee"],
                fee,
            ));
        }
        if rng.percent(25) {
            changes.extend(beside(network, rng));
        }
        if rng.percent(25) {
            let fees = [0, 250, 500, 1_000, 2_001].map(money).to_vec();
            let at = ["network", network, "effort_fees"];
            changes.push(Change::set("networks.toml", &at, Value::Array(fees)));
        }
    }
    for plan in [PPO, HDHP] {
        if rng.percent(40) {
            let rule = rng.pick(["most-expensive", "highest-tier"]);
            changes.push(Change::set(plan, &["compounds"], rule));
        }
        if rng.percent(30) {
            let payer = rng.pick(["plan", "plan", "shared"]);
            changes.push(Change::set(plan, &["sales_tax"], payer));
            for network in ["retail-preferred", "retail-standard"] {
                changes.push(sales_tax(network, rng));
            }
        }
    }
    changes
}

/// What a network pays beside the product: each in some of the books.
fn beside(network: &str, rng: &mut Rng) -> Vec<Change> {
    let set = |key, value| Change::set("networks.toml", &["network", network, key], value);
    let row = |keys: Vec<(&str, Value)>| {
        Value::Table(keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    };
    let mut changes = Vec::new();
    if rng.percent(60) {
        let mut rows = Vec::new();
        for kind in ["brand", "generic"] {
            if rng.percent(70) {
                let drugs = row(vec![("kind", kind.into())]);
                let at_most = money(rng.pick([0, 1, 1_999, 2_000]));
                rows.push(row(vec![("drugs", drugs), ("at_most", at_most)]));
            }
        }
        if !rows.is_empty() {
            changes.push(set("administration", Value::Array(rows)));
        }
    }
    if rng.percent(60) {
        let amount = |qualifier: i64, most| {
            row(vec![("qualifier", qualifier.into()), ("at_most", money(most))])
        };
        let rows = vec![amount(9, rng.between(0, 900)), amount(1, 500)];
        changes.push(set("other_amounts", Value::Array(rows)));
    }
    if rng.percent(80) {
        changes.push(sales_tax(network, rng));
    }
    changes
}

/// What a network pays of sales tax.
fn sales_tax(network: &str, rng: &mut Rng) -> Change {
    let mut taxes = Table::new();
    taxes.insert("rate".to_owned(), percentage(rng.pick([1, 200, 625, 700, 1_333])));
    if rng.percent(50) {
        taxes.insert("flat".to_owned(), money(rng.pick([0, 10, 75])));
    }
    Change::set("networks.toml", &["network", network, "sales_tax"], taxes)
}

/// Prices on, just below and just above the lines that the formulary draws; and none at all.
fn prices(rules: &Rules, rng: &mut Rng) -> Vec<Change> {
    let mut changes = Vec::new();
    for _ in 0..rng.between(0, 8) {
        let priced =
            rules.drugs.iter().filter(|d| rules.prices.iter().any(|(_, p)| p.ndc == d.ndc));
        let priced: Vec<_> = priced.filter(|drug| drug.usual_30.is_some()).collect();
        let Some(drug) = rng.choose(&priced) else { break };
        let usual = i64::try_from(drug.usual_30.map_or(1, |usual| usual.0)).unwrap_or(1);
        // Hundred-thousandths of a dollar for a unit, that the usual thousandths of units cost so
        // much.
        let line = rng.pick([50, 950]) * 100_000_000 / usual.max(1);
        let price = (line + rng.pick([-1, 0, 1, 2])).max(1);
        let price = format!("{}.{:05}", price / 100_000, price % 100_000);
        let row = drug.ndc.to_string();
        let change = Change::set("prices/nadac.csv", &[&row, "unit_price"], price);
        let is_new = !changes.iter().any(|known: &Change| known.at == change.at);
        if is_new {
            changes.push(change);
        }
    }
    changes
}

/// Other conditions in the rows of the formulary.
fn rows(rng: &mut Rng) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut set = |chance, row: &str, at: &[&str], to: Value, rng: &mut Rng| {
        if rng.percent(chance) {
            let at: Vec<_> = ["place", row].iter().chain(at).copied().collect();
            changes.push(Change::set(FORMULARY, &at, to));
        }
    };
    let zolpidem = "zolpidem: 30 tablets in 30 days";
    set(20, zolpidem, &["quantity", "units"], rng.pick(["10", "45.5", "60"]).into(), rng);
    set(20, zolpidem, &["quantity", "days"], rng.pick([15, 31, 60]).into(), rng);
    let sumatriptan = "sumatriptan tablets: 9 in 30 days";
    set(20, sumatriptan, &["quantity", "units"], rng.pick(["4.5", "12"]).into(), rng);
    set(20, "opioids", &["first_fill", "days"], rng.pick([3, 5, 10]).into(), rng);
    set(20, "opioids", &["first_fill", "within"], rng.pick([1, 30, 120]).into(), rng);
    set(20, "opioids", &["mme_a_day"], rng.pick(["50", "89.999", "120"]).into(), rng);
    set(20, "Farxiga", &["step", "days"], rng.pick([1, 60, 90]).into(), rng);
    set(20, "Farxiga", &["step", "within"], rng.pick([30, 90, 365]).into(), rng);
    set(20, "statins of low or moderate dose", &["preventive", "ages"], ages(rng), rng);
    set(20, "tramadol: not under 12 (boxed warning)", &["ages"], ages(rng), rng);
    set(10, "sildenafil", &["sex"], "female".into(), rng);
    set(10, "contraceptives", &["sex"], "female".into(), rng);
    set(10, "contraceptives", &["channel"], rng.pick(["mail", "retail"]).into(), rng);
    set(15, "generics", &["tier"], rng.between(1, 5).into(), rng);
    set(15, "brands with a generic on the formulary", &["tier"], rng.between(3, 5).into(), rng);
    set(10, "brands", &["days_max"], rng.pick([30, 34, 60]).into(), rng);
    let over = "generics listed at over $50 for 30 days";
    set(15, over, &["where", "cost_30_over"], rng.pick(["20.00", "50.01", "10.50"]).into(), rng);
    set(10, over, &["quantity"], quantity("31.5", 30), rng);
    set(10, "folic acid", &["authorization"], Table::new().into(), rng);
    set(10, "contraceptives", &["exclude"], "not in this benefit".into(), rng);
    set(10, "HIV pre-exposure prophylaxis", &["days_max"], 28.into(), rng);
    changes
}

fn quantity(units: &str, days: i64) -> Value {
    let keys = [("units".to_owned(), units.into()), ("days".to_owned(), days.into())];
    Value::Table(keys.into_iter().collect())
}

fn ages(rng: &mut Rng) -> Value {
    let (from, to) = rng.pick([(12, 17), (18, 120), (40, 75), (0, 64), (21, 21)]);
    Value::Array(vec![from.into(), to.into()])
}

/// Contracts that end, products that are discontinued, prescribers who are sanctioned for a time.
fn dates(rules: &Rules, rng: &mut Rng) -> Vec<Change> {
    let mut changes = Vec::new();
    if rng.percent(15) {
        changes.extend(version::group(rng));
    } else if rng.percent(15) {
        let end = rng.pick(["2026-06-30", "2026-10-15"]);
        let end: Option<toml::value::Datetime> = end.parse().ok();
        let group = rng.pick(["CSCPPO", "CSCHDHP", "CSCMCD"]);
        changes.extend(end.map(|end| Change::set("groups.toml", &["group", group, "to"], end)));
    }
    if rng.percent(15) {
        let pharmacy = rng.pick(["1999000015", "1999000023", "1999000049"]);
        changes.push(Change::set("pharmacies.csv", &[pharmacy, "to"], "2026-08-31"));
    }
    if rng.percent(15) {
        let prescriber = rng.pick(["1999000122", "1999000130"]);
        let column = rng.pick(["sanctioned_from", "sanctioned_to"]);
        let from = Change::set("prescribers.csv", &[prescriber, "sanctioned_from"], "2026-05-01");
        changes.push(from);
        if column == "sanctioned_to" {
            changes.push(Change::set("prescribers.csv", &[prescriber, column], "2026-07-31"));
        }
    }
    let generics: Vec<_> =
        rules.drugs.iter().filter(|drug| drug.kind == ProductKind::Generic).collect();
    for _ in 0..rng.between(0, 9) {
        let Some(drug) = rng.choose(&generics) else { break };
        let at = [&*drug.ndc.to_string(), "discontinued"];
        changes.push(Change::set("drugs/sample.csv", &at, "2026-04-30"));
    }
    changes
}

pub(super) fn money(cents: i64) -> Value {
    Value::String(format!("{}.{:02}", cents / 100, cents % 100))
}

pub(super) fn percentage(hundredths: i64) -> Value {
    Value::String(format!("{}.{:02}%", hundredths / 100, hundredths % 100))
}
