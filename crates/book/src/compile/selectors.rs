//! Selectors: the `where` of a rule, which drugs it means.

use openpbm_core::{Cents, Date, Ndc, Percent, ProductKind};
use rustc_hash::{FxHashMap, FxHashSet};

use super::drugs::DrugTables;
use crate::documents::{
    Place, Table, Value, cents, flag, one_of, one_or_more, parsed, text, whole,
};
use crate::{DrugId, DrugSet, Drugs, EquivalenceId, PriceList, Product, Word};

const KINDS: [(&str, ProductKind); 2] =
    [("brand", ProductKind::Brand), ("generic", ProductKind::Generic)];

/// What selectors are read against.
pub(super) struct World<'a> {
    tables: &'a DrugTables,
    ingredients: Vec<Word>,
    strengths: Vec<Word>,
    forms: Vec<Word>,
    classes: Vec<Word>,
}

impl<'a> World<'a> {
    /// The drugs, with the words that each column has.
    pub(super) fn new(tables: &'a DrugTables) -> Self {
        let products = &tables.drugs.products;
        Self {
            tables,
            ingredients: distinct(products.iter().map(|product| product.ingredient)),
            strengths: distinct(products.iter().map(|product| product.strength)),
            forms: distinct(products.iter().map(|product| product.form)),
            classes: distinct(products.iter().filter_map(|product| product.class)),
        }
    }

    /// The drugs.
    pub(super) const fn drugs(&self) -> &'a Drugs {
        &self.tables.drugs
    }

    /// What drugs contain, each by its first word and as a whole.
    pub(super) fn components(&self) -> impl Iterator<Item = &'a str> {
        let words = self.drugs().words();
        let components = self.ingredients.iter().flat_map(|word| words.text(*word).split(" / "));
        components.flat_map(|text| text.split(' ').next().into_iter().chain([text]))
    }

    /// The drugs that contain an ingredient, alone or with others; it is given in lower case.
    pub(super) fn with_ingredient(&self, wanted: &str) -> Vec<DrugId> {
        let drugs = self.drugs();
        let means = |word: &&Word| any_component(drugs.words().text(**word), wanted);
        let words = FxHashSet::from_iter(self.ingredients.iter().filter(means));
        let has = |id: &DrugId| drugs.product(*id).is_some_and(|it| words.contains(&it.ingredient));
        drugs.ids().filter(has).collect()
    }

    /// False if a drug may be missing because its row was wrong.
    pub(super) const fn is_clean(&self) -> bool {
        self.tables.clean
    }
}

fn distinct(words: impl Iterator<Item = Word>) -> Vec<Word> {
    let distinct: FxHashSet<Word> = words.collect();
    let mut words: Vec<Word> = distinct.into_iter().collect();
    words.sort_unstable();
    words
}

/// What a drug costs for 30 days, where a formulary says by which list and on which day.
pub(super) struct Costs<'a> {
    pub(super) list: &'a PriceList,
    pub(super) on: Date,
    /// False if the list had mistakes or no price on that day, so that nobody is blamed for
    /// finding no cost.
    pub(super) known: bool,
}

impl Costs<'_> {
    /// Unit price x the usual 30-day quantity; `None` if one of them is not known.
    pub(super) fn of_30_days(&self, drugs: &Drugs, id: DrugId) -> Option<Cents> {
        let price = self.list.price(drugs.drug(id)?.ndc, self.on)?;
        price.unit.extend(Percent::WHOLE, drugs.product(id)?.usual_30?).ok()
    }
}

/// The generics that a formulary covers so far.
#[derive(Default)]
pub(super) struct Generics {
    drugs: FxHashSet<DrugId>,
    /// How many of each equivalence.
    counts: FxHashMap<EquivalenceId, usize>,
}

impl Generics {
    /// The drugs of which `covered` says so.
    pub(super) fn new(drugs: &Drugs, covered: impl Fn(DrugId, &Product) -> bool) -> Self {
        let mut generics = Self::default();
        for id in drugs.ids() {
            if let Some(product) = drugs.product(id)
                && covered(id, product)
            {
                generics.drugs.insert(id);
                *generics.counts.entry(product.equivalence).or_default() += 1;
            }
        }
        generics
    }

    /// True if another drug of the same equivalence is one of them.
    fn has_another(&self, drugs: &Drugs, id: DrugId) -> bool {
        let equivalence = drugs.product(id).map(|product| product.equivalence);
        let count = equivalence.and_then(|e| self.counts.get(&e)).copied().unwrap_or_default();
        count > usize::from(self.drugs.contains(&id))
    }
}

/// The conditions of a rule, all of which must hold.
pub(super) struct Selector {
    /// Where it stands.
    pub(super) place: Place,
    /// For each product, whether it fulfils what depends on the product alone.
    products: Vec<bool>,
    ndcs: Option<FxHashSet<Ndc>>,
    cost_over: Option<Cents>,
    cost_from: Option<Cents>,
    /// Whether a generic of the same equivalence must be on the formulary, or must not be.
    pub(super) generic_on_formulary: Option<bool>,
    /// True if a warning was given for one of its words, so that another one is needless.
    warned: bool,
}

