//! `measures.toml`: how adherence to medications is measured. The document is optional.

use openpbm_core::Percent;
use rustc_hash::FxHashMap;

use super::drugs::DrugTables;
use super::scopes::{maybe, selected};
use super::selectors::World;
use super::{Kind, Loader};
use crate::documents::{Place, Table, Value, distinct, positive_rate, text};
use crate::{DrugId, Measure};

/// From which proportion of days covered on a member is adherent, in basis points, where a measure
/// says nothing else: what the Pharmacy Quality Alliance asks for diabetes and cardiovascular
/// medications.
const ADHERENT_FROM: u32 = 8_000;

/// Reads it.
pub(super) fn read(loader: &mut Loader<'_>, drugs: &DrugTables) -> Vec<Measure> {
    let mut measures: Vec<Measure> = Vec::new();
    let world = World::new(drugs);
    for document in loader.of_kind(|kind| *kind == Kind::Measures) {
        loader.toml(document, |table| {
            for row in table.some_tables("measure", "[[measure]]") {
                let (report, place) = (row.report(), row.place_of("id"));
                let Some(measure) = measure(row, &world) else { continue };
                if measures.iter().any(|known| known.id == measure.id) {
                    let text = format!("the measure `{}` stands here twice", measure.id);
                    report.mistake(place, text);
                }
                measures.push(measure);
            }
            table.end();
        });
    }
    measures
}

fn measure(row: Table<'_>, world: &World<'_>) -> Option<Measure> {
    let id = row.required("id", text);
    let name = row.required("name", text);
    let ingredients = row.required("ingredients", distinct(Ingredient::read));
    let except = maybe(&row, "except", |value| selected(value, world, &row));
    let excluded_by = maybe(&row, "excluded_by", |value| selected(value, world, &row));
    let adherent_from = maybe(&row, "adherent_from", positive_rate(Percent::WHOLE));
    let source = row.source();
    let report = row.report();
    row.end();
    let ingredients = ingredients?;
    let mut drugs: FxHashMap<DrugId, Vec<u16>> = FxHashMap::default();
    for (position, Ingredient { name, place }) in (0..).zip(&ingredients) {
        let found = world.with_ingredient(name);
        if found.is_empty() && world.is_clean() {
            let text = format!("`ingredients`: no drug of the book matches `{name}`");
            report.warning_among(*place, text, name, world.components());
        }
        for drug in found {
            drugs.entry(drug).or_default().push(position);
        }
    }
    let (except, excluded_by) = (except?.unwrap_or_default(), excluded_by?.unwrap_or_default());
    drugs.retain(|drug, _| !except.contains(*drug) && !excluded_by.contains(*drug));
    Some(Measure {
        id: id?,
        name: name?,
        ingredients: ingredients.into_iter().map(|ingredient| ingredient.name).collect(),
        drugs: drugs.into_iter().map(|(drug, positions)| (drug, positions.into())).collect(),
        excluded_by,
        adherent_from: adherent_from?.or(Percent::from_basis_points(ADHERENT_FROM))?,
        source,
    })
}

/// An ingredient that is measured, and where it stands.
struct Ingredient {
    name: Box<str>,
    place: Place,
}

impl PartialEq for Ingredient {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Ingredient {
    fn read(value: Value<'_>) -> Option<Self> {
        let place = value.place();
        Some(Self { name: text(value)?.to_lowercase().into(), place })
    }
}
