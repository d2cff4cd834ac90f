//! `formularies/*.toml`: where each drug is placed. The rows apply in order; each sets its parts
//! for the drugs that it selects.

use std::ops::RangeInclusive;

use openpbm_core::{Channel, Date, ProductKind, Quantity, Sex};
use rustc_hash::FxHashMap;

use super::book::Lists;
use super::drugs::DrugTables;
use super::pharmacies::CHANNELS;
use super::plans::{DAYS, TIERS};
use super::preferred::preferred;
use super::prices::Prices;
use super::scopes::maybe;
use super::selectors::{Costs, Generics, Scope, Selector, World};
use super::series::{Series, reference, span};
use super::{Kind, Loader};
use crate::documents::{Table, Value, date, flag, list, one_of, parsed, text, whole};
use crate::{
    Authorization, DrugId, DrugSet, FirstFill, Formulary, PartB, Placement, Preventive,
    QuantityLimit, Sourced, StepTherapy,
};

const AGES: RangeInclusive<u16> = 0..=150;
const SEXES: [(&str, Sex); 2] = [("female", Sex::Female), ("male", Sex::Male)];

/// Reads them.
pub(super) fn read(
    loader: &mut Loader<'_>,
    lists: &Lists,
    drugs: &DrugTables,
    prices: &Prices,
) -> Series<Formulary> {
    let mut formularies = Series::new("formulary");
    let world = World::new(drugs);
    for document in loader.of_kind(|kind| *kind == Kind::Formulary) {
        let read = loader.toml(document, |table| {
            let place = table.place_of("id");
            let id = table.required("id", text);
            let span = span(&table);
            let formulary = formulary(&table, id.clone(), lists, prices, &world);
            table.end();
            formularies.add(id, place, span, formulary);
        });
        if read.is_none() {
            formularies.is_incomplete();
        }
    }
    formularies
}

fn formulary(
    table: &Table<'_>,
    id: Option<Box<str>>,
    lists: &Lists,
    prices: &Prices,
    world: &World<'_>,
) -> Option<Formulary> {
    let name = table.required("name", text);
    let costs = costs(table, lists, prices);
    // A list that could not be read is not blamed on the rows that need it.
    let scope = match table.has("priced_by") {
        true => Scope::PricedFormulary,
        false => Scope::UnpricedFormulary,
    };
    let mut placing = Placing::new(world, costs.as_ref());
    let mut complete = true;
    for row in table.some_tables("place", "[[place]]") {
        let read = Row::read(&row, world, costs.as_ref(), scope);
        match &read {
            Some(read) => placing.apply(read, &row),
            None => complete = false,
        }
        row.end();
    }
    let (by_drug, distinct) = (placing.by_drug, placing.distinct);
    let source = table.place_of("id").source();
    let mut formulary = Formulary {
        id: id?,
        name: name?,
        by_drug,
        distinct,
        preferred: FxHashMap::default(),
        source,
    };
    if let Some(costs) = &costs {
        formulary.preferred = preferred(&formulary, world.drugs(), costs);
    }
    complete.then_some(formulary)
}

/// The list and day that cost rules and the order of alternatives go by.
fn costs<'p>(table: &Table<'_>, lists: &Lists, prices: &'p Prices) -> Option<Costs<'p>> {
    let list = table.optional("priced_by", reference(&lists.ids));
    let on: Option<Date> = table.optional("priced_on", date);
    for (key, other) in [("priced_by", "priced_on"), ("priced_on", "priced_by")] {
        if table.has(key) && !table.has(other) {
            let text = format!("`{key}` says nothing without `{other}`, which is missing");
            table.report().mistake(table.place_of(key), text);
        }
    }
    let (list, on) = (prices.lists.get(usize::from(list?.0))?, on?);
    let in_force = list.prices().iter().any(|price| price.span.holds(on));
    if prices.clean && !in_force {
        let text = format!("no price of list `{}` is in force on {on}", list.id);
        table.report().warning(table.place_of("priced_on"), text);
    }
    Some(Costs { list, on, known: prices.clean && in_force })
}

/// One `[[place]]`.
struct Row {
    selector: Selector,
    /// The parts that it sets.
    parts: Placement,
}

