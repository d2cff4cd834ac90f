//! Second versions from the middle of the year on: of a group, of a network, of a plan.

use toml::{Table, Value};

use super::Rng;
use crate::{Change, Documents};

const PPO: &str = "plans/ppo.toml";

/// A group that changes its plan on the first of July.
pub(super) fn group(rng: &mut Rng) -> Vec<Change> {
    let id = rng.pick(["CSCPPO", "CSCHDHP"]);
    let texts = [
        ("id", id),
        ("name", "Another year"),
        ("sponsor", "Cascade Health"),
        ("line", "commercial"),
        ("plan", rng.pick(["ppo", "hdhp"])),
    ];
    let mut version: Table =
        texts.into_iter().map(|(key, text)| (key.to_owned(), text.into())).collect();
    if rng.percent(50) {
        version.insert("resets".to_owned(), true.into());
    } else if rng.percent(30) {
        let other = if id == "CSCPPO" { "CSCHDHP" } else { "CSCPPO" };
        version.insert("continues".to_owned(), vec![Value::from(other)].into());
    }
    version.extend(day("2026-07-01").map(|from| ("from".to_owned(), from)));
    let ends = day("2026-06-30").map(|to| Change::set("groups.toml", &["group", id, "to"], to));
    let begins = Change::set("groups.toml", &["group", "+"], version);
    ends.into_iter().chain([begins]).collect()
}

/// A group that carries on the balances of others.
pub(super) fn continues(rng: &mut Rng) -> Change {
    let id = rng.pick(["CSCPPO", "CSCHDHP", "CSCMCD"]);
    let all = ["CSCPPO", "CSCHDHP", "CSCMCD", "CSCPDP"];
    let others = all.into_iter().filter(|other| *other != id).map(Value::from).collect::<Vec<_>>();
    Change::set("groups.toml", &["group", id, "continues"], others)
}

/// A network that pays otherwise from the first of July on.
pub(super) fn network(rng: &mut Rng) -> Vec<Change> {
    let id = rng.pick(["retail-preferred", "retail-standard", "medicaid"]);
    let terms = |rate: &str| {
        let keys = [("list", "nadac"), ("rate", rate)];
        let terms: Table =
            keys.into_iter().map(|(key, text)| (key.to_owned(), text.into())).collect();
        Value::Array(vec![terms.into()])
    };
    let mut version = Table::new();
    version.insert("id".to_owned(), id.into());
    version.insert("name".to_owned(), "Another contract".into());
    version.insert("brand".to_owned(), terms(rng.pick(["88%", "100%", "110.25%"])));
    version.insert("generic".to_owned(), terms(rng.pick(["75%", "99.99%"])));
    version.insert("dispensing_fee".to_owned(), rng.pick(["0.00", "3.33"]).into());
    version.extend(day("2026-07-01").map(|from| ("from".to_owned(), from)));
    let ends = day("2026-06-30").map(|to| Change::set("networks.toml", &["network", id, "to"], to));
    let begins = Change::set("networks.toml", &["network", "+"], version);
    ends.into_iter().chain([begins]).collect()
}

/// The commercial plan with other limits from the first of July on, perhaps in a new plan year.
pub(super) fn plan(base: &Documents, rng: &mut Rng) -> Option<Vec<Change>> {
    let mut version: Table = base.get(PPO)?.parse().ok()?;
    version.insert("from".to_owned(), day("2026-07-01")?);
    version.insert("to".to_owned(), day("2026-12-31")?);
    if rng.percent(50) {
        version.insert("year_starts".to_owned(), "07-01".into());
    }
    let limit = |person: &str, family: &str| -> Value {
        let keys = [("person", person), ("family", family), ("kind", "embedded")];
        Value::Table(keys.into_iter().map(|(key, text)| (key.to_owned(), text.into())).collect())
    };
    version.insert("deductible".to_owned(), limit(rng.pick(["100.00", "400.00"]), "500.00"));
    version.insert("out_of_pocket_maximum".to_owned(), limit("900.00", "1200.00"));
    let text = toml::to_string(&version).ok()?;
    Some(vec![
        Change::set(PPO, &["to"], day("2026-06-30")?),
        Change::set("plans/ppo-next.toml", &[], text),
    ])
}

fn day(text: &str) -> Option<Value> {
    let day: toml::value::Datetime = text.parse().ok()?;
    Some(day.into())
}
