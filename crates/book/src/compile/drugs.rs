//! `drugs/*.csv`: what each NDC means. The FDA's directory (`drugs/directory*.csv`) yields to
//! the other tables, in which a book says what it knows better.

use std::hash::BuildHasher;

use openpbm_core::{Date, Ndc, ProductKind, Quantity, Source};
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{Kind, Loader};
use crate::documents::{Place, Report, Row};
use crate::{BillingUnit, Drug, DrugId, Drugs, EquivalenceId, Product, Word};

const REQUIRED: [&str; 7] = ["ndc", "name", "ingredient", "strength", "form", "kind", "otc"];
const OPTIONAL: [&str; 6] = ["class", "schedule", "unit", "usual_30", "mme", "discontinued"];
const KINDS: [(&str, ProductKind); 2] =
    [("brand", ProductKind::Brand), ("generic", ProductKind::Generic)];
const FLAGS: [(&str, bool); 2] = [("true", true), ("false", false)];
const SCHEDULES: [(&str, u8); 4] = [("2", 2), ("3", 3), ("4", 4), ("5", 5)];
const UNITS: [(&str, BillingUnit); 3] =
    [("EA", BillingUnit::Each), ("ML", BillingUnit::Millilitre), ("GM", BillingUnit::Gram)];

/// The drugs, and whether their tables had no mistake.
pub(super) struct DrugTables {
    pub(super) drugs: Drugs,
    /// False if drugs may be missing because something was wrong, so that nobody is blamed for
    /// naming what is missing.
    pub(super) clean: bool,
}

/// Reads all tables.
pub(super) fn read(loader: &mut Loader<'_>) -> DrugTables {
    let before = loader.report.mistakes();
    let mut tables = Tables::default();
    let (own, directories) =
        (loader.of_kind(|k| *k == Kind::Drugs), loader.of_kind(|k| *k == Kind::DrugDirectory));
    for &document in own.iter().chain(&directories) {
        let report = loader.report;
        loader.csv(document, &REQUIRED, &OPTIONAL, |row| tables.add(row, report, &directories));
    }
    let clean = loader.report.mistakes() == before && !(own.is_empty() && directories.is_empty());
    DrugTables { drugs: tables.finish(), clean }
}

/// The tables while they are read.
#[derive(Default)]
struct Tables {
    drugs: Drugs,
    /// Products by the hash of their content, so that packages of one product share it.
    products: FxHashMap<u64, u32>,
    equivalences: FxHashMap<(Word, Word, Word), u32>,
}

impl Tables {
    fn add(&mut self, row: &Row<'_>, report: &Report, directories: &[u16]) {
        let ndc: Option<Ndc> = row.required("ndc");
        let discontinued: Option<Date> = row.optional("discontinued");
        let product = self.product(row);
        let (Some(ndc), Some(product)) = (ndc, product) else { return };
        let source = row.place().source();
        if let Some(first) = self.drugs.find(ndc).and_then(|id| self.drugs.drug(id)) {
            note_repeated(row, report, first.source, directories);
            return;
        }
        let product = self.place_of(product);
        let Ok(id) = u32::try_from(self.drugs.drugs.len()) else { return };
        self.drugs.drugs.push(Drug { ndc, product, discontinued, source });
        self.drugs.by_ndc.insert(ndc, DrugId(id));
    }

    fn product(&mut self, row: &Row<'_>) -> Option<Product> {
        let name = row.text("name");
        let ingredient = row.text("ingredient");
        let strength = row.text("strength");
        let form = row.text("form");
        let class = Some(row.cell("class")).filter(|class| !class.is_empty());
        let kind = row.choice("kind", &KINDS);
        let schedule = row.optional_choice("schedule", &SCHEDULES);
        let otc = row.choice("otc", &FLAGS);
        let unit = row.optional_choice("unit", &UNITS);
        let usual_30 = positive(row, "usual_30");
        let mme = positive(row, "mme");
        let (ingredient, strength, form) = (ingredient?, strength?, form?);
        let (name, kind, otc) = (name?, kind?, otc?);
        let words = &mut self.drugs.words;
        let (ingredient, strength, form) =
            (words.intern(ingredient), words.intern(strength), words.intern(form));
        let class = class.map(|class| words.intern(class));
        let next = u32::try_from(self.equivalences.len()).ok()?;
        let equivalence = *self.equivalences.entry((ingredient, strength, form)).or_insert(next);
        Some(Product {
            name: name.into(),
            ingredient,
            strength,
            form,
            class,
            kind,
            schedule,
            otc,
            unit,
            usual_30,
            mme,
            equivalence: EquivalenceId(equivalence),
        })
    }

    /// Where a product stands, added if no package had it before.
    fn place_of(&mut self, product: Product) -> u32 {
        let hash = FxBuildHasher.hash_one(&product);
        let at = |place: u32| usize::try_from(place).unwrap_or(usize::MAX);
        if let Some(&place) = self.products.get(&hash)
            && self.drugs.products.get(at(place)) == Some(&product)
        {
            return place;
        }
        // On the rare equal hash of unequal products, the later one is held anew.
        let place = u32::try_from(self.drugs.products.len()).unwrap_or(u32::MAX);
        self.drugs.products.push(product);
        self.products.insert(hash, place);
        place
    }

    /// Groups the drugs by equivalence.
    fn finish(self) -> Drugs {
        let mut drugs = self.drugs;
        drugs.drugs.shrink_to_fit();
        drugs.products.shrink_to_fit();
        let equivalence = |id: DrugId| drugs.product(id).map_or(u32::MAX, |p| p.equivalence.0);
        let mut ordered: Vec<DrugId> = drugs.ids().collect();
        ordered.sort_by_key(|id| (equivalence(*id), *id));
        let count = u32::try_from(self.equivalences.len()).unwrap_or(u32::MAX);
        let starts = (0..=count)
            .map(|e| ordered.partition_point(|id| equivalence(*id) < e))
            .map(|start| u32::try_from(start).unwrap_or(u32::MAX))
            .collect();
        drugs.equivalence_starts = starts;
        drugs.drugs_by_equivalence = ordered;
        drugs
    }
}

/// Two rows of one NDC are a mistake, unless a directory yields to another table.
fn note_repeated(row: &Row<'_>, report: &Report, first: Source, directories: &[u16]) {
    let of_directory = |document: u16| directories.contains(&document);
    if of_directory(row.place().document) && !of_directory(first.document) {
        return;
    }
    let first = report.locate(Place::line(first.document, first.line));
    row.mistake(format!("NDC {} stands in {first}, too", row.cell("ndc")));
}

/// A quantity that is not zero, if the cell has one.
fn positive(row: &Row<'_>, column: &'static str) -> Option<Quantity> {
    let quantity: Quantity = row.optional(column)?;
    if quantity.is_zero() {
        row.wrong(column, "a quantity above zero, or nothing if it is not known");
    }
    Some(quantity).filter(|quantity| !quantity.is_zero())
}
