//! `plans/*.toml`: what members pay, how much they may get at once, and when again.

use openpbm_core::{Cents, Date, Percent, ProductKind, Source};

use super::pharmacies::CHANNELS;
use super::series::{Ids, Series, reference, span};
use super::{Kind, Loader};
use crate::documents::{
    Table, Value, cents, distinct, flag, list, one_of, parsed, positive_rate, text, whole,
};
use crate::{Exemption, Limit, Plan, RefillRule, Share, ShareKind, Sourced, Supply, SupplyStep};

/// Tiers that a formulary may have.
pub(super) const TIERS: std::ops::RangeInclusive<u16> = 0..=9;
/// Days supply that a claim can carry (405-D5).
pub(super) const DAYS: std::ops::RangeInclusive<u16> = 1..=999;

const PRESCRIBERS: [(&str, bool); 2] = [("listed", false), ("any", true)];
const PATIENT_CHOICE: [(&str, bool); 2] = [("difference", true), ("share", false)];
const EMBEDDED: [(&str, bool); 2] = [("embedded", true), ("aggregate", false)];
const KINDS: [(&str, ProductKind); 2] =
    [("brand", ProductKind::Brand), ("generic", ProductKind::Generic)];

/// Reads them.
pub(super) fn read(loader: &mut Loader<'_>, formularies: &Ids, networks: &Ids) -> Series<Plan> {
    let mut plans = Series::new("plan");
    for document in loader.of_kind(|kind| *kind == Kind::Plan) {
        let read = loader.toml(document, |table| {
            let source = table.place_of("id");
            let id = table.required("id", text);
            let span = span(&table);
            let plan = plan(&table, id.clone(), formularies, networks);
            table.end();
            plans.add(id, source, span, plan);
        });
        if read.is_none() {
            plans.is_incomplete();
        }
    }
    plans
}

fn plan(
    table: &Table<'_>,
    id: Option<Box<str>>,
    formularies: &Ids,
    networks: &Ids,
) -> Option<Plan> {
    let source = table.place_of("id").source();
    let name = table.required("name", text);
    let year_starts = table.required("year_starts", month_and_day);
    let formulary = table.required("formulary", reference(formularies));
    let in_networks = table.required("networks", distinct(reference(networks)));
    let accepted_for = sourced(table, "claims_accepted_for", whole(0..=9999));
    let any_prescriber = sourced(table, "prescribers", one_of(&PRESCRIBERS));
    let deductible = table.table("deductible").map(|table| limit(table, "[deductible]"));
    let out_of_pocket =
        table.table("out_of_pocket_maximum").map(|table| limit(table, "[out_of_pocket_maximum]"));
    note_unreachable_deductible(table, &deductible, &out_of_pocket);
    let choice = table.table("dispense_as_written").map(patient_choice);
    let refill = table.required("refill", Value::table).and_then(refill);
    let supply = table.required("supply", Value::table).and_then(supply);
    let shares = complete(table.some_tables("share", "[[share]]"), share);
    let exemptions = complete(table.tables("exempt", "[[exempt]]"), exemption);
    Some(Plan {
        id: id?,
        name: name?,
        year_starts: year_starts?,
        formulary: formulary?,
        networks: in_networks?,
        accepted_for: accepted_for?,
        any_prescriber: any_prescriber?,
        // A limit that is there but could not be read must not pass for one that is not there.
        deductible: deductible.map_or(Some(None), |limit| limit.map(Some))?,
        out_of_pocket: out_of_pocket.map_or(Some(None), |limit| limit.map(Some))?,
        patient_choice_pays_difference: choice.map_or(Some(None), |choice| choice)?,
        refill: refill?,
        supply: supply?,
        shares: shares?,
        exemptions: exemptions?,
        source,
    })
}

/// Reads every table, so that every mistake is noted; `None` if one of them had a mistake.
fn complete<'d, T>(
    tables: Vec<Table<'d>>,
    read: impl Fn(Table<'d>) -> Option<T>,
) -> Option<Vec<T>> {
    let read: Vec<Option<T>> = tables.into_iter().map(read).collect();
    read.into_iter().collect()
}

/// What a key must say, with the key's line.
fn sourced<'d, T>(
    table: &Table<'d>,
    key: &'static str,
    read: impl FnOnce(Value<'d>) -> Option<T>,
) -> Option<Sourced<T>> {
    let source = table.place_of(key).source();
    table.required(key, read).map(|value| Sourced { value, source })
}

