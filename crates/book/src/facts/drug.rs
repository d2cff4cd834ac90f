//! What a drug table says of a drug.

use openpbm_core::Ndc;

use super::Fact;
use crate::{BillingUnit, Book, DrugId};

/// A drug as people name it: `Eliquis 5 mg tablet (00003-0894-21)`.
pub(crate) fn label(book: &Book, ndc: Ndc) -> String {
    let product = book.drugs().find(ndc).and_then(|id| book.drugs().product(id));
    match product {
        Some(product) => format!("{} ({})", product.name, ndc.hyphenated()),
        None => format!("NDC {}", ndc.hyphenated()),
    }
}

/// What the table says; what it leaves open is no fact.
pub(crate) fn drug_facts(book: &Book, id: DrugId) -> Vec<Fact> {
    let drugs = book.drugs();
    let (Some(drug), Some(product)) = (drugs.drug(id), drugs.product(id)) else {
        return Vec::new();
    };
    let words = drugs.words();
    let otc = if product.otc { "over the counter" } else { "with a prescription" };
    let unit = product.unit.map(|unit| match unit {
        BillingUnit::Each => "each".to_owned(),
        BillingUnit::Millilitre => "millilitre".to_owned(),
        BillingUnit::Gram => "gram".to_owned(),
    });
    let facts = [
        ("the name", Some(format!("\"{}\"", product.name))),
        ("the ingredient", Some(words.text(product.ingredient).to_owned())),
        ("the strength", Some(words.text(product.strength).to_owned())),
        ("the form", Some(words.text(product.form).to_owned())),
        ("the class", product.class.map(|class| words.text(class).to_owned())),
        ("the kind", Some(product.kind.to_string())),
        ("the DEA schedule", product.schedule.map(|schedule| schedule.to_string())),
        ("the sale", Some(otc.to_owned())),
        ("the billing unit", unit),
        ("the usual 30-day quantity", product.usual_30.map(|quantity| quantity.to_string())),
        ("the MME of a unit", product.mme.map(|mme| mme.to_string())),
        ("the last day of marketing", drug.discontinued.map(|day| day.to_string())),
    ];
    let said = facts.into_iter().filter_map(|(what, words)| Some((what, words?)));
    said.map(|(what, words)| Fact::words(what, words, drug.source)).collect()
}