impl Row {
    fn read(
        row: &Table<'_>,
        world: &World<'_>,
        costs: Option<&Costs<'_>>,
        scope: Scope,
    ) -> Option<Self> {
        let mistakes = row.report().mistakes();
        let name = row.required("name", text);
        let selector = row.required("where", |value| Selector::read(value, world, scope));
        let select = |value: Value<'_>| {
            let selector = Selector::read(value, world, scope)?;
            if selector.generic_on_formulary.is_some() {
                row.mistake("`generic_on_formulary` can be asked in `where` alone");
            }
            let ids = selector.select(world.drugs(), costs, &Generics::default());
            selector.warn_if_none(ids.is_empty(), world, costs, row);
            Some(DrugSet::new(ids))
        };
        let parts = Placement {
            tier: row.sourced("tier", whole(TIERS)),
            preventive: row.sourced("preventive", preventive),
            excluded: row.sourced("exclude", text),
            authorization: row.sourced("authorization", authorization),
            step: row.sourced("step", |value| step(value, select)),
            quantity: row.sourced("quantity", quantity),
            days_max: row.sourced("days_max", whole(DAYS)),
            ages: row.sourced("ages", ages),
            sex: row.sourced("sex", one_of(&SEXES)),
            channel: row.sourced("channel", one_of::<Channel>(&CHANNELS)),
            first_fill: row.sourced("first_fill", first_fill),
            mme_a_day: row.sourced("mme_a_day", positive),
            preferred: row.sourced("preferred", flag),
            not_part_d: row.sourced("not_part_d", flag),
            part_b: row.sourced("part_b", part_b),
        };
        let unread = row.report().mistakes() > mistakes;
        if !unread && parts == Placement::default() {
            row.missing("this row sets nothing, expected a tier, a limit or an exclusion");
        }
        Some(Self { selector: selector?, parts }).filter(|_| name.is_some() && !unread)
    }
}

/// A formulary while its rows are applied.
struct Placing<'w> {
    world: &'w World<'w>,
    costs: Option<&'w Costs<'w>>,
    by_drug: Vec<u32>,
    distinct: Vec<Placement>,
}

impl<'w> Placing<'w> {
    fn new(world: &'w World<'w>, costs: Option<&'w Costs<'w>>) -> Self {
        Self { world, costs, by_drug: vec![0; world.drugs().len()], distinct: Vec::new() }
    }

    /// Sets the row's parts for the drugs that it selects. Drugs that were placed alike are
    /// placed alike again, so each placement is made once.
    fn apply(&mut self, row: &Row, table: &Table<'_>) {
        let drugs = self.world.drugs();
        let generics = match row.selector.generic_on_formulary {
            Some(_) => self.generics(),
            None => Generics::default(),
        };
        let selected = row.selector.select(drugs, self.costs, &generics);
        row.selector.warn_if_none(selected.is_empty(), self.world, self.costs, table);
        let mut moved: FxHashMap<u32, u32> = FxHashMap::default();
        for id in selected {
            let Some(place) = self.by_drug.get_mut(id.index()) else { continue };
            *place = *moved.entry(*place).or_insert_with_key(|before| {
                let before = placement(&self.distinct, *before).cloned().unwrap_or_default();
                self.distinct.push(before.with(&row.parts));
                u32::try_from(self.distinct.len()).unwrap_or(u32::MAX)
            });
        }
    }

    /// The generics that the rows so far cover.
    fn generics(&self) -> Generics {
        Generics::new(self.world.drugs(), |id: DrugId, product| {
            let place = self.by_drug.get(id.index()).copied().unwrap_or_default();
            product.kind == ProductKind::Generic
                && !product.otc
                && placement(&self.distinct, place)
                    .is_some_and(|p| p.tier.is_some() && p.excluded.is_none())
        })
    }
}

fn placement(distinct: &[Placement], place: u32) -> Option<&Placement> {
    distinct.get(usize::try_from(place).ok()?.checked_sub(1)?)
}

impl Placement {
    /// This placement with another's parts in the place of its own.
    fn with(mut self, other: &Self) -> Self {
        fn set<T: Clone>(part: &mut Option<Sourced<T>>, other: &Option<Sourced<T>>) {
            if other.is_some() {
                part.clone_from(other);
            }
        }
        set(&mut self.tier, &other.tier);
        set(&mut self.preventive, &other.preventive);
        set(&mut self.excluded, &other.excluded);
        set(&mut self.authorization, &other.authorization);
        set(&mut self.step, &other.step);
        set(&mut self.quantity, &other.quantity);
        set(&mut self.days_max, &other.days_max);
        set(&mut self.ages, &other.ages);
        set(&mut self.sex, &other.sex);
        set(&mut self.channel, &other.channel);
        set(&mut self.first_fill, &other.first_fill);
        set(&mut self.mme_a_day, &other.mme_a_day);
        set(&mut self.preferred, &other.preferred);
        set(&mut self.not_part_d, &other.not_part_d);
        set(&mut self.part_b, &other.part_b);
        self
    }
}