/// Tiers that a row is for; all if it does not say.
fn tiers(table: &Table<'_>) -> Option<Vec<u8>> {
    if table.has("tiers") {
        table.optional("tiers", distinct(whole(TIERS)))
    } else {
        Some(Vec::new())
    }
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

fn limit(table: Table<'_>, label: &str) -> Option<Limit> {
    let person = table.required("person", cents);
    let family = table.optional("family", cents);
    let has_family = table.has("family");
    let embedded = if has_family {
        table.required("kind", one_of(&EMBEDDED))
    } else {
        if table.has("kind") {
            table.mistake(format!(
                "{label}: `kind` says how a family shares, but `family` is missing"
            ));
        }
        let _ = table.optional("kind", one_of(&EMBEDDED));
        Some(true)
    };
    let tiers = tiers(&table);
    if let (Some(person), Some(family)) = (person, family)
        && family < person
    {
        let text = format!("`family`: found {family}, expected at least the person's {person}");
        table.report().mistake(table.place_of("family"), text);
    }
    let source = table.source();
    table.end();
    let family = if has_family { Some(family?) } else { None };
    Some(Limit { person: person?, family, embedded: embedded?, tiers: tiers?, source })
}

/// A deductible above the maximum would never be met.
fn note_unreachable_deductible(
    table: &Table<'_>,
    deductible: &Option<Option<Limit>>,
    maximum: &Option<Option<Limit>>,
) {
    if let (Some(Some(deductible)), Some(Some(maximum))) = (deductible, maximum)
        && deductible.person > maximum.person
    {
        let text = format!(
            "the deductible of {} is above the out-of-pocket maximum of {}",
            deductible.person, maximum.person
        );
        table.report().mistake(table.place_of("deductible"), text);
    }
}

/// What DAW 2 costs: its line, if it is the difference.
fn patient_choice(table: Table<'_>) -> Option<Option<Source>> {
    let pays_difference = table.required("patient", one_of(&PATIENT_CHOICE));
    let source = table.source();
    table.end();
    Some(pays_difference?.then_some(source))
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
    for (key, channel) in CHANNELS {
        let source = table.place_of(key).source();
        match table.optional(key, supply_steps) {
            Some(steps) => supplies.push(Supply { channel, steps, source }),
            None => complete &= !table.has(key),
        }
    }
    if complete && supplies.is_empty() {
        table.missing("`supply` names no channel, expected `retail`, `mail` or `specialty`");
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

fn share(table: Table<'_>) -> Option<Share> {
    let tiers = tiers(&table);
    let channels = if table.has("channels") {
        table.optional("channels", distinct(one_of(&CHANNELS)))
    } else {
        Some(Vec::new())
    };
    let kind = table.optional("kind", one_of(&KINDS));
    let kind = if table.has("kind") { Some(Some(kind?)) } else { Some(None) };
    let share = share_kind(&table);
    let source = table.source();
    table.end();
    Some(Share { tiers: tiers?, channels: channels?, kind: kind?, share: share?, source })
}

fn share_kind(table: &Table<'_>) -> Option<ShareKind> {
    let copay = table.optional("copay", cents);
    let rate: Option<Percent> = table.optional("coinsurance", parsed);
    let at_least = bound(table, "at_least");
    let at_most = bound(table, "at_most");
    if let Some(rate) = rate
        && rate > Percent::WHOLE
    {
        let text = format!("`coinsurance`: found {rate}, expected at most 100%");
        table.report().mistake(table.place_of("coinsurance"), text);
        return None;
    }
    match (table.has("copay"), table.has("coinsurance")) {
        (true, false) => {
            if let Some(key) = ["at_least", "at_most"].into_iter().find(|key| table.has(key)) {
                let text = format!("`{key}` bounds a coinsurance, but this row has a copay");
                table.report().mistake(table.place_of(key), text);
            }
            copay.map(ShareKind::Copay)
        }
        (false, true) => {
            let (at_least, at_most) = (at_least?, at_most?);
            if let (Some(least), Some(most)) = (at_least, at_most)
                && most < least
            {
                let text = format!("`at_most`: found {most}, expected at least {least}");
                table.report().mistake(table.place_of("at_most"), text);
            }
            rate.map(|rate| ShareKind::Coinsurance { rate, at_least, at_most })
        }
        (found, _) => {
            let found = if found { "both" } else { "neither" };
            table.missing(format!("found {found} of `copay` and `coinsurance`, expected one"));
            None
        }
    }
}

/// A bound that may be missing; `None` if it is there and wrong.
fn bound(table: &Table<'_>, key: &'static str) -> Option<Option<Cents>> {
    let bound = table.optional(key, cents);
    if bound.is_none() && table.has(key) { None } else { Some(bound) }
}

fn exemption(table: Table<'_>) -> Option<Sourced<Exemption>> {
    let under_age: Option<u8> = table.optional("under_age", whole(1..=120));
    let pregnant = table.optional("pregnant", flag);
    let exemption = match (under_age, pregnant) {
        (Some(age), None) if !table.has("pregnant") => Some(Exemption::UnderAge(age)),
        (None, Some(true)) if !table.has("under_age") => Some(Exemption::Pregnant),
        _ => None,
    };
    if exemption.is_none() {
        table.missing("expected one of `under_age` with an age and `pregnant = true`");
    }
    let source = table.source();
    table.end();
    exemption.map(|value| Sourced { value, source })
}
