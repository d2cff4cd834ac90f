//! Plan designs that the sample does not have: limits and shares by drug list, channel and days,
//! the greater or lesser of two shares, pharmacies without a contract.

use toml::{Table, Value};

use super::book::{money, percentage};
use super::{Rng, row};
use crate::{Change, Rules};

/// Changes of one plan.
pub(super) fn changes(plan: &str, rules: &Rules, rng: &mut Rng) -> Vec<Change> {
    let mut changes = Vec::new();
    if rng.percent(20) {
        let drugs = selectors(rules, rng);
        let list = table([("name", "a list".into()), ("where", drugs.into())]);
        changes.push(Change::set(plan, &["drug_list"], vec![Value::from(list)]));
        // Every row about drugs may then name it.
        changes.extend(shares(plan, rules, true, rng));
    } else if rng.percent(20) {
        changes.extend(shares(plan, rules, false, rng));
    }
    if rng.percent(15) {
        let terms = rng.pick(["retail-standard", "medicaid", "mail"]);
        changes.push(Change::set(plan, &["out_of_network"], terms));
        let step = table([("days", rng.pick([30, 45]).into()), ("copays", 1.into())]);
        let steps = vec![Value::from(step)];
        changes.push(Change::set(plan, &["supply", "out-of-network"], steps));
    }
    let mut set = |key: &str, rows: Vec<Value>, rng: &mut Rng| {
        if rng.percent(25) {
            changes.push(Change::set(plan, &[key], rows));
        }
    };
    set("dispense_as_written", vec![written(rules, rng), written(rules, rng)], rng);
    set("reference_price", vec![reference_price(rules, rng)], rng);
    set("benefit_maximum", vec![maximum(rules, rng), maximum(rules, rng)], rng);
    set("mandatory_channel", vec![mandatory(rules, rng)], rng);
    set("override", vec![clarified(3, rng), clarified(5, rng)], rng);
    changes
}

/// What codes of 408-D8 do.
fn written(rules: &Rules, rng: &mut Rng) -> Value {
    let codes = rng.pick::<&[i64], 4>([&[2], &[1, 2], &[5, 9], &[2, 3, 4]]);
    let codes: Vec<_> = codes.iter().map(|code| Value::from(*code)).collect();
    let pays = rng.pick(["difference", "difference", "as-generic", "share", "reject"]);
    let mut row = few(rules, rng);
    row.extend(table([("codes", codes.into()), ("pays", pays.into())]));
    if pays == "difference" {
        row.insert("counts".to_owned(), rng.pick(["nothing", "maximum", "both"]).into());
    }
    row.into()
}

fn reference_price(rules: &Rules, rng: &mut Rng) -> Value {
    let mut row = few(rules, rng);
    let (key, value) = rng.pick([("of", "generic"), ("of", "generic"), ("list", "mac")]);
    row.insert(key.to_owned(), value.into());
    row.insert("counts".to_owned(), rng.pick(["nothing", "maximum", "both"]).into());
    row.into()
}

/// The most of some drugs, reached by a few fills.
fn maximum(rules: &Rules, rng: &mut Rng) -> Value {
    let per = rng.pick(["plan-year", "calendar-quarter", "rolling-year", "lifetime"]);
    let mut row = few(rules, rng);
    row.extend(table([("name", "a maximum".into()), ("per", per.into())]));
    let (key, most) = match rng.between(1, 4) {
        1 => ("fills", rng.pick([1, 2, 3]).into()),
        2 => ("units", rng.pick(["30", "75.5", "100"]).into()),
        _ => ("plan_pays", money(rng.pick([0, 150, 50_000, 100_001]))),
    };
    row.insert(key.to_owned(), most);
    if rng.percent(40) {
        row.insert("beyond".to_owned(), rng.pick(["reject", "member-pays"]).into());
    }
    row.into()
}

fn mandatory(rules: &Rules, rng: &mut Rng) -> Value {
    let mut row = few(rules, rng);
    row.insert("fill_at".to_owned(), rng.pick(["mail", "specialty"]).into());
    row.insert("after".to_owned(), rng.pick([0, 1, 2]).into());
    row.insert("within".to_owned(), rng.pick([60, 180]).into());
    row.insert("opt_out".to_owned(), "77".into());
    row.into()
}