/// Whom a drug is preventive care for: at least one of age, sex, pregnancy and risk.
fn preventive(value: Value<'_>) -> Option<Preventive> {
    let table = value.table()?;
    let tier = table.required("tier", whole(TIERS));
    let ages = maybe(&table, "ages", ages);
    let sex = maybe(&table, "sex", one_of(&SEXES));
    let pregnant = maybe(&table, "pregnant", flag);
    let diagnoses = maybe(&table, "diagnoses", list(diagnosis));
    if pregnant == Some(Some(false)) {
        table.mistake("`pregnant`: found `false`, expected `true` or no such key");
    }
    if ["ages", "sex", "pregnant", "diagnoses"].iter().all(|key| !table.has(key)) {
        table.mistake("this is for nobody, expected `ages`, `sex`, `pregnant` or `diagnoses`");
    }
    table.end();
    let (from, to) = ages?.unwrap_or((0, u8::MAX));
    let pregnant = pregnant?.unwrap_or_default();
    let diagnoses = diagnoses?.unwrap_or_default();
    Some(Preventive { tier: tier?, from, to, sex: sex?, pregnant, diagnoses })
}

fn authorization(value: Value<'_>) -> Option<Authorization> {
    let table = value.table()?;
    let diagnoses = table.optional("diagnoses", list(diagnosis));
    let unread = diagnoses.is_none() && table.has("diagnoses");
    table.end();
    (!unread).then(|| Authorization { diagnoses: diagnoses.unwrap_or_default() })
}

/// When Medicare Part B covers a drug: always, or with diagnoses and at residences.
fn part_b(value: Value<'_>) -> Option<PartB> {
    let table = value.table()?;
    let diagnoses = maybe(&table, "diagnoses", list(diagnosis));
    let residences = maybe(&table, "residences", list(whole(RESIDENCES)));
    table.end();
    let (diagnoses, residences) = (diagnoses?.unwrap_or_default(), residences?.unwrap_or_default());
    Some(PartB { diagnoses, residences })
}

/// 384-4X, without 0, which says nothing.
const RESIDENCES: std::ops::RangeInclusive<u16> = 1..=15;

/// An ICD-10-CM code or its beginning: a letter, a digit, and up to five letters or digits.
fn diagnosis(value: Value<'_>) -> Option<Box<str>> {
    let expected = "an ICD-10-CM code or its beginning, without a dot, like `E11`";
    let code = value.str(expected)?;
    let mut bytes = code.bytes();
    let right = (2..=7).contains(&code.len())
        && bytes.next().is_some_and(|byte| byte.is_ascii_uppercase())
        && bytes.next().is_some_and(|byte| byte.is_ascii_digit())
        && bytes.all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if !right {
        value.wrong(expected);
    }
    right.then(|| code.into())
}

fn step<'d>(
    value: Value<'d>,
    select: impl FnOnce(Value<'d>) -> Option<DrugSet>,
) -> Option<StepTherapy> {
    let table = value.table()?;
    let name = table.required("name", text);
    let drugs = table.required("drugs", select);
    let days = table.required("days", whole(DAYS));
    let within = table.required("within", whole(DAYS));
    table.end();
    Some(StepTherapy { drugs: drugs?, name: name?, days: days?, within: within? })
}

fn quantity(value: Value<'_>) -> Option<QuantityLimit> {
    let table = value.table()?;
    let quantity = table.required("units", positive);
    let days = table.required("days", whole(DAYS));
    table.end();
    Some(QuantityLimit { quantity: quantity?, days: days? })
}

fn first_fill(value: Value<'_>) -> Option<FirstFill> {
    let table = value.table()?;
    let days = table.required("days", whole(DAYS));
    let within = table.required("within", whole(DAYS));
    table.end();
    Some(FirstFill { days: days?, within: within? })
}

/// A quantity above zero.
fn positive(value: Value<'_>) -> Option<Quantity> {
    let quantity: Quantity = parsed(value.clone())?;
    if quantity.is_zero() {
        value.wrong("a quantity above zero");
    }
    Some(quantity).filter(|quantity| !quantity.is_zero())
}

/// The youngest and the oldest age.
fn ages(value: Value<'_>) -> Option<(u8, u8)> {
    let ages = list(whole::<u8>(AGES))(value.clone())?;
    match *ages.as_slice() {
        [from, to] if from <= to => Some((from, to)),
        _ => {
            value.mistake("expected the youngest and the oldest age, like [40, 75]");
            None
        }
    }
}