impl Selector {
    /// Reads the table under a key. Costs and generics can be asked for only by a formulary.
    pub(super) fn read(value: Value<'_>, world: &World<'_>, scope: Scope) -> Option<Self> {
        let place = value.place();
        let table = value.table()?;
        if table.is_empty() {
            table.mistake("found a selector without a condition, expected at least one");
        }
        let empty = table.is_empty();
        let mut reading = Reading { world, table, warned: false, complete: true };
        let products = reading.products();
        let ndcs = reading.ask("ndc", one_or_more(parsed::<Ndc>));
        let (mut cost_over, mut cost_from, mut generic_on_formulary) = (None, None, None);
        if scope != Scope::Anywhere {
            cost_over = reading.ask("cost_30_over", cents);
            cost_from = reading.ask("cost_30_from", cents);
            if scope == Scope::UnpricedFormulary && (cost_over.or(cost_from)).is_some() {
                reading.table.mistake("a cost condition needs the formulary's `priced_by`");
            }
            generic_on_formulary = reading.ask("generic_on_formulary", flag);
        }
        let Reading { table, warned, complete, .. } = reading;
        table.end();
        let selector = Self {
            place,
            products,
            ndcs: ndcs.map(FxHashSet::from_iter),
            cost_over,
            cost_from,
            generic_on_formulary,
            warned,
        };
        (complete && !empty).then_some(selector)
    }

    /// The drugs for which all conditions hold.
    pub(super) fn select(
        &self,
        drugs: &Drugs,
        costs: Option<&Costs<'_>>,
        generics: &Generics,
    ) -> Vec<DrugId> {
        drugs.ids().filter(|id| self.holds(drugs, *id, costs, generics)).collect()
    }

    /// The drugs of a selector that asks neither for costs nor for generics.
    pub(super) fn ids(&self, drugs: &Drugs) -> Vec<DrugId> {
        self.select(drugs, None, &Generics::default())
    }

    /// The same as a set.
    pub(super) fn set(&self, drugs: &Drugs) -> DrugSet {
        DrugSet::new(self.ids(drugs))
    }

    /// Warns that no drug was selected, unless something else was already blamed for it.
    pub(super) fn warn_if_none(
        &self,
        none: bool,
        world: &World<'_>,
        costs: Option<&Costs<'_>>,
        table: &Table<'_>,
    ) {
        let asks_cost = self.cost_over.or(self.cost_from).is_some();
        let costs_known = costs.is_some_and(|costs| costs.known);
        if none && !self.warned && world.is_clean() && (costs_known || !asks_cost) {
            table.report().warning(self.place, "this selects no drug of the book");
        }
    }

    fn holds(
        &self,
        drugs: &Drugs,
        id: DrugId,
        costs: Option<&Costs<'_>>,
        generics: &Generics,
    ) -> bool {
        let Some(drug) = drugs.drug(id) else { return false };
        let place = usize::try_from(drug.product).unwrap_or(usize::MAX);
        if !self.products.get(place).copied().unwrap_or_default() {
            return false;
        }
        let cost = || costs.and_then(|costs| costs.of_30_days(drugs, id));
        self.ndcs.as_ref().is_none_or(|ndcs| ndcs.contains(&drug.ndc))
            && self.cost_over.is_none_or(|bound| cost().is_some_and(|cost| cost > bound))
            && self.cost_from.is_none_or(|bound| cost().is_some_and(|cost| cost >= bound))
            && self
                .generic_on_formulary
                .is_none_or(|wanted| generics.has_another(drugs, id) == wanted)
    }
}

/// Where a selector stands, which decides what it may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// In a formulary that names a price list.
    PricedFormulary,
    /// In a formulary that names none.
    UnpricedFormulary,
    /// Elsewhere.
    Anywhere,
}

/// A selector while its table is read.
struct Reading<'w, 'd> {
    world: &'w World<'w>,
    table: Table<'d>,
    warned: bool,
    /// False if a condition could not be read.
    complete: bool,
}

