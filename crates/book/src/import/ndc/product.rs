//! `product.txt`: what is in the package.

use openpbm_core::{Date, ProductKind};
use rustc_hash::FxHashMap;

use super::super::input::Source;
use super::super::progress::Meter;
use super::super::{FileSummary, ImportError, Reason, text};
use super::facts::{active_ingredients, class, kind, label};
use super::read_table;

/// What the directory says of a product, in the words of the book's drug table.
pub(super) struct Product {
    pub(super) name: Box<str>,
    pub(super) ingredient: Box<str>,
    pub(super) strength: Box<str>,
    pub(super) form: Box<str>,
    pub(super) class: Box<str>,
    pub(super) kind: ProductKind,
    pub(super) schedule: Option<u8>,
    pub(super) otc: bool,
    pub(super) discontinued: Option<Date>,
}

/// All products, by the FDA's id.
#[derive(Default)]
pub(super) struct Products {
    products: Vec<Product>,
    /// The place of each id's product; `None` if the product was refused.
    by_id: FxHashMap<Box<str>, Option<usize>>,
}

impl Products {
    pub(super) fn get(&self, place: usize) -> Option<&Product> {
        self.products.get(place)
    }

    /// The place of a product; the reason why there is none.
    pub(super) fn find(&self, id: &str) -> Result<usize, Reason> {
        let place = self.by_id.get(id).ok_or(Reason::NoProduct)?;
        place.ok_or(Reason::ProductRefused)
    }
}

const COLUMNS: [&str; 15] = [
    "PRODUCTID",
    "PRODUCTNDC",
    "PRODUCTTYPENAME",
    "PROPRIETARYNAME",
    "PROPRIETARYNAMESUFFIX",
    "NONPROPRIETARYNAME",
    "DOSAGEFORMNAME",
    "ENDMARKETINGDATE",
    "MARKETINGCATEGORYNAME",
    "SUBSTANCENAME",
    "ACTIVE_NUMERATOR_STRENGTH",
    "ACTIVE_INGRED_UNIT",
    "PHARM_CLASSES",
    "DEASCHEDULE",
    "NDC_EXCLUDE_FLAG",
];

pub(super) fn read_products(
    source: Source<'_>,
    file: &mut FileSummary,
    meter: &mut Meter<'_>,
) -> Result<Products, ImportError> {
    let mut products = Products::default();
    read_table(source, COLUMNS, file, meter, |line, cells, file| {
        let [id, code, ..] = cells;
        if products.by_id.contains_key(id) {
            return file.refuse(Reason::ProductAgain, line, code);
        }
        let place = match read_row(cells) {
            Ok(product) => {
                file.take();
                products.products.push(product);
                products.products.len().checked_sub(1)
            }
            Err((reason, value)) => {
                file.refuse(reason, line, &format!("{code} {value}"));
                None
            }
        };
        products.by_id.insert(id.into(), place);
    })?;
    Ok(products)
}

/// A product, or why it is refused and what stood there.
fn read_row(cells: [&str; 15]) -> Result<Product, (Reason, &str)> {
    let [
        _,
        code,
        type_name,
        proprietary,
        suffix,
        nonproprietary,
        form,
        end,
        category,
        substances,
        numerators,
        units,
        classes,
        schedule,
        flag,
    ] = cells;
    if let Some(words) = [type_name, category].into_iter().find(|words| !is_dispensed(words)) {
        return Err((Reason::NotDispensed, words));
    }
    if !matches!(flag, "" | "N" | "E") {
        return Err((Reason::Excluded, flag));
    }
    let form = text::words(form).to_lowercase();
    let (ingredient, known) = active_ingredients(substances, numerators, units, nonproprietary);
    if ingredient.is_empty() {
        return Err((Reason::NoIngredient, ""));
    }
    let own_name = text::words(if proprietary.is_empty() { nonproprietary } else { proprietary });
    if own_name.is_empty() {
        return Err((Reason::NoName, ""));
    }
    let own_name = text::words(&format!("{own_name} {suffix}"));
    Ok(Product {
        name: label(&own_name, &known, &form).into(),
        kind: kind(category, &own_name, nonproprietary, &ingredient),
        ingredient: ingredient.into(),
        strength: if known.is_empty() { unlisted(code) } else { known }.into(),
        form: form.into(),
        class: class(classes).into(),
        schedule: read_schedule(schedule).map_err(|reason| (reason, schedule))?,
        otc: type_name.eq_ignore_ascii_case("HUMAN OTC DRUG"),
        discontinued: read_end(end).map_err(|reason| (reason, end))?,
    })
}

/// Stands for strengths that the directory does not list. It names the product, because two
/// products of unknown strengths must not pass for the same drug.
fn unlisted(code: &str) -> String {
    format!("not listed ({})", text::words(code))
}

/// True unless a type or category says that no pharmacy dispenses it to people.
fn is_dispensed(words: &str) -> bool {
    let words = words.to_ascii_uppercase();
    !["BULK", "FURTHER PROCESSING", "EXPORT", "ANIMAL"].iter().any(|word| words.contains(word))
}

fn read_schedule(text: &str) -> Result<Option<u8>, Reason> {
    match text {
        "" => Ok(None),
        "CII" => Ok(Some(2)),
        "CIII" => Ok(Some(3)),
        "CIV" => Ok(Some(4)),
        "CV" => Ok(Some(5)),
        _ => Err(Reason::Schedule),
    }
}

/// Reads the last day of marketing, `CCYYMMDD`, empty if the maker has named none.
pub(super) fn read_end(text: &str) -> Result<Option<Date>, Reason> {
    if text.is_empty() {
        return Ok(None);
    }
    Date::from_compact(text).map(Some).map_err(|_| Reason::Date)
}