/// Often used up by a family.
fn clarified(code: i64, rng: &mut Rng) -> Value {
    let allows = rng.pick::<&[&str], 3>([&["79"], &["79", "76"], &["9G", "79", "925"]]);
    let allows: Vec<_> = allows.iter().map(|code| Value::from(*code)).collect();
    let times = rng.pick([1, 1, 2]).into();
    let per_days = rng.pick([30, 365]).into();
    let code = ("code", code.into());
    table([code, ("allows", allows.into()), ("times", times), ("per_days", per_days)]).into()
}

/// A scope that many claims are in.
fn few(rules: &Rules, rng: &mut Rng) -> Table {
    if rng.percent(50) { Table::new() } else { scope(rules, false, rng) }
}

/// Another table of shares, whose last row is for everything.
fn shares(plan: &str, rules: &Rules, has_list: bool, rng: &mut Rng) -> Option<Change> {
    let mut rows: Vec<Value> = Vec::new();
    for _ in 0..rng.between(1, 5) {
        let mut row = share(rng);
        row.extend(scope(rules, has_list, rng));
        rows.push(row.into());
    }
    rows.push(share(rng).into());
    Some(Change::set(plan, &["share"], rows))
}

fn share(rng: &mut Rng) -> Table {
    let copay = ("copay", money(rng.pick([0, 1_000, 2_500, 4_500, 12_345])));
    let part = ("coinsurance", percentage(rng.pick([0, 1_000, 2_000, 3_333, 5_000])));
    let mut row = match rng.between(1, 5) {
        1 | 2 => return table([copay]),
        3 => table([part]),
        _ => {
            let whichever = rng.pick(["greater", "lesser"]);
            table([copay, part, ("whichever", whichever.into())])
        }
    };
    if rng.percent(40) {
        row.insert("at_least".to_owned(), money(500));
        row.insert("at_most".to_owned(), money(rng.pick([500, 7_777, 20_000])));
    }
    row
}

/// What a row is about.
pub(super) fn scope(rules: &Rules, has_list: bool, rng: &mut Rng) -> Table {
    let mut scope = Table::new();
    let mut add = |key: &str, value: Value| scope.insert(key.to_owned(), value);
    if rng.percent(40) {
        let tiers = rng.pick::<&[i64], 4>([&[0, 1], &[1, 2], &[3], &[3, 4, 5]]);
        add("tiers", tiers.iter().map(|tier| Value::from(*tier)).collect::<Vec<_>>().into());
    }
    if rng.percent(30) {
        let channels = rng.pick::<&[&str], 4>([
            &["retail"],
            &["mail", "specialty"],
            &["retail", "specialty"],
            &["out-of-network", "retail"],
        ]);
        let channels: Vec<_> = channels.iter().map(|channel| Value::from(*channel)).collect();
        add("channels", channels.into());
    }
    if rng.percent(30) {
        let days = rng.pick([[1, 30], [1, 34], [31, 90], [84, 100]]);
        add("days", days.map(Value::from).to_vec().into());
    }
    if rng.percent(30) {
        add("where", drugs(rules, has_list, rng));
    }
    if rng.percent(20) {
        add("except", drugs(rules, has_list, rng));
    }
    scope
}

fn drugs(rules: &Rules, has_list: bool, rng: &mut Rng) -> Value {
    if has_list && rng.percent(60) { "a list".into() } else { selectors(rules, rng).into() }
}

/// One to three selectors; the first is of drugs that many families get.
fn selectors(rules: &Rules, rng: &mut Rng) -> Vec<Value> {
    let kind = rng.pick(["brand", "generic"]);
    let class = rng.pick(["statin", "insulin", "sglt2 inhibitor", "ace inhibitor", "opioid"]);
    let mut selectors = vec![match rng.percent(50) {
        true => table([("kind", kind.into())]).into(),
        false => table([("class", class.into())]).into(),
    }];
    for _ in 0..rng.between(0, 2) {
        selectors.extend(row::selector(rules, rng).map(Value::from));
    }
    selectors
}

fn table<const N: usize>(keys: [(&str, Value); N]) -> Table {
    keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