impl<'d> Reading<'_, 'd> {
    fn ask<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Value<'d>) -> Option<T>,
    ) -> Option<T> {
        let value = self.table.optional(key, read);
        self.complete &= value.is_some() || !self.table.has(key);
        value
    }

    /// Which products fulfil the conditions on products.
    fn products(&mut self) -> Vec<bool> {
        let world = self.world;
        let kind = self.ask("kind", one_of(&KINDS));
        let otc = self.ask("otc", flag);
        let schedules: Option<Vec<u8>> = self.ask("schedule", one_or_more(whole(2..=5)));
        let classes = self.words("class", &world.classes, |text, wanted| text == wanted);
        let ingredients = self.words("ingredient", &world.ingredients, all_components);
        let any = self.words("any_ingredient", &world.ingredients, any_component);
        let strengths = self.words("strength", &world.strengths, |text, wanted| text == wanted);
        let forms = self.words("form", &world.forms, begins_with);
        let brands = self.labels("brand", begins_with_word);
        let names = self.labels("name", |name, wanted| name == wanted);
        let has = |set: &Option<FxHashSet<Word>>, word: Option<Word>| {
            set.as_ref().is_none_or(|set| word.is_some_and(|word| set.contains(&word)))
        };
        let label = |labels: &Option<FxHashSet<usize>>, index: usize| {
            labels.as_ref().is_none_or(|labels| labels.contains(&index))
        };
        let fits = |(index, product): (usize, &Product)| {
            kind.is_none_or(|kind| product.kind == kind)
                && otc.is_none_or(|otc| product.otc == otc)
                && schedules
                    .as_ref()
                    .is_none_or(|list| product.schedule.is_some_and(|s| list.contains(&s)))
                && has(&classes, product.class)
                && has(&ingredients, Some(product.ingredient))
                && has(&any, Some(product.ingredient))
                && has(&strengths, Some(product.strength))
                && has(&forms, Some(product.form))
                && label(&brands, index)
                && label(&names, index)
        };
        world.drugs().products.iter().enumerate().map(fits).collect()
    }

    /// The words of a column that match one of the texts under a key.
    fn words(
        &mut self,
        key: &'static str,
        column: &[Word],
        fits: impl Fn(&str, &str) -> bool,
    ) -> Option<FxHashSet<Word>> {
        let words = self.world.drugs().words();
        let mut found = FxHashSet::default();
        for (place, wanted) in self.wanted(key)? {
            let before = found.len();
            found.extend(column.iter().filter(|word| fits(words.text(**word), &wanted)));
            if found.len() == before && !column.iter().any(|w| fits(words.text(*w), &wanted)) {
                self.warn(key, place, &wanted, column.iter().map(|word| words.text(*word)));
            }
        }
        Some(found)
    }

    /// The products whose label matches one of the texts under a key.
    fn labels(
        &mut self,
        key: &'static str,
        fits: impl Fn(&str, &str) -> bool,
    ) -> Option<FxHashSet<usize>> {
        let wanted = self.wanted(key)?;
        let products = &self.world.drugs().products;
        let mut found = FxHashSet::default();
        let mut matched = vec![false; wanted.len()];
        for (index, product) in products.iter().enumerate() {
            let name = product.name.to_lowercase();
            for ((_, wanted), matched) in wanted.iter().zip(&mut matched) {
                if fits(&name, wanted) {
                    *matched = true;
                    found.insert(index);
                }
            }
        }
        for ((place, wanted), _) in wanted.iter().zip(matched).filter(|(_, matched)| !matched) {
            let first_words = products.iter().filter_map(|p| p.name.split(' ').next());
            self.warn(key, *place, wanted, first_words);
        }
        Some(found)
    }

    fn wanted(&mut self, key: &'static str) -> Option<Vec<(Place, String)>> {
        let one = |value: Value<'d>| {
            let place = value.place();
            text(value).map(|text| (place, text.to_lowercase()))
        };
        self.ask(key, one_or_more(one))
    }

    fn warn<'k>(
        &mut self,
        key: &'static str,
        place: Place,
        wanted: &str,
        known: impl Iterator<Item = &'k str>,
    ) {
        if self.world.is_clean() {
            let text = format!("`{key}`: no drug of the book matches `{wanted}`");
            self.table.report().warning_among(place, text, wanted, known);
            self.warned = true;
        }
    }
}

/// True if a text is the word, or begins with it and a blank or comma.
fn begins_with(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ',']))
}

/// True if a label begins with the word as a whole.
fn begins_with_word(name: &str, word: &str) -> bool {
    name.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// True if two combinations have the same components, in any order.
fn all_components(text: &str, wanted: &str) -> bool {
    let components = text.split(" / ").count();
    let mut wanted: Vec<&str> = wanted.split(" / ").map(str::trim).collect();
    wanted.sort_unstable();
    components == wanted.len()
        && text.split(" / ").zip(wanted).all(|(component, word)| begins_with(component, word))
}

/// True if one component of a combination is the word.
fn any_component(text: &str, wanted: &str) -> bool {
    text.split(" / ").any(|component| begins_with(component, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ingredients_match_component_by_component() {
        for (text, wanted, all, any) in [
            ("atorvastatin", "atorvastatin", true, true),
            ("atorvastatin calcium", "atorvastatin", true, true),
            ("amlodipine / atorvastatin", "atorvastatin", false, true),
            ("amlodipine besylate / atorvastatin", "atorvastatin / amlodipine", true, false),
            ("penicillin v potassium", "penicillin", true, true),
            ("penicillinase", "penicillin", false, false),
            ("metformin", "met", false, false),
        ] {
            assert_eq!(all_components(text, wanted), all, "{text} by {wanted}");
            assert_eq!(any_component(text, wanted), any, "{text} with {wanted}");
        }
    }

    #[test]
    fn forms_and_brands_match_by_their_first_words() {
        assert!(begins_with("tablet, film coated", "tablet"));
        assert!(!begins_with("tablets", "tablet"));
        assert!(begins_with_word("lantus solostar", "lantus"));
        assert!(begins_with_word("advil", "advil"));
        assert!(!begins_with_word("januvia-like", "januv"));
    }
}
